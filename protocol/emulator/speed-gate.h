/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/**
 * The logger's end of a serial line that has a speed of its own: while the other side's is another (which a pty can
 * tell), what comes and goes is garbage, as on wires.
 */
#define OP_TYPE_SPEED_GATE (op_speed_gate_get_type ())
G_DECLARE_FINAL_TYPE (OpSpeedGate, op_speed_gate, OP, SPEED_GATE, OpTransport)
OpTransport *op_speed_gate_new (OpTransport *inner, guint baud);

G_END_DECLS
