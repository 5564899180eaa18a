/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/band.h"

#include <math.h>

/* Columns to a shape: cairo's time for a shape of n edges grows much faster than n. */
#define SHAPE_COLUMNS 16

static void
cover (OpBand *band, int column, double y1, double y2)
{
  if (column < 0 || column >= band->n)
    return;
  band->top[column] = fmin (band->top[column], fmin (y1, y2));
  band->bottom[column] = fmax (band->bottom[column], fmax (y1, y2));
}

static int
to_column (const OpBand *band, double x)
{
  return (int) CLAMP (floor (x), -1, band->n);
}

/* A straight line; x counts from the frame's left edge. */
static void
cover_line (OpBand *band, double x1, double y1, double x2, double y2)
{
  double slope = x2 > x1 ? (y2 - y1) / (x2 - x1) : 0;
  int first = to_column (band, x1), last = to_column (band, x2);

  if (first == last)
    {
      cover (band, first, y1, y2);
      return;
    }
  for (int column = MAX (first, 0); column <= MIN (last, band->n - 1); column++)
    {
      double start = fmax (x1, column), end = fmin (x2, column + 1);

      cover (band, column, y1 + slope * (start - x1), y1 + slope * (end - x1));
    }
}

gboolean
op_holes_part (const GArray *holes, guint *place, OpTime before, OpTime after)
{
  /* Where a clock was set back, a new line begins. */
  if (after < before)
    return TRUE;
  while (*place > 0 && g_array_index (holes, OpHole, *place - 1).to > before)
    --*place;
  while (*place < holes->len && g_array_index (holes, OpHole, *place).to <= before)
    ++*place;
  return *place < holes->len && g_array_index (holes, OpHole, *place).from < after;
}

static void
take_points (OpBand *band, const OpReduction *reduction, const OpFrame *frame)
{
  guint hole = 0;

  for (gsize i = 0; i < reduction->n_points; i++)
    {
      double value = reduction->values[i], x = op_frame_x (frame, reduction->times[i]) - frame->left;

      if (!isfinite (value))
        continue;
      cover (band, to_column (band, x), op_frame_y (frame, value), op_frame_y (frame, value));
      if (i + 1 < reduction->n_points && isfinite (reduction->values[i + 1]) &&
          !op_holes_part (reduction->holes, &hole, reduction->times[i], reduction->times[i + 1]))
        {
          cover_line (band, x, op_frame_y (frame, value), op_frame_x (frame, reduction->times[i + 1]) - frame->left,
                      op_frame_y (frame, reduction->values[i + 1]));
        }
    }
}

/* Joins the last value of one bin with the first of the next that has any. */
static void
join_bins (OpBand *band, const OpReduction *reduction, const OpFrame *frame, int column, double last, int next,
           double first, guint *hole)
{
  OpTime edge = op_frame_time (frame, frame->left + column + 1), next_edge = op_frame_time (frame, frame->left + next);

  if (next > column + 1 && op_holes_part (reduction->holes, hole, edge, next_edge))
    return;
  cover_line (band, column + 0.5, op_frame_y (frame, last), next + 0.5, op_frame_y (frame, first));
}

static void
take_bins (OpBand *band, const OpReduction *reduction, const OpFrame *frame)
{
  double start = op_frame_x (frame, reduction->from) - frame->left;
  double width = (op_frame_x (frame, reduction->to) - frame->left - start) / reduction->n_bins;
  int last_column = -1;
  double last = NAN;
  guint hole = 0;

  for (guint i = 0; i < reduction->n_bins; i++)
    {
      const OpBin *bin = &reduction->bins[i];
      /* A bin that begins on a pixel's edge may seem to begin just before it. */
      int column = to_column (band, start + i * width + 1e-3);
      int end = MAX (column + 1, to_column (band, start + (i + 1) * width + 1e-3));

      if (end <= 0 || column >= band->n)
        continue;
      if (bin->n_values == 0)
        {
          last = bin->n_nan > 0 ? NAN : last;
          continue;
        }
      if (!isnan (last) && column > last_column)
        join_bins (band, reduction, frame, last_column, last, column, bin->first, &hole);
      for (int c = MAX (column, 0); c < MIN (end, band->n); c++)
        cover (band, c, op_frame_y (frame, bin->min), op_frame_y (frame, bin->max));
      last_column = end - 1;
      last = bin->last;
    }
}

OpBand *
op_band_new (const OpReduction *reduction, const OpFrame *frame)
{
  OpBand *band = g_new0 (OpBand, 1);

  band->n = MAX ((int) (frame->right - frame->left), 0);
  band->top = g_new (double, band->n);
  band->bottom = g_new (double, band->n);
  for (int i = 0; i < band->n; i++)
    band->top[i] = band->bottom[i] = NAN;
  if (reduction->bins != NULL)
    take_bins (band, reduction, frame);
  else
    take_points (band, reduction, frame);
  return band;
}

void
op_band_free (OpBand *band)
{
  g_free (band->top);
  g_free (band->bottom);
  g_free (band);
}

/* The columns from @first up to, without, @end as one shape: its upper edge forward, its lower edge back. */
static void
fill_shape (const OpBand *band, double left, int first, int end, cairo_t *cr, double pen, double margin)
{
  for (int i = first; i < end; i++)
    {
      cairo_line_to (cr, left + i - margin, band->top[i] - pen / 2);
      cairo_line_to (cr, left + i + 1 + margin, band->top[i] - pen / 2);
    }
  for (int i = end - 1; i >= first; i--)
    {
      cairo_line_to (cr, left + i + 1 + margin, band->bottom[i] + pen / 2);
      cairo_line_to (cr, left + i - margin, band->bottom[i] + pen / 2);
    }
  cairo_close_path (cr);
  cairo_fill (cr);
}

void
op_band_fill (const OpBand *band, const OpFrame *frame, cairo_t *cr, double pen)
{
  for (int first = 0; first < band->n; first++)
    {
      int end = first;
      double margin;

      while (end < band->n && !isnan (band->top[end]))
        end++;
      /* What stands alone is seen as a dot. */
      margin = end - first == 1 ? fmax (pen - 1, 0) / 2 : 0;
      for (; first < end; first = MIN (first + SHAPE_COLUMNS, end))
        fill_shape (band, frame->left, first, MIN (first + SHAPE_COLUMNS, end), cr, pen, margin);
    }
}
