/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/virtual-table.h"

#include "protocol/emulator/weather.h"

/* The slots of one run of the clock. */
typedef struct
{
  guint64 first;     /* counted from the logger's first slot on */
  guint64 count;
  gint64  before; /* the last slot that ended before this run */
} Segment;

static gint64
floor_slot (OpTime time, OpTime slot)
{
  return time / slot - (time % slot < 0);
}

static OpTime
get_slot_time (const OpVirtualTable *table, gint64 slot)
{
  OpTime time = slot * table->slot;
  double chance;

  if (!table->scattered)
    return time;
  /* A whole second of the slot that follows. */
  chance = op_weather_chance (table->seed, table->definition->number, slot);
  return time + (gint64) (chance * (double) (table->slot / OP_SECOND)) * OP_SECOND;
}

static Segment
make_segment (const OpVirtualTable *table, guint64 first, OpRun run)
{
  gint64 before = floor_slot (run.from, table->slot);
  gint64 last = floor_slot (run.to, table->slot);

  /* The last event of a run may not have happened yet. */
  if (table->scattered && last > before && get_slot_time (table, last) > run.to)
    last--;
  return (Segment) { first, MAX (last - before, 0), before };
}

static const Segment *
get_segment (const OpVirtualTable *table, guint i)
{
  return &g_array_index (table->segments, Segment, i);
}

static guint64
count_slots (const OpVirtualTable *table)
{
  const Segment *last = get_segment (table, table->segments->len - 1);

  return last->first + last->count;
}

static OpTime
get_time_in_segment (const OpVirtualTable *table, const Segment *segment, guint64 i)
{
  return get_slot_time (table, segment->before + 1 + i);
}

/* The last segment that begins at or before @slot. */
static guint
find_segment (const OpVirtualTable *table, guint64 slot)
{
  guint low = 0, high = table->segments->len;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (get_segment (table, middle)->first <= slot)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* The first of the segment's slots, from @low on, whose time is not before @time. */
static guint64
find_time_in_segment (const OpVirtualTable *table, const Segment *segment, guint64 low, OpTime time)
{
  guint64 high = segment->count;

  while (low < high)
    {
      guint64 middle = low + (high - low) / 2;

      if (get_time_in_segment (table, segment, middle) < time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

OpVirtualTable *
op_virtual_table_new (OpTable *definition, OpTime slot, OpFillFunc fill)
{
  OpVirtualTable *table = g_new0 (OpVirtualTable, 1);

  table->definition = definition;
  table->slot = slot;
  table->fill = fill;
  table->segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  return table;
}

void
op_virtual_table_free (OpVirtualTable *table)
{
  op_table_unref (table->definition);
  g_array_unref (table->segments);
  g_free (table);
}

void
op_virtual_table_update (OpVirtualTable *table, const OpVirtualClock *clock)
{
  guint n_runs = op_virtual_clock_get_n_runs (clock);

  /* What was the running segment has to be made anew: it grew, and may have ended since. */
  if (table->segments->len > 0)
    g_array_set_size (table->segments, table->segments->len - 1);
  for (guint i = table->segments->len; i < n_runs; i++)
    {
      Segment segment = make_segment (table, i > 0 ? count_slots (table) : 0, op_virtual_clock_get_run (clock, i));

      g_array_append_val (table->segments, segment);
    }
}

void
op_virtual_table_reset (OpVirtualTable *table, const OpVirtualClock *clock)
{
  op_virtual_table_update (table, clock);
  table->skipped = count_slots (table);
  table->file_first = 0;
  table->n_resets++;
}

void
op_virtual_table_get_span (const OpVirtualTable *table, guint64 *oldest, guint64 *next)
{
  guint64 size = table->definition->size;
  guint64 slots = count_slots (table);

  *next = slots > table->skipped ? slots - table->skipped : 0;
  *oldest = *next > size ? *next - size : 0;
}

OpTime
op_virtual_table_get_time (const OpVirtualTable *table, guint64 record)
{
  guint64 slot = record + table->skipped;
  const Segment *segment = get_segment (table, find_segment (table, slot));

  return get_time_in_segment (table, segment, slot - segment->first);
}

guint
op_virtual_table_get_clock_run (const OpVirtualTable *table, guint64 record)
{
  return find_segment (table, record + table->skipped);
}

guint64
op_virtual_table_get_run (const OpVirtualTable *table, guint64 record, guint64 max)
{
  guint64 slot = record + table->skipped;
  guint64 count = 0;
  gint64 expected = 0;

  for (guint i = find_segment (table, slot); i < table->segments->len && count < max; i++)
    {
      const Segment *segment = get_segment (table, i);
      guint64 skip = count == 0 ? slot - segment->first : 0;

      if (segment->count == 0)
        continue;
      if (count > 0 && segment->before + 1 != expected)
        break;
      count += segment->count - skip;
      expected = segment->before + 1 + segment->count;
    }
  return MIN (count, max);
}

gboolean
op_virtual_table_find (const OpVirtualTable *table, OpTime begin, OpTime end, guint64 *first, guint64 *count)
{
  guint64 oldest, next;

  op_virtual_table_get_span (table, &oldest, &next);
  *first = next;
  *count = 0;
  for (guint i = 0; i < table->segments->len; i++)
    {
      const Segment *segment = get_segment (table, i);
      guint64 gone = oldest + table->skipped;
      guint64 low = gone > segment->first ? MIN (gone - segment->first, segment->count) : 0;
      guint64 a = find_time_in_segment (table, segment, low, begin);
      guint64 b = find_time_in_segment (table, segment, a, end);

      if (a == b)
        continue;
      if (*count > 0)
        return TRUE;
      *first = segment->first + a - table->skipped;
      *count = b - a;
    }
  return FALSE;
}
