/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/live-values.h"

#include "app/engine/live-choice.h"
#include "app/engine/station-hold.h"
#include "protocol/transport/transport.h"

#include <glib/gi18n-lib.h>

#define DEFAULT_INTERVAL_US (5 * G_USEC_PER_SEC)
#define MIN_INTERVAL_US     100000
#define FIRST_BACK_OFF_US   G_USEC_PER_SEC
#define LAST_BACK_OFF_US    (60 * G_USEC_PER_SEC)

struct _OpLiveValues
{
  GObject       parent_instance;
  OpStation    *station;
  OpLiveChoice *choice;

  OpLiveState   state;
  GError       *error;
  GCancellable *run;         /* from start to stop */
  gboolean      is_held;
  guint         n_failures;  /* in a row */
  guint         timer;       /* the next reading or try */
  guint         stale_timer;

  gint64        wanted_us;   /* between two readings */
  gint64        duration_us; /* of a reading, smoothed */
  gint64        begun_us;    /* when the running one began; 0: none runs */
  guint         next_table;
  gboolean      again;       /* read again as soon as the running one is over */
};

enum
{
  PROP_STATE = 1,
  PROP_INTERVAL,
  PROP_TABLES,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_READ,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OpLiveValues, op_live_values, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (OpLiveState, op_live_state,
                    G_DEFINE_ENUM_VALUE (OP_LIVE_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (OP_LIVE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (OP_LIVE_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (OP_LIVE_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (OP_LIVE_FAILED, "failed"))

/* What a call to the logger or the station is for; after a stop nobody wants to know. */
typedef struct
{
  OpLiveValues *self;
  GCancellable *run;
  OpLiveTable  *table;
  gboolean      got_record;
} Call;

static void hold (OpLiveValues *self);
static void read_all (OpLiveValues *self);
static void read_next (OpLiveValues *self);

static Call *
call_new (OpLiveValues *self, OpLiveTable *table)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  call->run = g_object_ref (self->run);
  call->table = table != NULL ? op_live_table_ref (table) : NULL;
  return call;
}

static void
call_free (Call *call)
{
  g_object_unref (call->self);
  g_object_unref (call->run);
  g_clear_pointer (&call->table, op_live_table_unref);
  g_free (call);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static gboolean
is_wanted (const Call *call)
{
  return call->run == call->self->run;
}

static void
update_fields (OpLiveValues *self)
{
  const char *lost = NULL;

  if (self->state == OP_LIVE_CONNECTING)
    lost = _("Connecting…");
  else if (self->state == OP_LIVE_STOPPED)
    lost = _("Not connected");
  else if (self->state != OP_LIVE_RUNNING)
    lost = self->is_held ? _("No answer") : _("No connection");
  op_live_choice_update (self->choice, g_get_monotonic_time (), op_live_values_get_interval (self), lost);
}

static void
set_state (OpLiveValues *self, OpLiveState state)
{
  gboolean changed = state != self->state;

  self->state = state;
  update_fields (self);
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

static void
take_definitions (OpLiveValues *self, GPtrArray *definitions)
{
  op_live_choice_set_definitions (self->choice, definitions);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TABLES]);
}

static gboolean
on_timer_cb (gpointer data)
{
  OpLiveValues *self = data;

  self->timer = 0;
  if (self->is_held && op_station_get_logger (self->station) != NULL)
    read_all (self);
  else
    hold (self);
  return G_SOURCE_REMOVE;
}

static void
schedule (OpLiveValues *self, gint64 in_us)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add ((guint) (MAX (in_us, 0) / 1000), on_timer_cb, self);
}

static gboolean
on_stale_timer_cb (gpointer data)
{
  update_fields (data);
  return G_SOURCE_CONTINUE;
}

static void
release (OpLiveValues *self)
{
  gboolean was_held = self->is_held;

  self->is_held = FALSE;
  if (was_held)
    op_station_release (self->station);
}

/* Takes @error. */
static void
fail (OpLiveValues *self, GError *error)
{
  gint64 back_off_us = FIRST_BACK_OFF_US << MIN (self->n_failures, 10);
  gboolean needs_somebody = g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY)
                            || g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNSUPPORTED)
                            || g_error_matches (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_ADDRESS)
                            || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_clear_error (&self->error);
  self->error = error;
  self->n_failures++;
  self->begun_us = 0;
  /* A link that is up serves the next try. */
  if (needs_somebody || op_station_get_logger (self->station) == NULL)
    release (self);
  if (!needs_somebody)
    schedule (self, MIN (back_off_us, LAST_BACK_OFF_US));
  set_state (self, needs_somebody ? OP_LIVE_FAILED : OP_LIVE_WAITING);
}

static void
on_connected_changed_cb (OpLiveValues *self)
{
  if (self->is_held && self->begun_us == 0 && self->state == OP_LIVE_RUNNING
      && op_station_get_logger (self->station) == NULL)
    fail (self, g_error_new_literal (OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK, _("The link to the logger ended")));
}

/* Whether what went wrong concerns one table and not the link. */
static gboolean
is_of_table (const GError *error)
{
  return error->domain == OP_TABLE_ERROR || g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_REFUSED)
         || g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DATA)
         || g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NAME);
}

