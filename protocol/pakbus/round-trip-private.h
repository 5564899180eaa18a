/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* PakRoundTrip: what the answers so far say about how long to wait for the next one (as RFC 6298). Times in µs. */
typedef struct
{
  gint64   smoothed; /* 0 before the first answer */
  gint64   variance;
  gint64   shortest;
  gboolean seen_long_answer;
  guint    n_samples;
  guint    n_unanswered; /* tries of one request that were not answered in time, since the last sample */
} PakRoundTrip;

/* What one request may wait for. */
typedef struct
{
  gint64 first_timeout; /* while nothing is known */
  gint64 line_time;     /* of the request and the longest answer by the line's speed; 0 where that is unknown */
  guint  n_expired;     /* earlier tries that were not answered in time */
} PakWait;

/* Takes an answer of @answer_length bytes; @line_time is what bytes of both ways took of @sample by the line's speed. */
void   pak_round_trip_add (PakRoundTrip *self, gint64 sample, gint64 line_time, gsize answer_length);
/*
 * How long one try waits. @all: of requests of all kinds; @kind: of those of the same kind, which tell more as soon
 * as there are a few.
 */
gint64 pak_round_trip_get_timeout  (const PakRoundTrip *all, const PakRoundTrip *kind, const PakWait *wait);
/* How long a request is tried at least before it is given up. */
gint64 pak_round_trip_get_patience (const PakRoundTrip *all, const PakWait *wait);

G_END_DECLS
