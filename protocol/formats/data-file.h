/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"
#include "protocol/formats/header.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * OpDataFile: what was read of a data file. A TOA5 (or TOACI1) file tells no types: columns whose values are all
 * numbers become IEEE8, all times NSec, anything else ASCIIZ. A TOB1 file tells them.
 */
typedef struct
{
  OpDataOrigin *origin;
  OpTable      *table;
  OpBatch      *batch;    /* all records; NULL where they are handed on in pieces */
  GPtrArray    *problems; /* (element-type utf8): "line 17: 5 values for 6 columns", at most 100 */
  guint64       n_problems;
} OpDataFile;
OpDataFile *op_data_file_new  (void);
void        op_data_file_free (OpDataFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpDataFile, op_data_file_free)
/** Keeps what was found wrong, as long as there are not too many. Takes @text. */
void        op_data_file_add_problem (OpDataFile *file, char *text);

/** OpReadWatch: who is told how far the reading has come, in bytes of the file, in the thread that reads. */
typedef struct
{
  GFileProgressCallback callback; /* or NULL */
  gpointer              data;
  GCancellable         *cancellable;
} OpReadWatch;
/** Tells @watch; FALSE with G_IO_ERROR_CANCELLED once it was cancelled. @watch may be NULL. */
gboolean    op_read_watch_tell (const OpReadWatch *watch, goffset position, goffset size, GError **error);

/**
 * Takes a piece of the records; @file tells origin, table and the problems met so far. FALSE and @error end the reading.
 */
typedef gboolean (*OpDataSink) (const OpDataFile *file, const OpBatch *batch, gpointer data, GError **error);
/**
 * Reads a file of any known format in this thread and hands its records on in pieces, so that memory does not grow with
 * the file; but text that can be read only once, as from a pipe, is kept. @sink is called at least once, with an empty
 * batch if need be. Returns what was read but the records. Errors: OP_FORMAT_ERROR, GIO's, the sink's. Damaged places
 * are listed, not fatal.
 */
OpDataFile *op_data_file_stream (GFile *file, const OpReadWatch *watch, OpDataSink sink, gpointer data, GError **error);

/**
 * Reads all of it in a worker thread. OP_FORMAT_ERROR_SIZE when it would take too much of this computer's memory.
 * @progress may be NULL; it is called in that thread, until @callback is.
 */
void        op_data_file_read_async  (GFile *file, GCancellable *cancellable, GFileProgressCallback progress,
                                      gpointer progress_data, GAsyncReadyCallback callback, gpointer data);
OpDataFile *op_data_file_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
