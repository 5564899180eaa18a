/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/device-file.h"
#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/* Asks for programming statistics (manual 2.3.3.5). */
void            pak_read_program_async  (const PakTarget *target, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer data);
/* Errors: PAK_ERROR. */
OpProgramState *pak_read_program_finish (PakSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
