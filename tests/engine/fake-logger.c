/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/fake-logger.h"

#include "tests/engine/fixture.h"

G_DEFINE_FINAL_TYPE (FakeLogger, fake_logger, OP_TYPE_LOGGER)

static void
fake_logger_open_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  FakeLogger *self = FAKE_LOGGER (logger);
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  op_logger_emit_step (logger, OP_STEP_CONNECT, OP_STEP_DONE, "");
  if (self->fail_open != NULL)
    g_task_return_error (task, g_error_copy (self->fail_open));
  else
    g_task_return_boolean (task, TRUE);
}

static void
fake_logger_close (OpLogger *logger)
{
}

static void
fake_logger_identify_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  OpIdentity *identity = g_new0 (OpIdentity, 1);
  identity->family = g_strdup ("pakbus");
  identity->model = g_strdup ("CR1000");
  identity->os_version = g_strdup ("CR1000.Std.32");
  identity->serial_number = g_strdup ("1234");
  identity->station_name = g_strdup ("Ridge \"North\"");
  identity->pakbus_address = 1;
  identity->program = g_strdup ("CPU:w.CR1");
  identity->program_signature = 4711;
  identity->compile_state = 1;
  identity->compile_result = g_strdup ("");
  g_task_return_pointer (task, identity, (GDestroyNotify) op_identity_free);
}

static void
fake_logger_read_tables_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer data)
{
  FakeLogger *self = FAKE_LOGGER (logger);
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  GPtrArray *tables = g_ptr_array_new_with_free_func ((GDestroyNotify) op_table_unref);
  g_ptr_array_add (tables, op_table_ref (self->table));
  g_task_return_pointer (task, tables, (GDestroyNotify) g_ptr_array_unref);
}

static void
fake_logger_read_clock_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  OpClockReading *reading = g_new0 (OpClockReading, 1);
  reading->host_unix_us = g_get_real_time ();
  reading->logger_time = op_time_from_unix_us (reading->host_unix_us, 0) + 310 * 1000000;
  reading->round_trip_us = 40000;
  g_task_return_pointer (task, reading, g_free);
}

static void
fake_logger_read_table_state_async (OpLogger *logger, OpTable *table, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer data)
{
  FakeLogger *self = FAKE_LOGGER (logger);
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  OpTableState *state = g_new0 (OpTableState, 1);
  state->empty = self->oldest == self->end;
  state->newest = self->end - 1;
  g_task_return_pointer (task, state, g_free);
}

typedef struct
{
  OpCollectFunc  func;
  OpProgressFunc progress;
  gpointer       data;
  guint32        next, end;
} Serving;

static gboolean
on_hang_cancelled_cb (GCancellable *cancellable, gpointer data)
{
  GTask *task = data;
  g_task_return_error_if_cancelled (task);
  g_object_unref (task);
  return G_SOURCE_REMOVE;
}

static void
hang (GTask *task)
{
  g_autoptr (GSource) source = g_cancellable_source_new (g_task_get_cancellable (task));
  g_source_set_callback (source, G_SOURCE_FUNC (on_hang_cancelled_cb), g_object_ref (task), NULL);
  g_source_attach (source, NULL);
}

static guint32
count_next (const FakeLogger *self, const Serving *serving)
{
  guint32 n = MIN (self->packet, serving->end - serving->next);
  if (self->jump_at != self->jump_to && serving->next - self->jump_at >= G_MAXINT32)
    n = MIN (n, self->jump_at - serving->next);
  if (self->hang_at != 0)
    n = MIN (n, self->hang_at - serving->next);
  return n;
}

static gboolean
on_serve_cb (gpointer data)
{
  GTask *task = data;
  FakeLogger *self = g_task_get_source_object (task);
  Serving *serving = g_task_get_task_data (task);
  GError *error = NULL;
  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (self->jump_at != self->jump_to && serving->next == self->jump_at)
    serving->next = self->jump_to;
  if (self->hang_at != 0 && serving->next == self->hang_at)
    {
      hang (task);
      return G_SOURCE_REMOVE;
    }
  if (serving->next == serving->end)
    {
      g_task_return_boolean (task, TRUE);
      return G_SOURCE_REMOVE;
    }
  guint32 n = count_next (self, serving);
  g_autoptr (OpChunk) chunk = make_chunk_full (self->table, serving->next, n, self->offset, FALSE);
  serving->next += n;
  if (!serving->func (chunk, serving->data, &error))
    {
      g_task_return_error (task, error);
      return G_SOURCE_REMOVE;
    }
  if (serving->progress != NULL)
    serving->progress (1, 2, serving->data);
  if (self->fail_at_once != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&self->fail_at_once));
      if (self->next_table != NULL)
        {
          op_table_unref (self->table);
          self->table = g_steal_pointer (&self->next_table);
        }
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static void
choose (const FakeLogger *self, const OpCollectRange *range, Serving *serving)
{
  serving->next = self->oldest;
  serving->end = self->end;
  if (range->mode == OP_COLLECT_FROM && range->a - self->oldest <= self->end - self->oldest)
    serving->next = range->a;
  if (range->mode == OP_COLLECT_LAST)
    serving->next = MAX (self->end - range->a, self->oldest);
  if (range->mode == OP_COLLECT_RECORDS)
    {
      serving->next = range->a;
      serving->end = range->b;
    }
}

static void
fake_logger_collect_async (OpLogger *logger, OpTable *table, const OpCollectRange *range, OpCollectFunc func,
                           OpProgressFunc progress, gpointer func_data, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer data)
{
  FakeLogger *self = FAKE_LOGGER (logger);
  GTask *task = g_task_new (logger, cancellable, callback, data);
  Serving *serving = g_new0 (Serving, 1);
  serving->func = func;
  serving->progress = progress;
  serving->data = func_data;
  choose (self, range, serving);
  self->n_collections++;
  self->last_range = *range;
  g_task_set_task_data (task, serving, g_free);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_serve_cb, task, g_object_unref);
}

static void
fake_logger_finalize (GObject *object)
{
  FakeLogger *self = FAKE_LOGGER (object);
  op_table_unref (self->table);
  g_clear_pointer (&self->next_table, op_table_unref);
  g_clear_error (&self->fail_at_once);
  g_clear_error (&self->fail_open);
  G_OBJECT_CLASS (fake_logger_parent_class)->finalize (object);
}

static void
fake_logger_class_init (FakeLoggerClass *klass)
{
  OpLoggerClass *logger_class = OP_LOGGER_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = fake_logger_finalize;
  logger_class->open_async = fake_logger_open_async;
  logger_class->close = fake_logger_close;
  logger_class->identify_async = fake_logger_identify_async;
  logger_class->read_tables_async = fake_logger_read_tables_async;
  logger_class->read_clock_async = fake_logger_read_clock_async;
  logger_class->read_table_state_async = fake_logger_read_table_state_async;
  logger_class->collect_async = fake_logger_collect_async;
}

static void
fake_logger_init (FakeLogger *self)
{
  self->packet = 40;
}

FakeLogger *
fake_logger_new (OpTable *table)
{
  FakeLogger *self = g_object_new (FAKE_TYPE_LOGGER, NULL);
  self->table = op_table_ref (table);
  return self;
}
