/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-records.h"

G_BEGIN_DECLS

/* Which ordinals an incarnation holds and which it lost. A run never crosses a wrap of the record number. */

/** The ordinal of @record that lies nearest to the end of what is held (OP_ORDINAL_MIN: nothing). */
gint64   op_ordinal_near (guint32 record, gint64 end);
/** Whether the record number of @ordinal is 0 (and that of the one before it 2^32 - 1). */
gboolean op_ordinal_is_wrapped (gint64 ordinal);
/** Ordinals from @ordinal to the next wrap. */
gint64   op_ordinal_count_to_wrap (gint64 ordinal);
/** The ordinal behind the newest record held; OP_ORDINAL_MIN when there is none. */
gboolean op_db_get_end  (OpDb *db, gint64 incarnation, gint64 *end, GError **error);
/** Whether @ordinal is held, and up to, without, which one the same is true. */
gboolean op_db_find_run (OpDb *db, gint64 incarnation, gint64 ordinal, gboolean *is_held, gint64 *limit,
                         GError **error);
/** Notes that @first up to, without, @end are held now, joining neighbours; gaps that they fill shrink. */
gboolean op_db_add_run  (OpDb *db, gint64 incarnation, gint64 first, gint64 end, GError **error);
gboolean op_db_add_gap  (OpDb *db, gint64 incarnation, gint64 first, const OpGap *gap, GError **error);

G_END_DECLS
