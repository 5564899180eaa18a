/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/reduction.h"

#include <math.h>

static const OpBin empty_bin = { NAN, NAN, NAN, NAN, 0, 0 };

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
   large would take most of a reduction's time: it is left for where doubles may err, next to the edge of a bin. */
static OpBin *
bin_at (OpReduction *reduction, OpTime time)
{
  guint64 offset = (guint64) time - (guint64) reduction->from;
  double exact = (double) offset * reduction->bins_per_tick;
  guint64 place = (guint64) exact;
  double share = exact - (double) place;

  if (share < NEAR_EDGE || share > 1 - NEAR_EDGE)
    place = (guint64) ((unsigned __int128) offset * reduction->n_bins / get_length (reduction));
  return &reduction->bins[MIN (place, reduction->n_bins - 1)];
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
  reduction->holes = g_array_new (FALSE, FALSE, sizeof (OpHole));
  reduction->min = reduction->max = NAN;
  return reduction;
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
take_points (OpReduction *reduction, const OpTime *times, const double *values, gsize n)
{
  g_autoptr (GArray) kept_times = g_array_new (FALSE, FALSE, sizeof (OpTime));
  g_autoptr (GArray) kept_values = g_array_new (FALSE, FALSE, sizeof (double));

  for (gsize i = 0; i < n; i++)
    {
      if (is_within (reduction, times[i]) ||
          (i > 0 && touches (reduction, times[i - 1], times[i])) ||
          (i + 1 < n && touches (reduction, times[i], times[i + 1])))
        {
          g_array_append_val (kept_times, times[i]);
          g_array_append_val (kept_values, values[i]);
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
  OpReduction *reduction;

  g_return_val_if_fail (op_batch_get_kind (batch, column) == OP_KIND_NUMBER, NULL);

  values = op_batch_get_numbers (batch, column);
  reduction = reduction_new (from, to, n_bins);
  for (gsize i = 0; i < n; i++)
    n_within += is_within (reduction, times[i]);
  if (n_within <= 2 * (gsize) reduction->n_bins)
    {
      take_points (reduction, times, values, n);
    }
  else
    {
      op_reduction_unref (reduction);
      reduction = op_reduction_new_bins (from, to, n_bins);
      for (gsize i = 0; i < n; i++)
        op_reduction_add_value (reduction, times[i], values[i]);
    }
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
    reduction->bins[i] = empty_bin;
  return reduction;
}

void
op_reduction_add_value (OpReduction *reduction, OpTime time, double value)
{
  OpBin *bin;

  if (!is_within (reduction, time))
    return;
  bin = bin_at (reduction, time);
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
}

void
op_reduction_add_block (OpReduction *reduction, OpTime from, OpTime to, const OpBin *block)
{
  OpTime middle = from + (OpTime) (((guint64) to - (guint64) from) / 2);
  OpBin *bin;

  if (!is_within (reduction, middle))
    return;
  bin = bin_at (reduction, middle);
  bin->n_nan += block->n_nan;
  if (block->n_values == 0)
    return;
  if (bin->n_values == 0)
    {
      bin->first = block->first;
      bin->min = block->min;
      bin->max = block->max;
    }
  bin->n_values += block->n_values;
  bin->min = MIN (bin->min, block->min);
  bin->max = MAX (bin->max, block->max);
  bin->last = block->last;
}

void
op_reduction_finish (OpReduction *reduction)
{
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
