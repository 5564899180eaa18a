/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"
#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/*
 * One Table Control command (manual 2.3.4.5; the table's name follows the option, pakbus-facts M7). When its answer
 * is lost, the table's records tell whether it was reset; of rolling over they tell nothing.
 */
void     pak_control_table_async  (const PakTarget *target, OpTable *table, OpTableCommand command,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/* Errors: PAK_ERROR, among them _NOT_DONE and _UNCERTAIN. */
gboolean pak_control_table_finish (PakSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
