/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** A message dialog, without responses, in which the program's keys work as they do in @parent. */
AdwMessageDialog *op_dialog_new          (GtkWindow *parent, const char *heading, const char *body);
/** Tells what went wrong, with a button to close. */
void              op_dialog_show_failure (GtkWindow *parent, const char *heading, const GError *error);

G_END_DECLS
