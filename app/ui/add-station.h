/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpAddStation: the assistant that connects to a logger, shows who answers and adds it.
 * Signal "added" (OpStation *station).
 */
#define OP_TYPE_ADD_STATION (op_add_station_get_type ())
G_DECLARE_FINAL_TYPE (OpAddStation, op_add_station, OP, ADD_STATION, AdwWindow)

GtkWidget *op_add_station_new (GtkWindow *parent, OpStore *store, OpStationList *stations);

G_END_DECLS
