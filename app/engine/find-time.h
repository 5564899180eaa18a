/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store.h"

G_BEGIN_DECLS

/**
 * Finds the place (from 0, among the records held) of the first record that is not before @time, or of the last record
 * when all are. Where a clock was set back, times do not ascend, and it is one of those places. Reads some twenty
 * records, whatever their number.
 */
void   op_store_find_time_async  (OpStore *store, OpIncarnation *incarnation, OpTime time, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer data);
/** -1 with @error, or when there are no records. */
gint64 op_store_find_time_finish (OpStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
