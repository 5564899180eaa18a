/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/logger.h"

enum
{
  SIGNAL_STEP,
  SIGNAL_CLOSED,
  SIGNAL_RECORDS,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE (OpLogger, op_logger, G_TYPE_OBJECT)
G_DEFINE_QUARK (op-logger-error-quark, op_logger_error)

OpIdentity *
op_identity_copy (const OpIdentity *identity)
{
  OpIdentity *copy = g_new (OpIdentity, 1);

  *copy = *identity;
  copy->family = g_strdup (identity->family);
  copy->model = g_strdup (identity->model);
  copy->os_version = g_strdup (identity->os_version);
  copy->serial_number = g_strdup (identity->serial_number);
  copy->station_name = g_strdup (identity->station_name);
  copy->program = g_strdup (identity->program);
  copy->compile_result = g_strdup (identity->compile_result);
  return copy;
}

void
op_identity_free (OpIdentity *identity)
{
  g_free (identity->family);
  g_free (identity->model);
  g_free (identity->os_version);
  g_free (identity->serial_number);
  g_free (identity->station_name);
  g_free (identity->program);
  g_free (identity->compile_result);
  g_free (identity);
}

static void
op_logger_class_init (OpLoggerClass *klass)
{
  signals[SIGNAL_STEP] = g_signal_new ("step", OP_TYPE_LOGGER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 3, G_TYPE_INT, G_TYPE_INT, G_TYPE_STRING);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", OP_TYPE_LOGGER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_RECORDS] = g_signal_new ("records", OP_TYPE_LOGGER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_POINTER);
}

static void
op_logger_init (OpLogger *self)
{
}

void
op_logger_open_async (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));

  OP_LOGGER_GET_CLASS (self)->open_async (self, cancellable, callback, data);
}

gboolean
op_logger_open_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
op_logger_close (OpLogger *self)
{
  g_return_if_fail (OP_IS_LOGGER (self));

  OP_LOGGER_GET_CLASS (self)->close (self);
}

void
op_logger_identify_async (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));

  OP_LOGGER_GET_CLASS (self)->identify_async (self, cancellable, callback, data);
}

OpIdentity *
op_logger_identify_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
op_logger_read_tables_async (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));

  OP_LOGGER_GET_CLASS (self)->read_tables_async (self, cancellable, callback, data);
}

GPtrArray *
op_logger_read_tables_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
op_logger_read_clock_async (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));

  OP_LOGGER_GET_CLASS (self)->read_clock_async (self, cancellable, callback, data);
}

OpClockReading *
op_logger_read_clock_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
op_logger_read_table_state_async (OpLogger *self, OpTable *table, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));
  g_return_if_fail (table != NULL);

  OP_LOGGER_GET_CLASS (self)->read_table_state_async (self, table, cancellable, callback, data);
}

OpTableState *
op_logger_read_table_state_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
op_logger_collect_async (OpLogger *self, OpTable *table, const OpCollectRange *range, OpCollectFunc func,
                         OpProgressFunc progress, gpointer func_data, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));
  g_return_if_fail (table != NULL && range != NULL && func != NULL);

  OP_LOGGER_GET_CLASS (self)->collect_async (self, table, range, func, progress, func_data, cancellable,
                                             callback, data);
}

gboolean
op_logger_collect_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

guint64
op_logger_get_traffic (OpLogger *self)
{
  g_return_val_if_fail (OP_IS_LOGGER (self), 0);

  return OP_LOGGER_GET_CLASS (self)->get_traffic (self);
}

void
op_logger_emit_step (OpLogger *self, OpLoggerStep step, OpStepState state, const char *detail)
{
  g_signal_emit (self, signals[SIGNAL_STEP], 0, (gint) step, (gint) state, detail);
}

void
op_logger_emit_closed (OpLogger *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error);
}

void
op_logger_emit_records (OpLogger *self, OpTable *table, const OpChunk *chunk)
{
  g_return_if_fail (OP_IS_LOGGER (self));

  g_signal_emit (self, signals[SIGNAL_RECORDS], 0, table, chunk);
}
