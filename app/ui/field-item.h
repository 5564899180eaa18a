/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/table.h"

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * OpFieldItem: a column of a table as the tree of fields shows it.
 * Properties: "name", "units", "details" ("Avg · FP2 · °C"), "plottable" (a number), "chosen" (writable).
 */
#define OP_TYPE_FIELD_ITEM (op_field_item_get_type ())
G_DECLARE_FINAL_TYPE (OpFieldItem, op_field_item, OP, FIELD_ITEM, GObject)

OpFieldItem *op_field_item_new           (OpTable *table, guint column);
guint        op_field_item_get_column    (OpFieldItem *self);
const char  *op_field_item_get_name      (OpFieldItem *self);
const char  *op_field_item_get_units     (OpFieldItem *self);
const char  *op_field_item_get_details   (OpFieldItem *self);
gboolean     op_field_item_get_plottable (OpFieldItem *self);
gboolean     op_field_item_get_chosen    (OpFieldItem *self);
void         op_field_item_set_chosen    (OpFieldItem *self, gboolean chosen);
/** Whether name, units or processing contain @needle, letter case aside. */
gboolean     op_field_item_matches       (OpFieldItem *self, const char *needle);

G_END_DECLS
