/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-clock.h"

OpClockEvent *
op_clock_event_copy (const OpClockEvent *event)
{
  OpClockEvent *copy = g_memdup2 (event, sizeof *event);

  copy->by_whom = g_strdup (event->by_whom);
  return copy;
}

void
op_clock_event_free (OpClockEvent *event)
{
  g_free (event->by_whom);
  g_free (event);
}

void
op_clock_request_free (OpClockRequest *request)
{
  g_clear_pointer (&request->event, op_clock_event_free);
  g_clear_pointer (&request->list, g_ptr_array_unref);
  g_free (request);
}

gboolean
op_db_add_clock_event (OpDb *db, gpointer data, GError **error)
{
  const OpClockEvent *event = ((OpClockRequest *) data)->event;

  return op_db_run (db, error,
                    "INSERT INTO clock_event (station, host_unix_us, by_whom, kind, offset_us, uncertainty_us,"
                    " round_trip_us, adjusted_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", "iisiiiii",
                    event->station, event->host_unix_us, event->by_whom, (gint64) event->kind, event->offset_us,
                    event->uncertainty_us, event->round_trip_us, event->adjusted_us);
}

static OpClockEvent *
event_from_row (sqlite3_stmt *row)
{
  OpClockEvent *event = g_new0 (OpClockEvent, 1);

  event->station = sqlite3_column_int64 (row, 0);
  event->host_unix_us = sqlite3_column_int64 (row, 1);
  event->by_whom = g_strdup ((const char *) sqlite3_column_text (row, 2));
  event->kind = sqlite3_column_int (row, 3) == OP_CLOCK_EVENT_SET ? OP_CLOCK_EVENT_SET : OP_CLOCK_EVENT_CHECK;
  event->offset_us = sqlite3_column_int64 (row, 4);
  event->uncertainty_us = sqlite3_column_int64 (row, 5);
  event->round_trip_us = sqlite3_column_int64 (row, 6);
  event->adjusted_us = sqlite3_column_int64 (row, 7);
  return event;
}

gboolean
op_db_list_clock_events (OpDb *db, gpointer data, GError **error)
{
  OpClockRequest *request = data;
  g_autoptr (OpStatement) query = op_db_query (
      db, error,
      "SELECT station, host_unix_us, by_whom, kind, offset_us, uncertainty_us, round_trip_us, adjusted_us"
      " FROM clock_event WHERE station = ?1 ORDER BY host_unix_us, id", "i", request->station);
  if (query == NULL)
    return FALSE;
  request->list = g_ptr_array_new_with_free_func ((GDestroyNotify) op_clock_event_free);
  gint code;
  while ((code = op_statement_step (query, error)) == SQLITE_ROW)
    g_ptr_array_add (request->list, event_from_row (query->stmt));
  return code == SQLITE_DONE;
}

gboolean
op_db_set_utc_offset (OpDb *db, gpointer data, GError **error)
{
  const OpClockRequest *request = data;

  return op_db_run (db, error,
                    "UPDATE station SET utc_offset_s = ?2, last_offset_us = last_offset_us + ?3 WHERE id = ?1", "iii",
                    request->station, (gint64) request->utc_offset_s, request->shift_us)
         && op_db_run (db, error, "UPDATE clock_event SET offset_us = offset_us + ?2 WHERE station = ?1", "ii",
                       request->station, request->shift_us);
}
