/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"
#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/* Values by name (manual 2.3.4.6; pakbus-facts H), in as many messages as they need. */
void    pak_get_values_async  (const PakTarget *target, const OpValueSpan *span, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
/* Errors: PAK_ERROR, OP_VALUE_ERROR. */
GBytes *pak_get_values_finish (PakSession *session, GAsyncResult *result, GError **error);

/* Each message is sent once; after a lost answer the values are read back. */
void          pak_set_values_async  (const PakTarget *target, const OpValueSpan *span, GBytes *values,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/* Errors: as above, and PAK_ERROR_NOT_DONE and _UNCERTAIN. */
OpSetOutcome *pak_set_values_finish (PakSession *session, GAsyncResult *result, GError **error);

/* For both: the part of @span that begins at its element @first and fits into @room bytes. */
OpValueSpan *pak_values_slice (const OpValueSpan *span, guint first, gsize room, GError **error);
/* Fills in what both commands name. */
void         pak_values_name  (const PakTarget *target, const OpValueSpan *span, PakMessage *command);

G_END_DECLS
