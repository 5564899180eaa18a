/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-append.h"

#include "app/engine/store-incarnations.h"
#include "app/engine/store-pyramid.h"
#include "app/engine/store-runs.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/*
 * Payload of a full row. A page of 16384 bytes then holds one such row and nothing is lost to half-filled pages,
 * wherever in the file the table grows; and a row that is still growing costs no more than its page to rewrite.
 */
#define ROW_BYTES 16300

/* The row that is being filled. */
typedef struct
{
  gint64      ordinal;
  guint32     count;
  OpTime      first_time;
  OpTime      last_time;
  GByteArray *payload;
} Row;

typedef struct
{
  OpDb           *db;
  gint64          incarnation;
  OpTable        *table;
  gint64          old_end; /* ordinal behind the newest record before; OP_ORDINAL_MIN when there was none */
  gint64          end;     /* and now */
  Row             row;
  gint64          run_first, run_end; /* records added since the runs were last written */
  GArray         *added;   /* OpOrdinalRange: runs that were written */
  OpAppendResult *result;
} Appending;

void
op_append_request_free (OpAppendRequest *request)
{
  g_clear_pointer (&request->chunks, g_ptr_array_unref);
  g_free (request);
}

/* How many of a chunk's records go into @room bytes. */
static guint32
count_fitting (const OpTable *table, const OpChunk *chunk, gsize room)
{
  gsize length, offset = 0;
  const guint8 *bytes = g_bytes_get_data (chunk->payload, &length);
  gsize record_bytes = op_table_get_payload_size (table);
  if (length <= room)
    return chunk->count;
  if (record_bytes > 0)
    return (guint32) (room / record_bytes);
  for (guint32 n = 0; n < chunk->count; n++)
    {
      offset += op_table_record_length (table, op_table_is_event (table), bytes + offset, length - offset);
      if (offset > room)
        return n;
    }
  return chunk->count;
}

/* Whether records from @ordinal and @time on can go on in a row: its times must be those that counting gives. */
static gboolean
row_continues (const Appending *appending, gint64 ordinal, OpTime time)
{
  const Row *row = &appending->row;
  return row->count > 0 && row->ordinal + row->count == ordinal
         && (op_table_is_event (appending->table) || row->last_time + appending->table->interval == time);
}

static gboolean
write_row (Appending *appending, GError **error)
{
  Row *row = &appending->row;
  if (row->count == 0)
    return TRUE;
  gboolean written = op_db_run (appending->db, error,
                                "INSERT OR REPLACE INTO chunk (id, count, first_time, last_time, payload)"
                                " VALUES (?1, ?2, ?3, ?4, ?5)",
                                "iiiib", op_chunk_key (appending->incarnation, row->ordinal), (gint64) row->count,
                                row->first_time, row->last_time, (const void *) row->payload->data,
                                (gsize) row->payload->len);
  row->count = 0;
  g_byte_array_set_size (row->payload, 0);
  return written;
}

/* Takes up the stored row that ends just before @ordinal, if there is one with room. */
static gboolean
resume_row (Appending *appending, gint64 ordinal, const OpChunk *chunk, GError **error)
{
  Row *row = &appending->row;
  g_autoptr (OpStatement) query = op_db_query (
      appending->db, error,
      "SELECT id, count, first_time, last_time, payload FROM chunk WHERE id >= ?1 AND id < ?2"
      " ORDER BY id DESC LIMIT 1", "ii", op_chunk_key (appending->incarnation, OP_ORDINAL_MIN),
      op_chunk_key (appending->incarnation, ordinal));
  if (query == NULL)
    return FALSE;
  gint code = op_statement_step (query, error);
  if (code != SQLITE_ROW)
    return code == SQLITE_DONE;
  gsize length = (gsize) sqlite3_column_bytes (query->stmt, 4);
  if (length > ROW_BYTES || count_fitting (appending->table, chunk, ROW_BYTES - length) == 0)
    return TRUE;
  row->ordinal = op_chunk_key_get_ordinal (sqlite3_column_int64 (query->stmt, 0));
  row->count = (guint32) sqlite3_column_int64 (query->stmt, 1);
  row->first_time = sqlite3_column_int64 (query->stmt, 2);
  row->last_time = sqlite3_column_int64 (query->stmt, 3);
  if (row_continues (appending, ordinal, chunk->first_time))
    g_byte_array_append (row->payload, sqlite3_column_blob (query->stmt, 4), (guint) length);
  else
    row->count = 0;
  return TRUE;
}

