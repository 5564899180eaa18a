/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"
#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/* Writes a file to the logger and reads it back (manual 2.3.3.1; pakbus-facts G2). */
void     pak_put_file_async  (const PakTarget *target, const char *name, GBytes *content, OpProgressFunc progress,
                              gpointer func_data, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer data);
/* @verified: FALSE when the logger does not let it be read. Errors: PAK_ERROR, _VERIFY when it reads differently. */
gboolean pak_put_file_finish (PakSession *session, GAsyncResult *result, gboolean *verified, GError **error);

G_END_DECLS
