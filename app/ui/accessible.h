/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* libadwaita 1.2 leaves some buttons of its own without a name, which a screen reader cannot tell apart. */

/** Names all buttons below @widget that show just an icon: after their tooltip, or "Close". */
void op_accessible_name_buttons (GtkWidget *widget);
/** Does so for every toast that @overlay will show. */
void op_accessible_name_toasts  (AdwToastOverlay *overlay);

G_END_DECLS
