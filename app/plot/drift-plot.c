/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/drift-plot.h"

#include "app/plot/plot-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Logical pixels. */
#define RADIUS          2.5
#define TICK_DISTANCE   32.0
#define CHARACTER_WIDTH 6.6
#define DASH            4.0
/* As a multiple of how far three of four checks are from the one in the middle. */
#define FAR             30
/* What one check alone is shown in: a minute before and after it. */
#define LEAST_SPAN_US   (60 * G_USEC_PER_SEC)
#define LEAST_RANGE     0.02
/* Of the time between the first check and the last, and of the range. */
#define ROOM            0.04

struct _OpDriftPlot
{
  OpCanvas *canvas;
};

typedef struct
{
  OpCanvas           *canvas;
  const OpClockDrift *drift;
  const Palette      *palette;
  gint                utc_offset_s;
  double              scale;
  OpFrame             frame;
  OpValueTicks        ticks; /* seconds */
} Sketch;

OpDriftPlot *
op_drift_plot_new (void)
{
  OpDriftPlot *plot = g_new0 (OpDriftPlot, 1);

  plot->canvas = op_canvas_new ();
  return plot;
}

void
op_drift_plot_free (OpDriftPlot *plot)
{
  op_canvas_free (plot->canvas);
  g_free (plot);
}

/* What is shown */

static double
get_seconds (gint64 us)
{
  return (double) us / G_USEC_PER_SEC;
}

static const OpClockCheck *
get_check (const OpClockDrift *drift, guint i)
{
  return &g_array_index (drift->checks, OpClockCheck, i);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
find_quantile (double *values, guint n, double part)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return values[(guint) (part * (n - 1))];
}

void
op_drift_plot_find_range (const OpClockDrift *drift, double *low, double *high)
{
  guint n = drift->checks->len;
  g_autofree double *values = g_new (double, n);
  double middle, limit, room;

  for (guint i = 0; i < n; i++)
    values[i] = get_seconds (get_check (drift, i)->offset_us);
  middle = find_quantile (values, n, 0.5);
  for (guint i = 0; i < n; i++)
    values[i] = fabs (values[i] - middle);
  limit = FAR * fmax (find_quantile (values, n, 0.75), LEAST_RANGE);
  *low = *high = 0;
  for (guint i = 0; i < n; i++)
    {
      const OpClockCheck *check = get_check (drift, i);
      double offset = get_seconds (check->offset_us), unknown = get_seconds (check->uncertainty_us);

      if (fabs (offset - middle) > limit)
        continue;
      *low = fmin (*low, offset - unknown);
      *high = fmax (*high, offset + unknown);
    }
  room = fmax (*high - *low, LEAST_RANGE) * ROOM;
  *low -= room;
  *high += room;
}

static OpTime
get_time (const Sketch *sketch, gint64 unix_us)
{
  return op_time_from_unix_us (unix_us, sketch->utc_offset_s);
}

/* "+0.3 s" */
static void
format_tick (const OpValueTicks *ticks, guint i, char text[OP_TICK_TEXT_SIZE + 8])
{
  char number[OP_TICK_TEXT_SIZE];

  op_value_ticks_format (ticks, i, number);
  g_snprintf (text, OP_TICK_TEXT_SIZE + 8, _("%s%s s"), op_value_ticks_get (ticks, i) > 0 ? "+" : "", number);
}

static void
lay_out (Sketch *sketch, double width, double height)
{
  const OpClockDrift *drift = sketch->drift;
  OpFrame *frame = &sketch->frame;
  double scale = sketch->scale, widest = 0;
  gint64 first_us = get_check (drift, 0)->host_unix_us;
  gint64 last_us = get_check (drift, drift->checks->len - 1)->host_unix_us;
  gint64 room_us = MAX ((gint64) ((double) (last_us - first_us) * ROOM), LEAST_SPAN_US);

  op_drift_plot_find_range (drift, &frame->low, &frame->high);
  frame->from = get_time (sketch, first_us - room_us);
  frame->to = get_time (sketch, last_us + room_us);
  frame->top = EDGE * scale;
  frame->bottom = fmax (floor (height - (TEXT_ROW + EDGE / 2) * scale), frame->top + 1);
  op_ticks_find_values (frame->low, frame->high,
                        (guint) fmax ((frame->bottom - frame->top) / (TICK_DISTANCE * scale), 2), &sketch->ticks);
  for (guint i = 0; i < sketch->ticks.n; i++)
    {
      char text[OP_TICK_TEXT_SIZE + 8];

      format_tick (&sketch->ticks, i, text);
      widest = fmax (widest, op_canvas_measure (sketch->canvas, TEXT_SIZE * scale, text));
    }
  frame->left = fmin (ceil ((EDGE + LABEL_SPACE) * scale + widest), floor (width / 2));
  frame->right = fmax (floor (width - EDGE * scale), frame->left + 1);
}

