/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-time.h"

G_BEGIN_DECLS

/** OpCell: one value of a line of text, without its quotes. Points into the text. */
typedef struct
{
  const char *text;
  gsize       length;
  gboolean    quoted;
  gboolean    doubled; /* has quotes within, each written twice */
} OpCell;

/** The value as UTF-8. Free it. */
char    *op_cell_dup_text   (const OpCell *cell);
/** Whether the value is @text, letter case aside. */
gboolean op_cell_is         (const OpCell *cell, const char *text);
/** Whether the value is there, but unknown: empty or, quoted or not, NAN. */
gboolean op_cell_is_missing (const OpCell *cell);
/** Reads a number without quotes; INF and -INF may have some. */
gboolean op_cell_get_number (const OpCell *cell, double *number);
gboolean op_cell_get_time   (const OpCell *cell, OpTime *time);

G_END_DECLS
