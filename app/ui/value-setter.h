/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ui/live-card.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpValueSetter: writes values for people: says what came of it, and undoes it.
 *
 * Signals: "toast" (AdwToast toast): what was set, with Undo where that can be. "failed" (const char *title, GError
 * *error): it was not.
 */
#define OP_TYPE_VALUE_SETTER (op_value_setter_get_type ())
G_DECLARE_FINAL_TYPE (OpValueSetter, op_value_setter, OP, VALUE_SETTER, GObject)

OpValueSetter *op_value_setter_new (OpLiveValues *values);
/** Writes one element. @card waits for the outcome; NULL: none does. */
void           op_value_setter_set (OpValueSetter *self, const OpValueSpan *span, GBytes *values, OpLiveCard *card);

G_END_DECLS
