/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot/picture-plot.h"
#include "app/plot/plot-private.h"

G_BEGIN_DECLS

/** Where two ranges of numbers lie, in device pixels from the top left. */
typedef struct
{
  double left, top, right, bottom;
  double x_low, x_high, y_low, y_high;
} OpBox;

static inline double
op_box_x (const OpBox *box, double value)
{
  return box->left + (value - box->x_low) / (box->x_high - box->x_low) * (box->right - box->left);
}

static inline double
op_box_y (const OpBox *box, double value)
{
  return box->bottom - (value - box->y_low) / (box->y_high - box->y_low) * (box->bottom - box->top);
}

struct _OpPicturePlot
{
  OpCanvas   *canvas;
  OpPlotStyle style;
  OpBox       box; /* of the last drawing */
};

/* One drawing of a picture. */
typedef struct
{
  OpPicturePlot        *plot;
  const Palette        *palette;
  const OpPicture      *picture;
  const OpPictureTexts *texts;
  double                width, height, scale;
  double                x_step; /* between ticks across, from 0 on; 0: as it suits the room */
} PictureDrawing;

/** Draws ticks, grid and titles around ranges that it rounds; the box is the plot's. */
void op_picture_draw_axes (PictureDrawing *drawing, double x_low, double x_high, double y_low, double y_high,
                           const char *x_title, const char *y_title);
/** "Speed (m/s)", or the name alone. Free it. */
char *op_picture_dup_title (const PictureDrawing *drawing, guint field);
/** A filled rectangle between values, outlined in its colour. */
void op_picture_draw_bar (PictureDrawing *drawing, double x1, double y1, double x2, double y2, OpColor color);
OpColor op_picture_get_color (const PictureDrawing *drawing, guint i);

void  op_picture_draw_xy        (PictureDrawing *drawing);
void  op_picture_draw_histogram (PictureDrawing *drawing);
void  op_picture_draw_rose      (PictureDrawing *drawing);
void  op_picture_draw_diurnal   (PictureDrawing *drawing);
/* What lies at a place; NULL: nothing. */
char *op_picture_read_xy        (const OpBox *box, const OpPicture *picture, const OpPictureTexts *texts, double x,
                                 double y);
char *op_picture_read_histogram (const OpBox *box, const OpPicture *picture, const OpPictureTexts *texts, double x,
                                 double y);
char *op_picture_read_rose      (const OpBox *box, const OpPicture *picture, const OpPictureTexts *texts, double x,
                                 double y);
char *op_picture_read_diurnal   (const OpBox *box, const OpPicture *picture, const OpPictureTexts *texts, double x,
                                 double y);

G_END_DECLS
