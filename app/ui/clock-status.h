/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpClockStatus: a bar that says what goes on with a clock, what came of it or what stands against it.
 * Signal "pressed": its button was.
 */
#define OP_TYPE_CLOCK_STATUS (op_clock_status_get_type ())
G_DECLARE_FINAL_TYPE (OpClockStatus, op_clock_status, OP, CLOCK_STATUS, AdwBin)

/** @button: its label, or NULL for none. */
void op_clock_status_show      (OpClockStatus *self, GtkMessageType type, const char *text, const char *button);
/** What runs, with a button to cancel. @fraction: how much of it is done, 0 to 1; negative: not known. */
void op_clock_status_show_work (OpClockStatus *self, const char *text, double fraction);
void op_clock_status_hide      (OpClockStatus *self);

G_END_DECLS
