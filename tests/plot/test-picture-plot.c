/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures by their pixels: what is drawn where what the reading of a place says. */

#include "app/plot/picture-plot.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define WIDTH  640
#define HEIGHT 420

static const OpPictureTexts texts = { { "AirTC", "RH" }, { "°C", "%" }, "27 Nov 2026" };

typedef struct
{
  OpPicturePlot   *plot;
  cairo_surface_t *surface;
} Drawn;

static Drawn
draw (const OpPicture *picture)
{
  Drawn drawn = { op_picture_plot_new (), cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT) };
  cairo_t *cr = cairo_create (drawn.surface);

  op_picture_plot_draw (drawn.plot, picture, &texts, cr, WIDTH, HEIGHT, 1);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (drawn.surface);
  return drawn;
}

static void
drawn_clear (Drawn *drawn)
{
  op_picture_plot_free (drawn->plot);
  cairo_surface_destroy (drawn->surface);
}

static guint32
get_pixel (const Drawn *drawn, int x, int y)
{
  const guint8 *row = cairo_image_surface_get_data (drawn->surface) + y * cairo_image_surface_get_stride (drawn->surface);
  guint32 value;

  memcpy (&value, row + 4 * x, 4);
  return value & 0xffffff;
}

/* Blue as the first series is, more than ground and grid are. */
static gboolean
is_blue (const Drawn *drawn, int x, int y)
{
  guint32 pixel = get_pixel (drawn, x, y);

  return (gint) (pixel & 0xff) - (gint) (pixel >> 16 & 0xff) > 30;
}

static gboolean
is_orange (const Drawn *drawn, int x, int y)
{
  guint32 pixel = get_pixel (drawn, x, y);

  return (gint) (pixel >> 16 & 0xff) - (gint) (pixel & 0xff) > 60;
}

/* Blue pixels of a column. */
static guint
count_blue (const Drawn *drawn, int x)
{
  guint n = 0;

  for (int y = 0; y < HEIGHT; y++)
    n += is_blue (drawn, x, y) ? 1 : 0;
  return n;
}

/* The middle of the places along a row whose reading begins with @words; -1: there are none. */
static int
find_place (const Drawn *drawn, const OpPicture *picture, int y, const char *words)
{
  int first = -1, last = -1;

  for (int x = 0; x < WIDTH; x++)
    {
      g_autofree char *reading = op_picture_plot_dup_reading (drawn->plot, picture, &texts, x, y);

      if (reading == NULL || !g_str_has_prefix (reading, words))
        continue;
      first = first < 0 ? x : first;
      last = x;
    }
  return first < 0 ? -1 : (first + last) / 2;
}

static OpPicture *
new_picture (OpPictureKind kind, guint64 n)
{
  OpPicture *picture = g_new0 (OpPicture, 1);

  g_atomic_ref_count_init (&picture->ref_count);
  picture->kind = kind;
  picture->n = n;
  if (kind == OP_PICTURE_XY)
    picture->xy.points = g_array_new (FALSE, FALSE, sizeof (OpXyPoint));
  return picture;
}

/* Bars as high as their counts: 40, none, 20. */
static void
test_histogram (void)
{
  g_autoptr (OpPicture) picture = new_picture (OP_PICTURE_HISTOGRAM, 60);
  Drawn drawn;
  int high, none, half;

  picture->histogram = (OpHistogram) { .n_bins = 3, .low = 10, .width = 5, .counts = { 40, 0, 20 } };
  drawn = draw (picture);
  high = find_place (&drawn, picture, HEIGHT / 2, "10 to 15 °C: 40 records");
  none = find_place (&drawn, picture, HEIGHT / 2, "15 to 20 °C: 0 records");
  half = find_place (&drawn, picture, HEIGHT / 2, "20 to 25 °C: 20 records");
  g_assert_true (high > 0 && high < none && none < half);
  g_assert_cmpuint (count_blue (&drawn, none), ==, 0);
  g_assert_cmpuint (count_blue (&drawn, high), >, HEIGHT / 2);
  g_assert_cmpint (ABS ((gint) count_blue (&drawn, high) - 2 * (gint) count_blue (&drawn, half)), <=, 4);
  drawn_clear (&drawn);
}

static void
test_xy (void)
{
  g_autoptr (OpPicture) picture = new_picture (OP_PICTURE_XY, 2);
  const OpXyPoint points[] = { { 0, 0 }, { 10, 100 } };
  Drawn drawn;
  guint n_blue = 0, n_orange = 0;

  g_array_append_vals (picture->xy.points, points, 2);
  picture->xy.slope = 10;
  picture->xy.intercept = 0;
  picture->xy.r2 = 1;
  picture->statistics[0] = (OpStatistics) { .n_values = 2, .min = 0, .max = 10 };
  picture->statistics[1] = (OpStatistics) { .n_values = 2, .min = 0, .max = 100 };
  drawn = draw (picture);
  for (int x = 0; x < WIDTH; x++)
    {
      gboolean has_line = FALSE;

      for (int y = 40; y < HEIGHT; y++)
        {
          n_blue += is_blue (&drawn, x, y) ? 1 : 0;
          has_line |= is_orange (&drawn, x, y);
        }
      n_orange += has_line ? 1 : 0;
    }
  /* Two dots, half covered by the line, which goes all the way. */
  g_assert_cmpuint (n_blue, >=, 4);
  g_assert_cmpuint (n_blue, <, 80);
  g_assert_cmpuint (n_orange, >, WIDTH * 3 / 4);
  g_autofree char *reading = op_picture_plot_dup_reading (drawn.plot, picture, &texts, WIDTH / 2, HEIGHT / 2);
  g_assert_true (g_str_has_prefix (reading, "AirTC 4."));
  drawn_clear (&drawn);
}

