/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Security codes in the desktop's keyring, by the station's address. Where there is no keyring nothing is kept, which
 * is no error: the code is then asked for each time.
 */

void     op_secrets_look_up_async  (const char *uri, GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer data);
/** Returns the code, or -1 when none is kept. */
gint     op_secrets_look_up_finish (GAsyncResult *result);
void     op_secrets_keep_async     (const char *uri, guint16 code, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer data);
/** Whether it is kept. */
gboolean op_secrets_keep_finish    (GAsyncResult *result);
/** Forgets the code in the background. */
void     op_secrets_forget         (const char *uri);

G_END_DECLS
