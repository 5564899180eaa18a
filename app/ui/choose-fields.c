/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/choose-fields.h"

#include "app/ui/choice-item.h"

#include <glib/gi18n.h>

struct _OpChooseFields
{
  AdwWindow        parent_instance;

  GtkSearchEntry  *search;
  GtkStringFilter *filter;
  GtkListView     *list;
  GtkButton       *choose;

  GListModel      *items; /* OpChoiceItem */
};

G_DEFINE_FINAL_TYPE (OpChooseFields, op_choose_fields, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static char **
dup_chosen (OpChooseFields *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (self->items); i++)
    {
      g_autoptr (OpChoiceItem) item = g_list_model_get_item (self->items, i);

      if (op_choice_item_get_chosen (item))
        g_strv_builder_add (names, op_choice_item_get_name (item));
    }
  return g_strv_builder_end (names);
}

static void
on_item_notify_cb (OpChooseFields *self)
{
  g_auto (GStrv) names = dup_chosen (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->choose), names[0] != NULL);
}

static void
on_choose_cb (OpChooseFields *self)
{
  g_auto (GStrv) names = dup_chosen (self);

  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, names);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_search_changed_cb (OpChooseFields *self)
{
  gtk_string_filter_set_search (self->filter, gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static void
on_setup_cb (OpChooseFields *self, GtkListItem *list_item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *note = gtk_label_new (NULL);

  gtk_widget_set_hexpand (check, TRUE);
  gtk_widget_add_css_class (note, "dim-label");
  gtk_widget_add_css_class (note, "caption");
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), note);
  gtk_list_item_set_child (list_item, box);
}

static void
on_bind_cb (OpChooseFields *self, GtkListItem *list_item)
{
  OpChoiceItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *check = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));

  gtk_check_button_set_label (GTK_CHECK_BUTTON (check), op_choice_item_get_name (item));
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  op_choice_item_get_name (item), -1);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (check)), op_choice_item_get_note (item));
  g_object_set_data (G_OBJECT (list_item), "binding",
                     g_object_bind_property (item, "chosen", check, "active",
                                             G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL));
}

static void
on_unbind_cb (OpChooseFields *self, GtkListItem *list_item)
{
  g_binding_unbind (g_object_steal_data (G_OBJECT (list_item), "binding"));
}

static void
op_choose_fields_dispose (GObject *object)
{
  g_clear_object (&OP_CHOOSE_FIELDS (object)->items);
  G_OBJECT_CLASS (op_choose_fields_parent_class)->dispose (object);
}

static void
op_choose_fields_class_init (OpChooseFieldsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_choose_fields_dispose;
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_STRV);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/choose-fields.ui");
  gtk_widget_class_bind_template_child (widget_class, OpChooseFields, search);
  gtk_widget_class_bind_template_child (widget_class, OpChooseFields, filter);
  gtk_widget_class_bind_template_child (widget_class, OpChooseFields, list);
  gtk_widget_class_bind_template_child (widget_class, OpChooseFields, choose);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind_cb);
}

static void
op_choose_fields_init (OpChooseFields *self)
{
  g_type_ensure (OP_TYPE_CHOICE_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
op_choose_fields_new (GtkWindow *parent, GPtrArray *tables, const char *const *names)
{
  OpChooseFields *self = g_object_new (OP_TYPE_CHOOSE_FIELDS, "transient-for", parent, "application",
                                       gtk_window_get_application (parent), NULL);
  GtkFilterListModel *filtered;
  g_autoptr (GtkNoSelection) selection = NULL;

  self->items = op_choose_fields_list (tables, names);
  for (guint i = 0; i < g_list_model_get_n_items (self->items); i++)
    {
      g_autoptr (OpChoiceItem) item = g_list_model_get_item (self->items, i);

      g_signal_connect_object (item, "notify::chosen", G_CALLBACK (on_item_notify_cb), self, G_CONNECT_SWAPPED);
    }
  filtered = gtk_filter_list_model_new (g_object_ref (self->items), g_object_ref (GTK_FILTER (self->filter)));
  selection = gtk_no_selection_new (G_LIST_MODEL (filtered));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  return GTK_WIDGET (self);
}

static gboolean
is_public (const OpTable *table)
{
  return g_ascii_strcasecmp (table->name, "Public") == 0;
}

static gboolean
contains (const char *const *names, const char *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_ascii_strcasecmp (names[i], name) == 0)
      return TRUE;
  return FALSE;
}

static void
add_fields (GListStore *items, const OpTable *table, const char *const *names)
{
  for (guint i = 0; i < table->n_fields; i++)
    {
      const OpField *field = &table->fields[i];
      g_autofree char *name = g_strconcat (table->name, ".", field->name, NULL);
      g_autofree char *note = g_strdup_printf ("%s %s", field->units, op_type_name (field->type));
      g_autoptr (OpChoiceItem) item = op_choice_item_new (name, g_strstrip (note), contains (names, name));

      /* A long array comes in several pieces. */
      if (field->begin_index <= 1)
        g_list_store_append (items, item);
    }
}

GListModel *
op_choose_fields_list (GPtrArray *tables, const char *const *names)
{
  GListStore *items = g_list_store_new (OP_TYPE_CHOICE_ITEM);

  for (guint i = 0; i < tables->len; i++)
    if (is_public (g_ptr_array_index (tables, i)))
      add_fields (items, g_ptr_array_index (tables, i), names);
  for (guint i = 0; i < tables->len; i++)
    if (!is_public (g_ptr_array_index (tables, i)))
      add_fields (items, g_ptr_array_index (tables, i), names);
  return G_LIST_MODEL (items);
}
