/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-moment.h"

/* Longer intervals and jumps than a logger's clock can tell (68 years) are cut to this; sums of three stay in range. */
#define LONGEST (G_MAXINT64 / 4)
/* Tables of nanoseconds that get into each other's way would keep us for ever. */
#define MAX_STEPS 1000000

/* What lies between the clock's readings just before and just after the adjustment, whenever exactly it is made. */
typedef struct
{
  gint64 before; /* from the moment back */
  gint64 behind; /* and ahead */
} Span;

static gint64
modulo (gint64 dividend, gint64 divisor)
{
  gint64 remainder = dividend % divisor;

  return remainder < 0 ? remainder + divisor : remainder;
}

/* Nanoseconds since the last output time of @table. */
static gint64
get_phase (const OpTable *table, OpTime time)
{
  return modulo (modulo (time, table->interval) - modulo (table->into, table->interval), table->interval);
}

static gboolean
has_outputs (const OpTable *table)
{
  return table->interval > 0 && table->interval < LONGEST;
}

static Span
make_span (gint64 adjustment, gint64 uncertainty)
{
  adjustment = CLAMP (adjustment, -LONGEST, LONGEST);
  uncertainty = CLAMP (uncertainty, 0, LONGEST);
  return (Span) { uncertainty - MIN (adjustment, 0), uncertainty + MAX (adjustment, 0) };
}

/* An interval has room for the span with no output time in it, nor at either of its ends: whether one there counts,
   only the logger knows. */
static gboolean
fits (const OpTable *table, const Span *span)
{
  return !has_outputs (table) || span->before + span->behind < table->interval - 1;
}

/* How long after @time the span first lies clear of the output times of @table. */
static gint64
get_wait (const OpTable *table, OpTime time, const Span *span)
{
  if (!has_outputs (table))
    return 0;
  gint64 phase = get_phase (table, time);

  if (phase > span->before && phase < table->interval - span->behind)
    return 0;
  return modulo (span->before + 1 - phase, table->interval);
}

/* How long from @time on, at which it is clear, it stays so. */
static gint64
get_room (const OpTable *table, OpTime time, const Span *span)
{
  return has_outputs (table) ? table->interval - span->behind - 1 - get_phase (table, time) : G_MAXINT64;
}

static OpClockMoment
fail (OpClockMomentState state, const OpTable *obstacle)
{
  return (OpClockMoment) { state, OP_TIME_UNKNOWN, OP_TIME_UNKNOWN, obstacle };
}

static OpClockMoment
succeed (const GPtrArray *tables, OpTime from, const Span *span)
{
  gint64 room = G_MAXINT64;

  for (guint i = 0; i < tables->len; i++)
    room = MIN (room, get_room (g_ptr_array_index (tables, i), from, span));
  if (room == G_MAXINT64 || from > G_MAXINT64 - room)
    return (OpClockMoment) { OP_CLOCK_MOMENT_SAFE, from, G_MAXINT64, NULL };
  return (OpClockMoment) { OP_CLOCK_MOMENT_SAFE, from, from + room, NULL };
}

/* No table is ever left for an earlier moment than it needs, so that what suits all of them is the first that does. */
static OpClockMoment
search (const GPtrArray *tables, OpTime now, const Span *span, gint64 horizon)
{
  gint64 left = horizon;
  OpTime time = now;
  guint n_clear = 0;

  for (guint i = 0; n_clear < tables->len; i++)
    {
      const OpTable *table = g_ptr_array_index (tables, i % tables->len);
      gint64 wait = get_wait (table, time, span);

      if (wait > left || i == MAX_STEPS || time > G_MAXINT64 - wait)
        return fail (OP_CLOCK_MOMENT_TOO_FAR, table);
      time += wait;
      left -= wait;
      n_clear = wait == 0 ? n_clear + 1 : 1;
    }
  return succeed (tables, time, span);
}

OpClockMoment
op_clock_moment_find (const GPtrArray *tables, OpTime now, gint64 adjustment, gint64 uncertainty, gint64 horizon)
{
  Span span = make_span (adjustment, uncertainty);

  for (guint i = 0; i < tables->len; i++)
    if (!fits (g_ptr_array_index (tables, i), &span))
      return fail (OP_CLOCK_MOMENT_NEVER, g_ptr_array_index (tables, i));
  return search (tables, now, &span, horizon);
}

/* Whether all of the phases from @phase on for @width lie within @first to @last. */
static gboolean
is_within (gint64 phase, gint64 width, gint64 first, gint64 last)
{
  return phase >= first && phase <= last && width <= last - phase;
}

/* A jump over q intervals and a rest crosses q output times, and one more when the rest reaches over the next. */
static OpClockHarm
get_harm (const OpTable *table, OpTime moment, gint64 adjustment, gint64 uncertainty)
{
  gint64 size = ABS (adjustment), rest = size % table->interval;
  guint64 n_whole = (guint64) (size / table->interval);
  gint64 phase = modulo (get_phase (table, moment) - modulo (uncertainty, table->interval)
                         + MIN (adjustment, 0) % table->interval, table->interval);
  gboolean is_over = is_within (phase, 2 * uncertainty, table->interval - rest + 1, table->interval - 1);
  gboolean is_clear = is_within (phase, 2 * uncertainty, 1, table->interval - rest - 1);

  return (OpClockHarm) { table, n_whole + (is_over ? 1 : 0), n_whole + (is_clear ? 0 : 1) };
}

GArray *
op_clock_moment_list_harm (const GPtrArray *tables, OpTime moment, gint64 adjustment, gint64 uncertainty)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (OpClockHarm));

  adjustment = CLAMP (adjustment, -LONGEST, LONGEST);
  uncertainty = CLAMP (uncertainty, 0, LONGEST);
  for (guint i = 0; i < tables->len; i++)
    {
      const OpTable *table = g_ptr_array_index (tables, i);
      if (!has_outputs (table))
        continue;
      OpClockHarm harm = get_harm (table, moment, adjustment, uncertainty);
      if (harm.most > 0)
        g_array_append_val (list, harm);
    }
  return list;
}
