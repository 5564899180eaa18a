/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/reading.h"
#include "app/plot/span.h"

#include <math.h>

static void
assert_span (const OpSpan *span, OpTime from, OpTime to)
{
  /* A double tells times of our days apart by some 200 ns. */
  g_assert_cmpint (ABS (span->from - from), <, 1000);
  g_assert_cmpint (ABS (span->to - to), <, 1000);
}

static void
test_fit (void)
{
  OpSpan span;

  op_span_init (&span);
  op_span_fit (&span);
  g_assert_false (op_span_has_records (&span));
  g_assert_cmpint (span.from, <, span.to);
  op_span_reset (&span, 5 * OP_DAY, 9 * OP_DAY);
  assert_span (&span, 5 * OP_DAY, 9 * OP_DAY);
  op_span_reset (&span, 5 * OP_DAY, 5 * OP_DAY);
  assert_span (&span, 5 * OP_DAY - 30 * OP_SECOND, 5 * OP_DAY + 30 * OP_SECOND);
}

static void
test_zoom (void)
{
  OpSpan span;

  op_span_init (&span);
  op_span_reset (&span, 0, 100 * OP_DAY);
  op_span_zoom (&span, 25 * OP_DAY, 0.5);
  assert_span (&span, 25 * OP_DAY / 2, 125 * OP_DAY / 2); /* 25 stays a quarter from the left */
  op_span_zoom (&span, 25 * OP_DAY, 2);
  assert_span (&span, 0, 100 * OP_DAY);
  for (guint i = 0; i < 300; i++)
    op_span_zoom (&span, 25 * OP_DAY, 0.5);
  g_assert_cmpint (span.to - span.from, >=, OP_SECOND / 1100);
  g_assert_cmpint (span.to - span.from, <=, OP_SECOND / 900);
  g_assert_cmpint (ABS (span.from - 25 * OP_DAY), <, OP_SECOND);
  for (guint i = 0; i < 300; i++)
    op_span_zoom (&span, span.to, 2);
  assert_span (&span, span.from, span.from + 400 * OP_DAY);
}

static void
test_pan (void)
{
  OpSpan span;

  op_span_init (&span);
  op_span_reset (&span, 0, 100 * OP_DAY);
  op_span_zoom (&span, 50 * OP_DAY, 0.1);
  op_span_pan (&span, 0.2);
  assert_span (&span, 47 * OP_DAY, 57 * OP_DAY);
  for (guint i = 0; i < 1000; i++)
    op_span_pan (&span, 0.2);
  assert_span (&span, 95 * OP_DAY, 105 * OP_DAY);
  for (guint i = 0; i < 1000; i++)
    op_span_pan (&span, -0.2);
  assert_span (&span, -5 * OP_DAY, 5 * OP_DAY);
}

static void
test_follow (void)
{
  OpSpan all, end, middle;

  op_span_init (&all);
  op_span_follow (&all, 0, 10 * OP_DAY); /* the first records */
  assert_span (&all, 0, 10 * OP_DAY);
  end = middle = all;
  end.from = 9 * OP_DAY;
  middle.from = 3 * OP_DAY;
  middle.to = 4 * OP_DAY;
  op_span_follow (&all, 0, 11 * OP_DAY);
  op_span_follow (&end, 0, 11 * OP_DAY);
  op_span_follow (&middle, 0, 11 * OP_DAY);
  assert_span (&all, 0, 11 * OP_DAY);
  assert_span (&end, 10 * OP_DAY, 11 * OP_DAY);
  assert_span (&middle, 3 * OP_DAY, 4 * OP_DAY);
}

static void
test_ends_of_time (void)
{
  OpSpan span;

  op_span_init (&span);
  op_span_reset (&span, G_MININT64 + 1, G_MAXINT64);
  for (guint i = 0; i < 20; i++)
    {
      op_span_zoom (&span, i % 2 == 0 ? span.to : span.from, 4);
      op_span_pan (&span, i % 3 - 1.0);
      g_assert_cmpint (span.from, <, span.to);
    }
}

static void
test_read_bins (void)
{
  g_autoptr (OpReduction) reduction = op_reduction_new_bins (0, 1000, 10);
  OpReading reading;

  op_reduction_add_value (reduction, 510, 3);
  op_reduction_add_value (reduction, 520, 8);
  op_reduction_add_value (reduction, 720, NAN);
  op_reduction_finish (reduction);

  g_assert_true (op_reading_find (reduction, 500, 200, &reading));
  g_assert_cmpint (reading.time, ==, 550);
  g_assert_cmpfloat (reading.min, ==, 3);
  g_assert_cmpfloat (reading.max, ==, 8);
  g_assert_false (reading.exact);
  g_assert_true (op_reading_find (reduction, 800, 200, &reading));
  g_assert_true (isnan (reading.min));
  g_assert_false (op_reading_find (reduction, 100, 200, &reading));
}

static void
test_grow (void)
{
  OpSpan span;

  op_span_init (&span);
  op_span_grow (&span, 0, 10 * OP_DAY);
  assert_span (&span, 0, 10 * OP_DAY);
  op_span_grow (&span, OP_DAY, 30 * OP_DAY);
  assert_span (&span, 0, 10 * OP_DAY);
  g_assert_cmpint (span.first, ==, OP_DAY);
  g_assert_cmpint (span.last, ==, 30 * OP_DAY);
  op_span_go_to_end (&span);
  assert_span (&span, 20 * OP_DAY, 30 * OP_DAY);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/span/fit", test_fit);
  g_test_add_func ("/span/zoom", test_zoom);
  g_test_add_func ("/span/pan", test_pan);
  g_test_add_func ("/span/follow", test_follow);
  g_test_add_func ("/span/ends-of-time", test_ends_of_time);
  g_test_add_func ("/reading/bins", test_read_bins);
  g_test_add_func ("/span/grow", test_grow);
  return g_test_run ();
}
