/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/identity-json.h"
#include "app/engine/station-clock.h"
#include "app/engine/station-private.h"
#include "app/engine/station-status.h"
#include "app/engine/table-progress.h"

#include <glib/gi18n-lib.h>

/* A clock off by more is worth a look. */
#define CLOCK_THRESHOLD_US (5 * G_USEC_PER_SEC)
/* How often the words of a status that tells an age are renewed. */
#define STATUS_INTERVAL_S 30

struct _OpStation
{
  GObject            parent_instance;
  OpStore           *store;
  OpStationRecord   *record;
  OpIdentity        *identity;
  OpStationLink     *link;

  OpStationActivity  activity;
  GCancellable      *work;         /* what runs; NULL: nothing */
  GError            *error;
  gboolean           has_gap;
  char              *status;
  guint              status_timer;

  GPtrArray         *tables;
  OpClockReading    *clock;
  GListStore        *progress;
  double             fraction;
};

enum
{
  PROP_NAME = 1,
  PROP_URI,
  PROP_SIMULATED,
  PROP_ACTIVITY,
  PROP_HEALTH,
  PROP_STATUS,
  PROP_FRACTION,
  PROP_ERROR,
  PROP_CONNECTED,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_CHANGED,
  SIGNAL_STEP,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OpStation, op_station, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (OpStationActivity, op_station_activity,
                    G_DEFINE_ENUM_VALUE (OP_STATION_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (OP_STATION_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (OP_STATION_COLLECTING, "collecting"))
G_DEFINE_ENUM_TYPE (OpHealth, op_health,
                    G_DEFINE_ENUM_VALUE (OP_HEALTH_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (OP_HEALTH_WELL, "well"),
                    G_DEFINE_ENUM_VALUE (OP_HEALTH_WATCH, "watch"),
                    G_DEFINE_ENUM_VALUE (OP_HEALTH_TROUBLE, "trouble"))

static char *
dup_status (OpStation *self)
{
  if (self->activity == OP_STATION_CONNECTING)
    return g_strdup (_("Connecting…"));
  if (self->activity == OP_STATION_COLLECTING)
    return g_strdup (_("Collecting…"));
  return op_status_dup_text (self->record, self->error, g_get_real_time ());
}

static void
update_status (OpStation *self)
{
  g_autofree char *status = dup_status (self);
  if (g_strcmp0 (status, self->status) == 0)
    return;
  g_free (self->status);
  self->status = g_steal_pointer (&status);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATUS]);
}

static gboolean
on_status_timer_cb (gpointer data)
{
  update_status (data);
  return G_SOURCE_CONTINUE;
}

static void
op_station_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OpStation *self = OP_STATION (object);
  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->record->name);
      break;
    case PROP_URI:
      g_value_set_string (value, self->record->uri);
      break;
    case PROP_SIMULATED:
      g_value_set_boolean (value, self->record->simulated);
      break;
    case PROP_ACTIVITY:
      g_value_set_enum (value, (gint) self->activity);
      break;
    case PROP_HEALTH:
      g_value_set_enum (value, (gint) op_station_get_health (self));
      break;
    case PROP_STATUS:
      g_value_set_string (value, self->status);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_CONNECTED:
      g_value_set_boolean (value, op_station_get_logger (self) != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_station_dispose (GObject *object)
{
  OpStation *self = OP_STATION (object);
  g_clear_handle_id (&self->status_timer, g_source_remove);
  op_station_disconnect (self);
  g_clear_object (&self->progress);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (op_station_parent_class)->dispose (object);
}

static void
op_station_finalize (GObject *object)
{
  OpStation *self = OP_STATION (object);
  g_clear_pointer (&self->link, op_station_link_free);
  op_station_record_free (self->record);
  g_clear_pointer (&self->identity, op_identity_free);
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_free (self->clock);
  g_free (self->status);
  G_OBJECT_CLASS (op_station_parent_class)->finalize (object);
}

static void
op_station_class_init (OpStationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  object_class->get_property = op_station_get_property;
  object_class->dispose = op_station_dispose;
  object_class->finalize = op_station_finalize;
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_URI] = g_param_spec_string ("uri", NULL, NULL, NULL, flags);
  props[PROP_SIMULATED] = g_param_spec_boolean ("simulated", NULL, NULL, FALSE, flags);
  props[PROP_ACTIVITY] = g_param_spec_enum ("activity", NULL, NULL, OP_TYPE_STATION_ACTIVITY, OP_STATION_IDLE, flags);
  props[PROP_HEALTH] = g_param_spec_enum ("health", NULL, NULL, OP_TYPE_HEALTH, OP_HEALTH_UNKNOWN, flags);
  props[PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, flags);
  props[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  props[PROP_CONNECTED] = g_param_spec_boolean ("connected", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", OP_TYPE_STATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
  signals[SIGNAL_STEP] = g_signal_new ("step", OP_TYPE_STATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                       G_TYPE_INT, G_TYPE_INT, G_TYPE_STRING);
}

static void
op_station_init (OpStation *self)
{
  self->progress = g_list_store_new (OP_TYPE_TABLE_PROGRESS);
  self->status_timer = g_timeout_add_seconds (STATUS_INTERVAL_S, on_status_timer_cb, self);
}

OpStation *
op_station_new (OpStore *store, const OpStationRecord *record)
{
  g_return_val_if_fail (OP_IS_STORE (store) && record != NULL && record->uri != NULL, NULL);
  OpStation *self = g_object_new (OP_TYPE_STATION, NULL);
  self->store = g_object_ref (store);
  self->link = op_station_link_new (self);
  self->record = op_station_record_copy (record);
  self->identity = op_identity_from_json (record->identity);
  self->status = dup_status (self);
  return self;
}

OpStore *
op_station_get_store (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), NULL);
  return self->store;
}

gint64
op_station_get_id (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), 0);
  return self->record->id;
}

