/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli/cli.h"
#include "app/engine/clock-keeper.h"

G_BEGIN_DECLS

/** Prints what the loaded history says; @threshold_us above 0: also when the clock passes it. */
void cli_clock_print_history (OpClockKeeper *keeper, gint64 threshold_us, gboolean json);

G_END_DECLS
