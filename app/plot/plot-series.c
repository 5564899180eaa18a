/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/plot-private.h"

#include "app/plot/band.h"

#include <math.h>

/* Logical pixels. */
#define LINE_WIDTH   1.5
#define DOT_RADIUS   2.2
/* Points this far apart are a line, closer ones a band; from DOT_DISTANCE on each has its dot. */
#define LINE_DISTANCE 3.0
#define DOT_DISTANCE  9.0
#define MAX_BAR       40.0
/* Of the time between two records. */
#define BAR_SHARE     0.85
#define BAND_ALPHA    0.28

enum { HOLE_NONE, HOLE_SILENT, HOLE_OVERWRITTEN };

/* Many holes may share a column of pixels: what is worst wins. */
static guint8 *
mark_holes (Drawing *drawing, const Pane *pane, int n_columns)
{
  guint8 *marks = g_malloc0 ((gsize) n_columns + 1);

  for (guint i = 0; i < drawing->plot->series->len; i++)
    {
      const OpPlotSeries *series = op_plot_get_series (drawing->plot, i);

      if (series->reduction == NULL || op_drawing_get_frame (drawing, pane, i) == NULL)
        continue;
      for (guint k = 0; k < series->reduction->holes->len; k++)
        {
          const OpHole *hole = &g_array_index (series->reduction->holes, OpHole, k);
          int first = (int) CLAMP (op_frame_x (&pane->frame, hole->from) - pane->frame.left, 0, n_columns);
          int end = (int) CLAMP (ceil (op_frame_x (&pane->frame, hole->to) - pane->frame.left), 0, n_columns);

          for (int column = first; column < end; column++)
            marks[column] = MAX (marks[column], hole->overwritten ? HOLE_OVERWRITTEN : HOLE_SILENT);
        }
    }
  return marks;
}

static void
hatch (cairo_t *cr, double left, double top, double right, double bottom, double distance)
{
  double height = bottom - top;

  cairo_save (cr);
  cairo_rectangle (cr, left, top, right - left, height);
  cairo_clip (cr);
  /* Counted from zero, so that neighbours and panes go on in step. */
  for (double x = floor (left / distance) * distance; x < right + height; x += distance)
    {
      cairo_move_to (cr, x, top);
      cairo_line_to (cr, x - height, bottom);
    }
  cairo_set_line_width (cr, distance / 7);
  cairo_stroke (cr);
  cairo_restore (cr);
}

void
op_drawing_draw_holes (Drawing *drawing, const Pane *pane)
{
  const OpFrame *frame = &pane->frame;
  int n = (int) (frame->right - frame->left);
  g_autofree guint8 *marks = mark_holes (drawing, pane, n);
  cairo_t *cr = op_canvas_push_cairo (drawing->plot->canvas);

  for (int first = 0, end; first < n; first = end)
    {
      for (end = first + 1; end < n && marks[end] == marks[first]; end++)
        ;
      if (marks[first] == HOLE_NONE)
        continue;
      op_color_set (cr, marks[first] == HOLE_OVERWRITTEN ? drawing->palette->overwritten : drawing->palette->hole);
      cairo_rectangle (cr, frame->left + first, frame->top, end - first, frame->bottom - frame->top);
      cairo_fill (cr);
      if (marks[first] == HOLE_OVERWRITTEN)
        hatch (cr, frame->left + first, frame->top, frame->left + end, frame->bottom, 7 * drawing->scale);
    }
  op_canvas_pop_cairo (drawing->plot->canvas);
}

static void
draw_band (Drawing *drawing, const OpFrame *frame, const OpReduction *reduction, OpColor color)
{
  g_autoptr (OpBand) band = op_band_new (reduction, frame);
  cairo_t *cr = op_canvas_push_cairo (drawing->plot->canvas);

  cairo_rectangle (cr, frame->left, frame->top, frame->right - frame->left, frame->bottom - frame->top);
  cairo_clip (cr);
  op_color_set (cr, color);
  op_band_fill (band, frame, cr, LINE_WIDTH * drawing->scale);
  op_canvas_pop_cairo (drawing->plot->canvas);
}

/* A point outside comes in along its line, or its step, to just beyond the edge: it may be far away. */
static void
place_point (const OpFrame *frame, const OpReduction *reduction, gsize i, gsize neighbour, gboolean steps, double *x,
             double *y)
{
  double value = reduction->values[i], edge;
  double next_x = op_frame_x (frame, reduction->times[neighbour]);

  *x = op_frame_x (frame, reduction->times[i]);
  edge = CLAMP (*x, frame->left - 8, frame->right + 8);
  if (edge != *x && next_x != *x)
    {
      double part = (edge - *x) / (next_x - *x);

      if (!steps)
        value = value * (1 - part) + reduction->values[neighbour] * part;
      *x = edge;
    }
  *y = op_frame_y (frame, value);
}

