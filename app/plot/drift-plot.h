/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/clock-drift.h"
#include "app/plot/plot.h"

G_BEGIN_DECLS

/**
 * OpDriftPlot: draws what is known of a clock: a dot a check with what is not known of it, a line a segment, and where
 * it was moved, by how much. On nothing: whoever draws it has a background. Main thread only, as OpPlot.
 */
typedef struct _OpDriftPlot OpDriftPlot;

OpDriftPlot *op_drift_plot_new  (void);
void         op_drift_plot_free (OpDriftPlot *plot);

/** As op_plot_draw(). @drift has at least one check; times are shown in the zone @utc_offset_s east of UTC. */
void         op_drift_plot_draw (OpDriftPlot *plot, const OpClockDrift *drift, gint utc_offset_s, OpPlotStyle style,
                                 cairo_t *cr, int width, int height, double scale);

/**
 * The seconds that the plot shows, zero among them. Offsets far from most others (a clock that began anew at 1990) are
 * left out of it; they are shown as arrows at the edge.
 */
void         op_drift_plot_find_range (const OpClockDrift *drift, double *low, double *high);

G_END_DECLS
