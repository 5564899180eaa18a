/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/value-logger.h"

#include <string.h>

G_DEFINE_FINAL_TYPE (ValueLogger, value_logger, OP_TYPE_LOGGER)

static void
open_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  ValueLogger *self = VALUE_LOGGER (logger);
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);

  self->n_opened++;
  if (self->fail_opens != 0)
    {
      self->fail_opens--;
      g_task_return_new_error (task, OP_LOGGER_ERROR, (gint) self->open_code, "Cannot open");
    }
  else
    g_task_return_boolean (task, TRUE);
}

static void
close_link (OpLogger *logger)
{
}

static void
identify_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  OpIdentity *identity = g_new0 (OpIdentity, 1);

  identity->family = g_strdup ("pakbus");
  identity->model = g_strdup ("CR1000");
  identity->os_version = g_strdup ("");
  identity->serial_number = g_strdup ("");
  identity->station_name = g_strdup ("");
  identity->program = g_strdup ("");
  identity->compile_result = g_strdup ("");
  g_task_return_pointer (task, identity, (GDestroyNotify) op_identity_free);
}

static void
read_tables_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  GPtrArray *tables = g_ptr_array_new_with_free_func ((GDestroyNotify) op_table_unref);

  g_ptr_array_add (tables, op_table_ref (VALUE_LOGGER (logger)->table));
  g_task_return_pointer (task, tables, (GDestroyNotify) g_ptr_array_unref);
}

static void
read_clock_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);

  g_task_return_pointer (task, g_new0 (OpClockReading, 1), g_free);
}

typedef struct
{
  OpCollectFunc func;
  gpointer      data;
} Reading;

static gboolean
on_answer_cb (gpointer data)
{
  GTask *task = data;
  ValueLogger *self = g_task_get_source_object (task);
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GBytes) payload = g_bytes_new (self->values, self->table->record_size);
  g_autoptr (OpChunk) chunk = NULL;

  self->n_running--;
  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (self->fail_reads != 0)
    {
      self->fail_reads -= self->fail_reads > 0;
      g_task_return_new_error (task, OP_LOGGER_ERROR, (gint) self->fail_code, "Nothing to read");
      return G_SOURCE_REMOVE;
    }
  if (!self->is_still)
    self->record++;
  chunk = op_chunk_new (self->table, self->record, 1, self->record * OP_SECOND, payload, NULL);
  if (!self->is_empty)
    g_assert_true (reading->func (chunk, reading->data, NULL));
  g_task_return_boolean (task, TRUE);
  return G_SOURCE_REMOVE;
}

static void
collect_async (OpLogger *logger, OpTable *table, const OpCollectRange *range, OpCollectFunc func,
               OpProgressFunc progress, gpointer func_data, GCancellable *cancellable, GAsyncReadyCallback callback,
               gpointer data)
{
  ValueLogger *self = VALUE_LOGGER (logger);
  GTask *task = g_task_new (logger, cancellable, callback, data);
  Reading *reading = g_new0 (Reading, 1);

  g_assert_cmpint ((gint) range->mode, ==, OP_COLLECT_LAST);
  g_assert_cmpuint (range->a, ==, 1);
  *reading = (Reading) { func, func_data };
  g_task_set_task_data (task, reading, g_free);
  self->n_reads++;
  self->n_running++;
  self->max_running = MAX (self->max_running, self->n_running);
  g_timeout_add_full (G_PRIORITY_DEFAULT, self->delay_ms, on_answer_cb, task, g_object_unref);
}

static guint8 *
find_values (ValueLogger *self, const OpValueSpan *span)
{
  guint element;
  const OpField *field = op_table_get_column (self->table, span->column, &element);

  return self->values + field->offset + element * field->element_size;
}

static void
get_values_async (OpLogger *logger, const OpValueSpan *span, GCancellable *cancellable, GAsyncReadyCallback callback,
                  gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  gsize size = span->count * op_value_span_element_size (span);

  g_task_return_pointer (task, g_bytes_new (find_values (VALUE_LOGGER (logger), span), size),
                         (GDestroyNotify) g_bytes_unref);
}

static void
set_values_async (OpLogger *logger, const OpValueSpan *span, GBytes *values, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer data)
{
  ValueLogger *self = VALUE_LOGGER (logger);
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  char outcome = self->script[MIN (self->n_sets++, strlen (self->script) - 1)];
  OpSetOutcome *done = g_new0 (OpSetOutcome, 1);

  if (strchr ("dUr", outcome) != NULL)
    memcpy (find_values (self, span), g_bytes_get_data (values, NULL), g_bytes_get_size (values));
  done->reboots = outcome == 'r';
  if (strchr ("dmr", outcome) != NULL)
    {
      g_task_return_pointer (task, done, g_free);
      return;
    }
  g_free (done);
  g_task_return_new_error (task, OP_LOGGER_ERROR,
                           outcome == 'n'   ? OP_LOGGER_ERROR_NOT_DONE
                           : outcome == 'x' ? OP_LOGGER_ERROR_SECURITY
                                            : OP_LOGGER_ERROR_UNCERTAIN,
                           "Not done");
}

static void
value_logger_finalize (GObject *object)
{
  op_table_unref (VALUE_LOGGER (object)->table);
  G_OBJECT_CLASS (value_logger_parent_class)->finalize (object);
}

static void
value_logger_class_init (ValueLoggerClass *klass)
{
  OpLoggerClass *logger_class = OP_LOGGER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = value_logger_finalize;
  logger_class->open_async = open_async;
  logger_class->close = close_link;
  logger_class->identify_async = identify_async;
  logger_class->read_tables_async = read_tables_async;
  logger_class->read_clock_async = read_clock_async;
  logger_class->collect_async = collect_async;
  logger_class->get_values_async = get_values_async;
  logger_class->set_values_async = set_values_async;
}

static void
value_logger_init (ValueLogger *self)
{
  const guint32 four = 4;
  OpTableBuilder *builder = op_table_builder_new ("Public", 1, OP_TYPE_NSEC, 0, OP_SECOND);

  op_table_builder_add_field (builder, OP_TYPE_IEEE4, FALSE, "AirTC", "", "Deg C", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_IEEE4, TRUE, "RH", "", "%", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_UINT2, FALSE, "Codes", "", "", &four, 1);
  op_table_builder_add_field (builder, OP_TYPE_BOOL, FALSE, "Flag", "", "", NULL, 0);
  self->table = op_table_builder_finish (builder, 1, NULL);
  g_assert_nonnull (self->table);
  g_assert_cmpuint (self->table->record_size, <=, sizeof self->values);
  self->script = "d";
}
