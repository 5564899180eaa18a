/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-reduce.h"

#include "app/engine/store-strip.h"
#include "app/engine/store-runs.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/*
 * The pyramid is walked from a coarse level down, in the order of records: what a block says is taken where it
 * suffices, and where not, what is below it is looked at. Two walks are made: a survey from the coarsest level that
 * counts the records of the span and finds its ends, then the one that takes values, from a level fit for their
 * number.
 */
typedef struct
{
  OpDb        *db;
  gint64       incarnation;
  gint64       end;        /* ordinal behind its newest record */
  OpTable     *table;
  OpStripLayout *layout;
  guint        place;      /* of the column in it */
  OpTime       from, to;
  guint64      bin_width;
  gboolean     exact;      /* no value may lie beside its bin */
  OpFlags      flags;      /* of the column */
  OpBatch     *batch;      /* the column, for one row at a time */

  gboolean     surveying;
  guint64      n_within;
  gint64       first_within, last_within; /* ordinals */
  gint64       before, after;             /* the nearest outside */

  OpReduction *reduction;
  GArray      *holes;
  gboolean     has_previous;
  gint64       previous;      /* ordinal of the record walked last */
  OpTime       previous_time;
} Walk;

void
op_reduce_request_free (OpReduceRequest *request)
{
  g_clear_pointer (&request->incarnation, op_incarnation_unref);
  g_clear_pointer (&request->reduction, op_reduction_unref);
  g_free (request);
}

/* Notes where nothing is held between the last record walked and the next. */
static void
note_hole (Walk *walk, const OpBlockHead *next)
{
  OpTime interval = walk->table->interval;
  guint64 step = (guint64) next->first_time - (guint64) walk->previous_time;
  gboolean overwritten = next->first != walk->previous + 1;
  gboolean jumps = interval > 0 && next->first_time > walk->previous_time
                   && step > (guint64) interval + (guint64) interval / 2;
  if (walk->has_previous && (jumps || (overwritten && interval == 0)) && walk->previous_time <= walk->to
      && next->first_time >= walk->from)
    {
      OpHole hole = { walk->previous_time, next->first_time, overwritten };
      g_array_append_val (walk->holes, hole);
    }
  walk->has_previous = TRUE;
  walk->previous = next->last;
  walk->previous_time = next->last_time;
}

/* Whether what a block says is enough: it lies outside, or within and, when values are taken, is no wider than a
   bin. */
static gboolean
suffices (const Walk *walk, const OpBlockHead *head)
{
  if (head->max_time < walk->from || head->min_time > walk->to)
    return TRUE;
  gboolean inside = head->min_time >= walk->from && head->max_time <= walk->to;
  if (!inside || walk->surveying)
    return inside;
  return walk->exact ? op_reduction_share_bin (walk->reduction, head->min_time, head->max_time)
                     : (guint64) head->max_time - (guint64) head->min_time <= walk->bin_width;
}

static void
survey (Walk *walk, const OpBlockHead *head)
{
  if (head->max_time < walk->from)
    walk->before = MAX (walk->before, head->last);
  else if (head->min_time > walk->to)
    walk->after = MIN (walk->after, head->first);
  else
    {
      walk->n_within += (guint64) head->n_records;
      walk->first_within = MIN (walk->first_within, head->first);
      walk->last_within = MAX (walk->last_within, head->last);
    }
}

static void
take_block (Walk *walk, const OpBlockHead *head, const OpBin *bin)
{
  note_hole (walk, head);
  if (head->min_time >= walk->from && head->max_time <= walk->to)
    op_reduction_add_block (walk->reduction, head->min_time, head->max_time, bin);
}

static void
survey_records (Walk *walk, gint64 ordinal, gsize row, gsize n)
{
  const OpTime *times = op_batch_get_times (walk->batch) + row;
  for (gsize i = 0; i < n; i++)
    {
      gint64 at = ordinal + (gint64) i;
      survey (walk, &(OpBlockHead){ at, at, 1, times[i], times[i], times[i], times[i] });
    }
}

