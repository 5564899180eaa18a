/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"

G_BEGIN_DECLS

/*
 * What several readings of a clock say together. Each says only that the logger's clock, somewhen in the round trip,
 * was between the time told and that plus its resolution (clocks of whole seconds cut off). No more is assumed of the
 * link: the ways there and back may differ as they like. What all readings allow is narrower than what the best of
 * them does: many readings of a clock of whole seconds tell when its second ticks over.
 */

typedef struct
{
  gint64 offset_us;      /* logger time minus this computer's in the station's zone: the middle of what is possible */
  gint64 uncertainty_us; /* the true offset differs from it by at most this */
  gint64 host_unix_us;   /* when: the last of the readings */
  gint64 round_trip_us;  /* the shortest */
  guint  n_readings;
  guint  n_agreeing;     /* fewer than n_readings: a clock was set, or an answer was wrong, between them */
} OpClockOffset;

/** @readings in the order made, at least one. What most of them agree on, rather the later ones, is believed. */
OpClockOffset op_clock_offset_combine (const OpClockReading *readings, guint n_readings, gint utc_offset_s);

/**
 * When, not before @earliest_us, to ask a clock of whole seconds next so that the answer halves the uncertainty: half
 * a round trip before its second ticks over in the middle of what is possible. Both times are this computer's, µs
 * since 1970 UTC.
 */
gint64        op_clock_offset_next_request (const OpClockOffset *offset, gint64 earliest_us);

/**
 * Proposes what a station's clock may be set to, in seconds east of UTC: the quarter of an hour nearest to what
 * @reading shows. FALSE when there is no such zone on Earth: the clock is plainly wrong.
 */
gboolean      op_clock_propose_utc_offset (const OpClockReading *reading, gint *utc_offset_s);

G_END_DECLS
