/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

G_BEGIN_DECLS

/** OpStationList: the stations of a store, as a GListModel of OpStation. Property "loading" boolean. */
#define OP_TYPE_STATION_LIST (op_station_list_get_type ())
G_DECLARE_FINAL_TYPE (OpStationList, op_station_list, OP, STATION_LIST, GObject)

OpStationList *op_station_list_new         (OpStore *store);
void           op_station_list_load_async  (OpStationList *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean       op_station_list_load_finish (OpStationList *self, GAsyncResult *result, GError **error);
/** Saves and appends. @security: kept in the keyring when not -1 (and, where there is none, for this run only). */
void           op_station_list_add_async   (OpStationList *self, OpStation *station, gint security, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer data);
gboolean       op_station_list_add_finish  (OpStationList *self, GAsyncResult *result, GError **error);
void           op_station_list_remove_async  (OpStationList *self, OpStation *station, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
gboolean       op_station_list_remove_finish (OpStationList *self, GAsyncResult *result, GError **error);
/** By name (letter case aside), or NULL. */
OpStation     *op_station_list_find        (OpStationList *self, const char *name);
/** "Demo Station", "Demo Station 2", ...: a name that is free. */
char          *op_station_list_dup_free_name (OpStationList *self, const char *base);

G_END_DECLS
