/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/reduction.h"

#include <stdlib.h>

/* Of a bin's width: many times the error of a place that is worked out by doubles. */
#define NEAR_EDGE 1e-6

static guint64
get_length (const OpReduction *reduction)
{
  return MAX ((guint64) reduction->to - (guint64) reduction->from, 1);
}

static gboolean
is_within (const OpReduction *reduction, OpTime time)
{
  return time >= reduction->from && time <= reduction->to;
}

/* The bin of a time within the span; the span's last moment belongs to the last bin. A division of whole numbers this
   large would take most of a reduction's time: it is left for where doubles may err, next to the edge of a bin.
   @room: for how long from @time on it is surely the same bin. */
static inline OpBin *
find_bin (OpReduction *reduction, OpTime time, double *room)
{
  gint64 offset = (gint64) ((guint64) time - (guint64) reduction->from);
  double exact = (double) offset * reduction->bins_per_tick;
  gint64 place = (gint64) exact;
  double share = exact - (double) place;

  *room = (1 - NEAR_EDGE - share) * reduction->ticks_per_bin;
  if (offset < 0 || share < NEAR_EDGE || share > 1 - NEAR_EDGE)
    {
      place = (gint64) ((unsigned __int128) (guint64) offset * reduction->n_bins / get_length (reduction));
      *room = 0;
    }
  return &reduction->bins[MIN (place, (gint64) reduction->n_bins - 1)];
}

/* For times of which many fall into the same bin. */
static OpBin *
bin_at (OpReduction *reduction, OpTime time)
{
  if (time >= reduction->recent_from && time < reduction->recent_end)
    return reduction->recent;

  double room;

  reduction->recent = find_bin (reduction, time, &room);
  reduction->recent_from = time;
  reduction->recent_end = time < G_MAXINT64 - (OpTime) room ? time + (OpTime) room : time;
  return reduction->recent;
}

static OpReduction *
reduction_new (OpTime from, OpTime to, guint n_bins)
{
  OpReduction *reduction = g_new0 (OpReduction, 1);

  g_atomic_ref_count_init (&reduction->ref_count);
  reduction->from = from;
  reduction->to = MAX (from, to);
  reduction->n_bins = MAX (n_bins, 1);
  reduction->bins_per_tick = reduction->n_bins / (double) get_length (reduction);
  /* Not beyond what an OpTime holds. */
  reduction->ticks_per_bin = MIN (1 / reduction->bins_per_tick, 1e18);
  reduction->holes = g_array_new (FALSE, FALSE, sizeof (OpHole));
  reduction->min = reduction->max = NAN;
  reduction->latest = G_MININT64;
  return reduction;
}

static void
note_time (OpReduction *reduction, OpTime time)
{
  reduction->is_disordered |= time < reduction->latest;
  reduction->latest = MAX (reduction->latest, time);
}

/* Whether the line from one record to the next can be seen. */
static gboolean
touches (const OpReduction *reduction, OpTime a, OpTime b)
{
  return MIN (a, b) <= reduction->to && MAX (a, b) >= reduction->from;
}

static gboolean
is_hole (OpTime before, OpTime after, OpTime interval)
{
  return interval > 0 && after > before && (guint64) after - (guint64) before > (guint64) interval + (guint64) interval / 2;
}

static void
find_holes (OpReduction *reduction, const OpBatch *batch, OpTime interval)
{
  const OpTime *times = op_batch_get_times (batch);
  const guint32 *records = op_batch_get_records (batch);
  gsize n = op_batch_get_n_records (batch);

  for (gsize i = 1; i < n; i++)
    {
      if (is_hole (times[i - 1], times[i], interval) && touches (reduction, times[i - 1], times[i]))
        {
          OpHole hole = { times[i - 1], times[i], (guint32) (records[i] - records[i - 1]) > 1 };

          g_array_append_val (reduction->holes, hole);
        }
    }
}

static void
take_points (OpReduction *reduction, OpFlags flags, const OpTime *times, const double *values, gsize n)
{
  g_autoptr (GArray) kept_times = g_array_new (FALSE, FALSE, sizeof (OpTime));
  g_autoptr (GArray) kept_values = g_array_new (FALSE, FALSE, sizeof (double));

  for (gsize i = 0; i < n; i++)
    {
      if (is_within (reduction, times[i]) ||
          (i > 0 && touches (reduction, times[i - 1], times[i])) ||
          (i + 1 < n && touches (reduction, times[i], times[i + 1])))
        {
          double value = op_flags_clear (flags, values[i]);

          note_time (reduction, times[i]);
          g_array_append_val (kept_times, times[i]);
          g_array_append_val (kept_values, value);
        }
    }
  reduction->n_points = kept_times->len;
  reduction->times = (OpTime *) (gpointer) g_array_free (g_steal_pointer (&kept_times), FALSE);
  reduction->values = (double *) (gpointer) g_array_free (g_steal_pointer (&kept_values), FALSE);
}

static void
take_range (OpReduction *reduction, double min, double max)
{
  reduction->min = fmin (reduction->min, min);
  reduction->max = fmax (reduction->max, max);
}

OpReduction *
op_reduction_ref (OpReduction *reduction)
{
  g_return_val_if_fail (reduction != NULL, NULL);

  g_atomic_ref_count_inc (&reduction->ref_count);
  return reduction;
}

void
op_reduction_unref (OpReduction *reduction)
{
  g_return_if_fail (reduction != NULL);

  if (!g_atomic_ref_count_dec (&reduction->ref_count))
    return;
  g_array_unref (reduction->holes);
  g_free (reduction->bins);
  g_free (reduction->times);
  g_free (reduction->values);
  g_free (reduction);
}

