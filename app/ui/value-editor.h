/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/value-span.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpValueEditor: asks for a new value of one element; what its type cannot hold cannot be set.
 * Signal "entered" (GBytes values): it is to be written.
 */
#define OP_TYPE_VALUE_EDITOR (op_value_editor_get_type ())
G_DECLARE_FINAL_TYPE (OpValueEditor, op_value_editor, OP, VALUE_EDITOR, AdwMessageDialog)

/** @span is copied; @text: what it holds now. */
GtkWidget         *op_value_editor_new      (GtkWindow *parent, const OpValueSpan *span, const char *text);
const OpValueSpan *op_value_editor_get_span (OpValueEditor *self);

G_END_DECLS
