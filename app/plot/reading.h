/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/reduction.h"

G_BEGIN_DECLS

/** OpReading: what a series shows at the pointer. */
typedef struct
{
  OpTime   time;    /* of the record, or of the bin's middle */
  double   min, max; /* equal for a single value; NAN for a record without one */
  gboolean exact;   /* one record's value and time */
} OpReading;

/** Finds what is nearest to @time and not farther than @reach. FALSE: nothing is. */
gboolean op_reading_find (const OpReduction *reduction, OpTime time, OpTime reach, OpReading *reading);

G_END_DECLS
