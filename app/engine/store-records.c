/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-records.h"

#include "app/engine/store-incarnations.h"

#include <glib/gi18n-lib.h>

/* The row that reaches into a range from before it is the last that begins at or before it. */
#define SELECT_ROWS                                                                                                 \
  "SELECT id, count, first_time, payload FROM chunk WHERE id < ?3 AND id >= coalesce ("                            \
  "(SELECT max (id) FROM chunk WHERE id BETWEEN ?1 AND ?2), ?2) ORDER BY id"

void
op_read_request_free (OpReadRequest *request)
{
  g_clear_pointer (&request->snapshot, op_incarnation_unref);
  g_clear_pointer (&request->chunks, g_ptr_array_unref);
  g_clear_pointer (&request->batch, op_batch_unref);
  g_free (request->columns);
  g_free (request);
}

gboolean
op_db_foreach_row (OpDb *db, gint64 incarnation, gint64 first, gint64 end, OpStoredRowFunc func, gpointer data,
                   GError **error)
{
  g_autoptr (OpStatement) query = op_db_query (db, error, SELECT_ROWS, "iii",
                                               op_chunk_key (incarnation, OP_ORDINAL_MIN),
                                               op_chunk_key (incarnation, first), op_chunk_key (incarnation, end));
  if (query == NULL)
    return FALSE;
  gint code;
  while ((code = op_statement_step (query, error)) == SQLITE_ROW)
    {
      OpStoredRow row = { op_chunk_key_get_ordinal (sqlite3_column_int64 (query->stmt, 0)),
                          (guint32) sqlite3_column_int64 (query->stmt, 1), sqlite3_column_int64 (query->stmt, 2),
                          sqlite3_column_blob (query->stmt, 3), (gsize) sqlite3_column_bytes (query->stmt, 3) };
      if (g_cancellable_set_error_if_cancelled (db->cancellable, error))
        return FALSE;
      if (row.ordinal + row.count > first && !func (&row, data, error))
        return FALSE;
    }
  return code == SQLITE_DONE;
}

typedef struct
{
  OpTable   *table;
  gint64     first;
  gint64     end;
  GPtrArray *chunks;
} Reading;

static void
set_damaged (GError **error, const GError *cause)
{
  g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED, _("Records in the store are damaged: %s"),
               cause->message);
}

static gboolean
add_row_as_chunk (const OpStoredRow *row, gpointer data, GError **error)
{
  Reading *reading = data;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) payload = g_bytes_new (row->payload, row->length);
  g_autoptr (OpChunk) chunk = op_chunk_new (reading->table, (guint32) row->ordinal, row->count, row->first_time,
                                            payload, &local_error);
  if (chunk == NULL)
    {
      set_damaged (error, local_error);
      return FALSE;
    }
  gint64 ordinal = row->ordinal;
  if (ordinal < reading->first)
    {
      OpChunk *rest = op_chunk_skip (chunk, reading->table, (guint32) (reading->first - ordinal));
      op_chunk_free (chunk);
      chunk = rest;
      ordinal = reading->first;
    }
  if (ordinal + chunk->count > reading->end)
    {
      OpChunk *head = op_chunk_head (chunk, reading->table, (guint32) (reading->end - ordinal));
      op_chunk_free (chunk);
      chunk = head;
    }
  g_ptr_array_add (reading->chunks, g_steal_pointer (&chunk));
  return TRUE;
}

static gboolean
read_into (OpDb *db, gint64 incarnation, gint64 first, gint64 end, GPtrArray *chunks, GError **error)
{
  Reading reading = { op_db_get_table (db, incarnation, error), first, end, chunks };
  return reading.table != NULL
         && op_db_foreach_row (db, incarnation, first, end, add_row_as_chunk, &reading, error);
}

GPtrArray *
op_db_read_ordinals (OpDb *db, gint64 incarnation, gint64 first, gint64 end, GError **error)
{
  g_autoptr (GPtrArray) chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) op_chunk_free);
  return read_into (db, incarnation, first, end, chunks, error) ? g_steal_pointer (&chunks) : NULL;
}

GArray *
op_db_find_ranges (OpDb *db, gint64 incarnation, guint32 first, guint32 count, GError **error)
{
  const gint64 wrap = G_GINT64_CONSTANT (1) << 32;
  gint64 oldest, newest;
  if (!op_db_get_int (db, 0, &oldest, error, "SELECT min (first) FROM run WHERE incarnation = ?1", "i", incarnation)
      || !op_db_get_int (db, -1, &newest, error, "SELECT max (first + count) - 1 FROM run WHERE incarnation = ?1",
                         "i", incarnation))
    return NULL;
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (OpOrdinalRange));
  for (gint64 base = (oldest & ~(wrap - 1)) - wrap; base <= newest; base += wrap)
    {
      OpOrdinalRange range = { base + first, base + first + count };
      g_array_append_val (ranges, range);
    }
  return ranges;
}

gboolean
op_db_read_chunks (OpDb *db, gpointer data, GError **error)
{
  OpReadRequest *request = data;
  request->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) op_chunk_free);
  g_autoptr (GArray) ranges = op_db_find_ranges (db, request->incarnation, request->first, request->count, error);
  for (guint i = 0; ranges != NULL && i < ranges->len; i++)
    {
      OpOrdinalRange range = g_array_index (ranges, OpOrdinalRange, i);
      if (!read_into (db, request->incarnation, range.first, range.end, request->chunks, error))
        return FALSE;
    }
  return ranges != NULL;
}

static gboolean
decode_chunks (OpReadRequest *request, GError **error)
{
  gsize n_records = 0;
  for (guint i = 0; i < request->chunks->len; i++)
    n_records += ((OpChunk *) g_ptr_array_index (request->chunks, i))->count;
  request->batch = op_batch_new (request->snapshot->table, request->columns, request->n_columns, n_records);
  for (guint i = 0; i < request->chunks->len; i++)
    {
      g_autoptr (GError) local_error = NULL;
      if (!op_batch_append_chunk (request->batch, g_ptr_array_index (request->chunks, i), &local_error))
        {
          set_damaged (error, local_error);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
op_db_read_batch (OpDb *db, gpointer data, GError **error)
{
  return op_db_read_chunks (db, data, error) && decode_chunks (data, error);
}
