/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/**
 * A transport that slows another one truly: @baud (0: unlimited) lets 10 bits a byte through each way, and
 * @delay_us is added to every byte each way (half of a round trip). Order is kept and several sends overlap in
 * their delay as on a real line. op_transport_get_baud() says @baud.
 */
#define OP_TYPE_THROTTLE (op_throttle_get_type ())
G_DECLARE_FINAL_TYPE (OpThrottle, op_throttle, OP, THROTTLE, OpTransport)
OpTransport *op_throttle_new (OpTransport *inner, guint baud, gint64 delay_us);

G_END_DECLS
