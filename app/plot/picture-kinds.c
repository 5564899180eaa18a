/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/picture-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* XY */

static void
draw_points (PictureDrawing *drawing)
{
  const OpBox *box = &drawing->plot->box;
  GArray *points = drawing->picture->xy.points;
  OpColor color = op_picture_get_color (drawing, 0);
  cairo_t *cr = op_canvas_push_cairo (drawing->plot->canvas);
  double radius = (points->len > 2000 ? 1.2 : 2.2) * drawing->scale;

  op_color_set (cr, (OpColor) { color.rgb, points->len > 2000 ? 0.35 : 0.7 });
  for (guint i = 0; i < points->len; i++)
    {
      const OpXyPoint *point = &g_array_index (points, OpXyPoint, i);

      cairo_new_sub_path (cr);
      cairo_arc (cr, op_box_x (box, point->x), op_box_y (box, point->y), radius, 0, 2 * G_PI);
    }
  cairo_fill (cr);
  op_canvas_pop_cairo (drawing->plot->canvas);
}

static void
draw_line (PictureDrawing *drawing)
{
  const OpXy *xy = &drawing->picture->xy;
  const OpBox *box = &drawing->plot->box;
  OpCanvas *canvas = drawing->plot->canvas;
  double scale = drawing->scale;
  g_autofree char *text = NULL;

  if (isnan (xy->slope))
    return;
  op_canvas_set_view (canvas, box->left, box->top, box->right, box->bottom);
  op_canvas_set_pen (canvas, op_picture_get_color (drawing, 1), 2 * scale);
  op_canvas_line (canvas, box->left, op_box_y (box, xy->intercept + xy->slope * box->x_low), box->right,
                  op_box_y (box, xy->intercept + xy->slope * box->x_high));
  text = g_strdup_printf ("y = %.4g x %+.4g, r² = %.3f", xy->slope, xy->intercept, xy->r2);
  op_canvas_text (canvas, box->left, box->top - TEXT_ROW / 2 * scale, 0, FALSE, TEXT_SIZE * scale,
                  drawing->palette->text, text);
}

void
op_picture_draw_xy (PictureDrawing *drawing)
{
  const OpStatistics *x = &drawing->picture->statistics[0], *y = &drawing->picture->statistics[1];
  double x_room = (x->max - x->min) * 0.03, y_room = (y->max - y->min) * 0.03;
  g_autofree char *x_title = op_picture_dup_title (drawing, 0), *y_title = op_picture_dup_title (drawing, 1);

  op_picture_draw_axes (drawing, x->min - x_room, x->max + x_room, y->min - y_room, y->max + y_room, x_title, y_title);
  draw_points (drawing);
  draw_line (drawing);
}

char *
op_picture_read_xy (const OpBox *box, const OpPicture *picture, const OpPictureTexts *texts, double x, double y)
{
  double x_value = box->x_low + (x - box->left) / (box->right - box->left) * (box->x_high - box->x_low);
  double y_value = box->y_low + (box->bottom - y) / (box->bottom - box->top) * (box->y_high - box->y_low);

  return g_strdup_printf ("%s %.4g %s, %s %.4g %s", texts->names[0], x_value, texts->units[0], texts->names[1],
                          y_value, texts->units[1]);
}

/* Histogram */

void
op_picture_draw_histogram (PictureDrawing *drawing)
{
  const OpHistogram *histogram = &drawing->picture->histogram;
  guint64 most = 1;
  g_autofree char *title = op_picture_dup_title (drawing, 0);

  for (guint i = 0; i < histogram->n_bins; i++)
    most = MAX (most, histogram->counts[i]);
  op_picture_draw_axes (drawing, histogram->low, histogram->low + histogram->n_bins * histogram->width, 0,
                        (double) most * 1.05, title, _("Records"));
  for (guint i = 0; i < histogram->n_bins; i++)
    if (histogram->counts[i] > 0)
      op_picture_draw_bar (drawing, histogram->low + i * histogram->width, 0,
                           histogram->low + (i + 1) * histogram->width, (double) histogram->counts[i],
                           op_picture_get_color (drawing, 0));
}

char *
op_picture_read_histogram (const OpBox *box, const OpPicture *picture, const OpPictureTexts *texts, double x, double y)
{
  const OpHistogram *histogram = &picture->histogram;
  guint bin = (guint) ((x - box->left) / (box->right - box->left) * histogram->n_bins);
  guint64 count;
  g_autofree char *number = NULL;

  bin = MIN (bin, histogram->n_bins - 1);
  count = histogram->counts[bin];
  number = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  return g_strdup_printf (_("%.4g to %.4g %s: %s records, %.1f %%"), histogram->low + bin * histogram->width,
                          histogram->low + (bin + 1) * histogram->width, texts->units[0], number,
                          100.0 * (double) count / (double) picture->n);
}

