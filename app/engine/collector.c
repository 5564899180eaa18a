/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/collector.h"

#include "app/engine/table-collector.h"

#include <glib/gi18n-lib.h>

struct _OpCollector
{
  GObject        parent_instance;
  OpStore       *store;
  gint64         station;
  OpLogger      *logger;
  GPtrArray     *tables;
  GListStore    *progress;
  GPtrArray     *names;     /* of the tables to collect */
  guint          next;      /* place in @names */
  OpCollectOrder order;
  GPtrArray     *results;
  gboolean       was_reread; /* the definitions */
};

G_DEFINE_FINAL_TYPE (OpCollector, op_collector, G_TYPE_OBJECT)

static void
op_collector_finalize (GObject *object)
{
  OpCollector *self = OP_COLLECTOR (object);
  g_object_unref (self->store);
  g_object_unref (self->logger);
  g_ptr_array_unref (self->tables);
  g_object_unref (self->progress);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_ptr_array_unref (self->results);
  G_OBJECT_CLASS (op_collector_parent_class)->finalize (object);
}

static void
op_collector_class_init (OpCollectorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = op_collector_finalize;
}

static void
op_collector_init (OpCollector *self)
{
  self->results = g_ptr_array_new_with_free_func ((GDestroyNotify) op_table_result_free);
}

OpCollector *
op_collector_new (OpStore *store, gint64 station, OpLogger *logger, GPtrArray *tables, GListStore *progress)
{
  OpCollector *self = g_object_new (OP_TYPE_COLLECTOR, NULL);
  self->store = g_object_ref (store);
  self->station = station;
  self->logger = g_object_ref (logger);
  self->tables = g_ptr_array_ref (tables);
  self->progress = g_object_ref (progress);
  return self;
}

static OpTable *
find_table (OpCollector *self, const char *name)
{
  for (guint i = 0; i < self->tables->len; i++)
    {
      OpTable *table = g_ptr_array_index (self->tables, i);
      if (g_ascii_strcasecmp (table->name, name) == 0)
        return table;
    }
  return NULL;
}

static void
list_usual_names (OpCollector *self)
{
  for (guint i = 0; i < self->tables->len; i++)
    {
      const OpTable *table = g_ptr_array_index (self->tables, i);
      if (table->name[0] != '\0' && op_table_keeps_records (table))
        g_ptr_array_add (self->names, g_strdup (table->name));
    }
}

/* Names of the order must exist; a choice made for another program may hold names that are gone. */
static gboolean
list_names (OpCollector *self, const OpCollectOrder *order, const char *const *chosen, GError **error)
{
  const char *const *names = order->tables != NULL ? (const char *const *) order->tables : chosen;
  self->names = g_ptr_array_new_with_free_func (g_free);
  if (names == NULL)
    {
      list_usual_names (self);
      return TRUE;
    }
  for (guint i = 0; names[i] != NULL; i++)
    {
      const OpTable *table = find_table (self, names[i]);
      if (table != NULL)
        g_ptr_array_add (self->names, g_strdup (table->name));
      else if (order->tables != NULL)
        {
          g_set_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_REFUSED, _("The logger has no table “%s”"), names[i]);
          return FALSE;
        }
    }
  return TRUE;
}

static void
list_progress (OpCollector *self)
{
  g_list_store_remove_all (self->progress);
  for (guint i = 0; i < self->names->len; i++)
    {
      g_autoptr (OpTableProgress) progress = op_table_progress_new (g_ptr_array_index (self->names, i));
      g_list_store_append (self->progress, progress);
    }
}

static void collect_next (GTask *task);

static void
on_tables_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpCollector *self = g_task_get_source_object (task);
  GError *error = NULL;
  GPtrArray *tables = op_logger_read_tables_finish (OP_LOGGER (source), result, &error);
  if (tables == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_ptr_array_unref (self->tables);
  self->tables = tables;
  collect_next (task);
}

static void
on_table_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpCollector *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  OpTableResult *table_result = NULL;
  gboolean done = op_table_collect_finish (OP_LOGGER (source), result, &table_result, &error);
  gboolean is_changed = g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DEFINITIONS) && !self->was_reread;
  if (table_result != NULL && is_changed && table_result->n_records == 0)
    op_table_result_free (table_result);
  else if (table_result != NULL)
    g_ptr_array_add (self->results, table_result);

  if (done)
    {
      self->next++;
      collect_next (task);
    }
  else if (is_changed)
    {
      self->was_reread = TRUE;
      op_logger_read_tables_async (self->logger, g_task_get_cancellable (task), on_tables_cb, g_object_ref (task));
    }
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
collect_next (GTask *task)
{
  OpCollector *self = g_task_get_source_object (task);
  OpTable *table = NULL;
  /* A table that is gone with the old definitions is passed over. */
  for (; self->next < self->names->len && table == NULL; self->next += table == NULL)
    table = find_table (self, g_ptr_array_index (self->names, self->next));
  if (table == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_autoptr (OpTableProgress) progress = g_list_model_get_item (G_LIST_MODEL (self->progress), self->next);
  op_table_collect_async (self->logger, self->store, self->station, table, &self->order, progress,
                          g_task_get_cancellable (task), on_table_cb, g_object_ref (task));
}

void
op_collector_run_async (OpCollector *self, const OpCollectOrder *order, const char *const *chosen,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  GError *error = NULL;
  g_task_set_check_cancellable (task, FALSE);
  self->order = *order;
  self->order.tables = NULL;
  if (!list_names (self, order, chosen, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  list_progress (self);
  collect_next (task);
}

gboolean
op_collector_run_finish (OpCollector *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

GPtrArray *
op_collector_get_results (OpCollector *self)
{
  return self->results;
}

GPtrArray *
op_collector_get_tables (OpCollector *self)
{
  return self->tables;
}

double
op_collector_get_fraction (OpCollector *self)
{
  guint n_tables = g_list_model_get_n_items (G_LIST_MODEL (self->progress));
  double sum = 0;
  for (guint i = 0; i < n_tables; i++)
    {
      g_autoptr (OpTableProgress) progress = g_list_model_get_item (G_LIST_MODEL (self->progress), i);
      sum += op_table_progress_get_fraction (progress);
    }
  return n_tables > 0 ? sum / n_tables : 0;
}
