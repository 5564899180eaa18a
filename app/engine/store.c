/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-append.h"
#include "app/engine/store-clock.h"
#include "app/engine/store-incarnations.h"
#include "app/engine/store-private.h"
#include "app/engine/store-records.h"
#include "app/engine/store-reduce.h"
#include "app/engine/store-stations.h"
#include "app/engine/store-worker.h"

struct _OpStore
{
  GObject        parent_instance;
  char          *path;
  OpStoreWorker *writer;
  OpStoreWorker *reader;
};

G_DEFINE_FINAL_TYPE (OpStore, op_store, G_TYPE_OBJECT)

/* A task whose data is @request, which its worker fills in and its finish function reads. */
static void
push (OpStore *self, OpStoreWorker *worker, OpDbFunc func, gpointer request, GDestroyNotify free_request,
      GCancellable *cancellable, gpointer tag, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, request, free_request);
  op_store_worker_push (worker, task, func);
}

/* The request of a task that succeeded, owned by it; NULL with @error otherwise. */
static gpointer
finish (OpStore *self, GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);
  GTask *task = G_TASK (result);
  return g_task_propagate_boolean (task, error) ? g_task_get_task_data (task) : NULL;
}

static void
op_store_finalize (GObject *object)
{
  OpStore *self = OP_STORE (object);
  op_store_worker_drop (self->writer);
  op_store_worker_drop (self->reader);
  g_free (self->path);
  G_OBJECT_CLASS (op_store_parent_class)->finalize (object);
}

static void
op_store_class_init (OpStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = op_store_finalize;
}

static void
op_store_init (OpStore *self)
{
}

OpStore *
op_store_new (const char *path)
{
  OpStore *self = g_object_new (OP_TYPE_STORE, NULL);
  self->path = path != NULL ? g_strdup (path)
                            : g_build_filename (g_get_user_data_dir (), "outpost", "store.db", NULL);
  self->writer = op_store_worker_new (self->path, TRUE);
  self->reader = op_store_worker_new (self->path, FALSE);
  return self;
}

void
op_store_close (OpStore *self)
{
  g_return_if_fail (OP_IS_STORE (self));
  op_store_worker_close (self->writer);
  op_store_worker_close (self->reader);
}

const char *
op_store_get_path (OpStore *self)
{
  return self->path;
}

void
op_store_load_stations_async (OpStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STORE (self));
  push (self, self->reader, op_db_load_stations, op_stations_request_new (),
        (GDestroyNotify) op_stations_request_free, cancellable, op_store_load_stations_async, callback, data);
}

GPtrArray *
op_store_load_stations_finish (OpStore *self, GAsyncResult *result, GError **error)
{
  OpStationsRequest *request = finish (self, result, op_store_load_stations_async, error);
  return request != NULL ? g_steal_pointer (&request->list) : NULL;
}

void
op_store_save_station_async (OpStore *self, const OpStationRecord *record, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STORE (self) && record != NULL && record->name != NULL && record->uri != NULL);
  OpStationsRequest *request = op_stations_request_new ();
  request->record = op_station_record_copy (record);
  push (self, self->writer, op_db_save_station, request, (GDestroyNotify) op_stations_request_free, cancellable,
        op_store_save_station_async, callback, data);
}

gint64
op_store_save_station_finish (OpStore *self, GAsyncResult *result, GError **error)
{
  OpStationsRequest *request = finish (self, result, op_store_save_station_async, error);
  return request != NULL ? request->id : 0;
}

void
op_store_remove_station_async (OpStore *self, gint64 station, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer data)
{
  g_return_if_fail (OP_IS_STORE (self));
  OpStationsRequest *request = op_stations_request_new ();
  request->id = station;
  push (self, self->writer, op_db_remove_station, request, (GDestroyNotify) op_stations_request_free, cancellable,
        op_store_remove_station_async, callback, data);
}

