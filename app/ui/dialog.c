/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/dialog.h"

#include <glib/gi18n.h>

AdwMessageDialog *
op_dialog_new (GtkWindow *parent, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, body);

  gtk_window_set_application (GTK_WINDOW (dialog), gtk_window_get_application (parent));
  return ADW_MESSAGE_DIALOG (dialog);
}

void
op_dialog_show_failure (GtkWindow *parent, const char *heading, const GError *error)
{
  AdwMessageDialog *dialog = op_dialog_new (parent, heading, error->message);

  adw_message_dialog_add_response (dialog, "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}
