/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

#define OP_TYPE_MEMORY_TRANSPORT (op_memory_transport_get_type ())
G_DECLARE_FINAL_TYPE (OpMemoryTransport, op_memory_transport, OP, MEMORY_TRANSPORT, OpTransport)

/**
 * Two ends of an in-process link. Each end may be opened in a thread with a main context of its own; bytes
 * cross over. Bytes sent before the other end is open wait for it. Closing one end hangs up the other.
 */
void op_memory_transport_new_pair (OpTransport **a, OpTransport **b);

G_END_DECLS
