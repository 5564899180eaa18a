/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot/canvas.h"
#include "app/plot/frame.h"
#include "app/plot/plot.h"
#include "app/plot/ticks.h"

G_BEGIN_DECLS

/* Logical pixels. */
#define TEXT_SIZE    11.0
#define TEXT_ROW     17.0
#define EDGE         10.0
#define UNITS_WIDTH  20.0
#define LABEL_SPACE  7.0

typedef struct
{
  OpColor background, text, grid, axis, hole, overwritten;
  guint32 series[8];
} Palette;

struct _OpPlot
{
  OpCanvas    *canvas;
  OpPlotStyle  style;
  OpTime       from, to;
  GArray      *series; /* OpPlotSeries */
  char        *axis_note;
  OpFrame      area;   /* all panes, as the last drawing put them */
};

typedef struct
{
  const char  *units;
  gboolean     is_own;      /* of one series: none joins it for its units */
  OpFrame      frame;
  OpValueTicks ticks;
  const char  *right_units; /* NULL: there is no axis at the right */
  OpFrame      right;       /* the same place with the range of that axis */
  OpValueTicks right_ticks;
} Pane;

/* Where a series is drawn. */
typedef struct
{
  guint    pane;
  gboolean is_right;
} Seat;

/* What one drawing needs; lives as long as it. */
typedef struct
{
  OpPlot        *plot;
  const Palette *palette;
  GArray        *panes; /* Pane */
  GArray        *seats; /* Seat of each series */
  GArray        *time_ticks;
  double         width, height, scale;
} Drawing;

static inline const OpPlotSeries *
op_plot_get_series (OpPlot *plot, guint i)
{
  return &g_array_index (plot->series, OpPlotSeries, i);
}

/* The frame in which a pane shows a series; NULL: it is in another pane. */
static inline const OpFrame *
op_drawing_get_frame (const Drawing *drawing, const Pane *pane, guint series)
{
  const Seat *seat = &g_array_index (drawing->seats, Seat, series);

  if (pane != &g_array_index (drawing->panes, Pane, seat->pane))
    return NULL;
  return seat->is_right ? &pane->right : &pane->frame;
}

static inline OpColor
op_drawing_get_color (const Drawing *drawing, guint series)
{
  return (OpColor) { op_plot_get_color (drawing->plot, series), 1 };
}

static inline void
op_color_set (cairo_t *cr, OpColor color)
{
  cairo_set_source_rgba (cr, (color.rgb >> 16 & 0xff) / 255.0, (color.rgb >> 8 & 0xff) / 255.0,
                         (color.rgb & 0xff) / 255.0, color.alpha);
}

const Palette *op_palette_get (OpPlotStyle style);
/** Says where the picture would be that PLplot's driver is not installed. */
void op_plot_draw_without_driver (cairo_t *cr, const Palette *palette, double scale);
/** Draws a picture of that many pixels from the origin of @cr. */
typedef void (*OpDrawFunc) (gpointer data, cairo_t *cr, int width, int height);
/** As op_plot_save(), whatever @draw draws. */
gboolean op_plot_save_drawing (OpDrawFunc draw, gpointer data, const char *path, OpPlotFormat format, int width,
                               int height, GError **error);
/** Finds panes, their ranges and ticks, and where everything lies. */
void op_drawing_lay_out     (Drawing *drawing);
/** Shades what is missing from a pane's series. */
void op_drawing_draw_holes  (Drawing *drawing, const Pane *pane);
/** Draws a pane's series. */
void op_drawing_draw_series (Drawing *drawing, const Pane *pane);

G_END_DECLS
