/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/message.h"
#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/*
 * PakLink: packets over a transport: framing both ways, waking the other side up, and a judgement of how far the
 * line can be trusted.
 */
typedef struct _PakLink PakLink;

/*
 * Called for each packet of a good frame, whomever it is for, and with NULL for a damaged one. @packet is valid only
 * during the call.
 */
typedef void (*PakLinkFunc) (const PakPacket *packet, gpointer data);

PakLink *pak_link_new   (OpTransport *transport, guint16 own_address, PakLinkFunc func, gpointer data);
void     pak_link_free  (PakLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakLink, pak_link_free)
/* Begins anew, for a transport that was opened again. */
void     pak_link_reset (PakLink *self);

/* Takes what the transport received. The link must live until this returns. */
void     pak_link_receive      (PakLink *self, GBytes *bytes);
/* A packet that tells a link state only. */
void     pak_link_send_state   (PakLink *self, PakLinkState state, guint16 dst_phy);
/* Asks all nodes in reach to tell themselves by a Hello (manual 4.3). */
void     pak_link_ask_who_is_there (PakLink *self);
/* A packet without message that says nothing more will come (pakbus-facts A5, C7). */
void     pak_link_send_finished (PakLink *self, guint16 neighbour);
/* Returns the bytes sent. */
gsize    pak_link_send_message (PakLink *self, PakLinkState state, guint16 dst_phy, guint16 dst_node,
                                PakExpectMore expect_more, const PakMessage *message);

guint64  pak_link_get_n_damaged (PakLink *self);
void     pak_link_note_damage   (PakLink *self);
gboolean pak_link_is_noisy      (PakLink *self);
void     pak_link_get_traffic   (PakLink *self, guint64 *sent, guint64 *received);

G_END_DECLS
