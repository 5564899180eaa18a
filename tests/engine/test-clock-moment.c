/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-moment.h"

#define N_RUNS   10000
#define MS       (OP_SECOND / 1000)

/* Tables of a made-up logger, and where output times lie by counting them up one by one. */

static GPtrArray *
make_tables (const OpTime *intervals, const OpTime *intos, guint n)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    {
      OpTable *table = g_new0 (OpTable, 1);
      table->interval = intervals[i];
      table->into = intos != NULL ? intos[i] : 0;
      g_ptr_array_add (tables, table);
    }
  return tables;
}

static OpTime
parse (const char *text)
{
  OpTime time;

  g_assert_true (op_time_parse (text, &time));
  return time;
}

static void
assert_time (OpTime time, const char *expected)
{
  char text[OP_TIME_TEXT_SIZE];

  op_time_format (time, text);
  g_assert_cmpstr (text, ==, expected);
}

/* All output times of @table between two times, counted up from @anchor, which is one before them. */
static GArray *
list_outputs (const OpTable *table, OpTime anchor, OpTime from, OpTime to)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (OpTime));

  while (OP_HOUR % table->interval == 0 && anchor + OP_HOUR <= from)
    anchor += OP_HOUR;
  for (OpTime time = anchor; time <= to; time += table->interval)
    if (time >= from)
      g_array_append_val (times, time);
  return times;
}

/* Midnights of all kinds; every interval drawn here divides a day. */
static const char *const midnights[] = {
  "1990-01-01", "1989-12-31", "1999-12-31", "2000-01-01", "2000-02-29", "2004-02-29", "2026-11-21", "2025-12-31",
  "2024-02-28", "2038-01-18", "2038-01-19", "2058-01-18", "2100-02-28", "2106-02-06", "2106-02-07", "1970-01-01",
};
static const OpTime choices[] = {
  OP_SECOND, 5 * OP_SECOND, 10 * OP_SECOND, 30 * OP_SECOND, OP_MINUTE, 5 * OP_MINUTE, 10 * OP_MINUTE,
  15 * OP_MINUTE, OP_HOUR, 6 * OP_HOUR, OP_DAY,
};

typedef struct
{
  GRand     *rand;
  GPtrArray *tables;
  OpTime     midnight;
  OpTime     now;
  gint64     adjustment, uncertainty, horizon;
  gint64     shortest;
} Case;

static gint64
draw (GRand *rand, gint64 from, gint64 to)
{
  return from + (gint64) (g_rand_double (rand) * (double) (to - from));
}

static void
draw_tables (Case *run)
{
  guint n = (guint) g_rand_int_range (run->rand, 1, 5), least = (guint) g_rand_int_range (run->rand, 0, 8);
  OpTime intervals[5], intos[5];

  run->shortest = OP_DAY;
  for (guint i = 0; i < n; i++)
    {
      intervals[i] = choices[g_rand_int_range (run->rand, (gint) least, G_N_ELEMENTS (choices))];
      intos[i] = g_rand_boolean (run->rand) ? 0 : intervals[i] * g_rand_int_range (run->rand, 0, 10) / 10;
      run->shortest = MIN (run->shortest, intervals[i]);
    }
  run->tables = make_tables (intervals, intos, n);
}

static void
draw_case (Case *run, guint32 seed)
{
  run->rand = g_rand_new_with_seed (seed);
  draw_tables (run);
  run->midnight = parse (midnights[g_rand_int_range (run->rand, 0, G_N_ELEMENTS (midnights))]);
  /* Often just before midnight, and now and then exactly at an output time. */
  run->now = run->midnight + OP_DAY - draw (run->rand, 0, g_rand_boolean (run->rand) ? OP_DAY : OP_MINUTE);
  if (g_rand_int_range (run->rand, 0, 8) == 0)
    run->now -= run->now % OP_SECOND;
  gint64 size = draw (run->rand, 1, run->shortest * (g_rand_boolean (run->rand) ? 11 : 7) / 10);
  run->adjustment = g_rand_boolean (run->rand) ? size : -size;
  run->uncertainty = draw (run->rand, 0, MIN (run->shortest / 5, 2 * OP_SECOND)) * g_rand_int_range (run->rand, 0, 2);
  run->horizon = draw (run->rand, 0, MIN (400 * run->shortest, 2 * OP_DAY));
}

