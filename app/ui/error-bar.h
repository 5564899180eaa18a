/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpErrorBar: says above a page what went wrong, with Try Again and, when the security code was wrong, an entry for
 * it; the code entered is the station's from then on.
 * Signal "try-again" (boolean has_code): the button was pressed; the bar hides itself.
 */
#define OP_TYPE_ERROR_BAR (op_error_bar_get_type ())
G_DECLARE_FINAL_TYPE (OpErrorBar, op_error_bar, OP, ERROR_BAR, AdwBin)

void op_error_bar_set_station (OpErrorBar *self, OpStation *station);
void op_error_bar_show        (OpErrorBar *self, const char *title, const GError *error);
void op_error_bar_hide        (OpErrorBar *self);

G_END_DECLS
