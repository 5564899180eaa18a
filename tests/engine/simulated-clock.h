/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"

/** How far away a simulated logger is, and how well it is heard. */
typedef struct
{
  gint64 there_us;    /* the shortest way there */
  gint64 back_us;     /* and back */
  gint64 jitter_us;   /* at most this is added to each */
  double loss;        /* probability that a way loses what goes it */
  gint64 timeout_us;
} SimulatedLink;

/**
 * A logger that has nothing but a clock and tables, far away, in the main loop's time. It counts what happens to its
 * records when its clock is adjusted. A change that was not answered ends as logger-changes.h promises.
 */
#define SIMULATED_TYPE_CLOCK (simulated_clock_get_type ())
G_DECLARE_FINAL_TYPE (SimulatedClock, simulated_clock, SIMULATED, CLOCK, OpLogger)

struct _SimulatedClock
{
  OpLogger      parent_instance;
  GRand        *rand;           /* the test's */
  SimulatedLink link;
  gboolean      is_coarse;      /* tells, and can be set by, whole seconds */
  double        ppm;
  OpTime        base;           /* what the clock showed */
  gint64        base_us;        /* at this monotonic time */
  GPtrArray    *tables;         /* OpTable; the test's */

  guint         n_applied;
  gint64        applied;        /* ns that were added in all */
  guint64       n_harmed;       /* records that were skipped or stored twice */
};

OpTime simulated_clock_get_time (SimulatedClock *self, gint64 monotonic_us);
