/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/bars.h"

#include <math.h>

static OpBatch *
batch_new_full (gsize n, OpType type)
{
  g_autoptr (OpTableBuilder) builder = op_table_builder_new ("Table", 1000, OP_TYPE_NSEC, 0, OP_SECOND);
  g_autoptr (OpTable) table = NULL;
  g_autoptr (GError) error = NULL;

  op_table_builder_add_field (builder, type, TRUE, "Value", "", "V", NULL, 0);
  table = op_table_builder_finish (g_steal_pointer (&builder), 1, &error);
  g_assert_no_error (error);
  return op_batch_new (table, NULL, 0, n);
}

static OpBatch *
batch_new (gsize n)
{
  return batch_new_full (n, OP_TYPE_IEEE8);
}

static void
append (OpBatch *batch, guint32 record, OpTime time, double value)
{
  op_batch_set_number (batch, 0, op_batch_append_row (batch, record, time), value);
}

static void
test_values (void)
{
  g_autoptr (OpReduction) reduction = op_reduction_new_bins (0, 100, 10);
  const double values[] = { 3, -7, NAN, INFINITY, 5 };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    op_reduction_add_value (reduction, 20 + i, values[i]);
  op_reduction_add_value (reduction, 100, 9);
  op_reduction_add_value (reduction, 101, 1000);
  op_reduction_add_value (reduction, -1, 1000);
  op_reduction_finish (reduction);

  g_assert_cmpfloat (reduction->bins[2].min, ==, -7);
  g_assert_cmpfloat (reduction->bins[2].max, ==, 5);
  g_assert_cmpfloat (reduction->bins[2].first, ==, 3);
  g_assert_cmpfloat (reduction->bins[2].last, ==, 5);
  g_assert_cmpuint (reduction->bins[2].n_values, ==, 3);
  g_assert_cmpuint (reduction->bins[2].n_nan, ==, 2);
  g_assert_cmpfloat (reduction->bins[9].max, ==, 9);
  g_assert_true (isnan (reduction->bins[3].min) && isnan (reduction->bins[3].last));
  g_assert_cmpuint (reduction->n_records, ==, 6);
  g_assert_cmpfloat (reduction->min, ==, -7);
  g_assert_cmpfloat (reduction->max, ==, 9);
}

static void
test_blocks (void)
{
  g_autoptr (OpReduction) reduction = op_reduction_new_bins (0, 100, 10);
  const OpBin first = { -1, 4, 0, 2, 70, 50, 1 }, second = { -3, 1, 1, -2, -8, 10, 0 };
  const OpBin nothing = { NAN, NAN, NAN, NAN, 0, 0, 7 };

  op_reduction_add_block (reduction, 30, 34, &first);
  op_reduction_add_block (reduction, 34, 40, &second);
  op_reduction_add_block (reduction, 40, 48, &nothing);
  op_reduction_add_block (reduction, 90, 130, &first);
  op_reduction_finish (reduction);

  g_assert_cmpfloat (reduction->bins[3].min, ==, -3);
  g_assert_cmpfloat (reduction->bins[3].max, ==, 4);
  g_assert_cmpfloat (reduction->bins[3].first, ==, 0);
  g_assert_cmpfloat (reduction->bins[3].last, ==, -2);
  g_assert_cmpfloat (reduction->bins[3].sum, ==, 62);
  g_assert_cmpuint (reduction->bins[3].n_values, ==, 60);
  g_assert_true (isnan (reduction->bins[4].max));
  g_assert_cmpuint (reduction->bins[4].n_nan, ==, 7);
  g_assert_cmpuint (reduction->n_records, ==, 68);
}

