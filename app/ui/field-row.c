/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/field-row.h"

#include "app/ui/field-item.h"
#include "app/ui/table-source.h"

#include <glib/gi18n.h>

struct _OpFieldRow
{
  GtkBox           parent_instance;

  GtkTreeExpander *expander;
  GtkCheckButton  *check;
  GtkLabel        *name;
  GtkLabel        *title;
  GtkLabel        *note;
  GtkMenuButton   *look;
  GSimpleActionGroup *actions;

  GtkTreeListRow  *tree_row;
  GBinding        *bindings[2];
};

G_DEFINE_FINAL_TYPE (OpFieldRow, op_field_row, GTK_TYPE_BOX)

enum
{
  SIGNAL_TOGGLED,
  SIGNAL_LOOK_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
append_choice (GMenu *menu, const char *label, const char *action, const char *nick)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", nick);
  g_menu_append_item (menu, item);
}

static GMenuModel *
new_look_menu (gboolean has_band)
{
  g_autoptr (GMenu) menu = g_menu_new (), forms = g_menu_new (), places = g_menu_new ();

  append_choice (forms, _("Line"), "field.form", op_plot_form_get_nick (OP_PLOT_LINE));
  append_choice (forms, _("Steps"), "field.form", op_plot_form_get_nick (OP_PLOT_STEPS));
  append_choice (forms, _("Points"), "field.form", op_plot_form_get_nick (OP_PLOT_POINTS));
  append_choice (forms, _("Bars"), "field.form", op_plot_form_get_nick (OP_PLOT_BARS));
  if (has_band)
    append_choice (forms, _("Line Between Minimum and Maximum"), "field.form", op_plot_form_get_nick (OP_PLOT_BAND));
  append_choice (places, _("In the Pane of Its Units"), "field.place", op_plot_place_get_nick (OP_PLOT_WITH_UNITS));
  append_choice (places, _("In a Pane of Its Own"), "field.place", op_plot_place_get_nick (OP_PLOT_OWN_PANE));
  append_choice (places, _("With the Field Above, Axis at the Right"), "field.place",
                 op_plot_place_get_nick (OP_PLOT_RIGHT_AXIS));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (forms));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (places));
  return G_MENU_MODEL (g_steal_pointer (&menu));
}

static void
set_state (OpFieldRow *self, const char *name, const char *nick)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (nick));
}

static void
show_look (OpFieldRow *self, OpFieldItem *item)
{
  g_autoptr (GMenuModel) menu = new_look_menu (op_field_item_has_band (item));
  g_autofree char *label = g_strdup_printf (_("Drawing of %s"), op_field_item_get_name (item));
  const OpPlotLook *look = op_field_item_get_look (item);

  gtk_menu_button_set_menu_model (self->look, menu);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->look), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  set_state (self, "form", op_plot_form_get_nick (look->form));
  set_state (self, "place", op_plot_place_get_nick (look->place));
  /* Not hidden where it cannot be used, so that the units stand in one column. */
  gtk_widget_set_visible (GTK_WIDGET (self->look), TRUE);
  self->bindings[1] = g_object_bind_property (item, "chosen", self->look, "sensitive", G_BINDING_SYNC_CREATE);
}

static void
on_look_changed_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  OpFieldRow *self = OP_FIELD_ROW (data);
  g_autoptr (OpFieldItem) item = self->tree_row != NULL ? gtk_tree_list_row_get_item (self->tree_row) : NULL;
  const char *nick = g_variant_get_string (state, NULL);
  OpPlotLook look;

  if (item == NULL)
    return;
  look = *op_field_item_get_look (item);
  if (!op_plot_form_find (nick, &look.form) && !op_plot_place_find (nick, &look.place))
    return;
  op_field_item_set_look (item, &look);
  g_simple_action_set_state (action, state);
  g_signal_emit (self, signals[SIGNAL_LOOK_CHANGED], 0);
}

