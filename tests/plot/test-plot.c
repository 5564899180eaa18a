/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/plot/plot-image.h"

#include "app/plot/band.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* Bars stand on zero, before their records: 100 and 50, as high as that, and nothing where there is none. */
static void
test_bars (void)
{
  const OpTime times[] = { 200 * OP_SECOND, 400 * OP_SECOND, 600 * OP_SECOND, 800 * OP_SECOND };
  const double values[] = { 100, 0, 50, NAN };
  g_autoptr (OpReduction) reduction = points_new (times, values, G_N_ELEMENTS (values));
  g_autoptr (OpPlot) plot = plot_of (reduction);
  Picture picture;
  int first, high, low;

  op_plot_set_form (plot, OP_PLOT_BARS);
  picture = draw (plot, 1);
  high = count_rows (plot, &picture, column_at (plot, times[0]) - 3, &first);
  g_assert_cmpfloat_with_epsilon (first, row_of (&picture, 100), 2);
  g_assert_cmpfloat_with_epsilon (high, row_of (&picture, 0) - row_of (&picture, 100), 3);
  low = count_rows (plot, &picture, column_at (plot, times[2]) - 3, &first);
  g_assert_cmpfloat_with_epsilon (low, row_of (&picture, 0) - row_of (&picture, 50), 3);
  g_assert_cmpint (count_rows (plot, &picture, column_at (plot, times[0]) + 3, &first), ==, 0);
  g_assert_cmpint (count_rows (plot, &picture, column_at (plot, times[1]) - 3, &first), ==, 0);
  g_assert_cmpint (count_rows (plot, &picture, column_at (plot, times[3]) - 3, &first), ==, 0);
  cairo_surface_destroy (picture.surface);
}

/* The same of a year, with a bar a pixel. */
static void
test_dense_bars (void)
{
  g_autoptr (OpReduction) reduction = op_reduction_new_bins (0, SPAN, 100);
  g_autoptr (OpPlot) plot = NULL;
  Picture picture;
  int first;

  for (guint i = 0; i < 100; i++)
    op_reduction_add_value (reduction, i * 10 * OP_SECOND, i < 50 ? 100 : 20);
  op_reduction_finish (reduction);
  plot = plot_of (reduction);
  op_plot_set_form (plot, OP_PLOT_BARS);
  picture = draw (plot, 1);
  g_assert_cmpfloat_with_epsilon (count_rows (plot, &picture, column_at (plot, SPAN / 4), &first),
                                  row_of (&picture, 0) - row_of (&picture, 100), 3);
  g_assert_cmpfloat_with_epsilon (count_rows (plot, &picture, column_at (plot, SPAN / 4 * 3), &first),
                                  row_of (&picture, 0) - row_of (&picture, 20), 3);
  cairo_surface_destroy (picture.surface);
}

static void
test_form (void)
{
  char total[] = "TOT", average[] = "Avg";

  g_assert_cmpint ((gint) op_plot_choose_form (&(OpField) { .processing = total }), ==, OP_PLOT_BARS);
  g_assert_cmpint ((gint) op_plot_choose_form (&(OpField) { .processing = average }), ==, OP_PLOT_LINE);
}

static void
test_band (void)
{
  g_autoptr (OpReduction) reduction = op_reduction_new_bins (0, SPAN, 100);
  g_autoptr (OpPlot) plot = NULL;
  Picture picture;
  int first, n;

  /* A full band to the left, its lower quarter to the right. */
  for (guint i = 0; i < 100; i++)
    {
      op_reduction_add_value (reduction, i * 10 * OP_SECOND, 0);
      op_reduction_add_value (reduction, i * 10 * OP_SECOND + 1, i < 50 ? 100 : 25);
    }
  op_reduction_finish (reduction);
  plot = plot_of (reduction);
  picture = draw (plot, 1);

  n = count_rows (plot, &picture, column_at (plot, 250 * OP_SECOND), &first);
  g_assert_cmpint (abs (first - (int) row_of (&picture, 100)), <=, 2);
  g_assert_cmpint (abs (first + n - (int) row_of (&picture, 0)), <=, 2);
  n = count_rows (plot, &picture, column_at (plot, 750 * OP_SECOND), &first);
  g_assert_cmpint (abs (first - (int) row_of (&picture, 25)), <=, 2);
  g_assert_cmpint (abs (first + n - (int) row_of (&picture, 0)), <=, 2);
  cairo_surface_destroy (picture.surface);
}

