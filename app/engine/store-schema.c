/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-schema.h"

#include "app/engine/store-incarnations.h"
#include "app/engine/store-pyramid.h"
#include "app/engine/store-runs.h"

#include <glib/gi18n-lib.h>

/*
 * The step number n takes a store of version n to version n + 1. A step is never changed once released.
 *
 * chunk.id = incarnation · 2^40 + 2^39 + ordinal of its first record, strip.id = incarnation · 2^33 + place of the
 * level + number of the strip (see store-records.h): both tables are read and written along their key.
 */
static const char *const steps[] = {
  "CREATE TABLE station ("
  "  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, uri TEXT NOT NULL,"
  "  simulated INTEGER NOT NULL, utc_offset_s INTEGER, tables TEXT, identity TEXT,"
  "  last_collected_us INTEGER NOT NULL, last_offset_us INTEGER, removed INTEGER NOT NULL DEFAULT 0);"
  "CREATE TABLE incarnation ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT, station INTEGER NOT NULL REFERENCES station, name TEXT NOT NULL,"
  "  number INTEGER NOT NULL, generation INTEGER NOT NULL, definition BLOB NOT NULL, next_record INTEGER,"
  "  n_records INTEGER NOT NULL DEFAULT 0, n_bytes INTEGER NOT NULL DEFAULT 0,"
  "  first_time INTEGER, last_time INTEGER, UNIQUE (station, name, generation));"
  "CREATE TABLE run (incarnation INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,"
  "  PRIMARY KEY (incarnation, first)) WITHOUT ROWID;"
  "CREATE TABLE gap (incarnation INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,"
  "  before INTEGER, after INTEGER, PRIMARY KEY (incarnation, first)) WITHOUT ROWID;"
  "CREATE TABLE chunk (id INTEGER PRIMARY KEY, count INTEGER NOT NULL, first_time INTEGER NOT NULL,"
  "  last_time INTEGER NOT NULL, payload BLOB NOT NULL);"
  "CREATE TABLE block (id INTEGER PRIMARY KEY, data BLOB NOT NULL);",
  "CREATE TABLE clock_event ("
  "  id INTEGER PRIMARY KEY, station INTEGER NOT NULL REFERENCES station, host_unix_us INTEGER NOT NULL,"
  "  by_whom TEXT NOT NULL, kind INTEGER NOT NULL, offset_us INTEGER NOT NULL, uncertainty_us INTEGER NOT NULL,"
  "  round_trip_us INTEGER NOT NULL, adjusted_us INTEGER NOT NULL);"
  "CREATE INDEX clock_event_by_time ON clock_event (station, host_unix_us);",
  /* The pyramid had other levels, bins without a sum, and took flags for values: it is worked out anew. */
  "DELETE FROM block;",
  /* Blocks are stored together, in strips, which are worked out anew. */
  "DROP TABLE block;"
  "CREATE TABLE strip (id INTEGER PRIMARY KEY, data BLOB NOT NULL);",
};
G_STATIC_ASSERT (G_N_ELEMENTS (steps) == OP_DB_NEWEST_VERSION);

/* Behind the step that left the pyramid empty. */
static gboolean
fill_pyramids (OpDb *db, GError **error)
{
  g_autoptr (OpStatement) query = op_db_query (db, error, "SELECT id FROM incarnation", "");
  if (query == NULL)
    return FALSE;
  g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (OpOrdinalRange));
  gint code;
  while ((code = op_statement_step (query, error)) == SQLITE_ROW)
    {
      gint64 incarnation = sqlite3_column_int64 (query->stmt, 0);
      OpTable *table = op_db_get_table (db, incarnation, error);
      if (table == NULL)
        return FALSE;
      gint64 end;
      if (!op_db_get_end (db, incarnation, &end, error)
          || !op_db_update_pyramid (db, incarnation, table, none, OP_ORDINAL_MIN, end, error))
        return FALSE;
    }
  return code == SQLITE_DONE;
}

/* Version 0 is a file that was empty; anything else than a store is left alone. */
static gboolean
read_version (OpDb *db, gint64 *version, GError **error)
{
  gint64 application_id, n_objects;
  if (!op_db_get_int (db, 0, &application_id, error, "PRAGMA application_id", "")
      || !op_db_get_int (db, 0, version, error, "PRAGMA user_version", "")
      || !op_db_get_int (db, 0, &n_objects, error, "SELECT count(*) FROM sqlite_schema", ""))
    return FALSE;
  gboolean is_empty = application_id == 0 && *version == 0 && n_objects == 0;
  if (!is_empty && application_id != OP_DB_APPLICATION_ID)
    {
      g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_OPEN, _("%s is no store of Outpost"), db->path);
      return FALSE;
    }
  if (*version > OP_DB_NEWEST_VERSION)
    {
      g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_VERSION,
                   _("The store %s was written by a newer version of Outpost"), db->path);
      return FALSE;
    }
  return TRUE;
}

static gboolean
run_steps (OpDb *db, gpointer data, GError **error)
{
  gint target = GPOINTER_TO_INT (data);
  gint64 version;
  /* Another process may have been quicker. */
  if (!read_version (db, &version, error))
    return FALSE;
  for (; version < target; version++)
    if (!op_db_exec (db, steps[version], error) || (version == 3 && !fill_pyramids (db, error)))
      return FALSE;
  g_autofree char *sql = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %" G_GINT64_FORMAT,
                                          OP_DB_APPLICATION_ID, version);
  return op_db_exec (db, sql, error);
}

/* Changing the journal mode does not wait for a lock by itself: a second process that opens at the same time may
   be in the way for a moment. */
static gboolean
set_journal_mode (OpDb *db, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;
  for (;;)
    {
      g_autoptr (GError) local_error = NULL;
      if (op_db_exec (db, "PRAGMA journal_mode = WAL", &local_error))
        return TRUE;
      if ((sqlite3_errcode (db->handle) & 0xFF) != SQLITE_BUSY || g_get_monotonic_time () > deadline)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      g_usleep (5000);
    }
}

gboolean
op_db_migrate (OpDb *db, gint version, GError **error)
{
  gint64 held;
  if (!read_version (db, &held, error))
    return FALSE;
  if (held == 0 && !op_db_exec (db, "PRAGMA page_size = 16384", error))
    return FALSE;
  if (!set_journal_mode (db, error)
      || !op_db_exec (db, "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864", error))
    return FALSE;
  return held >= version || op_db_write (db, run_steps, GINT_TO_POINTER (version), error);
}
