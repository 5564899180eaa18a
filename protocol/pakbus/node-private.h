/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/link-private.h"
#include "protocol/pakbus/transaction-private.h"

G_BEGIN_DECLS

/* What we owe other nodes as a member of their network, whatever we want of them ourselves. */

/* Answers a packet that tells a link state only. @is_busy: we wait for answers. */
void pak_node_answer_state   (PakLink *link, guint16 own_address, gboolean is_busy, const PakPacket *packet);
/* Answers Hello and Hello Request, and what we do not know. */
void pak_node_answer_command (PakLink *link, guint16 own_address, PakNumbers *numbers, const PakPacket *packet);
/* Our Hello, without its number. */
PakMessage *pak_node_new_hello (void);
/* Says that the link to @neighbour ends, to @audience: it or all. */
void pak_node_take_leave     (PakLink *link, guint16 neighbour, guint16 audience);

G_END_DECLS
