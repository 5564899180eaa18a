/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/formats/data-file.h"

G_BEGIN_DECLS

/**
 * OpTob1Reader: reads TOB1 (file-formats.md, section 3) in blocks, so that memory does not grow with the file. Where
 * records carry time and number (SECONDS, NANOSECONDS and RECORD), bytes that fit no record are left out and listed,
 * and reading goes on at the next place where records follow each other.
 */
typedef struct _OpTob1Reader OpTob1Reader;

/** Whether a file that begins with @bytes is TOB1. */
gboolean      op_tob1_is_header (const char *bytes, gsize length);
/**
 * Reads the header. @size: bytes of the whole file, for estimates and progress only. Errors: OP_FORMAT_ERROR with the
 * line and the column, GIO's.
 */
OpTob1Reader *op_tob1_reader_new  (GInputStream *stream, goffset size, GCancellable *cancellable, GError **error);
void          op_tob1_reader_free (OpTob1Reader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpTob1Reader, op_tob1_reader_free)
/** Memory that all records of the file will take, in bytes. */
guint64       op_tob1_reader_estimate (const OpTob1Reader *reader);
/** Hands all records to @sink in pieces, as op_data_file_stream() says. */
gboolean      op_tob1_reader_run  (OpTob1Reader *reader, const OpReadWatch *watch, OpDataSink sink, gpointer data,
                                   GError **error);
/** What was read but the records; the reader is spent. */
OpDataFile   *op_tob1_reader_take_file (OpTob1Reader *reader);
/**
 * Reads all records into one batch. IEEE8 columns that a CR1000X wrote big-endian, which the type does not tell, are
 * read so, and a problem says it. The reader is spent.
 */
OpDataFile   *op_tob1_reader_read_all (OpTob1Reader *reader, const OpReadWatch *watch, GError **error);

G_END_DECLS
