/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/table.h"

G_BEGIN_DECLS

/**
 * OpChunk: consecutive records as the logger sent them.
 *
 * Payload of an interval table: values only, record k is of @first_time + k * interval. Payload of an event
 * table: stamp and values of each record, @first_time being the first stamp.
 */
typedef struct
{
  guint32 first;      /* record number; numbers wrap at 2^32 */
  guint32 count;
  OpTime  first_time;
  OpTime  last_time;
  GBytes *payload;
} OpChunk;

/**
 * Checks that @payload holds exactly @count records of @table and takes a reference on it. The error
 * (OP_TABLE_ERROR_RECORD) says by how many bytes it does not fit.
 */
OpChunk *op_chunk_new   (const OpTable *table, guint32 first, guint32 count, OpTime first_time, GBytes *payload,
                         GError **error);
/** A chunk without the first @n records (0 < n < count); shares the bytes. */
OpChunk *op_chunk_skip  (const OpChunk *chunk, const OpTable *table, guint32 n);
/** A chunk of the first @n records (0 < n < count); shares the bytes. */
OpChunk *op_chunk_head  (const OpChunk *chunk, const OpTable *table, guint32 n);
void     op_chunk_free  (OpChunk *chunk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpChunk, op_chunk_free)

/** Whether @bytes holds exactly @count records (with their stamps in an event table). */
gboolean op_payload_check (const OpTable *table, guint32 count, const guint8 *bytes, gsize length, GError **error);

/** Time of record @n of an interval table. A lying interval may wrap around, but harms nothing. */
static inline OpTime
op_time_add_intervals (OpTime first, OpTime interval, guint32 n)
{
  return (OpTime) ((guint64) first + (guint64) interval * n);
}

/**
 * OpBatch: decoded records of one table, as columns: the one form in which data travels upward.
 * Counted references; fill it in one thread, then share it for reading.
 */
typedef struct _OpBatch OpBatch;

/** A batch of all columns (@columns NULL) or of those listed, in that order. */
OpBatch       *op_batch_new    (OpTable *table, const guint *columns, guint n_columns, gsize capacity);
OpBatch       *op_batch_ref    (OpBatch *batch);
void           op_batch_unref  (OpBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpBatch, op_batch_unref)

/** Decodes a chunk and appends its records. Fails with OP_TABLE_ERROR_RECORD, changing nothing. */
gboolean       op_batch_append_chunk (OpBatch *batch, const OpChunk *chunk, GError **error);
/** As op_batch_append_chunk() from bare bytes, for callers that have no chunk. */
gboolean       op_batch_append_payload (OpBatch *batch, guint32 first, guint32 count, OpTime first_time,
                                        const guint8 *payload, gsize length, GError **error);
/**
 * Decodes and appends @count records whose values begin at @values and lie @stride bytes apart (all of one size: the
 * table has a record_size, and the caller has checked that the bytes are there). Numbers and times come with them.
 */
void           op_batch_append_rows (OpBatch *batch, const guint32 *records, const OpTime *times, const guint8 *values,
                                     gsize stride, gsize count);
/** Appends one record whose numbers are NAN, times unknown and texts empty, to be set below. Returns its row. */
gsize          op_batch_append_row (OpBatch *batch, guint32 record, OpTime time);
void           op_batch_set_number (OpBatch *batch, guint column, gsize row, double number);
void           op_batch_set_time   (OpBatch *batch, guint column, gsize row, OpTime time);
void           op_batch_set_text   (OpBatch *batch, guint column, gsize row, const char *text, gssize length);
/** Forgets the records but keeps table, columns and memory. */
void           op_batch_clear      (OpBatch *batch);

OpTable       *op_batch_get_table     (const OpBatch *batch);
gsize          op_batch_get_n_records (const OpBatch *batch);
guint          op_batch_get_n_columns (const OpBatch *batch);
/** The table's column that column @column of the batch shows. */
guint          op_batch_get_table_column (const OpBatch *batch, guint column);
OpKind         op_batch_get_kind      (const OpBatch *batch, guint column);
OpType         op_batch_get_type      (const OpBatch *batch, guint column);
/* Arrays of op_batch_get_n_records() elements, owned by the batch, valid until it grows. */
const guint32 *op_batch_get_records   (const OpBatch *batch);
const OpTime  *op_batch_get_times     (const OpBatch *batch);
/** The earliest and the latest time, wherever they stand: a logger's clock may have been set back. Without records both
    are OP_TIME_UNKNOWN. */
void           op_batch_get_span      (const OpBatch *batch, OpTime *first, OpTime *last);
const double  *op_batch_get_numbers   (const OpBatch *batch, guint column); /* kind NUMBER */
const OpTime  *op_batch_get_time_values (const OpBatch *batch, guint column); /* kind TIME */
/** Text of kind TEXT, NUL-terminated, owned by the batch, valid until it grows. */
const char    *op_batch_get_text      (const OpBatch *batch, guint column, gsize row);
/** Any value as people read it and as TOA5 has it, without quotes. */
void           op_batch_append_value_text (const OpBatch *batch, guint column, gsize row, GString *text);

G_END_DECLS
