/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-plan.h"

#include <glib/gi18n-lib.h>

/* How long a person waits for a safe moment. */
#define HORIZON OP_HOUR
/* Loggers keep their time no finer: what is off by less is right. */
#define FINEST_US (10 * 1000)
/* What a busy computer may be late. */
#define LATENESS_US (20 * 1000)
/* Room for late commands that is tried for first, as a multiple of what is expected. */
#define MOST_ROOM 32

static gint64
round_to_second (gint64 us)
{
  return (us + (us < 0 ? -1 : 1) * (G_USEC_PER_SEC / 2)) / G_USEC_PER_SEC * G_USEC_PER_SEC;
}

static gint64
get_adjustment (const OpClockOrder *order, const OpClockLook *look)
{
  gint64 adjustment_us = order->goal_us - look->offset.offset_us;

  return look->is_coarse ? round_to_second (adjustment_us) : adjustment_us;
}

gboolean
op_clock_order_is_met (const OpClockOrder *order, const OpClockLook *look)
{
  gint64 off_us = ABS (look->offset.offset_us - order->goal_us);

  if (off_us <= MAX (order->threshold_us, MAX (look->offset.uncertainty_us, FINEST_US)))
    return TRUE;
  return get_adjustment (order, look) == 0;
}

static GPtrArray *
list_tables (GPtrArray *tables)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < tables->len; i++)
    if (op_table_keeps_records (g_ptr_array_index (tables, i)))
      g_ptr_array_add (list, g_ptr_array_index (tables, i));
  return list;
}

/* Tables that no moment suits are given up one after the other. */
static OpClockMoment
find_moment (const GPtrArray *tables, OpTime earliest, gint64 adjustment, gint64 uncertainty)
{
  g_autoptr (GPtrArray) left = g_ptr_array_copy ((GPtrArray *) tables, NULL, NULL);

  for (;;)
    {
      OpClockMoment moment = { 0 };

      for (gint64 room = MOST_ROOM; room > 0; room /= 2)
        {
          moment = op_clock_moment_find (left, earliest, adjustment, uncertainty * room, HORIZON);
          if (moment.state == OP_CLOCK_MOMENT_SAFE)
            return op_clock_moment_find (left, moment.from, adjustment, uncertainty, 0);
        }
      g_ptr_array_remove (left, (gpointer) moment.obstacle);
    }
}

OpClockPlan *
op_clock_plan_new (const OpClockLook *look, GPtrArray *tables, const OpClockOrder *order, gint utc_offset_s,
                   gint64 now_us)
{
  OpClockPlan *plan = g_new0 (OpClockPlan, 1);
  g_autoptr (GPtrArray) list = list_tables (tables);
  gint64 late_us = look->longest_round_trip_us + LATENESS_US;
  gint64 uncertainty = (look->offset.uncertainty_us + late_us) * 1000;

  plan->adjustment_us = get_adjustment (order, look);
  plan->is_needed = !op_clock_order_is_met (order, look);
  if (plan->is_needed)
    {
      /* The logger is asked once more before. */
      OpTime earliest = op_clock_look_get_time (look, utc_offset_s, now_us + 2 * late_us);
      gint64 adjustment = plan->adjustment_us * 1000;

      OpClockMoment moment = find_moment (list, earliest, adjustment, uncertainty);

      plan->moment = moment.from;
      plan->until = moment.until;
      plan->at_unix_us = op_clock_look_get_host_time (look, utc_offset_s, plan->moment);
      plan->harm = op_clock_moment_list_harm (list, plan->moment, adjustment, uncertainty);
    }
  else
    plan->harm = g_array_new (FALSE, FALSE, sizeof (OpClockHarm));
  for (guint i = 0; i < plan->harm->len; i++)
    op_table_ref ((OpTable *) g_array_index (plan->harm, OpClockHarm, i).table);
  return plan;
}

void
op_clock_plan_free (OpClockPlan *plan)
{
  for (guint i = 0; i < plan->harm->len; i++)
    op_table_unref ((OpTable *) g_array_index (plan->harm, OpClockHarm, i).table);
  g_array_unref (plan->harm);
  g_free (plan);
}

static char *
dup_count (const OpClockHarm *harm)
{
  return harm->fewest == harm->most
           ? g_strdup_printf ("%" G_GUINT64_FORMAT, harm->most)
           : g_strdup_printf ("%" G_GUINT64_FORMAT "–%" G_GUINT64_FORMAT, harm->fewest, harm->most);
}

char *
op_clock_plan_dup_harm (const OpClockPlan *plan)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < plan->harm->len; i++)
    {
      const OpClockHarm *harm = &g_array_index (plan->harm, OpClockHarm, i);
      g_autofree char *count = dup_count (harm);
      if (text->len > 0)
        g_string_append (text, ", ");
      if (plan->adjustment_us > 0)
        g_string_append_printf (text, ngettext ("%s skips %s record", "%s skips %s records", (gulong) harm->most),
                                harm->table->name, count);
      else
        g_string_append_printf (text, ngettext ("%s stores %s record twice", "%s stores %s records twice",
                                                (gulong) harm->most), harm->table->name, count);
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