static void
take_records (Walk *walk, gint64 ordinal, gsize row, gsize n)
{
  const OpTime *times = op_batch_get_times (walk->batch) + row;
  const double *values = op_batch_get_numbers (walk->batch, 0) + row;
  note_hole (walk, &(OpBlockHead){ .first = ordinal, .last = ordinal + (gint64) n - 1, .first_time = times[0],
                                   .last_time = times[n - 1] });
  for (gsize i = 0; i < n; i++)
    op_reduction_add_value (walk->reduction, times[i], op_flags_clear (walk->flags, values[i]));
}

typedef struct
{
  Walk  *walk;
  gint64 first, end;
} Stretch;

static gboolean
decode_row (Walk *walk, const OpStoredRow *row, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  op_batch_clear (walk->batch);
  if (op_batch_append_payload (walk->batch, (guint32) row->ordinal, row->count, row->first_time, row->payload,
                               row->length, &local_error))
    return TRUE;
  g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED, _("Records in the store are damaged: %s"),
               local_error->message);
  return FALSE;
}

static gboolean
walk_row (const OpStoredRow *row, gpointer data, GError **error)
{
  const Stretch *stretch = data;
  gint64 first = MAX (row->ordinal, stretch->first);
  gint64 end = MIN (row->ordinal + row->count, stretch->end);
  if (first >= end)
    return TRUE;
  if (!decode_row (stretch->walk, row, error))
    return FALSE;
  (stretch->walk->surveying ? survey_records : take_records) (stretch->walk, first, (gsize) (first - row->ordinal),
                                                              (gsize) (end - first));
  return TRUE;
}

static gboolean walk_level (Walk *walk, gint level, gint64 first, gint64 end, GError **error);

/* Walks what is below the blocks @first up to @end of a level. */
static gboolean
walk_below (Walk *walk, gint level, gint64 first, gint64 end, GError **error)
{
  if (first == end)
    return TRUE;
  if (level > 0)
    return walk_level (walk, level - 1, op_block_below ((guint) level, first), op_block_below ((guint) level, end),
                       error);
  Stretch stretch = { walk, op_block_get_ordinal (0, first), op_block_get_ordinal (0, end) };
  return op_db_foreach_row (walk->db, walk->incarnation, stretch.first, stretch.end, walk_row, &stretch, error);
}

/* Neighbours that do not suffice, from block @below up to @below_end of a level: they are walked below in one go. */
typedef struct
{
  gint64 below, below_end;
} Insufficient;

static gboolean
walk_block (Walk *walk, gint level, gint64 block, const OpBlockHead *head, const OpBin *bin, Insufficient *pending,
            GError **error)
{
  gboolean enough = suffices (walk, head);
  if (enough || block != pending->below_end)
    {
      if (!walk_below (walk, level, pending->below, pending->below_end, error))
        return FALSE;
      pending->below = block;
    }
  pending->below_end = enough ? block : block + 1;
  if (enough)
    walk->surveying ? survey (walk, head) : take_block (walk, head, bin);
  return TRUE;
}

/* Walks the blocks of the strip at which the query is that lie from @first up to, without, @end. */
static gboolean
walk_strip (Walk *walk, gint level, sqlite3_stmt *row, gint64 first, gint64 end, Insufficient *pending,
            GError **error)
{
  OpBlockHead heads[OP_STRIP_BLOCKS];
  OpBin bins[OP_STRIP_BLOCKS];
  gint64 strip = sqlite3_column_int64 (row, 1) - op_strip_key (walk->incarnation, (guint) level, 0);
  const guint8 *bytes = sqlite3_column_blob (row, 0);
  if (!op_strip_load_heads (walk->layout, bytes, (gsize) sqlite3_column_bytes (row, 0), heads, error)
      || (!walk->surveying && !op_strip_load_bins (walk->layout, bytes, walk->place, heads, bins, error)))
    return FALSE;
  for (gint i = 0; i < OP_STRIP_BLOCKS; i++)
    {
      gint64 block = strip * OP_STRIP_BLOCKS + i;
      if (block >= first && block < end && heads[i].n_records > 0
          && !walk_block (walk, level, block, &heads[i], &bins[i], pending, error))
        return FALSE;
    }
  return TRUE;
}

