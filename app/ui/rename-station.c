/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/rename-station.h"

#include "app/ui/dialog.h"

#include <glib/gi18n.h>

struct _OpRenameStation
{
  AdwMessageDialog parent_instance;

  GtkEntry        *name;
  GtkLabel        *problem;

  OpStationList   *stations;
  OpStation       *station;
};

G_DEFINE_FINAL_TYPE (OpRenameStation, op_rename_station, ADW_TYPE_MESSAGE_DIALOG)

static char *
dup_name (OpRenameStation *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));
}

static void
on_name_changed_cb (OpRenameStation *self)
{
  g_autofree char *name = dup_name (self);
  g_autofree char *problem = NULL;
  OpStation *other;

  if (self->stations == NULL)
    return;
  other = op_station_list_find (self->stations, name);
  if (other != NULL && other != self->station)
    problem = g_strdup_printf (_("There is a station named “%s” already"), op_station_get_name (other));
  gtk_label_set_label (self->problem, problem != NULL ? problem : "");
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "rename", name[0] != '\0' && problem == NULL);
}

static void
on_renamed_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWindow) parent = GTK_WINDOW (data);
  g_autoptr (GError) error = NULL;

  if (!op_station_rename_finish (OP_STATION (object), result, &error))
    op_dialog_show_failure (parent, _("The Station Could Not Be Renamed"), error);
}

static void
op_rename_station_response (AdwMessageDialog *dialog, const char *response)
{
  OpRenameStation *self = OP_RENAME_STATION (dialog);
  g_autofree char *name = dup_name (self);

  if (g_str_equal (response, "rename"))
    op_station_rename_async (self->station, name, NULL, on_renamed_cb,
                             g_object_ref (gtk_window_get_transient_for (GTK_WINDOW (self))));
}

static void
op_rename_station_dispose (GObject *object)
{
  OpRenameStation *self = OP_RENAME_STATION (object);

  g_clear_object (&self->stations);
  g_clear_object (&self->station);
  G_OBJECT_CLASS (op_rename_station_parent_class)->dispose (object);
}

static void
op_rename_station_class_init (OpRenameStationClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_rename_station_dispose;
  ADW_MESSAGE_DIALOG_CLASS (klass)->response = op_rename_station_response;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/rename-station.ui");
  gtk_widget_class_bind_template_child (widget_class, OpRenameStation, name);
  gtk_widget_class_bind_template_child (widget_class, OpRenameStation, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_name_changed_cb);
}

static void
op_rename_station_init (OpRenameStation *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
op_rename_station_new (GtkWindow *parent, OpStationList *stations, OpStation *station)
{
  OpRenameStation *self = g_object_new (OP_TYPE_RENAME_STATION, "transient-for", parent, "application",
                                        gtk_window_get_application (parent), NULL);

  self->stations = g_object_ref (stations);
  self->station = g_object_ref (station);
  gtk_editable_set_text (GTK_EDITABLE (self->name), op_station_get_name (station));
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
  return GTK_WIDGET (self);
}
