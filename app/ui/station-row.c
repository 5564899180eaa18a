/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/station-row.h"

#include <glib/gi18n.h>

struct _OpStationRow
{
  GtkListBoxRow   parent_instance;

  GtkWidget      *dot;
  GtkLabel       *name;
  GtkLabel       *status;
  GtkProgressBar *bar;
  GtkWidget      *badge;
  GtkPopover     *popover;

  OpStation      *station;
};

G_DEFINE_FINAL_TYPE (OpStationRow, op_station_row, GTK_TYPE_LIST_BOX_ROW)

static const struct
{
  const char *css_class;
  const char *words;
} healths[] = {
  [OP_HEALTH_UNKNOWN] = { "unknown", N_("Not collected yet") },
  [OP_HEALTH_WELL] = { "well", N_("Well") },
  [OP_HEALTH_WATCH] = { "watch", N_("Needs a look") },
  [OP_HEALTH_TROUBLE] = { "trouble", N_("Trouble") },
};

static void
update_health (OpStationRow *self)
{
  OpHealth health = op_station_get_health (self->station);
  g_autofree char *label = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (healths); i++)
    if (i == health)
      gtk_widget_add_css_class (self->dot, healths[i].css_class);
    else
      gtk_widget_remove_css_class (self->dot, healths[i].css_class);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), _(healths[health].words));
  label = g_strdup_printf ("%s, %s, %s", op_station_get_name (self->station), _(healths[health].words),
                           op_station_get_status (self->station));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
update_progress (OpStationRow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->bar),
                          op_station_get_activity (self->station) == OP_STATION_COLLECTING);
  gtk_progress_bar_set_fraction (self->bar, CLAMP (op_station_get_fraction (self->station), 0, 1));
}

static void
on_right_click_cb (OpStationRow *self, int n_press, double x, double y)
{
  gtk_list_box_select_row (GTK_LIST_BOX (gtk_widget_get_parent (GTK_WIDGET (self))), GTK_LIST_BOX_ROW (self));
  gtk_popover_set_pointing_to (self->popover, &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (self->popover);
}

static void
op_station_row_dispose (GObject *object)
{
  OpStationRow *self = OP_STATION_ROW (object);

  if (self->popover != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->popover)));
  g_clear_object (&self->station);
  G_OBJECT_CLASS (op_station_row_parent_class)->dispose (object);
}

static void
op_station_row_class_init (OpStationRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_station_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/station-row.ui");
  gtk_widget_class_bind_template_child (widget_class, OpStationRow, dot);
  gtk_widget_class_bind_template_child (widget_class, OpStationRow, name);
  gtk_widget_class_bind_template_child (widget_class, OpStationRow, status);
  gtk_widget_class_bind_template_child (widget_class, OpStationRow, bar);
  gtk_widget_class_bind_template_child (widget_class, OpStationRow, badge);
  gtk_widget_class_bind_template_child (widget_class, OpStationRow, popover);
  gtk_widget_class_bind_template_callback (widget_class, on_right_click_cb);
}

static void
op_station_row_init (OpStationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->popover), GTK_WIDGET (self));
}

GtkWidget *
op_station_row_new (OpStation *station)
{
  OpStationRow *self = g_object_new (OP_TYPE_STATION_ROW, NULL);

  self->station = g_object_ref (station);
  g_object_bind_property (station, "name", self->name, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (station, "status", self->status, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (station, "simulated", self->badge, "visible", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (station, "notify::name", G_CALLBACK (update_health), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (station, "notify::health", G_CALLBACK (update_health), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (station, "notify::status", G_CALLBACK (update_health), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (station, "notify::activity", G_CALLBACK (update_progress), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (station, "notify::fraction", G_CALLBACK (update_progress), self, G_CONNECT_SWAPPED);
  update_health (self);
  update_progress (self);
  return GTK_WIDGET (self);
}

OpStation *
op_station_row_get_station (OpStationRow *self)
{
  return self->station;
}
