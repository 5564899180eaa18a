/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * OpFieldRow: a row of the tree: a table with its summary, or a field with a check button and its units.
 * Signal "toggled": the person chose or left out the field. Signal "look-changed": it is to be drawn otherwise.
 */
#define OP_TYPE_FIELD_ROW (op_field_row_get_type ())
G_DECLARE_FINAL_TYPE (OpFieldRow, op_field_row, OP, FIELD_ROW, GtkBox)

GtkWidget      *op_field_row_new          (void);
/** NULL: none. */
void            op_field_row_set_tree_row (OpFieldRow *self, GtkTreeListRow *row);
GtkTreeListRow *op_field_row_get_tree_row (OpFieldRow *self);

G_END_DECLS
