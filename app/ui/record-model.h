/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ui/table-source.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * OpRecordRow: one record. Property "loaded" (notify): its values have arrived; until then texts are empty.
 */
#define OP_TYPE_RECORD_ROW (op_record_row_get_type ())
G_DECLARE_FINAL_TYPE (OpRecordRow, op_record_row, OP, RECORD_ROW, GObject)

guint32  op_record_row_get_record  (OpRecordRow *self);
gboolean op_record_row_get_loaded  (OpRecordRow *self);
/** OP_TIME_UNKNOWN until it is loaded. */
OpTime   op_record_row_get_time    (OpRecordRow *self);
char    *op_record_row_dup_time    (OpRecordRow *self);
/** Text of a column of the table; @is_nan: a number that is none. */
char    *op_record_row_dup_value   (OpRecordRow *self, guint column, gboolean *is_nan);

/**
 * OpRecordModel: a GListModel of OpRecordRow in the order of collection, that reads the store a block at a time
 * as rows are asked for, so that millions of records cost no more than those in sight.
 */
#define OP_TYPE_RECORD_MODEL (op_record_model_get_type ())
G_DECLARE_FINAL_TYPE (OpRecordModel, op_record_model, OP, RECORD_MODEL, GObject)

OpRecordModel *op_record_model_new    (OpTableSource *source);
/** Takes over what the source holds now; rows that stay keep their place. */
void           op_record_model_update (OpRecordModel *self);

G_END_DECLS
