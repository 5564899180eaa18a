/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

#include <adwaita.h>

G_BEGIN_DECLS

/** OpClockDialog: looks at the clock of a station, shows what is known of it, and sets it. */
#define OP_TYPE_CLOCK_DIALOG (op_clock_dialog_get_type ())
G_DECLARE_FINAL_TYPE (OpClockDialog, op_clock_dialog, OP, CLOCK_DIALOG, AdwWindow)

GtkWidget *op_clock_dialog_new (GtkWindow *parent, OpStation *station);

G_END_DECLS
