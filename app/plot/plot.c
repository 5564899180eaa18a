/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/plot.h"

#include "app/plot/band.h"
#include "app/plot/canvas.h"
#include "app/plot/frame.h"
#include "app/plot/ticks.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Logical pixels. */
#define TEXT_SIZE    11.0
#define TEXT_ROW     17.0
#define EDGE         10.0
#define RIGHT_EDGE   18.0
#define UNITS_WIDTH  20.0
#define LABEL_SPACE  7.0
#define LINE_WIDTH   1.5
#define DOT_RADIUS   2.2
#define TICK_DISTANCE 24.0
/* Points this far apart are a line, closer ones a band; from DOT_DISTANCE on each has its dot. */
#define LINE_DISTANCE 3.0
#define DOT_DISTANCE  9.0
/* Values beyond cannot be told from infinity by those who read the picture; their differences stay finite. */
#define HUGE_SIZE    1e300

typedef struct
{
  OpColor background, text, grid, axis, hole, overwritten;
  guint32 series[8];
} Palette;

/* After Okabe and Ito, whose colours most colour-blind people can tell apart; the second set is lighter. */
static const Palette palettes[] = {
  [OP_PLOT_LIGHT] = {
    { 0xffffff, 1 }, { 0x5e5c64, 1 }, { 0x000000, 0.09 }, { 0x000000, 0.25 }, { 0x000000, 0.06 }, { 0xd55e00, 0.16 },
    { 0x0072b2, 0xd55e00, 0x009e73, 0xb0508a, 0x8a6d00, 0x2f9bd8, 0x6b4fbb, 0x4d4d4d } },
  [OP_PLOT_DARK] = {
    { 0x1e1e1e, 1 }, { 0xc0bfbc, 1 }, { 0xffffff, 0.10 }, { 0xffffff, 0.28 }, { 0xffffff, 0.07 }, { 0xff8c3a, 0.20 },
    { 0x56b4e9, 0xf08a3c, 0x2ec49a, 0xe08fbd, 0xe8d44d, 0x7fa8ff, 0xb39ddb, 0xd0d0d0 } },
};

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
  OpFrame      frame;
  OpValueTicks ticks;
} Pane;

/* What one drawing needs; lives as long as it. */
typedef struct
{
  OpPlot        *plot;
  const Palette *palette;
  GArray        *panes; /* Pane */
  GArray        *time_ticks;
  double         width, height, scale;
} Drawing;

static void
series_clear (gpointer data)
{
  OpPlotSeries *series = data;

  g_free (series->label);
  g_free (series->units);
  g_clear_pointer (&series->reduction, op_reduction_unref);
}

static const OpPlotSeries *
get_series (OpPlot *plot, guint i)
{
  return &g_array_index (plot->series, OpPlotSeries, i);
}

static OpColor
series_color (const Drawing *drawing, guint i)
{
  return (OpColor) { op_plot_get_color (drawing->plot, i), 1 };
}

static void
set_color (cairo_t *cr, OpColor color)
{
  cairo_set_source_rgba (cr, (color.rgb >> 16 & 0xff) / 255.0, (color.rgb >> 8 & 0xff) / 255.0,
                         (color.rgb & 0xff) / 255.0, color.alpha);
}

/* Makes room above and below, and a range of what is none. */
static void
pad_range (double *low, double *high)
{
  double size, room;

  if (isnan (*low) || isnan (*high))
    *low = 0, *high = 1;
  *low = CLAMP (*low, -HUGE_SIZE, HUGE_SIZE);
  *high = CLAMP (*high, -HUGE_SIZE, HUGE_SIZE);
  size = fmax (fabs (*low), fabs (*high));
  if (*high - *low > fmax (size * 1e-12, 1e-290))
    room = (*high - *low) * 0.06;
  else
    room = size > 1e-280 ? size * 0.05 : 1;
  *low -= room;
  *high += room;
}

static void
find_range (OpPlot *plot, Pane *pane)
{
  double low = NAN, high = NAN;

  for (guint i = 0; i < plot->series->len; i++)
    {
      const OpPlotSeries *series = get_series (plot, i);

      if (series->reduction == NULL || strcmp (series->units, pane->units) != 0)
        continue;
      low = fmin (low, series->reduction->min);
      high = fmax (high, series->reduction->max);
    }
  pad_range (&low, &high);
  pane->frame.low = low;
  pane->frame.high = high;
}

