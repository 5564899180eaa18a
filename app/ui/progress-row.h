/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** OpProgressRow: one table of a running collection: a bar, records, rate and time left. */
#define OP_TYPE_PROGRESS_ROW (op_progress_row_get_type ())
G_DECLARE_FINAL_TYPE (OpProgressRow, op_progress_row, OP, PROGRESS_ROW, GtkBox)

GtkWidget *op_progress_row_new (OpTableProgress *progress);

G_END_DECLS
