/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"
#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/*
 * Appends a file of the logger to @content, from the byte on that follows what is there (manual 2.3.3.2; pakbus-facts
 * G1). After an error what came stays in @content. A read that ends early closes the file in the logger.
 */
void     pak_get_file_async  (const PakTarget *target, const char *name, GByteArray *content, guint64 expected,
                              OpProgressFunc progress, gpointer func_data, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
/* Errors: PAK_ERROR. */
gboolean pak_get_file_finish (PakSession *session, GAsyncResult *result, GError **error);

/* Reads a whole file that is not large: definitions, a directory. */
void    pak_read_file_async  (const PakTarget *target, const char *name, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
/* Errors: PAK_ERROR. */
GBytes *pak_read_file_finish (PakSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
