/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Ten thousand clocks, set over all kinds of links at all kinds of times, in virtual time: whatever is lost, nothing is
 * set twice, no record is harmed where a safe moment exists, and the clock ends within what is said of it.
 * OUTPOST_CLOCK_SEED picks another first run, OUTPOST_CLOCK_N another number.
 */

#include "tests/engine/fixture.h"
#include "tests/engine/simulated-clock.h"
#include "tests/fault/virtual-time.h"

#include "app/engine/clock-change.h"

#include <math.h>

#define N_RUNS    10000
#define US        G_USEC_PER_SEC
#define DRIFT_PPM 300 /* more than any clock here has */

/* From a cable to a satellite; ways of different length. */
static const SimulatedLink links[] = {
  { 1000, 1000, 2000, 0, 200000 },
  { 2000, 40000, 5000, 0, 500000 },
  { 300000, 280000, 60000, 0, 2000000 },
  { 20000, 20000, 300000, 0.05, 1000000 },
  { 5000, 5000, 5000, 0.2, 300000 },
  { 1200000, 900000, 400000, 0.1, 5000000 },
};

/* UTC: ends of years, leap days and none, and where counters of seconds overflow. */
static const char *const moments[] = {
  "1990-01-01T00:00:10Z", "1999-12-31T23:59:30Z", "2000-01-01T00:00:00Z", "2000-02-29T12:00:00Z",
  "2000-02-28T23:59:50Z", "2024-02-29T23:59:40Z", "2026-11-27T10:00:00Z", "2027-02-28T23:59:30Z",
  "2028-12-31T23:59:20Z", "2038-01-19T03:13:50Z", "2058-01-19T03:13:50Z", "2100-02-28T23:59:50Z",
  "2106-02-07T06:28:00Z",
};

static const gint intervals_s[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 10800, 21600, 86400 };

typedef struct
{
  guint32         seed;
  GRand          *rand;
  SimulatedClock *logger;
  GPtrArray      *tables;
  OpClockOrder    order;
  gint            utc_offset_s;
  OpTime          begun;      /* the clock when the setting began */
} Run;

static guint
pick (Run *run, guint n)
{
  return (guint) g_rand_int_range (run->rand, 0, (gint32) n);
}

/* As many small ones as large ones, either way: from 50 ms to a quarter of an hour. */
static gint64
draw_offset (Run *run)
{
  double seconds = exp (g_rand_double_range (run->rand, log (0.05), log (1000)));

  return (gint64) (seconds * 1e9) * (pick (run, 2) == 0 ? 1 : -1);
}

static void
make_tables (Run *run)
{
  guint n = 1 + pick (run, 3);

  run->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) op_table_unref);
  g_ptr_array_add (run->tables, make_table ("Events", 0, 1, OP_TYPE_FP2));
  for (guint i = 0; i < n; i++)
    {
      OpTime interval = intervals_s[pick (run, G_N_ELEMENTS (intervals_s))] * OP_SECOND;

      g_ptr_array_add (run->tables, make_table ("Interval", interval, 1, OP_TYPE_FP2));
    }
}

static void
set_up (Run *run, guint32 seed)
{
  g_autoptr (GDateTime) moment = NULL;
  gint64 unix_us;

  *run = (Run) { .seed = seed, .rand = g_rand_new_with_seed (seed) };
  moment = g_date_time_new_from_iso8601 (moments[pick (run, G_N_ELEMENTS (moments))], NULL);
  unix_us = g_date_time_to_unix (moment) * US + (gint64) pick (run, 60 * US);
  virtual_time_set_clock (unix_us);
  make_tables (run);
  run->utc_offset_s = ((gint) pick (run, 105) - 48) * 900;
  run->order.threshold_us = pick (run, 4) == 0 ? pick (run, 5 * US) : 0;
  if (pick (run, 8) == 0)
    run->order.goal_us = (gint64) pick (run, 100 * US) - 50 * US;
  run->logger = g_object_new (SIMULATED_TYPE_CLOCK, NULL);
  run->logger->rand = run->rand;
  run->logger->link = links[pick (run, G_N_ELEMENTS (links))];
  run->logger->is_coarse = pick (run, 5) == 0;
  run->logger->ppm = g_rand_double_range (run->rand, -200, 200);
  run->logger->tables = run->tables;
  run->logger->base_us = g_get_monotonic_time ();
  run->begun = op_time_from_unix_us (unix_us, run->utc_offset_s) + draw_offset (run);
  run->logger->base = run->begun;
}

static void
tear_down (Run *run)
{
  g_assert_finalize_object (run->logger);
  g_ptr_array_unref (run->tables);
  g_rand_free (run->rand);
}