/* Bins that do not overlap are joined, last value to first: no column is empty and no row left out. */
static void
test_band_is_joined (void)
{
  g_autoptr (OpReduction) reduction = op_reduction_new_bins (0, SPAN, 2000);
  g_autoptr (OpPlot) plot = NULL;
  Picture picture;
  int first, bottom = -1;

  for (guint i = 0; i < 2000; i++)
    op_reduction_add_value (reduction, i * SPAN / 2000, i < 1000 ? 0 : 100);
  op_reduction_finish (reduction);
  plot = plot_of (reduction);
  picture = draw (plot, 1);

  for (int x = (int) picture.left; x < (int) picture.right; x++)
    {
      int n = count_rows (plot, &picture, x, &first);

      g_assert_cmpint (n, >=, 1);
      bottom = MAX (bottom, n);
    }
  g_assert_cmpint (bottom, >=, (int) ((picture.bottom - picture.top) * 100 / 112) / 2);
  cairo_surface_destroy (picture.surface);
}

static void
assert_break (OpPlot *plot, const Picture *picture, OpTime from, OpTime to)
{
  int first;

  for (int x = column_at (plot, from) + 4; x < column_at (plot, to) - 4; x++)
    g_assert_cmpint (count_rows (plot, picture, x, &first), ==, 0);
  g_assert_cmpint (count_rows (plot, picture, column_at (plot, from) - 4, &first), >, 0);
  g_assert_cmpint (count_rows (plot, picture, column_at (plot, to) + 4, &first), >, 0);
}

static void
test_nan_breaks_line (void)
{
  const OpTime times[] = { 0, 400 * OP_SECOND, 500 * OP_SECOND, 600 * OP_SECOND, SPAN };
  const double values[] = { 10, 20, NAN, 20, 10 };
  g_autoptr (OpReduction) reduction = points_new (times, values, G_N_ELEMENTS (times));
  g_autoptr (OpPlot) plot = plot_of (reduction);
  Picture picture = draw (plot, 1);

  assert_break (plot, &picture, 400 * OP_SECOND, 600 * OP_SECOND);
  cairo_surface_destroy (picture.surface);
}

static void
test_nan_breaks_band (void)
{
  g_autoptr (OpReduction) reduction = op_reduction_new_bins (0, SPAN, 500);
  g_autoptr (OpPlot) plot = NULL;
  Picture picture;

  for (guint i = 0; i < 2000; i++)
    op_reduction_add_value (reduction, i * SPAN / 2000, i >= 800 && i < 1200 ? NAN : i % 50);
  op_reduction_finish (reduction);
  plot = plot_of (reduction);
  picture = draw (plot, 1);
  assert_break (plot, &picture, 400 * OP_SECOND, 600 * OP_SECOND);
  cairo_surface_destroy (picture.surface);
}

static void
test_single_record (void)
{
  const OpTime time = 500 * OP_SECOND;
  const double value = 7;
  g_autoptr (OpReduction) reduction = points_new (&time, &value, 1);
  g_autoptr (OpPlot) plot = plot_of (reduction);
  Picture picture = draw (plot, 1);
  int first;

  g_assert_cmpint (count_rows (plot, &picture, column_at (plot, time), &first), >=, 3);
  g_assert_cmpint (count_rows (plot, &picture, column_at (plot, time) + 6, &first), ==, 0);
  cairo_surface_destroy (picture.surface);
}

/* The line goes on to the neighbours outside the span, however far they are. */
static void
test_line_leaves_picture (void)
{
  const OpTime times[] = { G_MININT64 / 2, 500 * OP_SECOND, G_MAXINT64 / 2 };
  const double values[] = { 7, 7, 7 };
  g_autoptr (OpReduction) reduction = points_new (times, values, G_N_ELEMENTS (times));
  g_autoptr (OpPlot) plot = plot_of (reduction);
  Picture picture = draw (plot, 1);
  int first;

  g_assert_cmpuint (reduction->n_points, ==, 3);
  g_assert_cmpint (count_rows (plot, &picture, (int) picture.left + 2, &first), >=, 1);
  g_assert_cmpint (count_rows (plot, &picture, (int) picture.right - 3, &first), >=, 1);
  cairo_surface_destroy (picture.surface);
}

