/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/reduction.h"

G_BEGIN_DECLS

/** How wide a bar is at least, in device pixels. */
#define OP_BAR_PIXELS 8

/** Bars that each stand for the sum of a step of time: the first begins behind @from, the last ends with @to. */
typedef struct
{
  OpTime from, to;
  OpTime step; /* a natural one: 10 min, 1 h, 1 day, … */
  guint  n;
} OpBars;

/** At most about @most bars over a span. Their edges are multiples of the step, wherever the span begins. */
OpBars       op_bars_choose    (OpTime from, OpTime to, guint most);
/**
 * Exact bins of those bars as points: each sum at the end of its time, as a logger stores totals; NAN when there are
 * records, but no value. What has few records, and so no bins, stays as it is.
 */
OpReduction *op_bars_sum       (const OpBars *bars, OpReduction *reduction);
/** The same of a column of a batch, as op_reduction_new_from_batch() takes it. */
OpReduction *op_bars_sum_batch (const OpBars *bars, const OpBatch *batch, guint column, OpTime interval);

G_END_DECLS