/* All wind from the east, fast. */
static void
test_rose (void)
{
  g_autoptr (OpPicture) picture = new_picture (OP_PICTURE_ROSE, 100);
  Drawn drawn;
  int east, west;

  picture->rose = (OpRose) { .bounds = { 2, 4, 6, 8 }, .n_calm = 10 };
  picture->rose.counts[4][OP_PICTURE_CLASSES - 1] = 90;
  drawn = draw (picture);
  east = find_place (&drawn, picture, 38 + (HEIGHT - 76) / 2, "From 90° ± 11.25°: 90.0 %");
  west = find_place (&drawn, picture, 38 + (HEIGHT - 76) / 2, "From 270° ± 11.25°: 0.0 %");
  g_assert_true (west > 0 && west < east);
  g_assert_true (is_blue (&drawn, east, 38 + (HEIGHT - 76) / 2 + 3));
  g_assert_false (is_blue (&drawn, west, 38 + (HEIGHT - 76) / 2 + 3));
  g_assert_null (op_picture_plot_dup_reading (drawn.plot, picture, &texts, 1, 1));
  drawn_clear (&drawn);
}

/* Values at noon only. */
static void
test_diurnal (void)
{
  g_autoptr (OpPicture) picture = new_picture (OP_PICTURE_DIURNAL, 30);
  Drawn drawn;
  int noon;

  for (guint i = 0; i < OP_PICTURE_HOURS; i++)
    picture->hours[i] = (OpDiurnalHour) { NAN, NAN, NAN, NAN, NAN, NAN, 0 };
  picture->hours[12] = (OpDiurnalHour) { 0, 4, 5, 6, 10, 5, 30 };
  picture->statistics[0] = (OpStatistics) { .n_values = 30, .min = 0, .max = 10, .mean = 5 };
  drawn = draw (picture);
  noon = find_place (&drawn, picture, HEIGHT / 2, "12 to 13 h: median 5 °C");
  g_assert_cmpint (noon, >, WIDTH / 2);
  g_assert_cmpuint (count_blue (&drawn, noon) + count_blue (&drawn, noon + 1), >, HEIGHT / 2);
  g_assert_cmpuint (count_blue (&drawn, noon + 40), ==, 0);
  g_assert_cmpint (find_place (&drawn, picture, HEIGHT / 2, "11 to 12 h"), ==, -1);
  drawn_clear (&drawn);
}

/* No values: a sentence, and nothing else to be read. */
static void
test_nothing (void)
{
  for (guint kind = 0; kind < OP_N_PICTURES; kind++)
    {
      g_autoptr (OpPicture) picture = new_picture (kind, 0);
      Drawn drawn = draw (picture);

      g_assert_null (op_picture_plot_dup_reading (drawn.plot, picture, &texts, WIDTH / 2, HEIGHT / 2));
      drawn_clear (&drawn);
    }
}

static void
test_save (void)
{
  static const struct { const char *name, *begin; OpPlotFormat format; } cases[] = {
    { "p.png", "\x89PNG", OP_PLOT_PNG }, { "p.svg", "<?xml", OP_PLOT_SVG }, { "p.pdf", "%PDF", OP_PLOT_PDF },
  };
  g_autofree char *folder = g_dir_make_tmp ("outpost-picture-XXXXXX", NULL);
  g_autoptr (OpPicture) picture = new_picture (OP_PICTURE_HISTOGRAM, 60);
  g_autoptr (OpPicturePlot) plot = op_picture_plot_new ();

  picture->histogram = (OpHistogram) { .n_bins = 1, .low = 0, .width = 1, .counts = { 60 } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (folder, cases[i].name, NULL);
      g_autofree char *bytes = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (op_picture_plot_save (plot, picture, &texts, path, cases[i].format, 300, 200, &error));
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
      g_assert_true (g_str_has_prefix (bytes, cases[i].begin));
      g_unlink (path);
    }
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture-plot/histogram", test_histogram);
  g_test_add_func ("/picture-plot/xy", test_xy);
  g_test_add_func ("/picture-plot/rose", test_rose);
  g_test_add_func ("/picture-plot/diurnal", test_diurnal);
  g_test_add_func ("/picture-plot/nothing", test_nothing);
  g_test_add_func ("/picture-plot/save", test_save);
  return g_test_run ();
}