/* The last blocks of a level are stored below only. */
static gboolean
walk_level (Walk *walk, gint level, gint64 first, gint64 end, GError **error)
{
  gint64 base = op_strip_key (walk->incarnation, (guint) level, 0);
  gint64 stored_end = CLAMP (op_strips_stored_end ((guint) level, walk->end) * OP_STRIP_BLOCKS, first, end);
  g_autoptr (OpStatement) query = op_db_query (
      walk->db, error, "SELECT data, id FROM strip WHERE id >= ?1 AND id < ?2 ORDER BY id", "ii",
      base + first / OP_STRIP_BLOCKS, base + (stored_end + OP_STRIP_BLOCKS - 1) / OP_STRIP_BLOCKS);
  if (query == NULL)
    return FALSE;
  Insufficient pending = { first, first };
  gint code;
  while ((code = op_statement_step (query, error)) == SQLITE_ROW)
    if (!walk_strip (walk, level, query->stmt, first, stored_end, &pending, error))
      return FALSE;
  if (code != SQLITE_DONE)
    return FALSE;
  if (pending.below_end == stored_end)
    return walk_below (walk, level, pending.below, end, error);
  return walk_below (walk, level, pending.below, pending.below_end, error)
         && walk_below (walk, level, stored_end, end, error);
}

/* Walks all blocks of a level, and what is below them. */
static gboolean
walk_from (Walk *walk, gint level, gint64 first, gint64 last, GError **error)
{
  return walk_level (walk, level, op_block_at ((guint) level, first), op_block_at ((guint) level, last) + 1, error);
}

/* The records held next to those of the span belong to the picture: lines lead to them. */
static gboolean
find_neighbours (Walk *walk, GError **error)
{
  if (walk->n_within == 0)
    return TRUE;
  return op_db_get_int (walk->db, OP_ORDINAL_MIN, &walk->before, error,
                        "SELECT min (first + count, ?2) - 1 FROM run WHERE incarnation = ?1 AND first < ?2"
                        " ORDER BY first DESC LIMIT 1", "ii", walk->incarnation, walk->first_within)
         && op_db_get_int (walk->db, OP_ORDINAL_MAX, &walk->after, error,
                           "SELECT max (first, ?2) FROM run WHERE incarnation = ?1 AND first + count > ?2"
                           " ORDER BY first LIMIT 1", "ii", walk->incarnation, walk->last_within + 1);
}