const char *
op_station_get_name (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), NULL);
  return self->record->name;
}

const char *
op_station_get_uri (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), NULL);
  return self->record->uri;
}

gboolean
op_station_get_simulated (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), FALSE);
  return self->record->simulated;
}

OpStationActivity
op_station_get_activity (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), OP_STATION_IDLE);
  return self->activity;
}

OpHealth
op_station_get_health (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), OP_HEALTH_UNKNOWN);
  const OpStationRecord *record = self->record;
  if (self->error != NULL)
    return OP_HEALTH_TROUBLE;
  if (record->last_collected_us == 0)
    return OP_HEALTH_UNKNOWN;
  gboolean clock_is_off = record->last_offset_known && ABS (record->last_offset_us) > CLOCK_THRESHOLD_US;
  return self->has_gap || clock_is_off ? OP_HEALTH_WATCH : OP_HEALTH_WELL;
}

const char *
op_station_get_status (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), NULL);
  return self->status;
}

double
op_station_get_fraction (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), 0);
  return self->fraction;
}

const GError *
op_station_get_error (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), NULL);
  return self->error;
}

const OpIdentity *
op_station_get_identity (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), NULL);
  return self->identity;
}

GListModel *
op_station_get_progress (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), NULL);
  return G_LIST_MODEL (self->progress);
}

OpStationRecord *
op_station_dup_record (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), NULL);
  return op_station_record_copy (self->record);
}

GPtrArray *
op_station_get_tables (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), NULL);
  return self->tables;
}

const OpClockReading *
op_station_get_clock (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), NULL);
  return self->clock;
}

gboolean
op_station_get_clock_offset (OpStation *self, gint64 *offset_us, gint64 *uncertainty_us)
{
  g_return_val_if_fail (OP_IS_STATION (self), FALSE);
  if (self->clock == NULL)
    return FALSE;
  *offset_us = op_clock_get_offset (self->clock, self->record);
  *uncertainty_us = op_clock_get_uncertainty (self->clock);
  return TRUE;
}

