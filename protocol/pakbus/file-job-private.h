/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/* Reads a whole file from the logger (manual 2.3.3.2; pakbus-facts G1). */
void    pak_read_file_async  (const PakTarget *target, const char *name, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
/* Errors: PAK_ERROR. */
GBytes *pak_read_file_finish (PakSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
