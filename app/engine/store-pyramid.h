/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-records.h"

G_BEGIN_DECLS

/**
 * Writes what @added records (element-type OpOrdinalRange) change of an incarnation's pyramid, once they have been
 * stored. @old_end and @end: the ordinal behind its newest record before and after. With OP_ORDINAL_MIN for @old_end,
 * as when there was none, the whole of it is written.
 */
gboolean op_db_update_pyramid (OpDb *db, gint64 incarnation, OpTable *table, const GArray *added, gint64 old_end,
                               gint64 end, GError **error);

G_END_DECLS
