/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/** OpColor: 0xRRGGBB and how far it covers what is below. */
typedef struct
{
  guint32 rgb;
  double  alpha;
} OpColor;

/**
 * OpCanvas: a PLplot stream of the extcairo driver, in device pixels from the top left. Main thread only.
 */
typedef struct _OpCanvas OpCanvas;

OpCanvas *op_canvas_new  (void);
void      op_canvas_free (OpCanvas *canvas);

/** Begins a picture in @cr. FALSE when PLplot's cairo driver is not installed: nothing may be drawn. */
gboolean  op_canvas_begin (OpCanvas *canvas, cairo_t *cr, int width, int height);
/** Ends it; @cr is as it was before. */
void      op_canvas_end   (OpCanvas *canvas);

/** For cairo's own shapes in between: in device pixels from the top left too, until op_canvas_pop_cairo(). */
cairo_t  *op_canvas_push_cairo (OpCanvas *canvas);
void      op_canvas_pop_cairo  (OpCanvas *canvas);

/** Lines that follow are cut off at these edges. */
void      op_canvas_set_view (OpCanvas *canvas, double left, double top, double right, double bottom);
void      op_canvas_set_pen  (OpCanvas *canvas, OpColor color, double width);
void      op_canvas_line     (OpCanvas *canvas, double x1, double y1, double x2, double y2);
void      op_canvas_polyline (OpCanvas *canvas, const double *x, const double *y, guint n);

/**
 * Writes @text, @size pixels high, with its middle line at @y; @justify: the part of it that lies left of @x
 * (0 to 1). Any text will do. @upright: it runs from bottom to top, and x and y change parts.
 */
void      op_canvas_text (OpCanvas *canvas, double x, double y, double justify, gboolean upright, double size,
                          OpColor color, const char *text);
/** Its width in pixels, within a few. */
double    op_canvas_measure (OpCanvas *canvas, double size, const char *text);

G_END_DECLS
