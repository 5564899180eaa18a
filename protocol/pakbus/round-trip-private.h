/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* PakRoundTrip: what the answers so far say about how long to wait for the next one (as RFC 6298). Times in µs. */
typedef struct
{
  gint64   smoothed; /* 0 before the first answer */
  gint64   variance;
  gboolean seen_long_answer;
} PakRoundTrip;

/* Takes an answer of @answer_length bytes; @line_time is what bytes of both ways took of @sample by the line's speed. */
void   pak_round_trip_add (PakRoundTrip *self, gint64 sample, gint64 line_time, gsize answer_length);
/*
 * How long try @n_earlier_tries + 1 waits. @first_timeout: while nothing is known. @line_time: of the request and the
 * longest answer by the line's speed; 0 where that is unknown.
 */
gint64 pak_round_trip_get_timeout (const PakRoundTrip *self, gint64 first_timeout, gint64 line_time,
                                   guint n_earlier_tries);

G_END_DECLS
