/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/plot-look.h"
#include "tests/plot/plot-image.h"

static const OpTime times[] = { 200 * OP_SECOND, 400 * OP_SECOND, 600 * OP_SECOND };

/* Whether the colour of a series is at @y of a column of pixels, or next to it. */
static gboolean
is_at (OpPlot *plot, const Picture *picture, guint series, int x, double y)
{
  for (int row = (int) y - 2; row <= (int) y + 2; row++)
    if (is_near (pixel (picture, x, row), op_plot_get_color (plot, series)))
      return TRUE;
  return FALSE;
}

/* A value holds for the time that ends with its record; a line would be half way. */
static void
test_steps (void)
{
  const double values[] = { 0, 100, 50 };
  g_autoptr (OpReduction) reduction = points_new (times, values, G_N_ELEMENTS (values));
  g_autoptr (OpPlot) plot = plot_of (reduction);
  Picture picture;
  int first;

  op_plot_set_form (plot, OP_PLOT_STEPS);
  picture = draw (plot, 1);
  g_assert_cmpint (count_rows (plot, &picture, column_at (plot, 333 * OP_SECOND), &first), <=, 3);
  g_assert_cmpfloat_with_epsilon (first, row_of (&picture, 100), 2);
  g_assert_cmpint (count_rows (plot, &picture, column_at (plot, 533 * OP_SECOND), &first), <=, 3);
  g_assert_cmpfloat_with_epsilon (first, row_of (&picture, 50), 2);
  cairo_surface_destroy (picture.surface);
}

static void
test_points (void)
{
  const double values[] = { 0, 100, 50 };
  g_autoptr (OpReduction) reduction = points_new (times, values, G_N_ELEMENTS (values));
  g_autoptr (OpPlot) plot = plot_of (reduction);
  Picture picture;
  int first;

  op_plot_set_form (plot, OP_PLOT_POINTS);
  picture = draw (plot, 1);
  g_assert_cmpint (count_rows (plot, &picture, column_at (plot, 333 * OP_SECOND), &first), ==, 0);
  g_assert_true (is_at (plot, &picture, 0, column_at (plot, times[1]), row_of (&picture, 100)));
  g_assert_true (is_at (plot, &picture, 0, column_at (plot, times[2]), row_of (&picture, 50)));
  cairo_surface_destroy (picture.surface);
}

/* Of many records in a pixel both extremes are seen, and what is between is not filled. */
static void
test_dense_points (void)
{
  g_autoptr (OpReduction) reduction = op_reduction_new_bins (0, SPAN, 100);
  g_autoptr (OpPlot) plot = NULL;
  Picture picture;
  int column;

  for (guint i = 0; i < 100; i++)
    {
      op_reduction_add_value (reduction, i * 10 * OP_SECOND, 0);
      op_reduction_add_value (reduction, i * 10 * OP_SECOND + 1, 100);
    }
  op_reduction_finish (reduction);
  plot = plot_of (reduction);
  op_plot_set_form (plot, OP_PLOT_POINTS);
  picture = draw (plot, 1);
  column = column_at (plot, 335 * OP_SECOND);
  g_assert_true (is_at (plot, &picture, 0, column, row_of (&picture, 0)));
  g_assert_true (is_at (plot, &picture, 0, column, row_of (&picture, 100)));
  g_assert_false (is_at (plot, &picture, 0, column, row_of (&picture, 50)));
  cairo_surface_destroy (picture.surface);
}

/* Shaded from the minimum to the maximum, but not where one of them is missing; the range holds both. */
static void
test_band (void)
{
  const double middle[] = { 50, 50, 50 }, low[] = { 0, 0, NAN }, high[] = { 100, 100, 100 };
  g_autoptr (OpReduction) reduction = points_new (times, middle, 3);
  g_autoptr (OpReduction) lower = points_new (times, low, 3), upper = points_new (times, high, 3);
  g_autoptr (OpPlot) plot = plot_of (reduction);
  Picture picture;
  int inside, behind;

  op_plot_set_form (plot, OP_PLOT_BAND);
  op_plot_set_band (plot, lower, upper);
  picture = draw (plot, 1);
  inside = column_at (plot, 333 * OP_SECOND);
  behind = column_at (plot, 533 * OP_SECOND);
  g_assert_true (is_at (plot, &picture, 0, inside, row_of (&picture, 50)));
  g_assert_cmphex (pixel (&picture, inside, (int) row_of (&picture, 73)), !=, 0xffffff);
  g_assert_cmphex (pixel (&picture, inside, (int) row_of (&picture, 27)), ==,
                   pixel (&picture, inside, (int) row_of (&picture, 73)));
  g_assert_cmphex (pixel (&picture, inside, (int) row_of (&picture, 104)), ==, 0xffffff);
  g_assert_cmphex (pixel (&picture, behind, (int) row_of (&picture, 73)), ==, 0xffffff);
  cairo_surface_destroy (picture.surface);
}

