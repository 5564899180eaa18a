/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/reduction.h"
#include "app/plot/frame.h"

#include <cairo.h>

G_BEGIN_DECLS

/**
 * OpBand: a dense series as what its line covers of each column of device pixels, so that thousands of near-vertical
 * strokes are shapes to fill.
 */
typedef struct
{
  int     n;      /* columns of the frame */
  double *top;    /* pixels; NAN where there is nothing */
  double *bottom;
} OpBand;

OpBand *op_band_new  (const OpReduction *reduction, const OpFrame *frame);
void    op_band_free (OpBand *band);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpBand, op_band_free)
/** Fills it, as a pen @pen pixels wide leaves it, in the colour of @cr. */
void    op_band_fill (const OpBand *band, const OpFrame *frame, cairo_t *cr, double pen);

/**
 * Whether a hole, or a step back in time, lies between two records that follow each other. *@place (0 at first) goes
 * along with the records' times, so that there is nothing to search.
 */
gboolean op_holes_part (const GArray *holes, guint *place, OpTime before, OpTime after);

G_END_DECLS
