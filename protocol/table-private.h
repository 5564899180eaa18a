/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/table.h"

G_BEGIN_DECLS

/** Where a column's value lies. */
typedef struct _OpColumnRef
{
  guint field;
  guint element;
} OpColumnRef;

void op_field_clear (OpField *field);

G_END_DECLS
