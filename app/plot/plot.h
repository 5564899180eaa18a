/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/reduction.h"

#include <cairo.h>

G_BEGIN_DECLS

/**
 * OpPlot: draws series over a time axis with PLplot (driver extcairo) into a cairo context: on the screen and into
 * PNG, SVG and PDF by one path. No GTK. PLplot's streams are global state: use from the main thread only.
 *
 * Panes are stacked, one a unit unless a person wants it else, and share the time axis. Dense series are filled
 * minimum-maximum bands on the device's pixel grid, sparse ones lines, single records dots, totals bars. NAN breaks the
 * line; holes are shaded.
 */
typedef struct _OpPlot OpPlot;

/** How a series is drawn. */
typedef enum
{
  OP_PLOT_LINE,
  OP_PLOT_STEPS,  /* a value holds for the time that ends with its record */
  OP_PLOT_POINTS,
  OP_PLOT_BARS,   /* from zero: totals, such as rain */
  OP_PLOT_BAND,   /* a line, and around it what op_plot_set_band() gives */
} OpPlotForm;

/** Where a series is drawn. */
typedef enum
{
  OP_PLOT_WITH_UNITS, /* in the pane of all of its units */
  OP_PLOT_OWN_PANE,
  OP_PLOT_RIGHT_AXIS, /* in the pane of the series before it, against an axis at its right */
} OpPlotPlace;

typedef struct
{
  char        *label;     /* "AirTC_Avg" */
  char        *units;     /* "°C"; series of the same units share a pane */
  OpReduction *reduction; /* NULL while it is being read: the pane stands already */
  OpPlotForm   form;
  OpPlotPlace  place;
  OpReduction *low, *high; /* of a band; NULL: none, or not read yet */
} OpPlotSeries;

typedef enum
{
  OP_PLOT_LIGHT,
  OP_PLOT_DARK,
} OpPlotStyle;

OpPlot *op_plot_new  (void);
void    op_plot_free (OpPlot *plot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpPlot, op_plot_free)

void    op_plot_set_style   (OpPlot *plot, OpPlotStyle style);
/** The visible span. */
void    op_plot_set_span    (OpPlot *plot, OpTime from, OpTime to);
void    op_plot_clear       (OpPlot *plot);
/** "Rain, sum of 1 h" of what is summed up, else the same text. */
char   *op_plot_dup_label   (const char *label, const OpReduction *reduction);
/** Appends a series; texts are copied, the reduction is referenced. */
void    op_plot_add_series  (OpPlot *plot, const char *label, const char *units, OpReduction *reduction);
/** How the series added last is drawn; lines unless set. */
void    op_plot_set_form    (OpPlot *plot, OpPlotForm form);
/** Where the series added last is drawn; with its units unless set. */
void    op_plot_set_place   (OpPlot *plot, OpPlotPlace place);
/** What the band of the series added last reaches from and to; referenced. */
void    op_plot_set_band    (OpPlot *plot, OpReduction *low, OpReduction *high);
/** What suits a field: bars for totals. */
OpPlotForm op_plot_choose_form (const OpField *field);
/** The colour of the series added as number @series (from 0): 0xRRGGBB. */
guint32 op_plot_get_color   (OpPlot *plot, guint series);
/** The same of any plot of that style. */
guint32 op_plot_style_get_color (OpPlotStyle style, guint series);
/** "Logger time, UTC+1": said at the time axis; in a narrow plot up to the comma only, or not at all. */
void    op_plot_set_axis_note (OpPlot *plot, const char *note);
/** What was set; "" for nothing. */
const char *op_plot_get_axis_note (OpPlot *plot);
/** Logical pixels in which all panes can be read; in less they are drawn smaller. */
int     op_plot_get_least_height (OpPlot *plot);
/** Draws at @width × @height device pixels from the context's origin; @scale: device pixels a logical pixel. */
void    op_plot_draw        (OpPlot *plot, cairo_t *cr, int width, int height, double scale);
/** Where the last drawing put the data: left and right edges in pixels, for the pointer. */
void    op_plot_get_area    (OpPlot *plot, double *left, double *right, double *top, double *bottom);
OpTime  op_plot_x_to_time   (OpPlot *plot, double x);
double  op_plot_time_to_x   (OpPlot *plot, OpTime time);

typedef enum
{
  OP_PLOT_PNG,
  OP_PLOT_SVG,
  OP_PLOT_PDF,
} OpPlotFormat;
/**
 * Draws into a file, higher than @height when its panes could not be read else; @format by the name's ending is
 * op_plot_format_for_name(). Errors: OP_PLOT_ERROR.
 */
gboolean op_plot_save            (OpPlot *plot, const char *path, OpPlotFormat format, int width, int height, GError **error);
gboolean op_plot_format_for_name (const char *path, OpPlotFormat *format);

typedef enum
{
  OP_PLOT_ERROR_FORMAT,
  OP_PLOT_ERROR_WRITE,
} OpPlotError;
#define OP_PLOT_ERROR (op_plot_error_quark ())
GQuark op_plot_error_quark (void);

G_END_DECLS
