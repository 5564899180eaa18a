/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-stations.h"

#include "app/engine/store-records.h"

#include <glib/gi18n-lib.h>

/* Rows that one slice of clearing away takes: some 4 MB. */
#define SWEEP_ROWS 256

OpStationsRequest *
op_stations_request_new (void)
{
  return g_new0 (OpStationsRequest, 1);
}

void
op_stations_request_free (OpStationsRequest *request)
{
  g_clear_pointer (&request->record, op_station_record_free);
  g_clear_pointer (&request->list, g_ptr_array_unref);
  g_free (request);
}

static OpStationRecord *
record_from_row (sqlite3_stmt *row)
{
  OpStationRecord *record = op_station_record_new ();
  record->id = sqlite3_column_int64 (row, 0);
  record->name = g_strdup ((const char *) sqlite3_column_text (row, 1));
  record->uri = g_strdup ((const char *) sqlite3_column_text (row, 2));
  record->simulated = sqlite3_column_int (row, 3) != 0;
  record->utc_offset_known = sqlite3_column_type (row, 4) != SQLITE_NULL;
  record->utc_offset_s = sqlite3_column_int (row, 4);
  const char *tables = (const char *) sqlite3_column_text (row, 5);
  record->tables = tables != NULL ? g_strsplit (tables, "\n", -1) : NULL;
  record->identity = g_strdup ((const char *) sqlite3_column_text (row, 6));
  record->last_collected_us = sqlite3_column_int64 (row, 7);
  record->last_offset_known = sqlite3_column_type (row, 8) != SQLITE_NULL;
  record->last_offset_us = sqlite3_column_int64 (row, 8);
  return record;
}

gboolean
op_db_load_stations (OpDb *db, gpointer data, GError **error)
{
  OpStationsRequest *request = data;
  g_autoptr (OpStatement) query = op_db_query (
      db, error,
      "SELECT id, name, uri, simulated, utc_offset_s, tables, identity, last_collected_us, last_offset_us"
      " FROM station WHERE NOT removed ORDER BY name", "");
  if (query == NULL)
    return FALSE;
  request->list = g_ptr_array_new_with_free_func ((GDestroyNotify) op_station_record_free);
  gint code;
  while ((code = op_statement_step (query, error)) == SQLITE_ROW)
    g_ptr_array_add (request->list, record_from_row (query->stmt));
  return code == SQLITE_DONE;
}

static gboolean
check_name (OpDb *db, const OpStationRecord *record, GError **error)
{
  gint64 other;
  if (!op_db_get_int (db, 0, &other, error, "SELECT id FROM station WHERE name = ?1 AND id != ?2", "si",
                      record->name, record->id))
    return FALSE;
  if (other == 0)
    return TRUE;
  g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_NAME_TAKEN, _("There is a station named “%s” already"),
               record->name);
  return FALSE;
}

gboolean
op_db_save_station (OpDb *db, gpointer data, GError **error)
{
  OpStationsRequest *request = data;
  const OpStationRecord *record = request->record;
  if (!check_name (db, record, error))
    return FALSE;
  g_autofree char *tables = record->tables != NULL ? g_strjoinv ("\n", record->tables) : NULL;
  if (!op_db_run (db, error,
                  "INSERT INTO station (id, name, uri, simulated, utc_offset_s, tables, identity,"
                  " last_collected_us, last_offset_us) VALUES (nullif (?1, 0), ?2, ?3, ?4,"
                  " CASE WHEN ?9 THEN ?5 END, ?6, ?7, ?8, CASE WHEN ?11 THEN ?10 END)"
                  " ON CONFLICT (id) DO UPDATE SET name = excluded.name, uri = excluded.uri,"
                  " simulated = excluded.simulated, utc_offset_s = excluded.utc_offset_s, tables = excluded.tables,"
                  " identity = excluded.identity, last_collected_us = excluded.last_collected_us,"
                  " last_offset_us = excluded.last_offset_us",
                  "issiissiiii", record->id, record->name, record->uri, (gint64) record->simulated,
                  (gint64) record->utc_offset_s, tables, record->identity, record->last_collected_us,
                  (gint64) record->utc_offset_known, record->last_offset_us, (gint64) record->last_offset_known))
    return FALSE;
  request->id = record->id != 0 ? record->id : sqlite3_last_insert_rowid (db->handle);
  return TRUE;
}

gboolean
op_db_remove_station (OpDb *db, gpointer data, GError **error)
{
  OpStationsRequest *request = data;
  db->sweep = TRUE;
  return op_db_run (db, error, "UPDATE station SET removed = 1, name = 'removed' || char (10) || id WHERE id = ?1",
                    "i", request->id);
}

/* Deletes some rows of a keyed table between two keys; *@n_deleted tells how many. */
static gboolean
delete_rows (OpDb *db, const char *sql, gint64 from, gint64 to, gint *n_deleted, GError **error)
{
  if (!op_db_run (db, error, sql, "iii", from, to, (gint64) SWEEP_ROWS))
    return FALSE;
  *n_deleted = sqlite3_changes (db->handle);
  return TRUE;
}

static gboolean
sweep_incarnation (OpDb *db, gint64 incarnation, GError **error)
{
  gint n_deleted;
  if (!delete_rows (db,
                    "DELETE FROM chunk WHERE id IN (SELECT id FROM chunk WHERE id >= ?1 AND id < ?2 LIMIT ?3)",
                    op_chunk_key (incarnation, OP_ORDINAL_MIN), op_chunk_key (incarnation, OP_ORDINAL_MAX),
                    &n_deleted, error))
    return FALSE;
  if (n_deleted == 0
      && !delete_rows (db,
                       "DELETE FROM strip WHERE id IN (SELECT id FROM strip WHERE id >= ?1 AND id < ?2 LIMIT ?3)",
                       op_strip_key (incarnation, OP_PYRAMID_LEVELS - 1, 0),
                       op_strip_key (incarnation + 1, OP_PYRAMID_LEVELS - 1, 0), &n_deleted, error))
    return FALSE;
  return n_deleted > 0
         || (op_db_run (db, error, "DELETE FROM run WHERE incarnation = ?1", "i", incarnation)
             && op_db_run (db, error, "DELETE FROM gap WHERE incarnation = ?1", "i", incarnation)
             && op_db_run (db, error, "DELETE FROM incarnation WHERE id = ?1", "i", incarnation));
}

gboolean
op_db_sweep (OpDb *db, gpointer unused, GError **error)
{
  gint64 station, incarnation;
  if (!op_db_get_int (db, 0, &station, error, "SELECT id FROM station WHERE removed LIMIT 1", "")
      || !op_db_get_int (db, 0, &incarnation, error, "SELECT id FROM incarnation WHERE station = ?1 LIMIT 1", "i",
                         station))
    return FALSE;
  db->sweep = station != 0;
  if (incarnation != 0)
    return sweep_incarnation (db, incarnation, error);
  return op_db_run (db, error, "DELETE FROM clock_event WHERE station = ?1", "i", station)
         && op_db_run (db, error, "DELETE FROM station WHERE id = ?1", "i", station);
}