static gboolean
add_points (Walk *walk, OpBatch *batch, gint64 first, gint64 end, GError **error)
{
  g_autoptr (GPtrArray) chunks = op_db_read_ordinals (walk->db, walk->incarnation, first, end, error);
  if (chunks == NULL)
    return FALSE;
  for (guint i = 0; i < chunks->len; i++)
    {
      const OpChunk *chunk = g_ptr_array_index (chunks, i);
      OpBlockHead head = { .first_time = chunk->first_time, .last_time = chunk->last_time };
      head.first = first + (guint32) (chunk->first - (guint32) first);
      head.last = head.first + chunk->count - 1;
      note_hole (walk, &head);
      if (!op_batch_append_chunk (batch, chunk, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
reduce_to_points (Walk *walk, const OpReduceRequest *request, GError **error)
{
  g_autoptr (OpBatch) batch = op_batch_new (walk->table, &request->column, 1, 2 * request->n_bins + 2);
  if (!find_neighbours (walk, error))
    return FALSE;
  if (walk->before != OP_ORDINAL_MIN && !add_points (walk, batch, walk->before, walk->before + 1, error))
    return FALSE;
  if (walk->n_within > 0 && !add_points (walk, batch, walk->first_within, walk->last_within + 1, error))
    return FALSE;
  if (walk->after != OP_ORDINAL_MAX && !add_points (walk, batch, walk->after, walk->after + 1, error))
    return FALSE;
  walk->reduction = op_reduction_new_from_batch (batch, 0, 0, request->from, request->to, request->n_bins);
  return TRUE;
}

/* The coarsest level whose blocks hold no more records than a bin, were they spread evenly: it has less than two
   blocks a bin, and where records are sparse the walk goes deeper by itself. */
static gint
choose_level (const Walk *walk, guint n_bins)
{
  gint level = 0;
  while (level + 1 < OP_PYRAMID_LEVELS && walk->n_within / n_bins >> op_pyramid_shift ((guint) level + 1) > 0)
    level++;
  return level;
}

static gboolean
reduce_to_bins (Walk *walk, const OpReduceRequest *request, GError **error)
{
  /* With the records next to the span, so that a hole at its edge is seen. */
  gint64 first = walk->before != OP_ORDINAL_MIN ? MIN (walk->before, walk->first_within) : walk->first_within;
  gint64 last = walk->after != OP_ORDINAL_MAX ? MAX (walk->after, walk->last_within) : walk->last_within;
  walk->reduction = op_reduction_new_bins (request->from, request->to, request->n_bins);
  return walk_from (walk, choose_level (walk, request->n_bins), first, last, error);
}

static gboolean
run_walks (Walk *walk, OpReduceRequest *request, GError **error)
{
  walk->surveying = TRUE;
  if (!walk_from (walk, OP_PYRAMID_LEVELS - 1, OP_ORDINAL_MIN, OP_ORDINAL_MAX - 1, error))
    return FALSE;
  walk->surveying = FALSE;
  gboolean few = walk->n_within <= 2 * (guint64) request->n_bins;
  gboolean done = few ? reduce_to_points (walk, request, error) : reduce_to_bins (walk, request, error);
  request->reduction = walk->reduction;
  if (!done)
    return FALSE;
  walk->reduction->interval = walk->table->interval;
  g_array_append_vals (walk->reduction->holes, walk->holes->data, walk->holes->len);
  op_reduction_finish (walk->reduction);
  return TRUE;
}

gboolean
op_db_reduce (OpDb *db, gpointer data, GError **error)
{
  OpReduceRequest *request = data;
  OpTable *table = request->incarnation->table;
  g_autoptr (OpStripLayout) layout = op_strip_layout_new (table);
  gint place = op_strip_layout_find (layout, request->column);
  if (place < 0)
    {
      g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_FAILED, _("Only numbers can be drawn"));
      return FALSE;
    }
  g_autoptr (OpBatch) batch = op_batch_new (table, &request->column, 1, 4096);
  g_autoptr (GArray) holes = g_array_new (FALSE, FALSE, sizeof (OpHole));
  guint64 length = (guint64) request->to - (guint64) request->from;
  Walk walk = { .db = db, .incarnation = request->incarnation->id, .table = table, .layout = layout,
                .place = (guint) place,
                .from = request->from, .to = request->to, .bin_width = length / request->n_bins, .batch = batch,
                .exact = request->exact,
                .flags = op_type_get_flags (op_table_get_column (table, request->column, NULL)->type),
                .first_within = OP_ORDINAL_MAX, .last_within = OP_ORDINAL_MIN, .before = OP_ORDINAL_MIN,
                .after = OP_ORDINAL_MAX, .holes = holes };
  return op_db_get_end (db, walk.incarnation, &walk.end, error) && run_walks (&walk, request, error);
}
