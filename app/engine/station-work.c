/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-history.h"
#include "app/engine/collector.h"
#include "app/engine/secrets.h"
#include "app/engine/station-private.h"

#include <glib/gi18n-lib.h>

#define ANNOUNCE_INTERVAL_US 500000

/* One run of connecting or of collecting: the data of its task. */
typedef struct
{
  OpStation     *station;      /* borrowed: the task's source */
  GCancellable  *cancellable;  /* the station's own for this run */
  GCancellable  *outer;        /* the caller's */
  gulong         outer_handler;
  gboolean       collects;
  OpCollectOrder order;
  OpCollector   *collector;
  GError        *error;        /* why collecting ended early */
  GPtrArray     *results;
  gint64         announced_us; /* when listeners last heard of new records */
} Work;

static void
free_work (Work *work)
{
  g_clear_object (&work->cancellable);
  g_clear_object (&work->outer);
  g_strfreev (work->order.tables);
  g_clear_object (&work->collector);
  g_clear_error (&work->error);
  g_clear_pointer (&work->results, g_ptr_array_unref);
  g_free (work);
}

static void
on_outer_cancelled_cb (GCancellable *outer, GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* Makes a task for work on @self; one that has failed already and NULL when other work runs. */
static GTask *
begin_work (OpStation *self, GCancellable *outer, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, data);
  GCancellable *cancellable;
  if (!op_station_begin_work (self, &cancellable))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, _("“%s” is busy"), op_station_get_name (self));
      return NULL;
    }
  Work *work = g_new0 (Work, 1);
  work->station = self;
  work->cancellable = cancellable;
  if (outer != NULL)
    {
      /* Not g_cancellable_connect(), whose handler may not be taken away within its own call. */
      work->outer = g_object_ref (outer);
      work->outer_handler = g_signal_connect (outer, "cancelled", G_CALLBACK (on_outer_cancelled_cb), cancellable);
      if (g_cancellable_is_cancelled (outer))
        g_cancellable_cancel (cancellable);
    }
  g_task_set_task_data (task, work, (GDestroyNotify) free_work);
  return g_steal_pointer (&task);
}

/* Ends the work with @error (taken over) or well. */
static void
end_work (GTask *task, GError *error)
{
  Work *work = g_task_get_task_data (task);
  if (work->outer != NULL)
    g_clear_signal_handler (&work->outer_handler, work->outer);
  op_station_end_work (work->station, error);
  if (work->collects)
    {
      op_station_disconnect_unless_held (work->station);
      op_station_emit_changed (work->station);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_saved_at_end_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  op_station_save_finish (OP_STATION (source), result, &error);
  if (work->error != NULL)
    {
      g_clear_error (&error);
      error = g_steal_pointer (&work->error);
    }
  end_work (task, error);
}

static gboolean
has_gaps (GPtrArray *results)
{
  for (guint i = 0; i < results->len; i++)
    if (((OpTableResult *) g_ptr_array_index (results, i))->n_gaps > 0)
      return TRUE;
  return FALSE;
}

/* What was collected is in the store, also when it ended early: the station says so. */
static void
on_collected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);
  OpStation *self = work->station;
  gboolean done = op_collector_run_finish (OP_COLLECTOR (source), result, &work->error);
  work->results = g_ptr_array_ref (op_collector_get_results (work->collector));
  op_station_set_tables (self, op_collector_get_tables (work->collector));
  if (done)
    {
      op_station_get_record (self)->last_collected_us = g_get_real_time ();
      op_station_set_has_gap (self, has_gaps (work->results));
      op_station_set_fraction (self, 1);
    }
  op_station_save_async (self, NULL, on_saved_at_end_cb, g_object_ref (task));
}

static void
on_progress_cb (OpTableProgress *progress, GParamSpec *pspec, GTask *task)
{
  Work *work = g_task_get_task_data (task);
  gint64 now = g_get_monotonic_time ();
  op_station_set_fraction (work->station, op_collector_get_fraction (work->collector));
  /* Who looks on sees the records arrive. */
  if (now - work->announced_us >= ANNOUNCE_INTERVAL_US)
    {
      work->announced_us = now;
      op_station_emit_changed (work->station);
    }
}

