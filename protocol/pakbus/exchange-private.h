/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/flow-private.h"
#include "protocol/pakbus/link-private.h"
#include "protocol/pakbus/neighbour-private.h"
#include "protocol/pakbus/node-times-private.h"
#include "protocol/pakbus/transaction-private.h"

G_BEGIN_DECLS

/*
 * PakExchange: requests of several callers that wait to be sent and those that wait for their answers. What callers
 * want of the line they get in turns, one after the other: of two nodes that answer at the same time on one pair of
 * wires nobody is understood. Answer, time-out and cancel each release a transaction first and then complete it.
 * Counted references, as a cancel may come from any thread.
 */
typedef struct
{
  PakLink     *link; /* the port's, which every transaction holds */
  OpTransport *transport;
  guint16      own_address;

  PakNumbers  numbers;
  GQueue      callers;    /* PakCaller, the next one's turn first */
  GQueue      in_flight;  /* PakTransaction, as they were sent; some wait for their neighbour to be ready */
  PakCaller  *holder;     /* has the line for something else than a request */
  GHashTable *neighbours; /* PakNeighbour by address, those with users */
  GHashTable *nodes;      /* PakNodeTimes by address, of those that requests went to */
  GSource    *timer;      /* for the soonest deadline, or an earlier one that is past */
  GSource    *cancelled;  /* made ready from any thread */
} PakExchange;

/* The line is @data's until it calls pak_caller_end_turn(). */
typedef void (*PakTurnFunc) (gpointer data);

/* PakCaller: who makes requests: a session. */
struct _PakCaller
{
  PakExchange *exchange;
  guint16      neighbour; /* that its requests go to first; 0: it makes none */
  PakFlow      flow;
  gint64       first_timeout;

  GQueue       waiting;   /* PakTransaction, not sent, or to be sent again */
  guint        n_in_flight;
  PakTurnFunc  turn;      /* what it wants the line for before its requests; NULL: nothing */
  gpointer     turn_data;
};

/* Its sources go to the thread-default main context. */
PakExchange *pak_exchange_new   (PakLink *link, OpTransport *transport, guint16 own_address);
PakExchange *pak_exchange_ref   (PakExchange *self);
void         pak_exchange_unref (PakExchange *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakExchange, pak_exchange_unref)
/* Forgets what was learned of the nodes, for a line that was opened again. */
void         pak_exchange_reset (PakExchange *self);

void         pak_caller_init     (PakCaller *caller);
void         pak_caller_join     (PakCaller *caller, PakExchange *self);
/* Fails all that it has open with PAK_ERROR_CLOSED. */
void         pak_caller_leave    (PakCaller *caller, const char *why);
/* From now on it makes requests through @neighbour. */
void         pak_caller_begin    (PakCaller *caller, guint16 neighbour);
/* Calls @func once the line is free and it is @caller's turn, maybe at once. */
void         pak_caller_ask_turn (PakCaller *caller, PakTurnFunc func, gpointer data);
/* Gives the line up, or the wish for it. */
void         pak_caller_end_turn (PakCaller *caller);

/* Queues a request. Takes @task, whose data @transaction is. */
void         pak_exchange_add        (PakExchange *self, PakCaller *caller, PakTransaction *transaction, GTask *task);
/* Sends nothing more to @node for that long. */
void         pak_exchange_hold_off   (PakExchange *self, guint16 node, guint seconds);
/* A damaged frame came: most likely it is the answer that was due next. */
void         pak_exchange_take_damage   (PakExchange *self);
/* Looks whose answer @packet is, which is for us. */
void         pak_exchange_take_response (PakExchange *self, const PakPacket *packet);
/* Sends what waits for @neighbour to be ready. Returns: whether anything did. */
gboolean     pak_exchange_take_ready (PakExchange *self, const PakNeighbour *neighbour);
/* Whether requests to @neighbour, or through it, are open. */
gboolean     pak_exchange_is_busy    (PakExchange *self, guint16 neighbour);
/* Smoothed, in µs; 0 before the node's first answer. */
gint64       pak_exchange_get_round_trip (PakExchange *self, guint16 node);

/* The neighbour, if someone uses it; else NULL. */
PakNeighbour *pak_exchange_find_neighbour (PakExchange *self, guint16 address);

G_END_DECLS
