/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/value.h"

#include <string.h>

G_BEGIN_DECLS

/* Values of a record one after the other: each function writes at *@at and moves it on. */

/** A number that @type cannot hold is written as zeros. */
static inline void
op_record_put_number (guint8 **at, OpType type, double number)
{
  gsize size = op_type_size (type);

  if (!op_value_set_number (type, number, *at, NULL))
    memset (*at, 0, size);
  *at += size;
}

static inline void
op_record_put_time (guint8 **at, OpTime time)
{
  op_value_set_time (OP_TYPE_NSEC, time, *at);
  *at += op_type_size (OP_TYPE_NSEC);
}

/** @size characters, filled up with NULs. */
static inline void
op_record_put_text (guint8 **at, const char *text, gsize size)
{
  gsize length = MIN (strlen (text), size);

  memset (*at, 0, size);
  memcpy (*at, text, length);
  *at += size;
}

G_END_DECLS
