/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/picture.h"
#include "app/plot/plot.h"

G_BEGIN_DECLS

/** What is written at a picture's axes; of each of its fields. */
typedef struct
{
  const char *names[2];
  const char *units[2];
  const char *note;     /* the span that it is of; "" */
} OpPictureTexts;

/**
 * OpPicturePlot: draws pictures (XY, histogram, wind rose, diurnal course) with PLplot into a cairo context: on the
 * screen and into files by one path. Main thread only.
 */
typedef struct _OpPicturePlot OpPicturePlot;

OpPicturePlot *op_picture_plot_new  (void);
void           op_picture_plot_free (OpPicturePlot *plot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpPicturePlot, op_picture_plot_free)

void     op_picture_plot_set_style (OpPicturePlot *plot, OpPlotStyle style);
/** Draws @picture at @width × @height device pixels from the context's origin; @scale: device pixels a logical pixel. */
void     op_picture_plot_draw      (OpPicturePlot *plot, const OpPicture *picture, const OpPictureTexts *texts,
                                    cairo_t *cr, int width, int height, double scale);
/** Into a file, as op_plot_save(). */
gboolean op_picture_plot_save      (OpPicturePlot *plot, const OpPicture *picture, const OpPictureTexts *texts,
                                    const char *path, OpPlotFormat format, int width, int height, GError **error);
/** What lies at a place of the last drawing, in words: "270 to 280: 34 records"; NULL: nothing. Free it. */
char    *op_picture_plot_dup_reading (OpPicturePlot *plot, const OpPicture *picture, const OpPictureTexts *texts,
                                      double x, double y);

G_END_DECLS
