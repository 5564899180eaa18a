/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/round-trip-private.h"
#include "protocol/pakbus/transaction-private.h"

G_BEGIN_DECLS

/* PakNodeTimes: what a node's answers say about how long to wait for it; behind a router that may be much longer. */
typedef struct
{
  PakRoundTrip all;
  GHashTable  *kinds;      /* PakRoundTrip by protocol and message type */
  gint64       held_until; /* monotonic µs: it asked to be left alone */
} PakNodeTimes;

PakNodeTimes *pak_node_times_new  (void);
void          pak_node_times_free (PakNodeTimes *self);

/*
 * How long the last try of @transaction waits, and whether another one may follow. @line_time: of the request and the
 * longest answer by the line's speed.
 */
gint64        pak_node_times_get_timeout   (PakNodeTimes *self, const PakTransaction *transaction, gint64 line_time);
gboolean      pak_node_times_may_try_again (PakNodeTimes *self, const PakTransaction *transaction, gint64 line_time,
                                            gint64 now);
/* Takes @transaction's answer of @length bytes; @line_time: of what went both ways. */
void          pak_node_times_take_answer   (PakNodeTimes *self, const PakTransaction *transaction, gint64 line_time,
                                            gsize length);
/* A try of @transaction was not answered in time. */
void          pak_node_times_take_silence  (PakNodeTimes *self, const PakTransaction *transaction);

G_END_DECLS
