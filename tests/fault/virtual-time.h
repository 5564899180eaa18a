/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Programs that link this have all clocks stand still but for what the main loop would wait: it skips to the next
 * event instead. So hours of time-outs take no time, and every run is the same.
 */

/** Before anything waits. */
void   virtual_time_install (void);
/** Microseconds since the start. */
gint64 virtual_time_get     (void);
/** Sets the computer's own clock, µs since 1970 UTC; timers do not notice. */
void   virtual_time_set_clock (gint64 unix_us);

G_END_DECLS
