/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/table-progress.h"

G_BEGIN_DECLS

/**
 * Collects one table of @station into @store: finds out which generation the logger's records belong to, asks for
 * those that the order names, and appends them as they come, each batch together with its gap and the cursor.
 */
void           op_table_collect_async  (OpLogger *logger, OpStore *store, gint64 station, OpTable *table,
                                        const OpCollectOrder *order, OpTableProgress *progress,
                                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/** @result_out: what was stored, also before an error; NULL when no incarnation was begun. */
gboolean       op_table_collect_finish (OpLogger *logger, GAsyncResult *result, OpTableResult **result_out,
                                        GError **error);

G_END_DECLS
