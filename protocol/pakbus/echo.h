/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/pak-logger.h"

G_BEGIN_DECLS

/** What an echo tells of the way to a node. */
typedef struct
{
  gint64 round_trip_us; /* of the try that was answered */
  gsize  n_bytes;       /* of data, that came back unchanged */
  OpTime logger_time;   /* the node's clock when it answered */
} PakEcho;

/** The most data that fit one packet to any node. */
#define PAK_ECHO_MAX 990

/**
 * Sends @n_bytes (8 to PAK_ECHO_MAX; as many as the node takes, when those are fewer) to the logger's node and
 * measures how long they take to come back. Fails with OP_LOGGER_ERROR.
 */
void     pak_echo_async  (PakLogger *logger, gsize n_bytes, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer data);
/** Returns: (transfer full): to be freed with g_free() */
PakEcho *pak_echo_finish (PakLogger *logger, GAsyncResult *result, GError **error);

G_END_DECLS
