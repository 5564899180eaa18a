/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/virtual-station.h"
#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/**
 * OpLink: one port of the station, from bytes to messages and back: frames, link states, hellos, what a logger
 * says unasked, and the time that it takes.
 */
typedef struct _OpLink OpLink;

typedef struct
{
  /** Before a message is answered. */
  void (*asked)  (gpointer data);
  /** The link ended by itself; it may be freed now. */
  void (*closed) (OpLink *link, gpointer data);
  /** The answer after which the station restarts is sent; the link may be freed now. */
  void (*restart) (gpointer data);
} OpLinkFuncs;

/**
 * @transport is open, and closed with the link. @greets: a Hello Request is broadcast at once, as on TCP
 * (pakbus-facts B1).
 */
OpLink *op_link_new  (OpVirtualStation *station, OpTransport *transport, gboolean greets, gint64 turnaround_us,
                      const OpLinkFuncs *funcs, gpointer data);
void    op_link_free (OpLink *link);
/** Sends what new records make the station say unasked to @destination. */
void    op_link_send_one_way (OpLink *link, guint16 destination);

G_END_DECLS