gboolean
op_store_remove_station_finish (OpStore *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, op_store_remove_station_async, error) != NULL;
}

void
op_store_add_clock_event_async (OpStore *self, const OpClockEvent *event, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STORE (self) && event != NULL && event->by_whom != NULL);
  OpClockRequest *request = g_new0 (OpClockRequest, 1);
  request->event = op_clock_event_copy (event);
  push (self, self->writer, op_db_add_clock_event, request, (GDestroyNotify) op_clock_request_free, cancellable,
        op_store_add_clock_event_async, callback, data);
}

gboolean
op_store_add_clock_event_finish (OpStore *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, op_store_add_clock_event_async, error) != NULL;
}

void
op_store_list_clock_events_async (OpStore *self, gint64 station, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STORE (self));
  OpClockRequest *request = g_new0 (OpClockRequest, 1);
  request->station = station;
  push (self, self->reader, op_db_list_clock_events, request, (GDestroyNotify) op_clock_request_free, cancellable,
        op_store_list_clock_events_async, callback, data);
}

GPtrArray *
op_store_list_clock_events_finish (OpStore *self, GAsyncResult *result, GError **error)
{
  OpClockRequest *request = finish (self, result, op_store_list_clock_events_async, error);
  return request != NULL ? g_steal_pointer (&request->list) : NULL;
}

void
op_store_set_utc_offset_async (OpStore *self, gint64 station, gint utc_offset_s, gint64 shift_us,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STORE (self));
  OpClockRequest *request = g_new0 (OpClockRequest, 1);
  request->station = station;
  request->utc_offset_s = utc_offset_s;
  request->shift_us = shift_us;
  push (self, self->writer, op_db_set_utc_offset, request, (GDestroyNotify) op_clock_request_free, cancellable,
        op_store_set_utc_offset_async, callback, data);
}

gboolean
op_store_set_utc_offset_finish (OpStore *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, op_store_set_utc_offset_async, error) != NULL;
}

void
op_store_list_incarnations_async (OpStore *self, gint64 station, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STORE (self));
  push (self, self->reader, op_db_list_incarnations, op_incarnations_request_new (station),
        (GDestroyNotify) op_incarnations_request_free, cancellable, op_store_list_incarnations_async, callback, data);
}

GPtrArray *
op_store_list_incarnations_finish (OpStore *self, GAsyncResult *result, GError **error)
{
  OpIncarnationsRequest *request = finish (self, result, op_store_list_incarnations_async, error);
  return request != NULL ? g_steal_pointer (&request->list) : NULL;
}

void
op_store_begin_incarnation_async (OpStore *self, gint64 station, OpTable *table, gboolean fresh,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STORE (self) && table != NULL);
  OpIncarnationsRequest *request = op_incarnations_request_new (station);
  request->table = op_table_ref (table);
  request->fresh = fresh;
  push (self, self->writer, op_db_begin_incarnation, request, (GDestroyNotify) op_incarnations_request_free,
        cancellable, op_store_begin_incarnation_async, callback, data);
}

OpIncarnation *
op_store_begin_incarnation_finish (OpStore *self, GAsyncResult *result, GError **error)
{
  OpIncarnationsRequest *request = finish (self, result, op_store_begin_incarnation_async, error);
  return request != NULL ? op_incarnation_ref (g_ptr_array_index (request->list, 0)) : NULL;
}

void
op_store_append_async (OpStore *self, gint64 incarnation, GPtrArray *chunks, const OpGap *gap, gboolean move_cursor,
                       guint32 next_record, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STORE (self));
  OpAppendRequest *request = g_new0 (OpAppendRequest, 1);
  request->incarnation = incarnation;
  request->chunks = chunks;
  request->has_gap = gap != NULL;
  if (gap != NULL)
    request->gap = *gap;
  request->move_cursor = move_cursor;
  request->next_record = next_record;
  push (self, self->writer, op_db_append, request, (GDestroyNotify) op_append_request_free, cancellable,
        op_store_append_async, callback, data);
}

