/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/plot-private.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>

/* cairo's and PLplot's limit of a picture's side. */
#define MAX_SIDE 32767

G_DEFINE_QUARK (op-plot-error-quark, op_plot_error)

static cairo_status_t
append_bytes (void *data, const unsigned char *bytes, unsigned int length)
{
  g_byte_array_append (data, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
surface_new (OpPlotFormat format, int width, int height, GByteArray *bytes)
{
  switch (format)
    {
    case OP_PLOT_SVG:
      return cairo_svg_surface_create_for_stream (append_bytes, bytes, width, height);
    case OP_PLOT_PDF:
      return cairo_pdf_surface_create_for_stream (append_bytes, bytes, width, height);
    case OP_PLOT_PNG:
    default:
      return cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
    }
}

static cairo_status_t
draw_to_bytes (OpDrawFunc draw, gpointer data, OpPlotFormat format, int width, int height, GByteArray *bytes)
{
  cairo_surface_t *surface = surface_new (format, width, height, bytes);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  draw (data, cr, width, height);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS && format == OP_PLOT_PNG)
    status = cairo_surface_write_to_png_stream (surface, append_bytes, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status;
}

gboolean
op_plot_save_drawing (OpDrawFunc draw, gpointer data, const char *path, OpPlotFormat format, int width, int height,
                      GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) cause = NULL;
  cairo_status_t status;

  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE)
    {
      g_set_error (error, OP_PLOT_ERROR, OP_PLOT_ERROR_FORMAT, _("A picture cannot be %d × %d pixels large."), width, height);
      return FALSE;
    }
  status = draw_to_bytes (draw, data, format, width, height, bytes);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, OP_PLOT_ERROR, OP_PLOT_ERROR_WRITE, _("Drawing “%s” failed: %s."), path,
                   cairo_status_to_string (status));
      return FALSE;
    }
  if (!g_file_set_contents (path, (const char *) bytes->data, bytes->len, &cause))
    {
      g_set_error (error, OP_PLOT_ERROR, OP_PLOT_ERROR_WRITE, _("The picture was not saved: %s"), cause->message);
      return FALSE;
    }
  return TRUE;
}

static void
draw_plot (gpointer plot, cairo_t *cr, int width, int height)
{
  op_plot_draw (plot, cr, width, height, 1);
}

gboolean
op_plot_save (OpPlot *plot, const char *path, OpPlotFormat format, int width, int height, GError **error)
{
  return op_plot_save_drawing (draw_plot, plot, path, format, width, height, error);
}

gboolean
op_plot_format_for_name (const char *path, OpPlotFormat *format)
{
  static const struct { const char *ending; OpPlotFormat format; } endings[] = {
    { ".png", OP_PLOT_PNG }, { ".svg", OP_PLOT_SVG }, { ".pdf", OP_PLOT_PDF },
  };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      if (g_str_has_suffix (lower, endings[i].ending))
        {
          *format = endings[i].format;
          return TRUE;
        }
    }
  return FALSE;
}
