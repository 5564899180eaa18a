/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/**
 * A transport for the logger of PakBus @address (0: any) that calls in at @host and @port. All transports of a thread
 * for one port share one listener, which tells callers apart by the address that they tell, unasked or asked by a
 * Hello Request; it listens from the first opening until the last of its transports is gone. A caller that nobody
 * waits for is kept for some minutes. One that calls again replaces its earlier call: a transport that has that one
 * is closed. Opening waits for @wait_s seconds.
 */
OpTransport *pak_listener_new_transport (const char *host, guint16 port, guint16 address, guint wait_s);

/** A caller that is kept. */
typedef struct
{
  guint16 address;
  char   *name;     /* "10.0.0.5:51234" */
  gint64  unix_us;  /* when it called */
} PakListenerCaller;
void       pak_listener_caller_free (PakListenerCaller *caller);

/** Those that are kept at the port of @transport. Returns: (element-type PakListenerCaller) (transfer full) */
GPtrArray *pak_listener_list_callers (OpTransport *transport);
/** The port listened at, for a transport made with port 0; 0 before it was opened. */
guint16    pak_listener_get_port     (OpTransport *transport);

G_END_DECLS
