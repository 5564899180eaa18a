/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/device-file.h"
#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/*
 * One File Control command (manual 2.3.3.4). When its answer is lost, the directory or the programming statistics
 * tell whether it was done. The session holds off for as long as the logger asks for.
 */
void   pak_control_file_async  (const PakTarget *target, const char *name, OpFileCommand command,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/* Seconds to hold off, -1 with @error. Errors: PAK_ERROR, among them _NOT_DONE and _UNCERTAIN. */
gssize pak_control_file_finish (PakSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
