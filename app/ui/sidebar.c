/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/sidebar.h"

#include "app/engine/station.h"
#include "app/ui/open-file.h"
#include "app/ui/station-row.h"

#include <glib/gi18n.h>

/* From this many stations on there is something to search. */
#define OP_STATIONS_TO_SEARCH 5

struct _OpSidebar
{
  GtkBox              parent_instance;

  AdwHeaderBar       *header;
  AdwWindowTitle     *title;
  GtkMenuButton      *menu_button;
  GtkToggleButton    *search_button;
  GtkSearchBar       *search_bar;
  GtkSearchEntry     *search;
  GtkListBox         *stations;
  GtkWidget          *files_heading;
  GtkListBox         *files;

  GListModel         *station_model;
  GListModel         *file_model;
  GtkFilterListModel *filtered;
  GtkCustomFilter    *filter;
  gpointer            selected; /* not owned: only compared */
};

G_DEFINE_FINAL_TYPE (OpSidebar, op_sidebar, GTK_TYPE_BOX)

enum
{
  SIGNAL_CHOSEN,
  SIGNAL_ACTIVATED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
match_station (gpointer item, gpointer data)
{
  OpSidebar *self = OP_SIDEBAR (data);
  g_autofree char *needle = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  g_autofree char *name = g_utf8_casefold (op_station_get_name (OP_STATION (item)), -1);

  return strstr (name, needle) != NULL;
}

static void
append_count (GString *text, guint count, const char *words)
{
  if (count > 0)
    g_string_append_printf (text, "%s%u %s", text->len > 0 ? " · " : "", count, words);
}

static void
update_summary (OpSidebar *self)
{
  guint counts[OP_HEALTH_TROUBLE + 1] = { 0 };
  guint n = g_list_model_get_n_items (self->station_model);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OpStation) station = g_list_model_get_item (self->station_model, i);

      counts[op_station_get_health (station)]++;
    }
  /* Translators: these follow a number of stations: "14 well · 1 to look at" */
  append_count (text, counts[OP_HEALTH_WELL], _("well"));
  append_count (text, counts[OP_HEALTH_WATCH], _("to look at"));
  append_count (text, counts[OP_HEALTH_TROUBLE], _("in trouble"));
  adw_window_title_set_subtitle (self->title, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->search_button), n >= OP_STATIONS_TO_SEARCH);
}

static void
on_stations_changed_cb (OpSidebar *self, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (OpStation) station = g_list_model_get_item (self->station_model, i);

      g_signal_connect_object (station, "notify::health", G_CALLBACK (update_summary), self, G_CONNECT_SWAPPED);
    }
  update_summary (self);
}

static void
on_files_changed_cb (OpSidebar *self)
{
  gtk_widget_set_visible (self->files_heading, g_list_model_get_n_items (self->file_model) > 0);
}

static GtkWidget *
create_station_row (gpointer item, gpointer data)
{
  return op_station_row_new (OP_STATION (item));
}

static GtkWidget *
create_file_row (gpointer item, gpointer data)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (op_open_file_get_name (item));
  g_autofree char *path = g_file_get_parse_name (op_open_file_get_file (item));

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("x-office-spreadsheet-symbolic"));
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_tooltip_text (row, path);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, op_open_file_get_name (item), -1);
  return row;
}

static void
choose (OpSidebar *self, gpointer item)
{
  if (item == self->selected)
    return;
  self->selected = item;
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, item);
}

static void
on_station_selected_cb (OpSidebar *self, GtkListBoxRow *row)
{
  if (row == NULL)
    return;
  gtk_list_box_unselect_all (self->files);
  choose (self, op_station_row_get_station (OP_STATION_ROW (row)));
}

static void
on_file_selected_cb (OpSidebar *self, GtkListBoxRow *row)
{
  g_autoptr (OpOpenFile) file = NULL;

  if (row == NULL)
    return;
  gtk_list_box_unselect_all (self->stations);
  file = g_list_model_get_item (self->file_model, (guint) gtk_list_box_row_get_index (row));
  choose (self, file);
}

