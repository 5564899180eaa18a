/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/**
 * OpListener: accepts TCP connections at one port, in the thread-default main context of the thread that started it.
 *
 * Signals:
 * "incoming" (OpTransport *connection): not opened yet; whoever wants it takes a reference.
 */
#define OP_TYPE_LISTENER (op_listener_get_type ())
G_DECLARE_FINAL_TYPE (OpListener, op_listener, OP, LISTENER, GObject)

/** @host: an IP address of this computer, 0.0.0.0 or :: for all of them. @port: 0 to have one chosen. */
OpListener *op_listener_new      (const char *host, guint16 port);
/** Idempotent. Errors: OP_TRANSPORT_ERROR_ADDRESS, _BUSY, _PERMISSION, _FAILED. */
gboolean    op_listener_start    (OpListener *self, GError **error);
/** The port that it listens at, 0 before it was started. */
guint16     op_listener_get_port (OpListener *self);

G_END_DECLS