/* Makes the row one that takes records from @ordinal on; returns how many of the chunk's, or 0 with @error. */
static guint32
prepare_row (Appending *appending, gint64 ordinal, const OpChunk *chunk, GError **error)
{
  Row *row = &appending->row;
  gboolean resumes = row->count == 0;
  if (row_continues (appending, ordinal, chunk->first_time))
    {
      guint32 n = count_fitting (appending->table, chunk, ROW_BYTES - MIN (row->payload->len, ROW_BYTES));
      if (n > 0)
        return n;
    }
  else
    resumes = TRUE;
  if (!write_row (appending, error) || (resumes && !resume_row (appending, ordinal, chunk, error)))
    return 0;
  if (row->count == 0)
    {
      row->ordinal = ordinal;
      row->first_time = chunk->first_time;
    }
  /* A record larger than a row has one of its own. */
  return MAX (count_fitting (appending->table, chunk, ROW_BYTES - row->payload->len), 1);
}

static void
append_to_row (Appending *appending, const OpChunk *chunk)
{
  Row *row = &appending->row;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (chunk->payload, &length);
  g_byte_array_append (row->payload, bytes, (guint) length);
  row->count += chunk->count;
  row->last_time = chunk->last_time;
}

static gboolean
fill_rows (Appending *appending, gint64 ordinal, const OpChunk *chunk, GError **error)
{
  guint32 n = prepare_row (appending, ordinal, chunk, error);
  if (n == 0)
    return FALSE;
  if (n == chunk->count)
    {
      append_to_row (appending, chunk);
      return TRUE;
    }
  g_autoptr (OpChunk) head = op_chunk_head (chunk, appending->table, n);
  g_autoptr (OpChunk) rest = op_chunk_skip (chunk, appending->table, n);
  append_to_row (appending, head);
  return fill_rows (appending, ordinal + n, rest, error);
}

static gboolean
write_run (Appending *appending, GError **error)
{
  OpOrdinalRange run = { appending->run_first, appending->run_end };
  appending->run_first = appending->run_end = 0;
  if (run.first == run.end)
    return TRUE;
  g_array_append_val (appending->added, run);
  return op_db_add_run (appending->db, appending->incarnation, run.first, run.end, error);
}

static void
count_new (OpAppendResult *result, const OpChunk *chunk)
{
  if (result->n_new == 0)
    {
      result->first = chunk->first;
      result->first_time = chunk->first_time;
    }
  result->n_new += chunk->count;
  result->n_bytes += g_bytes_get_size (chunk->payload);
  result->last = chunk->first + chunk->count - 1;
  result->last_time = chunk->last_time;
}

static gboolean
add_new (Appending *appending, gint64 ordinal, const OpChunk *chunk, GError **error)
{
  gboolean joins = appending->run_end == ordinal && !op_ordinal_is_wrapped (ordinal);
  if (!joins && !write_run (appending, error))
    return FALSE;
  if (appending->run_first == appending->run_end)
    appending->run_first = ordinal;
  appending->run_end = ordinal + chunk->count;
  appending->end = MAX (appending->end, appending->run_end);
  count_new (appending->result, chunk);
  return fill_rows (appending, ordinal, chunk, error);
}

static void
set_conflict (const Appending *appending, const OpChunk *chunk, GError **error)
{
  g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_CONFLICT,
               _("Records of “%s” from number %u on differ from those of the same number that are held"),
               appending->table->name, chunk->first);
}

/* Compares records that are held with those that came. */
static gboolean
check_held (Appending *appending, gint64 ordinal, const OpChunk *chunk, GError **error)
{
  g_autoptr (GPtrArray) held = op_db_read_ordinals (appending->db, appending->incarnation, ordinal,
                                                    ordinal + chunk->count, error);
  if (held == NULL)
    return FALSE;
  gsize length, offset = 0;
  const guint8 *bytes = g_bytes_get_data (chunk->payload, &length);
  for (guint i = 0; i < held->len; i++)
    {
      const OpChunk *part = g_ptr_array_index (held, i);
      gsize part_length;
      const guint8 *part_bytes = g_bytes_get_data (part->payload, &part_length);
      OpTime expected = op_table_is_event (appending->table)
                            ? part->first_time
                            : chunk->first_time + (part->first - chunk->first) * appending->table->interval;
      if (part_length > length - offset || memcmp (bytes + offset, part_bytes, part_length) != 0
          || part->first_time != expected)
        {
          set_conflict (appending, chunk, error);
          return FALSE;
        }
      offset += part_length;
    }
  if (offset == length)
    return TRUE;
  set_conflict (appending, chunk, error);
  return FALSE;
}

