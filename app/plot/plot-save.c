/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/plot-private.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <png.h>
#include <zlib.h>

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

static void
append_png_bytes (png_structp png, png_bytep data, png_size_t length)
{
  g_byte_array_append (png_get_io_ptr (png), data, (guint) length);
}

static void
flush_nothing (png_structp png)
{
}

/* libpng would do so in two passes. */
static void
pack_row (const guint32 *pixels, guint width, guint8 *rgb)
{
  for (guint x = 0; x < width; x++, rgb += 3)
    {
      rgb[0] = (guint8) (pixels[x] >> 16);
      rgb[1] = (guint8) (pixels[x] >> 8);
      rgb[2] = (guint8) pixels[x];
    }
}

static void
write_rows (png_structp png, png_infop info, cairo_surface_t *surface, guint8 *rgb)
{
  const guint8 *pixels = cairo_image_surface_get_data (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  guint width = (guint) cairo_image_surface_get_width (surface), height = (guint) cairo_image_surface_get_height (surface);

  png_set_IHDR (png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                PNG_FILTER_TYPE_DEFAULT);
  /* A plot is mostly rows like the one above. */
  png_set_filter (png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
  png_set_compression_level (png, Z_BEST_SPEED);
  png_set_compression_strategy (png, Z_RLE);
  png_write_info (png, info);
  for (guint y = 0; y < height; y++)
    {
      pack_row ((const guint32 *) (const void *) (pixels + y * stride), width, rgb);
      png_write_row (png, rgb);
    }
  png_write_end (png, info);
}

/* libpng itself, as cairo offers only the densest compression: four fifths of the time that a picture takes. */
static cairo_status_t
write_png (cairo_surface_t *surface, GByteArray *bytes)
{
  g_autofree guint8 *rgb = g_malloc (3 * (gsize) cairo_image_surface_get_width (surface));
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png != NULL ? png_create_info_struct (png) : NULL;

  if (info == NULL || setjmp (png_jmpbuf (png)) != 0)
    {
      png_destroy_write_struct (&png, &info);
      return CAIRO_STATUS_PNG_ERROR;
    }
  cairo_surface_flush (surface);
  png_set_write_fn (png, bytes, append_png_bytes, flush_nothing);
  write_rows (png, info, surface, rgb);
  png_destroy_write_struct (&png, &info);
  return CAIRO_STATUS_SUCCESS;
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
    status = write_png (surface, bytes);
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
  int least = MIN (op_plot_get_least_height (plot), MAX_SIDE);

  return op_plot_save_drawing (draw_plot, plot, path, format, width, height > 0 ? MAX (height, least) : height, error);
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