/* The second axis has a range of its own, and takes room at the right. */
static void
test_right_axis (void)
{
  const double small[] = { 0, 100, 50 }, large[] = { 10000, 0, 2500 };
  g_autoptr (OpReduction) left = points_new (times, small, 3), right = points_new (times, large, 3);
  g_autoptr (OpPlot) plot = plot_of (left);
  Picture without = draw (plot, 1), with;

  op_plot_add_series (plot, "Radiation", "W/m²", right);
  op_plot_set_place (plot, OP_PLOT_RIGHT_AXIS);
  with = draw (plot, 1);
  g_assert_cmpfloat (with.right, <, without.right - 30);
  g_assert_cmpfloat (with.bottom, ==, without.bottom);
  g_assert_true (is_at (plot, &with, 0, column_at (plot, times[1]), row_of (&with, 100)));
  g_assert_true (is_at (plot, &with, 1, column_at (plot, times[0]), row_of (&with, 100)));
  g_assert_true (is_at (plot, &with, 1, column_at (plot, times[2]), row_of (&with, 25)));
  cairo_surface_destroy (without.surface);
  cairo_surface_destroy (with.surface);
}

/* Of the same units, and still apart: neither flattens the other. */
static void
test_own_pane (void)
{
  const double small[] = { 0, 100, 0 }, large[] = { 10000, 5000, 10000 };
  g_autoptr (OpReduction) first = points_new (times, small, 3), second = points_new (times, large, 3);
  g_autoptr (OpPlot) plot = plot_of (first);
  Picture picture;
  double middle;
  int top;

  op_plot_add_series (plot, "Gust", "°C", second);
  picture = draw (plot, 1);
  middle = (picture.top + picture.bottom) / 2;
  g_assert_cmpint (count_rows (plot, &picture, column_at (plot, times[1]), &top), >, 0);
  g_assert_cmpfloat (top, >, middle);
  cairo_surface_destroy (picture.surface);

  op_plot_set_place (plot, OP_PLOT_OWN_PANE);
  picture = draw (plot, 1);
  g_assert_cmpint (count_rows (plot, &picture, column_at (plot, times[1]), &top), >, 0);
  g_assert_cmpfloat (top, <, picture.top + 30);
  cairo_surface_destroy (picture.surface);
}

static void
test_text (void)
{
  OpPlotLook look = { OP_PLOT_LINE, OP_PLOT_WITH_UNITS };
  g_autofree char *text = NULL;

  g_assert_true (op_plot_look_parse ("steps,own", &look));
  g_assert_cmpint ((gint) look.form, ==, OP_PLOT_STEPS);
  g_assert_cmpint ((gint) look.place, ==, OP_PLOT_OWN_PANE);
  text = op_plot_look_dup_text (&look);
  g_assert_cmpstr (text, ==, "steps,own");
  g_assert_false (op_plot_look_parse ("steps", &look));
  g_assert_false (op_plot_look_parse ("", &look));
  g_assert_false (op_plot_look_parse ("steps,moon", &look));
  g_assert_false (op_plot_look_parse ("line,units,more", &look));
  g_assert_cmpint ((gint) look.form, ==, OP_PLOT_STEPS);
}

static void
test_find_band (void)
{
  static const char *const names[] = { "T_Avg", "T_Max", "RH_Avg", "T_Min", "RH_Min", "T" };
  g_autoptr (OpTableBuilder) builder = op_table_builder_new ("Table", 1000, OP_TYPE_NSEC, 0, OP_SECOND);
  g_autoptr (OpTable) table = NULL;
  guint low, high;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    op_table_builder_add_field (builder, OP_TYPE_IEEE4, TRUE, names[i], "", "", NULL, 0);
  table = op_table_builder_finish (g_steal_pointer (&builder), 1, NULL);
  g_assert_true (op_plot_look_find_band (table, 0, &low, &high));
  g_assert_cmpuint (low, ==, 3);
  g_assert_cmpuint (high, ==, 1);
  g_assert_false (op_plot_look_find_band (table, 2, &low, &high));
  g_assert_false (op_plot_look_find_band (table, 5, &low, &high));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot-look/steps", test_steps);
  g_test_add_func ("/plot-look/points", test_points);
  g_test_add_func ("/plot-look/points/dense", test_dense_points);
  g_test_add_func ("/plot-look/band", test_band);
  g_test_add_func ("/plot-look/right-axis", test_right_axis);
  g_test_add_func ("/plot-look/own-pane", test_own_pane);
  g_test_add_func ("/plot-look/text", test_text);
  g_test_add_func ("/plot-look/find-band", test_find_band);
  return g_test_run ();
}
