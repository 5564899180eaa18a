/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-incarnations.h"

#include <glib/gi18n-lib.h>

#define SELECT_INCARNATION                                                                                          \
  "SELECT id, station, number, generation, definition, next_record, n_records, n_bytes, first_time, last_time,"    \
  " name FROM incarnation "

OpIncarnationsRequest *
op_incarnations_request_new (gint64 station)
{
  OpIncarnationsRequest *request = g_new0 (OpIncarnationsRequest, 1);
  request->station = station;
  return request;
}

void
op_incarnations_request_free (OpIncarnationsRequest *request)
{
  g_clear_pointer (&request->table, op_table_unref);
  g_clear_pointer (&request->list, g_ptr_array_unref);
  g_free (request);
}

static OpTable *
parse_definition (OpDb *db, gint64 incarnation, guint number, sqlite3_stmt *row, gint column, GError **error)
{
  gsize consumed;
  g_autoptr (GError) local_error = NULL;
  OpTable *table = op_table_parse (sqlite3_column_blob (row, column), (gsize) sqlite3_column_bytes (row, column),
                                   number, &consumed, &local_error);
  if (table == NULL)
    g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED,
                 _("A table definition in the store %s is damaged: %s"), db->path, local_error->message);
  else
    g_hash_table_insert (db->tables, g_memdup2 (&incarnation, sizeof incarnation), op_table_ref (table));
  return table;
}

static OpTable *
table_from_row (OpDb *db, sqlite3_stmt *row, GError **error)
{
  gint64 id = sqlite3_column_int64 (row, 0);
  guint number = (guint) sqlite3_column_int (row, 2);
  OpTable *table = g_hash_table_lookup (db->tables, &id);
  if (table != NULL && table->number == number)
    return op_table_ref (table);
  return parse_definition (db, id, number, row, 4, error);
}

OpTable *
op_db_get_table (OpDb *db, gint64 incarnation, GError **error)
{
  OpTable *table = g_hash_table_lookup (db->tables, &incarnation);
  if (table != NULL)
    return table;
  g_autoptr (OpStatement) query = op_db_query (db, error, SELECT_INCARNATION "WHERE id = ?1", "i", incarnation);
  if (query == NULL)
    return NULL;
  gint code = op_statement_step (query, error);
  if (code == SQLITE_DONE)
    g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_FAILED, _("These data are not in the store any more"));
  if (code != SQLITE_ROW)
    return NULL;
  g_autoptr (OpTable) parsed = table_from_row (db, query->stmt, error);
  return parsed; /* stays with db->tables */
}

static OpTime
time_from_row (sqlite3_stmt *row, gint column)
{
  return sqlite3_column_type (row, column) == SQLITE_NULL ? OP_TIME_UNKNOWN : sqlite3_column_int64 (row, column);
}

static OpIncarnation *
incarnation_from_row (OpDb *db, sqlite3_stmt *row, GError **error)
{
  g_autoptr (OpIncarnation) incarnation = op_incarnation_new ();
  incarnation->id = sqlite3_column_int64 (row, 0);
  incarnation->station = sqlite3_column_int64 (row, 1);
  incarnation->generation = (guint) sqlite3_column_int (row, 3);
  incarnation->table = table_from_row (db, row, error);
  if (incarnation->table == NULL)
    return NULL;
  incarnation->has_cursor = sqlite3_column_type (row, 5) != SQLITE_NULL;
  incarnation->next_record = (guint32) sqlite3_column_int64 (row, 5);
  incarnation->n_records = (guint64) sqlite3_column_int64 (row, 6);
  incarnation->n_bytes = (guint64) sqlite3_column_int64 (row, 7);
  incarnation->first_time = time_from_row (row, 8);
  incarnation->last_time = time_from_row (row, 9);
  return g_steal_pointer (&incarnation);
}

static gboolean
load_runs (OpDb *db, OpIncarnation *incarnation, GError **error)
{
  g_autoptr (OpStatement) query = op_db_query (
      db, error, "SELECT first, count FROM run WHERE incarnation = ?1 ORDER BY first", "i", incarnation->id);
  if (query == NULL)
    return FALSE;
  gint code;
  while ((code = op_statement_step (query, error)) == SQLITE_ROW)
    {
      OpRecordRun run = { (guint32) sqlite3_column_int64 (query->stmt, 0),
                          (guint32) sqlite3_column_int64 (query->stmt, 1) };
      g_array_append_val (incarnation->runs, run);
    }
  return code == SQLITE_DONE;
}

