/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store.h"

G_BEGIN_DECLS

/** Places of records, from 0, among those held. */
typedef struct
{
  guint64 first;   /* that is not before the span; the last one of all when all are before it */
  guint64 last;    /* that is not behind it; anything when @has_records is FALSE */
  gboolean has_records; /* in the span */
} OpSpanPlaces;

/**
 * Finds where the records from @from to @to, both included, lie: of an incarnation of @store by reading some forty
 * records, whatever their number; or, when @batch is not NULL, in it. Where a clock was set back, times do not ascend:
 * of a batch all that lie in the span are then between first and last, of an incarnation it is one of the places where
 * the span begins and ends.
 */
void     op_find_span_async  (OpStore *store, OpIncarnation *incarnation, OpBatch *batch, OpTime from, OpTime to,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/** FALSE with @error, or when there are no records at all. */
gboolean op_find_span_finish (GAsyncResult *result, OpSpanPlaces *places, GError **error);

G_END_DECLS
