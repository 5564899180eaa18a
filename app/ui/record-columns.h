/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ui/record-model.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The columns of a grid of OpRecordRow: those of the table by their number, and two that every table has. */
#define OP_COLUMN_TIME   -1
#define OP_COLUMN_RECORD -2

/** Returns: (transfer full). */
GtkColumnViewColumn *op_record_column_new (OpTable *table, int column);
/** What a row shows in that column; @is_nan: it is no value. */
char                *op_record_column_dup_text (OpRecordRow *row, int column, gboolean *is_nan);
/** Which one it is, as it was made. */
int                  op_record_column_get (GtkColumnViewColumn *column);
/** Those of long titles are not so wide until a person makes them. */
void                 op_record_columns_limit_widths (GtkColumnView *view);

/** The names of the columns of @view, as files name them, in the order that they are shown; between them tabs. */
char *op_record_columns_dup_order (GtkColumnView *view, OpTable *table);
/** Puts those of the columns first that @order names, which may come from another table. */
void  op_record_columns_set_order (GtkColumnView *view, OpTable *table, const char *order);

G_END_DECLS
