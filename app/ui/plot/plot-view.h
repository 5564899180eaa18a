/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store.h"
#include "app/plot/plot-look.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * OpPlotView: chosen columns of an incarnation, or of a data file's batch, drawn over time.
 *
 * Properties: "from" and "to" (int64, OpTime; read, notify): the visible span.
 * "follows" (boolean; read, write, notify; TRUE at first): a span that reaches the newest record goes on to reach it.
 * "reading" (string; read, notify): what is at the keyboard's cursor, for a label; "" while there is none.
 * Signal "selected" (gboolean is_going_on): there is another selection, or none any more; while a person draws it, many.
 * Actions, group "plot": zoom-in, zoom-out, pan-left, pan-right, fit, back and forward through the spans that were
 * looked at, select-visible, select-none, zoom-selection, follow. The wheel and two fingers zoom at the pointer,
 * dragging pans, with Shift it selects, with Ctrl it zooms to what was marked, a double click fits; plus, minus, arrows,
 * Home and F, Backspace and Shift+Backspace, S, Escape, Z and P do the same from the keyboard; comma and period (with
 * Shift in strides) move a cursor that is read as the pointer is.
 */
#define OP_TYPE_PLOT_VIEW (op_plot_view_get_type ())
G_DECLARE_FINAL_TYPE (OpPlotView, op_plot_view, OP, PLOT_VIEW, GtkWidget)

GtkWidget *op_plot_view_new           (void);
/** Shows @incarnation and its whole span, no columns; NULL: nothing. */
void       op_plot_view_set_source    (OpPlotView *self, OpStore *store, OpIncarnation *incarnation);
/** The same for records that are all in memory. */
void       op_plot_view_set_batch     (OpPlotView *self, OpBatch *batch);
/** Columns of the table (of the batch: its own); those that are no numbers are passed over. */
void       op_plot_view_set_columns   (OpPlotView *self, const guint *columns, guint n_columns);
/** How a chosen column is drawn. */
void       op_plot_view_set_look      (OpPlotView *self, guint column, const OpPlotLook *look);
/** New records arrived: @incarnation is a newer snapshot of the same. */
void       op_plot_view_refresh       (OpPlotView *self, OpIncarnation *incarnation);
void       op_plot_view_set_span      (OpPlotView *self, OpTime from, OpTime to);
/** The selected span, its edges in order; FALSE when there is none. */
gboolean   op_plot_view_get_selection (OpPlotView *self, OpTime *from, OpTime *to);
/** Selects the span between two times, in any order, or nothing. */
void       op_plot_view_select        (OpPlotView *self, gboolean has_selection, OpTime a, OpTime b);
/** Puts the cursor there, and moves the span where it is out of sight. */
void       op_plot_view_point_at      (OpPlotView *self, OpTime time);
/** From which to which time there are records; FALSE: none. */
gboolean   op_plot_view_get_records   (OpPlotView *self, OpTime *first, OpTime *last);
/** The first column that is drawn, as it was given; -1: none. */
gint       op_plot_view_get_first_column (OpPlotView *self);
/** "Logger time, UTC+1". */
void       op_plot_view_set_axis_note (OpPlotView *self, const char *note);
/** Writes what is seen to a PNG, SVG or PDF file, as the name's ending says. Errors: OP_PLOT_ERROR. */
gboolean   op_plot_view_save          (OpPlotView *self, const char *path, GError **error);

G_END_DECLS
