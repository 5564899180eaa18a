/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/field-row.h"

#include "app/ui/field-item.h"
#include "app/ui/table-source.h"

struct _OpFieldRow
{
  GtkBox           parent_instance;

  GtkTreeExpander *expander;
  GtkCheckButton  *check;
  GtkLabel        *name;
  GtkLabel        *title;
  GtkLabel        *note;

  GtkTreeListRow  *tree_row;
  GBinding        *bindings[2];
};

G_DEFINE_FINAL_TYPE (OpFieldRow, op_field_row, GTK_TYPE_BOX)

enum
{
  SIGNAL_TOGGLED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

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
  G_OBJECT_CLASS (op_field_row_parent_class)->dispose (object);
}

static void
op_field_row_class_init (OpFieldRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_field_row_dispose;
  signals[SIGNAL_TOGGLED]
    = g_signal_new ("toggled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/field-row.ui");
  gtk_widget_class_bind_template_child (widget_class, OpFieldRow, expander);
  gtk_widget_class_bind_template_child (widget_class, OpFieldRow, check);
  gtk_widget_class_bind_template_child (widget_class, OpFieldRow, name);
  gtk_widget_class_bind_template_child (widget_class, OpFieldRow, title);
  gtk_widget_class_bind_template_child (widget_class, OpFieldRow, note);
  gtk_widget_class_bind_template_callback (widget_class, on_check_toggled_cb);
}

static void
op_field_row_init (OpFieldRow *self)
{
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
