/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-keeper.h"

#include "app/engine/clock-history.h"
#include "app/engine/station-clock.h"
#include "app/engine/station-hold.h"
#include "app/engine/station-private.h"

#include <glib/gi18n-lib.h>

struct _OpClockKeeper
{
  GObject       parent_instance;
  OpStation    *station;
  OpClockState  state;
  gint64        moment;
  OpClockLook  *look;    /* NULL: none yet */
  GPtrArray    *history; /* OpClockEvent */
  OpClockDrift *drift;
};

G_DEFINE_FINAL_TYPE (OpClockKeeper, op_clock_keeper, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (OpClockState, op_clock_state,
                    G_DEFINE_ENUM_VALUE (OP_CLOCK_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (OP_CLOCK_CHECKING, "checking"),
                    G_DEFINE_ENUM_VALUE (OP_CLOCK_COLLECTING, "collecting"),
                    G_DEFINE_ENUM_VALUE (OP_CLOCK_SETTING, "setting"))

enum
{
  PROP_0,
  PROP_STATE,
  PROP_MOMENT,
  N_PROPS
};
static GParamSpec *props[N_PROPS];
static guint changed_signal;

/* One check or set: the data of its task. */
typedef struct
{
  gboolean     sets;
  gboolean     collects;
  OpClockOrder order;
  gint         utc_offset_s;
  OpClockChange change;
} Job;

static void
set_state (OpClockKeeper *self, OpClockState state)
{
  self->state = state;
  self->moment = 0;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MOMENT]);
}

static void
on_wait (gint64 at_unix_us, gpointer data)
{
  OpClockKeeper *self = data;

  self->moment = at_unix_us;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MOMENT]);
}

static void
take_history (OpClockKeeper *self, GPtrArray *history)
{
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_clear_pointer (&self->drift, op_clock_drift_free);
  self->history = history;
  self->drift = history->len > 0 ? op_clock_history_get_drift (history) : NULL;
}

/* The station tells the offset of one reading: the look is made into one that says the same. */
static void
take_look (OpClockKeeper *self, const OpClockLook *look, gint utc_offset_s)
{
  OpClockReading *reading = g_new0 (OpClockReading, 1);

  reading->host_unix_us = look->offset.host_unix_us;
  reading->logger_time = op_clock_look_get_time (look, utc_offset_s, reading->host_unix_us);
  reading->round_trip_us = 2 * look->offset.uncertainty_us;
  op_station_take_clock (self->station, reading);
  g_free (self->look);
  self->look = g_memdup2 (look, sizeof *look);
}

/* Ends what @task does with @error (taken over), or well. */
static void
end (GTask *task, GError *error)
{
  OpClockKeeper *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);

  op_station_release (self->station);
  set_state (self, OP_CLOCK_IDLE);
  g_signal_emit (self, changed_signal, 0);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_memdup2 (&job->change, sizeof job->change), g_free);
}

static void
on_kept_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpClockKeeper *self = g_task_get_source_object (task);
  GError *error = NULL;
  GPtrArray *history = op_clock_history_add_finish (OP_STATION (source), result, &error);

  if (history != NULL)
    take_history (self, history);
  end (task, error);
}

static void
keep (GTask *task)
{
  OpClockKeeper *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);

  take_look (self, &job->change.after, job->utc_offset_s);
  op_clock_history_add_async (self->station, &job->change, on_kept_cb, g_object_ref (task));
}

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree OpClockLook *look = op_clock_look_finish (OP_LOGGER (source), result, &error);

  if (look == NULL)
    {
      end (task, error);
      return;
    }
  job->change.before = *look;
  job->change.after = *look;
  keep (task);
}

static void
on_changed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree OpClockChange *change = op_clock_change_finish (OP_LOGGER (source), result, &error);

  if (change == NULL)
    {
      end (task, error);
      return;
    }
  job->change = *change;
  keep (task);
}

static void
look_or_change (GTask *task)
{
  OpClockKeeper *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  OpLogger *logger = op_station_get_logger (self->station);

  if (logger == NULL)
    {
      end (task, g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK, _("The link to “%s” ended"),
                              op_station_get_name (self->station)));
      return;
    }
  job->utc_offset_s = op_clock_keeper_get_utc_offset (self, NULL);
  if (job->sets)
    {
      set_state (self, OP_CLOCK_SETTING);
      op_clock_change_async (logger, op_station_get_tables (self->station), &job->order, job->utc_offset_s, on_wait,
                             self, g_task_get_cancellable (task), on_changed_cb, g_object_ref (task));
    }
  else
    op_clock_look_async (logger, job->utc_offset_s, g_task_get_cancellable (task), on_looked_cb, g_object_ref (task));
}

