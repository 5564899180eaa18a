/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/picture-plot.h"

#include "app/plot/picture-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Logical pixels. */
#define LEFT_ROOM     74.0
#define BOTTOM_ROOM   48.0
#define TOP_ROOM      30.0
#define RIGHT_ROOM    24.0
#define X_TICK_ROOM   70.0
#define Y_TICK_ROOM   28.0

static const struct
{
  void  (*draw) (PictureDrawing *drawing);
  char *(*read) (const OpBox *box, const OpPicture *picture, const OpPictureTexts *texts, double x, double y);
} kinds[OP_N_PICTURES] = {
  [OP_PICTURE_XY] = { op_picture_draw_xy, op_picture_read_xy },
  [OP_PICTURE_HISTOGRAM] = { op_picture_draw_histogram, op_picture_read_histogram },
  [OP_PICTURE_ROSE] = { op_picture_draw_rose, op_picture_read_rose },
  [OP_PICTURE_DIURNAL] = { op_picture_draw_diurnal, op_picture_read_diurnal },
};

OpPicturePlot *
op_picture_plot_new (void)
{
  OpPicturePlot *plot = g_new0 (OpPicturePlot, 1);

  plot->canvas = op_canvas_new ();
  return plot;
}

void
op_picture_plot_free (OpPicturePlot *plot)
{
  op_canvas_free (plot->canvas);
  g_free (plot);
}

void
op_picture_plot_set_style (OpPicturePlot *plot, OpPlotStyle style)
{
  plot->style = style;
}

OpColor
op_picture_get_color (const PictureDrawing *drawing, guint i)
{
  return (OpColor) { drawing->palette->series[i % G_N_ELEMENTS (drawing->palette->series)], 1 };
}

char *
op_picture_dup_title (const PictureDrawing *drawing, guint field)
{
  const char *name = drawing->texts->names[field], *units = drawing->texts->units[field];

  return units != NULL && *units != '\0' ? g_strdup_printf ("%s (%s)", name, units) : g_strdup (name);
}

void
op_picture_draw_bar (PictureDrawing *drawing, double x1, double y1, double x2, double y2, OpColor color)
{
  const OpBox *box = &drawing->plot->box;
  cairo_t *cr = op_canvas_push_cairo (drawing->plot->canvas);
  double left = op_box_x (box, fmin (x1, x2)), right = op_box_x (box, fmax (x1, x2));
  double top = op_box_y (box, fmax (y1, y2)), bottom = op_box_y (box, fmin (y1, y2));

  op_color_set (cr, (OpColor) { color.rgb, color.alpha * 0.55 });
  cairo_rectangle (cr, left, top, fmax (right - left, 1), bottom - top);
  cairo_fill_preserve (cr);
  op_color_set (cr, color);
  cairo_set_line_width (cr, drawing->scale);
  cairo_stroke (cr);
  op_canvas_pop_cairo (drawing->plot->canvas);
}

/* A range of nothing becomes one around it. */
static void
widen (double *low, double *high)
{
  double room = (*high - *low) * 0.04;

  if (!(room > 0))
    room = fmax (fabs (*low), 1) * 0.5;
  *low -= room;
  *high += room;
}

static void
draw_ticks (PictureDrawing *drawing, const OpValueTicks *ticks, gboolean is_across)
{
  OpCanvas *canvas = drawing->plot->canvas;
  const OpBox *box = &drawing->plot->box;
  double scale = drawing->scale, size = TEXT_SIZE * scale;

  for (guint i = 0; i < ticks->n; i++)
    {
      char text[OP_TICK_TEXT_SIZE];
      double value = op_value_ticks_get (ticks, i);
      double at = floor (is_across ? op_box_x (box, value) : op_box_y (box, value)) + 0.5;

      op_value_ticks_format (ticks, i, text);
      op_canvas_set_view (canvas, box->left, box->top, box->right + 1, box->bottom + 1);
      op_canvas_set_pen (canvas, drawing->palette->grid, fmax (floor (scale), 1));
      if (is_across)
        op_canvas_line (canvas, at, box->top, at, box->bottom);
      else
        op_canvas_line (canvas, box->left, at, box->right, at);
      if (is_across)
        op_canvas_text (canvas, at, box->bottom + (TEXT_ROW / 2 + 2) * scale, 0.5, FALSE, size,
                        drawing->palette->text, text);
      else
        op_canvas_text (canvas, box->left - LABEL_SPACE * scale, at, 1, FALSE, size, drawing->palette->text, text);
    }
}

