/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-pyramid.h"

#include "app/engine/store-incarnations.h"
#include "app/engine/store-rows.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A stored block is a run of 64-bit little-endian words: the head's, then six a bin (the last one holds both
   counts). In memory it has the same form, without the change of byte order. */
#define HEAD_SIZE sizeof (OpBlockHead)
#define BIN_SIZE  sizeof (OpBin)
G_STATIC_ASSERT (HEAD_SIZE == 7 * sizeof (guint64));
G_STATIC_ASSERT (BIN_SIZE == 6 * sizeof (guint64));
#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#error "Blocks are stored as they lie in the memory of a little-endian machine"
#endif

/* Blocks of a pyramid that is filled at once which are written together. */
#define MAX_GATHERED 512

typedef struct
{
  gint64      key;
  gboolean    disordered; /* its records did not come in ascending order: work it out from what is stored */
  OpBlockHead head;       /* from here on as it is stored */
  OpBin       bins[];
} Block;
G_STATIC_ASSERT (offsetof (Block, bins) == offsetof (Block, head) + HEAD_SIZE);

struct _OpPyramid
{
  OpDb       *db;
  gint64      incarnation;
  OpRowReader *reader;
  guint       n_columns; /* those that are numbers */
  GHashTable *blocks;  /* key → Block of level 0 */
  Block      *recent;
};

OpPyramid *
op_pyramid_new (OpDb *db, gint64 incarnation, OpTable *table)
{
  OpPyramid *pyramid = g_new0 (OpPyramid, 1);
  pyramid->db = db;
  pyramid->incarnation = incarnation;
  pyramid->reader = op_row_reader_new (table);
  pyramid->n_columns = op_row_reader_get_n_columns (pyramid->reader);
  pyramid->blocks = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return pyramid;
}

void
op_pyramid_free (OpPyramid *pyramid)
{
  op_row_reader_free (pyramid->reader);
  g_hash_table_unref (pyramid->blocks);
  g_free (pyramid);
}

static Block *
new_block (const OpPyramid *pyramid, gint64 key)
{
  Block *block = g_malloc0 (sizeof *block + pyramid->n_columns * BIN_SIZE);
  block->key = key;
  for (guint i = 0; i < pyramid->n_columns; i++)
    block->bins[i] = OP_BIN_EMPTY;
  return block;
}

static Block *
find_block (OpPyramid *pyramid, gint64 key)
{
  if (pyramid->recent != NULL && pyramid->recent->key == key)
    return pyramid->recent;
  pyramid->recent = g_hash_table_lookup (pyramid->blocks, &key);
  if (pyramid->recent == NULL)
    {
      pyramid->recent = new_block (pyramid, key);
      g_hash_table_insert (pyramid->blocks, &pyramid->recent->key, pyramid->recent);
    }
  return pyramid->recent;
}

/* Adds the records of a block's head alone; @add lies behind @head unless there is disorder. */
static void
add_head (Block *block, const OpBlockHead *add)
{
  OpBlockHead *head = &block->head;
  if (head->n_records == 0)
    {
      *head = *add;
      return;
    }
  block->disordered |= add->first <= head->last;
  head->last = add->last;
  head->last_time = add->last_time;
  head->min_time = MIN (head->min_time, add->min_time);
  head->max_time = MAX (head->max_time, add->max_time);
  head->n_records += add->n_records;
}

/* Adds @n records of the reader's row from @first on, all of one block. */
static void
add_rows (OpPyramid *pyramid, Block *block, gsize first, gsize n)
{
  OpBlockHead head;
  op_row_reader_sum_up (pyramid->reader, first, n, &head, block->bins);
  add_head (block, &head);
}

gboolean
op_pyramid_add_row (OpPyramid *pyramid, const OpStoredRow *row, guint32 first, GError **error)
{
  if (!op_row_reader_open (pyramid->reader, row, error))
    return FALSE;
  for (gsize i = first; i < row->count;)
    {
      gint64 ordinal = row->ordinal + (gint64) i, number = op_block_at (0, ordinal);
      gsize n = (gsize) MIN (row->count - (gint64) i, op_block_get_ordinal (0, number + 1) - ordinal);
      add_rows (pyramid, find_block (pyramid, op_block_key (pyramid->incarnation, 0, number)), i, n);
      i += n;
    }
  return TRUE;
}

static void
merge_block (const OpPyramid *pyramid, Block *block, const Block *add)
{
  block->disordered |= add->disordered;
  add_head (block, &add->head);
  for (guint i = 0; i < pyramid->n_columns; i++)
    op_bin_add (&block->bins[i], &add->bins[i]);
}

static gsize
get_stored_size (const OpPyramid *pyramid)
{
  return HEAD_SIZE + pyramid->n_columns * BIN_SIZE;
}

static gboolean
fill_block (const OpPyramid *pyramid, Block *block, sqlite3_stmt *row, GError **error)
{
  const guint8 *bytes = sqlite3_column_blob (row, 0);
  gsize length = (gsize) sqlite3_column_bytes (row, 0);
  if (length != get_stored_size (pyramid))
    {
      g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED, _("A summary of records in the store is damaged"));
      return FALSE;
    }
  memcpy (&block->head, bytes, length);
  return TRUE;
}

