/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-offset.h"

#include <math.h>

#define N_RUNS 10000
#define SECOND_US G_GINT64_CONSTANT (1000000)

/* A logger's clock and the link to it, made up; all times here are the computer's, in µs since 1970 UTC. */
typedef struct
{
  GRand *rand;
  gint64 begin_us;
  double offset_us; /* true one at begin_us */
  double ppm;
  gint   utc_offset_s;
  double there_us, back_us; /* least delays */
  double jitter_us;
  double loss;
  gint64 resolution_us;
} Simulation;

static double
get_true_offset (const Simulation *sim, double unix_us)
{
  return sim->offset_us + (unix_us - (double) sim->begin_us) * sim->ppm / 1e6;
}

static double
draw_jitter (const Simulation *sim)
{
  return -log (1 - g_rand_double (sim->rand)) * sim->jitter_us;
}

/* Asks at *@now_us, which moves to when the answer came. Requests of which either way is lost are made anew. */
static OpClockReading
ask (const Simulation *sim, gint64 *now_us)
{
  while (g_rand_double (sim->rand) < sim->loss)
    *now_us += 3 * SECOND_US;
  gint64 sent_us = *now_us, there_us = (gint64) (sim->there_us + draw_jitter (sim));
  gint64 back_us = (gint64) (sim->back_us + draw_jitter (sim)), read_us = sent_us + there_us;
  gint64 clock_us = read_us + (gint64) floor (get_true_offset (sim, (double) read_us));
  OpTime told = op_time_from_unix_us (clock_us, sim->utc_offset_s);

  *now_us = read_us + back_us;
  if (sim->resolution_us > 0)
    told -= (told % OP_SECOND + OP_SECOND) % OP_SECOND;
  return (OpClockReading) { told, (sent_us + *now_us) / 2, *now_us - sent_us, sim->resolution_us };
}

static const char *const begins[] = {
  "1990-01-01", "1999-12-31 23:59:58", "2000-02-28 23:59:59", "2024-02-29 12:00:00", "2026-12-31 23:59:55",
  "2038-01-19 03:14:05", "2106-02-07 06:28:13", "1989-12-31 23:59:50",
};

static void
draw_simulation (Simulation *sim, guint32 seed)
{
  static const double delays[] = { 1e3, 2e4, 2e5, 2e6 };
  GRand *rand = g_rand_new_with_seed (seed);
  double delay = delays[g_rand_int_range (rand, 0, 4)], share = g_rand_double (rand);
  OpTime begin;

  g_assert_true (op_time_parse (begins[g_rand_int_range (rand, 0, G_N_ELEMENTS (begins))], &begin));
  *sim = (Simulation) {
    .rand = rand,
    .begin_us = op_time_to_unix_us (begin, 0) + g_rand_int_range (rand, 0, 10000000),
    .offset_us = g_rand_double_range (rand, -1, 1) * pow (10, g_rand_int_range (rand, 3, 15)),
    .ppm = g_rand_double_range (rand, -200, 200),
    .utc_offset_s = 900 * g_rand_int_range (rand, -48, 57),
    .there_us = delay * share,
    .back_us = delay * (1 - share),
    .jitter_us = delay * g_rand_double (rand),
    .loss = g_rand_boolean (rand) ? 0 : 0.3,
    .resolution_us = g_rand_boolean (rand) ? 0 : SECOND_US,
  };
}

static void
test_within_uncertainty (void)
{
  guint32 base = (guint32) g_test_rand_int ();

  g_test_message ("seeds from %u on", base);
  for (guint32 i = 0; i < N_RUNS; i++)
    {
      Simulation sim;
      draw_simulation (&sim, base + i);
      OpClockReading readings[20];
      gint64 now_us = sim.begin_us, best_us = G_MAXINT64;
      guint n = (guint) g_rand_int_range (sim.rand, 1, G_N_ELEMENTS (readings) + 1);
      for (guint j = 0; j < n; j++, now_us += g_rand_int_range (sim.rand, 0, 2000000))
        {
          readings[j] = ask (&sim, &now_us);
          best_us = MIN (best_us, (readings[j].round_trip_us + readings[j].resolution_us) / 2);
        }
      OpClockOffset offset = op_clock_offset_combine (readings, n, sim.utc_offset_s);
      double error_us = (double) offset.offset_us - get_true_offset (&sim, (double) offset.host_unix_us);
      g_assert_cmpfloat (fabs (error_us), <=, (double) offset.uncertainty_us);
      g_assert_cmpuint (offset.n_agreeing, ==, n);
      g_assert_cmpint (offset.uncertainty_us, <=, best_us + (now_us - sim.begin_us) / 3000 + 3);
      g_rand_free (sim.rand);
    }
}

