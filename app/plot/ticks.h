/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-time.h"

G_BEGIN_DECLS

#define OP_TICK_TEXT_SIZE 48

/** OpTimeTick: a natural date or time on the axis. */
typedef struct
{
  OpTime time;
  char   text[OP_TICK_TEXT_SIZE]; /* "14:30", "14 Nov", "2026" */
} OpTimeTick;

/**
 * Natural dates and times from @from to @to, as close as their texts stand clear side by side on an axis that
 * is @room characters wide. Returns: (element-type OpTimeTick): ascending
 */
GArray *op_ticks_find_times (OpTime from, OpTime to, guint room);
/** "16 Nov 2026" or "14 Nov 2026 – 21 Nov 2026": what the texts of the ticks leave out. */
char   *op_ticks_dup_span_text (OpTime from, OpTime to);

/** OpValueTicks: multiples of 1, 2 or 5 times a power of ten. */
typedef struct
{
  double step;
  double first;  /* the least multiple, counted in steps from zero */
  guint  n;
  int    digits; /* after the decimal point; of the mantissa when @exponent */
  gboolean exponent;
} OpValueTicks;

/** At most @max + 1 ticks from @from to @to, which are finite, apart, and closer than G_MAXDOUBLE. */
void   op_ticks_find_values (double from, double to, guint max, OpValueTicks *ticks);
double op_value_ticks_get   (const OpValueTicks *ticks, guint i);
/** The text of tick @i: "−0.5". */
void   op_value_ticks_format (const OpValueTicks *ticks, guint i, char text[OP_TICK_TEXT_SIZE]);

G_END_DECLS