/* Merges the stored blocks of @key up to, without, @end. */
static Block *
load_blocks (OpPyramid *pyramid, gint64 key, gint64 end, GError **error)
{
  g_autofree Block *merged = new_block (pyramid, key);
  g_autofree Block *next = new_block (pyramid, key);
  g_autoptr (OpStatement) query = op_db_query (
      pyramid->db, error, "SELECT data FROM block WHERE id >= ?1 AND id < ?2 ORDER BY id", "ii", key, end);
  if (query == NULL)
    return NULL;
  gint code;
  while ((code = op_statement_step (query, error)) == SQLITE_ROW)
    {
      if (!fill_block (pyramid, next, query->stmt, error))
        return NULL;
      merge_block (pyramid, merged, next);
    }
  return code == SQLITE_DONE ? g_steal_pointer (&merged) : NULL;
}

static gboolean
store_block (OpPyramid *pyramid, const Block *block, GError **error)
{
  return op_db_run (pyramid->db, error, "INSERT OR REPLACE INTO block (id, data) VALUES (?1, ?2)", "ib", block->key,
                    (const void *) &block->head, get_stored_size (pyramid));
}

typedef struct
{
  OpPyramid *pyramid;
  Block     *block;
  gint64     first, end;
} Rebuild;

static gboolean
add_stored_row (const OpStoredRow *row, gpointer data, GError **error)
{
  Rebuild *rebuild = data;
  OpPyramid *pyramid = rebuild->pyramid;
  if (!op_row_reader_open (pyramid->reader, row, error))
    return FALSE;
  gint64 first = MAX (row->ordinal, rebuild->first);
  gint64 end = MIN (row->ordinal + row->count, rebuild->end);
  if (first < end)
    add_rows (pyramid, rebuild->block, (gsize) (first - row->ordinal), (gsize) (end - first));
  return TRUE;
}

/* Works out a block anew: of level 0 from its records, above from the blocks below it. */
static Block *
rebuild_block (OpPyramid *pyramid, guint level, gint64 key, GError **error)
{
  gint64 number = key - op_block_key (pyramid->incarnation, level, 0);
  if (level > 0)
    {
      gint64 below = op_block_key (pyramid->incarnation, level - 1, op_block_below (level, number));
      gint64 end = op_block_key (pyramid->incarnation, level - 1, op_block_below (level, number + 1));
      Block *block = load_blocks (pyramid, below, end, error);
      if (block != NULL)
        block->key = key;
      return block;
    }
  g_autofree Block *block = new_block (pyramid, key);
  Rebuild rebuild = { pyramid, block, op_block_get_ordinal (0, number), op_block_get_ordinal (0, number + 1) };
  if (!op_db_foreach_row (pyramid->db, pyramid->incarnation, rebuild.first, rebuild.end, add_stored_row, &rebuild,
                          error))
    return NULL;
  return g_steal_pointer (&block);
}

/* Joins what was added to what is stored. */
static gboolean
join_block (OpPyramid *pyramid, guint level, Block *added, GError **error)
{
  g_autofree Block *stored = load_blocks (pyramid, added->key, added->key + 1, error);
  if (stored == NULL)
    return FALSE;
  merge_block (pyramid, stored, added);
  added->disordered = stored->disordered;
  if (!stored->disordered)
    return store_block (pyramid, stored, error);
  g_autofree Block *rebuilt = rebuild_block (pyramid, level, added->key, error);
  return rebuilt != NULL && store_block (pyramid, rebuilt, error);
}

/* Works out the blocks @first up to, without, @end of a level above the lowest from those below. */
static gboolean
fill_level (OpPyramid *pyramid, guint level, gint64 first, gint64 end, GError **error)
{
  if (first >= end)
    return TRUE;
  gint64 below = op_block_key (pyramid->incarnation, level - 1, 0);
  g_autoptr (OpStatement) query = op_db_query (
      pyramid->db, error, "SELECT data, id FROM block WHERE id >= ?1 AND id < ?2 ORDER BY id", "ii",
      below + op_block_below (level, first), below + op_block_below (level, end));
  g_autofree Block *child = new_block (pyramid, 0);
  g_autofree Block *block = NULL;
  if (query == NULL)
    return FALSE;
  gint code;
  while ((code = op_statement_step (query, error)) == SQLITE_ROW)
    {
      gint64 number = op_block_above (level, sqlite3_column_int64 (query->stmt, 1) - below);
      gint64 key = op_block_key (pyramid->incarnation, level, number);
      if (block != NULL && block->key != key)
        {
          if (!store_block (pyramid, block, error))
            return FALSE;
          g_clear_pointer (&block, g_free);
        }
      if (block == NULL)
        block = new_block (pyramid, key);
      if (!fill_block (pyramid, child, query->stmt, error))
        return FALSE;
      merge_block (pyramid, block, child);
    }
  return code == SQLITE_DONE && (block == NULL || store_block (pyramid, block, error));
}

