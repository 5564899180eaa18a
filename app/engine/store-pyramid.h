/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-records.h"
#include "protocol/bin.h"

G_BEGIN_DECLS

/** What a block of the pyramid says of its records, before the bins of its numeric columns. */
typedef struct
{
  gint64 first;      /* ordinals */
  gint64 last;
  gint64 n_records;
  OpTime first_time; /* of the records first and last */
  OpTime last_time;
  OpTime min_time;   /* differ from those when the logger's clock was set back */
  OpTime max_time;
} OpBlockHead;

/** OpPyramid: what one append adds to the pyramid, gathered so that each block is written once. */
typedef struct _OpPyramid OpPyramid;
OpPyramid *op_pyramid_new  (OpDb *db, gint64 incarnation, OpTable *table);
void       op_pyramid_free (OpPyramid *pyramid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpPyramid, op_pyramid_free)
/** Adds records of @row from its record @first on, which are new. Fails with OP_TABLE_ERROR_RECORD, changing nothing. */
gboolean   op_pyramid_add_row (OpPyramid *pyramid, const OpStoredRow *row, guint32 first, GError **error);
/**
 * Writes what was added; the records themselves must have been written. @old_end and @end: the ordinal behind the
 * incarnation's newest record before and after; OP_ORDINAL_MIN: it had none.
 */
gboolean   op_pyramid_write (OpPyramid *pyramid, gint64 old_end, gint64 end, GError **error);
/** Works out the pyramid of all records that are stored, where there is none yet. */
gboolean   op_pyramid_fill (OpPyramid *pyramid, GError **error);

/** Place of a column's bin within a block, or -1 when it has none. */
gint       op_pyramid_find_bin (OpTable *table, guint column);
/** Reads a block as it is stored. FALSE when the bytes do not fit; @bin is then untouched. */
gboolean   op_pyramid_parse (const guint8 *bytes, gsize length, guint place, OpBlockHead *head, OpBin *bin);

G_END_DECLS
