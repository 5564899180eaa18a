/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** OpStationRow: a station in the list: how it is (a dot, and words), its name, status and progress. */
#define OP_TYPE_STATION_ROW (op_station_row_get_type ())
G_DECLARE_FINAL_TYPE (OpStationRow, op_station_row, OP, STATION_ROW, GtkListBoxRow)

GtkWidget *op_station_row_new         (OpStation *station);
OpStation *op_station_row_get_station (OpStationRow *self);

G_END_DECLS
