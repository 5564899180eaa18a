/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/drift-plot.h"

#include <string.h>

#define DAY_US  (86400 * (gint64) G_USEC_PER_SEC)
/* 2026-11-21 12:00:00 UTC */
#define NOW_US  (G_GINT64_CONSTANT (1795262400) * G_USEC_PER_SEC)
#define WIDTH   520
#define HEIGHT  190
#define BLUE    0x0072b2
#define ORANGE  0xd55e00

static OpClockCheck checks[64];
static guint n_checks;

static void
add (gint64 day, double offset_s, double adjusted_s)
{
  checks[n_checks++] = (OpClockCheck) { NOW_US + day * DAY_US, (gint64) (offset_s * 1e6), 10000,
                                        (gint64) (adjusted_s * 1e6) };
}

/* Twenty days of 50 ms a day ahead, then set right. */
static OpClockDrift *
make_drift (void)
{
  n_checks = 0;
  for (gint64 day = 0; day < 20; day++)
    add (day, 0.05 * (double) day, 0);
  add (20, 1, -1);
  for (gint64 day = 21; day < 30; day++)
    add (day, 0.05 * (double) (day - 20), 0);
  return op_clock_drift_new (checks, n_checks);
}

/* How many of the pixels of a picture are near that colour. */
static guint
count (const OpClockDrift *drift, OpPlotStyle style, int width, int height, guint32 color)
{
  OpDriftPlot *plot = op_drift_plot_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);
  guint n = 0;

  op_drift_plot_draw (plot, drift, 3600, style, cr, width, height, 1);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const guint8 *row = cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface);
        guint32 value;

        memcpy (&value, row + 4 * x, 4);
        n += value == (0xff000000 | color);
      }
  cairo_surface_destroy (surface);
  op_drift_plot_free (plot);
  return n;
}

static void
test_dots (void)
{
  g_autoptr (OpClockDrift) drift = make_drift ();

  /* Thirty dots of five pixels across; one dashed line. */
  g_assert_cmpuint (count (drift, OP_PLOT_LIGHT, WIDTH, HEIGHT, BLUE), >, 30 * 9);
  g_assert_cmpuint (count (drift, OP_PLOT_LIGHT, WIDTH, HEIGHT, ORANGE), >, HEIGHT / 4);
  g_assert_cmpuint (count (drift, OP_PLOT_DARK, WIDTH, HEIGHT, BLUE), ==, 0);
}

static void
test_one_check (void)
{
  g_autoptr (OpClockDrift) drift = NULL;

  n_checks = 0;
  add (0, 0.3, 0);
  drift = op_clock_drift_new (checks, n_checks);
  g_assert_cmpuint (count (drift, OP_PLOT_LIGHT, WIDTH, HEIGHT, BLUE), >, 9);
  g_assert_cmpuint (count (drift, OP_PLOT_LIGHT, WIDTH, HEIGHT, ORANGE), ==, 0);
}

/* Smaller than its own texts. */
static void
test_no_room (void)
{
  g_autoptr (OpClockDrift) drift = make_drift ();

  count (drift, OP_PLOT_LIGHT, 1, 1, BLUE);
  count (drift, OP_PLOT_LIGHT, 30, 20, BLUE);
}

static void
test_range (void)
{
  g_autoptr (OpClockDrift) drift = make_drift ();
  double low, high;

  op_drift_plot_find_range (drift, &low, &high);
  g_assert_cmpfloat (low, <, 0);
  g_assert_cmpfloat (low, >, -0.2);
  g_assert_cmpfloat (high, >, 1.01);
  g_assert_cmpfloat (high, <, 1.2);
}

/* A clock that once began anew at 1990 does not hide what it does else. */
static void
test_range_with_1990 (void)
{
  g_autoptr (OpClockDrift) drift = NULL;
  double low, high;

  n_checks = 0;
  for (gint64 day = 0; day < 10; day++)
    add (day, 0.05 * (double) day, 0);
  add (10, -1.16e9, 0);
  drift = op_clock_drift_new (checks, n_checks);
  op_drift_plot_find_range (drift, &low, &high);
  g_assert_cmpfloat (low, >, -1);
  g_assert_cmpfloat (high, <, 1);
  g_assert_cmpuint (count (drift, OP_PLOT_LIGHT, WIDTH, HEIGHT, BLUE), >, 10 * 9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drift-plot/dots", test_dots);
  g_test_add_func ("/drift-plot/one-check", test_one_check);
  g_test_add_func ("/drift-plot/no-room", test_no_room);
  g_test_add_func ("/drift-plot/range", test_range);
  g_test_add_func ("/drift-plot/range-with-1990", test_range_with_1990);
  return g_test_run ();
}
