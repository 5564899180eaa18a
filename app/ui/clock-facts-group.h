/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/clock-keeper.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpClockFactsGroup: what is known of a station's clock: its offset, the zone that it is set to, which is chosen here,
 * its drift, and when that passes a threshold.
 * Signals "check-again": the button was pressed; "failed" (GError): the zone could not be kept.
 */
#define OP_TYPE_CLOCK_FACTS_GROUP (op_clock_facts_group_get_type ())
G_DECLARE_FINAL_TYPE (OpClockFactsGroup, op_clock_facts_group, OP, CLOCK_FACTS_GROUP, AdwPreferencesGroup)

void op_clock_facts_group_set_keeper (OpClockFactsGroup *self, OpClockKeeper *keeper);

G_END_DECLS
