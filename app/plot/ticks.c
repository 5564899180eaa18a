/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/ticks.h"

#include <math.h>
#include <string.h>

typedef enum
{
  TEXT_FRACTION,
  TEXT_SECOND,
  TEXT_MINUTE,
  TEXT_DAY,
  TEXT_MONTH,
  TEXT_YEAR,
} TextStyle;

typedef struct
{
  OpTime    length; /* of months and years: about */
  guint     months; /* 0: all steps are of one length */
  TextStyle style;
  guint     digits; /* of the fraction of a second */
} Step;

#define MONTH  (30 * OP_DAY)
#define YEAR   (365 * OP_DAY)
#define MAX_ROOM 1000

/* Multiples of seven days are Mondays, as 1990-01-01 was one. */
static const Step steps[] = {
  { OP_SECOND, 0, TEXT_SECOND, 0 },      { 2 * OP_SECOND, 0, TEXT_SECOND, 0 },  { 5 * OP_SECOND, 0, TEXT_SECOND, 0 },
  { 10 * OP_SECOND, 0, TEXT_SECOND, 0 }, { 15 * OP_SECOND, 0, TEXT_SECOND, 0 }, { 30 * OP_SECOND, 0, TEXT_SECOND, 0 },
  { OP_MINUTE, 0, TEXT_MINUTE, 0 },      { 2 * OP_MINUTE, 0, TEXT_MINUTE, 0 },  { 5 * OP_MINUTE, 0, TEXT_MINUTE, 0 },
  { 10 * OP_MINUTE, 0, TEXT_MINUTE, 0 }, { 15 * OP_MINUTE, 0, TEXT_MINUTE, 0 }, { 30 * OP_MINUTE, 0, TEXT_MINUTE, 0 },
  { OP_HOUR, 0, TEXT_MINUTE, 0 },        { 2 * OP_HOUR, 0, TEXT_MINUTE, 0 },    { 3 * OP_HOUR, 0, TEXT_MINUTE, 0 },
  { 6 * OP_HOUR, 0, TEXT_MINUTE, 0 },    { 12 * OP_HOUR, 0, TEXT_MINUTE, 0 },   { OP_DAY, 0, TEXT_DAY, 0 },
  { 2 * OP_DAY, 0, TEXT_DAY, 0 },        { 7 * OP_DAY, 0, TEXT_DAY, 0 },
  { MONTH, 1, TEXT_MONTH, 0 },           { 2 * MONTH, 2, TEXT_MONTH, 0 },       { 3 * MONTH, 3, TEXT_MONTH, 0 },
  { 6 * MONTH, 6, TEXT_MONTH, 0 },       { YEAR, 12, TEXT_YEAR, 0 },            { 2 * YEAR, 24, TEXT_YEAR, 0 },
  { 5 * YEAR, 60, TEXT_YEAR, 0 },        { 10 * YEAR, 120, TEXT_YEAR, 0 },      { 20 * YEAR, 240, TEXT_YEAR, 0 },
  { 50 * YEAR, 600, TEXT_YEAR, 0 },      { 100 * YEAR, 1200, TEXT_YEAR, 0 },
};

static const guint text_widths[] = {
  [TEXT_FRACTION] = 9, [TEXT_SECOND] = 8, [TEXT_MINUTE] = 6, [TEXT_DAY] = 6, [TEXT_MONTH] = 4, [TEXT_YEAR] = 4,
};

static OpTime
fraction_of (OpTime time)
{
  OpTime rest = time % OP_SECOND;

  return rest < 0 ? rest + OP_SECOND : rest;
}

static GDateTime *
time_to_date (OpTime time)
{
  OpTime seconds = time / OP_SECOND - (time % OP_SECOND < 0 ? 1 : 0);

  return g_date_time_new_from_unix_utc (seconds + OP_UNIX_OF_1990);
}

static gboolean
fits (const Step *step, OpTime from, OpTime to, guint room)
{
  double n = (double) ((guint64) to - (guint64) from) / (double) step->length + 1;

  return n * (text_widths[step->style] + step->digits + 3) <= room;
}