static void
clear_case (Case *run)
{
  g_rand_free (run->rand);
  g_ptr_array_unref (run->tables);
}

static OpTime
get_anchor (const Case *run, const OpTable *table)
{
  return run->midnight - 2 * OP_DAY + table->into;
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  OpTime first = *(const OpTime *) a, second = *(const OpTime *) b;

  return (first > second) - (first < second);
}

/* The first moment that is clear, by walking along all output times of all tables; OP_TIME_UNKNOWN: none in time. */
static OpTime
find_by_counting (const Case *run)
{
  gint64 before = run->uncertainty - MIN (run->adjustment, 0), behind = run->uncertainty + MAX (run->adjustment, 0);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (OpTime));
  OpTime moment = run->now;

  for (guint i = 0; i < run->tables->len; i++)
    {
      const OpTable *table = g_ptr_array_index (run->tables, i);
      g_autoptr (GArray) times = list_outputs (table, get_anchor (run, table), run->now - before,
                                               run->now + run->horizon + behind);
      g_array_append_vals (all, times->data, times->len);
    }
  g_array_sort (all, compare_times);
  /* An output time forbids the moments from `behind` before it to `before` after it. */
  for (guint i = 0; i < all->len; i++)
    {
      OpTime time = g_array_index (all, OpTime, i);
      if (time - behind > moment)
        break;
      moment = MAX (moment, time + before + 1);
    }
  return moment <= run->now + run->horizon ? moment : OP_TIME_UNKNOWN;
}

/* How many of the output times of @table a logger skips or doubles whose clock is adjusted at @moment. */
static guint
count_harm (const Case *run, const OpTable *table, OpTime moment)
{
  OpTime set = moment + run->adjustment;
  OpTime from = MIN (moment, set) - table->interval, to = MAX (moment, set) + table->interval;
  g_autoptr (GArray) times = list_outputs (table, get_anchor (run, table) - 2 * OP_DAY, from, to);
  guint n_harmed = 0;

  for (guint i = 0; i < times->len; i++)
    {
      OpTime time = g_array_index (times, OpTime, i);
      gboolean is_stored_before = time <= moment, is_stored_after = time > set;
      n_harmed += is_stored_before == is_stored_after;
    }
  return n_harmed;
}

static void
assert_harm (const Case *run, OpTime moment)
{
  g_autoptr (GArray) list = op_clock_moment_list_harm (run->tables, moment, run->adjustment, run->uncertainty);
  OpTime actual = moment + draw (run->rand, -run->uncertainty, run->uncertainty + 1);
  guint place = 0;

  for (guint i = 0; i < run->tables->len; i++)
    {
      const OpTable *table = g_ptr_array_index (run->tables, i);
      guint n_harmed = count_harm (run, table, actual);
      guint fewest = 0, most = 0;
      if (place < list->len && g_array_index (list, OpClockHarm, place).table == table)
        {
          fewest = (guint) g_array_index (list, OpClockHarm, place).fewest;
          most = (guint) g_array_index (list, OpClockHarm, place++).most;
        }
      g_assert_cmpuint (n_harmed, >=, fewest);
      g_assert_cmpuint (n_harmed, <=, most);
      g_assert_cmpuint (most - fewest, <=, 2);
    }
  g_assert_cmpuint (place, ==, list->len);
}

static void
assert_safe (const Case *run, const OpClockMoment *moment)
{
  OpTime actual = draw (run->rand, moment->from - run->uncertainty, moment->until + run->uncertainty + 1);

  for (guint i = 0; i < run->tables->len; i++)
    g_assert_cmpuint (count_harm (run, g_ptr_array_index (run->tables, i), actual), ==, 0);
  g_autoptr (GArray) first = op_clock_moment_list_harm (run->tables, moment->from, run->adjustment, run->uncertainty);
  g_autoptr (GArray) last = op_clock_moment_list_harm (run->tables, moment->until, run->adjustment, run->uncertainty);
  g_autoptr (GArray) later = op_clock_moment_list_harm (run->tables, moment->until + 1, run->adjustment,
                                                        run->uncertainty);
  g_assert_cmpuint (first->len, ==, 0);
  g_assert_cmpuint (last->len, ==, 0);
  g_assert_cmpuint (later->len, >, 0);
}

