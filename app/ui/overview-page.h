/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpOverviewPage: what a station measures now, as cards and as one plot, and how it is. It reads while it is on the
 * screen, and asks nothing otherwise. Fields and rate are kept a station.
 * Signal "toast" (AdwToast toast): something to tell.
 */
#define OP_TYPE_OVERVIEW_PAGE (op_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (OpOverviewPage, op_overview_page, OP, OVERVIEW_PAGE, AdwBin)

/** Once. */
void op_overview_page_set_station (OpOverviewPage *self, OpStation *station);

G_END_DECLS