/* Records that may be held in part: takes the piece at the beginning that is held or not, and the rest in turn. */
static gboolean
add_mixed (Appending *appending, gint64 ordinal, const OpChunk *chunk, GError **error)
{
  gint64 limit;
  gboolean is_held;
  if (!write_row (appending, error) || !write_run (appending, error)
      || !op_db_find_run (appending->db, appending->incarnation, ordinal, &is_held, &limit, error))
    return FALSE;
  g_autoptr (OpChunk) head = NULL;
  const OpChunk *piece = chunk;
  if (limit < ordinal + chunk->count)
    piece = head = op_chunk_head (chunk, appending->table, (guint32) (limit - ordinal));
  if (!(is_held ? check_held (appending, ordinal, piece, error) : add_new (appending, ordinal, piece, error)))
    return FALSE;
  if (piece == chunk)
    return TRUE;
  g_autoptr (OpChunk) rest = op_chunk_skip (chunk, appending->table, piece->count);
  return add_mixed (appending, limit, rest, error);
}

static gboolean
add_chunk (Appending *appending, const OpChunk *chunk, GError **error)
{
  gint64 ordinal = op_ordinal_near (chunk->first, appending->end);
  gint64 to_wrap = op_ordinal_count_to_wrap (ordinal);
  if (chunk->count > to_wrap)
    {
      g_autoptr (OpChunk) head = op_chunk_head (chunk, appending->table, (guint32) to_wrap);
      g_autoptr (OpChunk) rest = op_chunk_skip (chunk, appending->table, (guint32) to_wrap);
      return add_chunk (appending, head, error) && add_chunk (appending, rest, error);
    }
  if (ordinal >= appending->end)
    return add_new (appending, ordinal, chunk, error);
  return add_mixed (appending, ordinal, chunk, error);
}

static gboolean
add_chunks (Appending *appending, const OpAppendRequest *request, GError **error)
{
  if (request->has_gap
      && !op_db_add_gap (appending->db, appending->incarnation, op_ordinal_near (request->gap.first, appending->end),
                         &request->gap, error))
    return FALSE;
  for (guint i = 0; request->chunks != NULL && i < request->chunks->len; i++)
    if (!add_chunk (appending, g_ptr_array_index (request->chunks, i), error))
      return FALSE;
  return write_row (appending, error) && write_run (appending, error);
}

/* Brings the incarnation's own row up to date: its sums, its first and last time, its cursor. */
static gboolean
write_totals (OpDb *db, const OpAppendRequest *request, GError **error)
{
  const OpAppendResult *result = &request->result;
  gint64 first_key = op_chunk_key (request->incarnation, OP_ORDINAL_MIN);
  gint64 end_key = op_chunk_key (request->incarnation, OP_ORDINAL_MAX);
  if (result->n_new > 0
      && !op_db_run (db, error,
                     "UPDATE incarnation SET n_records = n_records + ?2, n_bytes = n_bytes + ?3,"
                     " first_time = (SELECT first_time FROM chunk WHERE id >= ?4 AND id < ?5 ORDER BY id LIMIT 1),"
                     " last_time = (SELECT last_time FROM chunk WHERE id >= ?4 AND id < ?5 ORDER BY id DESC LIMIT 1)"
                     " WHERE id = ?1",
                     "iiiii", request->incarnation, (gint64) result->n_new, (gint64) result->n_bytes, first_key,
                     end_key))
    return FALSE;
  return !request->move_cursor
         || op_db_run (db, error, "UPDATE incarnation SET next_record = ?2 WHERE id = ?1", "ii", request->incarnation,
                       (gint64) request->next_record);
}

gboolean
op_db_append (OpDb *db, gpointer data, GError **error)
{
  OpAppendRequest *request = data;
  request->result = (OpAppendResult){ 0 };
  OpTable *table = op_db_get_table (db, request->incarnation, error);
  if (table == NULL)
    return FALSE;
  g_autoptr (GArray) added = g_array_new (FALSE, FALSE, sizeof (OpOrdinalRange));
  g_autoptr (GByteArray) payload = g_byte_array_sized_new (ROW_BYTES);
  Appending appending = { .db = db, .incarnation = request->incarnation, .table = table,
                          .row = { .payload = payload },
                          .added = added, .result = &request->result };
  if (!op_db_get_end (db, request->incarnation, &appending.end, error))
    return FALSE;
  appending.old_end = appending.end;
  return add_chunks (&appending, request, error)
         && op_db_update_pyramid (db, request->incarnation, table, added, appending.old_end, appending.end, error)
         && write_totals (db, request, error);
}
