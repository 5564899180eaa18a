/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"

G_BEGIN_DECLS

/** What a TOA5 file's first line says of its origin (file-formats.md, section 1). Never NULL. */
typedef struct
{
  char   *station;
  char   *model;
  char   *serial;
  char   *os;
  char   *program;
  guint16 program_signature;
} OpDataOrigin;
void op_data_origin_free (OpDataOrigin *origin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpDataOrigin, op_data_origin_free)
OpDataOrigin *op_data_origin_copy (const OpDataOrigin *origin);

/** Appends the four header lines, lines ended by CR LF as the vendor's converter does. */
void op_toa5_append_header (GString *out, const OpDataOrigin *origin, const OpTable *table);
/** Appends rows @first to @first + @count of @batch, which must hold all columns of its table. */
void op_toa5_append_records (GString *out, const OpBatch *batch, gsize first, gsize count);

/**
 * OpDataFile: a data file read whole. A TOA5 (or TOACI1) file tells no types: columns whose values are all numbers
 * become IEEE8, all times NSec, anything else ASCIIZ.
 */
typedef struct
{
  OpDataOrigin *origin;
  OpTable      *table;
  OpBatch      *batch;
  GPtrArray    *problems; /* (element-type utf8): "line 17: 5 values for 6 columns", at most 100 */
  guint64       n_problems;
} OpDataFile;
void        op_data_file_free (OpDataFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpDataFile, op_data_file_free)

/** Reads text that is all in memory. Errors: OP_FORMAT_ERROR. Damaged lines are listed, not fatal. */
OpDataFile *op_toa5_parse (const char *text, gsize length, GError **error);
/** Reads a file in a worker thread. */
void        op_data_file_read_async  (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
OpDataFile *op_data_file_read_finish (GAsyncResult *result, GError **error);

typedef enum
{
  OP_FORMAT_ERROR_UNKNOWN, /* not a file of a known format */
  OP_FORMAT_ERROR_HEADER,  /* the header is damaged; the message says where */
} OpFormatError;
#define OP_FORMAT_ERROR (op_format_error_quark ())
GQuark op_format_error_quark (void);

G_END_DECLS
