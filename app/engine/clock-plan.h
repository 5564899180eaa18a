/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/clock-look.h"
#include "app/engine/clock-moment.h"

G_BEGIN_DECLS

/** What shall become of a clock. */
typedef struct
{
  gint64   threshold_us;   /* left alone when it is off by no more */
  gint64   goal_us;        /* what its offset shall be: 0, unless an expert wants another time than this computer's */
  gboolean accept_harm;    /* an explicit yes to records that are skipped or stored twice */
} OpClockOrder;

/** How that would be done. */
typedef struct
{
  gboolean is_needed;     /* FALSE: it is right, or cannot be set more finely; nothing below is valid */
  gint64   adjustment_us; /* to be added */
  OpTime   moment;        /* logger time, before the adjustment, that it is to be made at */
  OpTime   until;         /* and the last at which it may still be */
  gint64   at_unix_us;    /* the same by this computer's clock */
  GArray  *harm;          /* OpClockHarm: what it does to records whenever it is done; empty: the moment is safe */
} OpClockPlan;

/**
 * Plans from @look at about @now_us (µs since 1970 UTC). @tables (element-type OpTable): of the logger; those that
 * keep no records (op_table_keeps_records()) do not matter. The moment is the first that leaves room for late
 * commands; where no moment within the hour is safe for all tables, it is one that is for as many as can be.
 */
OpClockPlan *op_clock_plan_new  (const OpClockLook *look, GPtrArray *tables, const OpClockOrder *order,
                                 gint utc_offset_s, gint64 now_us);
void         op_clock_plan_free (OpClockPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpClockPlan, op_clock_plan_free)

/** The harm in words: "OneMin skips 2 records, Hourly stores 1 record twice"; NULL when there is none. Free it. */
char        *op_clock_plan_dup_harm (const OpClockPlan *plan);

/** Whether a clock of which @look tells is as @order wants it, as far as it can be known and set. */
gboolean     op_clock_order_is_met  (const OpClockOrder *order, const OpClockLook *look);

G_END_DECLS
