/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/table-collector.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A batch is appended when one of these is reached. */
#define BATCH_BYTES    (1024 * 1024)
#define BATCH_RECORDS  20000
#define BATCH_INTERVAL 250 /* ms */

typedef struct
{
  OpStore         *store;
  gint64           station;
  OpTable         *table;
  OpCollectOrder   order; /* without its tables */
  OpTableProgress *progress;
  OpIncarnation   *incarnation;
  gboolean         is_retry;    /* the first try met another generation's records */

  gboolean         has_cursor;
  guint32          cursor;      /* as it will be once all batches are stored */
  OpChunk         *overlap;     /* the last record held, to be found on the logger unaltered */
  OpTime           before;      /* time of the record before the cursor */
  gboolean         is_other;    /* what the logger has is not what the incarnation holds */

  GPtrArray       *batch;       /* of copied chunks, or NULL */
  gsize            batch_bytes;
  guint64          batch_records;
  OpGap            gap;         /* before the batch's first record */
  gboolean         has_gap;
  GSource         *timer;
  guint            n_appending;
  gboolean         is_received; /* the logger has said its last word */
  GError          *error;       /* the first one */
  OpTableResult   *result;
  gint64           begun_us;
} Collection;

void
op_table_result_free (OpTableResult *result)
{
  g_free (result->table);
  g_free (result);
}

static void
stop_timer (Collection *collection)
{
  if (collection->timer == NULL)
    return;
  g_source_destroy (collection->timer);
  g_clear_pointer (&collection->timer, g_source_unref);
}

static void
free_collection (Collection *collection)
{
  stop_timer (collection);
  g_object_unref (collection->store);
  op_table_unref (collection->table);
  g_object_unref (collection->progress);
  g_clear_pointer (&collection->incarnation, op_incarnation_unref);
  g_clear_pointer (&collection->overlap, op_chunk_free);
  g_clear_pointer (&collection->batch, g_ptr_array_unref);
  g_clear_error (&collection->error);
  g_clear_pointer (&collection->result, op_table_result_free);
  g_free (collection);
}

/* Keeps the first error; takes it over. */
static void
keep_error (Collection *collection, GError *error)
{
  if (collection->error == NULL)
    collection->error = error;
  else
    g_error_free (error);
}

static void begin_incarnation (GTask *task, gboolean fresh);

/* Ends the task, or tries once more in a new generation, when nothing is under way any more. */
static void
finish_if_done (GTask *task)
{
  Collection *collection = g_task_get_task_data (task);
  if (!collection->is_received || collection->n_appending > 0)
    return;
  gboolean is_other = collection->is_other
                      || g_error_matches (collection->error, OP_STORE_ERROR, OP_STORE_ERROR_CONFLICT);
  if (is_other && !collection->is_retry)
    {
      g_clear_error (&collection->error);
      collection->is_retry = TRUE;
      begin_incarnation (task, TRUE);
      return;
    }
  if (collection->result != NULL)
    collection->result->seconds = (double) (g_get_monotonic_time () - collection->begun_us) / G_USEC_PER_SEC;
  if (collection->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&collection->error));
      return;
    }
  op_table_progress_finish (collection->progress);
  g_task_return_boolean (task, TRUE);
}

static void
end_receiving (GTask *task, GError *error)
{
  Collection *collection = g_task_get_task_data (task);
  if (error != NULL)
    keep_error (collection, error);
  collection->is_received = TRUE;
  finish_if_done (task);
}

static void
add_to_result (OpTableResult *result, const OpAppendResult *added)
{
  if (added->n_new == 0)
    return;
  if (result->n_records == 0)
    {
      result->first = added->first;
      result->first_time = added->first_time;
    }
  result->n_records += added->n_new;
  result->n_bytes += added->n_bytes;
  result->last = added->last;
  result->last_time = added->last_time;
}

static void
on_appended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Collection *collection = g_task_get_task_data (task);
  OpAppendResult added;
  GError *error = NULL;
  if (op_store_append_finish_full (OP_STORE (source), result, &added, &error))
    add_to_result (collection->result, &added);
  else
    keep_error (collection, error);
  collection->n_appending--;
  finish_if_done (task);
}

/* Stores the batch. What is on its way to the store is never cancelled: it was received and verified. */
static void
flush (GTask *task)
{
  Collection *collection = g_task_get_task_data (task);
  stop_timer (collection);
  /* After a batch that failed, one behind it would leave a hole below the cursor. */
  if (collection->batch == NULL || collection->error != NULL)
    return;
  collection->n_appending++;
  op_store_append_async (collection->store, collection->incarnation->id, g_steal_pointer (&collection->batch),
                         collection->has_gap ? &collection->gap : NULL, collection->has_cursor, collection->cursor,
                         NULL, on_appended_cb, g_object_ref (task));
  collection->batch_bytes = 0;
  collection->batch_records = 0;
  collection->has_gap = FALSE;
}

static gboolean
on_timer_cb (gpointer data)
{
  flush (data);
  return G_SOURCE_REMOVE;
}

