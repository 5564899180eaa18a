/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpStationPage: what is held of a station, and its collection.
 * Properties (read, notify): "busy": a connection runs; "can-save": records are shown.
 * "folded" (write): the page stands alone in a narrow window.
 */
#define OP_TYPE_STATION_PAGE (op_station_page_get_type ())
G_DECLARE_FINAL_TYPE (OpStationPage, op_station_page, OP, STATION_PAGE, AdwBin)

GtkWidget *op_station_page_new         (OpStation *station);
OpStation *op_station_page_get_station (OpStationPage *self);
/** Collects what is new; the page shows how it goes and what came of it. */
void       op_station_page_collect     (OpStationPage *self);
/** Asks for a file name and writes the shown table there. */
void       op_station_page_save_toa5   (OpStationPage *self);

G_END_DECLS