static Step
choose_step (OpTime from, OpTime to, guint room)
{
  static const guint digits[] = { 1, 2, 5 };
  OpTime decade = 1;

  for (guint power = 0; power < 9; power++, decade *= 10)
    {
      for (guint i = 0; i < G_N_ELEMENTS (digits); i++)
        {
          Step step = { digits[i] * decade, 0, TEXT_FRACTION, 9 - power };

          if (fits (&step, from, to, room))
            return step;
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      if (fits (&steps[i], from, to, room))
        return steps[i];
    }
  return steps[G_N_ELEMENTS (steps) - 1];
}

static const char *
date_format (TextStyle style, GDateTime *date)
{
  gboolean midnight = g_date_time_get_hour (date) == 0 && g_date_time_get_minute (date) == 0;

  switch (style)
    {
    case TEXT_FRACTION:
    case TEXT_SECOND:
      return "%H:%M:%S";
    case TEXT_MINUTE:
      return midnight ? "%-d %b" : "%H:%M";
    case TEXT_DAY:
      return "%-d %b";
    case TEXT_MONTH:
      return g_date_time_get_month (date) == 1 ? "%Y" : "%b";
    case TEXT_YEAR:
    default:
      return "%Y";
    }
}

static void
append_tick (GArray *ticks, OpTime time, const Step *step)
{
  g_autoptr (GDateTime) date = time_to_date (time);
  g_autofree char *text = g_date_time_format (date, date_format (step->style, date));
  OpTimeTick tick = { .time = time };

  if (step->style == TEXT_FRACTION)
    {
      char fraction[16];

      g_snprintf (fraction, sizeof fraction, "%09" G_GINT64_FORMAT, fraction_of (time));
      fraction[step->digits] = '\0';
      g_snprintf (tick.text, sizeof tick.text, "%s.%s", text, fraction);
    }
  else
    {
      g_strlcpy (tick.text, text, sizeof tick.text);
    }
  g_array_append_val (ticks, tick);
}

static void
find_even (GArray *ticks, OpTime from, OpTime to, const Step *step)
{
  /* Wider than OpTime, as the last step may lead beyond its end. */
  __int128 time = from - (__int128) (((from % step->length) + step->length) % step->length);

  for (; time <= to; time += step->length)
    {
      if (time >= from)
        append_tick (ticks, (OpTime) time, step);
    }
}

static void
find_months (GArray *ticks, OpTime from, OpTime to, const Step *step)
{
  g_autoptr (GDateTime) date = time_to_date (from);
  guint month = g_date_time_get_year (date) * 12 + g_date_time_get_month (date) - 1;

  for (month -= month % step->months; TRUE; month += step->months)
    {
      g_autoptr (GDateTime) next = g_date_time_new_utc (month / 12, month % 12 + 1, 1, 0, 0, 0);
      __int128 time = (__int128) (g_date_time_to_unix (next) - OP_UNIX_OF_1990) * OP_SECOND;

      if (time > to)
        break;
      if (time >= from)
        append_tick (ticks, (OpTime) time, step);
    }
}

GArray *
op_ticks_find_times (OpTime from, OpTime to, guint room)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (OpTimeTick));
  Step step = choose_step (from, to, MIN (room, MAX_ROOM));

  if (step.months > 0)
    find_months (ticks, from, to, &step);
  else
    find_even (ticks, from, to, &step);
  return ticks;
}

char *
op_ticks_dup_span_text (OpTime from, OpTime to)
{
  g_autoptr (GDateTime) first = time_to_date (from);
  /* Midnight at the end of a day belongs to that day. */
  g_autoptr (GDateTime) last = time_to_date (to > from ? to - 1 : to);
  g_autofree char *first_text = g_date_time_format (first, "%-d %b %Y");
  g_autofree char *last_text = g_date_time_format (last, "%-d %b %Y");

  if (strcmp (first_text, last_text) == 0)
    return g_steal_pointer (&first_text);
  return g_strdup_printf ("%s – %s", first_text, last_text);
}

void
op_ticks_find_values (double from, double to, guint max, OpValueTicks *ticks)
{
  double rough = (to - from) / MAX (max, 1);
  int power = (int) floor (log10 (rough));
  double decade = pow (10, power), ratio = rough / decade;
  double size = fmax (fabs (from), fabs (to));

  /* The limits forgive what pow() and the division round. */
  ticks->step = decade * (ratio <= 1.0001 ? 1 : ratio <= 2.0001 ? 2 : ratio <= 5.0001 ? 5 : 10);
  power = (int) floor (log10 (ticks->step) + 1e-9);
  ticks->first = ceil (from / ticks->step - 1e-9);
  ticks->n = (guint) fmax (floor (to / ticks->step + 1e-9) - ticks->first + 1, 0);
  ticks->exponent = size >= 1e7 || power < -4;
  ticks->digits = ticks->exponent ? CLAMP ((int) floor (log10 (size)) - power, 0, 12) : MAX (-power, 0);
}

double
op_value_ticks_get (const OpValueTicks *ticks, guint i)
{
  return (ticks->first + i) * ticks->step;
}

/* "1.50e+06" becomes "1.50e6". */
static void
shorten_exponent (char *text)
{
  char *e = strchr (text, 'e');
  long power;

  if (e == NULL)
    return;
  power = strtol (e + 1, NULL, 10);
  g_snprintf (e, 8, "e%ld", power);
}

void
op_value_ticks_format (const OpValueTicks *ticks, guint i, char text[OP_TICK_TEXT_SIZE])
{
  double value = op_value_ticks_get (ticks, i);
  const char *sign = value < 0 ? "−" : "";

  if (value == 0)
    g_strlcpy (text, "0", OP_TICK_TEXT_SIZE);
  else if (ticks->exponent)
    g_snprintf (text, OP_TICK_TEXT_SIZE, "%s%.*e", sign, ticks->digits, fabs (value));
  else
    g_snprintf (text, OP_TICK_TEXT_SIZE, "%s%.*f", sign, ticks->digits, fabs (value));
  if (ticks->exponent)
    shorten_exponent (text);
}
