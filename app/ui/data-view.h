/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ui/table-source.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpDataView: the tree of tables and fields, the plot of the chosen ones and the records below.
 * Signal "message" (const char *text): something for a toast. Signal "laid-out": a person chose other fields, another
 * picture or one of the named spans.
 */
#define OP_TYPE_DATA_VIEW (op_data_view_get_type ())
G_DECLARE_FINAL_TYPE (OpDataView, op_data_view, OP, DATA_VIEW, AdwBin)

/** @sources: (GListModel of OpTableSource) */
void           op_data_view_set_sources (OpDataView *self, GListModel *sources);
/** Shows a source and the first of its fields. */
void           op_data_view_set_current (OpDataView *self, OpTableSource *source);
OpTableSource *op_data_view_get_current (OpDataView *self);
/** Texts that a layout has at least. */
#define OP_DATA_LAYOUT_MIN 3
/** What is shown and how: the table's name, the picture, the span, the fields. NULL: nothing is shown. */
char         **op_data_view_dup_layout  (OpDataView *self);
/** Shows that again, as far as @source, which is of the layout's table, has it. */
void           op_data_view_restore_layout (OpDataView *self, OpTableSource *source, const char *const *layout);
/** The current source was updated. */
void           op_data_view_refresh     (OpDataView *self);
/** Shows the table's record of that place (from 0) in the grid. */
void           op_data_view_show_record (OpDataView *self, guint place);

/** What is said at the plot's time axis: "Logger time, UTC+1". */
void           op_data_view_set_axis_note (OpDataView *self, const char *note);

G_END_DECLS