static void
on_collected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) results = op_station_collect_finish (OP_STATION (source), result, NULL, &error);

  if (results != NULL)
    look_or_change (task);
  else
    end (task, error);
}

static void
on_held_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpClockKeeper *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  const OpCollectOrder order = { .select = OP_SELECT_NEW };
  GError *error = NULL;

  if (!op_station_hold_finish (OP_STATION (source), result, &error))
    {
      set_state (self, OP_CLOCK_IDLE);
      g_task_return_error (task, error);
      return;
    }
  if (!job->collects)
    {
      look_or_change (task);
      return;
    }
  set_state (self, OP_CLOCK_COLLECTING);
  op_station_collect_async (self->station, &order, g_task_get_cancellable (task), on_collected_cb,
                            g_object_ref (task));
}

/* Takes @job. */
static void
begin (OpClockKeeper *self, Job *job, GTask *task)
{
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, g_free);
  if (self->state != OP_CLOCK_IDLE)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, _("“%s” is busy"),
                               op_station_get_name (self->station));
      return;
    }
  set_state (self, OP_CLOCK_CHECKING);
  op_station_hold_async (self->station, g_task_get_cancellable (task), on_held_cb, g_object_ref (task));
}

void
op_clock_keeper_check_async (OpClockKeeper *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer data)
{
  g_return_if_fail (OP_IS_CLOCK_KEEPER (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  begin (self, g_new0 (Job, 1), task);
}

gboolean
op_clock_keeper_check_finish (OpClockKeeper *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  g_autofree OpClockChange *change = g_task_propagate_pointer (G_TASK (result), error);
  return change != NULL;
}

void
op_clock_keeper_set_async (OpClockKeeper *self, const OpClockOrder *order, gboolean collect_first,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_CLOCK_KEEPER (self) && order != NULL);

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Job *job = g_new0 (Job, 1);

  job->sets = TRUE;
  job->collects = collect_first;
  job->order = *order;
  begin (self, job, task);
}

OpClockChange *
op_clock_keeper_set_finish (OpClockKeeper *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

OpClockPlan *
op_clock_keeper_plan (OpClockKeeper *self, const OpClockOrder *order)
{
  g_return_val_if_fail (OP_IS_CLOCK_KEEPER (self) && order != NULL, NULL);

  GPtrArray *tables = op_station_get_tables (self->station);

  if (self->look == NULL || tables == NULL)
    return NULL;
  return op_clock_plan_new (self->look, tables, order, op_clock_keeper_get_utc_offset (self, NULL),
                            g_get_real_time ());
}

/* History */

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpClockKeeper *self = g_task_get_source_object (task);
  GError *error = NULL;
  GPtrArray *history = op_store_list_clock_events_finish (OP_STORE (source), result, &error);

  if (history == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  take_history (self, history);
  g_signal_emit (self, changed_signal, 0);
  g_task_return_boolean (task, TRUE);
}

void
op_clock_keeper_load_async (OpClockKeeper *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer data)
{
  g_return_if_fail (OP_IS_CLOCK_KEEPER (self));

  GTask *task = g_task_new (self, cancellable, callback, data);

  op_store_list_clock_events_async (op_station_get_store (self->station), op_station_get_id (self->station),
                                    cancellable, on_loaded_cb, task);
}

gboolean
op_clock_keeper_load_finish (OpClockKeeper *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

char *
op_clock_keeper_dup_csv (OpClockKeeper *self)
{
  g_return_val_if_fail (OP_IS_CLOCK_KEEPER (self), NULL);

  return op_clock_history_dup_csv (self->history);
}

/* UTC offset */

gint
op_clock_keeper_get_utc_offset (OpClockKeeper *self, gboolean *chosen)
{
  g_return_val_if_fail (OP_IS_CLOCK_KEEPER (self), 0);

  const OpStationRecord *record = op_station_get_record (self->station);

  if (chosen != NULL)
    *chosen = record->utc_offset_known;
  return op_clock_get_zone (record, g_get_real_time ());
}

gboolean
op_clock_keeper_propose_utc_offset (OpClockKeeper *self, gint *utc_offset_s)
{
  g_return_val_if_fail (OP_IS_CLOCK_KEEPER (self), FALSE);

  return self->look != NULL && op_clock_propose_utc_offset (&self->look->last, utc_offset_s);
}

static void
on_offset_set_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpClockKeeper *self = g_task_get_source_object (task);
  gint before_s = GPOINTER_TO_INT (g_task_get_task_data (task));
  GError *error = NULL;

  if (!op_station_set_utc_offset_finish (OP_STATION (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (self->look != NULL)
    self->look->offset.offset_us -= (op_clock_keeper_get_utc_offset (self, NULL) - before_s)
                                    * (gint64) G_USEC_PER_SEC;
  op_store_list_clock_events_async (op_station_get_store (self->station), op_station_get_id (self->station), NULL,
                                    on_loaded_cb, g_steal_pointer (&task));
}

void
op_clock_keeper_set_utc_offset_async (OpClockKeeper *self, gint utc_offset_s, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_CLOCK_KEEPER (self));

  GTask *task = g_task_new (self, cancellable, callback, data);

  g_task_set_task_data (task, GINT_TO_POINTER (op_clock_keeper_get_utc_offset (self, NULL)), NULL);
  op_station_set_utc_offset_async (self->station, utc_offset_s, cancellable, on_offset_set_cb, task);
}

gboolean
op_clock_keeper_set_utc_offset_finish (OpClockKeeper *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The object */

OpStation *
op_clock_keeper_get_station (OpClockKeeper *self)
{
  g_return_val_if_fail (OP_IS_CLOCK_KEEPER (self), NULL);
  return self->station;
}

OpClockState
op_clock_keeper_get_state (OpClockKeeper *self)
{
  g_return_val_if_fail (OP_IS_CLOCK_KEEPER (self), OP_CLOCK_IDLE);
  return self->state;
}

gint64
op_clock_keeper_get_moment (OpClockKeeper *self)
{
  g_return_val_if_fail (OP_IS_CLOCK_KEEPER (self), 0);
  return self->moment;
}

const OpClockLook *
op_clock_keeper_get_look (OpClockKeeper *self)
{
  g_return_val_if_fail (OP_IS_CLOCK_KEEPER (self), NULL);
  return self->look;
}

GPtrArray *
op_clock_keeper_get_history (OpClockKeeper *self)
{
  g_return_val_if_fail (OP_IS_CLOCK_KEEPER (self), NULL);
  return self->history;
}

const OpClockDrift *
op_clock_keeper_get_drift (OpClockKeeper *self)
{
  g_return_val_if_fail (OP_IS_CLOCK_KEEPER (self), NULL);
  return self->drift;
}

static void
op_clock_keeper_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OpClockKeeper *self = OP_CLOCK_KEEPER (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, (gint) self->state);
      break;
    case PROP_MOMENT:
      g_value_set_int64 (value, self->moment);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_clock_keeper_finalize (GObject *object)
{
  OpClockKeeper *self = OP_CLOCK_KEEPER (object);

  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_clear_pointer (&self->drift, op_clock_drift_free);
  g_free (self->look);
  g_clear_object (&self->station);
  G_OBJECT_CLASS (op_clock_keeper_parent_class)->finalize (object);
}

static void
op_clock_keeper_class_init (OpClockKeeperClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = op_clock_keeper_get_property;
  object_class->finalize = op_clock_keeper_finalize;
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, OP_TYPE_CLOCK_STATE, OP_CLOCK_IDLE, flags);
  props[PROP_MOMENT] = g_param_spec_int64 ("moment", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  changed_signal = g_signal_new ("changed", OP_TYPE_CLOCK_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
op_clock_keeper_init (OpClockKeeper *self)
{
  self->history = g_ptr_array_new_with_free_func ((GDestroyNotify) op_clock_event_free);
}

OpClockKeeper *
op_clock_keeper_new (OpStation *station)
{
  g_return_val_if_fail (OP_IS_STATION (station), NULL);

  OpClockKeeper *self = g_object_new (OP_TYPE_CLOCK_KEEPER, NULL);
  self->station = g_object_ref (station);
  return self;
}