static void
test_by_counting (void)
{
  guint n_safe = 0, n_later = 0, n_never = 0, n_far = 0;
  guint32 base = (guint32) g_test_rand_int ();

  g_test_message ("seeds from %u on", base);
  for (guint32 i = 0; i < N_RUNS; i++)
    {
      Case run;
      draw_case (&run, base + i);
      OpClockMoment moment = op_clock_moment_find (run.tables, run.now, run.adjustment, run.uncertainty, run.horizon);
      OpTime expected = find_by_counting (&run);
      if (moment.state == OP_CLOCK_MOMENT_SAFE)
        {
          g_assert_cmpint (moment.from, ==, expected);
          assert_safe (&run, &moment);
          n_safe++;
          n_later += moment.from > run.now;
        }
      else
        {
          g_assert_cmpint (expected, ==, OP_TIME_UNKNOWN);
          g_assert_nonnull (moment.obstacle);
          g_assert_cmpint (moment.state == OP_CLOCK_MOMENT_NEVER, ==,
                           ABS (run.adjustment) + 2 * run.uncertainty >= run.shortest - 1);
          n_never += moment.state == OP_CLOCK_MOMENT_NEVER;
          n_far += moment.state == OP_CLOCK_MOMENT_TOO_FAR;
        }
      assert_harm (&run, run.now);
      clear_case (&run);
    }
  g_assert_cmpuint (n_safe, >, N_RUNS / 4);
  g_assert_cmpuint (n_later, >, N_RUNS / 20);
  g_assert_cmpuint (n_never, >, N_RUNS / 200);
  g_assert_cmpuint (n_far, >, N_RUNS / 200);
}

/* Just before midnight, five seconds slow: it waits for the minute that a day begins with, and some more to be sure. */
static void
test_midnight (void)
{
  const OpTime intervals[] = { OP_MINUTE, OP_DAY, 0 };
  g_autoptr (GPtrArray) tables = make_tables (intervals, NULL, 3);
  const char *const years[] = { "1999-12-31", "2024-02-28", "2024-12-31", "2038-01-19", "2106-02-07" };
  const char *const next_days[] = { "2000-01-01", "2024-02-29", "2025-01-01", "2038-01-20", "2106-02-08" };

  for (guint i = 0; i < G_N_ELEMENTS (years); i++)
    {
      g_autofree char *now = g_strconcat (years[i], " 23:59:57", NULL);
      g_autofree char *from = g_strconcat (next_days[i], " 00:00:00.100000001", NULL);
      g_autofree char *until = g_strconcat (next_days[i], " 00:00:54.899999999", NULL);
      OpClockMoment moment = op_clock_moment_find (tables, parse (now), 5 * OP_SECOND, 100 * MS, OP_MINUTE);
      g_assert_cmpint (moment.state, ==, OP_CLOCK_MOMENT_SAFE);
      assert_time (moment.from, from);
      assert_time (moment.until, until);
    }
}

static void
test_back (void)
{
  const OpTime intervals[] = { OP_MINUTE };
  g_autoptr (GPtrArray) tables = make_tables (intervals, NULL, 1);
  OpClockMoment moment = op_clock_moment_find (tables, parse ("1990-01-01 00:00:02"), -5 * OP_SECOND, 0, OP_MINUTE);

  g_assert_cmpint (moment.state, ==, OP_CLOCK_MOMENT_SAFE);
  assert_time (moment.from, "1990-01-01 00:00:05.000000001");
  assert_time (moment.until, "1990-01-01 00:00:59.999999999");
}

static void
test_into (void)
{
  const OpTime intervals[] = { OP_HOUR }, intos[] = { 10 * OP_MINUTE };
  g_autoptr (GPtrArray) tables = make_tables (intervals, intos, 1);
  OpClockMoment moment = op_clock_moment_find (tables, parse ("2026-03-01 05:09:30"), OP_MINUTE, 0, OP_HOUR);

  assert_time (moment.from, "2026-03-01 05:10:00.000000001");
  assert_time (moment.until, "2026-03-01 06:08:59.999999999");
}

