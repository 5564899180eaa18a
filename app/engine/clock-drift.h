/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** One look at a station's clock. */
typedef struct
{
  gint64 host_unix_us;   /* when, by this computer: µs since 1970 UTC */
  gint64 offset_us;      /* logger time minus this computer's in the station's zone, before any adjustment */
  gint64 uncertainty_us; /* the true offset differs from it by at most this */
  gint64 adjusted_us;    /* what was then added to the clock; 0: it was only looked at */
} OpClockCheck;

typedef enum
{
  OP_CLOCK_STEP_SET,           /* by this program: as much as it added */
  OP_CLOCK_STEP_SET_ELSEWHERE, /* by somebody else: it is nearer to right than before */
  OP_CLOCK_STEP_HOUR,          /* a whole hour: somebody follows daylight saving */
  OP_CLOCK_STEP_STOOD_STILL,   /* back by minutes or less: a reboot */
  OP_CLOCK_STEP_TO_1990,       /* begun anew at 1990-01-01: its lithium battery is empty */
  OP_CLOCK_STEP_TO_2000,       /* the same where a clock begins at 2000-01-01 */
  OP_CLOCK_STEP_OTHER,
} OpClockStepKind;

typedef struct
{
  OpClockStepKind kind;
  guint           check;   /* place of the first check that shows it */
  gint64          size_us; /* ahead when positive */
} OpClockStep;

/** How fast a clock goes wrong. */
typedef struct
{
  double ppm;             /* ahead when positive; NAN when it cannot be told */
  double uncertainty_ppm;
} OpClockRate;

/** Checks without a step between them, and the line through them. */
typedef struct
{
  guint       first, n_checks; /* places of checks */
  OpClockRate rate;            /* of this segment alone */
  gint64      offset_us;       /* of the line at the first check */
} OpClockSegment;

/** What a history of checks says of a clock. */
typedef struct
{
  GArray     *checks;   /* OpClockCheck, by time */
  GArray     *steps;    /* OpClockStep, in order; at one check a set and another step may both show */
  GArray     *segments; /* OpClockSegment, in order, covering all checks */
  OpClockRate rate;     /* as it is now: of the newest segments */
} OpClockDrift;

/**
 * A step is a change between two checks that neither their uncertainties nor the rate common to most of the
 * history explain. The rate is the median of the slopes between any two checks of a segment (Theil and Sen),
 * precise ones counting for more, within what the uncertainties allow. Takes milliseconds for a thousand checks.
 */
OpClockDrift *op_clock_drift_new  (const OpClockCheck *checks, guint n_checks);
void          op_clock_drift_free (OpClockDrift *drift);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpClockDrift, op_clock_drift_free)

static inline double
op_clock_rate_get_seconds_a_day (const OpClockRate *rate)
{
  return rate->ppm * 86400 / 1e6;
}

/** Whether a rate tells anything: no clock of a logger that works is off by a thousandth. */
static inline gboolean
op_clock_rate_is_known (const OpClockRate *rate)
{
  return rate->uncertainty_ppm < 1000; /* not for NAN */
}

/**
 * When the clock, left alone, is off by more than @threshold_us, µs since 1970 UTC: the time of the last check if it
 * is so already; G_MAXINT64 when it cannot be told or does not happen within a hundred years.
 */
gint64        op_clock_drift_forecast (const OpClockDrift *drift, gint64 threshold_us);

G_END_DECLS
