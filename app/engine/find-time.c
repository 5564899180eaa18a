/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/find-time.h"

typedef struct
{
  OpIncarnation *incarnation;
  OpTime         time;
  guint64        low, high; /* the place is at or behind low, and not behind high */
} Search;

static void look (GTask *task);

static void
search_free (Search *search)
{
  op_incarnation_unref (search->incarnation);
  g_free (search);
}

static guint64
get_middle (const Search *search)
{
  return search->low + (search->high - search->low) / 2;
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Search *search = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (OpBatch) batch = op_store_read_finish (OP_STORE (source), result, &error);

  if (batch == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (op_batch_get_n_records (batch) > 0 && op_batch_get_times (batch)[0] >= search->time)
    search->high = get_middle (search);
  else
    search->low = get_middle (search) + 1;
  look (task);
}

static void
look (GTask *task)
{
  Search *search = g_task_get_task_data (task);

  if (search->low == search->high)
    g_task_return_int (task, (gssize) search->low);
  else
    op_store_read_async (g_task_get_source_object (task), search->incarnation,
                         op_incarnation_get_record (search->incarnation, get_middle (search)), 1, NULL, 0,
                         g_task_get_cancellable (task), on_read_cb, g_object_ref (task));
}

void
op_store_find_time_async (OpStore *store, OpIncarnation *incarnation, OpTime time, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STORE (store) && incarnation != NULL);

  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, data);
  Search *search = g_new0 (Search, 1);

  search->incarnation = op_incarnation_ref (incarnation);
  search->time = time;
  /* The last record's place, when no other fits. */
  search->high = incarnation->n_records > 0 ? incarnation->n_records - 1 : 0;
  g_task_set_task_data (task, search, (GDestroyNotify) search_free);
  if (incarnation->n_records > 0)
    look (task);
  else
    g_task_return_int (task, -1);
}

gint64
op_store_find_time_finish (OpStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), -1);

  return g_task_propagate_int (G_TASK (result), error);
}