static void
watch_progress (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  GListModel *model = op_station_get_progress (work->station);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GObject) progress = g_list_model_get_item (model, i);
      g_signal_connect_object (progress, "notify::done", G_CALLBACK (on_progress_cb), task, 0);
    }
}

static void
collect (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  OpStation *self = work->station;
  const OpStationRecord *record = op_station_get_record (self);
  op_station_set_activity (self, OP_STATION_COLLECTING);
  op_station_set_fraction (self, 0);
  work->collector = op_collector_new (op_station_get_store (self), record->id, op_station_get_logger (self),
                                      op_station_get_tables (self), op_station_get_progress_store (self));
  op_collector_run_async (work->collector, &work->order, (const char *const *) record->tables, work->cancellable,
                          on_collected_cb, g_object_ref (task));
  watch_progress (task);
}

/* The station needs a place in the store before its records have one. */
static void
on_saved_before_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  if (op_station_save_finish (OP_STATION (source), result, &error))
    {
      collect (task);
      return;
    }
  end_work (task, error);
}

static void
on_connected (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  if (!work->collects && op_station_get_id (work->station) == 0)
    end_work (task, NULL);
  else if (work->collects)
    op_station_save_async (work->station, work->cancellable, on_saved_before_cb, g_object_ref (task));
  else
    op_station_save_async (work->station, NULL, on_saved_at_end_cb, g_object_ref (task));
}

static void
on_connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  OpConnection *connection = op_connect_finish (OP_LOGGER (source), result, &error);
  if (connection == NULL)
    {
      end_work (task, error);
      return;
    }
  op_station_take_connection (work->station, OP_LOGGER (source), connection);
  /* Each collection is a look at the clock too. */
  if (work->collects)
    op_clock_history_add_reading (work->station, op_station_get_clock (work->station));
  on_connected (task);
}

static void
connect_with_code (GTask *task, gint security)
{
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (OpLogger) logger = op_station_make_logger (work->station, security, &error);
  if (logger == NULL)
    {
      end_work (task, error);
      return;
    }
  op_station_pass_on_steps (work->station, logger);
  op_connect_async (logger, work->cancellable, on_connected_cb, g_object_ref (task));
}

static void
on_code_looked_up_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  connect_with_code (task, op_secrets_look_up_finish (result));
}

static void
connect_station (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  OpStation *self = work->station;
  const OpStationRecord *record = op_station_get_record (self);
  op_station_set_activity (self, OP_STATION_CONNECTING);
  /* Only saved stations can have left a code. */
  if (op_station_get_security (self) >= 0 || record->id == 0 || record->simulated)
    connect_with_code (task, op_station_get_security (self));
  else
    op_secrets_look_up_async (record->uri, work->cancellable, on_code_looked_up_cb, g_object_ref (task));
}

void
op_station_connect_async (OpStation *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STATION (self));
  g_autoptr (GTask) task = begin_work (self, cancellable, callback, data);
  if (task == NULL)
    return;
  op_station_disconnect (self);
  connect_station (task);
}

gboolean
op_station_connect_finish (OpStation *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
op_station_collect_async (OpStation *self, const OpCollectOrder *order, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STATION (self) && order != NULL);
  g_autoptr (GTask) task = begin_work (self, cancellable, callback, data);
  if (task == NULL)
    return;
  Work *work = g_task_get_task_data (task);
  work->collects = TRUE;
  work->order = *order;
  work->order.tables = g_strdupv (order->tables);
  if (op_station_get_logger (self) != NULL)
    on_connected (task);
  else
    connect_station (task);
}

GPtrArray *
op_station_collect_finish (OpStation *self, GAsyncResult *result, GPtrArray **partial, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  Work *work = g_task_get_task_data (G_TASK (result));
  if (g_task_propagate_boolean (G_TASK (result), error))
    return g_steal_pointer (&work->results);
  if (partial != NULL && work != NULL)
    *partial = g_steal_pointer (&work->results);
  return NULL;
}
