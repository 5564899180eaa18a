/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-strip.h"
#include "protocol/bin.h"

G_BEGIN_DECLS

/** OpRowReader: sums up the numeric columns of stored records, without decoding them one by one where they allow it. */
typedef struct _OpRowReader OpRowReader;
OpRowReader *op_row_reader_new  (OpTable *table);
void         op_row_reader_free (OpRowReader *reader);
/**
 * Takes up @row, whose bytes must stay until the next one is taken up. Fails with OP_TABLE_ERROR_RECORD when they do
 * not hold what they should.
 */
gboolean     op_row_reader_open (OpRowReader *reader, const OpStoredRow *row, GError **error);
/**
 * Sums up @n records of the row from its record @first on: describes them in @head, adds each column to its bin, which
 * lie @stride apart.
 */
void         op_row_reader_sum_up (const OpRowReader *reader, gsize first, gsize n, OpBlockHead *head, OpBin *bins,
                                   gsize stride);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpRowReader, op_row_reader_free)

G_END_DECLS
