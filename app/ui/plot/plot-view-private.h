/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot/span.h"
#include "app/ui/plot/plot-columns.h"
#include "app/ui/plot/plot-history.h"
#include "app/ui/plot/plot-view.h"

G_BEGIN_DECLS

/*
 * What plot-view.c, which draws, shares with plot-input.c, which takes what the hands do, and plot-cursor.c, which reads
 * off.
 */

struct _OpPlotView
{
  GtkWidget      parent_instance;

  OpPlotColumns *columns;
  OpSpan         span;
  OpPlot        *plot;
  GdkTexture    *picture; /* what was drawn last */
  gboolean       stale;   /* it is not what would be drawn now */
  guint          n_bins;  /* the width that was asked for; 0: ask at the next drawing */
  guint          n_asked; /* how often, since span or size changed */

  gboolean       has_pointer;
  double         pointer_x, pointer_y; /* where is read: the mouse's place, or where keys moved it */
  double         mouse_x, mouse_y;
  gboolean       is_pointed; /* at a time, instead: where that is, each picture says */
  OpTime         pointed_time;
  char          *reading;   /* of the keyboard's cursor, for a label; "" when there is none */
  OpSpan         drag_span; /* when the drag, or the pinch, began */
  OpTime         pinch_time;
  gboolean       is_boxing; /* the drag marks what to zoom to */
  OpTime         box_a, box_b;
  gboolean       follows;

  OpPlotHistory *history;
  gboolean       is_selecting; /* the drag selects */
  gboolean       has_selection;
  OpTime         cursor_a, cursor_b; /* its edges, as they were drawn: A may lie behind B */
};

/** Shows a span that a person chose, and can come back from. */
void    op_plot_view_choose_span (OpPlotView *self, const OpSpan *span);
/** Shows one without keeping the one before. */
void    op_plot_view_show_span   (OpPlotView *self, const OpSpan *span);
void    op_plot_view_fit         (OpPlotView *self);
void    op_plot_view_zoom        (OpPlotView *self, OpTime time, double factor);
/** From @start on, by that part of its length. */
void    op_plot_view_pan         (OpPlotView *self, const OpSpan *start, double part);
/** The data's edges in logical pixels. */
void    op_plot_view_get_area    (OpPlotView *self, double *left, double *right, double *top, double *bottom);
OpTime  op_plot_view_time_at     (OpPlotView *self, double x);
/** What stands where no picture can, or NULL. */
const char *op_plot_view_get_message (OpPlotView *self);

/** Where is read, in the picture as it is. */
double  op_plot_view_get_pointer (OpPlotView *self);
/** Moves what the mouse else moves, and tells its reading. */
void    op_plot_view_move_cursor (OpPlotView *self, double pixels);
void    op_plot_view_set_reading (OpPlotView *self, gboolean is_read);
/** Draws the box beside the cursor, and its line. */
void    op_plot_view_snapshot_tracker (OpPlotView *self, GtkSnapshot *snapshot);

void    op_plot_view_install_actions (GtkWidgetClass *klass);
void    op_plot_view_add_controllers (OpPlotView *self);

G_END_DECLS
