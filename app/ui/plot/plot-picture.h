/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot/plot.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

/** Draws @plot in the style of the desktop, at @width × @height device pixels, @scale of them a logical one. */
GdkTexture *op_plot_picture_new     (OpPlot *plot, int width, int height, int scale);
/** Whether that style is dark. */
gboolean    op_plot_picture_is_dark (void);

G_END_DECLS