/* The span of all that an OpTime can hold is wider than an OpTime. */
static void
test_whole_time (void)
{
  g_autoptr (OpReduction) reduction = op_reduction_new_bins (G_MININT64 + 1, G_MAXINT64, 4);

  op_reduction_add_value (reduction, G_MININT64 + 1, 1);
  op_reduction_add_value (reduction, 1, 2);
  op_reduction_add_value (reduction, G_MAXINT64, 3);
  op_reduction_finish (reduction);
  g_assert_cmpfloat (reduction->bins[0].last, ==, 1);
  g_assert_cmpfloat (reduction->bins[2].last, ==, 2);
  g_assert_cmpfloat (reduction->bins[3].last, ==, 3);
}

/* A time at a bin's edge belongs to the bin that begins there, the moment before it to the one before. */
static void
test_edges (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      guint n_bins = (guint) g_test_rand_int_range (1, 3000), place = (guint) g_test_rand_int_range (0, (gint32) n_bins);
      OpTime from = g_test_rand_int () * ((OpTime) 1 << g_test_rand_int_range (0, 28));
      guint64 length = ((guint64) g_test_rand_int_range (4000, G_MAXINT32) << g_test_rand_int_range (0, 29));
      guint64 offset = (guint64) (((unsigned __int128) place * length + n_bins - 1) / n_bins);
      g_autoptr (OpReduction) reduction = op_reduction_new_bins (from, from + (OpTime) length, n_bins);

      op_reduction_add_value (reduction, from + (OpTime) offset, 1);
      op_reduction_add_value (reduction, from + (OpTime) offset - 1, 2);
      g_assert_cmpfloat (reduction->bins[place].first, ==, 1);
      g_assert_true (place == 0 || reduction->bins[place - 1].last == 2);
    }
}

static void
test_no_span (void)
{
  g_autoptr (OpReduction) reduction = op_reduction_new_bins (5, 5, 0);

  op_reduction_add_value (reduction, 5, 1);
  op_reduction_add_value (reduction, 6, 1);
  op_reduction_finish (reduction);
  g_assert_cmpuint (reduction->n_records, ==, 1);
}

static void
test_batch_points (void)
{
  g_autoptr (OpBatch) batch = batch_new (10);
  g_autoptr (OpReduction) reduction = NULL;

  for (guint i = 0; i < 10; i++)
    append (batch, i, i * OP_SECOND, i);
  reduction = op_reduction_new_from_batch (batch, 0, OP_SECOND, 3 * OP_SECOND + 1, 6 * OP_SECOND, 100);

  g_assert_null (reduction->bins);
  g_assert_cmpuint (reduction->n_points, ==, 5); /* 4, 5, 6 and a neighbour at each side */
  g_assert_cmpint (reduction->times[0], ==, 3 * OP_SECOND);
  g_assert_cmpfloat (reduction->values[4], ==, 7);
  g_assert_cmpuint (reduction->n_records, ==, 3);
  g_assert_cmpfloat (reduction->min, ==, 4);
  g_assert_cmpfloat (reduction->max, ==, 6);
  g_assert_cmpuint (reduction->holes->len, ==, 0);
}

static void
test_batch_between (void)
{
  g_autoptr (OpBatch) batch = batch_new (2);
  g_autoptr (OpReduction) reduction = NULL;

  append (batch, 0, 0, 1);
  append (batch, 1, 100, 2);
  reduction = op_reduction_new_from_batch (batch, 0, 0, 40, 60, 10);
  g_assert_cmpuint (reduction->n_points, ==, 2);
  g_assert_cmpuint (reduction->n_records, ==, 0);
  g_assert_true (isnan (reduction->min));
}

static void
test_batch_bins (void)
{
  g_autoptr (OpBatch) batch = batch_new (1000);
  g_autoptr (OpReduction) reduction = NULL;

  for (guint i = 0; i < 1000; i++)
    append (batch, i, i * OP_SECOND, i % 100 == 99 ? NAN : i);
  reduction = op_reduction_new_from_batch (batch, 0, OP_SECOND, 0, 1000 * OP_SECOND, 10);

  g_assert_cmpuint (reduction->n_points, ==, 0);
  for (guint i = 0; i < 10; i++)
    {
      g_assert_cmpfloat (reduction->bins[i].min, ==, i * 100);
      g_assert_cmpfloat (reduction->bins[i].max, ==, i * 100 + 98);
      g_assert_cmpuint (reduction->bins[i].n_values, ==, 99);
      g_assert_cmpuint (reduction->bins[i].n_nan, ==, 1);
    }
}

