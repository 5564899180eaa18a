/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/accessible.h"

#include <glib/gi18n.h>

void
op_accessible_name_buttons (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget)) != NULL)
    {
      const char *tooltip = gtk_widget_get_tooltip_text (widget);

      gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      tooltip != NULL ? tooltip : _("Close"), -1);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    op_accessible_name_buttons (child);
}

static void
on_children_changed_cb (GListModel *children, guint position, guint removed, guint added, gpointer data)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWidget) child = g_list_model_get_item (children, i);

      /* Not the content, which names its own. */
      if (child != adw_toast_overlay_get_child (ADW_TOAST_OVERLAY (data)))
        op_accessible_name_buttons (child);
    }
}

void
op_accessible_name_toasts (AdwToastOverlay *overlay)
{
  GListModel *children = gtk_widget_observe_children (GTK_WIDGET (overlay));

  g_signal_connect_object (children, "items-changed", G_CALLBACK (on_children_changed_cb), overlay, 0);
  g_object_set_data_full (G_OBJECT (overlay), "observed-children", children, g_object_unref);
}
