/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"

G_BEGIN_DECLS

/**
 * OpLiveTable: the newest records of a table as they were seen while somebody looked on, bounded in number. Counted
 * references; for the main thread.
 */
typedef struct
{
  OpTable *table;
  OpBatch *batch;      /* all columns; the last row is the newest; times ascend */
  GBytes  *payload;    /* of that row */
  gint64   read_us;    /* monotonic, when it was read last; 0: never */
  gint64   renewed_us; /* when it was another than before */
  gboolean is_empty;   /* the logger holds no record of it */
  GError  *error;      /* why the logger does not tell it; NULL: it does */
} OpLiveTable;

OpLiveTable *op_live_table_new   (OpTable *table);
OpLiveTable *op_live_table_ref   (OpLiveTable *self);
void         op_live_table_unref (OpLiveTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpLiveTable, op_live_table_unref)
/** Takes the newest of @chunk's records, as it was read at @now_us. Errors: OP_TABLE_ERROR_RECORD. */
gboolean     op_live_table_take  (OpLiveTable *self, const OpChunk *chunk, gint64 now_us, GError **error);
/** The logger holds no record. */
void         op_live_table_take_none (OpLiveTable *self, gint64 now_us);

G_END_DECLS
