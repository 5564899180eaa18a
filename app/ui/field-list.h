/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ui/table-source.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * OpFieldList: the tree of tables and fields with its search. Fields of one table are chosen at a time.
 * Signal "chosen-changed": the current source or its chosen fields changed.
 */
#define OP_TYPE_FIELD_LIST (op_field_list_get_type ())
G_DECLARE_FINAL_TYPE (OpFieldList, op_field_list, OP, FIELD_LIST, GtkBox)

/** @sources: (GListModel of OpTableSource) */
void           op_field_list_set_sources (OpFieldList *self, GListModel *sources);
/** Shows the fields of @source; where none is chosen, the first numbers are. */
void           op_field_list_set_current (OpFieldList *self, OpTableSource *source);
OpTableSource *op_field_list_get_current (OpFieldList *self);

G_END_DECLS
