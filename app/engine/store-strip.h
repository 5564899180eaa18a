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
  gint64 n_records;  /* 0: none is held, and the rest means nothing */
  OpTime first_time; /* of the records first and last */
  OpTime last_time;
  OpTime min_time;   /* differ from those when the logger's clock was set back */
  OpTime max_time;
} OpBlockHead;

/**
 * OpStripLayout: how a strip of one table is stored, a run of little-endian words: the heads of its blocks, 56 bytes
 * each, then for each numeric column the blocks' sums as doubles, how many numbers each has as 32-bit words, and the
 * smallest, largest, first and last number of each; FP2 as 32-bit whole thousandths, IEEE4 as floats, all others as
 * doubles.
 */
typedef struct _OpStripLayout OpStripLayout;
OpStripLayout *op_strip_layout_new  (const OpTable *table);
void           op_strip_layout_free (OpStripLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpStripLayout, op_strip_layout_free)
/** Bytes of a stored strip. */
gsize          op_strip_layout_get_size      (const OpStripLayout *layout);
guint          op_strip_layout_get_n_columns (const OpStripLayout *layout);
/** Place of a table's column among those that are numbers, or -1. */
gint           op_strip_layout_find          (const OpStripLayout *layout, guint table_column);

/** Writes a strip; @bins: OP_STRIP_BLOCKS a column. */
void           op_strip_store (const OpStripLayout *layout, const OpBlockHead heads[OP_STRIP_BLOCKS], const OpBin *bins,
                               guint8 *bytes);
/** Reads the heads of a strip that was stored. Fails with OP_STORE_ERROR_DAMAGED when its length is not right. */
gboolean       op_strip_load_heads (const OpStripLayout *layout, const guint8 *bytes, gsize length,
                                    OpBlockHead heads[OP_STRIP_BLOCKS], GError **error);
/** Reads the bins of the column at @place, after the heads. Fails with OP_STORE_ERROR_DAMAGED when they cannot be. */
gboolean       op_strip_load_bins  (const OpStripLayout *layout, const guint8 *bytes, guint place,
                                    const OpBlockHead heads[OP_STRIP_BLOCKS], OpBin bins[OP_STRIP_BLOCKS],
                                    GError **error);

G_END_DECLS
