/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot/plot-look.h"

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
/** How it is drawn; what suits it unless set. */
const OpPlotLook *op_field_item_get_look (OpFieldItem *self);
void         op_field_item_set_look      (OpFieldItem *self, const OpPlotLook *look);
/** Whether its table holds the minimum and the maximum of this average. */
gboolean     op_field_item_has_band      (OpFieldItem *self);
/** As a file keeps it: "AirTC_Avg", or "AirTC_Avg=steps,own" when it is drawn otherwise than what suits it. */
char        *op_field_item_dup_text      (OpFieldItem *self);
/** Whether name, units or processing contain @needle, letter case aside. */
gboolean     op_field_item_matches       (OpFieldItem *self, const char *needle);

G_END_DECLS
