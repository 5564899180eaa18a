/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-db.h"

G_BEGIN_DECLS

typedef struct
{
  OpStationRecord *record; /* in */
  gint64           id;     /* out; in for op_db_remove_station() */
  GPtrArray       *list;   /* out of op_db_load_stations() */
} OpStationsRequest;
OpStationsRequest *op_stations_request_new  (void);
void               op_stations_request_free (OpStationsRequest *request);

/* OpDbFuncs on an OpStationsRequest. */
gboolean op_db_load_stations  (OpDb *db, gpointer request, GError **error);
gboolean op_db_save_station   (OpDb *db, gpointer request, GError **error);
/** Takes the station out of sight and frees its name; op_db_sweep() clears its records away. */
gboolean op_db_remove_station (OpDb *db, gpointer request, GError **error);
/** An OpDbFunc without data: clears away a slice of what removed stations left; db->sweep tells if there is more. */
gboolean op_db_sweep          (OpDb *db, gpointer unused, GError **error);

G_END_DECLS