static gboolean
load_gaps (OpDb *db, OpIncarnation *incarnation, GError **error)
{
  g_autoptr (OpStatement) query = op_db_query (
      db, error, "SELECT first, count, before, after FROM gap WHERE incarnation = ?1 ORDER BY first", "i",
      incarnation->id);
  if (query == NULL)
    return FALSE;
  gint code;
  while ((code = op_statement_step (query, error)) == SQLITE_ROW)
    {
      OpGap gap = { (guint32) sqlite3_column_int64 (query->stmt, 0), (guint32) sqlite3_column_int64 (query->stmt, 1),
                    time_from_row (query->stmt, 2), time_from_row (query->stmt, 3) };
      g_array_append_val (incarnation->gaps, gap);
    }
  return code == SQLITE_DONE;
}

/* Steps through @query and adds what it finds to the list. */
static gboolean
load_incarnations (OpDb *db, OpStatement *query, GPtrArray *list, GError **error)
{
  gint code;
  while ((code = op_statement_step (query, error)) == SQLITE_ROW)
    {
      OpIncarnation *incarnation = incarnation_from_row (db, query->stmt, error);
      if (incarnation == NULL)
        return FALSE;
      g_ptr_array_add (list, incarnation);
      if (!load_runs (db, incarnation, error) || !load_gaps (db, incarnation, error))
        return FALSE;
    }
  return code == SQLITE_DONE;
}

gboolean
op_db_list_incarnations (OpDb *db, gpointer data, GError **error)
{
  OpIncarnationsRequest *request = data;
  request->list = g_ptr_array_new_with_free_func ((GDestroyNotify) op_incarnation_unref);
  g_autoptr (OpStatement) query = op_db_query (
      db, error, SELECT_INCARNATION "WHERE station = ?1 ORDER BY number, name, generation DESC", "i",
      request->station);
  return query != NULL && load_incarnations (db, query, request->list, error);
}

static gboolean
find_newest (OpDb *db, gint64 station, const char *name, GPtrArray *list, GError **error)
{
  g_autoptr (OpStatement) query = op_db_query (
      db, error, SELECT_INCARNATION "WHERE station = ?1 AND name = ?2 ORDER BY generation DESC LIMIT 1", "is",
      station, name);
  return query != NULL && load_incarnations (db, query, list, error);
}

static gboolean
insert_next (OpDb *db, const OpIncarnationsRequest *request, guint generation, GError **error)
{
  const OpTable *table = request->table;
  gsize length;
  const void *definition = g_bytes_get_data (table->definition, &length);
  return op_db_run (db, error,
                    "INSERT INTO incarnation (station, name, number, generation, definition)"
                    " VALUES (?1, ?2, ?3, ?4, ?5)",
                    "isiib", request->station, table->name, (gint64) table->number, (gint64) generation, definition,
                    length);
}

gboolean
op_db_begin_incarnation (OpDb *db, gpointer data, GError **error)
{
  OpIncarnationsRequest *request = data;
  OpTable *table = request->table;
  request->list = g_ptr_array_new_with_free_func ((GDestroyNotify) op_incarnation_unref);
  if (!find_newest (db, request->station, table->name, request->list, error))
    return FALSE;
  OpIncarnation *newest = request->list->len > 0 ? g_ptr_array_index (request->list, 0) : NULL;
  guint generation = newest != NULL ? newest->generation : 0;
  gboolean same = newest != NULL && !request->fresh
                  && g_bytes_equal (newest->table->definition, table->definition);
  if (same && newest->table->number == table->number)
    return TRUE;
  g_ptr_array_set_size (request->list, 0);
  /* The same table may have moved within a program's list. */
  gboolean written = same ? op_db_run (db, error,
                                       "UPDATE incarnation SET number = ?4"
                                       " WHERE station = ?1 AND name = ?2 AND generation = ?3",
                                       "isii", request->station, table->name, (gint64) generation,
                                       (gint64) table->number)
                          : insert_next (db, request, generation + 1, error);
  return written && find_newest (db, request->station, table->name, request->list, error);
}
