/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

G_BEGIN_DECLS

/*
 * A station's connection, shared by all who look at it for a while (live values, the clock dialog, health). While
 * anybody holds it, a collection's end leaves it open; it closes with the last release when nothing runs.
 */

/**
 * Connects, or shares the connection that is open; waits while somebody else connects. A hold that succeeded is given back with op_station_release(), once, also when the link ended
 * meanwhile: "connected" of the station tells that, and another hold connects anew.
 */
void     op_station_hold_async  (OpStation *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer data);
/** On success op_station_get_logger() is open. */
gboolean op_station_hold_finish (OpStation *self, GAsyncResult *result, GError **error);
void     op_station_release     (OpStation *self);

G_END_DECLS
