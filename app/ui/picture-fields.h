/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/picture.h"

G_BEGIN_DECLS

/** The numeric columns of @table, in order. (element-type guint) */
GArray *op_picture_fields_list   (const OpTable *table);
/**
 * Which of @columns suits @kind at @place best: of a wind rose what is measured in units of a direction or a speed;
 * otherwise the chosen fields in their order. Returns: an index into @columns; -1 when none does.
 */
gint    op_picture_fields_choose (const OpTable *table, const GArray *columns, const guint *chosen, guint n_chosen,
                                  OpPictureKind kind, guint place);

G_END_DECLS
