/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/health.h"
#include "app/engine/station.h"

G_BEGIN_DECLS

/**
 * Reads the newest Status, the programming statistics and the clock of a station, over the connection that is open or
 * over its own. What the logger refuses or lacks becomes a finding; only the link's own failures fail it.
 */
void       op_health_read_async  (OpStation *station, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer data);
/** Returns: (element-type OpHealthFinding) (transfer full): as op_health_judge() */
GPtrArray *op_health_read_finish (OpStation *station, GAsyncResult *result, GError **error);

G_END_DECLS
