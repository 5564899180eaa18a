/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store.h"

G_BEGIN_DECLS

/**
 * Reduces a column of @incarnation or, when it is NULL, of @batch; @sums: where there are many records to the sums of a
 * natural step each (op_bars_sum()). Neither blocks.
 */
void         op_plot_fetch_async  (OpStore *store, OpIncarnation *incarnation, OpBatch *batch, guint column, OpTime from,
                                   OpTime to, guint n_bins, gboolean sums, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer data);
OpReduction *op_plot_fetch_finish (GAsyncResult *result, GError **error);

G_END_DECLS
