/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ui/open-file.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * OpOpenFiles: the data files of a window, in the order in which they were opened.
 *
 * Signals: "listed" (OpOpenFile): it was read, or is so long that how far the reading is becomes worth a page.
 * "leaving" (OpOpenFile): it goes from the list, closed or not to be read.
 * "failed" (OpOpenFile, GError): it cannot be read.
 */
#define OP_TYPE_OPEN_FILES (op_open_files_get_type ())
G_DECLARE_FINAL_TYPE (OpOpenFiles, op_open_files, OP, OPEN_FILES, GObject)

OpOpenFiles *op_open_files_new       (void);
/** (GListModel of OpOpenFile) */
GListModel  *op_open_files_get_model (OpOpenFiles *self);
/** Begins to read a file. */
void         op_open_files_open      (OpOpenFiles *self, GFile *file);
/** Asks which file to open. */
void         op_open_files_ask       (OpOpenFiles *self, GtkWindow *parent);
/** Stops reading it, if need be. */
void         op_open_files_close     (OpOpenFiles *self, OpOpenFile *file);

G_END_DECLS
