/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/bars.h"

#include <math.h>

/* Towards the past, also before 1990. */
static OpTime
round_down (OpTime time, OpTime step)
{
  OpTime rest = time % step;

  return time - (rest < 0 ? rest + step : rest);
}

static OpTime
choose_step (OpTime length, guint most)
{
  static const OpTime steps[] = {
    OP_MINUTE,   2 * OP_MINUTE, 5 * OP_MINUTE, 10 * OP_MINUTE, 15 * OP_MINUTE, 30 * OP_MINUTE, OP_HOUR,
    2 * OP_HOUR, 3 * OP_HOUR,   6 * OP_HOUR,   12 * OP_HOUR,   OP_DAY,         2 * OP_DAY,     7 * OP_DAY,
  };
  OpTime step = steps[0];

  for (guint i = 0; i < G_N_ELEMENTS (steps) && length / step >= most; i++)
    step = steps[i];
  while (length / step >= most)
    step *= 2;
  return step;
}

OpBars
op_bars_choose (OpTime from, OpTime to, guint most)
{
  /* As far as years go, so that no edge leaves what an OpTime holds. */
  OpTime first = MAX (from, G_MININT64 / 4), last = MIN (to, G_MAXINT64 / 4);
  OpBars bars = { .step = choose_step (last - first, MAX (most, 1)) };

  bars.from = round_down (first - 1, bars.step);
  bars.to = round_down (last + bars.step - 1, bars.step);
  bars.n = (guint) MAX ((bars.to - bars.from) / bars.step, 1);
  return bars;
}

OpReduction *
op_bars_sum (const OpBars *bars, OpReduction *reduction)
{
  OpReduction *sums;
  gsize n = 0;

  if (reduction->bins == NULL)
    return op_reduction_ref (reduction);
  sums = op_reduction_new_points (reduction, bars->n);
  sums->step = bars->step;
  for (guint i = 0; i < reduction->n_bins; i++)
    {
      const OpBin *bin = &reduction->bins[i];

      if (bin->n_values + bin->n_nan == 0)
        continue;
      sums->times[n] = bars->from + (OpTime) (i + 1) * bars->step;
      sums->values[n++] = bin->n_values > 0 ? bin->sum : NAN;
    }
  sums->n_points = n;
  op_reduction_finish (sums);
  sums->n_records = reduction->n_records;
  return sums;
}

OpReduction *
op_bars_sum_batch (const OpBars *bars, const OpBatch *batch, guint column, OpTime interval)
{
  g_autoptr (OpReduction) bins
    = op_reduction_new_from_batch (batch, column, interval, bars->from + 1, bars->to, bars->n);

  return op_bars_sum (bars, bins);
}
