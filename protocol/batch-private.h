/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"

G_BEGIN_DECLS

/** Whether @bytes holds exactly @count records (with their stamps in an event table). */
gboolean op_payload_check (const OpTable *table, guint32 count, const guint8 *bytes, gsize length, GError **error);

/** Time of record @n of an interval table. A lying interval may wrap around, but harms nothing. */
static inline OpTime
op_time_add_intervals (OpTime first, OpTime interval, guint32 n)
{
  return (OpTime) ((guint64) first + (guint64) interval * n);
}

G_END_DECLS