/* Drawing */

static void
draw_values (const Sketch *sketch)
{
  const OpFrame *frame = &sketch->frame;
  OpCanvas *canvas = sketch->canvas;
  double scale = sketch->scale;

  for (guint i = 0; i < sketch->ticks.n; i++)
    {
      char text[OP_TICK_TEXT_SIZE + 8];
      double value = op_value_ticks_get (&sketch->ticks, i);
      double y = floor (op_frame_y (frame, value)) + 0.5;

      op_canvas_set_view (canvas, frame->left, frame->top - 1, frame->right + 1, frame->bottom + 1);
      op_canvas_set_pen (canvas, value == 0 ? sketch->palette->axis : sketch->palette->grid, fmax (floor (scale), 1));
      op_canvas_line (canvas, frame->left, y, frame->right, y);
      format_tick (&sketch->ticks, i, text);
      op_canvas_text (canvas, frame->left - LABEL_SPACE * scale, y, 1, FALSE, TEXT_SIZE * scale,
                      sketch->palette->text, text);
    }
}

static void
draw_times (const Sketch *sketch)
{
  const OpFrame *frame = &sketch->frame;
  double scale = sketch->scale, size = TEXT_SIZE * scale;
  g_autoptr (GArray) ticks
    = op_ticks_find_times (frame->from, frame->to, (guint) ((frame->right - frame->left) / (CHARACTER_WIDTH * scale)));

  for (guint i = 0; i < ticks->len; i++)
    {
      const OpTimeTick *tick = &g_array_index (ticks, OpTimeTick, i);
      double half = op_canvas_measure (sketch->canvas, size, tick->text) / 2;
      double x = fmin (op_frame_x (frame, tick->time), frame->right - half);

      op_canvas_text (sketch->canvas, x, frame->bottom + (TEXT_ROW / 2 + 2) * scale, 0.5, FALSE, size,
                      sketch->palette->text, tick->text);
    }
}

static void
draw_segment (const Sketch *sketch, const OpClockSegment *segment)
{
  const OpFrame *frame = &sketch->frame;
  gint64 first_us = get_check (sketch->drift, segment->first)->host_unix_us;
  gint64 last_us = get_check (sketch->drift, segment->first + segment->n_checks - 1)->host_unix_us;
  double begin = get_seconds (segment->offset_us);
  double end = begin + segment->rate.ppm / 1e6 * get_seconds (last_us - first_us);

  if (segment->n_checks < 2 || !isfinite (end))
    return;
  op_canvas_line (sketch->canvas, op_frame_x (frame, get_time (sketch, first_us)), op_frame_y (frame, begin),
                  op_frame_x (frame, get_time (sketch, last_us)), op_frame_y (frame, end));
}

static void
draw_segments (const Sketch *sketch)
{
  const OpFrame *frame = &sketch->frame;

  op_canvas_set_view (sketch->canvas, frame->left, frame->top, frame->right, frame->bottom);
  op_canvas_set_pen (sketch->canvas, (OpColor) { sketch->palette->series[0], 0.5 }, 1.5 * sketch->scale);
  for (guint i = 0; i < sketch->drift->segments->len; i++)
    draw_segment (sketch, &g_array_index (sketch->drift->segments, OpClockSegment, i));
}

/* Few words: the whole of it is told elsewhere. */
static char *
dup_step_text (const OpClockStep *step)
{
  double size = get_seconds (step->size_us);
  const char *sign = size < 0 ? "−" : "+";

  switch (step->kind)
    {
    case OP_CLOCK_STEP_SET:
    case OP_CLOCK_STEP_SET_ELSEWHERE:
      return g_strdup_printf (_("set %s%.2f s"), sign, fabs (size));
    case OP_CLOCK_STEP_HOUR:
      return g_strdup_printf (_("%s%.0f h"), sign, fabs (size) / (OP_HOUR / OP_SECOND));
    case OP_CLOCK_STEP_STOOD_STILL:
      return g_strdup (_("reboot"));
    case OP_CLOCK_STEP_TO_1990:
      return g_strdup ("1990");
    case OP_CLOCK_STEP_TO_2000:
      return g_strdup ("2000");
    case OP_CLOCK_STEP_OTHER:
      return g_strdup_printf (_("%s%.2f s"), sign, fabs (size));
    }
  g_assert_not_reached ();
}

