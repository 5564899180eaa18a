/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

#define OP_TYPE_SERIAL_TRANSPORT (op_serial_transport_get_type ())
G_DECLARE_FINAL_TYPE (OpSerialTransport, op_serial_transport, OP, SERIAL_TRANSPORT, OpTransport)

/**
 * A serial line, 8N1, raw, no flow control (a tty that maps CR breaks program statistics: pakbus-facts G6),
 * locked exclusively. @baud: 1200, 2400, 4800, 9600, 19200, 38400, 57600 or 115200. Works on a pty.
 */
OpTransport *op_serial_transport_new (const char *path, guint baud);
/** Whether @baud is one of those above. */
gboolean     op_serial_baud_is_valid (guint baud);
/** Opens a pty, links @link_path to its slave (NULL: none) and serves the master side, whose speed is the
 * slave's; for emulators. */
OpTransport *op_serial_transport_new_pty (const char *link_path, char **slave_path, GError **error);

G_END_DECLS
