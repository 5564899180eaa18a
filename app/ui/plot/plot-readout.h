/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/value.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** OpReadoutRow: a line of the box beside the pointer. */
typedef struct
{
  guint32 color; /* 0xRRGGBB */
  char   *label;
  char   *value;
} OpReadoutRow;

/** "9.42 °C", "9.42 … 9.60 °C", "NAN". */
char *op_readout_dup_value (OpType type, double min, double max, const char *units);

/**
 * Draws a box with @title and @rows (element-type OpReadoutRow) beside the point @x, @y, within what is in sight of a
 * widget of @width × @height; rows that have no place there are only counted.
 */
void  op_readout_snapshot  (GtkWidget *widget, GtkSnapshot *snapshot, const char *title, GArray *rows, double x, double y,
                            int width, int height, gboolean dark);

G_END_DECLS
