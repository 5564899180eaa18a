/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * OpWrapLayout: children side by side, as wide as they wish, in as many lines as that takes. Unlike in a GtkFlowBox,
 * those of one line do not stand below those of another, which leaves no room unused.
 */
#define OP_TYPE_WRAP_LAYOUT (op_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (OpWrapLayout, op_wrap_layout, OP, WRAP_LAYOUT, GtkLayoutManager)

G_END_DECLS
