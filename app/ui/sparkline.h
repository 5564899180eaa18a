/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/live-field.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** OpSparkline: the last values of a single number, without axes; the card around it tells what they are. */
#define OP_TYPE_SPARKLINE (op_sparkline_get_type ())
G_DECLARE_FINAL_TYPE (OpSparkline, op_sparkline, OP, SPARKLINE, GtkWidget)

void op_sparkline_set_field (OpSparkline *self, OpLiveField *field);
/** 0xRRGGBB */
void op_sparkline_set_color (OpSparkline *self, guint32 color);

G_END_DECLS
