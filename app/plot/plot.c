/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/plot-private.h"

#include "app/engine/interval-words.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Characters of a unit, the ellipsis among them, that say nothing yet. */
#define LEAST_UNITS 4

/* Logical pixels between the dates and the note. */
#define NOTE_SPACE  16.0

/* After Okabe and Ito, whose colours most colour-blind people can tell apart; the second set is lighter. */
static const Palette palettes[] = {
  [OP_PLOT_LIGHT] = {
    { 0xffffff, 1 }, { 0x5e5c64, 1 }, { 0x000000, 0.09 }, { 0x000000, 0.25 }, { 0x000000, 0.06 }, { 0xd55e00, 0.16 },
    { 0x0072b2, 0xd55e00, 0x009e73, 0xb0508a, 0x8a6d00, 0x2f9bd8, 0x6b4fbb, 0x4d4d4d } },
  [OP_PLOT_DARK] = {
    { 0x1e1e1e, 1 }, { 0xc0bfbc, 1 }, { 0xffffff, 0.10 }, { 0xffffff, 0.28 }, { 0xffffff, 0.07 }, { 0xff8c3a, 0.20 },
    { 0x56b4e9, 0xf08a3c, 0x2ec49a, 0xe08fbd, 0xe8d44d, 0x7fa8ff, 0xb39ddb, 0xd0d0d0 } },
};

const Palette *
op_palette_get (OpPlotStyle style)
{
  return &palettes[style];
}

static void
series_clear (gpointer data)
{
  OpPlotSeries *series = data;

  g_free (series->label);
  g_free (series->units);
  g_clear_pointer (&series->reduction, op_reduction_unref);
  g_clear_pointer (&series->low, op_reduction_unref);
  g_clear_pointer (&series->high, op_reduction_unref);
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
      const OpPlotSeries *series = op_plot_get_series (drawing->plot, i);
      const OpFrame *frame = op_drawing_get_frame (drawing, pane, i);
      g_autofree char *label = NULL, *text = NULL;

      if (frame == NULL)
        continue;
      if (x + 40 * scale > pane->frame.right)
        break;
      label = g_strconcat (series->label, frame == &pane->right ? " →" : "", NULL);
      text = shorten (canvas, label, size, pane->frame.right - x - 18 * scale);
      op_canvas_set_view (canvas, x, y - 4 * scale, x + 12 * scale, y + 4 * scale);
      op_canvas_set_pen (canvas, op_drawing_get_color (drawing, i), 3 * scale);
      op_canvas_line (canvas, x, y, x + 12 * scale, y);
      op_canvas_text (canvas, x + 17 * scale, y, 0, FALSE, size, drawing->palette->text, text);
      x += op_canvas_measure (canvas, size, text) + 34 * scale;
    }
}

/* A unit of which hardly a letter would be left says nothing. */
static char *
dup_shown_units (OpCanvas *canvas, const char *units, double size, double room)
{
  g_autofree char *shown = shorten (canvas, units, size, room);

  if (g_str_has_suffix (shown, "…") && g_utf8_strlen (shown, -1) <= LEAST_UNITS)
    return g_strdup ("");
  return g_steal_pointer (&shown);
}

static void
draw_value_axis (Drawing *drawing, const OpFrame *frame, const OpValueTicks *ticks, const char *units, gboolean is_right)
{
  OpCanvas *canvas = drawing->plot->canvas;
  double scale = drawing->scale, size = TEXT_SIZE * scale;
  double labels = is_right ? frame->right + LABEL_SPACE * scale : frame->left - LABEL_SPACE * scale;
  double middle = is_right ? drawing->width - UNITS_WIDTH / 2 * scale : UNITS_WIDTH / 2 * scale;
  g_autofree char *shown = dup_shown_units (canvas, units, size, frame->bottom - frame->top);

  for (guint i = 0; i < ticks->n; i++)
    {
      char text[OP_TICK_TEXT_SIZE];
      double y = op_frame_y (frame, op_value_ticks_get (ticks, i));

      op_value_ticks_format (ticks, i, text);
      op_canvas_text (canvas, labels, y, is_right ? 0 : 1, FALSE, size, drawing->palette->text, text);
    }
  op_canvas_text (canvas, middle, (frame->top + frame->bottom) / 2, 0.5, TRUE, size, drawing->palette->text, shown);
}

/* Whole, or up to its comma, or nothing: as much as has room. */
static char *
dup_shown_note (OpCanvas *canvas, const char *note, double size, double room)
{
  g_autofree char *start = g_strndup (note, strcspn (note, ","));

  if (op_canvas_measure (canvas, size, note) <= room)
    return g_strdup (note);
  return op_canvas_measure (canvas, size, start) <= room ? g_steal_pointer (&start) : g_strdup ("");
}

/* The dates first, which the numbers above leave out. */
static void
draw_axis_note (Drawing *drawing, double y)
{
  OpPlot *plot = drawing->plot;
  double size = TEXT_SIZE * drawing->scale, room = plot->area.right, span_width;
  g_autofree char *span = op_ticks_dup_span_text (plot->from, plot->to);
  g_autofree char *note = NULL;

  span_width = op_canvas_measure (plot->canvas, size, span);
  if (plot->area.left + span_width <= drawing->width)
    {
      op_canvas_text (plot->canvas, plot->area.left, y, 0, FALSE, size, drawing->palette->text, span);
      room -= plot->area.left + span_width + NOTE_SPACE * drawing->scale;
    }
  note = dup_shown_note (plot->canvas, plot->axis_note, size, room);
  op_canvas_text (plot->canvas, plot->area.right, y, 1, FALSE, size, drawing->palette->text, note);
}

