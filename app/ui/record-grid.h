/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ui/table-source.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpRecordGrid: the records of a source as a virtual table in time order, chosen fields first. Action "records.copy"
 * (Ctrl+C): the selected ones as text.
 * Signal "selected" (int64, int64: OpTime): a person selected records from the first time to the second. Signal
 * "arranged": a person moved a column.
 */
#define OP_TYPE_RECORD_GRID (op_record_grid_get_type ())
G_DECLARE_FINAL_TYPE (OpRecordGrid, op_record_grid, OP, RECORD_GRID, AdwBin)

/** Shows the newest records of @source; NULL: nothing. */
void op_record_grid_set_source  (OpRecordGrid *self, OpTableSource *source);
void op_record_grid_set_chosen  (OpRecordGrid *self, const guint *columns, guint n_columns);
/** The columns as a person arranged them, for op_record_grid_set_order(); NULL: nobody did. */
char *op_record_grid_dup_order  (OpRecordGrid *self);
/** Arranges them so again; they then stay as they are when other fields are chosen. */
void op_record_grid_set_order   (OpRecordGrid *self, const char *order);
/** The source holds more; what was scrolled to the end stays there. */
void op_record_grid_refresh     (OpRecordGrid *self);
void op_record_grid_scroll_to   (OpRecordGrid *self, guint place);
/** Selects the records of that span, and shows the first of them: a person did so elsewhere. */
void       op_record_grid_select_span (OpRecordGrid *self, OpTime from, OpTime to);
/** Selects none. */
void       op_record_grid_select_none (OpRecordGrid *self);
/** Selects the first record that is not before @time, and shows it. */
void       op_record_grid_go_to_time (OpRecordGrid *self, OpTime time);

G_END_DECLS
