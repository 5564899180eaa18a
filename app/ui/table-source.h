/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store.h"

G_BEGIN_DECLS

/**
 * OpTableSource: records that the tree, the plot and the grid show: one generation of a station's table, or
 * a data file's batch. Properties (notify): "title" ("OneMin", "OneMin (generation 1)"), "summary" ("1 min · 525,600").
 */
#define OP_TYPE_TABLE_SOURCE (op_table_source_get_type ())
G_DECLARE_FINAL_TYPE (OpTableSource, op_table_source, OP, TABLE_SOURCE, GObject)

/** @old: a newer generation of the table exists. */
OpTableSource *op_table_source_new_incarnation (OpStore *store, OpIncarnation *incarnation, gboolean old);
OpTableSource *op_table_source_new_batch       (OpBatch *batch);
/** A newer snapshot of the same incarnation. */
void           op_table_source_update          (OpTableSource *self, OpIncarnation *incarnation, gboolean old);
/** NULL for a data file, as is the incarnation; the batch is NULL for a station's table. */
OpStore       *op_table_source_get_store       (OpTableSource *self);
OpIncarnation *op_table_source_get_incarnation (OpTableSource *self);
OpBatch       *op_table_source_get_batch       (OpTableSource *self);
OpTable       *op_table_source_get_table       (OpTableSource *self);
const char    *op_table_source_get_title       (OpTableSource *self);
const char    *op_table_source_get_summary     (OpTableSource *self);
guint64        op_table_source_get_n_records   (OpTableSource *self);
/** (GListModel of OpFieldItem), made by the first call. */
GListModel    *op_table_source_get_fields      (OpTableSource *self);
/** Table columns of the chosen fields, ascending. */
guint         *op_table_source_dup_chosen      (OpTableSource *self, guint *n_columns);
void           op_table_source_choose_none     (OpTableSource *self);
/** The first @n numeric fields. */
void           op_table_source_choose_first    (OpTableSource *self, guint n);
/** The numeric fields of these texts of op_field_item_dup_text() (NULL-terminated), as far as there are any. */
void           op_table_source_choose_names    (OpTableSource *self, const char *const *names);
/** Whether its name or one of its fields contains @needle. */
gboolean       op_table_source_matches         (OpTableSource *self, const char *needle);

G_END_DECLS
