/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/clock.h"

#include <time.h>

/* What NSec can say: 68 years both ways of 1990. */
#define MAX_TIME (G_MAXINT32 * OP_SECOND)
/* When a run begins that waits for op_virtual_clock_start(). */
#define NEVER    (2 * MAX_TIME)

struct _OpVirtualClock
{
  OpTime  base; /* what it showed at @host_us */
  gint64  host_us;
  double  drift;
  gint64  up_us; /* the host's time since when, or when, it has power */
  GArray *runs;  /* OpRun */
};

/* Seconds east of UTC without daylight saving, which loggers do not know. */
static gint
get_standard_offset (gint64 unix_s)
{
  /* Now, or half a year earlier when it is summer now. */
  for (guint i = 0; i < 2; i++)
    {
      time_t instant = unix_s - i * 182 * 86400;
      struct tm local;

      localtime_r (&instant, &local);
      if (local.tm_isdst <= 0)
        return local.tm_gmtoff;
    }
  return 0;
}

static void
begin_run (OpVirtualClock *clock, OpTime from)
{
  OpRun run = { from, G_MAXINT64 };

  g_array_append_val (clock->runs, run);
}

static OpRun *
get_last_run (const OpVirtualClock *clock)
{
  return &g_array_index (clock->runs, OpRun, clock->runs->len - 1);
}

static gboolean
is_measuring (const OpVirtualClock *clock)
{
  return get_last_run (clock)->from <= op_virtual_clock_now (clock);
}

/* The run ends and the next one begins at @from; one that has not begun yet is put off. */
static void
break_run (OpVirtualClock *clock, OpTime from)
{
  if (!is_measuring (clock))
    {
      get_last_run (clock)->from = from;
      return;
    }
  get_last_run (clock)->to = op_virtual_clock_now (clock);
  begin_run (clock, from);
}

OpVirtualClock *
op_virtual_clock_new (gint64 offset_ns, double drift_ppm)
{
  OpVirtualClock *clock = g_new0 (OpVirtualClock, 1);
  gint64 unix_us = g_get_real_time ();

  clock->host_us = g_get_monotonic_time ();
  clock->base = op_time_from_unix_us (unix_us, get_standard_offset (unix_us / G_USEC_PER_SEC)) + offset_ns;
  clock->drift = drift_ppm / 1e6;
  clock->up_us = clock->host_us;
  clock->runs = g_array_new (FALSE, FALSE, sizeof (OpRun));
  begin_run (clock, clock->base);
  return clock;
}

void
op_virtual_clock_free (OpVirtualClock *clock)
{
  g_array_unref (clock->runs);
  g_free (clock);
}

OpTime
op_virtual_clock_now (const OpVirtualClock *clock)
{
  gint64 elapsed = (g_get_monotonic_time () - clock->host_us) * 1000;

  return clock->base + elapsed + (gint64) ((double) elapsed * clock->drift);
}

void
op_virtual_clock_adjust (OpVirtualClock *clock, gint64 adjustment)
{
  OpTime now = op_virtual_clock_now (clock);
  gint64 shift = CLAMP (now + adjustment, -MAX_TIME, MAX_TIME) - now;

  if (is_measuring (clock))
    {
      break_run (clock, now);
      clock->base += shift;
      get_last_run (clock)->from = op_virtual_clock_now (clock);
      return;
    }
  clock->base += shift;
  if (get_last_run (clock)->from != NEVER)
    get_last_run (clock)->from += shift;
}

void
op_virtual_clock_interrupt (OpVirtualClock *clock, gint64 off)
{
  clock->up_us = g_get_monotonic_time () + off / 1000;
  break_run (clock, op_virtual_clock_now (clock) + off);
}

void
op_virtual_clock_stop (OpVirtualClock *clock)
{
  break_run (clock, NEVER);
}

void
op_virtual_clock_start (OpVirtualClock *clock, gint64 after)
{
  break_run (clock, op_virtual_clock_now (clock) + after);
}

gboolean
op_virtual_clock_is_running (const OpVirtualClock *clock)
{
  return clock->up_us <= g_get_monotonic_time ();
}

guint
op_virtual_clock_get_n_runs (const OpVirtualClock *clock)
{
  return clock->runs->len;
}

OpRun
op_virtual_clock_get_run (const OpVirtualClock *clock, guint i)
{
  OpRun run = g_array_index (clock->runs, OpRun, i);

  if (i == clock->runs->len - 1)
    run.to = MAX (run.from, op_virtual_clock_now (clock));
  return run;
}

void
op_virtual_clock_set_past (OpVirtualClock *clock, const OpRun *runs, guint n_runs)
{
  g_return_if_fail (n_runs > 0);

  g_array_set_size (clock->runs, 0);
  g_array_append_vals (clock->runs, runs, n_runs);
  g_array_index (clock->runs, OpRun, n_runs - 1).to = G_MAXINT64;
}