/* Watching the second tick over: nine well-timed questions see 1 s as well as the link lets them. */
static void
test_whole_seconds (void)
{
  guint32 base = (guint32) g_test_rand_int ();

  g_test_message ("seeds from %u on", base);
  for (guint32 i = 0; i < 1000; i++)
    {
      Simulation sim;
      draw_simulation (&sim, base + i);
      sim.resolution_us = SECOND_US;
      sim.loss = 0;
      sim.there_us = sim.back_us = g_rand_double_range (sim.rand, 500, 50000);
      sim.jitter_us = 500;
      OpClockReading readings[10];
      gint64 now_us = sim.begin_us;
      readings[0] = ask (&sim, &now_us);
      for (guint j = 1; j < G_N_ELEMENTS (readings); j++)
        {
          OpClockOffset offset = op_clock_offset_combine (readings, j, sim.utc_offset_s);
          gint64 next_us = op_clock_offset_next_request (&offset, now_us);
          g_assert_cmpint (next_us, >=, now_us);
          g_assert_cmpint (next_us, <=, now_us + SECOND_US);
          now_us = next_us;
          readings[j] = ask (&sim, &now_us);
        }
      OpClockOffset offset = op_clock_offset_combine (readings, G_N_ELEMENTS (readings), sim.utc_offset_s);
      double error_us = (double) offset.offset_us - get_true_offset (&sim, (double) offset.host_unix_us);
      g_assert_cmpfloat (fabs (error_us), <=, (double) offset.uncertainty_us);
      g_assert_cmpfloat ((double) offset.uncertainty_us, <=, 1.5 * sim.there_us + 15000);
      g_rand_free (sim.rand);
    }
}

/* The way there takes 10 ms, the way back 390: the middle is wrong by 190 ms, and says so. */
static void
test_asymmetric (void)
{
  const OpClockReading reading = { 100 * OP_SECOND + 10 * (OP_SECOND / 1000),
                                   (OP_UNIX_OF_1990 + 100) * SECOND_US + 200000, 400000, 0 };
  OpClockOffset offset = op_clock_offset_combine (&reading, 1, 0);

  g_assert_cmpint (ABS (offset.offset_us + 190000), <=, 2);
  g_assert_cmpint (offset.uncertainty_us, >=, 200000);
  g_assert_cmpint (offset.uncertainty_us, <=, 200003);
}

/* Somebody sets the clock while we look. */
static void
test_set_meanwhile (void)
{
  OpClockReading readings[6];

  for (guint i = 0; i < G_N_ELEMENTS (readings); i++)
    readings[i] = (OpClockReading) { (i < 3 ? 70 : 0) * OP_SECOND + i * OP_SECOND,
                                     (OP_UNIX_OF_1990 + i) * SECOND_US, 20000, 0 };
  OpClockOffset offset = op_clock_offset_combine (readings, G_N_ELEMENTS (readings), 0);
  g_assert_cmpuint (offset.n_agreeing, ==, 3);
  g_assert_cmpint (ABS (offset.offset_us), <=, offset.uncertainty_us);
  g_assert_cmpint (offset.uncertainty_us, <=, 11000);
}

static void
test_proposal (void)
{
  const struct
  {
    const char *utc, *logger;
    gint        minutes; /* G_MAXINT: none */
  } cases[] = {
    { "2026-11-21 12:00:00", "2026-11-21 13:00:42", 60 },
    { "2026-11-21 12:00:00", "2026-11-21 12:02:00", 0 },
    { "2026-11-21 12:00:00", "2026-11-21 11:53:00", 0 },
    { "2026-11-21 12:00:00", "2026-11-21 11:52:00", -15 },
    { "2026-11-21 12:00:00", "2026-11-21 17:44:59", 345 },
    { "2026-12-31 23:59:00", "2027-01-01 13:58:50", 840 },
    { "2027-01-01 00:10:00", "2026-12-31 20:40:03", -210 },
    { "2024-02-29 20:00:00", "2024-03-01 05:30:00", 570 },
    { "2038-01-19 03:14:08", "2038-01-18 15:14:08", -720 },
    { "2106-02-07 06:28:16", "2106-02-07 07:28:16", 60 },
    { "1990-01-01 00:00:00", "1989-12-31 18:59:59", -300 },
    { "2026-11-21 12:00:00", "2026-11-22 02:30:00", G_MAXINT },
    { "2026-11-21 12:00:00", "2026-11-20 23:30:00", G_MAXINT },
    { "2026-11-21 12:00:00", "1990-01-01 00:00:10", G_MAXINT },
    { "2026-11-21 12:00:00", "2000-01-01 00:00:10", G_MAXINT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OpTime utc, logger;
      gint proposal;
      g_assert_true (op_time_parse (cases[i].utc, &utc) && op_time_parse (cases[i].logger, &logger));
      OpClockReading reading = { logger, op_time_to_unix_us (utc, 0), 10000, 0 };
      gboolean found = op_clock_propose_utc_offset (&reading, &proposal);
      g_assert_cmpint (found, ==, cases[i].minutes != G_MAXINT);
      if (found)
        g_assert_cmpint (proposal, ==, cases[i].minutes * 60);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock-offset/within-uncertainty", test_within_uncertainty);
  g_test_add_func ("/clock-offset/whole-seconds", test_whole_seconds);
  g_test_add_func ("/clock-offset/asymmetric", test_asymmetric);
  g_test_add_func ("/clock-offset/set-meanwhile", test_set_meanwhile);
  g_test_add_func ("/clock-offset/proposal", test_proposal);
  return g_test_run ();
}
