/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"

G_BEGIN_DECLS

/** What became of values that were written. */
typedef struct
{
  GBytes  *before;  /* what the logger held; writing it again undoes this */
  GBytes  *after;   /* what it holds now; NULL when it restarts and cannot be asked */
  gboolean is_kept; /* whether that is what was written; else the program has set it anew already */
  gboolean reboots;
} OpWritten;
void op_written_free (OpWritten *written);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpWritten, op_written_free)

/**
 * Reads what an open @logger holds, writes @values, which must fit @span, and reads them back. After a lost answer it
 * looks before it tries again, a few times.
 */
void       op_value_write_async  (OpLogger *logger, const OpValueSpan *span, GBytes *values, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer data);
/** Errors: OP_LOGGER_ERROR_NOT_DONE and OP_LOGGER_ERROR_UNCERTAIN as in logger-changes.h. */
OpWritten *op_value_write_finish (OpLogger *logger, GAsyncResult *result, GError **error);

/** In words, what a value of this span may be: "A whole number from 0 to 65535". */
char      *op_value_dup_expected (const OpValueSpan *span);

G_END_DECLS
