/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/plot-private.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>

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

/* The pixels of a surface without transparency, three bytes each. */
static guint8 *
dup_rgb (cairo_surface_t *surface, int width, int height)
{
  const guint8 *pixels = cairo_image_surface_get_data (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  guint8 *rgb = g_malloc ((gsize) width * (gsize) height * 3), *at = rgb;

  for (int y = 0; y < height; y++)
    {
      const guint32 *row = (const guint32 *) (const void *) (pixels + (gsize) y * stride);

      for (int x = 0; x < width; x++)
        {
          *at++ = (guint8) (row[x] >> 16);
          *at++ = (guint8) (row[x] >> 8);
          *at++ = (guint8) row[x];
        }
    }
  return rgb;
}

/* libpng itself, as cairo offers only the densest compression: four fifths of the time that a picture takes. */
static cairo_status_t
write_png (cairo_surface_t *surface, int width, int height, GByteArray *bytes)
{
  png_image image = { .version = PNG_IMAGE_VERSION, .width = (png_uint_32) width, .height = (png_uint_32) height,
                      .format = PNG_FORMAT_RGB, .flags = PNG_IMAGE_FLAG_FAST };
  g_autofree guint8 *rgb = NULL;
  char *memory = NULL;
  size_t size = 0;
  FILE *stream = open_memstream (&memory, &size);
  gboolean written;

  if (stream == NULL)
    return CAIRO_STATUS_NO_MEMORY;
  cairo_surface_flush (surface);
  rgb = dup_rgb (surface, width, height);
  written = png_image_write_to_stdio (&image, stream, 0, rgb, 0, NULL) != 0;
  written &= fclose (stream) == 0;
  if (written)
    g_byte_array_append (bytes, (const guint8 *) memory, (guint) size);
  free (memory);
  return written ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
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
    status = write_png (surface, width, height, bytes);
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