static void
show_field (OpFieldRow *self, OpFieldItem *item)
{
  gtk_label_set_label (self->name, op_field_item_get_name (item));
  gtk_label_set_label (self->note, op_field_item_get_units (item));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  op_field_item_get_name (item), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  op_field_item_get_details (item), -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), op_field_item_get_details (item));
  self->bindings[0] = g_object_bind_property (item, "chosen", self->check, "active", G_BINDING_SYNC_CREATE);
  if (op_field_item_get_plottable (item))
    show_look (self, item);
}

static void
show_table (OpFieldRow *self, OpTableSource *source)
{
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), NULL);
  self->bindings[0] = g_object_bind_property (source, "title", self->title, "label", G_BINDING_SYNC_CREATE);
  self->bindings[1] = g_object_bind_property (source, "summary", self->note, "label", G_BINDING_SYNC_CREATE);
}

static void
on_check_toggled_cb (OpFieldRow *self)
{
  g_autoptr (OpFieldItem) item = NULL;

  if (self->tree_row == NULL)
    return;
  item = gtk_tree_list_row_get_item (self->tree_row);
  if (OP_IS_FIELD_ITEM (item)
      && gtk_check_button_get_active (self->check) != op_field_item_get_chosen (item))
    g_signal_emit (self, signals[SIGNAL_TOGGLED], 0);
}

static void
op_field_row_dispose (GObject *object)
{
  op_field_row_set_tree_row (OP_FIELD_ROW (object), NULL);
  g_clear_object (&OP_FIELD_ROW (object)->actions);
  G_OBJECT_CLASS (op_field_row_parent_class)->dispose (object);
}

static void
op_field_row_class_init (OpFieldRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_field_row_dispose;
  signals[SIGNAL_TOGGLED]
    = g_signal_new ("toggled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LOOK_CHANGED] = g_signal_new ("look-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                               NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/field-row.ui");
  gtk_widget_class_bind_template_child (widget_class, OpFieldRow, expander);
  gtk_widget_class_bind_template_child (widget_class, OpFieldRow, check);
  gtk_widget_class_bind_template_child (widget_class, OpFieldRow, name);
  gtk_widget_class_bind_template_child (widget_class, OpFieldRow, title);
  gtk_widget_class_bind_template_child (widget_class, OpFieldRow, note);
  gtk_widget_class_bind_template_child (widget_class, OpFieldRow, look);
  gtk_widget_class_bind_template_callback (widget_class, on_check_toggled_cb);
}

static void
op_field_row_init (OpFieldRow *self)
{
  static const GActionEntry entries[] = {
    { "form", NULL, "s", "'line'", on_look_changed_cb, { 0 } },
    { "place", NULL, "s", "'units'", on_look_changed_cb, { 0 } },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "field", G_ACTION_GROUP (self->actions));
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
op_field_row_new (void)
{
  return g_object_new (OP_TYPE_FIELD_ROW, NULL);
}

void
op_field_row_set_tree_row (OpFieldRow *self, GtkTreeListRow *row)
{
  g_autoptr (GObject) item = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (self->bindings); i++)
    {
      if (self->bindings[i] != NULL)
        g_binding_unbind (self->bindings[i]);
      self->bindings[i] = NULL;
    }
  g_set_object (&self->tree_row, row);
  if (self->expander != NULL)
    gtk_tree_expander_set_list_row (self->expander, row);
  if (row == NULL)
    return;

  item = gtk_tree_list_row_get_item (row);
  gtk_widget_set_visible (GTK_WIDGET (self->check), OP_IS_FIELD_ITEM (item));
  gtk_widget_set_visible (GTK_WIDGET (self->look), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->title), OP_IS_TABLE_SOURCE (item));
  if (OP_IS_FIELD_ITEM (item))
    show_field (self, OP_FIELD_ITEM (item));
  else
    show_table (self, OP_TABLE_SOURCE (item));
}

GtkTreeListRow *
op_field_row_get_tree_row (OpFieldRow *self)
{
  return self->tree_row;
}
