/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ui/open-file.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpFilePage: a data file's records, and what was wrong with the file; while it is being read, how far that is.
 * Property "folded" (write): the page stands alone in a narrow window.
 */
#define OP_TYPE_FILE_PAGE (op_file_page_get_type ())
G_DECLARE_FINAL_TYPE (OpFilePage, op_file_page, OP, FILE_PAGE, AdwBin)

GtkWidget  *op_file_page_new      (OpOpenFile *file);
OpOpenFile *op_file_page_get_file (OpFilePage *self);
/** Asks where, and writes the file's records there as the vendor's converter would. */
void        op_file_page_save_toa5 (OpFilePage *self);

G_END_DECLS
