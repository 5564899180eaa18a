/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Records that are copied at most: more are for a file. */
#define OP_RECORD_COPY_MAX 10000

/**
 * Puts the rows @selected (places in @rows, a GListModel of OpRecordRow) as text into @clipboard once all are read: a
 * line of @titles, then a line a record: what it shows in @columns (element-type int), parted by tabs.
 */
void op_record_copy (GListModel *rows, GtkBitset *selected, const char *const *titles, GArray *columns,
                     GdkClipboard *clipboard);

G_END_DECLS
