/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/formats/data-writer.h"

G_BEGIN_DECLS

/**
 * Writes a data file of any known format anew in another one, record by record. @out NULL: standard output. A file
 * that is there takes the new one's place only when all is written; @file itself is never overwritten. @progress may
 * be NULL; it is called in a worker thread, until @callback is. Errors: OP_FORMAT_ERROR, G_IO_ERROR.
 */
void        op_convert_async  (GFile *file, const OpDataWriter *writer, GFile *out, GCancellable *cancellable,
                               GFileProgressCallback progress, gpointer progress_data, GAsyncReadyCallback callback,
                               gpointer data);
/** What was read but the records: where it came from, and what was damaged and left out. */
OpDataFile *op_convert_finish (GAsyncResult *result, guint64 *n_records, GError **error);

G_END_DECLS
