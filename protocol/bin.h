/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/value.h"

#include <math.h>

G_BEGIN_DECLS

/** OpBin: what a run of values comes to. */
typedef struct
{
  double  min, max;     /* NAN when n_values is 0 */
  double  first, last;  /* in the order of records; NAN when n_values is 0 */
  double  sum;
  guint32 n_values;     /* numbers */
  guint32 n_nan;        /* what is no number by its type: op_type_get_flags() */
} OpBin;
/** A bin into which nothing fell. */
#define OP_BIN_EMPTY ((OpBin) { NAN, NAN, NAN, NAN, 0, 0, 0 })
/** Adds what fell into @add, later than what fell into @bin. */
void op_bin_add         (OpBin *bin, const OpBin *add);
/** Adds decoded values of a type with these flags, later than what fell into @bin. */
void op_bin_add_numbers (OpBin *bin, OpFlags flags, const double *numbers, gsize count);
/**
 * Adds @count values as a logger sent them, which lie @stride bytes apart, later than what fell into @bin: the fast
 * way. @type must be of kind OP_KIND_NUMBER; the caller has checked that all bytes are there.
 */
void op_bin_add_values  (OpBin *bin, OpType type, const guint8 *bytes, gsize stride, gsize count);

G_END_DECLS
