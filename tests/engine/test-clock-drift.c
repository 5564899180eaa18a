/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-drift.h"

#include <math.h>

#define N_RUNS     10000
#define SECOND_US  G_GINT64_CONSTANT (1000000)
#define DAY_US     (86400 * SECOND_US)
#define HOUR_US    (3600 * SECOND_US)
/* 2026-11-21 12:00:00 UTC, and the beginnings of 1990 and 2000. */
#define NOW_US     (G_GINT64_CONSTANT (1795262400) * SECOND_US)
#define OF_1990_US (G_GINT64_CONSTANT (631152000) * SECOND_US)
#define OF_2000_US (G_GINT64_CONSTANT (946684800) * SECOND_US)

/* A clock that drifts, is looked at, and meets with accidents that are noted down. */
typedef struct
{
  GRand  *rand;
  gint64  now_us;
  double  offset_us; /* true */
  double  ppm;
  GArray *checks; /* OpClockCheck */
  GArray *steps;  /* OpClockStep: the truth */
} Simulation;

static void
set_up (Simulation *sim, guint32 seed, double ppm)
{
  *sim = (Simulation) { g_rand_new_with_seed (seed), NOW_US, 0, ppm, NULL, NULL };
  sim->offset_us = g_rand_double_range (sim->rand, -20, 20) * 1e6;
  sim->checks = g_array_new (FALSE, FALSE, sizeof (OpClockCheck));
  sim->steps = g_array_new (FALSE, FALSE, sizeof (OpClockStep));
}

static void
tear_down (Simulation *sim)
{
  g_rand_free (sim->rand);
  g_array_unref (sim->checks);
  g_array_unref (sim->steps);
}

static void
pass (Simulation *sim, gint64 us)
{
  sim->now_us += us;
  sim->offset_us += (double) us * sim->ppm / 1e6;
}

static void
look (Simulation *sim, gint64 uncertainty_us)
{
  double error_us = g_rand_double_range (sim->rand, -1, 1) * (double) uncertainty_us;
  OpClockCheck check = { sim->now_us, (gint64) (sim->offset_us + error_us), uncertainty_us, 0 };

  g_array_append_val (sim->checks, check);
}

static void
step (Simulation *sim, OpClockStepKind kind, gint64 size_us)
{
  OpClockStep step = { kind, sim->checks->len, size_us };

  sim->offset_us += (double) size_us;
  g_array_append_val (sim->steps, step);
}

static OpClockDrift *
judge (const Simulation *sim)
{
  return op_clock_drift_new ((const OpClockCheck *) (gpointer) sim->checks->data, sim->checks->len);
}

static double
draw_ppm (GRand *rand, double least)
{
  double ppm = g_rand_double_range (rand, least, 200);

  return g_rand_boolean (rand) ? ppm : -ppm;
}

/* Over any link: from a cable to a satellite, and whole seconds. */
static gint64
draw_uncertainty (GRand *rand)
{
  static const gint64 least[] = { 1000, 10000, 100000, 200000 };

  return least[g_rand_int_range (rand, 0, 4)] + g_rand_int_range (rand, 0, 10000);
}

static void
test_ten_checks (void)
{
  guint32 base = (guint32) g_test_rand_int ();

  g_test_message ("seeds from %u on", base);
  for (guint32 i = 0; i < N_RUNS; i++)
    {
      Simulation sim;
      set_up (&sim, base + i, 0);
      sim.ppm = draw_ppm (sim.rand, 10);
      for (guint j = 0; j < 10; j++)
        {
          pass (&sim, g_rand_int_range (sim.rand, 12, 72) * HOUR_US);
          look (&sim, draw_uncertainty (sim.rand));
        }
      g_autoptr (OpClockDrift) drift = judge (&sim);
      g_assert_cmpuint (drift->steps->len, ==, 0);
      g_assert_cmpuint (drift->segments->len, ==, 1);
      g_assert_cmpfloat (fabs (drift->rate.ppm - sim.ppm), <=, fabs (sim.ppm) / 10);
      g_assert_cmpfloat (fabs (drift->rate.ppm - sim.ppm), <=, drift->rate.uncertainty_ppm);
      tear_down (&sim);
    }
}

