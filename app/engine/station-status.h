/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

G_BEGIN_DECLS

/** "2 min ago": how long @then lies before @now (both µs since 1970). */
char *op_status_dup_age    (gint64 then_us, gint64 now_us);
/** "clock +0.31 s", "clock −2 h 5 min". */
char *op_status_dup_offset (gint64 offset_us);
/** One line of a station that rests. @error: of the last try, or NULL. */
char *op_status_dup_text   (const OpStationRecord *record, const GError *error, gint64 now_us);

G_END_DECLS
