/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/live-field.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** OpLivePlot: the numbers of some fields as they were read, over the time since somebody looks on. */
#define OP_TYPE_LIVE_PLOT (op_live_plot_get_type ())
G_DECLARE_FINAL_TYPE (OpLivePlot, op_live_plot, OP, LIVE_PLOT, GtkWidget)

/** (element-type OpLiveField): those that are no numbers are passed over. */
void    op_live_plot_set_fields (OpLivePlot *self, GPtrArray *fields);
/** They were read once more. */
void    op_live_plot_refresh    (OpLivePlot *self);
/** The colour of the first element of a field that is drawn, 0xRRGGBB; FALSE when it is not. */
gboolean op_live_plot_get_color (OpLivePlot *self, OpLiveField *field, guint32 *color);

G_END_DECLS
