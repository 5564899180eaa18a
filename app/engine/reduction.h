/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"
#include "protocol/bin.h"

G_BEGIN_DECLS

/** A stretch of time in which nothing is held. */
typedef struct
{
  OpTime   from, to;  /* times of the records on both sides */
  gboolean overwritten; /* numbers are missing (ring memory overwrote them); otherwise the logger stored nothing */
} OpHole;

/**
 * OpReduction: a numeric column between two times, reduced to what can be seen. Either single points (when
 * there are at most two a bin), or bins. Immutable once made; counted references.
 */
typedef struct
{
  OpTime   from, to;
  guint    n_bins;   /* as asked */
  OpBin   *bins;     /* n_bins of them, or NULL when there are points */
  gsize    n_points;
  OpTime  *times;    /* of points; includes the neighbours just outside, so that lines leave the picture */
  double  *values;   /* NAN breaks the line */
  GArray  *holes;    /* OpHole, ascending, those that touch the span */
  guint64  n_records; /* within the span */
  double   min, max;  /* over the span; NAN when there is no value */
  OpTime   interval;  /* between records, where nothing may be missing; 0: none is known */
  OpTime   step;      /* of which each point is the sum; 0: points are values */

  /*< private >*/
  gatomicrefcount ref_count;
  double   bins_per_tick, ticks_per_bin;
  OpTime   latest;     /* of what was added */
  OpBin   *recent;     /* the bin that was found last, and times that lie in it, too */
  OpTime   recent_from, recent_end;
  gboolean is_disordered; /* what was added did not ascend in time */
} OpReduction;

OpReduction *op_reduction_ref   (OpReduction *reduction);
void         op_reduction_unref (OpReduction *reduction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpReduction, op_reduction_unref)

/**
 * Reduces a column of a batch that is all in memory (a data file). A jump of times over one and a half
 * @interval is a hole; @interval 0: no holes.
 */
OpReduction *op_reduction_new_from_batch (const OpBatch *batch, guint column, OpTime interval, OpTime from, OpTime to,
                                          guint n_bins);

/** For those who fill one bin by bin: an empty reduction of @n_bins bins. */
OpReduction *op_reduction_new_bins  (OpTime from, OpTime to, guint n_bins);
/** Adds a value of time @time to its bin; NAN for a flag. */
void         op_reduction_add_value (OpReduction *reduction, OpTime time, double value);
/** Adds a block of the pyramid that lies between two times to the bin of its middle. */
void         op_reduction_add_block (OpReduction *reduction, OpTime from, OpTime to, const OpBin *block);
/** Whether both times, which lie in the span, fall into the same bin. */
gboolean     op_reduction_share_bin (OpReduction *reduction, OpTime a, OpTime b);
/** For those who fill one point by point: span and holes of @other, room for @n_points. */
OpReduction *op_reduction_new_points (const OpReduction *other, gsize n_points);
/**
 * Works out min, max and n_records after the last addition. Where times did not ascend, holes are looked for anew: they
 * are where no time falls.
 */
void         op_reduction_finish    (OpReduction *reduction);

G_END_DECLS
