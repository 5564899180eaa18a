/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

G_BEGIN_DECLS

/** What became of a station's clock. */
typedef struct
{
  gint64   offset_us;      /* as it is now: logger time minus this computer's time in the station's zone */
  gint64   uncertainty_us;
  gboolean set;
  gint64   adjusted_us;    /* what was added to the clock; 0 when it was not set */
} OpClockSetting;

/**
 * Sets the clock of a connected station when it is off by more than @threshold_us and than can be measured: reads it
 * several times, believes the reading with the shortest round trip, adjusts once by the difference, and reads it
 * again. An adjustment whose answer was lost is followed by a new reading and never by the same adjustment.
 * The station keeps the last reading.
 */
void            op_station_set_clock_async  (OpStation *station, gint64 threshold_us, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
/** Free it with g_free(). */
OpClockSetting *op_station_set_clock_finish (OpStation *station, GAsyncResult *result, GError **error);

G_END_DECLS
