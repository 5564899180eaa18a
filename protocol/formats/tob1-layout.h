/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/formats/data-file.h"

G_BEGIN_DECLS

#define OP_TOB1_NO_OFFSET G_MAXSIZE

/** OpTob1Layout: where the parts of a TOB1 record lie, as the file's header tells (file-formats.md, section 3). */
typedef struct
{
  GBytes *header;       /* its five lines as they stand */
  gsize   stride;       /* bytes a record */
  gsize   seconds;      /* offsets within a record, or OP_TOB1_NO_OFFSET */
  gsize   nanoseconds;
  gsize   number;
  gsize   values;
} OpTob1Layout;

void op_tob1_layout_clear (OpTob1Layout *layout);
/**
 * Reads the header that @bytes begin with; fills @file's origin and table. Errors: OP_FORMAT_ERROR, which name line and
 * column.
 */
gboolean op_tob1_layout_read (OpTob1Layout *layout, OpDataFile *file, const char *bytes, gsize length, GError **error);
/** Whether its records carry time and number, by which one can tell where a record begins. */
static inline gboolean
op_tob1_layout_is_stamped (const OpTob1Layout *layout)
{
  return layout->seconds != OP_TOB1_NO_OFFSET && layout->nanoseconds != OP_TOB1_NO_OFFSET
         && layout->number != OP_TOB1_NO_OFFSET;
}
/**
 * Reads time (unknown where there is none) and number (@number is left where there is none) of a record. FALSE when its
 * nanoseconds are none.
 */
gboolean op_tob1_layout_get_stamp (const OpTob1Layout *layout, const guint8 *record, OpTime *time, guint32 *number);

G_END_DECLS
