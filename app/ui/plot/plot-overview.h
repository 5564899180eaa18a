/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ui/table-source.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * OpPlotOverview: all records of a source with one column drawn small, and over it a window that is what a plot shows.
 * Dragged the window moves, dragged at an edge it grows and shrinks, a press beside it brings it there; the keyboard
 * does the same in the plot.
 *
 * Signal "chosen" (int64, int64: OpTime, from and to): a person moved the window.
 */
#define OP_TYPE_PLOT_OVERVIEW (op_plot_overview_get_type ())
G_DECLARE_FINAL_TYPE (OpPlotOverview, op_plot_overview, OP, PLOT_OVERVIEW, GtkWidget)

/** Records from @first to @last; @column as op_plot_view_set_columns() takes them, -1: none is drawn. NULL: nothing. */
void op_plot_overview_set_source (OpPlotOverview *self, OpTableSource *source, gint column, OpTime first, OpTime last);
void op_plot_overview_set_window (OpPlotOverview *self, OpTime from, OpTime to);

G_END_DECLS
