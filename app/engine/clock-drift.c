/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-drift.h"

#include <math.h>

#define UNIX_1990_US (G_GINT64_CONSTANT (631152000) * G_USEC_PER_SEC)
#define UNIX_2000_US (G_GINT64_CONSTANT (946684800) * G_USEC_PER_SEC)
#define DAY_US       (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define CENTURY_US   (36525 * DAY_US)
#define HOUR_US      3600e6
#define REBOOT_US    600e6
/* No crystal is so far off. */
#define MAX_PPM      300
/* Loggers keep their time in steps of as much. */
#define GRAIN_US     10e3
/* Slopes between neighbours that are known no better do not tell the common rate, */
#define VAGUE_PPM    100
/* and so many that are make it sure, up to how temperature changes it. */
#define SURE_SLOPES  5
#define SURE_PPM     3
#define UNSURE_PPM   50
/* Six times the median deviation is four standard ones. */
#define WIDE         6
/* Points of a segment that make the pairs which are looked at, and checks that suffice for the rate. */
#define MAX_POINTS   100
#define ENOUGH       10

typedef struct
{
  double ppm;
  double slack_ppm; /* it may be off by */
  double weight;
} Slope;

static gint
compare_checks (gconstpointer a, gconstpointer b)
{
  const OpClockCheck *first = a, *second = b;

  return (first->host_unix_us > second->host_unix_us) - (first->host_unix_us < second->host_unix_us);
}

static gint
compare_slopes (gconstpointer a, gconstpointer b)
{
  const Slope *first = a, *second = b;

  return (first->ppm > second->ppm) - (first->ppm < second->ppm);
}

static const OpClockCheck *
get_check (const OpClockDrift *drift, guint i)
{
  return &g_array_index (drift->checks, OpClockCheck, i);
}

static double
get_seconds (const OpClockCheck *from, const OpClockCheck *to)
{
  return (double) (to->host_unix_us - from->host_unix_us) / G_USEC_PER_SEC;
}

/* The weighted median, by which half of the weight lies on either side. Sorts @slopes. */
static double
get_median (GArray *slopes)
{
  double sum = 0, half = 0;
  guint i;

  g_array_sort (slopes, compare_slopes);
  for (i = 0; i < slopes->len; i++)
    half += g_array_index (slopes, Slope, i).weight / 2;
  for (i = 0; i < slopes->len; i++)
    {
      sum += g_array_index (slopes, Slope, i).weight;
      if (sum >= half)
        break;
    }
  return slopes->len > 0 ? g_array_index (slopes, Slope, MIN (i, slopes->len - 1)).ppm : NAN;
}

static double
get_median_deviation (const GArray *slopes, double median)
{
  g_autoptr (GArray) deviations = g_array_sized_new (FALSE, FALSE, sizeof (Slope), slopes->len);

  for (guint i = 0; i < slopes->len; i++)
    {
      Slope slope = g_array_index (slopes, Slope, i);
      slope.ppm = fabs (slope.ppm - median);
      g_array_append_val (deviations, slope);
    }
  return get_median (deviations);
}

/* How far apart two checks may seem to lie though they do not. */
static double
get_slack (const OpClockCheck *from, const OpClockCheck *to)
{
  return (double) (from->uncertainty_us + to->uncertainty_us) + GRAIN_US;
}

/* By how much the clock went wrong by itself from one check to the next. */
static double
get_change (const OpClockCheck *from, const OpClockCheck *to)
{
  return (double) (to->offset_us - from->offset_us - from->adjusted_us);
}

/* The rate between neighbours that is common to most of them, and how far it may be from the one at a given time. */
static OpClockRate
get_common_rate (const OpClockDrift *drift)
{
  g_autoptr (GArray) slopes = g_array_new (FALSE, FALSE, sizeof (Slope));

  for (guint i = 1; i < drift->checks->len; i++)
    {
      const OpClockCheck *from = get_check (drift, i - 1), *to = get_check (drift, i);
      double seconds = get_seconds (from, to);
      Slope slope = { get_change (from, to) / seconds, get_slack (from, to) / seconds, 1 };
      if (seconds > 0 && slope.slack_ppm <= VAGUE_PPM && fabs (slope.ppm) <= MAX_PPM)
        g_array_append_val (slopes, slope);
    }
  if (slopes->len == 0)
    return (OpClockRate) { 0, MAX_PPM };
  OpClockRate rate = { get_median (slopes), UNSURE_PPM };
  if (slopes->len >= SURE_SLOPES)
    rate.uncertainty_ppm = CLAMP (WIDE * get_median_deviation (slopes, rate.ppm), SURE_PPM, MAX_PPM);
  return rate;
}

