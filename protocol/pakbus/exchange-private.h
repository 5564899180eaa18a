/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/flow-private.h"
#include "protocol/pakbus/link-private.h"
#include "protocol/pakbus/round-trip-private.h"
#include "protocol/pakbus/transaction-private.h"

G_BEGIN_DECLS

/*
 * PakExchange: requests that wait to be sent and those that wait for their answers. Answer, time-out and cancel each
 * release a transaction first and then complete it. Counted references, as a cancel may come from any thread.
 */
typedef struct
{
  PakLink     *link; /* the session's, which every transaction holds */
  OpTransport *transport;
  guint16      own_address;
  guint16      neighbour; /* 0: nothing can be sent */

  PakNumbers   numbers;
  GQueue       waiting;   /* PakTransaction, to be sent */
  GQueue       in_flight; /* PakTransaction, as they were sent */
  PakFlow      flow;
  GSource     *timer;     /* for the soonest deadline, or an earlier one that is past */
  GSource     *cancelled; /* made ready from any thread */
  PakRoundTrip round_trip;
  GHashTable  *round_trips; /* PakRoundTrip by protocol and message type */
  gint64       first_timeout;
  guint16      held_node; /* asked to be left alone */
  gint64       held_until; /* monotonic µs */
} PakExchange;

/* Its sources go to the thread-default main context. */
PakExchange *pak_exchange_new   (PakLink *link, OpTransport *transport, guint16 own_address);
PakExchange *pak_exchange_ref   (PakExchange *self);
void         pak_exchange_unref (PakExchange *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakExchange, pak_exchange_unref)

void         pak_exchange_begin (PakExchange *self, guint16 neighbour);
/* Fails all that is open with PAK_ERROR_CLOSED. */
void         pak_exchange_end   (PakExchange *self, const char *why);
/* Queues a request. Takes @task, whose data @transaction is. */
void         pak_exchange_add   (PakExchange *self, PakTransaction *transaction, GTask *task);
/* Sends nothing more to @node for that long. */
void         pak_exchange_hold_off (PakExchange *self, guint16 node, guint seconds);
/* Begins to measure anew, for a transport that was opened again. */
void         pak_exchange_forget_times (PakExchange *self);
/* A damaged frame came: most likely it is the answer that was due next. */
void         pak_exchange_take_damage (PakExchange *self);
/* Looks whose answer @packet is, which is for us. */
void         pak_exchange_take_response (PakExchange *self, const PakPacket *packet);

G_END_DECLS