static void
add_pane (Drawing *drawing, const char *units)
{
  Pane pane = { .units = units };

  for (guint i = 0; i < drawing->panes->len; i++)
    {
      if (strcmp (g_array_index (drawing->panes, Pane, i).units, units) == 0)
        return;
    }
  g_array_append_val (drawing->panes, pane);
}

static void
make_panes (Drawing *drawing)
{
  OpPlot *plot = drawing->plot;

  for (guint i = 0; i < plot->series->len; i++)
    add_pane (drawing, get_series (plot, i)->units);
  if (drawing->panes->len == 0)
    add_pane (drawing, "");
  for (guint i = 0; i < drawing->panes->len; i++)
    find_range (plot, &g_array_index (drawing->panes, Pane, i));
}

static double
widest_label (Drawing *drawing)
{
  double widest = 0;

  for (guint i = 0; i < drawing->panes->len; i++)
    {
      const OpValueTicks *ticks = &g_array_index (drawing->panes, Pane, i).ticks;

      for (guint k = 0; k < ticks->n; k++)
        {
          char text[OP_TICK_TEXT_SIZE];

          op_value_ticks_format (ticks, k, text);
          widest = fmax (widest, op_canvas_measure (drawing->plot->canvas, TEXT_SIZE * drawing->scale, text));
        }
    }
  return widest;
}

/* From top to bottom: for each pane a row for its legend and its frame, then tick texts, then the note. */
static void
lay_out (Drawing *drawing)
{
  OpPlot *plot = drawing->plot;
  double scale = drawing->scale, row = TEXT_ROW * scale;
  double top = EDGE / 2 * scale, bottom = fmax (drawing->height - 2 * row - EDGE / 2 * scale, top + 1);
  double pane_height = (bottom - top) / drawing->panes->len;
  double head = fmin (row + 3 * scale, pane_height / 2);
  double left, right;

  for (guint i = 0; i < drawing->panes->len; i++)
    {
      Pane *pane = &g_array_index (drawing->panes, Pane, i);

      pane->frame.top = floor (top + i * pane_height + head);
      pane->frame.bottom = fmax (floor (top + (i + 1) * pane_height), pane->frame.top + 1);
      op_ticks_find_values (pane->frame.low, pane->frame.high,
                            (guint) CLAMP ((pane->frame.bottom - pane->frame.top) / (TICK_DISTANCE * scale), 1, 8),
                            &pane->ticks);
    }
  left = ceil ((UNITS_WIDTH + LABEL_SPACE) * scale + widest_label (drawing));
  left = fmin (left, floor (drawing->width / 2));
  right = fmax (floor (drawing->width - RIGHT_EDGE * scale), left + 1);
  for (guint i = 0; i < drawing->panes->len; i++)
    {
      OpFrame *frame = &g_array_index (drawing->panes, Pane, i).frame;

      frame->left = left;
      frame->right = right;
      frame->from = plot->from;
      frame->to = plot->to;
    }
  plot->area = g_array_index (drawing->panes, Pane, 0).frame;
  plot->area.bottom = g_array_index (drawing->panes, Pane, drawing->panes->len - 1).frame.bottom;
  drawing->time_ticks = op_ticks_find_times (plot->from, plot->to, (guint) ((right - left) / (TEXT_SIZE * 0.6 * scale)));
}

enum { HOLE_NONE, HOLE_SILENT, HOLE_OVERWRITTEN };

/* Many holes may share a column of pixels: what is worst wins. */
static guint8 *
mark_holes (Drawing *drawing, const Pane *pane, int n_columns)
{
  guint8 *marks = g_malloc0 ((gsize) n_columns + 1);

  for (guint i = 0; i < drawing->plot->series->len; i++)
    {
      const OpPlotSeries *series = get_series (drawing->plot, i);

      if (series->reduction == NULL || strcmp (series->units, pane->units) != 0)
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

static void
draw_holes (Drawing *drawing, const Pane *pane)
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
      set_color (cr, marks[first] == HOLE_OVERWRITTEN ? drawing->palette->overwritten : drawing->palette->hole);
      cairo_rectangle (cr, frame->left + first, frame->top, end - first, frame->bottom - frame->top);
      cairo_fill (cr);
      if (marks[first] == HOLE_OVERWRITTEN)
        hatch (cr, frame->left + first, frame->top, frame->left + end, frame->bottom, 7 * drawing->scale);
    }
  op_canvas_pop_cairo (drawing->plot->canvas);
}