static void
finish_reading (OpLiveValues *self)
{
  gint64 duration_us = g_get_monotonic_time () - self->begun_us;
  gint64 begun_us = self->begun_us;
  gint64 earlier_us = op_live_values_get_interval (self);

  self->begun_us = 0;
  self->n_failures = 0;
  g_clear_error (&self->error);
  self->duration_us = MAX (duration_us, (3 * self->duration_us + duration_us) / 4);
  if (op_live_values_get_interval (self) != earlier_us)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_INTERVAL]);
  set_state (self, OP_LIVE_RUNNING);
  if (self->again)
    schedule (self, 0);
  else
    schedule (self, begun_us + op_live_values_get_interval (self) - g_get_monotonic_time ());
  self->again = FALSE;
  g_signal_emit (self, signals[SIGNAL_READ], 0);
}

static void
on_tables_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Call) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tables = op_logger_read_tables_finish (OP_LOGGER (source), result, &error);

  if (!is_wanted (call))
    return;
  if (tables == NULL)
    {
      fail (call->self, g_steal_pointer (&error));
      return;
    }
  take_definitions (call->self, tables);
  read_all (call->self);
}

static gboolean
on_record_cb (const OpChunk *chunk, gpointer data, GError **error)
{
  Call *call = data;

  call->got_record = TRUE;
  return op_live_table_take (call->table, chunk, g_get_monotonic_time (), error);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Call) call = data;
  OpLiveValues *self = call->self;
  g_autoptr (GError) error = NULL;
  gboolean done = op_logger_collect_finish (OP_LOGGER (source), result, &error);

  if (!is_wanted (call))
    return;
  g_clear_error (&call->table->error);
  if (done && !call->got_record)
    op_live_table_take_none (call->table, g_get_monotonic_time ());
  if (g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DEFINITIONS))
    op_logger_read_tables_async (OP_LOGGER (source), self->run, on_tables_cb, g_steal_pointer (&call));
  else if (!done && !is_of_table (error))
    fail (self, g_steal_pointer (&error));
  else
    {
      call->table->error = g_steal_pointer (&error);
      read_next (self);
    }
}

static void
read_next (OpLiveValues *self)
{
  const OpCollectRange newest = { .mode = OP_COLLECT_LAST, .a = 1 };
  OpLogger *logger = op_station_get_logger (self->station);
  OpLiveTable *table = op_live_choice_get_table (self->choice, self->next_table);
  Call *call;

  if (table == NULL)
    {
      finish_reading (self);
      return;
    }
  if (logger == NULL)
    {
      fail (self, g_error_new_literal (OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK, _("The link to the logger ended")));
      return;
    }
  self->next_table++;
  call = call_new (self, table);
  op_logger_collect_async (logger, table->table, &newest, on_record_cb, NULL, call, self->run, on_read_cb, call);
}

static void
read_all (OpLiveValues *self)
{
  self->begun_us = g_get_monotonic_time ();
  self->next_table = 0;
  read_next (self);
}

static void
on_held_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Call) call = data;
  OpLiveValues *self = call->self;
  g_autoptr (GError) error = NULL;
  gboolean held = op_station_hold_finish (OP_STATION (source), result, &error);

  if (!is_wanted (call))
    {
      if (held)
        op_station_release (OP_STATION (source));
      return;
    }
  if (!held)
    {
      fail (self, g_steal_pointer (&error));
      return;
    }
  self->is_held = TRUE;
  take_definitions (self, op_station_get_tables (self->station));
  read_all (self);
}

static void
hold (OpLiveValues *self)
{
  release (self);
  set_state (self, OP_LIVE_CONNECTING);
  op_station_hold_async (self->station, self->run, on_held_cb, call_new (self, NULL));
}

