/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * OpNewFile: a file that takes its place, and that of an older one, only when all of it is on the disk. All calls
 * block; errors are G_IO_ERROR and name the file.
 */
typedef struct _OpNewFile OpNewFile;

/** @path NULL: standard output. This, a device or a pipe keeps what was written. */
OpNewFile *op_new_file_open   (const char *path, GError **error);
/** Writes @text and empties it. */
gboolean   op_new_file_write  (OpNewFile *file, GString *text, GError **error);
gboolean   op_new_file_commit (OpNewFile *file, GError **error);
/** What was not committed leaves no trace. */
void       op_new_file_close  (OpNewFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpNewFile, op_new_file_close)

G_END_DECLS
