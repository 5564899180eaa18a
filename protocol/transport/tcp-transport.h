/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

#define OP_TYPE_TCP_TRANSPORT (op_tcp_transport_get_type ())
G_DECLARE_FINAL_TYPE (OpTcpTransport, op_tcp_transport, OP, TCP_TRANSPORT, OpTransport)

/** Connects within @timeout_ms (0: 10,000) for resolving and connecting together; keep-alive on, Nagle off. */
OpTransport *op_tcp_transport_new (const char *host, guint16 port, guint timeout_ms);
/** Wraps a connection that a listener accepted: open_async completes at once. */
OpTransport *op_tcp_transport_new_for_connection (GSocketConnection *connection);

G_END_DECLS