static void
test_holes (void)
{
  const OpHole silent = { 100 * OP_SECOND, 300 * OP_SECOND, FALSE };
  const OpHole overwritten = { 600 * OP_SECOND, 800 * OP_SECOND, TRUE };
  g_autoptr (OpReduction) reduction = op_reduction_new_bins (0, SPAN, 100);
  g_autoptr (OpPlot) plot = NULL;
  Picture picture;
  guint32 shade, tint;
  int y;

  g_array_append_val (reduction->holes, silent);
  g_array_append_val (reduction->holes, overwritten);
  op_reduction_finish (reduction);
  plot = plot_of (reduction);
  picture = draw (plot, 1);
  y = (int) picture.bottom - 4; /* clear of the lines of the grid */

  g_assert_cmphex (pixel (&picture, column_at (plot, 50 * OP_SECOND), y), ==, 0xffffff);
  shade = pixel (&picture, column_at (plot, 170 * OP_SECOND), y);
  tint = pixel (&picture, column_at (plot, 670 * OP_SECOND), y);
  g_assert_cmphex (shade, !=, 0xffffff);
  g_assert_cmpuint (shade & 0xff, ==, shade >> 16 & 0xff); /* grey */
  g_assert_cmpuint (tint & 0xff, <, tint >> 16 & 0xff);    /* warm */
  cairo_surface_destroy (picture.surface);
}

static void
test_styles (void)
{
  g_autoptr (OpPlot) plot = op_plot_new ();
  Picture light = draw (plot, 1), dark;

  op_plot_set_style (plot, OP_PLOT_DARK);
  dark = draw (plot, 1);
  g_assert_cmphex (pixel (&light, 0, 0), ==, 0xffffff);
  g_assert_cmphex (pixel (&light, WIDTH - 1, HEIGHT - 1), ==, 0xffffff);
  g_assert_cmphex (pixel (&dark, 0, 0), <, 0x303030);
  cairo_surface_destroy (light.surface);
  cairo_surface_destroy (dark.surface);
}

static void
test_panes (void)
{
  g_autoptr (OpReduction) reduction = op_reduction_new_bins (0, SPAN, 10);
  g_autoptr (OpPlot) one = NULL, two = op_plot_new ();
  Picture picture;
  int n = 0;

  for (guint i = 0; i < 10; i++)
    op_reduction_add_value (reduction, i * SPAN / 10, 5);
  op_reduction_finish (reduction);
  op_plot_set_span (two, 0, SPAN);
  op_plot_add_series (two, "A", "°C", reduction);
  op_plot_add_series (two, "B", "%", reduction);
  picture = draw (two, 1);
  /* A constant lies in the middle of its pane: each pane has one, in its own colour. */
  for (guint series = 0; series < 2; series++)
    {
      for (int y = (int) picture.top; y < (int) picture.bottom; y++)
        {
          if (!is_near (pixel (&picture, WIDTH / 2, y), op_plot_get_color (two, series)))
            continue;
          n++;
          g_assert_cmpint (y < HEIGHT / 2, ==, series == 0);
        }
    }
  g_assert_cmpint (n, >=, 2);
  cairo_surface_destroy (picture.surface);
}

/* Whether something is written in that column of the row below the time axis. */
static gboolean
has_note (const Picture *picture, int x)
{
  for (int y = (int) picture->bottom + 22; y < (int) picture->bottom + 36; y++)
    {
      if (pixel (picture, x, y) != 0xffffff)
        return TRUE;
    }
  return FALSE;
}

