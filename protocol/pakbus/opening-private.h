/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/exchange-private.h"

G_BEGIN_DECLS

/*
 * PakOpening: the first talk with a neighbour (manual 4.2, 4.3): rings it or, when its address is not known, asks who
 * is there.
 */
typedef struct _PakOpening PakOpening;

/*
 * @neighbour: who is there; 0: nobody told. @node: the node that told itself, behind @neighbour if it is another. The
 * opening may be freed in the call.
 */
typedef void (*PakOpeningFunc) (guint16 neighbour, guint16 node, gpointer data);

/* Begins in the thread-default main context when it is @caller's turn. @interval: from one call to the next, µs. */
PakOpening *pak_opening_new    (PakLink *link, PakCaller *caller, guint16 own_address, guint16 neighbour,
                                gint64 interval, PakOpeningFunc func, gpointer data);
void        pak_opening_free   (PakOpening *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakOpening, pak_opening_free)
/* Looks whether @packet, which is for us or for all, ends the opening. */
void        pak_opening_packet (PakOpening *self, const PakPacket *packet);

G_END_DECLS
