/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/plot-private.h"

#include <math.h>
#include <string.h>

/* Logical pixels. */
#define RIGHT_EDGE   18.0
#define TICK_DISTANCE 24.0
#define CHARACTER_WIDTH 6.6
/* From one number on the value axis to the next, which digits do not fill. */
#define NUMBER_HEIGHT TEXT_SIZE
/* A pane with a legend and two numbers at its axis. */
#define LEAST_PANE   64.0
/* Values beyond cannot be told from infinity by those who read the picture; their differences stay finite. */
#define HUGE_SIZE    1e300

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

/* The range of what is drawn in @frame of @pane. */
static void
find_range (Drawing *drawing, const Pane *pane, OpFrame *frame)
{
  OpPlot *plot = drawing->plot;
  double low = NAN, high = NAN;
  gboolean stands_on_zero = FALSE;

  for (guint i = 0; i < plot->series->len; i++)
    {
      const OpPlotSeries *series = op_plot_get_series (plot, i);

      if (series->reduction == NULL || op_drawing_get_frame (drawing, pane, i) != frame)
        continue;
      low = fmin (low, series->reduction->min);
      high = fmax (high, series->reduction->max);
      if (series->form == OP_PLOT_BAND && series->low != NULL && series->high != NULL)
        {
          low = fmin (low, series->low->min);
          high = fmax (high, series->high->max);
        }
      stands_on_zero |= series->form == OP_PLOT_BARS && !isnan (series->reduction->min);
    }
  if (stands_on_zero)
    {
      low = fmin (low, 0);
      high = fmax (high, 0);
    }
  pad_range (&low, &high);
  frame->low = low;
  frame->high = high;
}

/* The pane of those units, made where there is none. */
static guint
add_pane (Drawing *drawing, const char *units, gboolean is_own)
{
  Pane pane = { .units = units, .is_own = is_own };

  for (guint i = 0; i < drawing->panes->len && !is_own; i++)
    {
      const Pane *other = &g_array_index (drawing->panes, Pane, i);

      if (!other->is_own && strcmp (other->units, units) == 0)
        return i;
    }
  g_array_append_val (drawing->panes, pane);
  return drawing->panes->len - 1;
}

static void
seat_series (Drawing *drawing, const OpPlotSeries *series)
{
  guint n = drawing->seats->len;
  Seat seat = { 0 };

  if (series->place == OP_PLOT_RIGHT_AXIS && n > 0)
    {
      Pane *pane;

      seat = (Seat) { g_array_index (drawing->seats, Seat, n - 1).pane, TRUE };
      pane = &g_array_index (drawing->panes, Pane, seat.pane);
      if (pane->right_units == NULL)
        pane->right_units = series->units;
    }
  else
    {
      seat.pane = add_pane (drawing, series->units, series->place == OP_PLOT_OWN_PANE);
    }
  g_array_append_val (drawing->seats, seat);
}

static void
seat_all (Drawing *drawing)
{
  OpPlot *plot = drawing->plot;

  for (guint i = 0; i < plot->series->len; i++)
    seat_series (drawing, op_plot_get_series (plot, i));
  if (drawing->panes->len == 0)
    add_pane (drawing, "", FALSE);
}

static void
make_panes (Drawing *drawing)
{
  seat_all (drawing);
  for (guint i = 0; i < drawing->panes->len; i++)
    {
      Pane *pane = &g_array_index (drawing->panes, Pane, i);

      find_range (drawing, pane, &pane->frame);
      find_range (drawing, pane, &pane->right);
    }
}

/* Every second one. */
static void
thin_out (OpValueTicks *ticks)
{
  double last = floor ((ticks->first + ticks->n - 1) / 2);

  ticks->first = ceil (ticks->first / 2);
  ticks->n = (guint) (last - ticks->first + 1);
  ticks->step *= 2;
}

