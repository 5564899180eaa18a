/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/logger-changes.h"

#include <glib/gi18n-lib.h>

/* Whether the family can do it; else the call ends with an error. */
static gboolean
check_support (OpLogger *self, gboolean can, GAsyncReadyCallback callback, gpointer data)
{
  if (!can)
    g_task_report_new_error (self, callback, data, NULL, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNSUPPORTED,
                             _ ("This kind of logger cannot do it"));
  return can;
}

void
op_logger_adjust_clock_async (OpLogger *self, gint64 adjustment, const OpClockReading *before,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));
  g_return_if_fail (before != NULL);

  OpLoggerClass *klass = OP_LOGGER_GET_CLASS (self);

  if (check_support (self, klass->adjust_clock_async != NULL, callback, data))
    klass->adjust_clock_async (self, adjustment, before, cancellable, callback, data);
}

OpClockAdjustment *
op_logger_adjust_clock_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
op_logger_read_program_async (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));

  OpLoggerClass *klass = OP_LOGGER_GET_CLASS (self);

  if (check_support (self, klass->read_program_async != NULL, callback, data))
    klass->read_program_async (self, cancellable, callback, data);
}

OpProgramState *
op_logger_read_program_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
op_logger_list_files_async (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));

  OpLoggerClass *klass = OP_LOGGER_GET_CLASS (self);

  if (check_support (self, klass->list_files_async != NULL, callback, data))
    klass->list_files_async (self, cancellable, callback, data);
}

GPtrArray *
op_logger_list_files_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
op_logger_get_file_async (OpLogger *self, const char *name, GByteArray *content, guint64 expected,
                          OpProgressFunc progress, gpointer func_data, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));
  g_return_if_fail (name != NULL && content != NULL);

  OpLoggerClass *klass = OP_LOGGER_GET_CLASS (self);

  if (check_support (self, klass->get_file_async != NULL, callback, data))
    klass->get_file_async (self, name, content, expected, progress, func_data, cancellable, callback, data);
}

gboolean
op_logger_get_file_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
op_logger_put_file_async (OpLogger *self, const char *name, GBytes *content, OpProgressFunc progress,
                          gpointer func_data, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));
  g_return_if_fail (name != NULL && content != NULL);

  OpLoggerClass *klass = OP_LOGGER_GET_CLASS (self);

  if (check_support (self, klass->put_file_async != NULL, callback, data))
    klass->put_file_async (self, name, content, progress, func_data, cancellable, callback, data);
}

gboolean
op_logger_put_file_finish (OpLogger *self, GAsyncResult *result, gboolean *verified, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  gssize value = g_task_propagate_int (G_TASK (result), error);

  if (value < 0)
    return FALSE;
  if (verified != NULL)
    *verified = value != 0;
  return TRUE;
}

void
op_logger_control_file_async (OpLogger *self, const char *name, OpFileCommand command,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));
  g_return_if_fail (name != NULL);

  OpLoggerClass *klass = OP_LOGGER_GET_CLASS (self);

  if (check_support (self, klass->control_file_async != NULL, callback, data))
    klass->control_file_async (self, name, command, cancellable, callback, data);
}

gboolean
op_logger_control_file_finish (OpLogger *self, GAsyncResult *result, guint *hold_off_s, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  gssize value = g_task_propagate_int (G_TASK (result), error);

  if (value < 0)
    return FALSE;
  if (hold_off_s != NULL)
    *hold_off_s = (guint) value;
  return TRUE;
}

void
op_logger_get_values_async (OpLogger *self, const OpValueSpan *span, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));
  g_return_if_fail (span != NULL);

  OpLoggerClass *klass = OP_LOGGER_GET_CLASS (self);

  if (check_support (self, klass->get_values_async != NULL, callback, data))
    klass->get_values_async (self, span, cancellable, callback, data);
}

GBytes *
op_logger_get_values_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
op_logger_set_values_async (OpLogger *self, const OpValueSpan *span, GBytes *values,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));
  g_return_if_fail (span != NULL && op_value_span_check (span, values, NULL));

  OpLoggerClass *klass = OP_LOGGER_GET_CLASS (self);

  if (check_support (self, klass->set_values_async != NULL, callback, data))
    klass->set_values_async (self, span, values, cancellable, callback, data);
}

OpSetOutcome *
op_logger_set_values_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
op_logger_control_table_async (OpLogger *self, OpTable *table, OpTableCommand command,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (self));
  g_return_if_fail (table != NULL);

  OpLoggerClass *klass = OP_LOGGER_GET_CLASS (self);

  if (check_support (self, klass->control_table_async != NULL, callback, data))
    klass->control_table_async (self, table, command, cancellable, callback, data);
}

gboolean
op_logger_control_table_finish (OpLogger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
