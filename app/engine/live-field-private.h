/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/live-field.h"
#include "app/engine/live-table.h"

G_BEGIN_DECLS

OpLiveField *op_live_field_new       (const char *name);
/** Takes @span; NULL with the reason when there is no such field. */
void         op_live_field_set_place (OpLiveField *self, OpValueSpan *span, OpLiveTable *table, const char *problem);
OpLiveTable *op_live_field_get_table (OpLiveField *self);
/**
 * Works out its state at @now_us and tells of changes. @interval_us: between two readings; @lost: in words, why
 * nothing is read now, or NULL.
 */
void         op_live_field_update    (OpLiveField *self, gint64 now_us, gint64 interval_us, const char *lost);

G_END_DECLS