static void
start_timer (GTask *task)
{
  Collection *collection = g_task_get_task_data (task);
  if (collection->timer != NULL)
    return;
  collection->timer = g_timeout_source_new (BATCH_INTERVAL);
  g_source_set_callback (collection->timer, on_timer_cb, task, NULL);
  g_source_attach (collection->timer, g_task_get_context (task));
}

/* The records between the cursor and those that came were overwritten before they could be collected. */
static void
note_gap (GTask *task, const OpChunk *chunk)
{
  Collection *collection = g_task_get_task_data (task);
  /* A gap lies before the first record of its batch. */
  flush (task);
  collection->gap = (OpGap){ collection->cursor, chunk->first - collection->cursor, collection->before,
                             chunk->first_time };
  collection->has_gap = TRUE;
  collection->result->n_gaps++;
  collection->result->n_missing += collection->gap.count;
}

/* Only orders that end at the newest record let nothing uncollected lie before the cursor. */
static gboolean
is_complete_order (const Collection *collection)
{
  return collection->table->size != 1
         && (collection->order.select == OP_SELECT_NEW || collection->order.select == OP_SELECT_ALL);
}

static void
move_cursor (GTask *task, const OpChunk *chunk)
{
  Collection *collection = g_task_get_task_data (task);
  guint32 end = chunk->first + chunk->count;
  gint32 ahead = collection->has_cursor ? (gint32) (chunk->first - collection->cursor) : 0;
  if (!collection->has_cursor && !is_complete_order (collection))
    return;
  if (ahead > 0 && !is_complete_order (collection))
    return;
  if (ahead > 0)
    note_gap (task, chunk);
  if (!collection->has_cursor || (gint32) (end - collection->cursor) > 0)
    {
      collection->cursor = end;
      collection->before = chunk->last_time;
    }
  collection->has_cursor = TRUE;
}

static void
add_to_batch (GTask *task, const OpChunk *chunk)
{
  Collection *collection = g_task_get_task_data (task);
  move_cursor (task, chunk);
  if (collection->batch == NULL)
    collection->batch = g_ptr_array_new_with_free_func ((GDestroyNotify) op_chunk_free);
  OpChunk *copy = g_memdup2 (chunk, sizeof *chunk);
  g_bytes_ref (copy->payload);
  g_ptr_array_add (collection->batch, copy);
  collection->batch_bytes += g_bytes_get_size (chunk->payload);
  collection->batch_records += chunk->count;
  if (collection->batch_bytes >= BATCH_BYTES || collection->batch_records >= BATCH_RECORDS)
    flush (task);
  else
    start_timer (task);
}

/* Whether the first records that came go on from the last one held: it is among them as it is held, or they are all
   later. If not, the table was reset and its numbers have passed the cursor again. */
static gboolean
goes_on (const Collection *collection, const OpChunk *chunk)
{
  const OpChunk *overlap = collection->overlap;
  if (chunk->first != overlap->first)
    return chunk->first_time > overlap->last_time;
  gsize length, held_length;
  const guint8 *bytes = g_bytes_get_data (chunk->payload, &length);
  const guint8 *held = g_bytes_get_data (overlap->payload, &held_length);
  return chunk->first_time == overlap->first_time && length >= held_length && memcmp (bytes, held, held_length) == 0;
}

static gboolean
on_chunk (const OpChunk *chunk, gpointer data, GError **error)
{
  GTask *task = data;
  Collection *collection = g_task_get_task_data (task);
  g_autoptr (OpChunk) rest = NULL;
  if (collection->error != NULL)
    {
      g_propagate_error (error, g_error_copy (collection->error));
      return FALSE;
    }
  if (collection->overlap != NULL)
    {
      collection->is_other = !goes_on (collection, chunk);
      if (collection->is_other)
        {
          g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_CONFLICT, _("The table “%s” was reset"),
                       collection->table->name);
          return FALSE;
        }
      gboolean has_overlap = chunk->first == collection->overlap->first;
      g_clear_pointer (&collection->overlap, op_chunk_free);
      if (has_overlap && chunk->count == 1)
        return TRUE;
      if (has_overlap)
        chunk = rest = op_chunk_skip (chunk, collection->table, 1);
    }
  add_to_batch (task, chunk);
  return TRUE;
}

static void
on_progress (guint64 done, guint64 expected, gpointer data)
{
  Collection *collection = g_task_get_task_data (data);
  op_table_progress_set (collection->progress, done, expected);
}

static void
on_collected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  op_logger_collect_finish (OP_LOGGER (source), result, &error);
  flush (task);
  end_receiving (task, error);
}