static OpClockChange *
set_clock (Run *run, GError **error)
{
  GAsyncResult *result = NULL;
  OpClockChange *change;

  op_clock_change_async (OP_LOGGER (run->logger), run->tables, &run->order, run->utc_offset_s, NULL, NULL, NULL,
                         keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  change = op_clock_change_finish (OP_LOGGER (run->logger), result, error);
  g_object_unref (result);
  return change;
}

/* What the clock is really off at a moment by this computer's clock. */
static gint64
get_true_offset (Run *run, gint64 unix_us)
{
  gint64 monotonic_us = g_get_monotonic_time () + unix_us - g_get_real_time ();
  OpTime time = simulated_clock_get_time (run->logger, monotonic_us);

  return (time - op_time_from_unix_us (unix_us, run->utc_offset_s)) / 1000;
}

static gint64
floor_divide (gint64 dividend, gint64 divisor)
{
  return dividend / divisor - (dividend % divisor < 0);
}

static gboolean
crosses (const OpTable *table, OpTime from, OpTime to)
{
  return table->interval > 0
         && floor_divide (from - table->into, table->interval) != floor_divide (to - table->into, table->interval);
}

static gboolean
is_safe (Run *run, OpTime moment, gint64 adjustment, gint64 slack)
{
  for (guint i = 0; i < run->tables->len; i++)
    if (crosses (g_ptr_array_index (run->tables, i), moment - slack + MIN (adjustment, 0),
                 moment + slack + MAX (adjustment, 0)))
      return FALSE;
  return TRUE;
}

/* Tries the moments of the hour one after the other. */
static gboolean
is_there_a_safe_moment (Run *run, gint64 adjustment, gint64 slack)
{
  gint64 step = CLAMP (slack / 2, OP_SECOND / 20, OP_SECOND / 2);

  for (gint64 after = 60 * OP_SECOND; after < OP_HOUR - 60 * OP_SECOND; after += step)
    if (is_safe (run, run->begun + after, adjustment, slack))
      return TRUE;
  return FALSE;
}

/* It said that no moment is safe: with twice what may be unknown of link and clock, there is none. */
static void
check_refusal (Run *run, const GError *error)
{
  const SimulatedLink *link = &run->logger->link;
  gint64 longest_us = link->there_us + link->back_us + 2 * link->jitter_us + 60000;
  gint64 slack_us = 2 * longest_us + (run->logger->is_coarse ? 2 * US : 0);
  gint64 adjustment = run->order.goal_us * 1000 - get_true_offset (run, g_get_real_time ()) * 1000;

  g_assert_error (error, OP_CLOCK_ERROR, OP_CLOCK_ERROR_HARM);
  g_assert_cmpuint (run->logger->n_applied, ==, 0);
  g_assert_false (is_there_a_safe_moment (run, adjustment, slack_us * 1000));
}

static void
check_change (Run *run, const OpClockChange *change)
{
  const OpClockOffset *after = &change->after.offset;
  gint64 true_us = get_true_offset (run, after->host_unix_us);
  gint64 allowed_us = run->logger->is_coarse ? US : 10000;

  g_assert_cmpuint (run->logger->n_harmed, ==, 0);
  g_assert_cmpuint (run->logger->n_applied, ==, change->set ? 1 : 0);
  g_assert_cmpint (ABS (change->adjusted_us - run->logger->applied / 1000), <=, 1);
  g_assert_cmpint (ABS (after->offset_us - true_us), <=, after->uncertainty_us);
  /* A minute's wait, and what was not known when it was set. */
  if (change->set)
    allowed_us += change->before.offset.uncertainty_us + 60 * DRIFT_PPM;
  else
    allowed_us += MAX (run->order.threshold_us, after->uncertainty_us);
  g_assert_cmpint (ABS (true_us - run->order.goal_us), <=, allowed_us + after->uncertainty_us);
}

/* Returns: whether the clock was set. */
static gboolean
run_once (guint32 seed, guint *n_refused, guint *n_failed)
{
  g_autoptr (GError) error = NULL;
  g_autofree OpClockChange *change = NULL;
  gboolean is_set = FALSE;
  Run run;

  set_up (&run, seed);
  change = set_clock (&run, &error);
  if (change != NULL)
    {
      check_change (&run, change);
      is_set = change->set;
    }
  else if (g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER))
    {
      g_assert_cmpuint (run.logger->n_harmed, ==, 0);
      g_assert_cmpuint (run.logger->n_applied, <=, 1);
      (*n_failed)++;
    }
  else
    {
      check_refusal (&run, error);
      (*n_refused)++;
    }
  tear_down (&run);
  return is_set;
}

static guint
get_number (const char *name, guint usual)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : usual;
}

static void
test_runs (void)
{
  guint first = get_number ("OUTPOST_CLOCK_SEED", 1), n = get_number ("OUTPOST_CLOCK_N", N_RUNS);
  guint n_set = 0, n_refused = 0, n_failed = 0;

  for (guint i = 0; i < n; i++)
    {
      g_test_message ("seed %u", first + i);
      n_set += run_once (first + i, &n_refused, &n_failed) ? 1 : 0;
    }
  g_test_message ("%u set, %u refused as no moment is safe, %u found nobody", n_set, n_refused, n_failed);
  /* The runs are of many kinds. */
  if (n >= 1000)
    {
      g_assert_cmpuint (n_set, >, n / 3);
      g_assert_cmpuint (n_refused, >, n / 20);
      g_assert_cmpuint (n_failed, <, n / 20);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  virtual_time_install ();
  g_test_add_func ("/clock/runs", test_runs);
  return g_test_run ();
}