/* Two at least, without which an axis says nothing; five steps always hold two. Their numbers may not touch. */
static void
find_ticks (const OpFrame *frame, OpValueTicks *ticks, double scale)
{
  double height = (frame->bottom - frame->top) / scale, range = frame->high - frame->low;
  guint max = (guint) CLAMP (height / TICK_DISTANCE, 1, 8);

  do
    op_ticks_find_values (frame->low, frame->high, max++, ticks);
  while (ticks->n < 2 && max <= 5);
  while (ticks->n > 1 && ticks->step / range * height < NUMBER_HEIGHT)
    thin_out (ticks);
}

static double
widest_label (Drawing *drawing, gboolean is_right)
{
  double widest = 0;

  for (guint i = 0; i < drawing->panes->len; i++)
    {
      const Pane *pane = &g_array_index (drawing->panes, Pane, i);
      const OpValueTicks *ticks = is_right ? &pane->right_ticks : &pane->ticks;

      for (guint k = 0; (!is_right || pane->right_units != NULL) && k < ticks->n; k++)
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
lay_out_rows (Drawing *drawing)
{
  double scale = drawing->scale, row = TEXT_ROW * scale;
  double top = EDGE / 2 * scale, bottom = fmax (drawing->height - 2 * row - EDGE / 2 * scale, top + 1);
  double pane_height = (bottom - top) / drawing->panes->len;
  double head = fmin (row + 3 * scale, pane_height / 2);

  for (guint i = 0; i < drawing->panes->len; i++)
    {
      Pane *pane = &g_array_index (drawing->panes, Pane, i);
      OpFrame *frame = &pane->frame;

      frame->top = floor (top + i * pane_height + head);
      frame->bottom = fmax (floor (top + (i + 1) * pane_height), frame->top + 1);
      pane->right.top = frame->top;
      pane->right.bottom = frame->bottom;
      find_ticks (frame, &pane->ticks, scale);
      if (pane->right_units != NULL)
        find_ticks (&pane->right, &pane->right_ticks, scale);
    }
}

static void
set_sides (const OpPlot *plot, OpFrame *frame, double left, double right)
{
  frame->left = left;
  frame->right = right;
  frame->from = plot->from;
  frame->to = plot->to;
}

/* What an axis at the right takes, in any pane, from all. */
static double
get_right_room (Drawing *drawing)
{
  double widest = widest_label (drawing, TRUE);

  return widest > 0 ? ceil ((UNITS_WIDTH + 2 * LABEL_SPACE) * drawing->scale + widest) : RIGHT_EDGE * drawing->scale;
}

/* From left to right: units, tick texts, data, and the other axis; in whole pixels, as bands are. */
static void
lay_out_columns (Drawing *drawing)
{
  OpPlot *plot = drawing->plot;
  double scale = drawing->scale;
  double left = ceil ((UNITS_WIDTH + LABEL_SPACE) * scale + widest_label (drawing, FALSE)), right;

  left = fmin (left, floor (drawing->width / 2));
  right = fmax (floor (drawing->width - get_right_room (drawing)), left + 1);
  for (guint i = 0; i < drawing->panes->len; i++)
    {
      Pane *pane = &g_array_index (drawing->panes, Pane, i);

      set_sides (plot, &pane->frame, left, right);
      set_sides (plot, &pane->right, left, right);
    }
}

void
op_drawing_lay_out (Drawing *drawing)
{
  OpFrame *area = &drawing->plot->area;

  make_panes (drawing);
  lay_out_rows (drawing);
  lay_out_columns (drawing);
  *area = g_array_index (drawing->panes, Pane, 0).frame;
  area->bottom = g_array_index (drawing->panes, Pane, drawing->panes->len - 1).frame.bottom;
  drawing->time_ticks = op_ticks_find_times (area->from, area->to,
                                             (guint) ((area->right - area->left) / (CHARACTER_WIDTH * drawing->scale)));
}

int
op_plot_get_least_height (OpPlot *plot)
{
  g_autoptr (GArray) panes = g_array_new (FALSE, FALSE, sizeof (Pane));
  g_autoptr (GArray) seats = g_array_new (FALSE, FALSE, sizeof (Seat));
  Drawing drawing = { .plot = plot, .panes = panes, .seats = seats };

  seat_all (&drawing);
  return (int) ceil (panes->len * LEAST_PANE + 2 * TEXT_ROW + EDGE);
}
