/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store.h"
#include "app/plot/plot-look.h"

G_BEGIN_DECLS

/**
 * OpPlotColumns: the columns that a plot view shows, and their reductions, read anew for each span and width. The old
 * ones serve until the new ones come. Signal "changed": a reduction has come, or an error.
 */
#define OP_TYPE_PLOT_COLUMNS (op_plot_columns_get_type ())
G_DECLARE_FINAL_TYPE (OpPlotColumns, op_plot_columns, OP, PLOT_COLUMNS, GObject)

OpPlotColumns *op_plot_columns_new (void);
/** Another source, or none (all NULL), no columns. Either an incarnation of a store or a batch. */
void           op_plot_columns_set_source (OpPlotColumns *self, OpStore *store, OpIncarnation *incarnation, OpBatch *batch);
/** A newer snapshot of the same incarnation. */
void           op_plot_columns_update     (OpPlotColumns *self, OpIncarnation *incarnation);
/** Those that are no numbers are passed over. */
void           op_plot_columns_choose     (OpPlotColumns *self, const guint *columns, guint n_columns);
/** How a chosen column is drawn; a band where its table holds one. */
void           op_plot_columns_set_look   (OpPlotColumns *self, guint column, const OpPlotLook *look);
guint          op_plot_columns_get_n      (OpPlotColumns *self);
/** The first one, as it was chosen; -1: none. */
gint           op_plot_columns_get_first  (OpPlotColumns *self);

/** Begins to read; what was being read is cancelled. */
void           op_plot_columns_fetch      (OpPlotColumns *self, OpTime from, OpTime to, guint n_bins);
void           op_plot_columns_stop       (OpPlotColumns *self);
gboolean       op_plot_columns_is_reading (OpPlotColumns *self);
/** Why the last reading failed, or NULL. */
const char    *op_plot_columns_get_error  (OpPlotColumns *self);

/** Makes them the series of @plot. */
void           op_plot_columns_fill       (OpPlotColumns *self, OpPlot *plot);
/**
 * What is at *@time or at most @reach away (element-type OpReadoutRow); *@time becomes that of the record read. In a hole
 * one row says why there is nothing.
 */
GArray        *op_plot_columns_read       (OpPlotColumns *self, OpPlot *plot, OpTime *time, OpTime reach);
/** In words, for a screen reader. */
char          *op_plot_columns_dup_description (OpPlotColumns *self, OpTime from, OpTime to);

G_END_DECLS