/* In the middle of a pixel, so that thin lines are sharp. */
static double
to_pixel (double position)
{
  return floor (position) + 0.5;
}

static void
draw_grid (Drawing *drawing, const Pane *pane)
{
  OpCanvas *canvas = drawing->plot->canvas;
  const OpFrame *frame = &pane->frame;
  double width = fmax (floor (drawing->scale), 1);

  op_canvas_set_view (canvas, frame->left, frame->top, frame->right + 1, frame->bottom + 1);
  op_canvas_set_pen (canvas, drawing->palette->grid, width);
  for (guint i = 0; i < drawing->time_ticks->len; i++)
    {
      double x = to_pixel (op_frame_x (frame, g_array_index (drawing->time_ticks, OpTimeTick, i).time));

      op_canvas_line (canvas, x, frame->top, x, frame->bottom);
    }
  for (guint i = 0; i < pane->ticks.n; i++)
    {
      double y = to_pixel (op_frame_y (frame, op_value_ticks_get (&pane->ticks, i)));

      op_canvas_line (canvas, frame->left, y, frame->right, y);
    }
  op_canvas_set_pen (canvas, drawing->palette->axis, width);
  op_canvas_line (canvas, frame->left, frame->bottom + 0.5, frame->right, frame->bottom + 0.5);
}

static void
draw_band (Drawing *drawing, const OpFrame *frame, const OpReduction *reduction, OpColor color)
{
  g_autoptr (OpBand) band = op_band_new (reduction, frame);
  cairo_t *cr = op_canvas_push_cairo (drawing->plot->canvas);

  cairo_rectangle (cr, frame->left, frame->top, frame->right - frame->left, frame->bottom - frame->top);
  cairo_clip (cr);
  set_color (cr, color);
  op_band_fill (band, frame, cr, LINE_WIDTH * drawing->scale);
  op_canvas_pop_cairo (drawing->plot->canvas);
}

/* A point outside comes in along its line to just beyond the edge: it may be far away. */
static void
place_point (const OpFrame *frame, const OpReduction *reduction, gsize i, gsize neighbour, double *x, double *y)
{
  double value = reduction->values[i], edge;
  double next_x = op_frame_x (frame, reduction->times[neighbour]);

  *x = op_frame_x (frame, reduction->times[i]);
  edge = CLAMP (*x, frame->left - 8, frame->right + 8);
  if (edge != *x && next_x != *x)
    {
      double part = (edge - *x) / (next_x - *x);

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

  set_color (cr, color);
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

static void
draw_line (Drawing *drawing, const OpFrame *frame, const OpReduction *reduction, OpColor color)
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

          place_point (frame, reduction, i, neighbour, &x[i], &y[i]);
        }
      if (dotted || end - first == 1)
        draw_dots (drawing, frame, x + first, y + first, (guint) (end - first), color);
      if (end - first == 1)
        continue;
      op_canvas_set_view (canvas, frame->left, frame->top, frame->right, frame->bottom);
      op_canvas_set_pen (canvas, color, LINE_WIDTH * drawing->scale);
      op_canvas_polyline (canvas, x + first, y + first, (guint) (end - first));
    }
}

static void
draw_series (Drawing *drawing, const Pane *pane)
{
  for (guint i = 0; i < drawing->plot->series->len; i++)
    {
      const OpPlotSeries *series = get_series (drawing->plot, i);
      const OpReduction *reduction = series->reduction;
      const OpFrame *frame = &pane->frame;

      if (reduction == NULL || strcmp (series->units, pane->units) != 0)
        continue;
      if (reduction->bins == NULL &&
          reduction->n_points * LINE_DISTANCE * drawing->scale <= frame->right - frame->left)
        draw_line (drawing, frame, reduction, series_color (drawing, i));
      else
        draw_band (drawing, frame, reduction, series_color (drawing, i));
    }
}

