/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store.h"

G_BEGIN_DECLS

/**
 * OpRecords: records to be looked through from their first to their last: an incarnation of the store, or a data
 * file's that are in memory. Immutable; counted references; may be used by any thread.
 */
typedef struct _OpRecords OpRecords;

OpRecords *op_records_new_incarnation (OpStore *store, OpIncarnation *incarnation);
OpRecords *op_records_new_batch       (OpBatch *batch);
OpRecords *op_records_ref             (OpRecords *records);
void       op_records_unref           (OpRecords *records);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpRecords, op_records_unref)

OpTable   *op_records_get_table       (const OpRecords *records);
/** ns: as the table tells it, or, of a file that does not, as its records show it; 0: they have none. */
OpTime     op_records_get_interval    (const OpRecords *records);
/** The step between most of the first records, when it is the shortest one; 0: there is no such step. */
OpTime     op_records_guess_interval  (const OpBatch *batch);

/** The most columns that can be looked through at once. */
#define OP_RECORDS_MAX_COLUMNS 4

/** Some consecutive records of the span. Values are those of the columns asked for; flags are NAN. */
typedef struct
{
  gsize         n;
  const OpTime *times;
  const double *values[OP_RECORDS_MAX_COLUMNS];
} OpRecordSlice;
typedef void (*OpRecordFunc) (const OpRecordSlice *slice, gpointer data);

/**
 * Calls @func with the records from @from to @to, both included, in the order stored. It reads: for worker threads
 * only. Memory stays the same, however many records there are. Fails with OP_STORE_ERROR, also for a column that
 * holds no numbers, and when cancelled.
 */
gboolean   op_records_scan            (OpRecords *records, const guint *columns, guint n_columns, OpTime from,
                                       OpTime to, OpRecordFunc func, gpointer data, GCancellable *cancellable,
                                       GError **error);

G_END_DECLS
