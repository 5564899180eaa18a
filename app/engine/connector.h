/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"

G_BEGIN_DECLS

/** What connecting learns of a logger. */
typedef struct
{
  OpIdentity     *identity;
  OpClockReading *clock;
  GPtrArray      *tables; /* OpTable */
} OpConnection;
void          op_connection_free (OpConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpConnection, op_connection_free)

/** Opens @logger and reads its identity, clock and definitions. After an error it is closed. */
void          op_connect_async   (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
OpConnection *op_connect_finish  (OpLogger *logger, GAsyncResult *result, GError **error);

G_END_DECLS