/* Wind rose */

#define SECTOR (2 * G_PI / OP_PICTURE_SECTORS)

static guint64
count_sector (const OpRose *rose, guint sector)
{
  guint64 sum = 0;

  for (guint i = 0; i < OP_PICTURE_CLASSES; i++)
    sum += rose->counts[sector][i];
  return sum;
}

/* What the rings stand for, in percent: multiples of a round step, so far out that the longest petal ends within. */
typedef struct
{
  double step;
  guint  n;
} Rings;

static Rings
find_rings (const OpPicture *picture)
{
  guint64 most = 1;
  OpValueTicks ticks;
  double share;

  for (guint i = 0; i < OP_PICTURE_SECTORS; i++)
    most = MAX (most, count_sector (&picture->rose, i));
  share = 100.0 * (double) most / (double) picture->n;
  op_ticks_find_values (0, share, 5, &ticks);
  /* What ends on a ring, give or take its last digit, needs no further one. */
  return (Rings) { ticks.step, (guint) ceil (share / ticks.step - 1e-9) };
}

/* Between which sectors, @i and the next, the shares of rings are written: where petals are shortest. */
static guint
find_label_place (const OpRose *rose)
{
  guint64 least = G_MAXUINT64;
  guint best = 1;

  /* North-east first, if it makes no difference. */
  for (guint k = 0; k < OP_PICTURE_SECTORS; k++)
    {
      guint i = (k + 1) % OP_PICTURE_SECTORS;
      guint64 length = MAX (count_sector (rose, i), count_sector (rose, (i + 1) % OP_PICTURE_SECTORS));

      if (length < least)
        {
          least = length;
          best = i;
        }
    }
  return best;
}

/* The ranges of a rose's box go from -1 to 1; its upper edge is north. */
static void
lay_out_rose (PictureDrawing *drawing)
{
  OpBox *box = &drawing->plot->box;
  double side = fmin (drawing->width - 190 * drawing->scale, drawing->height - 76 * drawing->scale);
  double left = (drawing->width - 150 * drawing->scale - side) / 2;

  side = fmax (side, 10);
  *box = (OpBox) { left, 38 * drawing->scale, left + side, 38 * drawing->scale + side, -1, 1, -1, 1 };
}

static void
draw_shares (PictureDrawing *drawing, const Rings *rings)
{
  const OpBox *box = &drawing->plot->box;
  double x = (box->left + box->right) / 2, y = (box->top + box->bottom) / 2, radius = (box->right - box->left) / 2;
  double angle = (find_label_place (&drawing->picture->rose) + 0.5) * SECTOR, scale = drawing->scale;
  gboolean is_right = sin (angle) > 0, is_above = cos (angle) > 0;

  for (guint i = 1; i <= rings->n; i++)
    {
      double at = radius * i / rings->n;
      g_autofree char *text = g_strdup_printf ("%.3g %%", rings->step * i);

      op_canvas_text (drawing->plot->canvas, x + sin (angle) * at + (is_right ? 4 : -4) * scale,
                      y - cos (angle) * at + (is_above ? -4 : 4) * scale, is_right ? 0 : 1, FALSE,
                      TEXT_SIZE * scale * 0.9, drawing->palette->text, text);
    }
}

static void
draw_rings (PictureDrawing *drawing, const Rings *rings)
{
  static const char *const points[] = { N_("N"), N_("E"), N_("S"), N_("W") };
  OpCanvas *canvas = drawing->plot->canvas;
  const OpBox *box = &drawing->plot->box;
  double x = (box->left + box->right) / 2, y = (box->top + box->bottom) / 2, radius = (box->right - box->left) / 2;
  double scale = drawing->scale, size = TEXT_SIZE * scale;
  cairo_t *cr = op_canvas_push_cairo (canvas);

  op_color_set (cr, drawing->palette->axis);
  cairo_set_line_width (cr, scale);
  for (guint i = 1; i <= rings->n; i++)
    {
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, radius * i / rings->n, 0, 2 * G_PI);
    }
  cairo_stroke (cr);
  op_canvas_pop_cairo (canvas);
  draw_shares (drawing, rings);
  for (guint i = 0; i < 4; i++)
    op_canvas_text (canvas, x + sin (i * G_PI / 2) * (radius + 14 * scale),
                    y - cos (i * G_PI / 2) * (radius + 14 * scale), 0.5, FALSE, size, drawing->palette->text,
                    _(points[i]));
}

