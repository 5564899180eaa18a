/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include "app/plot/plot.h"

#include <math.h>

#define N_RECORDS 1000000
#define N_FRAMES  200
#define WIDTH     1200
#define HEIGHT    500

static OpBatch *
make_batch (void)
{
  OpTableBuilder *builder = op_table_builder_new ("Plot", N_RECORDS, OP_TYPE_NSEC, 0, OP_SECOND);
  g_autoptr (OpTable) table = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  OpBatch *batch;

  op_table_builder_add_field (builder, OP_TYPE_IEEE4, TRUE, "AirTC", "Avg", "Deg C", NULL, 0);
  table = op_table_builder_finish (builder, 1, NULL);
  batch = op_batch_new (table, NULL, 0, N_RECORDS);
  for (guint i = 0; i < N_RECORDS; i++)
    {
      gsize row = op_batch_append_row (batch, i, i * OP_SECOND);

      op_batch_set_number (batch, 0, row, 10 * sin (i / 20000.0) + g_rand_double (rand));
    }
  return batch;
}

void
bench_plot (void)
{
  g_autoptr (OpBatch) batch = make_batch ();
  g_autoptr (OpPlot) plot = op_plot_new ();
  g_autoptr (GArray) seconds = g_array_new (FALSE, FALSE, sizeof (double));
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  OpTime to = (OpTime) N_RECORDS * OP_SECOND;
  g_autoptr (OpReduction) reduction = op_reduction_new_from_batch (batch, 0, OP_SECOND, 0, to, WIDTH);

  op_plot_set_span (plot, 0, to);
  op_plot_add_series (plot, "AirTC", "Deg C", reduction);
  for (guint i = 0; i <= N_FRAMES; i++)
    {
      double start = bench_now (), used;

      op_plot_draw (plot, cr, WIDTH, HEIGHT, 1);
      cairo_surface_flush (surface);
      used = (bench_now () - start) * 1e3;
      /* The first frame loads fonts. */
      if (i > 0)
        g_array_append_val (seconds, used);
    }
  bench_say ("Redraw of 1,000,000 points after reduction, 95th percentile", bench_percentile (seconds, 0.95), "ms", 16,
             FALSE);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}