static void
draw_dashes (const Sketch *sketch, double x)
{
  const OpFrame *frame = &sketch->frame;
  double dash = DASH * sketch->scale;

  op_canvas_set_view (sketch->canvas, frame->left, frame->top, frame->right, frame->bottom);
  op_canvas_set_pen (sketch->canvas, (OpColor) { sketch->palette->series[1], 1 }, sketch->scale);
  for (double y = frame->top; y < frame->bottom; y += 2 * dash)
    op_canvas_line (sketch->canvas, x, y, x, fmin (y + dash, frame->bottom));
}

/* In the middle between the checks before it and after it. Of words that stand in each other's way the first stay. */
static void
draw_steps (const Sketch *sketch)
{
  const OpFrame *frame = &sketch->frame;
  const OpClockDrift *drift = sketch->drift;
  double scale = sketch->scale, size = TEXT_SIZE * scale, free_from = frame->left;

  for (guint i = 0; i < drift->steps->len; i++)
    {
      const OpClockStep *step = &g_array_index (drift->steps, OpClockStep, i);
      gint64 after_us = get_check (drift, step->check)->host_unix_us;
      gint64 before_us = get_check (drift, MAX (step->check, 1) - 1)->host_unix_us;
      double x = floor (op_frame_x (frame, get_time (sketch, before_us + (after_us - before_us) / 2))) + 0.5;
      g_autofree char *text = dup_step_text (step);
      double width = op_canvas_measure (sketch->canvas, size, text), text_x = x + 5 * scale;

      draw_dashes (sketch, x);
      if (text_x + width > frame->right)
        text_x = x - 5 * scale - width;
      if (text_x < free_from)
        continue;
      op_canvas_text (sketch->canvas, text_x, frame->top + TEXT_ROW / 2 * scale, 0, FALSE, size,
                      (OpColor) { sketch->palette->series[1], 1 }, text);
      free_from = text_x + width + 6 * scale;
    }
}

/* An arrow at the edge that a check beyond it lies on. */
static void
add_arrow (cairo_t *cr, double x, double edge, double size)
{
  cairo_move_to (cr, x, edge);
  cairo_line_to (cr, x - fabs (size), edge + 2 * size);
  cairo_line_to (cr, x + fabs (size), edge + 2 * size);
  cairo_close_path (cr);
}

static void
draw_check (const Sketch *sketch, cairo_t *cr, const OpClockCheck *check)
{
  const OpFrame *frame = &sketch->frame;
  double radius = RADIUS * sketch->scale;
  double offset = get_seconds (check->offset_us), unknown = get_seconds (check->uncertainty_us);
  double x = op_frame_x (frame, get_time (sketch, check->host_unix_us)), y = op_frame_y (frame, offset);
  double top = fmax (op_frame_y (frame, offset + unknown), frame->top);
  double bottom = fmin (op_frame_y (frame, offset - unknown), frame->bottom);

  if (offset > frame->high)
    add_arrow (cr, x, frame->top, radius);
  else if (offset < frame->low)
    add_arrow (cr, x, frame->bottom, -radius);
  else
    {
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
      if (bottom - top > 2 * radius)
        cairo_rectangle (cr, x - 0.5 * sketch->scale, top, sketch->scale, bottom - top);
    }
  cairo_fill (cr);
}

static void
draw_checks (const Sketch *sketch)
{
  cairo_t *cr = op_canvas_push_cairo (sketch->canvas);

  op_color_set (cr, (OpColor) { sketch->palette->series[0], 1 });
  for (guint i = 0; i < sketch->drift->checks->len; i++)
    draw_check (sketch, cr, get_check (sketch->drift, i));
  op_canvas_pop_cairo (sketch->canvas);
}

void
op_drift_plot_draw (OpDriftPlot *plot, const OpClockDrift *drift, gint utc_offset_s, OpPlotStyle style, cairo_t *cr,
                    int width, int height, double scale)
{
  Sketch sketch = { .canvas = plot->canvas, .drift = drift, .palette = op_palette_get (style),
                    .utc_offset_s = utc_offset_s, .scale = scale };

  g_return_if_fail (scale > 0 && drift->checks->len > 0);
  if (width < 1 || height < 1)
    return;
  if (!op_canvas_begin (plot->canvas, cr, width, height))
    {
      op_plot_draw_without_driver (cr, sketch.palette, scale);
      return;
    }
  lay_out (&sketch, width, height);
  draw_values (&sketch);
  draw_times (&sketch);
  draw_segments (&sketch);
  draw_steps (&sketch);
  draw_checks (&sketch);
  op_canvas_end (plot->canvas);
}
