/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

typedef enum
{
  /* A byte, either way. */
  OP_FAULT_BIT_FLIP,
  OP_FAULT_BYTE_DROP,
  OP_FAULT_BYTE_DUP,
  /* A frame, either way. */
  OP_FAULT_FRAME_DROP,
  /* A frame sent. */
  OP_FAULT_FRAME_DUP,
  OP_FAULT_FRAME_DELAY,   /* past a time-out */
  OP_FAULT_FRAME_REORDER, /* it goes out behind the next one */
  OP_FAULT_DISCONNECT,
  OP_FAULT_REBOOT,
  OP_N_FAULTS,
} OpFault;

/** Probabilities, 0 to 1. */
typedef struct
{
  double rates[OP_N_FAULTS];
} OpFaults;

/** Reads "KIND:RATE,...". Errors: G_IO_ERROR_INVALID_ARGUMENT, which lists the kinds. */
gboolean op_faults_parse (const char *text, OpFaults *faults, GError **error);

/**
 * OpFaultTransport: damages what goes through another transport, the same way whenever the seed is the same. Each
 * send is a frame; of what is received, the bytes from one sync byte to the next are.
 *
 * Signals:
 * "reboot" (): the logger loses power now.
 */
#define OP_TYPE_FAULT_TRANSPORT (op_fault_transport_get_type ())
G_DECLARE_FINAL_TYPE (OpFaultTransport, op_fault_transport, OP, FAULT_TRANSPORT, OpTransport)
OpTransport *op_fault_transport_new (OpTransport *inner, const OpFaults *faults, guint32 seed);
/** How often a fault of that kind happened so far. */
guint        op_fault_transport_get_count (OpFaultTransport *self, OpFault fault);

G_END_DECLS
