/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/formats/data-file.h"

G_BEGIN_DECLS

/**
 * OpToa5Reader: reads TOA5 and TOACI1 (file-formats.md, sections 1 and 2) through a window, so that memory does not
 * grow with the file. It walks the records twice, as the columns' types are known only at the file's end.
 */
typedef struct _OpToa5Reader OpToa5Reader;

/* Few enough to stay in the processor's cache while they are read. */
#define OP_TOA5_WINDOW_BYTES (256 * 1024)

/**
 * Reads the header and walks the records for the first time. @stream: at its beginning, and seekable. @size: bytes of
 * the whole file, for estimates and progress only. @window: bytes to hold at a time. @watch: NULL, or lives as long as
 * the reader; it is told of both walks together. Errors: OP_FORMAT_ERROR, GIO's. Damaged lines are listed, not fatal.
 */
OpToa5Reader *op_toa5_reader_new  (GInputStream *stream, goffset size, gsize window, const OpReadWatch *watch,
                                   GError **error);
void          op_toa5_reader_free (OpToa5Reader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpToa5Reader, op_toa5_reader_free)
/** Memory that all records will take, longer texts aside, in bytes. */
guint64       op_toa5_reader_estimate (const OpToa5Reader *reader);
/** Hands all records to @sink in pieces, as op_data_file_stream() says. */
gboolean      op_toa5_reader_run  (OpToa5Reader *reader, OpDataSink sink, gpointer data, GError **error);
/** What was read but the records; the reader is spent. */
OpDataFile   *op_toa5_reader_take_file (OpToa5Reader *reader);
/** Reads all records into one batch. The reader is spent. */
OpDataFile   *op_toa5_reader_read_all (OpToa5Reader *reader, GError **error);

G_END_DECLS
