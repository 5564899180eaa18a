/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/plot/plot-picture.h"

#include <adwaita.h>

gboolean
op_plot_picture_is_dark (void)
{
  return adw_style_manager_get_dark (adw_style_manager_get_default ());
}

GdkTexture *
op_plot_picture_new (OpPlot *plot, int width, int height, int scale)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (GBytes) bytes = NULL;
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);

  op_plot_set_style (plot, op_plot_picture_is_dark () ? OP_PLOT_DARK : OP_PLOT_LIGHT);
  op_plot_draw (plot, cr, width, height, scale);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface), stride * (gsize) height,
                                      (GDestroyNotify) cairo_surface_destroy, surface);
  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}
