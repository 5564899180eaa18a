/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/clock-keeper.h"
#include "app/engine/time-sync.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpClockSettingGroup: how a station's clock is to be set, and what that will do.
 * Property "ready" (read, notify): it can be set to this computer's time.
 * Signal "set-to-time": the button for experts was pressed.
 */
#define OP_TYPE_CLOCK_SETTING_GROUP (op_clock_setting_group_get_type ())
G_DECLARE_FINAL_TYPE (OpClockSettingGroup, op_clock_setting_group, OP, CLOCK_SETTING_GROUP, AdwPreferencesGroup)

void         op_clock_setting_group_set_keeper (OpClockSettingGroup *self, OpClockKeeper *keeper);
void         op_clock_setting_group_set_sync   (OpClockSettingGroup *self, OpTimeSync sync);
/** Plans anew from what the time is now; to be called some times a second. */
void         op_clock_setting_group_tick       (OpClockSettingGroup *self);
gboolean     op_clock_setting_group_is_ready   (OpClockSettingGroup *self);
/** As op_clock_plan_row_get_harm(), of setting to this computer's time. */
const char  *op_clock_setting_group_get_harm   (OpClockSettingGroup *self);
/** Brings the question about harm into view. */
void         op_clock_setting_group_show_harm  (OpClockSettingGroup *self);
gboolean     op_clock_setting_group_collects   (OpClockSettingGroup *self);
/** The order to set it to this computer's time or, @to_time, to the time entered now. */
OpClockOrder op_clock_setting_group_make_order (OpClockSettingGroup *self, gboolean to_time);

G_END_DECLS
