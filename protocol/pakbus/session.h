/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/message.h"
#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/**
 * PakSession: talks to one node, next to us or behind a neighbour, and serves many concurrent callers (design.md,
 * Transactions). It has a transport of its own, or shares the one of another session on the same line.
 *
 * It numbers transactions (1 to 255, random start), matches answers by transaction number, message type and both
 * addresses, honours Please Wait, repeats what is safe to repeat, answers Hello, answers what it does not know
 * with delivery failure 4, ignores packets to other addresses, and sends Bye on close.
 * Answer, time-out and cancel each release the transaction first and then complete it.
 *
 * Signals:
 * "closed" (GError *error): the link ended; open transactions have failed with PAK_ERROR_CLOSED.
 * "node-seen" (guint address): a packet's source, when first seen since opening.
 * "connected": the transport is open; now the node is rung.
 * "one-way" (guint node, GBytes *message): @node sent One-Way Data or a One-Way Table Definition; from its type on.
 * "trying-baud" (guint baud): the search for the line's speed has come to @baud.
 */
#define PAK_TYPE_SESSION (pak_session_get_type ())
G_DECLARE_FINAL_TYPE (PakSession, pak_session, PAK, SESSION, GObject)

/* Our address unless told otherwise: not one of Campbell's programs (pakbus-facts B10). */
#define PAK_DEFAULT_ADDRESS 4079

PakSession *pak_session_new          (OpTransport *transport, guint16 own_address);
/**
 * Shares the transport that sessions of this thread have open for the same @line (any text that tells one line from
 * another): the first opens its own, the others join, the last closes it. Requests of all take turns.
 */
void        pak_session_share        (PakSession *self, const char *line);
/** Whether opening looks for the speed of its serial line, beginning with the one that the transport has. */
void        pak_session_set_find_baud (PakSession *self, gboolean find_baud);
/**
 * Opens the transport, wakes the line, and rings until the neighbour is ready or has said anything; a node that
 * does not answer the ring is still tried (the manual: ring and ready are not required).
 * @neighbour 0: asks by Hello Request to broadcast 4095 and takes the address that answers. When @neighbour keeps
 * silent but a router told itself, the router is taken as neighbour.
 */
void        pak_session_open_async   (PakSession *self, guint16 neighbour, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer data);
/** Returns the neighbour's address, or 0 with @error. */
guint16     pak_session_open_finish  (PakSession *self, GAsyncResult *result, GError **error);
/** Sends Bye and Finished where the link is up, and closes the transport. Idempotent; never waits. */
void        pak_session_close        (PakSession *self);

/** What is safe to do when an answer does not come. */
typedef enum
{
  PAK_REPEAT_NEW_NUMBER,  /* reads: again with a new transaction number */
  PAK_REPEAT_SAME_NUMBER, /* fragments of one file */
  PAK_REPEAT_NEVER,       /* sets: the caller reads back and decides */
} PakRepeat;

/**
 * Sends @command (consumed; its transaction number is set here, but where one is set already and @repeat is not
 * PAK_REPEAT_NEW_NUMBER, see pak_session_reserve_number()) to @node through the open neighbour, and completes with the
 * answer of type @command's type | 0x80. Fails with PAK_ERROR_TIMED_OUT, _NOISE, _CLOSED, a delivery failure's
 * code, or G_IO_ERROR_CANCELLED (at once).
 */
void        pak_session_transact_async  (PakSession *self, guint16 node, PakMessage *command, PakRepeat repeat,
                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/**
 * Returns the answer's bytes from its message type on (at least 2).
 * @round_trip_us, if not NULL: of the try that was answered; 0 if it cannot be told.
 */
GBytes     *pak_session_transact_finish (PakSession *self, GAsyncResult *result, gint64 *round_trip_us, GError **error);
/** Whether an answer (from its type on) belongs to the request; FALSE: a late echo, which is passed over. */
typedef gboolean (*PakAcceptFunc) (const guint8 *answer, gsize length, gpointer data);
/** As pak_session_transact_async(), for answers that can only be told apart by what is in them. */
void        pak_session_transact_matching_async (PakSession *self, guint16 node, PakMessage *command,
                                                 PakRepeat repeat, PakAcceptFunc accept, gpointer accept_data,
                                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                                 gpointer data);
/** Lets requests to @node wait for so long, as it asked for (manual 2.3.3.4, HoldOff). */
void        pak_session_hold_off        (PakSession *self, guint16 node, guint seconds);
/** A transaction number to be used for all fragments of one file. */
guint8      pak_session_reserve_number  (PakSession *self);
void        pak_session_release_number  (PakSession *self, guint8 number);

guint16      pak_session_get_neighbour  (PakSession *self);
/** Whom the last request went to; before the first one, whom opening asked for or found. */
guint16      pak_session_get_node       (PakSession *self);
/** The speed of its serial line; 0 where there is none. */
guint        pak_session_get_baud       (PakSession *self);
/** Smoothed round trip to pak_session_get_node() in microseconds; 0 before the first answer. */
gint64       pak_session_get_round_trip (PakSession *self);
/** Whether a frame was damaged lately: what then comes must be read twice (design.md, Collection). */
gboolean     pak_session_is_noisy       (PakSession *self);
/** Called by who found an answer that passed the signature but does not fit: the link counts as noisy. */
void         pak_session_note_damage    (PakSession *self);
/** Bytes both ways on the line since opening. */
void         pak_session_get_traffic    (PakSession *self, guint64 *sent, guint64 *received);
/** Most time that one try waits for its first answer, µs, for lines where no round trip is known yet. */
void         pak_session_set_first_timeout (PakSession *self, gint64 timeout_us);
/**
 * Requests that may wait for their answers at a time; the others queue, in order. One unless set. After a delivery
 * failure 3, a Please Wait or an answer that did not come it is one, too, for a while.
 */
void         pak_session_set_max_in_flight (PakSession *self, guint max_in_flight);
guint        pak_session_get_max_in_flight (PakSession *self);

G_END_DECLS