OpReduction *
op_reduction_new_from_batch (const OpBatch *batch, guint column, OpTime interval, OpTime from, OpTime to, guint n_bins)
{
  const OpTime *times = op_batch_get_times (batch);
  const double *values;
  gsize n = op_batch_get_n_records (batch), n_within = 0;
  OpFlags flags = op_type_get_flags (op_batch_get_type (batch, column));
  OpReduction *reduction;

  g_return_val_if_fail (op_batch_get_kind (batch, column) == OP_KIND_NUMBER, NULL);

  values = op_batch_get_numbers (batch, column);
  reduction = reduction_new (from, to, n_bins);
  for (gsize i = 0; i < n; i++)
    n_within += is_within (reduction, times[i]);
  if (n_within <= 2 * (gsize) reduction->n_bins)
    {
      take_points (reduction, flags, times, values, n);
    }
  else
    {
      op_reduction_unref (reduction);
      reduction = op_reduction_new_bins (from, to, n_bins);
      for (gsize i = 0; i < n; i++)
        op_reduction_add_value (reduction, times[i], op_flags_clear (flags, values[i]));
    }
  reduction->interval = interval;
  find_holes (reduction, batch, interval);
  op_reduction_finish (reduction);
  return reduction;
}

OpReduction *
op_reduction_new_bins (OpTime from, OpTime to, guint n_bins)
{
  OpReduction *reduction = reduction_new (from, to, n_bins);

  reduction->bins = g_new (OpBin, reduction->n_bins);
  for (guint i = 0; i < reduction->n_bins; i++)
    reduction->bins[i] = OP_BIN_EMPTY;
  return reduction;
}

void
op_reduction_add_value (OpReduction *reduction, OpTime time, double value)
{
  OpBin *bin;

  if (!is_within (reduction, time))
    return;
  bin = bin_at (reduction, time);
  note_time (reduction, time);
  if (!isfinite (value))
    {
      bin->n_nan++;
      return;
    }
  if (bin->n_values++ == 0)
    bin->min = bin->max = bin->first = value;
  bin->min = MIN (bin->min, value);
  bin->max = MAX (bin->max, value);
  bin->last = value;
  bin->sum += value;
}

void
op_reduction_add_block (OpReduction *reduction, OpTime from, OpTime to, const OpBin *block)
{
  OpTime middle = from + (OpTime) (((guint64) to - (guint64) from) / 2);
  double room;

  if (!is_within (reduction, middle))
    return;
  note_time (reduction, middle);
  op_bin_add (find_bin (reduction, middle, &room), block);
}

gboolean
op_reduction_share_bin (OpReduction *reduction, OpTime a, OpTime b)
{
  return bin_at (reduction, a) == bin_at (reduction, b);
}

OpReduction *
op_reduction_new_points (const OpReduction *other, gsize n_points)
{
  OpReduction *reduction = reduction_new (other->from, other->to, other->n_bins);

  reduction->interval = other->interval;
  g_array_append_vals (reduction->holes, other->holes->data, other->holes->len);
  reduction->n_points = n_points;
  reduction->times = g_new0 (OpTime, n_points);
  reduction->values = g_new0 (double, n_points);
  return reduction;
}

/* In the order of time, from bins that are empty. */
static void
find_empty_bins (OpReduction *reduction)
{
  double width = (double) get_length (reduction) / reduction->n_bins;
  gint last = -1;

  for (guint i = 0; i < reduction->n_bins; i++)
    {
      if (reduction->bins[i].n_values + reduction->bins[i].n_nan == 0)
        continue;
      if (last >= 0 && ((gint) i - last - 1) * width > 1.5 * (double) reduction->interval)
        {
          OpHole hole = { reduction->from + (OpTime) ((last + 1) * width), reduction->from + (OpTime) (i * width), FALSE };

          g_array_append_val (reduction->holes, hole);
        }
      last = (gint) i;
    }
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  const OpTime *time_a = a, *time_b = b;

  return (*time_a > *time_b) - (*time_a < *time_b);
}

static void
find_spread_points (OpReduction *reduction)
{
  g_autofree OpTime *times = g_memdup2 (reduction->times, reduction->n_points * sizeof (OpTime));

  qsort (times, reduction->n_points, sizeof (OpTime), compare_times);
  for (gsize i = 1; i < reduction->n_points; i++)
    if (is_hole (times[i - 1], times[i], reduction->interval) && touches (reduction, times[i - 1], times[i]))
      {
        OpHole hole = { times[i - 1], times[i], FALSE };

        g_array_append_val (reduction->holes, hole);
      }
}

static void
find_holes_in_time (OpReduction *reduction)
{
  g_array_set_size (reduction->holes, 0);
  if (reduction->interval <= 0)
    return;
  if (reduction->bins != NULL)
    find_empty_bins (reduction);
  else
    find_spread_points (reduction);
}

void
op_reduction_finish (OpReduction *reduction)
{
  if (reduction->is_disordered)
    find_holes_in_time (reduction);
  reduction->min = reduction->max = NAN;
  reduction->n_records = 0;
  for (guint i = 0; reduction->bins != NULL && i < reduction->n_bins; i++)
    {
      const OpBin *bin = &reduction->bins[i];

      reduction->n_records += (guint64) bin->n_values + bin->n_nan;
      if (bin->n_values > 0)
        take_range (reduction, bin->min, bin->max);
    }
  for (gsize i = 0; i < reduction->n_points; i++)
    {
      if (!is_within (reduction, reduction->times[i]))
        continue;
      reduction->n_records++;
      if (isfinite (reduction->values[i]))
        take_range (reduction, reduction->values[i], reduction->values[i]);
    }
}
