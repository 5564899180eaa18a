/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store.h"

G_BEGIN_DECLS

/**
 * OpOneWayStore: stores records that a station's logger sends unasked beside those that are collected. What does not
 * go on from what is held, as after a reset of the table, is left to the next collection, which can find out why.
 *
 * Signals:
 * "stored": records came that were not held.
 */
#define OP_TYPE_ONE_WAY_STORE (op_one_way_store_get_type ())
G_DECLARE_FINAL_TYPE (OpOneWayStore, op_one_way_store, OP, ONE_WAY_STORE, GObject)

OpOneWayStore *op_one_way_store_new  (OpStore *store);
/** Takes records of a saved station, if its record says that the table is collected. Never waits. */
void           op_one_way_store_take (OpOneWayStore *self, const OpStationRecord *station, OpTable *table,
                                      const OpChunk *chunk);

G_END_DECLS