/* The dates are there in any width, and nothing touches them: the note gives way. */
static void
test_note_gives_way (void)
{
  g_autoptr (OpPlot) plot = op_plot_new ();
  int notes[2] = { 0, 0 };

  op_plot_set_span (plot, 0, 1000 * OP_DAY);
  for (int width = 220; width <= WIDTH; width += 10)
    {
      Picture alone, both;
      int end;

      op_plot_set_axis_note (plot, "");
      alone = draw_sized (plot, width, 1);
      op_plot_set_axis_note (plot, "Logger time, UTC+1");
      both = draw_sized (plot, width, 1);
      for (end = width - 1; end > 0 && !has_note (&alone, end); end--)
        ;
      g_assert_cmpint (end, >, (int) alone.left + 50);
      for (int x = 0; x < MIN (end + 6, width); x++)
        g_assert_cmpint (has_note (&both, x), ==, has_note (&alone, x));
      notes[width > WIDTH / 2] += has_note (&both, (int) both.right - 3);
      cairo_surface_destroy (alone.surface);
      cairo_surface_destroy (both.surface);
    }
  g_assert_cmpint (notes[1], >, notes[0]);
}

static void
test_scale (void)
{
  g_autoptr (OpPlot) plot = op_plot_new ();
  Picture one = draw (plot, 1), two = draw (plot, 2);

  /* Margins are logical pixels. */
  g_assert_cmpfloat (fabs (two.left / one.left - 2), <, 0.1);
  g_assert_cmpfloat (fabs ((WIDTH - two.right) / (WIDTH - one.right) - 2), <, 0.1);
  cairo_surface_destroy (one.surface);
  cairo_surface_destroy (two.surface);
}

static void
assert_inverse (OpTime from, OpTime to)
{
  g_autoptr (OpPlot) plot = op_plot_new ();
  double left, right, top, bottom;
  Picture picture;

  op_plot_set_span (plot, from, to);
  picture = draw (plot, 1);
  op_plot_get_area (plot, &left, &right, &top, &bottom);
  g_assert_cmpint (op_plot_x_to_time (plot, left), ==, from);
  g_assert_cmpint (op_plot_x_to_time (plot, right), ==, to);
  g_assert_cmpint (op_plot_x_to_time (plot, -1e9), ==, from);
  for (int part = 0; part <= 16; part++)
    {
      OpTime time = (OpTime) ((guint64) from + ((guint64) to - (guint64) from) / 16 * (guint64) part);
      double x = op_plot_time_to_x (plot, time);

      g_assert_cmpfloat (x, >=, left);
      g_assert_cmpfloat (x, <=, right);
      /* As near as a double can say it. */
      g_assert_cmpfloat (fabs ((double) (op_plot_x_to_time (plot, x) - time)), <=,
                         1 + (double) ((guint64) to - (guint64) from) * 1e-12);
    }
  cairo_surface_destroy (picture.surface);
}

static void
test_mapping (void)
{
  assert_inverse (0, SPAN);
  assert_inverse (1163534280 * OP_SECOND, 1163534280 * OP_SECOND + 160);
  assert_inverse (-50 * OP_SECOND * 86400 * 365, 200 * OP_SECOND * 86400 * 365);
  assert_inverse (G_MININT64 + 1, G_MAXINT64);
}

/* None of them may hang, crash or warn. */
static void
test_odd_values (void)
{
  const double odd[][3] = { { 5, 5, 5 },          { 0, 0, 0 },       { -1e308, 1e308, 0 },  { 1e-320, 2e-320, 0 },
                            { 1e300, 1e300, 1e300 }, { 1e15, 1e15 + 1, 1e15 }, { NAN, NAN, NAN }, { INFINITY, 1, -INFINITY },
                            { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE } };
  const OpTime times[] = { 10 * OP_SECOND, 20 * OP_SECOND, 30 * OP_SECOND };

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autoptr (OpReduction) points = points_new (times, odd[i], 3);
      g_autoptr (OpReduction) bins = op_reduction_new_bins (0, SPAN, 7);
      g_autoptr (OpPlot) plot = plot_of (points);
      Picture picture;

      for (guint k = 0; k < 3; k++)
        op_reduction_add_value (bins, times[k], odd[i][k]);
      op_reduction_finish (bins);
      op_plot_add_series (plot, "Bins", "m/s", bins);
      op_plot_add_series (plot, "Empty", "", NULL);
      picture = draw (plot, 1);
      cairo_surface_destroy (picture.surface);
    }
}

