/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/ticks.h"

#include <math.h>

static OpTime
at (const char *text)
{
  OpTime time;

  g_assert_true (op_time_parse (text, &time));
  return time;
}

/* Texts, joined by '|', of the ticks between two times. */
static char *
join (const char *from, const char *to, guint room)
{
  g_autoptr (GArray) ticks = op_ticks_find_times (at (from), at (to), room);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ticks->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "|" : "", g_array_index (ticks, OpTimeTick, i).text);
  return g_string_free (text, FALSE);
}

static void
assert_ticks (const char *from, const char *to, guint room, const char *expected)
{
  g_autofree char *found = join (from, to, room);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_times (void)
{
  assert_ticks ("2026-11-14", "2026-11-21", 100, "14 Nov|15 Nov|16 Nov|17 Nov|18 Nov|19 Nov|20 Nov|21 Nov");
  assert_ticks ("2026-11-14 22:30", "2026-11-15 02:00", 60, "23:00|15 Nov|01:00|02:00");
  assert_ticks ("2026-11-14 12:00:07", "2026-11-14 12:00:22", 60, "12:00:10|12:00:15|12:00:20");
  assert_ticks ("2026-11-14 12:00:00.2", "2026-11-14 12:00:00.3", 60, "12:00:00.20|12:00:00.25|12:00:00.30");
  assert_ticks ("2025-11-03", "2026-03-02", 60, "Dec|2026|Feb|Mar");
  assert_ticks ("2024-02-20", "2024-03-05", 40, "26 Feb|4 Mar"); /* Mondays */
  assert_ticks ("1990-06-01", "2026-06-01", 40, "2000|2010|2020");
  assert_ticks ("1959-06-01", "1961-06-01", 30, "1960|1961"); /* before 1990 */
}

/* From nanoseconds to the whole of OpTime: ascending, within the span, few, never none; fractions have long texts. */
static void
test_every_length (void)
{
  const OpTime middles[] = { 0, -1, 1163534280 * OP_SECOND, -1163534280 * OP_SECOND };

  for (guint m = 0; m < G_N_ELEMENTS (middles); m++)
    {
      for (OpTime half = 1; half < G_MAXINT64 / 4; half = half * 3 + 1)
        {
          OpTime from = middles[m] - half, to = middles[m] + half;
          g_autoptr (GArray) ticks = op_ticks_find_times (from, to, 100);

          g_assert_cmpuint (ticks->len, >=, half > OP_SECOND ? 2 : 1);
          g_assert_cmpuint (ticks->len, <=, 25);
          for (guint i = 0; i < ticks->len; i++)
            {
              OpTime time = g_array_index (ticks, OpTimeTick, i).time;

              g_assert_cmpint (time, >=, i > 0 ? g_array_index (ticks, OpTimeTick, i - 1).time + 1 : from);
              g_assert_cmpint (time, <=, to);
            }
        }
    }
}

static void
test_ends_of_time (void)
{
  g_autoptr (GArray) first = op_ticks_find_times (G_MININT64, G_MININT64 + 5, 100);
  g_autoptr (GArray) last = op_ticks_find_times (G_MAXINT64 - 5, G_MAXINT64, 100);
  g_autoptr (GArray) whole = op_ticks_find_times (G_MININT64, G_MAXINT64, 100);

  g_assert_cmpuint (first->len, ==, 3);
  g_assert_cmpuint (last->len, ==, 3);
  g_assert_cmpuint (whole->len, >, 2);
  g_assert_cmpstr (g_array_index (whole, OpTimeTick, 0).text, ==, "1700");
}

static void
test_span_text (void)
{
  g_autofree char *day = op_ticks_dup_span_text (at ("2026-11-16"), at ("2026-11-17"));
  g_autofree char *week = op_ticks_dup_span_text (at ("2026-12-28 10:00"), at ("2027-01-03 10:00"));

  g_assert_cmpstr (day, ==, "16 Nov 2026");
  g_assert_cmpstr (week, ==, "28 Dec 2026 – 3 Jan 2027");
}

static void
assert_values (double from, double to, guint max, const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);
  OpValueTicks ticks;

  op_ticks_find_values (from, to, max, &ticks);
  for (guint i = 0; i < ticks.n; i++)
    {
      char text[OP_TICK_TEXT_SIZE];

      op_value_ticks_format (&ticks, i, text);
      g_string_append_printf (found, "%s%s", i > 0 ? "|" : "", text);
    }
  g_assert_cmpstr (found->str, ==, expected);
}

static void
test_values (void)
{
  assert_values (-6, 20, 6, "−5|0|5|10|15|20");
  assert_values (0, 1, 5, "0|0.2|0.4|0.6|0.8|1.0");
  assert_values (12.871, 12.909, 4, "12.88|12.89|12.90");
  assert_values (-0.3, 0.3, 6, "−0.3|−0.2|−0.1|0|0.1|0.2|0.3");
  assert_values (1013, 1019, 3, "1014|1016|1018");
  assert_values (0, 6e9, 3, "0|2e9|4e9|6e9");
  assert_values (-3e-7, 3e-7, 3, "−2e-7|0|2e-7");
  assert_values (1.0000001e8, 1.0000004e8, 3, "1.0000001e8|1.0000002e8|1.0000003e8|1.0000004e8");
}

static void
test_values_of_every_size (void)
{
  for (double size = 1e-290; size < 1e301; size *= 7)
    {
      for (guint max = 1; max < 9; max++)
        {
          OpValueTicks ticks;

          op_ticks_find_values (-size, size * 0.9, max, &ticks);
          g_assert_cmpuint (ticks.n, >=, 1);
          g_assert_cmpuint (ticks.n, <=, max + 1);
          for (guint i = 0; i < ticks.n; i++)
            g_assert_cmpfloat (fabs (op_value_ticks_get (&ticks, i)), <=, size * 1.000001);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ticks/times", test_times);
  g_test_add_func ("/ticks/every-length", test_every_length);
  g_test_add_func ("/ticks/ends-of-time", test_ends_of_time);
  g_test_add_func ("/ticks/span-text", test_span_text);
  g_test_add_func ("/ticks/values", test_values);
  g_test_add_func ("/ticks/values/every-size", test_values_of_every_size);
  return g_test_run ();
}
