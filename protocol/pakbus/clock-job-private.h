/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"
#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/* One exchange that reads the clock (manual 2.3.2). */
void            pak_read_clock_async  (const PakTarget *target, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer data);
OpClockReading *pak_read_clock_finish (PakSession *session, GAsyncResult *result, GError **error);

/* One exchange that adds @adjustment (ns); after a lost answer the clock is read and held against @before. */
void               pak_adjust_clock_async  (const PakTarget *target, gint64 adjustment, const OpClockReading *before,
                                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
OpClockAdjustment *pak_adjust_clock_finish (PakSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