/* As many characters as have room, an ellipsis at the end when some had not. */
static char *
shorten (OpCanvas *canvas, const char *text, double size, double room)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  double width = op_canvas_measure (canvas, size, valid);
  glong n = g_utf8_strlen (valid, -1);
  glong n_kept = width > room ? (glong) (n * fmax (room, 0) / width) - 1 : n;
  g_autofree char *kept = NULL;

  if (n_kept == n)
    return g_steal_pointer (&valid);
  kept = g_utf8_substring (valid, 0, MAX (n_kept, 0));
  return g_strconcat (kept, "…", NULL);
}

static void
draw_legend (Drawing *drawing, const Pane *pane)
{
  OpCanvas *canvas = drawing->plot->canvas;
  double scale = drawing->scale, size = TEXT_SIZE * scale;
  double x = pane->frame.left, y = pane->frame.top - TEXT_ROW / 2 * scale;

  for (guint i = 0; i < drawing->plot->series->len; i++)
    {
      const OpPlotSeries *series = get_series (drawing->plot, i);
      g_autofree char *text = NULL;

      if (strcmp (series->units, pane->units) != 0)
        continue;
      if (x + 40 * scale > pane->frame.right)
        break;
      text = shorten (canvas, series->label, size, pane->frame.right - x - 18 * scale);
      op_canvas_set_view (canvas, x, y - 4 * scale, x + 12 * scale, y + 4 * scale);
      op_canvas_set_pen (canvas, series_color (drawing, i), 3 * scale);
      op_canvas_line (canvas, x, y, x + 12 * scale, y);
      op_canvas_text (canvas, x + 17 * scale, y, 0, FALSE, size, drawing->palette->text, text);
      x += op_canvas_measure (canvas, size, text) + 34 * scale;
    }
}

static void
draw_value_axis (Drawing *drawing, const Pane *pane)
{
  OpCanvas *canvas = drawing->plot->canvas;
  const OpFrame *frame = &pane->frame;
  double scale = drawing->scale, size = TEXT_SIZE * scale;
  g_autofree char *units = shorten (canvas, pane->units, size, frame->bottom - frame->top);

  for (guint i = 0; i < pane->ticks.n; i++)
    {
      char text[OP_TICK_TEXT_SIZE];
      double y = op_frame_y (frame, op_value_ticks_get (&pane->ticks, i));

      op_value_ticks_format (&pane->ticks, i, text);
      op_canvas_text (canvas, frame->left - LABEL_SPACE * scale, y, 1, FALSE, size, drawing->palette->text, text);
    }
  op_canvas_text (canvas, UNITS_WIDTH / 2 * scale, (frame->top + frame->bottom) / 2, 0.5, TRUE, size,
                  drawing->palette->text, units);
}

static void
draw_time_axis (Drawing *drawing)
{
  OpPlot *plot = drawing->plot;
  double scale = drawing->scale, size = TEXT_SIZE * scale;
  double y = plot->area.bottom + (TEXT_ROW / 2 + 2) * scale, note_y = y + TEXT_ROW * scale;
  g_autofree char *span = op_ticks_dup_span_text (plot->from, plot->to);
  double note_width = op_canvas_measure (plot->canvas, size, plot->axis_note);

  for (guint i = 0; i < drawing->time_ticks->len; i++)
    {
      const OpTimeTick *tick = &g_array_index (drawing->time_ticks, OpTimeTick, i);
      double half = op_canvas_measure (plot->canvas, size, tick->text) / 2 + 2 * scale;
      double x = op_frame_x (&plot->area, tick->time);

      x = fmax (fmin (x, drawing->width - half), half);
      op_canvas_text (plot->canvas, x, y, 0.5, FALSE, size, drawing->palette->text, tick->text);
    }
  op_canvas_text (plot->canvas, plot->area.right, note_y, 1, FALSE, size, drawing->palette->text, plot->axis_note);
  if (plot->area.right - plot->area.left > note_width + op_canvas_measure (plot->canvas, size, span) + 10 * scale)
    op_canvas_text (plot->canvas, plot->area.left, note_y, 0, FALSE, size, drawing->palette->text, span);
}

static void
draw_background (const Drawing *drawing, cairo_t *cr)
{
  cairo_save (cr);
  set_color (cr, drawing->palette->background);
  cairo_rectangle (cr, 0, 0, drawing->width, drawing->height);
  cairo_fill (cr);
  cairo_restore (cr);
}

