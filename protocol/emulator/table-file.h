/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"
#include "protocol/emulator/virtual-station.h"

G_BEGIN_DECLS

/** Appends the records from @first up to, without, @end, which lie one interval apart, to @batch. */
void  op_virtual_station_read_records (OpVirtualStation *station, OpVirtualTable *table, guint64 first, guint64 end,
                                       OpBatch *batch);
/**
 * Closes the file that a table is managed in, and so leaves it as TOA5 on the card; the next records go to another
 * one. Returns: a response code.
 */
guint op_virtual_station_roll_over    (OpVirtualStation *station, OpVirtualTable *table);

G_END_DECLS