/* Whether the clock began anew at @begin_us since it was last looked at, which may be in any zone. */
static gboolean
has_begun (const OpClockCheck *from, const OpClockCheck *to, gint64 begin_us)
{
  gint64 age_us = to->host_unix_us + to->offset_us - begin_us;

  return age_us >= -DAY_US && age_us <= to->host_unix_us - from->host_unix_us + DAY_US;
}

static OpClockStepKind
classify (const OpClockCheck *from, const OpClockCheck *to, double size_us, double slack_us)
{
  double before_us = fabs ((double) to->offset_us - size_us), after_us = fabs ((double) to->offset_us);

  if (has_begun (from, to, UNIX_1990_US))
    return OP_CLOCK_STEP_TO_1990;
  if (has_begun (from, to, UNIX_2000_US))
    return OP_CLOCK_STEP_TO_2000;
  if (fabs (fabs (size_us) - HOUR_US) <= slack_us + G_USEC_PER_SEC)
    return OP_CLOCK_STEP_HOUR;
  if (after_us <= before_us / 2)
    return OP_CLOCK_STEP_SET_ELSEWHERE;
  return size_us < 0 && size_us >= -REBOOT_US ? OP_CLOCK_STEP_STOOD_STILL : OP_CLOCK_STEP_OTHER;
}

/* What steps there are between check @i and the one before it. */
static gboolean
find_steps (OpClockDrift *drift, guint i, const OpClockRate *rate)
{
  const OpClockCheck *from = get_check (drift, i - 1), *to = get_check (drift, i);
  double seconds = get_seconds (from, to);
  double size_us = get_change (from, to) - rate->ppm * seconds;
  double slack_us = get_slack (from, to) + rate->uncertainty_ppm * seconds;

  if (from->adjusted_us != 0)
    {
      OpClockStep step = { OP_CLOCK_STEP_SET, i, from->adjusted_us };
      g_array_append_val (drift->steps, step);
    }
  if (fabs (size_us) > slack_us)
    {
      OpClockStep step = { classify (from, to, size_us, slack_us), i, (gint64) size_us };
      g_array_append_val (drift->steps, step);
    }
  return from->adjusted_us != 0 || fabs (size_us) > slack_us;
}

static void
split (OpClockDrift *drift)
{
  OpClockRate rate = get_common_rate (drift);
  OpClockSegment segment = { 0 };

  for (guint i = 0; i < drift->checks->len; i++)
    {
      if (i > 0 && find_steps (drift, i, &rate))
        {
          g_array_append_val (drift->segments, segment);
          segment = (OpClockSegment) { .first = i };
        }
      segment.n_checks++;
    }
  if (segment.n_checks > 0)
    g_array_append_val (drift->segments, segment);
}

/* Of a long segment, checks at even distances, with the first and last of them. */
static guint
pick (const OpClockSegment *segment, guint i, guint n)
{
  return segment->first + (n > 1 ? (guint) ((guint64) i * (segment->n_checks - 1) / (n - 1)) : 0);
}

static void
collect_slopes (const OpClockDrift *drift, const OpClockSegment *segment, GArray *slopes)
{
  guint n = MIN (segment->n_checks, MAX_POINTS);

  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      {
        const OpClockCheck *from = get_check (drift, pick (segment, i, n));
        const OpClockCheck *to = get_check (drift, pick (segment, j, n));
        double seconds = get_seconds (from, to), slack_us = get_slack (from, to);
        Slope slope = { (double) (to->offset_us - from->offset_us) / seconds, slack_us / seconds, seconds / slack_us };
        if (seconds > 0)
          g_array_append_val (slopes, slope);
      }
}

/* The rate, and what all slopes together allow; where the rate changed so that they do not agree, their spread. */
static OpClockRate
get_rate (GArray *slopes)
{
  OpClockRate rate = { get_median (slopes), NAN };
  double low = -INFINITY, high = INFINITY;

  if (slopes->len == 0)
    return rate;
  for (guint i = 0; i < slopes->len; i++)
    {
      const Slope *slope = &g_array_index (slopes, Slope, i);
      low = MAX (low, slope->ppm - slope->slack_ppm);
      high = MIN (high, slope->ppm + slope->slack_ppm);
    }
  if (low > high)
    {
      rate.uncertainty_ppm = get_median_deviation (slopes, rate.ppm);
      return rate;
    }
  rate.ppm = CLAMP (rate.ppm, low, high);
  rate.uncertainty_ppm = MAX (rate.ppm - low, high - rate.ppm);
  return rate;
}