static void
find_ticks_across (const PictureDrawing *drawing, OpValueTicks *ticks)
{
  const OpBox *box = &drawing->plot->box;
  guint room = (guint) fmax ((box->right - box->left) / X_TICK_ROOM / drawing->scale, 1);

  if (drawing->x_step > 0)
    *ticks = (OpValueTicks) { .step = drawing->x_step, .n = (guint) (box->x_high / drawing->x_step) + 1 };
  else
    op_ticks_find_values (box->x_low, box->x_high, room, ticks);
}

void
op_picture_draw_axes (PictureDrawing *drawing, double x_low, double x_high, double y_low, double y_high,
                      const char *x_title, const char *y_title)
{
  OpCanvas *canvas = drawing->plot->canvas;
  OpBox *box = &drawing->plot->box;
  double scale = drawing->scale, size = TEXT_SIZE * scale;
  OpValueTicks ticks;

  if (!(x_high > x_low))
    widen (&x_low, &x_high);
  if (!(y_high > y_low))
    widen (&y_low, &y_high);
  *box = (OpBox) { LEFT_ROOM * scale, TOP_ROOM * scale, drawing->width - RIGHT_ROOM * scale,
                   drawing->height - BOTTOM_ROOM * scale, x_low, x_high, y_low, y_high };
  box->right = fmax (box->right, box->left + 1);
  box->bottom = fmax (box->bottom, box->top + 1);
  find_ticks_across (drawing, &ticks);
  draw_ticks (drawing, &ticks, TRUE);
  op_ticks_find_values (y_low, y_high, (guint) fmax ((box->bottom - box->top) / Y_TICK_ROOM / scale, 1), &ticks);
  draw_ticks (drawing, &ticks, FALSE);
  op_canvas_set_view (canvas, box->left, box->top, box->right + 1, box->bottom + 1);
  op_canvas_set_pen (canvas, drawing->palette->axis, fmax (floor (scale), 1));
  op_canvas_line (canvas, box->left, box->bottom + 0.5, box->right, box->bottom + 0.5);
  op_canvas_text (canvas, (box->left + box->right) / 2, box->bottom + (TEXT_ROW * 1.5 + 4) * scale, 0.5, FALSE, size,
                  drawing->palette->text, x_title);
  op_canvas_text (canvas, 12 * scale, (box->top + box->bottom) / 2, 0.5, TRUE, size, drawing->palette->text, y_title);
}

static void
draw_note (PictureDrawing *drawing)
{
  double scale = drawing->scale, size = TEXT_SIZE * scale;
  const char *text = drawing->picture->n == 0 ? _("No values in this span") : drawing->texts->note;

  if (drawing->picture->n == 0)
    op_canvas_text (drawing->plot->canvas, drawing->width / 2, drawing->height / 2, 0.5, FALSE, size,
                    drawing->palette->text, text);
  else
    op_canvas_text (drawing->plot->canvas, drawing->width - EDGE * scale, TOP_ROOM / 2 * scale, 1, FALSE, size,
                    drawing->palette->text, text);
}

void
op_picture_plot_draw (OpPicturePlot *plot, const OpPicture *picture, const OpPictureTexts *texts, cairo_t *cr,
                      int width, int height, double scale)
{
  PictureDrawing drawing = { plot, op_palette_get (plot->style), picture, texts, width, height, scale, 0 };

  if (width < 1 || height < 1)
    return;
  cairo_save (cr);
  op_color_set (cr, drawing.palette->background);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  cairo_restore (cr);
  if (!op_canvas_begin (plot->canvas, cr, width, height))
    {
      op_plot_draw_without_driver (cr, drawing.palette, scale);
      return;
    }
  if (picture->n > 0)
    kinds[picture->kind].draw (&drawing);
  draw_note (&drawing);
  op_canvas_end (plot->canvas);
}

char *
op_picture_plot_dup_reading (OpPicturePlot *plot, const OpPicture *picture, const OpPictureTexts *texts, double x,
                             double y)
{
  const OpBox *box = &plot->box;

  if (picture->n == 0 || x < box->left || x > box->right || y < box->top || y > box->bottom)
    return NULL;
  return kinds[picture->kind].read (box, picture, texts, x, y);
}

typedef struct
{
  OpPicturePlot        *plot;
  const OpPicture      *picture;
  const OpPictureTexts *texts;
} Saving;

static void
draw_saved (gpointer data, cairo_t *cr, int width, int height)
{
  const Saving *saving = data;

  op_picture_plot_draw (saving->plot, saving->picture, saving->texts, cr, width, height, 1);
}

gboolean
op_picture_plot_save (OpPicturePlot *plot, const OpPicture *picture, const OpPictureTexts *texts, const char *path,
                      OpPlotFormat format, int width, int height, GError **error)
{
  Saving saving = { plot, picture, texts };

  return op_plot_save_drawing (draw_saved, &saving, path, format, width, height, error);
}
