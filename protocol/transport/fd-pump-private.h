/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OpFdPump: moves bytes from and to a non-blocking descriptor in the thread-default main context of whoever
 * made it: what TCP and serial transports share.
 */
typedef struct _OpFdPump OpFdPump;

/** Bytes came. */
typedef void (*OpFdReceivedFunc) (GBytes *bytes, gpointer data);
/** The descriptor ended: @error_number is of errno, 0 for an orderly end. Called once; then the pump rests. */
typedef void (*OpFdEndedFunc)    (int error_number, gpointer data);

/** Starts reading @fd, which stays the caller's. Either function may free the pump. */
OpFdPump *op_fd_pump_new  (int fd, OpFdReceivedFunc received, OpFdEndedFunc ended, gpointer data);
/** Writes what the system takes at once and queues the rest. */
void      op_fd_pump_send (OpFdPump *pump, GBytes *bytes);
/** Forgets what is queued. */
void      op_fd_pump_drop (OpFdPump *pump);
/** Bytes queued. */
gsize     op_fd_pump_get_queued (OpFdPump *pump);
void      op_fd_pump_free (OpFdPump *pump);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpFdPump, op_fd_pump_free)

G_END_DECLS