static gint
compare_blocks (gconstpointer a, gconstpointer b)
{
  const Block *block_a = *(Block *const *) a, *block_b = *(Block *const *) b;
  return block_a->key < block_b->key ? -1 : block_a->key > block_b->key;
}

/* The blocks of @level + 1 over ascending blocks of @level. */
static GPtrArray *
gather_above (OpPyramid *pyramid, guint level, GPtrArray *blocks)
{
  GPtrArray *above = g_ptr_array_new_with_free_func (g_free);
  gint64 base = op_block_key (pyramid->incarnation, level, 0);
  Block *parent = NULL;
  for (guint i = 0; i < blocks->len; i++)
    {
      const Block *block = g_ptr_array_index (blocks, i);
      gint64 key = op_block_key (pyramid->incarnation, level + 1, op_block_above (level + 1, block->key - base));
      if (parent == NULL || parent->key != key)
        {
          parent = new_block (pyramid, key);
          g_ptr_array_add (above, parent);
        }
      merge_block (pyramid, parent, block);
    }
  return above;
}

static GPtrArray *
sort_blocks (OpPyramid *pyramid)
{
  GPtrArray *blocks = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer block;
  g_hash_table_iter_init (&iter, pyramid->blocks);
  while (g_hash_table_iter_next (&iter, NULL, &block))
    g_ptr_array_add (blocks, block);
  g_ptr_array_sort (blocks, compare_blocks);
  return blocks;
}

/* Writes what was added to blocks of a level, and the blocks for which the time has come. */
static gboolean
write_level (OpPyramid *pyramid, guint level, GPtrArray *blocks, gint64 old_end, gint64 end, GError **error)
{
  gint64 base = op_block_key (pyramid->incarnation, level, 0);
  gint64 first_new = old_end > OP_ORDINAL_MIN ? op_block_at (level, old_end - 1) + 1 : 0;
  gint64 old_stored_end = level > 0 ? op_block_stored_end (level, old_end) : first_new;
  gint64 stored_end = level > 0 ? op_block_stored_end (level, end) : op_block_at (0, OP_ORDINAL_MAX);
  for (guint i = 0; i < blocks->len; i++)
    {
      Block *block = g_ptr_array_index (blocks, i);
      gint64 number = block->key - base;
      gboolean is_whole = number >= first_new && !block->disordered;
      if (number >= stored_end || (number >= old_stored_end && number < first_new))
        continue;
      if (!(is_whole ? store_block (pyramid, block, error) : join_block (pyramid, level, block, error)))
        return FALSE;
    }
  /* Those that were begun before and are done now. */
  return level == 0 || fill_level (pyramid, level, old_stored_end, MIN (stored_end, first_new), error);
}

gboolean
op_pyramid_write (OpPyramid *pyramid, gint64 old_end, gint64 end, GError **error)
{
  g_autoptr (GPtrArray) blocks = sort_blocks (pyramid);
  for (guint level = 0; level < OP_PYRAMID_LEVELS; level++)
    {
      if (!write_level (pyramid, level, blocks, old_end, end, error))
        return FALSE;
      GPtrArray *above = gather_above (pyramid, level, blocks);
      g_ptr_array_unref (blocks);
      blocks = above;
    }
  return TRUE;
}

typedef struct
{
  OpPyramid *pyramid;
  gint64     written_end; /* ordinals */
  gint64     end;
} Filling;

static gboolean
write_filled (Filling *filling, GError **error)
{
  if (!op_pyramid_write (filling->pyramid, filling->written_end, filling->end, error))
    return FALSE;
  filling->written_end = filling->end;
  filling->pyramid->recent = NULL;
  g_hash_table_remove_all (filling->pyramid->blocks);
  return TRUE;
}

static gboolean
fill_from_row (const OpStoredRow *row, gpointer data, GError **error)
{
  Filling *filling = data;
  /* A damaged row is told by whoever reads it; the others are none the worse. */
  if (!op_pyramid_add_row (filling->pyramid, row, 0, NULL))
    return TRUE;
  filling->end = row->ordinal + row->count;
  return g_hash_table_size (filling->pyramid->blocks) < MAX_GATHERED || write_filled (filling, error);
}

gboolean
op_pyramid_fill (OpPyramid *pyramid, GError **error)
{
  Filling filling = { pyramid, OP_ORDINAL_MIN, OP_ORDINAL_MIN };
  return op_db_foreach_row (pyramid->db, pyramid->incarnation, OP_ORDINAL_MIN, OP_ORDINAL_MAX, fill_from_row, &filling,
                            error)
         && write_filled (&filling, error);
}

gint
op_pyramid_find_bin (OpTable *table, guint column)
{
  g_autoptr (OpRowReader) reader = op_row_reader_new (table);
  return op_row_reader_find_column (reader, column);
}

gboolean
op_pyramid_parse (const guint8 *bytes, gsize length, guint place, OpBlockHead *head, OpBin *bin)
{
  gsize offset = HEAD_SIZE + place * BIN_SIZE;
  if (length < offset + BIN_SIZE)
    return FALSE;
  memcpy (head, bytes, HEAD_SIZE);
  memcpy (bin, bytes + offset, BIN_SIZE);
  return TRUE;
}