static void
test_batch_holes (void)
{
  g_autoptr (OpBatch) batch = batch_new (4);
  g_autoptr (OpReduction) reduction = NULL, without = NULL;

  append (batch, 0, 0, 1);
  append (batch, 1, OP_SECOND * 3 / 2, 1);  /* late, but no hole */
  append (batch, 2, OP_SECOND * 10, 1);     /* the logger was off */
  append (batch, 300, OP_SECOND * 300, 1);  /* records are missing */
  reduction = op_reduction_new_from_batch (batch, 0, OP_SECOND, 0, OP_SECOND * 300, 10);
  without = op_reduction_new_from_batch (batch, 0, 0, 0, OP_SECOND * 300, 10);

  g_assert_cmpuint (without->holes->len, ==, 0);
  g_assert_cmpuint (reduction->holes->len, ==, 2);
  g_assert_false (g_array_index (reduction->holes, OpHole, 0).overwritten);
  g_assert_cmpint (g_array_index (reduction->holes, OpHole, 0).to, ==, OP_SECOND * 10);
  g_assert_true (g_array_index (reduction->holes, OpHole, 1).overwritten);
  g_assert_cmpint (g_array_index (reduction->holes, OpHole, 1).from, ==, OP_SECOND * 10);
}

/* What a type has for "no number" breaks the line and is no extreme; of another type the same is a number. */
static void
test_batch_flags (void)
{
  static const double values[] = { 1, -7999, 2, 7999, 6999, -6999, NAN, 7998, 99999 };
  g_autoptr (OpBatch) fp2 = batch_new_full (9, OP_TYPE_FP2), floats = batch_new_full (9, OP_TYPE_IEEE4);

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      append (fp2, i, i * OP_SECOND, values[i]);
      append (floats, i, i * OP_SECOND, values[i]);
    }
  for (guint n_bins = 1; n_bins <= 100; n_bins += 99)
    {
      g_autoptr (OpReduction) of_fp2 = op_reduction_new_from_batch (fp2, 0, 0, 0, 8 * OP_SECOND, n_bins);
      g_autoptr (OpReduction) of_floats = op_reduction_new_from_batch (floats, 0, 0, 0, 8 * OP_SECOND, n_bins);

      g_assert_true ((of_fp2->bins != NULL) == (n_bins == 1));
      g_assert_cmpfloat (of_fp2->min, ==, 1);
      g_assert_cmpfloat (of_fp2->max, ==, 7998);
      g_assert_cmpfloat (of_floats->min, ==, -7999);
      g_assert_cmpfloat (of_floats->max, ==, 7999);
      g_assert_cmpuint (of_fp2->n_records, ==, 9);
    }
}

/* A clock that was set back by more than was stored: nothing lies between, whichever came first. */
static void
test_set_back (void)
{
  g_autoptr (OpBatch) batch = batch_new (2000);

  for (guint i = 0; i < 2000; i++)
    append (batch, i, ((OpTime) i - (i < 1000 ? 0 : 6000)) * OP_SECOND, i);
  for (guint n_bins = 300; n_bins <= 3000; n_bins += 2700)
    {
      g_autoptr (OpReduction) reduction
        = op_reduction_new_from_batch (batch, 0, OP_SECOND, -5000 * OP_SECOND, 999 * OP_SECOND, n_bins);
      OpHole hole;

      g_assert_cmpuint (reduction->holes->len, ==, 1);
      hole = g_array_index (reduction->holes, OpHole, 0);
      g_assert_cmpint (ABS (hole.from + 4001 * OP_SECOND), <=, 6000 * OP_SECOND / n_bins);
      g_assert_cmpint (ABS (hole.to), <=, 6000 * OP_SECOND / n_bins);
    }
}

