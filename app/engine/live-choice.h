/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/live-field-private.h"

G_BEGIN_DECLS

/** OpLiveChoice: the fields that somebody chose to look at, found in the definitions, and the tables to read for them. */
typedef struct _OpLiveChoice OpLiveChoice;

OpLiveChoice *op_live_choice_new  (void);
void          op_live_choice_free (OpLiveChoice *self);
/** NULL: the first ones of Public, or of the first table. Fields that stay keep what they know. */
void          op_live_choice_set_names       (OpLiveChoice *self, const char *const *names);
/** (element-type OpTable). Tables whose definitions are the same keep what they know. */
void          op_live_choice_set_definitions (OpLiveChoice *self, GPtrArray *definitions);
GPtrArray    *op_live_choice_get_definitions (OpLiveChoice *self);
/** (GListModel of OpLiveField) */
GListModel   *op_live_choice_get_fields      (OpLiveChoice *self);
/** Table number @i (from 0) of those that fields are of; NULL behind the last. */
OpLiveTable  *op_live_choice_get_table       (OpLiveChoice *self, guint i);
/** op_live_field_update() for all. */
void          op_live_choice_update (OpLiveChoice *self, gint64 now_us, gint64 interval_us, const char *lost);

G_END_DECLS
