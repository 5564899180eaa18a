/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * OpChoiceItem: something to choose from a list. Properties: "name" and "note" strings (construct only), "chosen"
 * boolean (read, write, notify).
 */
#define OP_TYPE_CHOICE_ITEM (op_choice_item_get_type ())
G_DECLARE_FINAL_TYPE (OpChoiceItem, op_choice_item, OP, CHOICE_ITEM, GObject)

OpChoiceItem *op_choice_item_new        (const char *name, const char *note, gboolean chosen);
const char   *op_choice_item_get_name   (OpChoiceItem *self);
const char   *op_choice_item_get_note   (OpChoiceItem *self);
gboolean      op_choice_item_get_chosen (OpChoiceItem *self);

G_END_DECLS
