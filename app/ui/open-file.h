/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/formats/data-file.h"

G_BEGIN_DECLS

/**
 * OpOpenFile: a data file that is being read, or was. Properties "fraction" (read): how much of it was read, 0 to 1;
 * "loaded" (read): whether its content is there.
 */
#define OP_TYPE_OPEN_FILE (op_open_file_get_type ())
G_DECLARE_FINAL_TYPE (OpOpenFile, op_open_file, OP, OPEN_FILE, GObject)

OpOpenFile       *op_open_file_new         (GFile *file);
/** Reads the file; once. */
void              op_open_file_read_async  (OpOpenFile *self, GAsyncReadyCallback callback, gpointer data);
/** FALSE and @error (G_IO_ERROR_CANCELLED after op_open_file_cancel()) when there is no content. */
gboolean          op_open_file_read_finish (OpOpenFile *self, GAsyncResult *result, GError **error);
gboolean          op_open_file_is_reading  (OpOpenFile *self);
void              op_open_file_cancel      (OpOpenFile *self);
GFile            *op_open_file_get_file    (OpOpenFile *self);
const char       *op_open_file_get_name    (OpOpenFile *self);
/** NULL while it is being read. */
const OpDataFile *op_open_file_get_content (OpOpenFile *self);
double            op_open_file_get_fraction (OpOpenFile *self);
/** Seconds that reading the rest will take; less than 0 when that cannot be told yet. */
double            op_open_file_get_seconds_left (OpOpenFile *self);

G_END_DECLS
