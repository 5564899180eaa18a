/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-records.h"

G_BEGIN_DECLS

/** OpPyramid: writes the pyramid of one incarnation, from its records that are stored. */
typedef struct _OpPyramid OpPyramid;
OpPyramid *op_pyramid_new  (OpDb *db, gint64 incarnation, OpTable *table);
void       op_pyramid_free (OpPyramid *pyramid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpPyramid, op_pyramid_free)
/**
 * Writes what @added records (element-type OpOrdinalRange) change, once they have been stored. @old_end and @end: the
 * ordinal behind the incarnation's newest record before and after; OP_ORDINAL_MIN: it had none.
 */
gboolean   op_pyramid_update (OpPyramid *pyramid, const GArray *added, gint64 old_end, gint64 end, GError **error);
/** Writes the whole of it, where there is none yet. @end: the ordinal behind the newest record. */
gboolean   op_pyramid_fill   (OpPyramid *pyramid, gint64 end, GError **error);

G_END_DECLS