static void
draw_dots (Drawing *drawing, const OpFrame *frame, const double *x, const double *y, guint n, OpColor color)
{
  double radius = DOT_RADIUS * drawing->scale;
  cairo_t *cr = op_canvas_push_cairo (drawing->plot->canvas);

  op_color_set (cr, color);
  for (guint i = 0; i < n; i++)
    {
      if (x[i] < frame->left - 1 || x[i] > frame->right + 1)
        continue;
      cairo_new_sub_path (cr);
      cairo_arc (cr, x[i], y[i], radius, 0, 2 * G_PI);
    }
  cairo_fill (cr);
  op_canvas_pop_cairo (drawing->plot->canvas);
}

/* The end of the unbroken line that begins at point @first. */
static gsize
find_line_end (const OpReduction *reduction, gsize first, guint *hole)
{
  gsize i = first + 1;

  while (i < reduction->n_points && isfinite (reduction->values[i]) &&
         !op_holes_part (reduction->holes, hole, reduction->times[i - 1], reduction->times[i]))
    i++;
  return i;
}

/* A value holds from the record before to its own. */
static void
draw_steps (OpCanvas *canvas, const double *x, const double *y, guint n)
{
  g_autofree double *step_x = g_new (double, 2 * n);
  g_autofree double *step_y = g_new (double, 2 * n);
  guint n_steps = 0;

  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        {
          step_x[n_steps] = x[i - 1];
          step_y[n_steps++] = y[i];
        }
      step_x[n_steps] = x[i];
      step_y[n_steps++] = y[i];
    }
  op_canvas_polyline (canvas, step_x, step_y, n_steps);
}

static void
draw_line (Drawing *drawing, const OpFrame *frame, const OpReduction *reduction, gboolean steps, OpColor color)
{
  OpCanvas *canvas = drawing->plot->canvas;
  g_autofree double *x = g_new (double, reduction->n_points);
  g_autofree double *y = g_new (double, reduction->n_points);
  gboolean dotted = reduction->n_points * DOT_DISTANCE * drawing->scale <= frame->right - frame->left;
  guint hole = 0;

  for (gsize first = 0, end; first < reduction->n_points; first = end)
    {
      end = first + 1;
      if (!isfinite (reduction->values[first]))
        continue;
      end = find_line_end (reduction, first, &hole);
      for (gsize i = first; i < end; i++)
        {
          gsize neighbour = i + 1 < end && reduction->times[i] < frame->from ? i + 1 : MAX (i, first + 1) - 1;

          place_point (frame, reduction, i, neighbour, steps, &x[i], &y[i]);
        }
      if (dotted || end - first == 1)
        draw_dots (drawing, frame, x + first, y + first, (guint) (end - first), color);
      if (end - first == 1)
        continue;
      op_canvas_set_view (canvas, frame->left, frame->top, frame->right, frame->bottom);
      op_canvas_set_pen (canvas, color, LINE_WIDTH * drawing->scale);
      if (steps)
        draw_steps (canvas, x + first, y + first, (guint) (end - first));
      else
        op_canvas_polyline (canvas, x + first, y + first, (guint) (end - first));
    }
}

/* Each record; of a bin that holds many the lowest and the highest, so that no extreme is hidden. */
static void
draw_points (Drawing *drawing, const OpFrame *frame, const OpReduction *reduction, OpColor color)
{
  gsize most = MAX (reduction->n_points, 2 * (gsize) reduction->n_bins);
  g_autofree double *x = g_new (double, most);
  g_autofree double *y = g_new (double, most);
  double step = (frame->right - frame->left) / MAX (reduction->n_bins, 1);
  guint n = 0;

  for (guint i = 0; reduction->bins != NULL && i < reduction->n_bins; i++)
    if (reduction->bins[i].n_values > 0)
      {
        x[n] = x[n + 1] = frame->left + (i + 0.5) * step;
        y[n++] = op_frame_y (frame, reduction->bins[i].min);
        y[n++] = op_frame_y (frame, reduction->bins[i].max);
      }
  for (gsize i = 0; i < reduction->n_points; i++)
    if (isfinite (reduction->values[i]))
      {
        x[n] = op_frame_x (frame, reduction->times[i]);
        y[n++] = op_frame_y (frame, reduction->values[i]);
      }
  draw_dots (drawing, frame, x, y, n, color);
}

