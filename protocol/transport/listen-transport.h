/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/**
 * A transport that the other side opens: opening it waits until someone, who can tell callers apart, hands one over.
 *
 * Signals:
 * "wanted": opening began. A handler may hand a connection over, or fail it, at once.
 * "unwanted": it closed, or its opening ended without a connection.
 */
#define OP_TYPE_LISTEN_TRANSPORT (op_listen_transport_get_type ())
G_DECLARE_FINAL_TYPE (OpListenTransport, op_listen_transport, OP, LISTEN_TRANSPORT, OpTransport)

/** Opening fails with OP_TRANSPORT_ERROR_TIMED_OUT when nobody called for @timeout_s. */
OpTransport *op_listen_transport_new        (const char *name, guint timeout_s);
gboolean     op_listen_transport_is_waiting (OpListenTransport *self);
/**
 * Ends the waiting with @connection, which is open and whose signals nobody else handles any more. @received: what
 * came from it until now, which is received again; may be empty.
 */
void         op_listen_transport_hand_over  (OpListenTransport *self, OpTransport *connection, GBytes *received);
/** What is said besides when nobody called in time, such as who else did. */
void         op_listen_transport_set_remark (OpListenTransport *self, const char *remark);
/** Ends the waiting with @error. */
void         op_listen_transport_fail       (OpListenTransport *self, const GError *error);
/** Ends the connection it has, as the same caller has called again. */
void         op_listen_transport_hang_up    (OpListenTransport *self);

G_END_DECLS