static void
draw_accident (Simulation *sim)
{
  GRand *rand = sim->rand;
  OpClockCheck *last = &g_array_index (sim->checks, OpClockCheck, sim->checks->len - 1);
  gint64 ahead_us = (gint64) g_rand_int_range (rand, 100, 600) * SECOND_US;

  switch (g_rand_int_range (rand, 0, 7))
    {
    case 0: /* set by what was measured */
      last->adjusted_us = -last->offset_us;
      step (sim, OP_CLOCK_STEP_SET, last->adjusted_us);
      break;
    case 1:
      step (sim, OP_CLOCK_STEP_HOUR, g_rand_boolean (rand) ? HOUR_US : -HOUR_US);
      break;
    case 2: /* by an hour it would look like daylight saving */
      if (fabs (sim->offset_us) > 3e8 && fabs (fabs (sim->offset_us) - HOUR_US) > 6e7)
        step (sim, OP_CLOCK_STEP_SET_ELSEWHERE, -(gint64) sim->offset_us);
      break;
    case 3:
      step (sim, OP_CLOCK_STEP_TO_1990, OF_1990_US - sim->now_us - (gint64) sim->offset_us);
      break;
    case 4:
      step (sim, OP_CLOCK_STEP_TO_2000, OF_2000_US - sim->now_us - (gint64) sim->offset_us);
      break;
    case 5: /* it must not happen to put the clock right */
      if (sim->offset_us < 0)
        step (sim, OP_CLOCK_STEP_STOOD_STILL, -g_rand_int_range (rand, 60, 500) * SECOND_US);
      break;
    default:
      if (sim->offset_us > 0)
        step (sim, OP_CLOCK_STEP_OTHER, ahead_us + 600 * SECOND_US);
      break;
    }
}

static void
assert_steps (const Simulation *sim, const OpClockDrift *drift)
{
  g_assert_cmpuint (drift->steps->len, ==, sim->steps->len);
  g_assert_cmpuint (drift->segments->len, ==, sim->steps->len + 1);
  for (guint i = 0; i < sim->steps->len; i++)
    {
      const OpClockStep *found = &g_array_index (drift->steps, OpClockStep, i);
      const OpClockStep *truth = &g_array_index (sim->steps, OpClockStep, i);
      const OpClockSegment *segment = &g_array_index (drift->segments, OpClockSegment, i + 1);
      g_assert_cmpuint (found->check, ==, truth->check);
      g_assert_cmpint (found->kind, ==, truth->kind);
      g_assert_cmpint (ABS (found->size_us - truth->size_us), <, 20 * SECOND_US);
      g_assert_cmpuint (segment->first, ==, truth->check);
    }
}

static void
test_steps (void)
{
  guint32 base = (guint32) g_test_rand_int ();
  guint n_steps[OP_CLOCK_STEP_OTHER + 1] = { 0 };

  g_test_message ("seeds from %u on", base);
  for (guint32 i = 0; i < N_RUNS / 5; i++)
    {
      Simulation sim;
      set_up (&sim, base + i, 0);
      sim.ppm = draw_ppm (sim.rand, 10);
      guint n = (guint) g_rand_int_range (sim.rand, 15, 60), due = (guint) g_rand_int_range (sim.rand, 3, 9);
      for (guint j = 0; j < n; j++)
        {
          pass (&sim, g_rand_int_range (sim.rand, 12, 72) * HOUR_US);
          look (&sim, draw_uncertainty (sim.rand));
          if (j + 4 < n && --due == 0)
            {
              draw_accident (&sim);
              due = (guint) g_rand_int_range (sim.rand, 3, 12);
            }
        }
      g_autoptr (OpClockDrift) drift = judge (&sim);
      assert_steps (&sim, drift);
      g_assert_cmpfloat (fabs (drift->rate.ppm - sim.ppm), <=, fabs (sim.ppm) / 10);
      for (guint j = 0; j < sim.steps->len; j++)
        n_steps[g_array_index (sim.steps, OpClockStep, j).kind]++;
      tear_down (&sim);
    }
  for (guint i = 0; i < G_N_ELEMENTS (n_steps); i++)
    g_assert_cmpuint (n_steps[i], >, 100);
}

/* Summer and winter, three years of days: no step, and the rate is that of its season. */
static void
test_seasons (void)
{
  Simulation sim;
  set_up (&sim, 1, 0);

  for (guint i = 0; i < 3 * 365; i++)
    {
      sim.ppm = 20 + 5 * sin (i * 2 * G_PI / 365);
      pass (&sim, DAY_US);
      look (&sim, 20000);
    }
  g_autoptr (OpClockDrift) drift = judge (&sim);
  g_assert_cmpuint (drift->steps->len, ==, 0);
  g_assert_cmpfloat (fabs (drift->rate.ppm - 20), <, 5);
  g_assert_cmpfloat (drift->rate.uncertainty_ppm, <, 5);
  tear_down (&sim);
}

