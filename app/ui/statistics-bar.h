/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ui/table-source.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpStatisticsBar: what a field of a table holds in the visible or the selected span: counts, coverage, mean, extremes
 * and when, sum; of a selection also the difference of its ends and the slope between them. Worked out by a thread, a
 * moment after the last change.
 */
#define OP_TYPE_STATISTICS_BAR (op_statistics_bar_get_type ())
G_DECLARE_FINAL_TYPE (OpStatisticsBar, op_statistics_bar, OP, STATISTICS_BAR, AdwBin)

/** The source, and the columns of its table that can be chosen from; those that are no numbers are passed over. */
void op_statistics_bar_set_columns (OpStatisticsBar *self, OpTableSource *source, const guint *columns,
                                    guint n_columns);
/** Both ends included. @is_selection: somebody marked it. */
void op_statistics_bar_set_span    (OpStatisticsBar *self, OpTime from, OpTime to, gboolean is_selection);

G_END_DECLS