static void
draw_petal (PictureDrawing *drawing, cairo_t *cr, guint sector, double outer)
{
  const OpRose *rose = &drawing->picture->rose;
  const OpBox *box = &drawing->plot->box;
  double x = (box->left + box->right) / 2, y = (box->top + box->bottom) / 2, radius = (box->right - box->left) / 2;
  double middle = sector * SECTOR - G_PI / 2, inner = 0;

  for (guint i = 0; i < OP_PICTURE_CLASSES; i++)
    {
      double share = 100.0 * (double) rose->counts[sector][i] / (double) drawing->picture->n;
      double end = inner + share / outer * radius;
      OpColor color = op_picture_get_color (drawing, 0);

      if (share == 0)
        continue;
      /* Classes are told by how dark they are, too. */
      cairo_new_path (cr);
      cairo_arc (cr, x, y, end, middle - SECTOR * 0.42, middle + SECTOR * 0.42);
      cairo_arc_negative (cr, x, y, inner, middle + SECTOR * 0.42, middle - SECTOR * 0.42);
      cairo_close_path (cr);
      op_color_set (cr, (OpColor) { color.rgb, 0.2 + 0.8 * i / (OP_PICTURE_CLASSES - 1) });
      cairo_fill_preserve (cr);
      op_color_set (cr, drawing->palette->background);
      cairo_set_line_width (cr, drawing->scale);
      cairo_stroke (cr);
      inner = end;
    }
}

static void
draw_rose_legend (PictureDrawing *drawing)
{
  const OpRose *rose = &drawing->picture->rose;
  OpCanvas *canvas = drawing->plot->canvas;
  double scale = drawing->scale, size = TEXT_SIZE * scale, x = drawing->width - 150 * scale;
  double y = drawing->plot->box.top + 10 * scale;
  g_autofree char *title = op_picture_dup_title (drawing, 1);
  g_autofree char *calm = g_strdup_printf (_("calm %.1f %%"),
                                           100.0 * (double) rose->n_calm / (double) drawing->picture->n);

  op_canvas_text (canvas, x, y, 0, FALSE, size, drawing->palette->text, title);
  for (guint i = 0; i < OP_PICTURE_CLASSES; i++)
    {
      double low = i > 0 ? rose->bounds[i - 1] : 0, row = y + (i + 1) * TEXT_ROW * scale;
      g_autofree char *text = i < OP_PICTURE_CLASSES - 1 ? g_strdup_printf ("%.3g–%.3g", low, rose->bounds[i])
                                                         : g_strdup_printf ("≥ %.3g", low);
      cairo_t *cr = op_canvas_push_cairo (canvas);

      op_color_set (cr, (OpColor) { op_picture_get_color (drawing, 0).rgb, 0.2 + 0.8 * i / (OP_PICTURE_CLASSES - 1) });
      cairo_rectangle (cr, x, row - 5 * scale, 12 * scale, 10 * scale);
      cairo_fill (cr);
      op_canvas_pop_cairo (canvas);
      op_canvas_text (canvas, x + 18 * scale, row, 0, FALSE, size, drawing->palette->text, text);
    }
  op_canvas_text (canvas, x, y + (OP_PICTURE_CLASSES + 1.5) * TEXT_ROW * scale, 0, FALSE, size,
                  drawing->palette->text, calm);
}

void
op_picture_draw_rose (PictureDrawing *drawing)
{
  const Rings rings = find_rings (drawing->picture);
  cairo_t *cr;

  lay_out_rose (drawing);
  cr = op_canvas_push_cairo (drawing->plot->canvas);
  for (guint i = 0; i < OP_PICTURE_SECTORS; i++)
    draw_petal (drawing, cr, i, rings.step * rings.n);
  op_canvas_pop_cairo (drawing->plot->canvas);
  draw_rings (drawing, &rings);
  draw_rose_legend (drawing);
}

char *
op_picture_read_rose (const OpBox *box, const OpPicture *picture, const OpPictureTexts *texts, double x, double y)
{
  double dx = x - (box->left + box->right) / 2, dy = (box->top + box->bottom) / 2 - y;
  double angle = atan2 (dx, dy) + SECTOR / 2;
  guint sector = (guint) ((angle < 0 ? angle + 2 * G_PI : angle) / SECTOR) % OP_PICTURE_SECTORS;
  guint64 count = count_sector (&picture->rose, sector);

  if (hypot (dx, dy) > (box->right - box->left) / 2)
    return NULL;
  return g_strdup_printf (_("From %.4g° ± %.4g°: %.1f %% of the time"), sector * 360.0 / OP_PICTURE_SECTORS,
                          180.0 / OP_PICTURE_SECTORS, 100.0 * (double) count / (double) picture->n);
}

