/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/find-span.h"

typedef struct
{
  OpStore       *store;
  OpIncarnation *incarnation;
  OpBatch       *batch;
  OpTime         from, to;
  gboolean       is_at_end; /* looks for what is behind the span, no longer for its first record */
  guint64        low, high; /* what is looked for is at or behind low, and not behind high */
  OpSpanPlaces   places;
} Search;

static void look (GTask *task);

static void
search_free (Search *search)
{
  g_clear_object (&search->store);
  g_clear_pointer (&search->incarnation, op_incarnation_unref);
  g_clear_pointer (&search->batch, op_batch_unref);
  g_free (search);
}

static guint64
get_middle (const Search *search)
{
  return search->low + (search->high - search->low) / 2;
}

/* Whether a record of that time is the one looked for, or behind it. */
static gboolean
is_reached (const Search *search, OpTime time)
{
  return search->is_at_end ? time > search->to : time >= search->from;
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
  if (op_batch_get_n_records (batch) > 0 && is_reached (search, op_batch_get_times (batch)[0]))
    search->high = get_middle (search);
  else
    search->low = get_middle (search) + 1;
  look (task);
}

static void
look (GTask *task)
{
  Search *search = g_task_get_task_data (task);

  if (search->low < search->high)
    {
      op_store_read_async (search->store, search->incarnation,
                           op_incarnation_get_record (search->incarnation, get_middle (search)), 1, NULL, 0,
                           g_task_get_cancellable (task), on_read_cb, g_object_ref (task));
      return;
    }
  if (!search->is_at_end)
    {
      search->is_at_end = TRUE;
      search->places.first = search->low;
      search->high = search->incarnation->n_records;
      look (task);
      return;
    }
  search->places.has_records = search->low > search->places.first;
  search->places.last = search->low > 0 ? search->low - 1 : 0;
  search->places.first = MIN (search->places.first, search->incarnation->n_records - 1);
  g_task_return_boolean (task, TRUE);
}

static void
search_batch (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Search *search = data;
  const OpTime *times = op_batch_get_times (search->batch);
  gsize n = op_batch_get_n_records (search->batch), first_behind = n - 1;

  for (gsize i = 0; i < n; i++)
    {
      if (times[i] >= search->from)
        first_behind = MIN (first_behind, i);
      if (times[i] < search->from || times[i] > search->to)
        continue;
      if (!search->places.has_records)
        search->places.first = i;
      search->places.has_records = TRUE;
      search->places.last = i;
    }
  if (!search->places.has_records)
    search->places.first = first_behind;
  g_task_return_boolean (task, TRUE);
}

void
op_find_span_async (OpStore *store, OpIncarnation *incarnation, OpBatch *batch, OpTime from, OpTime to,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (batch != NULL || (OP_IS_STORE (store) && incarnation != NULL));

  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Search *search = g_new0 (Search, 1);
  guint64 n_records = batch != NULL ? op_batch_get_n_records (batch) : incarnation->n_records;

  search->from = from;
  search->to = to;
  search->high = n_records;
  g_task_set_task_data (task, search, (GDestroyNotify) search_free);
  g_task_set_source_tag (task, op_find_span_async);
  if (n_records == 0)
    {
      g_task_return_boolean (task, FALSE);
      return;
    }
  if (batch != NULL)
    {
      search->batch = op_batch_ref (batch);
      g_task_run_in_thread (task, search_batch);
      return;
    }
  search->store = g_object_ref (store);
  search->incarnation = op_incarnation_ref (incarnation);
  look (task);
}

gboolean
op_find_span_finish (GAsyncResult *result, OpSpanPlaces *places, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, op_find_span_async), FALSE);

  const Search *search = g_task_get_task_data (G_TASK (result));
  gboolean is_found = g_task_propagate_boolean (G_TASK (result), error);

  *places = search->places;
  return is_found;
}
