/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

/** OpRenameStation: asks for another name of a station, one that no other station has, and keeps it. */
#define OP_TYPE_RENAME_STATION (op_rename_station_get_type ())
G_DECLARE_FINAL_TYPE (OpRenameStation, op_rename_station, OP, RENAME_STATION, AdwMessageDialog)

GtkWidget *op_rename_station_new (GtkWindow *parent, OpStationList *stations, OpStation *station);

G_END_DECLS