static void
on_row_activated_cb (OpSidebar *self)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

static GtkListBoxRow *
find_row (GtkListBox *list, GListModel *model, gpointer item)
{
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GObject) candidate = g_list_model_get_item (model, i);

      if (candidate == item)
        return gtk_list_box_get_row_at_index (list, (int) i);
    }
  return NULL;
}

static void
on_search_changed_cb (OpSidebar *self)
{
  GtkListBoxRow *row;

  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  row = find_row (self->stations, G_LIST_MODEL (self->filtered), self->selected);
  if (row != NULL)
    gtk_list_box_select_row (self->stations, row);
}

static void
op_sidebar_dispose (GObject *object)
{
  OpSidebar *self = OP_SIDEBAR (object);

  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);
  g_clear_object (&self->station_model);
  g_clear_object (&self->file_model);
  G_OBJECT_CLASS (op_sidebar_parent_class)->dispose (object);
}

static void
op_sidebar_class_init (OpSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_sidebar_dispose;
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_OBJECT);
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, OpSidebar, header);
  gtk_widget_class_bind_template_child (widget_class, OpSidebar, title);
  gtk_widget_class_bind_template_child (widget_class, OpSidebar, menu_button);
  gtk_widget_class_bind_template_child (widget_class, OpSidebar, search_button);
  gtk_widget_class_bind_template_child (widget_class, OpSidebar, search_bar);
  gtk_widget_class_bind_template_child (widget_class, OpSidebar, search);
  gtk_widget_class_bind_template_child (widget_class, OpSidebar, stations);
  gtk_widget_class_bind_template_child (widget_class, OpSidebar, files_heading);
  gtk_widget_class_bind_template_child (widget_class, OpSidebar, files);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_station_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_file_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
}

static void
op_sidebar_init (OpSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search));
}

void
op_sidebar_set_models (OpSidebar *self, GListModel *stations, GListModel *files)
{
  self->station_model = g_object_ref (stations);
  self->file_model = g_object_ref (files);
  self->filter = gtk_custom_filter_new (match_station, self, NULL);
  self->filtered = gtk_filter_list_model_new (g_object_ref (stations), g_object_ref (GTK_FILTER (self->filter)));
  gtk_list_box_bind_model (self->stations, G_LIST_MODEL (self->filtered), create_station_row, NULL, NULL);
  gtk_list_box_bind_model (self->files, files, create_file_row, NULL, NULL);
  g_signal_connect_object (stations, "items-changed", G_CALLBACK (on_stations_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (files, "items-changed", G_CALLBACK (on_files_changed_cb), self, G_CONNECT_SWAPPED);
  on_stations_changed_cb (self, 0, 0, g_list_model_get_n_items (stations));
}

void
op_sidebar_set_menu (OpSidebar *self, GMenuModel *menu)
{
  gtk_menu_button_set_menu_model (self->menu_button, menu);
}

void
op_sidebar_select (OpSidebar *self, gpointer item)
{
  GtkListBoxRow *row;

  if (item == NULL)
    {
      gtk_list_box_unselect_all (self->stations);
      gtk_list_box_unselect_all (self->files);
      choose (self, NULL);
      return;
    }
  if (OP_IS_STATION (item))
    {
      gtk_editable_set_text (GTK_EDITABLE (self->search), "");
      gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_LESS_STRICT);
      row = find_row (self->stations, G_LIST_MODEL (self->filtered), item);
      gtk_list_box_select_row (self->stations, row);
    }
  else
    {
      row = find_row (self->files, self->file_model, item);
      gtk_list_box_select_row (self->files, row);
    }
}

void
op_sidebar_set_folded (OpSidebar *self, gboolean folded)
{
  adw_header_bar_set_show_end_title_buttons (self->header, folded);
}

void
op_sidebar_search (OpSidebar *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}