/* A picture of another span than that which was reduced: what a zoom shows until the new values have come. */
static void
test_odd_spans (void)
{
  const OpTime spans[][2] = { { 0, 0 }, { 5, 4 }, { 0, 1 }, { 400 * OP_SECOND, 401 * OP_SECOND },
                              { 400 * OP_SECOND, 400 * OP_SECOND + 3 }, { -SPAN * 1000, SPAN * 1000 }, { 2 * SPAN, 3 * SPAN },
                              { G_MININT64, G_MAXINT64 }, { G_MAXINT64, G_MAXINT64 }, { G_MININT64, G_MININT64 } };
  const OpHole hole = { 100 * OP_SECOND, 900 * OP_SECOND, TRUE };
  g_autoptr (OpReduction) bins = op_reduction_new_bins (0, SPAN, 100);

  for (guint i = 0; i < 10000; i++)
    op_reduction_add_value (bins, i * SPAN / 10000, i % 77);
  g_array_append_val (bins->holes, hole);
  op_reduction_finish (bins);
  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      g_autoptr (OpPlot) plot = plot_of (bins);
      Picture picture;

      op_plot_set_span (plot, spans[i][0], spans[i][1]);
      picture = draw (plot, 1);
      g_assert_cmpfloat (picture.left, <, picture.right);
      cairo_surface_destroy (picture.surface);
    }
}

static void
test_odd_sizes (void)
{
  g_autoptr (OpReduction) bins = op_reduction_new_bins (0, SPAN, 100);
  g_autoptr (OpPlot) plot = plot_of (bins);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 5000, 300);
  cairo_t *cr = cairo_create (surface);
  const int sizes[][2] = { { 0, 0 }, { 1, 1 }, { 3, 200 }, { 200, 3 }, { 60, 60 }, { 5000, 300 }, { 640, 300 } };

  for (guint i = 0; i < 20; i++)
    op_plot_add_series (plot, "A series with a name that is much longer than its pane is wide: \001\377 # #g <b>&amp; \t", "µmol/m²/s#",
                        i % 2 == 0 ? bins : NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      op_plot_draw (plot, cr, sizes[i][0], sizes[i][1], 1);
      g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* Under the leak checker. */
static void
test_redraws (void)
{
  g_autoptr (OpReduction) bins = op_reduction_new_bins (0, SPAN, 100);
  g_autoptr (OpPlot) plot = plot_of (bins);

  for (guint i = 0; i < 200; i++)
    {
      Picture picture;

      op_plot_set_span (plot, 0, SPAN + i * OP_SECOND);
      picture = draw (plot, 1 + i % 2);
      cairo_surface_destroy (picture.surface);
    }
  for (guint i = 0; i < 120; i++) /* more plots than PLplot has streams, one after the other */
    {
      g_autoptr (OpPlot) another = plot_of (bins);
      Picture picture = draw (another, 1);

      g_assert_cmpfloat (picture.left, >, 1);
      cairo_surface_destroy (picture.surface);
    }
}

static void
test_save (void)
{
  static const struct { const char *name, *head; OpPlotFormat format; } files[] = {
    { "plot.png", "\x89PNG", OP_PLOT_PNG }, { "plot.SVG", "<?xml", OP_PLOT_SVG }, { "plot.pdf", "%PDF", OP_PLOT_PDF },
  };
  g_autofree char *folder = g_dir_make_tmp ("outpost-plot-XXXXXX", NULL);
  g_autoptr (OpReduction) bins = op_reduction_new_bins (0, SPAN, 100);
  g_autoptr (OpPlot) plot = plot_of (bins);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i].name, NULL);
      g_autofree char *bytes = NULL;
      g_autoptr (GError) error = NULL;
      OpPlotFormat format;
      gsize length;

      g_assert_true (op_plot_format_for_name (path, &format));
      g_assert_cmpint (format, ==, files[i].format);
      op_plot_save (plot, path, format, 800, 400, &error);
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      g_assert_cmpuint (length, >, 3000);
      g_assert_cmpmem (bytes, strlen (files[i].head), files[i].head, strlen (files[i].head));
      g_unlink (path);
    }
  g_rmdir (folder);
}

