/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

G_BEGIN_DECLS

/**
 * OpCollector: collects the tables of an order, one after the other, from an open logger. When the logger says that
 * the definitions changed meanwhile, they are read again, once.
 */
#define OP_TYPE_COLLECTOR (op_collector_get_type ())
G_DECLARE_FINAL_TYPE (OpCollector, op_collector, OP, COLLECTOR, GObject)

/** @tables: the definitions (element-type OpTable). @progress: gets an OpTableProgress a table. */
OpCollector *op_collector_new        (OpStore *store, gint64 station, OpLogger *logger, GPtrArray *tables,
                                      GListStore *progress);
/** @chosen: the names collected when the order has none; NULL: all but Public and Status. */
void         op_collector_run_async  (OpCollector *self, const OpCollectOrder *order, const char *const *chosen,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean     op_collector_run_finish (OpCollector *self, GAsyncResult *result, GError **error);
/** Of the tables that were at least begun, in order (element-type OpTableResult). */
GPtrArray   *op_collector_get_results (OpCollector *self);
/** The definitions: those given, or those read again. */
GPtrArray   *op_collector_get_tables  (OpCollector *self);
/** How much is done: 0 to 1. */
double       op_collector_get_fraction (OpCollector *self);

G_END_DECLS