static void
op_live_values_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OpLiveValues *self = OP_LIVE_VALUES (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, (gint) self->state);
      break;
    case PROP_INTERVAL:
      g_value_set_int64 (value, op_live_values_get_interval (self));
      break;
    case PROP_TABLES:
      g_value_set_boolean (value, op_live_choice_get_definitions (self->choice) != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_live_values_dispose (GObject *object)
{
  OpLiveValues *self = OP_LIVE_VALUES (object);

  op_live_values_stop (self);
  g_clear_object (&self->station);
  G_OBJECT_CLASS (op_live_values_parent_class)->dispose (object);
}

static void
op_live_values_finalize (GObject *object)
{
  OpLiveValues *self = OP_LIVE_VALUES (object);

  op_live_choice_free (self->choice);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (op_live_values_parent_class)->finalize (object);
}

static void
op_live_values_class_init (OpLiveValuesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = op_live_values_get_property;
  object_class->dispose = op_live_values_dispose;
  object_class->finalize = op_live_values_finalize;
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, OP_TYPE_LIVE_STATE, OP_LIVE_STOPPED, flags);
  props[PROP_INTERVAL] = g_param_spec_int64 ("interval", NULL, NULL, 0, G_MAXINT64, DEFAULT_INTERVAL_US, flags);
  props[PROP_TABLES] = g_param_spec_boolean ("tables", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SIGNAL_READ]
    = g_signal_new ("read", OP_TYPE_LIVE_VALUES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
op_live_values_init (OpLiveValues *self)
{
  self->choice = op_live_choice_new ();
  self->wanted_us = DEFAULT_INTERVAL_US;
}

OpLiveValues *
op_live_values_new (OpStation *station)
{
  g_return_val_if_fail (OP_IS_STATION (station), NULL);

  OpLiveValues *self = g_object_new (OP_TYPE_LIVE_VALUES, NULL);

  self->station = g_object_ref (station);
  g_signal_connect_object (station, "notify::connected", G_CALLBACK (on_connected_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

OpStation *
op_live_values_get_station (OpLiveValues *self)
{
  g_return_val_if_fail (OP_IS_LIVE_VALUES (self), NULL);

  return self->station;
}

static void
read_soon (OpLiveValues *self)
{
  if (self->begun_us != 0)
    self->again = TRUE;
  else if (self->state == OP_LIVE_RUNNING)
    schedule (self, 0);
}

void
op_live_values_set_fields (OpLiveValues *self, const char *const *names)
{
  g_return_if_fail (OP_IS_LIVE_VALUES (self));

  op_live_choice_set_names (self->choice, names);
  update_fields (self);
  read_soon (self);
}

GListModel *
op_live_values_get_fields (OpLiveValues *self)
{
  g_return_val_if_fail (OP_IS_LIVE_VALUES (self), NULL);

  return op_live_choice_get_fields (self->choice);
}

GPtrArray *
op_live_values_get_tables (OpLiveValues *self)
{
  g_return_val_if_fail (OP_IS_LIVE_VALUES (self), NULL);

  return op_live_choice_get_definitions (self->choice);
}

void
op_live_values_set_interval (OpLiveValues *self, gint64 interval_us)
{
  g_return_if_fail (OP_IS_LIVE_VALUES (self));

  self->wanted_us = MAX (interval_us, MIN_INTERVAL_US);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_INTERVAL]);
  read_soon (self);
}

gint64
op_live_values_get_interval (OpLiveValues *self)
{
  g_return_val_if_fail (OP_IS_LIVE_VALUES (self), 0);

  return MAX (self->wanted_us, 2 * self->duration_us);
}

OpLiveState
op_live_values_get_state (OpLiveValues *self)
{
  g_return_val_if_fail (OP_IS_LIVE_VALUES (self), OP_LIVE_STOPPED);

  return self->state;
}

const GError *
op_live_values_get_error (OpLiveValues *self)
{
  g_return_val_if_fail (OP_IS_LIVE_VALUES (self), NULL);

  return self->error;
}

void
op_live_values_start (OpLiveValues *self)
{
  g_return_if_fail (OP_IS_LIVE_VALUES (self));

  if (self->run != NULL)
    return;
  self->run = g_cancellable_new ();
  self->n_failures = 0;
  self->duration_us = 0;
  self->stale_timer = g_timeout_add_seconds (1, on_stale_timer_cb, self);
  hold (self);
}

void
op_live_values_stop (OpLiveValues *self)
{
  g_return_if_fail (OP_IS_LIVE_VALUES (self));

  g_autoptr (GCancellable) run = g_steal_pointer (&self->run);

  if (run == NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->stale_timer, g_source_remove);
  g_clear_error (&self->error);
  self->begun_us = 0;
  self->again = FALSE;
  g_cancellable_cancel (run);
  release (self);
  set_state (self, OP_LIVE_STOPPED);
}

void
op_live_values_try_again (OpLiveValues *self)
{
  g_return_if_fail (OP_IS_LIVE_VALUES (self));

  if (self->state == OP_LIVE_FAILED || self->state == OP_LIVE_WAITING)
    schedule (self, 0);
}

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  OpWritten *written = op_value_write_finish (OP_LOGGER (source), result, &error);

  read_soon (g_task_get_source_object (task));
  if (written != NULL)
    g_task_return_pointer (task, written, (GDestroyNotify) op_written_free);
  else
    g_task_return_error (task, error);
}

void
op_live_values_write_async (OpLiveValues *self, const OpValueSpan *span, GBytes *values, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LIVE_VALUES (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  OpLogger *logger = self->is_held ? op_station_get_logger (self->station) : NULL;

  if (logger != NULL)
    op_value_write_async (logger, span, values, cancellable, on_written_cb, g_object_ref (task));
  else
    g_task_return_new_error (task, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK, _("“%s” is not connected"),
                             op_station_get_name (self->station));
}

OpWritten *
op_live_values_write_finish (OpLiveValues *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
