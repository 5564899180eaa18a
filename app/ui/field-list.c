/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/field-list.h"

#include "app/ui/field-item.h"
#include "app/ui/field-row.h"

#define OP_FIELDS_AT_FIRST 3

struct _OpFieldList
{
  GtkBox            parent_instance;

  GtkSearchEntry   *search;
  GtkListView      *view;

  GtkTreeListModel *tree;
  GtkCustomFilter  *filter;
  OpTableSource    *current;
};

G_DEFINE_FINAL_TYPE (OpFieldList, op_field_list, GTK_TYPE_BOX)

enum
{
  SIGNAL_CHOSEN_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static GListModel *
create_children (gpointer item, gpointer data)
{
  if (!OP_IS_TABLE_SOURCE (item))
    return NULL;
  return g_object_ref (op_table_source_get_fields (item));
}

static gboolean
match_row (gpointer object, gpointer data)
{
  OpFieldList *self = OP_FIELD_LIST (data);
  const char *needle = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autoptr (GObject) item = gtk_tree_list_row_get_item (object);

  if (needle[0] == '\0')
    return TRUE;
  if (OP_IS_FIELD_ITEM (item))
    return op_field_item_matches (OP_FIELD_ITEM (item), needle);
  return op_table_source_matches (OP_TABLE_SOURCE (item), needle);
}

static void
expand (OpFieldList *self, OpTableSource *source)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tree)); i++)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (self->tree, i);
      g_autoptr (GObject) item = gtk_tree_list_row_get_item (row);

      if (OP_IS_TABLE_SOURCE (item) && (source == NULL || item == G_OBJECT (source)))
        gtk_tree_list_row_set_expanded (row, TRUE);
    }
}

static void
change_current (OpFieldList *self, OpTableSource *source)
{
  if (self->current == source)
    return;
  if (self->current != NULL)
    op_table_source_choose_none (self->current);
  g_set_object (&self->current, source);
}

static void
toggle_field (OpFieldList *self, GtkTreeListRow *row)
{
  g_autoptr (OpFieldItem) item = gtk_tree_list_row_get_item (row);
  g_autoptr (GtkTreeListRow) parent = gtk_tree_list_row_get_parent (row);
  g_autoptr (OpTableSource) source = gtk_tree_list_row_get_item (parent);

  change_current (self, source);
  op_field_item_set_chosen (item, !op_field_item_get_chosen (item));
  g_signal_emit (self, signals[SIGNAL_CHOSEN_CHANGED], 0);
}

static void
on_row_toggled_cb (OpFieldList *self, OpFieldRow *row)
{
  toggle_field (self, op_field_row_get_tree_row (row));
}

static void
on_look_changed_cb (OpFieldList *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOSEN_CHANGED], 0);
}

static void
on_activate_cb (OpFieldList *self, guint position)
{
  g_autoptr (GtkTreeListRow) row
    = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->view)), position);
  g_autoptr (GObject) item = gtk_tree_list_row_get_item (row);

  if (OP_IS_FIELD_ITEM (item))
    toggle_field (self, row);
  else if (item == G_OBJECT (self->current))
    gtk_tree_list_row_set_expanded (row, !gtk_tree_list_row_get_expanded (row));
  else
    op_field_list_set_current (self, OP_TABLE_SOURCE (item));
}

static void
on_search_changed_cb (OpFieldList *self)
{
  if (gtk_editable_get_text (GTK_EDITABLE (self->search))[0] != '\0')
    expand (self, NULL);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
on_setup_cb (OpFieldList *self, GtkListItem *item)
{
  GtkWidget *row = op_field_row_new ();

  g_signal_connect_object (row, "toggled", G_CALLBACK (on_row_toggled_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "look-changed", G_CALLBACK (on_look_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, row);
}

static void
on_bind_cb (OpFieldList *self, GtkListItem *item)
{
  op_field_row_set_tree_row (OP_FIELD_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
on_unbind_cb (OpFieldList *self, GtkListItem *item)
{
  op_field_row_set_tree_row (OP_FIELD_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
op_field_list_dispose (GObject *object)
{
  OpFieldList *self = OP_FIELD_LIST (object);

  g_clear_object (&self->tree);
  g_clear_object (&self->filter);
  g_clear_object (&self->current);
  G_OBJECT_CLASS (op_field_list_parent_class)->dispose (object);
}

static void
op_field_list_class_init (OpFieldListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_field_list_dispose;
  signals[SIGNAL_CHOSEN_CHANGED] = g_signal_new ("chosen-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                                 NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/field-list.ui");
  gtk_widget_class_bind_template_child (widget_class, OpFieldList, search);
  gtk_widget_class_bind_template_child (widget_class, OpFieldList, view);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_activate_cb);
}

static void
op_field_list_init (OpFieldList *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->view, factory);
}

void
op_field_list_set_sources (OpFieldList *self, GListModel *sources)
{
  GtkFilterListModel *filtered;
  g_autoptr (GtkNoSelection) selection = NULL;

  g_clear_object (&self->tree);
  g_clear_object (&self->filter);
  self->tree = gtk_tree_list_model_new (g_object_ref (sources), FALSE, FALSE, create_children, NULL, NULL);
  self->filter = gtk_custom_filter_new (match_row, self, NULL);
  filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->tree)),
                                        g_object_ref (GTK_FILTER (self->filter)));
  selection = gtk_no_selection_new (G_LIST_MODEL (filtered));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}

void
op_field_list_set_current (OpFieldList *self, OpTableSource *source)
{
  g_autofree guint *chosen = NULL;
  guint n_chosen;

  change_current (self, source);
  if (source != NULL)
    {
      expand (self, source);
      chosen = op_table_source_dup_chosen (source, &n_chosen);
      if (n_chosen == 0)
        op_table_source_choose_first (source, OP_FIELDS_AT_FIRST);
    }
  g_signal_emit (self, signals[SIGNAL_CHOSEN_CHANGED], 0);
}

OpTableSource *
op_field_list_get_current (OpFieldList *self)
{
  return self->current;
}
