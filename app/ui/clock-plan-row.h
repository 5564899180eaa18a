/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/clock-keeper.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpClockPlanRow: says what setting a clock will do, and asks for a yes when that harms records.
 * Property "ready" (read, notify): there is something to do, and nothing stands against it.
 */
#define OP_TYPE_CLOCK_PLAN_ROW (op_clock_plan_row_get_type ())
G_DECLARE_FINAL_TYPE (OpClockPlanRow, op_clock_plan_row, OP, CLOCK_PLAN_ROW, AdwPreferencesRow)

/** @plan: NULL when none can be made; @reason tells why. */
void        op_clock_plan_row_set_plan (OpClockPlanRow *self, const OpClockPlan *plan, gint utc_offset_s,
                                        const char *reason);
gboolean    op_clock_plan_row_is_ready (OpClockPlanRow *self);
/** Whether the person said yes to harm. */
gboolean    op_clock_plan_row_accepts  (OpClockPlanRow *self);
/** Forgets that: something else is to be done now. */
void        op_clock_plan_row_ask_anew (OpClockPlanRow *self);
/** The harm that no yes was said to, in words; NULL when there is none. */
const char *op_clock_plan_row_get_harm (OpClockPlanRow *self);
/** Moves the focus to the question, which brings it into view. */
void        op_clock_plan_row_focus    (OpClockPlanRow *self);

G_END_DECLS
