/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/frame.h"
#include "protocol/transport/memory-transport.h"

G_BEGIN_DECLS

/* How often one that has answered before is asked in vain until it is given up. */
#define PEER_TRIES 5

/* The packets that open a link between us, 4079 = FEF, and node 1. */
#define RING           "90 01 0F EF"
#define READY          "AF EF 00 01"
#define HELLO          "A0 01 5F EF 00 01 0F EF 09 TT 00 02 FF FE"
#define HELLO_RESPONSE "AF EF 00 01 0F EF 00 01 89 TT 00 02 FF FE"

/*
 * Peer: the far end of an in-process link, played by a test line by line: it checks the bytes that come before it
 * answers. Packets are written as hex without framing and nullifier; "TT" stands for a transaction number: expected,
 * it matches any and is kept in @number; sent, it is @number.
 */
typedef struct
{
  OpTransport    *near_end; /* for the session or logger under test */
  OpTransport    *far_end;
  PakFrameParser *parser;
  GQueue          packets;  /* GBytes, received and not looked at */
  guint8          number;
  gboolean        closed;
} Peer;

/* Opens the far end. */
Peer    *peer_new        (void);
void     peer_free       (Peer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Peer, peer_free)

/* Runs the main loop until a packet has come; fails if it is not @hex. */
void     peer_expect     (Peer *peer, const char *hex);
/* Runs the main loop until a packet has come and drops it. */
GBytes  *peer_take       (Peer *peer);
/* Whether nothing has come that was not looked at. */
gboolean peer_is_idle    (Peer *peer);
void     peer_send       (Peer *peer, const char *hex);
/* Sends bytes as they are. */
void     peer_send_raw   (Peer *peer, const char *hex);
/* Runs the main loop until @flag is set; fails after some seconds. */
void     wait_for        (const gboolean *flag);
/* Runs the main loop for so long, for what must not happen. */
void     run_for         (guint milliseconds);

G_END_DECLS
