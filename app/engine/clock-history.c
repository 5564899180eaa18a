/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-history.h"

#include "app/engine/station-clock.h"
#include "app/engine/station-private.h"

#include <glib/gi18n-lib.h>

OpClockDrift *
op_clock_history_get_drift (GPtrArray *events)
{
  g_autofree OpClockCheck *checks = g_new0 (OpClockCheck, events->len);

  for (guint i = 0; i < events->len; i++)
    {
      const OpClockEvent *event = g_ptr_array_index (events, i);

      checks[i] = (OpClockCheck) { event->host_unix_us, event->offset_us, event->uncertainty_us, event->adjusted_us };
    }
  return op_clock_drift_new (checks, events->len);
}

const char *
op_clock_step_get_words (OpClockStepKind kind)
{
  switch (kind)
    {
    case OP_CLOCK_STEP_SET:
      return _("set by this program");
    case OP_CLOCK_STEP_SET_ELSEWHERE:
      return _("set by somebody else");
    case OP_CLOCK_STEP_HOUR:
      return _("moved by an hour: somebody follows daylight saving");
    case OP_CLOCK_STEP_STOOD_STILL:
      return _("stood still: a reboot");
    case OP_CLOCK_STEP_TO_1990:
      return _("began anew at 1990: the lithium battery is empty");
    case OP_CLOCK_STEP_TO_2000:
      return _("began anew at 2000: the lithium battery is empty");
    case OP_CLOCK_STEP_OTHER:
      return _("moved");
    }
  g_assert_not_reached ();
}

/* "2026-11-27T09:14:03.250Z" */
static char *
dup_time (gint64 unix_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (unix_us / G_USEC_PER_SEC);
  g_autofree char *seconds = time != NULL ? g_date_time_format (time, "%FT%T") : g_strdup ("");

  return g_strdup_printf ("%s.%03dZ", seconds, (gint) (unix_us % G_USEC_PER_SEC / 1000));
}

static void
append_seconds (GString *csv, gint64 us)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (csv, ",%s", g_ascii_formatd (text, sizeof text, "%.6f", (double) us / G_USEC_PER_SEC));
}

/* Names are the one text that others choose; in quotes, with theirs doubled (RFC 4180). */
static void
append_quoted (GString *csv, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", parts);

  g_string_append_printf (csv, ",\"%s\"", doubled);
}

char *
op_clock_history_dup_csv (GPtrArray *events)
{
  GString *csv = g_string_new ("time_utc,kind,offset_s,uncertainty_s,round_trip_s,adjusted_s,by\n");

  for (guint i = 0; i < events->len; i++)
    {
      const OpClockEvent *event = g_ptr_array_index (events, i);
      g_autofree char *time = dup_time (event->host_unix_us);

      g_string_append_printf (csv, "%s,%s", time, event->kind == OP_CLOCK_EVENT_SET ? "set" : "check");
      append_seconds (csv, event->offset_us);
      append_seconds (csv, event->uncertainty_us);
      append_seconds (csv, event->round_trip_us);
      append_seconds (csv, event->adjusted_us);
      append_quoted (csv, event->by_whom);
      g_string_append_c (csv, '\n');
    }
  return g_string_free (csv, FALSE);
}

/* Adding */

static OpClockEvent *
new_event (OpStation *station, OpClockEventKind kind, const OpClockOffset *offset, gint64 adjusted_us)
{
  OpClockEvent *event = g_new0 (OpClockEvent, 1);
  const char *name = g_get_real_name ();

  event->station = op_station_get_id (station);
  event->host_unix_us = offset->host_unix_us;
  event->by_whom = g_strdup (g_str_equal (name, "Unknown") ? g_get_user_name () : name);
  event->kind = kind;
  event->offset_us = offset->offset_us;
  event->uncertainty_us = offset->uncertainty_us;
  event->round_trip_us = offset->round_trip_us;
  event->adjusted_us = adjusted_us;
  return event;
}

/* (element-type OpClockEvent): what is left to keep is the data of the task */
static GPtrArray *
list_events (OpStation *station, const OpClockChange *change)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) op_clock_event_free);

  if (change->set)
    {
      OpClockEvent *set = new_event (station, OP_CLOCK_EVENT_SET, &change->before.offset, change->adjusted_us);

      set->host_unix_us = change->set_unix_us;
      g_ptr_array_add (events, set);
    }
  g_ptr_array_add (events, new_event (station, OP_CLOCK_EVENT_CHECK, &change->after.offset, 0));
  return events;
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  GPtrArray *history = op_store_list_clock_events_finish (OP_STORE (source), result, &error);

  if (history != NULL)
    g_task_return_pointer (task, history, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpStation *station = OP_STATION (source);
  GError *error = NULL;

  if (op_station_save_finish (station, result, &error))
    op_store_list_clock_events_async (op_station_get_store (station), op_station_get_id (station), NULL,
                                      on_listed_cb, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void add_next (GTask *task);

static void
on_added_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (op_store_add_clock_event_finish (OP_STORE (source), result, &error))
    add_next (task);
  else
    g_task_return_error (task, error);
}

static void
add_next (GTask *task)
{
  OpStation *station = g_task_get_source_object (task);
  GPtrArray *events = g_task_get_task_data (task);
  g_autoptr (OpClockEvent) event = NULL;

  if (events->len == 0)
    {
      op_station_save_async (station, NULL, on_saved_cb, g_object_ref (task));
      return;
    }
  event = g_ptr_array_steal_index (events, 0);
  op_store_add_clock_event_async (op_station_get_store (station), event, NULL, on_added_cb, g_object_ref (task));
}

void
op_clock_history_add_async (OpStation *station, const OpClockChange *change, GAsyncReadyCallback callback,
                            gpointer data)
{
  g_autoptr (GTask) task = g_task_new (station, NULL, callback, data);
  GPtrArray *events = list_events (station, change);

  g_task_set_task_data (task, events, (GDestroyNotify) g_ptr_array_unref);
  if (op_station_get_id (station) == 0)
    g_task_return_pointer (task, g_ptr_array_ref (events), (GDestroyNotify) g_ptr_array_unref);
  else
    add_next (task);
}

GPtrArray *
op_clock_history_add_finish (OpStation *station, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, station), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
op_clock_history_add_reading (OpStation *station, const OpClockReading *reading)
{
  const OpStationRecord *record = op_station_get_record (station);

  if (record->id == 0)
    return;
  OpClockOffset offset = op_clock_offset_combine (reading, 1, op_clock_get_zone (record, reading->host_unix_us));
  g_autoptr (OpClockEvent) event = new_event (station, OP_CLOCK_EVENT_CHECK, &offset, 0);

  op_store_add_clock_event_async (op_station_get_store (station), event, NULL, NULL, NULL);
}
