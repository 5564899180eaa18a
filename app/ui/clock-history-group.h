/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/clock-keeper.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpClockHistoryGroup: what is kept of a station's clock: counts, a plot, the steps in words, and its export as CSV.
 * Signal "message" (const char *text): what became of an export.
 */
#define OP_TYPE_CLOCK_HISTORY_GROUP (op_clock_history_group_get_type ())
G_DECLARE_FINAL_TYPE (OpClockHistoryGroup, op_clock_history_group, OP, CLOCK_HISTORY_GROUP, AdwPreferencesGroup)

void op_clock_history_group_set_keeper (OpClockHistoryGroup *self, OpClockKeeper *keeper);

G_END_DECLS
