/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpHealthList: how a station is: what its logger tells of itself, judged, the worst first and what is well folded up.
 * It reads by itself once the station is connected while it is on the screen; op_health_list_refresh() reads again.
 */
#define OP_TYPE_HEALTH_LIST (op_health_list_get_type ())
G_DECLARE_FINAL_TYPE (OpHealthList, op_health_list, OP, HEALTH_LIST, AdwBin)

/** NULL: none. What runs for another station is cancelled. */
void op_health_list_set_station (OpHealthList *self, OpStation *station);
/** Connects if need be. Nothing while it reads already. */
void op_health_list_refresh     (OpHealthList *self);

G_END_DECLS