/* Diurnal course */

/* A run of hours that have values: from @first up to, without, the returned. */
static guint
find_run (const OpDiurnalHour *hours, guint first)
{
  guint end = first;

  while (end < OP_PICTURE_HOURS && !isnan (hours[end].median))
    end++;
  return end;
}

static void
draw_course (PictureDrawing *drawing, guint first, guint end)
{
  const OpDiurnalHour *hours = drawing->picture->hours;
  const OpBox *box = &drawing->plot->box;
  OpColor color = op_picture_get_color (drawing, 0);
  cairo_t *cr = op_canvas_push_cairo (drawing->plot->canvas);

  /* Where a text ended before is no part of it. */
  cairo_new_path (cr);
  for (guint i = first; i < end; i++)
    cairo_line_to (cr, op_box_x (box, i + 0.5), op_box_y (box, hours[i].three_quarters));
  for (guint i = end; i > first; i--)
    cairo_line_to (cr, op_box_x (box, i - 0.5), op_box_y (box, hours[i - 1].quarter));
  cairo_close_path (cr);
  op_color_set (cr, (OpColor) { color.rgb, 0.25 });
  cairo_fill (cr);
  op_color_set (cr, color);
  cairo_set_line_width (cr, 2.5 * drawing->scale);
  for (guint i = first; i < end; i++)
    cairo_line_to (cr, op_box_x (box, i + 0.5), op_box_y (box, hours[i].median));
  cairo_stroke (cr);
  for (guint i = first; i < end; i++)
    {
      cairo_new_sub_path (cr);
      cairo_arc (cr, op_box_x (box, i + 0.5), op_box_y (box, hours[i].median), 3 * drawing->scale, 0, 2 * G_PI);
    }
  cairo_fill (cr);
  /* Extremes, as far apart as they are: thin. */
  cairo_set_line_width (cr, drawing->scale);
  for (guint i = first; i < end; i++)
    {
      cairo_move_to (cr, op_box_x (box, i + 0.5), op_box_y (box, hours[i].low));
      cairo_line_to (cr, op_box_x (box, i + 0.5), op_box_y (box, hours[i].high));
    }
  op_color_set (cr, (OpColor) { color.rgb, 0.5 });
  cairo_stroke (cr);
  op_canvas_pop_cairo (drawing->plot->canvas);
}

void
op_picture_draw_diurnal (PictureDrawing *drawing)
{
  const OpStatistics *statistics = &drawing->picture->statistics[0];
  const OpDiurnalHour *hours = drawing->picture->hours;
  double room = (statistics->max - statistics->min) * 0.04, scale = drawing->scale;
  g_autofree char *title = op_picture_dup_title (drawing, 0);

  /* Tens part no day evenly. */
  drawing->x_step = drawing->width > 300 * scale ? 3 : 6;
  op_picture_draw_axes (drawing, 0, OP_PICTURE_HOURS, statistics->min - room, statistics->max + room,
                        _("Hour of the day (logger time)"), title);
  for (guint first = 0; first < OP_PICTURE_HOURS;)
    {
      guint end = find_run (hours, first);

      if (end > first)
        draw_course (drawing, first, end);
      first = MAX (end, first + 1);
    }
  op_canvas_text (drawing->plot->canvas, drawing->plot->box.left, drawing->plot->box.top - TEXT_ROW / 2 * scale, 0,
                  FALSE, TEXT_SIZE * scale, drawing->palette->text,
                  _("median, quartiles (shaded), minimum to maximum (thin)"));
}

char *
op_picture_read_diurnal (const OpBox *box, const OpPicture *picture, const OpPictureTexts *texts, double x, double y)
{
  guint i = MIN ((guint) ((x - box->left) / (box->right - box->left) * OP_PICTURE_HOURS), OP_PICTURE_HOURS - 1);
  const OpDiurnalHour *hour = &picture->hours[i];

  if (isnan (hour->median))
    return NULL;
  return g_strdup_printf (_("%u to %u h: median %.4g %s, quartiles %.4g and %.4g, from %.4g to %.4g"), i, i + 1,
                          hour->median, texts->units[0], hour->quarter, hour->three_quarters, hour->low, hour->high);
}