void
op_station_cancel (OpStation *self)
{
  g_return_if_fail (OP_IS_STATION (self));
  if (self->work != NULL)
    g_cancellable_cancel (self->work);
}

static void
on_saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpStation *self = g_task_get_source_object (task);
  GError *error = NULL;
  gint64 id = op_store_save_station_finish (OP_STORE (source), result, &error);
  if (id == 0)
    {
      g_task_return_error (task, error);
      return;
    }
  self->record->id = id;
  g_task_return_boolean (task, TRUE);
}

void
op_station_save_async (OpStation *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STATION (self));
  GTask *task = g_task_new (self, cancellable, callback, data);
  g_task_set_check_cancellable (task, FALSE);
  op_store_save_station_async (self->store, self->record, cancellable, on_saved_cb, task);
}

gboolean
op_station_save_finish (OpStation *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

OpStationLink *
op_station_get_link (OpStation *self)
{
  return self->link;
}

OpStationRecord *
op_station_get_record (OpStation *self)
{
  return self->record;
}

gboolean
op_station_is_working (OpStation *self)
{
  return self->work != NULL;
}

void
op_station_take_record (OpStation *self, const OpStationRecord *record)
{
  OpStationRecord *taken = op_station_record_copy (record);
  op_station_record_free (self->record);
  self->record = taken;
  g_object_freeze_notify (G_OBJECT (self));
  update_status (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_URI]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HEALTH]);
  g_object_thaw_notify (G_OBJECT (self));
}

gboolean
op_station_begin_work (OpStation *self, GCancellable **cancellable)
{
  if (self->work != NULL)
    return FALSE;
  self->work = g_cancellable_new ();
  *cancellable = g_object_ref (self->work);
  return TRUE;
}

void
op_station_end_work (OpStation *self, const GError *error)
{
  g_clear_object (&self->work);
  self->activity = OP_STATION_IDLE;
  op_station_drop_ended_link (self);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&self->error);
      self->error = error != NULL ? g_error_copy (error) : NULL;
    }
  g_object_freeze_notify (G_OBJECT (self));
  update_status (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVITY]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ERROR]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HEALTH]);
  g_object_thaw_notify (G_OBJECT (self));
}

void
op_station_set_activity (OpStation *self, OpStationActivity activity)
{
  self->activity = activity;
  update_status (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVITY]);
}

static void
keep_identity (OpStation *self, OpIdentity *identity)
{
  g_clear_pointer (&self->identity, op_identity_free);
  self->identity = identity;
  g_free (self->record->identity);
  self->record->identity = op_identity_to_json (identity);
}

void
op_station_take_connection (OpStation *self, OpLogger *logger, OpConnection *connection)
{
  op_station_take_logger (self, logger);
  keep_identity (self, g_steal_pointer (&connection->identity));
  op_station_set_tables (self, connection->tables);
  op_station_take_clock (self, g_steal_pointer (&connection->clock));
  op_connection_free (connection);
}

void
op_station_take_clock (OpStation *self, OpClockReading *clock)
{
  g_free (self->clock);
  self->clock = clock;
  self->record->last_offset_us = op_clock_get_offset (clock, self->record);
  self->record->last_offset_known = TRUE;
  update_status (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HEALTH]);
}

void
op_station_set_tables (OpStation *self, GPtrArray *tables)
{
  g_ptr_array_ref (tables);
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  self->tables = tables;
}

GListStore *
op_station_get_progress_store (OpStation *self)
{
  return self->progress;
}

void
op_station_set_fraction (OpStation *self, double fraction)
{
  if (self->fraction == fraction)
    return;
  self->fraction = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FRACTION]);
}

void
op_station_set_has_gap (OpStation *self, gboolean has_gap)
{
  self->has_gap = has_gap;
}

void
op_station_emit_changed (OpStation *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
