/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/table.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpChooseFields: a dialog that lets fields of any table be chosen, Public first.
 * Signal "chosen" (char **names): "TABLE.FIELD" of each, in the order of the list.
 */
#define OP_TYPE_CHOOSE_FIELDS (op_choose_fields_get_type ())
G_DECLARE_FINAL_TYPE (OpChooseFields, op_choose_fields, OP, CHOOSE_FIELDS, AdwWindow)

/** @tables: (element-type OpTable); @names: what is chosen now. */
GtkWidget *op_choose_fields_new (GtkWindow *parent, GPtrArray *tables, const char *const *names);
/** The fields of @tables as the dialog lists them: (GListModel of OpChoiceItem) */
GListModel *op_choose_fields_list (GPtrArray *tables, const char *const *names);

G_END_DECLS