/* Series of units of their own, saved with less height than their panes need. */
static void
test_save_panes (void)
{
  g_autofree char *folder = g_dir_make_tmp ("outpost-plot-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "panes.png", NULL);
  g_autoptr (OpReduction) bins = op_reduction_new_bins (0, SPAN, 100);
  g_autoptr (OpPlot) plot = plot_of (bins);
  int one = op_plot_get_least_height (plot);
  cairo_surface_t *picture;

  op_plot_add_series (plot, "Same units", "°C", bins);
  g_assert_cmpint (op_plot_get_least_height (plot), ==, one);
  for (guint i = 0; i < 23; i++)
    {
      g_autofree char *units = g_strdup_printf ("u%u", i);

      op_plot_add_series (plot, units, units, bins);
    }
  g_assert_cmpint (op_plot_get_least_height (plot), >=, 24 * 64);
  g_assert_true (op_plot_save (plot, path, OP_PLOT_PNG, 640, 400, NULL));
  picture = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_image_surface_get_width (picture), ==, 640);
  g_assert_cmpint (cairo_image_surface_get_height (picture), ==, op_plot_get_least_height (plot));
  cairo_surface_destroy (picture);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_save_errors (void)
{
  g_autoptr (OpPlot) plot = op_plot_new ();
  g_autoptr (GError) folder = NULL, size = NULL;
  OpPlotFormat format;

  g_assert_false (op_plot_save (plot, "/nonexistent/folder/plot.png", OP_PLOT_PNG, 100, 100, &folder));
  g_assert_error (folder, OP_PLOT_ERROR, OP_PLOT_ERROR_WRITE);
  g_assert_nonnull (strstr (folder->message, "/nonexistent/folder/plot.png"));
  g_assert_false (op_plot_save (plot, "/nonexistent/plot.png", OP_PLOT_PNG, 0, 100, &size));
  g_assert_error (size, OP_PLOT_ERROR, OP_PLOT_ERROR_FORMAT);
  g_assert_false (op_plot_format_for_name ("plot.gif", &format));
  g_assert_false (op_plot_format_for_name ("png", &format));
}

/* Records are asked after in their order, which goes back in time where the clock was set back. */
static void
test_holes_part (void)
{
  g_autoptr (GArray) holes = g_array_new (FALSE, FALSE, sizeof (OpHole));
  const OpHole early = { 10, 20, FALSE }, late = { 30, 40, FALSE };
  guint place = 0;

  g_array_append_val (holes, early);
  g_array_append_val (holes, late);
  g_assert_false (op_holes_part (holes, &place, 0, 10));
  g_assert_true (op_holes_part (holes, &place, 10, 20));
  g_assert_false (op_holes_part (holes, &place, 20, 30));
  g_assert_true (op_holes_part (holes, &place, 30, 40));
  g_assert_false (op_holes_part (holes, &place, 40, 50));
  g_assert_true (op_holes_part (holes, &place, 50, 5));
  g_assert_false (op_holes_part (holes, &place, 5, 10));
  g_assert_true (op_holes_part (holes, &place, 10, 20));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot/bars", test_bars);
  g_test_add_func ("/plot/bars/dense", test_dense_bars);
  g_test_add_func ("/plot/form", test_form);
  g_test_add_func ("/plot/band", test_band);
  g_test_add_func ("/plot/band/joined", test_band_is_joined);
  g_test_add_func ("/plot/nan/line", test_nan_breaks_line);
  g_test_add_func ("/plot/nan/band", test_nan_breaks_band);
  g_test_add_func ("/plot/single-record", test_single_record);
  g_test_add_func ("/plot/line-leaves-picture", test_line_leaves_picture);
  g_test_add_func ("/plot/holes", test_holes);
  g_test_add_func ("/plot/styles", test_styles);
  g_test_add_func ("/plot/panes", test_panes);
  g_test_add_func ("/plot/note", test_note_gives_way);
  g_test_add_func ("/plot/scale", test_scale);
  g_test_add_func ("/plot/mapping", test_mapping);
  g_test_add_func ("/plot/odd/values", test_odd_values);
  g_test_add_func ("/plot/odd/spans", test_odd_spans);
  g_test_add_func ("/plot/odd/sizes", test_odd_sizes);
  g_test_add_func ("/plot/redraws", test_redraws);
  g_test_add_func ("/plot/save", test_save);
  g_test_add_func ("/plot/save/panes", test_save_panes);
  g_test_add_func ("/plot/save/errors", test_save_errors);
  g_test_add_func ("/plot/holes-part", test_holes_part);
  return g_test_run ();
}
