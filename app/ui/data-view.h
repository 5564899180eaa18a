/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ui/table-source.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpDataView: the tree of tables and fields, the plot of the chosen ones and the records below.
 * Signal "message" (const char *text): something for a toast.
 */
#define OP_TYPE_DATA_VIEW (op_data_view_get_type ())
G_DECLARE_FINAL_TYPE (OpDataView, op_data_view, OP, DATA_VIEW, AdwBin)

/** @sources: (GListModel of OpTableSource) */
void           op_data_view_set_sources (OpDataView *self, GListModel *sources);
/** Shows a source and the first of its fields. */
void           op_data_view_set_current (OpDataView *self, OpTableSource *source);
OpTableSource *op_data_view_get_current (OpDataView *self);
/** The current source was updated. */
void           op_data_view_refresh     (OpDataView *self);
/** Shows the table's record of that place (from 0) in the grid. */
void           op_data_view_show_record (OpDataView *self, guint place);

G_END_DECLS
