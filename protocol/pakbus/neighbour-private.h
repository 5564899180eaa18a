/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/packet.h"

G_BEGIN_DECLS

/*
 * PakNeighbour: a node next to us on the line that we talk to or through, and how the link to it stands (manual 2.1;
 * pakbus-facts A5, A6). Times are monotonic µs.
 */
typedef struct
{
  guint16      address;
  PakLinkState state;           /* ring: we ring it; finished: we told it so, or it paused */
  gboolean     answers_rings;   /* who never did is not rung again, nor told that we have finished */
  guint        n_users;         /* sessions open through it */
  gint64       heard_at;        /* last packet of it */
  gint64       used_at;         /* last message from or to it */
  gint64       finished_at;
  guint        verify_interval; /* s, as it told */
  gboolean     is_being_verified;
} PakNeighbour;

/* What time asks to be done. */
typedef enum
{
  PAK_NEIGHBOUR_REST,
  PAK_NEIGHBOUR_FINISH, /* nobody has talked for a while: say so */
  PAK_NEIGHBOUR_VERIFY, /* not heard for long: is it still there? */
} PakNeighbourDuty;

PakNeighbour *pak_neighbour_new (guint16 address, gint64 now);

/* Takes the state of a packet of it to us. @is_busy: requests to it are open. */
void             pak_neighbour_take_packet (PakNeighbour *self, const PakPacket *packet, gboolean is_busy,
                                            gint64 now);
/* Whether it must be rung before a message is sent. */
gboolean         pak_neighbour_must_ring   (const PakNeighbour *self);
/* What is to be done now. @next: when to look again; G_MAXINT64: not before something happens. */
PakNeighbourDuty pak_neighbour_get_duty    (PakNeighbour *self, gboolean is_busy, gint64 now, gint64 *next);

G_END_DECLS
