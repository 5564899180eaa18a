/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"
#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/* Collect modes (manual 2.3.4.3). */
typedef enum
{
  PAK_COLLECT_ALL = 3,
  PAK_COLLECT_FROM = 4,
  PAK_COLLECT_NEWEST = 5,
  PAK_COLLECT_RECORDS = 6,
  PAK_COLLECT_TIMES = 7,
  PAK_COLLECT_PARTIAL = 8,
} PakCollectMode;

/* PakCollectRequest: which records one request asks for. */
typedef struct
{
  PakCollectMode mode;
  guint32        p1; /* FROM: first; NEWEST: how many; RECORDS: first */
  guint32        p2; /* RECORDS: one past the last */
  OpTime         from;
  OpTime         to; /* TIMES: without it */
} PakCollectRequest;

/* One reading: asks once, gathers the fragments of a record that is longer than a packet. */
void     pak_read_records_async  (const PakTarget *target, OpTable *table, const PakCollectRequest *request,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/*
 * Returns what the logger sent, within what was asked; NULL without @error when it has no such records.
 * PAK_ERROR_RECORD and PAK_ERROR_MESSAGE: the answer cannot be what the logger sent.
 */
OpChunk *pak_read_records_finish (PakSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