static void
test_choose_bars (void)
{
  const OpTime hour = OP_HOUR;
  OpBars bars = op_bars_choose (hour / 2, 47 * hour / 2, 30);

  g_assert_cmpint (bars.step, ==, hour);
  g_assert_cmpint (bars.from, ==, 0);
  g_assert_cmpint (bars.to, ==, 24 * hour);
  g_assert_cmpuint (bars.n, ==, 24);
  /* What is stored at an edge is of the time before it. */
  bars = op_bars_choose (hour, 2 * hour, 2);
  g_assert_cmpint (bars.from, ==, 0);
  g_assert_cmpint (bars.to, ==, 2 * hour);
  for (guint i = 0; i < 1000; i++)
    {
      OpTime from = g_test_rand_int () * ((OpTime) 1 << 28), to = from + ((OpTime) g_test_rand_int_range (0, G_MAXINT32) << 28);
      guint most = (guint) g_test_rand_int_range (1, 300);

      bars = op_bars_choose (from, to, most);
      g_assert_cmpuint (bars.n, <=, most + 2);
      g_assert_cmpint (bars.from, <, from);
      g_assert_cmpint (bars.to, >=, to);
      g_assert_cmpint (bars.from % bars.step, ==, 0);
      g_assert_cmpint (bars.to - bars.from, ==, (OpTime) bars.n * bars.step);
    }
  op_bars_choose (G_MININT64, G_MAXINT64, 100);
}

/* A tip of rain each ten minutes; the hour's rain stands at its end. */
static void
test_sum (void)
{
  g_autoptr (OpBatch) batch = batch_new (1440);
  OpBars bars = op_bars_choose (0, 24 * OP_HOUR, 30);
  g_autoptr (OpReduction) bins = NULL, sums = NULL;

  for (guint i = 1; i <= 1440; i++)
    append (batch, i, i * OP_MINUTE, i == 600 ? NAN : i % 10 == 0 ? 0.25 : 0);
  bins = op_reduction_new_from_batch (batch, 0, OP_MINUTE, bars.from + 1, bars.to, bars.n);
  sums = op_bars_sum (&bars, bins);
  g_assert_cmpint (bars.step, ==, OP_HOUR);
  g_assert_null (sums->bins);
  g_assert_cmpuint (sums->n_points, ==, 24);
  for (guint i = 0; i < 24; i++)
    {
      g_assert_cmpint (sums->times[i], ==, (OpTime) (i + 1) * OP_HOUR);
      g_assert_cmpfloat (sums->values[i], ==, i == 9 ? 1.25 : 1.5);
    }
  g_assert_cmpfloat (sums->min, ==, 1.25);
  g_assert_cmpfloat (sums->max, ==, 1.5);
  g_assert_cmpuint (sums->n_records, ==, 1440);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reduction/values", test_values);
  g_test_add_func ("/reduction/blocks", test_blocks);
  g_test_add_func ("/reduction/whole-time", test_whole_time);
  g_test_add_func ("/reduction/edges", test_edges);
  g_test_add_func ("/reduction/batch/flags", test_batch_flags);
  g_test_add_func ("/reduction/set-back", test_set_back);
  g_test_add_func ("/bars/choose", test_choose_bars);
  g_test_add_func ("/bars/sum", test_sum);
  g_test_add_func ("/reduction/no-span", test_no_span);
  g_test_add_func ("/reduction/batch/points", test_batch_points);
  g_test_add_func ("/reduction/batch/between", test_batch_between);
  g_test_add_func ("/reduction/batch/bins", test_batch_bins);
  g_test_add_func ("/reduction/batch/holes", test_batch_holes);
  return g_test_run ();
}
