/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/clock-keeper.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** OpClockPlot: the offsets of a station's clock over time, its drift and when it was moved. */
#define OP_TYPE_CLOCK_PLOT (op_clock_plot_get_type ())
G_DECLARE_FINAL_TYPE (OpClockPlot, op_clock_plot, OP, CLOCK_PLOT, GtkWidget)

void op_clock_plot_set_keeper (OpClockPlot *self, OpClockKeeper *keeper);

G_END_DECLS
