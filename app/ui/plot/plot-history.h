/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot/span.h"

G_BEGIN_DECLS

/** OpPlotHistory: the spans that were looked at, to go back and forward through. */
typedef struct _OpPlotHistory OpPlotHistory;

OpPlotHistory *op_plot_history_new  (void);
void           op_plot_history_free (OpPlotHistory *history);
/** Another source: what was looked at is forgotten. */
void           op_plot_history_clear (OpPlotHistory *history);
/**
 * @earlier is being left at @now_us (monotonic). Steps that follow each other closely, as a wheel makes them, are one.
 * What lay ahead is forgotten.
 */
void           op_plot_history_leave (OpPlotHistory *history, const OpSpan *earlier, gint64 now_us);
/** The span before, or after, @present; FALSE when there is none. */
gboolean       op_plot_history_back    (OpPlotHistory *history, const OpSpan *present, OpSpan *span);
gboolean       op_plot_history_forward (OpPlotHistory *history, const OpSpan *present, OpSpan *span);

G_END_DECLS