static OpCollectRange
choose_range (const Collection *collection)
{
  const OpCollectOrder *order = &collection->order;
  OpCollectRange range = { OP_COLLECT_ALL, order->a, order->b, order->time_a, order->time_b };
  if (collection->table->size == 1)
    {
      range.mode = OP_COLLECT_LAST;
      range.a = 1;
    }
  else if (order->select == OP_SELECT_NEW && collection->has_cursor)
    {
      range.mode = OP_COLLECT_FROM;
      range.a = collection->overlap != NULL ? collection->overlap->first : collection->cursor;
    }
  else if (order->select == OP_SELECT_LAST)
    range.mode = OP_COLLECT_LAST;
  else if (order->select == OP_SELECT_RECORDS)
    range.mode = OP_COLLECT_RECORDS;
  else if (order->select == OP_SELECT_TIMES)
    range.mode = OP_COLLECT_TIMES;
  return range;
}

static void
collect (GTask *task)
{
  Collection *collection = g_task_get_task_data (task);
  OpCollectRange range = choose_range (collection);
  collection->is_received = FALSE;
  op_logger_collect_async (g_task_get_source_object (task), collection->table, &range, on_chunk, on_progress, task,
                           g_task_get_cancellable (task), on_collected_cb, g_object_ref (task));
}

static void
on_overlap_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Collection *collection = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) chunks = op_store_read_chunks_finish (OP_STORE (source), result, &error);
  if (chunks == NULL)
    {
      end_receiving (task, error);
      return;
    }
  if (chunks->len > 0)
    {
      collection->overlap = g_ptr_array_steal_index (chunks, 0);
      collection->before = collection->overlap->last_time;
    }
  collect (task);
}

static void
on_state_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Collection *collection = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree OpTableState *state = op_logger_read_table_state_finish (OP_LOGGER (source), result, &error);
  if (state == NULL || state->empty)
    end_receiving (task, error);
  else if (collection->has_cursor && (gint32) (state->newest - (collection->cursor - 1)) < 0)
    {
      /* The record counter went back. */
      collection->is_other = TRUE;
      end_receiving (task, NULL);
    }
  else if (collection->has_cursor && collection->order.select == OP_SELECT_NEW)
    op_store_read_chunks_async (collection->store, collection->incarnation->id, collection->cursor - 1, 1,
                                g_task_get_cancellable (task), on_overlap_cb, g_object_ref (task));
  else
    collect (task);
}

static void
start_result (Collection *collection)
{
  const OpIncarnation *incarnation = collection->incarnation;
  g_clear_pointer (&collection->result, op_table_result_free);
  collection->result = g_new0 (OpTableResult, 1);
  collection->result->table = g_strdup (collection->table->name);
  collection->result->incarnation = incarnation->id;
  collection->result->new_generation = incarnation->generation > 1 && incarnation->n_records == 0;
  collection->has_cursor = incarnation->has_cursor;
  collection->cursor = incarnation->next_record;
  collection->before = incarnation->last_time;
  collection->is_other = FALSE;
  collection->has_gap = FALSE;
  g_clear_pointer (&collection->overlap, op_chunk_free);
  g_clear_pointer (&collection->batch, g_ptr_array_unref);
}

static void
on_begun_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Collection *collection = g_task_get_task_data (task);
  GError *error = NULL;
  OpIncarnation *incarnation = op_store_begin_incarnation_finish (OP_STORE (source), result, &error);
  if (incarnation == NULL)
    {
      end_receiving (task, error);
      return;
    }
  g_clear_pointer (&collection->incarnation, op_incarnation_unref);
  collection->incarnation = incarnation;
  start_result (collection);
  /* A table of one record has neither cursor nor history. */
  if (collection->table->size == 1 || collection->is_retry)
    collect (task);
  else
    op_logger_read_table_state_async (g_task_get_source_object (task), collection->table,
                                      g_task_get_cancellable (task), on_state_cb, g_object_ref (task));
}

static void
begin_incarnation (GTask *task, gboolean fresh)
{
  Collection *collection = g_task_get_task_data (task);
  collection->is_received = FALSE;
  op_store_begin_incarnation_async (collection->store, collection->station, collection->table, fresh,
                                    g_task_get_cancellable (task), on_begun_cb, g_object_ref (task));
}

void
op_table_collect_async (OpLogger *logger, OpStore *store, gint64 station, OpTable *table, const OpCollectOrder *order,
                        OpTableProgress *progress, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  Collection *collection = g_new0 (Collection, 1);
  collection->store = g_object_ref (store);
  collection->station = station;
  collection->table = op_table_ref (table);
  collection->order = *order;
  collection->order.tables = NULL;
  collection->progress = g_object_ref (progress);
  collection->begun_us = g_get_monotonic_time ();
  g_task_set_task_data (task, collection, (GDestroyNotify) free_collection);
  /* A collection that was cancelled after its last record is complete. */
  g_task_set_check_cancellable (task, FALSE);
  begin_incarnation (task, FALSE);
}

gboolean
op_table_collect_finish (OpLogger *logger, GAsyncResult *result, OpTableResult **result_out, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, logger), FALSE);
  Collection *collection = g_task_get_task_data (G_TASK (result));
  *result_out = g_steal_pointer (&collection->result);
  return g_task_propagate_boolean (G_TASK (result), error);
}