/* Set every week by us: no segment is long, yet together they tell the rate. */
static void
test_set_weekly (void)
{
  Simulation sim;
  set_up (&sim, 2, -35);

  for (guint i = 0; i < 10; i++)
    {
      OpClockCheck *check;
      pass (&sim, 7 * DAY_US);
      look (&sim, 50000);
      check = &g_array_index (sim.checks, OpClockCheck, sim.checks->len - 1);
      check->adjusted_us = -check->offset_us;
      sim.offset_us += (double) check->adjusted_us;
      pass (&sim, 10 * SECOND_US);
      look (&sim, 50000);
    }
  g_autoptr (OpClockDrift) drift = judge (&sim);
  g_assert_cmpuint (drift->steps->len, ==, 10);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (g_array_index (drift->steps, OpClockStep, i).kind, ==, OP_CLOCK_STEP_SET);
  g_assert_cmpfloat (fabs (drift->rate.ppm + 35), <, 3.5);
  g_assert_cmpfloat (fabs (op_clock_rate_get_seconds_a_day (&drift->rate) + 3.024), <, 0.3);
  tear_down (&sim);
}

/* 1 s a day ahead, checked on ten days, off by 9 s at the last: 30 s are passed 21 days later. */
static void
test_forecast (void)
{
  OpClockCheck checks[10];

  for (guint i = 0; i < 10; i++)
    checks[i] = (OpClockCheck) { NOW_US + i * DAY_US, i * SECOND_US, 10000, 0 };
  g_autoptr (OpClockDrift) drift = op_clock_drift_new (checks, 10);
  gint64 last_us = checks[9].host_unix_us;
  g_assert_cmpint (ABS (op_clock_drift_forecast (drift, 30 * SECOND_US) - last_us - 21 * DAY_US), <, DAY_US / 24);
  g_assert_cmpint (op_clock_drift_forecast (drift, 5 * SECOND_US), ==, last_us);

  /* Now it is put right: 30 days more. */
  checks[9].adjusted_us = -9 * SECOND_US;
  g_autoptr (OpClockDrift) set = op_clock_drift_new (checks, 10);
  g_assert_cmpint (ABS (op_clock_drift_forecast (set, 30 * SECOND_US) - last_us - 30 * DAY_US), <, DAY_US / 24);

  /* The other way it passes zero first. */
  for (guint i = 0; i < 10; i++)
    checks[i] = (OpClockCheck) { NOW_US + i * DAY_US, (20 - (gint) i) * SECOND_US, 10000, 0 };
  g_autoptr (OpClockDrift) back = op_clock_drift_new (checks, 10);
  g_assert_cmpint (ABS (op_clock_drift_forecast (back, 30 * SECOND_US) - last_us - 41 * DAY_US), <, DAY_US / 12);

  /* No drift to be seen is no forecast. */
  for (guint i = 0; i < 10; i++)
    checks[i] = (OpClockCheck) { NOW_US + i * DAY_US, i % 2 * 5000, 10000, 0 };
  g_autoptr (OpClockDrift) still = op_clock_drift_new (checks, 10);
  g_assert_cmpint (op_clock_drift_forecast (still, 30 * SECOND_US), ==, G_MAXINT64);
}

static void
test_few_checks (void)
{
  const OpClockCheck checks[] = { { NOW_US + DAY_US, 2 * SECOND_US, 1000, 0 }, { NOW_US, SECOND_US, 1000, 0 } };
  g_autoptr (OpClockDrift) none = op_clock_drift_new (NULL, 0);
  g_autoptr (OpClockDrift) one = op_clock_drift_new (checks, 1);
  g_autoptr (OpClockDrift) two = op_clock_drift_new (checks, 2);

  g_assert_true (isnan (none->rate.ppm) && isnan (one->rate.ppm));
  g_assert_cmpuint (none->segments->len, ==, 0);
  g_assert_cmpuint (one->segments->len, ==, 1);
  g_assert_cmpint (op_clock_drift_forecast (none, SECOND_US), ==, G_MAXINT64);
  g_assert_cmpint (op_clock_drift_forecast (one, 3 * SECOND_US), ==, G_MAXINT64);
  g_assert_cmpuint (two->segments->len, ==, 1);
  g_assert_cmpint (g_array_index (two->checks, OpClockCheck, 0).host_unix_us, ==, NOW_US);
  g_assert_cmpfloat (fabs (two->rate.ppm - 1e6 / 86400), <=, two->rate.uncertainty_ppm);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock-drift/ten-checks", test_ten_checks);
  g_test_add_func ("/clock-drift/steps", test_steps);
  g_test_add_func ("/clock-drift/seasons", test_seasons);
  g_test_add_func ("/clock-drift/set-weekly", test_set_weekly);
  g_test_add_func ("/clock-drift/forecast", test_forecast);
  g_test_add_func ("/clock-drift/few-checks", test_few_checks);
  return g_test_run ();
}
