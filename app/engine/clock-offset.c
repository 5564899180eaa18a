/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-offset.h"

#define QUARTER_S   900
#define WESTMOST_S  (-12 * 3600)
#define EASTMOST_S  (14 * 3600)
/* More than any crystal drifts, this computer's included. */
#define DRIFT_PPM   300
/* Readings of one look at a clock lie close together; further apart they say no more of each other. */
#define MAX_APART_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

/* The offsets that a reading allows, both ends included. */
typedef struct
{
  gint64 low, high;
} Bounds;

static gint64
divide_floored (gint64 dividend, gint64 divisor)
{
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

/* What @reading says of the offset at @now_us. Times told are cut off to µs, and so are round trips. */
static Bounds
get_bounds (const OpClockReading *reading, gint64 now_us, gint utc_offset_s)
{
  gint64 told_us = divide_floored (reading->logger_time, 1000) + OP_UNIX_OF_1990 * G_USEC_PER_SEC;
  gint64 offset_us = told_us - utc_offset_s * (gint64) G_USEC_PER_SEC - reading->host_unix_us;
  gint64 apart_us = ABS (now_us - reading->host_unix_us);
  gint64 slack_us = MIN (apart_us, MAX_APART_US) * DRIFT_PPM / 1000000 + 1;

  return (Bounds) { offset_us - (reading->round_trip_us + 1) / 2 - slack_us,
                    offset_us + (reading->round_trip_us + 1) / 2 + slack_us + reading->resolution_us + 1 };
}

/* What all agree on that agree with @low, which is the lower bound of one of them. */
static Bounds
intersect (const Bounds *bounds, guint n, gint64 low, guint *n_agreeing)
{
  Bounds common = { low, G_MAXINT64 };

  *n_agreeing = 0;
  for (guint i = 0; i < n; i++)
    if (bounds[i].low <= low && bounds[i].high >= low)
      {
        common.high = MIN (common.high, bounds[i].high);
        (*n_agreeing)++;
      }
  return common;
}

OpClockOffset
op_clock_offset_combine (const OpClockReading *readings, guint n_readings, gint utc_offset_s)
{
  OpClockOffset offset = { .n_readings = n_readings, .round_trip_us = G_MAXINT64 };
  g_autofree Bounds *bounds = g_new (Bounds, n_readings);

  g_return_val_if_fail (n_readings > 0, offset);

  offset.host_unix_us = readings[n_readings - 1].host_unix_us;
  for (guint i = 0; i < n_readings; i++)
    {
      bounds[i] = get_bounds (&readings[i], offset.host_unix_us, utc_offset_s);
      offset.round_trip_us = MIN (offset.round_trip_us, readings[i].round_trip_us);
    }
  for (guint i = 0; i < n_readings; i++)
    {
      guint n_agreeing;
      Bounds common = intersect (bounds, n_readings, bounds[i].low, &n_agreeing);
      if (n_agreeing < offset.n_agreeing)
        continue;
      offset.n_agreeing = n_agreeing;
      offset.offset_us = common.low + (common.high - common.low) / 2;
      offset.uncertainty_us = (common.high - common.low + 1) / 2;
    }
  return offset;
}

gint64
op_clock_offset_next_request (const OpClockOffset *offset, gint64 earliest_us)
{
  /* The zone's whole seconds do not matter to when a second ticks over. */
  gint64 asked_at_us = earliest_us + offset->round_trip_us / 2 + offset->offset_us;
  gint64 into_us = asked_at_us - divide_floored (asked_at_us, G_USEC_PER_SEC) * G_USEC_PER_SEC;

  return into_us == 0 ? earliest_us : earliest_us + G_USEC_PER_SEC - into_us;
}

gboolean
op_clock_propose_utc_offset (const OpClockReading *reading, gint *utc_offset_s)
{
  gint64 middle_us = divide_floored (reading->logger_time, 1000) + reading->resolution_us / 2
                     + OP_UNIX_OF_1990 * G_USEC_PER_SEC - reading->host_unix_us;
  gint64 quarters = divide_floored (middle_us / G_USEC_PER_SEC + QUARTER_S / 2, QUARTER_S);

  if (quarters < WESTMOST_S / QUARTER_S || quarters > EASTMOST_S / QUARTER_S)
    return FALSE;
  *utc_offset_s = (gint) quarters * QUARTER_S;
  return TRUE;
}
