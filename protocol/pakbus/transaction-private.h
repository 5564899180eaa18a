/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/session.h"

G_BEGIN_DECLS

#define PAK_MIN_TRIES 4
#define PAK_MAX_TRIES 8
/* Answers that may come damaged until a request is left to its time-out. */
#define PAK_MAX_SPOILED_TRIES 4

typedef struct _PakCaller PakCaller;

/* One sending of a request. */
typedef struct
{
  guint8 number;
  gint64 sent_at; /* monotonic µs */
  gsize  length;  /* bytes on the line */
  gboolean was_alone; /* in flight: nothing else took its answer's time */
} PakTry;

/* PakTransaction: a request and what became of it. It is its task's data. */
typedef struct
{
  GTask        *task; /* owned by the session's queues; NULL once completed */
  PakMessage   *command;
  PakProtocol   protocol;
  guint8        type;
  guint16       neighbour; /* that it goes to first */
  guint16       node;
  PakCaller    *caller;
  PakRepeat     repeat;
  PakAcceptFunc accept;
  gpointer      accept_data;
  gulong        cancel_handler;

  PakTry   tries[PAK_MAX_TRIES];
  guint    n_tries;
  guint    n_rings;     /* since the last try; above 0: it waits for the neighbour to be ready */
  guint    n_expired;   /* tries that were not answered in time */
  guint    n_spoiled;   /* tries whose answer was damaged, as it seems */
  gint64   waited;      /* µs that earlier tries were in flight */
  gint64   deadline;    /* monotonic µs */
  gboolean was_delayed; /* by a Please Wait: its round trip tells nothing of the line */
  gboolean found_no_room; /* the last try did, on its way */
  guint64  n_damaged;   /* damaged frames before it was sent */

  GBytes *answer;
  gint64  round_trip; /* µs; 0: cannot be told */
} PakTransaction;

PakTransaction *pak_transaction_new  (PakMessage *command, guint16 neighbour, guint16 node, PakRepeat repeat);
void            pak_transaction_free (PakTransaction *transaction);
/* Whether @packet is what this request asks for. Numbers and our own address were compared before. */
gboolean        pak_transaction_is_answered_by (const PakTransaction *transaction, const PakPacket *packet);
/* Keeps the answer and its round trip, of the try with its number; returns that try, or NULL if it cannot be told. */
const PakTry   *pak_transaction_take_answer    (PakTransaction *transaction, const PakPacket *packet, gint64 now);
/* Waits @seconds longer, as far as one request may. */
void            pak_transaction_wait           (PakTransaction *transaction, guint seconds, gint64 now);
/* The try that was sent last. */
const PakTry   *pak_transaction_get_last_try   (const PakTransaction *transaction);
/* "Clock Command to PakBus address 1" */
char           *pak_transaction_describe       (const PakTransaction *transaction);

/* PakNumbers: transaction numbers 1 to 255: who uses which, and which still wait for a late answer. */
typedef struct
{
  PakTransaction *users[256];
  gint64          kept_until[256]; /* monotonic µs; G_MAXINT64: reserved */
  guint8          last;
} PakNumbers;

void   pak_numbers_init (PakNumbers *numbers);
/* The next number that nobody uses. */
guint8 pak_numbers_take (PakNumbers *numbers, gint64 now);
/* Keeps @number from being used while an answer to it may be on its way. */
void   pak_numbers_keep (PakNumbers *numbers, guint8 number, gint64 now);
/* Gives up those of @transaction; those whose answer did not come are kept a while. */
void   pak_numbers_release (PakNumbers *numbers, const PakTransaction *transaction, gint64 now);

G_END_DECLS
