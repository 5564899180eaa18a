/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"
#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/*
 * Asks for programming statistics and then for the station's name (pakbus-facts G5), or of what may be a CR200 for
 * its settings.
 */
void        pak_identify_async  (const PakTarget *target, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer data);
/* @max_packet: as in PakTarget. Errors: PAK_ERROR. */
OpIdentity *pak_identify_finish (PakSession *session, GAsyncResult *result, guint16 *max_packet, GError **error);

G_END_DECLS