static void
draw_time_axis (Drawing *drawing)
{
  OpPlot *plot = drawing->plot;
  double scale = drawing->scale, size = TEXT_SIZE * scale;
  double y = plot->area.bottom + (TEXT_ROW / 2 + 2) * scale;

  for (guint i = 0; i < drawing->time_ticks->len; i++)
    {
      const OpTimeTick *tick = &g_array_index (drawing->time_ticks, OpTimeTick, i);
      double half = op_canvas_measure (plot->canvas, size, tick->text) / 2 + 2 * scale;
      double x = op_frame_x (&plot->area, tick->time);

      x = fmax (fmin (x, drawing->width - half), half);
      op_canvas_text (plot->canvas, x, y, 0.5, FALSE, size, drawing->palette->text, tick->text);
    }
  draw_axis_note (drawing, y + TEXT_ROW * scale);
}

static void
draw_background (const Drawing *drawing, cairo_t *cr)
{
  cairo_save (cr);
  op_color_set (cr, drawing->palette->background);
  cairo_rectangle (cr, 0, 0, drawing->width, drawing->height);
  cairo_fill (cr);
  cairo_restore (cr);
}

/* Nothing but the system's package is missing: say so where the picture would be. */
void
op_plot_draw_without_driver (cairo_t *cr, const Palette *palette, double scale)
{
  cairo_save (cr);
  op_color_set (cr, palette->text);
  cairo_set_font_size (cr, TEXT_SIZE * scale);
  cairo_move_to (cr, EDGE * scale, 2 * TEXT_ROW * scale);
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

char *
op_plot_dup_label (const char *label, const OpReduction *reduction)
{
  g_autofree char *step = NULL;

  if (reduction == NULL || reduction->step == 0)
    return g_strdup (label != NULL ? label : "");
  step = op_interval_dup_words (reduction->step);
  return g_strdup_printf (_("%s, sum of %s"), label, step);
}

void
op_plot_add_series (OpPlot *plot, const char *label, const char *units, OpReduction *reduction)
{
  OpPlotSeries series = {
    .label = op_plot_dup_label (label, reduction),
    .units = g_strdup (units != NULL ? units : ""),
    .reduction = reduction != NULL ? op_reduction_ref (reduction) : NULL,
  };

  g_array_append_val (plot->series, series);
}

static OpPlotSeries *
get_last (OpPlot *plot)
{
  return &g_array_index (plot->series, OpPlotSeries, plot->series->len - 1);
}

void
op_plot_set_form (OpPlot *plot, OpPlotForm form)
{
  g_return_if_fail (plot->series->len > 0);

  get_last (plot)->form = form;
}

void
op_plot_set_place (OpPlot *plot, OpPlotPlace place)
{
  g_return_if_fail (plot->series->len > 0);

  get_last (plot)->place = place;
}

void
op_plot_set_band (OpPlot *plot, OpReduction *low, OpReduction *high)
{
  OpPlotSeries *series;

  g_return_if_fail (plot->series->len > 0);

  series = get_last (plot);
  g_clear_pointer (&series->low, op_reduction_unref);
  g_clear_pointer (&series->high, op_reduction_unref);
  series->low = low != NULL ? op_reduction_ref (low) : NULL;
  series->high = high != NULL ? op_reduction_ref (high) : NULL;
}

OpPlotForm
op_plot_choose_form (const OpField *field)
{
  return g_ascii_strcasecmp (field->processing, "Tot") == 0 ? OP_PLOT_BARS : OP_PLOT_LINE;
}

guint32
op_plot_style_get_color (OpPlotStyle style, guint series)
{
  const Palette *palette = op_palette_get (style);

  return palette->series[series % G_N_ELEMENTS (palette->series)];
}

guint32
op_plot_get_color (OpPlot *plot, guint series)
{
  return op_plot_style_get_color (plot->style, series);
}

void
op_plot_set_axis_note (OpPlot *plot, const char *note)
{
  g_free (plot->axis_note);
  plot->axis_note = g_strdup (note != NULL ? note : "");
}

const char *
op_plot_get_axis_note (OpPlot *plot)
{
  return plot->axis_note;
}

void
op_plot_draw (OpPlot *plot, cairo_t *cr, int width, int height, double scale)
{
  g_autoptr (GArray) panes = g_array_new (FALSE, FALSE, sizeof (Pane));
  g_autoptr (GArray) seats = g_array_new (FALSE, FALSE, sizeof (Seat));
  Drawing drawing = { plot, op_palette_get (plot->style), panes, seats, NULL, width, height, scale };

  g_return_if_fail (scale > 0);
  if (width < 1 || height < 1)
    return;
  draw_background (&drawing, cr);
  if (!op_canvas_begin (plot->canvas, cr, width, height))
    {
      op_plot_draw_without_driver (cr, drawing.palette, scale);
      return;
    }
  op_drawing_lay_out (&drawing);
  for (guint i = 0; i < panes->len; i++)
    {
      const Pane *pane = &g_array_index (panes, Pane, i);

      op_drawing_draw_holes (&drawing, pane);
      draw_grid (&drawing, pane);
      op_drawing_draw_series (&drawing, pane);
      draw_legend (&drawing, pane);
      draw_value_axis (&drawing, &pane->frame, &pane->ticks, pane->units, FALSE);
      if (pane->right_units != NULL)
        draw_value_axis (&drawing, &pane->right, &pane->right_ticks, pane->right_units, TRUE);
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
