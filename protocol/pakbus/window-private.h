/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/reading-private.h"

G_BEGIN_DECLS

/* What is known of the records asked for before they come. */
typedef struct
{
  gboolean knows_first; /* @first is what should come first */
  guint32  first;
  OpTime   time;        /* that of @first in an interval table; OP_TIME_UNKNOWN */
} PakExpectation;

/*
 * Records that can be believed (design.md, Collection): one reading suffices when the link is clean and all is as
 * expected; else it is read again until two readings agree.
 */
void     pak_read_window_async  (const PakTarget *target, OpTable *table, const PakCollectRequest *request,
                                 const PakExpectation *expectation, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer data);
/* As pak_read_records_finish(); PAK_ERROR_RECORD: readings did not agree. */
OpChunk *pak_read_window_finish (PakSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
