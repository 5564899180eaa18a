/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-pyramid.h"

#include "app/engine/store-incarnations.h"
#include "app/engine/store-rows.h"
#include "app/engine/store-strip.h"

#include <string.h>

typedef struct
{
  OpDb          *db;
  gint64         incarnation;
  OpRowReader   *reader;
  OpStripLayout *layout;
  guint          n_bins; /* of a strip: OP_STRIP_BLOCKS a column */
  /* The strips that are being written, of one level, and the one at which this is. */
  guint          level;
  gint64         first, end;
  gint64         at; /* -1: none yet */
  OpBlockHead    heads[OP_STRIP_BLOCKS];
  OpBin         *bins;
  guint8        *bytes; /* the same as it is stored */
} Pyramid;

static void
clear_pyramid (Pyramid *pyramid)
{
  op_row_reader_free (pyramid->reader);
  op_strip_layout_free (pyramid->layout);
  g_free (pyramid->bins);
  g_free (pyramid->bytes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pyramid, clear_pyramid)

static gboolean
store_strip (Pyramid *pyramid, GError **error)
{
  if (pyramid->at < 0)
    return TRUE;
  op_strip_store (pyramid->layout, pyramid->heads, pyramid->bins, pyramid->bytes);
  return op_db_run (pyramid->db, error, "INSERT OR REPLACE INTO strip (id, data) VALUES (?1, ?2)", "ib",
                    op_strip_key (pyramid->incarnation, pyramid->level, pyramid->at), (const void *) pyramid->bytes,
                    op_strip_layout_get_size (pyramid->layout));
}

/* Goes to the strip in which a block lies, storing the one before. */
static gboolean
go_to_block (Pyramid *pyramid, gint64 block, GError **error)
{
  if (pyramid->at == block / OP_STRIP_BLOCKS)
    return TRUE;
  if (!store_strip (pyramid, error))
    return FALSE;
  pyramid->at = block / OP_STRIP_BLOCKS;
  memset (pyramid->heads, 0, sizeof pyramid->heads);
  for (guint i = 0; i < pyramid->n_bins; i++)
    pyramid->bins[i] = OP_BIN_EMPTY;
  return TRUE;
}

/* Adds what a block's head says of records that lie behind those of @head. */
static void
add_head (OpBlockHead *head, const OpBlockHead *add)
{
  if (head->n_records == 0)
    {
      *head = *add;
      return;
    }
  head->last = add->last;
  head->last_time = add->last_time;
  head->min_time = MIN (head->min_time, add->min_time);
  head->max_time = MAX (head->max_time, add->max_time);
  head->n_records += add->n_records;
}

/* Of the first record of a strip of the lowest level. */
static gint64
get_ordinal (gint64 strip)
{
  return op_block_get_ordinal (0, strip * OP_STRIP_BLOCKS);
}

static gboolean
add_row (const OpStoredRow *row, gpointer data, GError **error)
{
  Pyramid *pyramid = data;
  gint64 at = MAX (row->ordinal, get_ordinal (pyramid->first));
  gint64 end = MIN (row->ordinal + row->count, get_ordinal (pyramid->end));
  /* A damaged row is told by whoever reads it; the others are none the worse. */
  if (at >= end || !op_row_reader_open (pyramid->reader, row, NULL))
    return TRUE;
  while (at < end)
    {
      gint64 block = op_block_at (0, at), part_end = MIN (end, op_block_get_ordinal (0, block + 1));
      if (!go_to_block (pyramid, block, error))
        return FALSE;
      gsize place = (gsize) (block % OP_STRIP_BLOCKS);
      OpBlockHead head;
      op_row_reader_sum_up (pyramid->reader, (gsize) (at - row->ordinal), (gsize) (part_end - at), &head,
                            pyramid->bins + place, OP_STRIP_BLOCKS);
      add_head (&pyramid->heads[place], &head);
      at = part_end;
    }
  return TRUE;
}

/* Adds the records of strips of the lowest level. */
static gboolean
add_rows (Pyramid *pyramid, GError **error)
{
  return op_db_foreach_row (pyramid->db, pyramid->incarnation, get_ordinal (pyramid->first),
                            get_ordinal (pyramid->end), add_row, pyramid, error);
}

/* Adds a strip of the level below, of which @number is the first block. */
static gboolean
add_strip (Pyramid *pyramid, gint64 number, const guint8 *bytes, gsize length, GError **error)
{
  OpBlockHead heads[OP_STRIP_BLOCKS];
  OpBin bins[OP_STRIP_BLOCKS];
  if (!op_strip_load_heads (pyramid->layout, bytes, length, heads, error)
      || !go_to_block (pyramid, op_block_above (pyramid->level, number), error))
    return FALSE;
  gint64 places[OP_STRIP_BLOCKS];
  for (guint i = 0; i < OP_STRIP_BLOCKS; i++)
    {
      places[i] = op_block_above (pyramid->level, number + i) % OP_STRIP_BLOCKS;
      if (heads[i].n_records > 0)
        add_head (&pyramid->heads[places[i]], &heads[i]);
    }
  for (guint column = 0; column * OP_STRIP_BLOCKS < pyramid->n_bins; column++)
    {
      if (!op_strip_load_bins (pyramid->layout, bytes, column, heads, bins, error))
        return FALSE;
      for (guint i = 0; i < OP_STRIP_BLOCKS; i++)
        op_bin_add (&pyramid->bins[column * OP_STRIP_BLOCKS + places[i]], &bins[i]);
    }
  return TRUE;
}

/* Adds the strips of the level below: each lies within one of this level. */
static gboolean
add_below (Pyramid *pyramid, GError **error)
{
  guint level = pyramid->level;
  gint64 base = op_strip_key (pyramid->incarnation, level - 1, 0);
  g_autoptr (OpStatement) query = op_db_query (
      pyramid->db, error, "SELECT data, id FROM strip WHERE id >= ?1 AND id < ?2 ORDER BY id", "ii",
      base + op_block_below (level, pyramid->first), base + op_block_below (level, pyramid->end));
  if (query == NULL)
    return FALSE;
  gint code;
  while ((code = op_statement_step (query, error)) == SQLITE_ROW)
    {
      const guint8 *bytes = sqlite3_column_blob (query->stmt, 0);
      gint64 number = (sqlite3_column_int64 (query->stmt, 1) - base) * OP_STRIP_BLOCKS;
      if (!add_strip (pyramid, number, bytes, (gsize) sqlite3_column_bytes (query->stmt, 0), error))
        return FALSE;
    }
  return code == SQLITE_DONE;
}

/* Works out the strips @first up to, without, @end of a level: of the lowest from records, else from those below. */
static gboolean
write_strips (Pyramid *pyramid, guint level, gint64 first, gint64 end, GError **error)
{
  if (first >= end)
    return TRUE;
  pyramid->level = level;
  pyramid->first = first;
  pyramid->end = end;
  pyramid->at = -1;
  gboolean added = level > 0 ? add_below (pyramid, error) : add_rows (pyramid, error);
  return added && store_strip (pyramid, error);
}

static gboolean
update_level (Pyramid *pyramid, guint level, const GArray *added, gint64 old_end, gint64 end, GError **error)
{
  gint64 old_stored_end = op_strips_stored_end (level, old_end);
  /* Strips that had been stored before, */
  for (guint i = 0; i < added->len; i++)
    {
      const OpOrdinalRange *range = &g_array_index (added, OpOrdinalRange, i);
      gint64 first = op_block_at (level, range->first) / OP_STRIP_BLOCKS;
      gint64 behind = op_block_at (level, range->end - 1) / OP_STRIP_BLOCKS + 1;
      if (!write_strips (pyramid, level, first, MIN (behind, old_stored_end), error))
        return FALSE;
    }
  /* and those that are complete now. */
  return write_strips (pyramid, level, old_stored_end, op_strips_stored_end (level, end), error);
}

gboolean
op_db_update_pyramid (OpDb *db, gint64 incarnation, OpTable *table, const GArray *added, gint64 old_end, gint64 end,
                      GError **error)
{
  g_auto (Pyramid) pyramid = { .db = db, .incarnation = incarnation };
  pyramid.reader = op_row_reader_new (table);
  pyramid.layout = op_strip_layout_new (table);
  pyramid.n_bins = op_strip_layout_get_n_columns (pyramid.layout) * OP_STRIP_BLOCKS;
  pyramid.bins = g_new (OpBin, pyramid.n_bins);
  pyramid.bytes = g_malloc (op_strip_layout_get_size (pyramid.layout));
  for (guint level = 0; level < OP_PYRAMID_LEVELS; level++)
    if (!update_level (&pyramid, level, added, old_end, end, error))
      return FALSE;
  return TRUE;
}