/* The median of what the checks say of the offset at the first one. */
static gint64
get_line_offset (const OpClockDrift *drift, const OpClockSegment *segment, double ppm)
{
  guint n = MIN (segment->n_checks, MAX_POINTS);
  const OpClockCheck *first = get_check (drift, segment->first);
  g_autoptr (GArray) changes = g_array_sized_new (FALSE, FALSE, sizeof (Slope), n);

  for (guint i = 0; i < n; i++)
    {
      const OpClockCheck *check = get_check (drift, pick (segment, i, n));
      double change_us = (double) (check->offset_us - first->offset_us) - ppm * get_seconds (first, check);
      Slope change = { change_us, 0, 1 / ((double) check->uncertainty_us + GRAIN_US) };
      g_array_append_val (changes, change);
    }
  return first->offset_us + (gint64) get_median (changes);
}

/* Each segment by itself; and the newest ones together, as a clock that was set drifts on as before. */
static void
fit (OpClockDrift *drift)
{
  g_autoptr (GArray) newest = g_array_new (FALSE, FALSE, sizeof (Slope));
  guint n_newest = 0;

  for (guint i = drift->segments->len; i-- > 0;)
    {
      OpClockSegment *segment = &g_array_index (drift->segments, OpClockSegment, i);
      g_autoptr (GArray) slopes = g_array_new (FALSE, FALSE, sizeof (Slope));
      collect_slopes (drift, segment, slopes);
      segment->rate = get_rate (slopes);
      segment->offset_us = get_line_offset (drift, segment, isnan (segment->rate.ppm) ? 0 : segment->rate.ppm);
      if (n_newest < ENOUGH)
        g_array_append_vals (newest, slopes->data, slopes->len);
      n_newest += segment->n_checks;
    }
  drift->rate = get_rate (newest);
}

OpClockDrift *
op_clock_drift_new (const OpClockCheck *checks, guint n_checks)
{
  OpClockDrift *drift = g_new0 (OpClockDrift, 1);

  drift->checks = g_array_new (FALSE, FALSE, sizeof (OpClockCheck));
  drift->steps = g_array_new (FALSE, FALSE, sizeof (OpClockStep));
  drift->segments = g_array_new (FALSE, FALSE, sizeof (OpClockSegment));
  if (n_checks > 0)
    g_array_append_vals (drift->checks, checks, n_checks);
  g_array_sort (drift->checks, compare_checks);
  split (drift);
  fit (drift);
  return drift;
}

void
op_clock_drift_free (OpClockDrift *drift)
{
  g_array_unref (drift->checks);
  g_array_unref (drift->steps);
  g_array_unref (drift->segments);
  g_free (drift);
}

/* As the last check left it: what that one alone says, bettered by the line through those before it. */
static double
get_last_offset (const OpClockDrift *drift)
{
  const OpClockSegment *segment = &g_array_index (drift->segments, OpClockSegment, drift->segments->len - 1);
  const OpClockCheck *last = get_check (drift, drift->checks->len - 1);
  double line_us = (double) get_line_offset (drift, segment, drift->rate.ppm)
                   + drift->rate.ppm * get_seconds (get_check (drift, segment->first), last);

  return CLAMP (line_us, (double) (last->offset_us - last->uncertainty_us),
                (double) (last->offset_us + last->uncertainty_us))
         + (double) last->adjusted_us;
}

gint64
op_clock_drift_forecast (const OpClockDrift *drift, gint64 threshold_us)
{
  if (drift->checks->len == 0 || isnan (drift->rate.ppm))
    return G_MAXINT64;

  const OpClockCheck *last = get_check (drift, drift->checks->len - 1);
  double offset_us = get_last_offset (drift), ppm = drift->rate.ppm;
  if (fabs (offset_us) > (double) threshold_us)
    return last->host_unix_us;
  if (fabs (ppm) <= drift->rate.uncertainty_ppm)
    return G_MAXINT64;
  double wait_us = (copysign ((double) threshold_us, ppm) - offset_us) / ppm * 1e6;
  return wait_us <= (double) CENTURY_US ? last->host_unix_us + (gint64) wait_us : G_MAXINT64;
}
