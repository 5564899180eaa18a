/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/clock-offset.h"

G_BEGIN_DECLS

/** A look at a clock: several exchanges one after the other, at least five that were answered. */
typedef struct
{
  OpClockOffset  offset;
  OpClockReading last;                  /* of the exchanges */
  gint64         longest_round_trip_us;
  gboolean       is_coarse;             /* the clock tells whole seconds only */
} OpClockLook;

/**
 * A clock of whole seconds is asked some times more, when its second is about to tick over, so that what is not known
 * of it comes near to the round trip. Requests that got no answer are made up for; too many of them fail the look.
 */
void         op_clock_look_async  (OpLogger *logger, gint utc_offset_s, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer data);
/** Free it with g_free(). */
OpClockLook *op_clock_look_finish (OpLogger *logger, GAsyncResult *result, GError **error);

/** What @look lets one expect of the logger's clock at @host_unix_us (µs since 1970 UTC). */
OpTime       op_clock_look_get_time (const OpClockLook *look, gint utc_offset_s, gint64 host_unix_us);
/** When this computer's clock shows what the logger's is @time at, µs since 1970 UTC. */
gint64       op_clock_look_get_host_time (const OpClockLook *look, gint utc_offset_s, OpTime time);

G_END_DECLS
