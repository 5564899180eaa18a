/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"
#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/* Collects the records of a range, window after window (op_logger_collect_async()). */
void          pak_collect_async  (const PakTarget *target, OpTable *table, const OpCollectRange *range,
                                  OpCollectFunc func, OpProgressFunc progress, gpointer func_data,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/* Errors: PAK_ERROR, and those of the function. */
gboolean      pak_collect_finish (PakSession *session, GAsyncResult *result, GError **error);

/* The newest record of a table, as believable as a window is. */
void          pak_read_newest_async  (const PakTarget *target, OpTable *table, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer data);
/* NULL without @error when the table is empty. */
OpChunk      *pak_read_newest_finish (PakSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