/* From the lower to the higher column, as far as both have values. */
static void
draw_around (Drawing *drawing, const OpFrame *frame, const OpPlotSeries *series, OpColor color)
{
  g_autoptr (OpBand) low = op_band_new (series->low, frame);
  g_autoptr (OpBand) high = op_band_new (series->high, frame);
  cairo_t *cr = op_canvas_push_cairo (drawing->plot->canvas);

  cairo_rectangle (cr, frame->left, frame->top, frame->right - frame->left, frame->bottom - frame->top);
  cairo_clip (cr);
  color.alpha = BAND_ALPHA;
  op_color_set (cr, color);
  for (int i = 0; i < MIN (low->n, high->n); i++)
    if (!isnan (low->bottom[i]) && !isnan (high->top[i]))
      cairo_rectangle (cr, frame->left + i, high->top[i], 1, fmax (low->bottom[i] - high->top[i], 1));
  cairo_fill (cr);
  op_canvas_pop_cairo (drawing->plot->canvas);
}

/* From zero to the value, next to each other. */
static void
add_bar (cairo_t *cr, const OpFrame *frame, double left, double right, double value)
{
  double zero = op_frame_y (frame, 0), y = op_frame_y (frame, value);

  /* A little that fell shows, too. */
  if (value != 0)
    cairo_rectangle (cr, left, fmin (y, zero), fmax (right - left, 1), fmax (fabs (y - zero), 1));
}

static void
draw_bars (Drawing *drawing, const OpFrame *frame, const OpReduction *reduction, OpColor color)
{
  cairo_t *cr = op_canvas_push_cairo (drawing->plot->canvas);
  double step = (frame->right - frame->left) / MAX (reduction->n_bins, 1), shortest = frame->right - frame->left;

  cairo_rectangle (cr, frame->left, frame->top, frame->right - frame->left, frame->bottom - frame->top);
  cairo_clip (cr);
  op_color_set (cr, color);
  for (guint i = 0; reduction->bins != NULL && i < reduction->n_bins; i++)
    if (reduction->bins[i].n_values > 0)
      {
        const OpBin *bin = &reduction->bins[i];

        add_bar (cr, frame, frame->left + i * step, frame->left + (i + 1) * step, bin->max);
        add_bar (cr, frame, frame->left + i * step, frame->left + (i + 1) * step, bin->min);
      }
  for (gsize i = 1; i < reduction->n_points; i++)
    shortest = fmin (shortest, fmax (op_frame_x (frame, reduction->times[i]) - op_frame_x (frame, reduction->times[i - 1]), 1));
  /* A total is of the time that ends with its record. */
  for (gsize i = 0; i < reduction->n_points; i++)
    if (isfinite (reduction->values[i]))
      {
        double right = op_frame_x (frame, reduction->times[i]);

        add_bar (cr, frame, right - fmin (shortest * BAR_SHARE, MAX_BAR * drawing->scale), right, reduction->values[i]);
      }
  cairo_fill (cr);
  op_canvas_pop_cairo (drawing->plot->canvas);
}

static void
draw_one (Drawing *drawing, const OpFrame *frame, const OpPlotSeries *series, OpColor color)
{
  const OpReduction *reduction = series->reduction;
  gboolean is_sparse = reduction->bins == NULL
                       && reduction->n_points * LINE_DISTANCE * drawing->scale <= frame->right - frame->left;

  if (series->form == OP_PLOT_BAND && series->low != NULL && series->high != NULL)
    draw_around (drawing, frame, series, color);
  if (series->form == OP_PLOT_BARS)
    draw_bars (drawing, frame, reduction, color);
  else if (series->form == OP_PLOT_POINTS)
    draw_points (drawing, frame, reduction, color);
  else if (is_sparse)
    draw_line (drawing, frame, reduction, series->form == OP_PLOT_STEPS, color);
  else
    draw_band (drawing, frame, reduction, color);
}

void
op_drawing_draw_series (Drawing *drawing, const Pane *pane)
{
  for (guint i = 0; i < drawing->plot->series->len; i++)
    {
      const OpPlotSeries *series = op_plot_get_series (drawing->plot, i);
      const OpFrame *frame = op_drawing_get_frame (drawing, pane, i);

      if (series->reduction != NULL && frame != NULL)
        draw_one (drawing, frame, series, op_drawing_get_color (drawing, i));
    }
}
