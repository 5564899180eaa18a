/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"
#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/* Asks for programming statistics and then for the station's name (pakbus-facts G5). */
void        pak_identify_async  (const PakTarget *target, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer data);
/* Errors: PAK_ERROR. */
OpIdentity *pak_identify_finish (PakSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
