/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/live-field.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpValueGrid: the elements of an array, each with its index: switches for true and false, else values, which are
 * buttons where they can be written. Of long arrays the first ones.
 *
 * Signals: "edit" (uint element): a value was pressed. "set" (uint element, boolean value): a switch was.
 */
#define OP_TYPE_VALUE_GRID (op_value_grid_get_type ())
G_DECLARE_FINAL_TYPE (OpValueGrid, op_value_grid, OP, VALUE_GRID, AdwBin)

void op_value_grid_set_field (OpValueGrid *self, OpLiveField *field);
/** Shows what the field says now. */
void op_value_grid_sync      (OpValueGrid *self);

G_END_DECLS
