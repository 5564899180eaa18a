/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot/plot.h"

#include <math.h>
#include <string.h>

/* Plots drawn into images, and what their pixels say. */

#define WIDTH  640
#define HEIGHT 400
#define SPAN   (1000 * OP_SECOND)

typedef struct
{
  cairo_surface_t *surface;
  double           left, right, top, bottom; /* of the data */
} Picture;

static inline Picture
draw_sized (OpPlot *plot, int width, double scale)
{
  Picture picture = { .surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, HEIGHT) };
  cairo_t *cr = cairo_create (picture.surface);

  op_plot_draw (plot, cr, width, HEIGHT, scale);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (picture.surface);
  op_plot_get_area (plot, &picture.left, &picture.right, &picture.top, &picture.bottom);
  return picture;
}

static inline Picture
draw (OpPlot *plot, double scale)
{
  return draw_sized (plot, WIDTH, scale);
}

static inline guint32
pixel (const Picture *picture, int x, int y)
{
  const guint8 *row = cairo_image_surface_get_data (picture->surface) + y * cairo_image_surface_get_stride (picture->surface);
  guint32 value;

  memcpy (&value, row + 4 * x, 4);
  return value & 0xffffff;
}

/* Also where the line covers a pixel to three quarters. */
static inline gboolean
is_near (guint32 a, guint32 b)
{
  for (int shift = 0; shift < 24; shift += 8)
    {
      if (abs ((int) (a >> shift & 0xff) - (int) (b >> shift & 0xff)) > 100)
        return FALSE;
    }
  return TRUE;
}

/* Rows of one column, within the data, that have the first series' colour; @first: the uppermost. */
static inline int
count_rows (OpPlot *plot, const Picture *picture, int x, int *first)
{
  int n = 0;

  *first = -1;
  for (int y = (int) picture->top; y < (int) picture->bottom; y++)
    {
      if (!is_near (pixel (picture, x, y), op_plot_get_color (plot, 0)))
        continue;
      n++;
      *first = *first < 0 ? y : *first;
    }
  return n;
}

static inline int
column_at (OpPlot *plot, OpTime time)
{
  return (int) op_plot_time_to_x (plot, time);
}

static inline OpPlot *
plot_of (OpReduction *reduction)
{
  OpPlot *plot = op_plot_new ();

  op_plot_set_span (plot, 0, SPAN);
  op_plot_add_series (plot, "AirTC_Avg", "°C", reduction);
  return plot;
}

static inline OpReduction *
points_new (const OpTime *times, const double *values, guint n)
{
  g_autoptr (OpTableBuilder) builder = op_table_builder_new ("Table", 1000, OP_TYPE_NSEC, 0, OP_SECOND);
  g_autoptr (OpTable) table = NULL;
  g_autoptr (OpBatch) batch = NULL;

  op_table_builder_add_field (builder, OP_TYPE_IEEE8, TRUE, "Value", "", "V", NULL, 0);
  table = op_table_builder_finish (g_steal_pointer (&builder), 1, NULL);
  batch = op_batch_new (table, NULL, 0, n);
  for (guint i = 0; i < n; i++)
    op_batch_set_number (batch, 0, op_batch_append_row (batch, i, times[i]), values[i]);
  return op_reduction_new_from_batch (batch, 0, 0, 0, SPAN, 500);
}

/* The range is padded by 6 % on both sides, so that values 0 and 100 lie 6/112 from the edges. */
static inline double
row_of (const Picture *picture, double value)
{
  return picture->bottom - (value + 6) / 112 * (picture->bottom - picture->top);
}
