/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/plot-private.h"

#include <math.h>
#include <string.h>

/* Logical pixels. */
#define RIGHT_EDGE   18.0
#define TICK_DISTANCE 24.0
#define CHARACTER_WIDTH 6.6
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

static void
find_range (OpPlot *plot, Pane *pane)
{
  double low = NAN, high = NAN;
  gboolean stands_on_zero = FALSE;

  for (guint i = 0; i < plot->series->len; i++)
    {
      const OpPlotSeries *series = op_plot_get_series (plot, i);

      if (series->reduction == NULL || strcmp (series->units, pane->units) != 0)
        continue;
      low = fmin (low, series->reduction->min);
      high = fmax (high, series->reduction->max);
      stands_on_zero |= series->form == OP_PLOT_BARS && !isnan (series->reduction->min);
    }
  if (stands_on_zero)
    {
      low = fmin (low, 0);
      high = fmax (high, 0);
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
    add_pane (drawing, op_plot_get_series (plot, i)->units);
  if (drawing->panes->len == 0)
    add_pane (drawing, "");
  for (guint i = 0; i < drawing->panes->len; i++)
    find_range (plot, &g_array_index (drawing->panes, Pane, i));
}

/* Two at least, without which an axis says nothing; five steps always hold two. */
static void
find_ticks (Pane *pane, double room)
{
  guint max = (guint) CLAMP (room, 1, 8);

  do
    op_ticks_find_values (pane->frame.low, pane->frame.high, max++, &pane->ticks);
  while (pane->ticks.n < 2 && max <= 5);
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
      find_ticks (pane, (frame->bottom - frame->top) / (TICK_DISTANCE * scale));
    }
}

/* From left to right: units, tick texts, data; in whole pixels, as bands are. */
static void
lay_out_columns (Drawing *drawing)
{
  OpPlot *plot = drawing->plot;
  double scale = drawing->scale;
  double left = ceil ((UNITS_WIDTH + LABEL_SPACE) * scale + widest_label (drawing)), right;

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
