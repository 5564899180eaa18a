/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

G_BEGIN_DECLS

/**
 * Writes the records of @incarnation to @file as TOA5, through
 * a temporary file beside it that takes its place when complete: an error leaves what was there.
 */
void     op_export_toa5_async  (OpStation *station, OpIncarnation *incarnation, GFile *file, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer data);
/** @n_records, if not NULL: rows written. */
gboolean op_export_toa5_finish (GAsyncResult *result, guint64 *n_records, GError **error);
/** The same for the records numbered @first up to, without, @end only; ends with op_export_toa5_finish() too. */
void     op_export_toa5_range_async (OpStation *station, OpIncarnation *incarnation, guint32 first, guint32 end, GFile *file,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/** "Ridge_Mast_OneMin.dat": a file name made safe from station and table. */
char    *op_export_dup_file_name (const char *station, const char *table, const char *ending);

G_END_DECLS
