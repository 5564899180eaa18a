/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

G_BEGIN_DECLS

/** Seconds east of UTC that loggers here are usually set to: the computer's zone without daylight saving. */
gint   op_clock_get_standard_offset (gint64 unix_s);
/** Seconds east of UTC of the station's clock at @unix_us: what was chosen, or the standard one. */
gint   op_clock_get_zone            (const OpStationRecord *record, gint64 unix_us);
/** Logger time minus this computer's time in the station's zone, µs. */
gint64 op_clock_get_offset          (const OpClockReading *reading, const OpStationRecord *record);
gint64 op_clock_get_uncertainty     (const OpClockReading *reading);

G_END_DECLS