gboolean
op_store_append_finish_full (OpStore *self, GAsyncResult *result, OpAppendResult *added, GError **error)
{
  OpAppendRequest *request = finish (self, result, op_store_append_async, error);
  if (request != NULL && added != NULL)
    *added = request->result;
  return request != NULL;
}

gboolean
op_store_append_finish (OpStore *self, GAsyncResult *result, guint64 *n_new, GError **error)
{
  OpAppendResult added;
  if (!op_store_append_finish_full (self, result, &added, error))
    return FALSE;
  if (n_new != NULL)
    *n_new = added.n_new;
  return TRUE;
}

static OpReadRequest *
new_read_request (gint64 incarnation, guint32 first, guint32 count)
{
  OpReadRequest *request = g_new0 (OpReadRequest, 1);
  request->incarnation = incarnation;
  request->first = first;
  request->count = count;
  return request;
}

void
op_store_read_chunks_async (OpStore *self, gint64 incarnation, guint32 first, guint32 count, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STORE (self));
  push (self, self->reader, op_db_read_chunks, new_read_request (incarnation, first, count),
        (GDestroyNotify) op_read_request_free, cancellable, op_store_read_chunks_async, callback, data);
}

GPtrArray *
op_store_read_chunks_finish (OpStore *self, GAsyncResult *result, GError **error)
{
  OpReadRequest *request = finish (self, result, op_store_read_chunks_async, error);
  return request != NULL ? g_steal_pointer (&request->chunks) : NULL;
}

void
op_store_read_async (OpStore *self, OpIncarnation *incarnation, guint32 first, guint32 count, const guint *columns,
                     guint n_columns, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STORE (self) && incarnation != NULL);
  OpReadRequest *request = new_read_request (incarnation->id, first, count);
  request->snapshot = op_incarnation_ref (incarnation);
  request->columns = columns != NULL ? g_memdup2 (columns, n_columns * sizeof *columns) : NULL;
  request->n_columns = n_columns;
  push (self, self->reader, op_db_read_batch, request, (GDestroyNotify) op_read_request_free, cancellable,
        op_store_read_async, callback, data);
}

OpBatch *
op_store_read_finish (OpStore *self, GAsyncResult *result, GError **error)
{
  OpReadRequest *request = finish (self, result, op_store_read_async, error);
  return request != NULL ? g_steal_pointer (&request->batch) : NULL;
}

static void
reduce (OpStore *self, OpIncarnation *incarnation, guint column, OpTime from, OpTime to, guint n_bins, gboolean exact,
        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STORE (self) && incarnation != NULL && column < incarnation->table->n_columns);
  g_return_if_fail (from <= to && n_bins > 0);
  OpReduceRequest *request = g_new0 (OpReduceRequest, 1);
  request->incarnation = op_incarnation_ref (incarnation);
  request->column = column;
  request->from = from;
  request->to = to;
  request->n_bins = n_bins;
  request->exact = exact;
  push (self, self->reader, op_db_reduce, request, (GDestroyNotify) op_reduce_request_free, cancellable,
        op_store_reduce_async, callback, data);
}

void
op_store_reduce_async (OpStore *self, OpIncarnation *incarnation, guint column, OpTime from, OpTime to, guint n_bins,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  reduce (self, incarnation, column, from, to, n_bins, FALSE, cancellable, callback, data);
}

void
op_store_sum_async (OpStore *self, OpIncarnation *incarnation, guint column, const OpBars *bars,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  reduce (self, incarnation, column, bars->from + 1, bars->to, bars->n, TRUE, cancellable, callback, data);
}

OpReduction *
op_store_reduce_finish (OpStore *self, GAsyncResult *result, GError **error)
{
  OpReduceRequest *request = finish (self, result, op_store_reduce_async, error);
  return request != NULL ? g_steal_pointer (&request->reduction) : NULL;
}
