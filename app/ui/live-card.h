/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/live-values.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * OpLiveCard: one field of a station as it is now: value, unit, time, the last values as a line. What is stale says so
 * and why. True and false are switches, arrays small grids.
 *
 * Signals: "edit" (uint element): somebody wants to write that value. "set" (uint element, boolean value): a switch
 * was pressed; until op_live_card_settle() the card shows what it should become. "plot-toggled" ().
 */
#define OP_TYPE_LIVE_CARD (op_live_card_get_type ())
G_DECLARE_FINAL_TYPE (OpLiveCard, op_live_card, OP, LIVE_CARD, GtkFlowBoxChild)

GtkWidget   *op_live_card_new       (OpLiveValues *values, OpLiveField *field);
OpLiveField *op_live_card_get_field (OpLiveCard *self);
/** Whether the field is to be in the plot, and can be. */
gboolean     op_live_card_get_plotted (OpLiveCard *self);
void         op_live_card_set_plotted (OpLiveCard *self, gboolean plotted);
/** Of the line, 0xRRGGBB. */
void         op_live_card_set_color (OpLiveCard *self, guint32 color);
/** What was wanted was done or was not: the card shows what the logger says. */
void         op_live_card_settle    (OpLiveCard *self);

G_END_DECLS