static void
test_no_moment (void)
{
  const OpTime intervals[] = { OP_HOUR, OP_SECOND };
  g_autoptr (GPtrArray) tables = make_tables (intervals, NULL, 2);
  OpTime now = parse ("2026-03-01 05:59:30.5");
  OpClockMoment moment = op_clock_moment_find (tables, now, -90 * OP_SECOND, 10 * MS, OP_DAY);
  g_autoptr (GArray) harm = op_clock_moment_list_harm (tables, now, 90 * OP_SECOND, 10 * MS);

  g_assert_cmpint (moment.state, ==, OP_CLOCK_MOMENT_NEVER);
  g_assert_true (moment.obstacle == g_ptr_array_index (tables, 1));
  g_assert_cmpuint (harm->len, ==, 2);
  g_assert_cmpuint (g_array_index (harm, OpClockHarm, 0).fewest, ==, 1);
  g_assert_cmpuint (g_array_index (harm, OpClockHarm, 0).most, ==, 1);
  g_assert_cmpuint (g_array_index (harm, OpClockHarm, 1).fewest, ==, 90);
  g_assert_cmpuint (g_array_index (harm, OpClockHarm, 1).most, ==, 90);
}

/* From 1990, where the battery's loss left it, to today: 36 years of minutes. */
static void
test_battery_loss (void)
{
  const OpTime intervals[] = { OP_MINUTE };
  g_autoptr (GPtrArray) tables = make_tables (intervals, NULL, 1);
  OpTime now = parse ("1990-01-01 00:10:30"), to = parse ("2026-01-01 00:10:30");
  g_autoptr (GArray) harm = op_clock_moment_list_harm (tables, now, to - now, OP_SECOND);
  const guint n_days = 36 * 365 + 9; /* leap days of 1992 to 2024 */

  g_assert_cmpuint (g_array_index (harm, OpClockHarm, 0).fewest, ==, n_days * 1440);
  g_assert_cmpuint (g_array_index (harm, OpClockHarm, 0).most, ==, n_days * 1440);
}

static void
test_no_tables (void)
{
  const OpTime intervals[] = { 0 };
  g_autoptr (GPtrArray) none = make_tables (NULL, NULL, 0);
  g_autoptr (GPtrArray) events = make_tables (intervals, NULL, 1);
  OpTime now = parse ("2026-01-01");

  for (guint i = 0; i < 2; i++)
    {
      GPtrArray *tables = i == 0 ? none : events;
      OpClockMoment moment = op_clock_moment_find (tables, now, -OP_HOUR, OP_SECOND, 0);
      g_autoptr (GArray) harm = op_clock_moment_list_harm (tables, now, -OP_HOUR, OP_SECOND);
      g_assert_cmpint (moment.state, ==, OP_CLOCK_MOMENT_SAFE);
      g_assert_cmpint (moment.from, ==, now);
      g_assert_cmpint (moment.until, ==, G_MAXINT64);
      g_assert_cmpuint (harm->len, ==, 0);
    }
}

/* Definitions and clocks of nonsense end, and overflow nothing. */
static void
test_extremes (void)
{
  const OpTime values[] = { G_MININT64, G_MININT64 + 1, -OP_SECOND, -1, 0, 1, 2, 3, OP_SECOND, G_MAXINT32 * OP_SECOND,
                            G_MAXINT64 - 1, G_MAXINT64 };
  const guint n = G_N_ELEMENTS (values);

  for (guint i = 0; i < n * n * n; i++)
    {
      const OpTime intervals[] = { values[i % n], values[i / n % n], 7 };
      const OpTime intos[] = { values[i / n / n], 0, 3 };
      g_autoptr (GPtrArray) tables = make_tables (intervals, intos, 3);
      for (guint j = 0; j < n; j++)
        {
          OpClockMoment moment = op_clock_moment_find (tables, values[(i + j) % n], values[j], j % 3, OP_MINUTE);
          g_autoptr (GArray) harm = op_clock_moment_list_harm (tables, values[(i + j) % n], values[j], values[i % n]);
          g_assert_true (moment.state == OP_CLOCK_MOMENT_SAFE || moment.obstacle != NULL);
          g_assert_cmpuint (harm->len, <=, 3);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock-moment/by-counting", test_by_counting);
  g_test_add_func ("/clock-moment/midnight", test_midnight);
  g_test_add_func ("/clock-moment/back", test_back);
  g_test_add_func ("/clock-moment/into", test_into);
  g_test_add_func ("/clock-moment/no-moment", test_no_moment);
  g_test_add_func ("/clock-moment/battery-loss", test_battery_loss);
  g_test_add_func ("/clock-moment/no-tables", test_no_tables);
  g_test_add_func ("/clock-moment/extremes", test_extremes);
  return g_test_run ();
}
