/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"
#include "protocol/transport/address.h"
#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/**
 * A logger for @address: transport, family driver and, for demo:, an in-process emulator with a thread of its
 * own. Loggers of this thread that are on one serial line, or behind one host and port, share it while open. No I/O
 * yet. @security overrides the address's code; -1: none. @trace_path, if not NULL, gets all traffic.
 */
OpLogger    *op_logger_new           (const OpAddress *address, gint security, const char *trace_path, GError **error);
/** The transport alone. */
OpTransport *op_transport_new_for_address (const OpAddress *address, GError **error);

G_END_DECLS
