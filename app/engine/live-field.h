/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"
#include "protocol/value-span.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  OP_LIVE_FIELD_WAITING, /* nothing was read yet */
  OP_LIVE_FIELD_FRESH,
  OP_LIVE_FIELD_STALE,   /* what is there may not be so any more */
  OP_LIVE_FIELD_FAILED,  /* the logger has no such field, or does not tell it */
} OpLiveFieldState;

/**
 * OpLiveField: a field that somebody looks at: all elements of an array, or one value. Made by OpLiveValues.
 * Signal "changed": value, time or state did.
 */
#define OP_TYPE_LIVE_FIELD (op_live_field_get_type ())
G_DECLARE_FINAL_TYPE (OpLiveField, op_live_field, OP, LIVE_FIELD, GObject)

/** "Public.AirTC", as it was chosen. */
const char        *op_live_field_get_name   (OpLiveField *self);
/** Where it stands in the logger; NULL until the definitions are known, or when there is no such field. */
const OpValueSpan *op_live_field_get_span   (OpLiveField *self);
/** "" when there is none. */
const char        *op_live_field_get_units  (OpLiveField *self);
OpLiveFieldState   op_live_field_get_state  (OpLiveField *self);
/** Why it is not fresh, in words; "" when it is. */
const char        *op_live_field_get_reason (OpLiveField *self);
/** Whether a value was read, be it stale now. The next ones need that. */
gboolean           op_live_field_has_value  (OpLiveField *self);
/** The newest record's own time. */
OpTime             op_live_field_get_time   (OpLiveField *self);
/** Element @i as TOA5 has it. */
char              *op_live_field_dup_text   (OpLiveField *self, guint i);
/** Element @i of a field of numbers. */
double             op_live_field_get_number (OpLiveField *self, guint i);
/**
 * The records seen so far, with all columns of its table, whose own begin at that of its span; valid until the next
 * one is read. NULL when there is no such field.
 */
const OpBatch     *op_live_field_get_history (OpLiveField *self);
/** Whether the definition lets it be written. */
gboolean           op_live_field_is_writable (OpLiveField *self);
/** Whether its values are true and false. */
gboolean           op_live_field_is_switch   (OpLiveField *self);

#define OP_TYPE_LIVE_FIELD_STATE (op_live_field_state_get_type ())
GType              op_live_field_state_get_type (void);

G_END_DECLS