/* Nothing but the system's package is missing: say so where the picture would be. */
static void
draw_without_driver (const Drawing *drawing, cairo_t *cr)
{
  cairo_save (cr);
  set_color (cr, drawing->palette->text);
  cairo_set_font_size (cr, TEXT_SIZE * drawing->scale);
  cairo_move_to (cr, EDGE * drawing->scale, 2 * TEXT_ROW * drawing->scale);
  cairo_show_text (cr, _("PLplot’s cairo driver is not installed: no plot can be drawn."));
  cairo_restore (cr);
}

OpPlot *
op_plot_new (void)
{
  OpPlot *plot = g_new0 (OpPlot, 1);

  plot->canvas = op_canvas_new ();
  plot->series = g_array_new (FALSE, FALSE, sizeof (OpPlotSeries));
  g_array_set_clear_func (plot->series, series_clear);
  plot->axis_note = g_strdup (_("Logger time"));
  plot->area = (OpFrame) { .right = 1, .bottom = 1, .to = 1, .high = 1 };
  op_plot_set_span (plot, 0, OP_SECOND);
  return plot;
}

void
op_plot_free (OpPlot *plot)
{
  op_canvas_free (plot->canvas);
  g_array_unref (plot->series);
  g_free (plot->axis_note);
  g_free (plot);
}

void
op_plot_set_style (OpPlot *plot, OpPlotStyle style)
{
  plot->style = style;
}

void
op_plot_set_span (OpPlot *plot, OpTime from, OpTime to)
{
  plot->from = MIN (from, G_MAXINT64 - 1);
  plot->to = MAX (to, plot->from + 1);
}

void
op_plot_clear (OpPlot *plot)
{
  g_array_set_size (plot->series, 0);
}

void
op_plot_add_series (OpPlot *plot, const char *label, const char *units, OpReduction *reduction)
{
  OpPlotSeries series = {
    g_strdup (label != NULL ? label : ""),
    g_strdup (units != NULL ? units : ""),
    reduction != NULL ? op_reduction_ref (reduction) : NULL,
  };

  g_array_append_val (plot->series, series);
}

guint32
op_plot_get_color (OpPlot *plot, guint series)
{
  const Palette *palette = &palettes[plot->style];

  return palette->series[series % G_N_ELEMENTS (palette->series)];
}

void
op_plot_set_axis_note (OpPlot *plot, const char *note)
{
  g_free (plot->axis_note);
  plot->axis_note = g_strdup (note != NULL ? note : "");
}

void
op_plot_draw (OpPlot *plot, cairo_t *cr, int width, int height, double scale)
{
  Drawing drawing = { plot, &palettes[plot->style], NULL, NULL, width, height, scale };
  g_autoptr (GArray) panes = g_array_new (FALSE, FALSE, sizeof (Pane));

  g_return_if_fail (scale > 0);
  if (width < 1 || height < 1)
    return;
  draw_background (&drawing, cr);
  if (!op_canvas_begin (plot->canvas, cr, width, height))
    {
      draw_without_driver (&drawing, cr);
      return;
    }
  drawing.panes = panes;
  make_panes (&drawing);
  lay_out (&drawing);
  for (guint i = 0; i < panes->len; i++)
    {
      const Pane *pane = &g_array_index (panes, Pane, i);

      draw_holes (&drawing, pane);
      draw_grid (&drawing, pane);
      draw_series (&drawing, pane);
      draw_legend (&drawing, pane);
      draw_value_axis (&drawing, pane);
    }
  draw_time_axis (&drawing);
  op_canvas_end (plot->canvas);
  g_array_unref (drawing.time_ticks);
}

void
op_plot_get_area (OpPlot *plot, double *left, double *right, double *top, double *bottom)
{
  *left = plot->area.left;
  *right = plot->area.right;
  *top = plot->area.top;
  *bottom = plot->area.bottom;
}

OpTime
op_plot_x_to_time (OpPlot *plot, double x)
{
  return op_frame_time (&plot->area, x);
}

double
op_plot_time_to_x (OpPlot *plot, OpTime time)
{
  return op_frame_x (&plot->area, time);
}
