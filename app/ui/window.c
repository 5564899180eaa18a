/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/window.h"

#include "app/ui/accessible.h"
#include "app/ui/add-station.h"
#include "app/ui/clock-dialog.h"
#include "app/ui/dialog.h"
#include "app/ui/file-page.h"
#include "app/ui/open-files.h"
#include "app/ui/rename-station.h"
#include "app/ui/sidebar.h"
#include "app/ui/state-file.h"
#include "app/ui/station-page.h"

#include <glib/gi18n.h>

#define OP_DEMO_URI "demo:cr1000"

struct _OpWindow
{
  AdwApplicationWindow parent_instance;

  GtkStack            *stack;
  AdwToastOverlay     *empty_toasts;
  AdwToastOverlay     *main_toasts;
  AdwLeaflet          *leaflet;
  OpSidebar           *sidebar;
  GtkStack            *pages;
  GMenuModel          *main_menu;
  GtkWidget           *demo_button;

  OpStore             *store;
  OpStationList       *stations;
  OpOpenFiles         *files;
  GHashTable          *page_of_item; /* (OpStation or OpOpenFile → page in the stack) */
};

G_DEFINE_FINAL_TYPE (OpWindow, op_window, ADW_TYPE_APPLICATION_WINDOW)

static void
toast (OpWindow *self, const char *text)
{
  gboolean empty = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "main") != 0;

  adw_toast_overlay_add_toast (empty ? self->empty_toasts : self->main_toasts, adw_toast_new (text));
}

static void
set_enabled (OpWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static OpFilePage *
get_file_page (OpWindow *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->pages);

  return OP_IS_FILE_PAGE (page) ? OP_FILE_PAGE (page) : NULL;
}

static OpStationPage *
get_station_page (OpWindow *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->pages);

  return OP_IS_STATION_PAGE (page) ? OP_STATION_PAGE (page) : NULL;
}

static void
update_actions (OpWindow *self)
{
  GAction *fast = g_action_map_lookup_action (G_ACTION_MAP (self), "fast-collection");
  OpStationPage *page = get_station_page (self);
  OpStation *station = page != NULL ? op_station_page_get_station (page) : NULL;
  OpFilePage *file_page = get_file_page (self);
  gboolean busy = FALSE;
  gboolean can_save = file_page != NULL && op_open_file_get_content (op_file_page_get_file (file_page)) != NULL;

  if (page != NULL)
    g_object_get (page, "busy", &busy, "can-save", &can_save, NULL);
  set_enabled (self, "collect", page != NULL && !busy);
  set_enabled (self, "cancel", busy);
  set_enabled (self, "clock", page != NULL);
  set_enabled (self, "save-toa5", can_save);
  set_enabled (self, "rename-station", page != NULL && !busy);
  set_enabled (self, "fast-collection", page != NULL && !busy);
  g_simple_action_set_state (G_SIMPLE_ACTION (fast),
                             g_variant_new_boolean (station != NULL && op_station_get_fast (station)));
  set_enabled (self, "remove-station", page != NULL);
  set_enabled (self, "close-file", file_page != NULL);
}

static void
update_folded (OpWindow *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet);
  GHashTableIter iter;
  gpointer page;

  op_sidebar_set_folded (self->sidebar, folded);
  g_hash_table_iter_init (&iter, self->page_of_item);
  while (g_hash_table_iter_next (&iter, NULL, &page))
    g_object_set (page, "folded", folded, NULL);
}

static gboolean
is_empty (OpWindow *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->stations)) == 0
         && g_list_model_get_n_items (op_open_files_get_model (self->files)) == 0;
}

static void
update_stack (OpWindow *self)
{
  gboolean loading;

  g_object_get (self->stations, "loading", &loading, NULL);
  if (!is_empty (self))
    gtk_stack_set_visible_child_name (self->stack, "main");
  else if (!loading)
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      gtk_widget_grab_focus (self->demo_button);
    }
}

static void
show_content (OpWindow *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static GtkWidget *
create_page (OpWindow *self, GObject *item)
{
  GtkWidget *page;

  if (OP_IS_OPEN_FILE (item))
    {
      page = op_file_page_new (OP_OPEN_FILE (item));
      g_signal_connect_object (item, "notify::loaded", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
    }
  else
    {
      page = op_station_page_new (OP_STATION (item));
      g_signal_connect_object (page, "notify::busy", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (page, "notify::can-save", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
    }
  g_object_set (page, "folded", adw_leaflet_get_folded (self->leaflet), NULL);
  gtk_stack_add_child (self->pages, page);
  g_hash_table_insert (self->page_of_item, g_object_ref (item), page);
  return page;
}

static void
on_chosen_cb (OpWindow *self, GObject *item)
{
  GtkWidget *page;

  if (item == NULL)
    {
      gtk_stack_set_visible_child_name (self->pages, "none");
      update_actions (self);
      return;
    }
  page = g_hash_table_lookup (self->page_of_item, item);
  if (page == NULL)
    page = create_page (self, item);
  gtk_stack_set_visible_child (self->pages, page);
  update_actions (self);
}

static void
forget_item (OpWindow *self, gpointer item)
{
  GtkWidget *page = g_hash_table_lookup (self->page_of_item, item);

  op_sidebar_select (self->sidebar, NULL);
  if (page != NULL)
    gtk_stack_remove (self->pages, page);
  g_hash_table_remove (self->page_of_item, item);
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

/* Where nothing is shown yet. */
static void
select_first (OpWindow *self)
{
  g_autoptr (GObject) first = g_list_model_get_item (G_LIST_MODEL (self->stations), 0);

  if (first != NULL && g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), "none") == 0)
    op_sidebar_select (self->sidebar, first);
}

static void
on_stations_changed_cb (OpWindow *self)
{
  update_stack (self);
  select_first (self);
}

static void
select_station (OpWindow *self, OpStation *station)
{
  op_sidebar_select (self->sidebar, station);
  show_content (self);
}

static OpStation *
find_demo_station (OpStationList *stations)
{
  GListModel *model = G_LIST_MODEL (stations);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (OpStation) station = g_list_model_get_item (model, i);

      if (g_str_equal (op_station_get_uri (station), OP_DEMO_URI))
        return g_steal_pointer (&station);
    }
  return NULL;
}

static void
show_demo_station (OpWindow *self, OpStation *station)
{
  select_station (self, station);
  op_station_page_collect (get_station_page (self));
}

static void
on_demo_added_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpWindow) self = OP_WINDOW (data);
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GError) error = NULL;

  if (!op_station_list_add_finish (OP_STATION_LIST (object), result, &error))
    {
      op_dialog_show_failure (GTK_WINDOW (self), _("The Demo Station Could Not Be Added"), error);
      return;
    }
  station = find_demo_station (OP_STATION_LIST (object));
  show_demo_station (self, station);
}

/* There is one demo station only: a second wish for it shows the first. */
static void
on_demo_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  OpWindow *self = OP_WINDOW (data);
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  g_autoptr (OpStation) station = find_demo_station (self->stations);

  if (station != NULL)
    {
      show_demo_station (self, station);
      return;
    }
  g_free (record->name);
  record->name = op_station_list_dup_free_name (self->stations, _("Demo Station"));
  g_free (record->uri);
  record->uri = g_strdup (OP_DEMO_URI);
  record->simulated = TRUE;
  station = op_station_new (self->store, record);
  op_station_list_add_async (self->stations, station, -1, NULL, on_demo_added_cb, g_object_ref (self));
}

static void
on_add_station_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  OpWindow *self = OP_WINDOW (data);
  GtkWidget *dialog = op_add_station_new (GTK_WINDOW (self), self->store, self->stations);

  g_signal_connect_object (dialog, "added", G_CALLBACK (select_station), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_file_listed_cb (OpWindow *self, OpOpenFile *file)
{
  op_sidebar_select (self->sidebar, file);
  show_content (self);
}

static void
on_file_failed_cb (OpWindow *self, OpOpenFile *file, const GError *error)
{
  g_autofree char *heading = g_strdup_printf (_("“%s” Cannot Be Opened"), op_open_file_get_name (file));

  op_dialog_show_failure (GTK_WINDOW (self), heading, error);
}

static void
on_files_changed_cb (OpWindow *self, guint position, guint n_removed)
{
  update_stack (self);
  if (n_removed > 0)
    select_first (self);
}

static void
on_open_file_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  op_open_files_ask (OP_WINDOW (data)->files, GTK_WINDOW (data));
}

static void
on_collect_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  op_station_page_collect (get_station_page (OP_WINDOW (data)));
}

static void
on_cancel_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  op_station_cancel (op_station_page_get_station (get_station_page (OP_WINDOW (data))));
}

static void
on_clock_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  OpWindow *self = OP_WINDOW (data);
  OpStation *station = op_station_page_get_station (get_station_page (self));

  gtk_window_present (GTK_WINDOW (op_clock_dialog_new (GTK_WINDOW (self), station)));
}

static void
on_save_toa5_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  OpWindow *self = OP_WINDOW (data);
  OpFilePage *file_page = get_file_page (self);

  if (file_page != NULL)
    op_file_page_save_toa5 (file_page);
  else
    op_station_page_save_toa5 (get_station_page (self));
}

static void
on_rename_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  OpWindow *self = OP_WINDOW (data);
  OpStation *station = op_station_page_get_station (get_station_page (self));

  gtk_window_present (GTK_WINDOW (op_rename_station_new (GTK_WINDOW (self), self->stations, station)));
}

static void
on_fast_set_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpWindow) self = OP_WINDOW (data);
  g_autoptr (GError) error = NULL;

  if (!op_station_set_fast_finish (OP_STATION (object), result, &error))
    op_dialog_show_failure (GTK_WINDOW (self), _("The Station Could Not Be Changed"), error);
  update_actions (self);
}

static void
on_fast_change_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  OpWindow *self = OP_WINDOW (data);
  OpStationPage *page = get_station_page (self);

  if (page != NULL)
    op_station_set_fast_async (op_station_page_get_station (page), g_variant_get_boolean (state), NULL, on_fast_set_cb,
                               g_object_ref (self));
}

static void
on_removed_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpWindow) self = OP_WINDOW (data);
  g_autoptr (GError) error = NULL;

  if (!op_station_list_remove_finish (OP_STATION_LIST (object), result, &error))
    op_dialog_show_failure (GTK_WINDOW (self), _("The Station Could Not Be Removed"), error);
  else
    {
      toast (self, _("Station removed"));
      select_first (self);
    }
}

static void
on_remove_response_cb (OpWindow *self, const char *response, GtkWidget *dialog)
{
  OpStation *station = g_object_get_data (G_OBJECT (dialog), "station");

  if (!g_str_equal (response, "remove"))
    return;
  op_station_cancel (station);
  forget_item (self, station);
  op_state_forget_station (op_station_get_id (station));
  op_station_list_remove_async (self->stations, station, NULL, on_removed_cb, g_object_ref (self));
}

static void
on_remove_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  OpWindow *self = OP_WINDOW (data);
  OpStation *station = op_station_page_get_station (get_station_page (self));
  g_autofree char *heading = g_strdup_printf (_("Remove “%s”?"), op_station_get_name (station));
  AdwMessageDialog *dialog = op_dialog_new (
    GTK_WINDOW (self), heading,
    _("All its records are deleted from this computer. What the logger holds is not touched."));

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "remove", _("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "station", g_object_ref (station), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_remove_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_close_file_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  OpWindow *self = OP_WINDOW (data);

  op_open_files_close (self->files, op_file_page_get_file (get_file_page (self)));
}

static void
on_search_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  op_sidebar_search (OP_WINDOW (data)->sidebar);
}

static void
on_back_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  adw_leaflet_navigate (OP_WINDOW (data)->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static gboolean
on_drop_cb (OpWindow *self, const GValue *value)
{
  GSList *files = g_value_get_boxed (value);

  for (GSList *item = files; item != NULL; item = item->next)
    op_window_open_file (self, G_FILE (item->data));
  return files != NULL;
}

static gboolean
op_window_close_request (GtkWindow *window)
{
  op_state_save_window (window);
  return GTK_WINDOW_CLASS (op_window_parent_class)->close_request (window);
}

static void
op_window_dispose (GObject *object)
{
  OpWindow *self = OP_WINDOW (object);

  g_clear_object (&self->stations);
  g_clear_object (&self->store);
  g_clear_object (&self->files);
  g_hash_table_remove_all (self->page_of_item);
  G_OBJECT_CLASS (op_window_parent_class)->dispose (object);
}

static void
op_window_finalize (GObject *object)
{
  g_hash_table_unref (OP_WINDOW (object)->page_of_item);
  G_OBJECT_CLASS (op_window_parent_class)->finalize (object);
}

static void
op_window_class_init (OpWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = op_window_dispose;
  object_class->finalize = op_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = op_window_close_request;

  g_type_ensure (OP_TYPE_SIDEBAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/window.ui");
  gtk_widget_class_bind_template_child (widget_class, OpWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, OpWindow, empty_toasts);
  gtk_widget_class_bind_template_child (widget_class, OpWindow, main_toasts);
  gtk_widget_class_bind_template_child (widget_class, OpWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, OpWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, OpWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, OpWindow, main_menu);
  gtk_widget_class_bind_template_child (widget_class, OpWindow, demo_button);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_content);
  gtk_widget_class_bind_template_callback (widget_class, update_folded);
}

static void
op_window_init (OpWindow *self)
{
  static const GActionEntry entries[] = {
    { "demo-station", on_demo_activate_cb, NULL, NULL, NULL, { 0 } },
    { "add-station", on_add_station_activate_cb, NULL, NULL, NULL, { 0 } },
    { "open-file", on_open_file_activate_cb, NULL, NULL, NULL, { 0 } },
    { "close-file", on_close_file_activate_cb, NULL, NULL, NULL, { 0 } },
    { "collect", on_collect_activate_cb, NULL, NULL, NULL, { 0 } },
    { "cancel", on_cancel_activate_cb, NULL, NULL, NULL, { 0 } },
    { "clock", on_clock_activate_cb, NULL, NULL, NULL, { 0 } },
    { "save-toa5", on_save_toa5_activate_cb, NULL, NULL, NULL, { 0 } },
    { "rename-station", on_rename_activate_cb, NULL, NULL, NULL, { 0 } },
    { "fast-collection", NULL, NULL, "false", on_fast_change_cb, { 0 } },
    { "remove-station", on_remove_activate_cb, NULL, NULL, NULL, { 0 } },
    { "search", on_search_activate_cb, NULL, NULL, NULL, { 0 } },
    { "back", on_back_activate_cb, NULL, NULL, NULL, { 0 } },
  };
  GtkDropTarget *target;

  self->files = op_open_files_new ();
  g_signal_connect_object (self->files, "listed", G_CALLBACK (on_file_listed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->files, "leaving", G_CALLBACK (forget_item), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->files, "failed", G_CALLBACK (on_file_failed_cb), self, G_CONNECT_SWAPPED);
  self->page_of_item = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  op_accessible_name_toasts (self->empty_toasts);
  op_accessible_name_toasts (self->main_toasts);
  op_sidebar_set_menu (self->sidebar, self->main_menu);
  op_state_restore_window (GTK_WINDOW (self));
  update_actions (self);

  target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

GtkWidget *
op_window_new (AdwApplication *application, OpStore *store, OpStationList *stations)
{
  OpWindow *self = g_object_new (OP_TYPE_WINDOW, "application", application, NULL);
  GListModel *files = op_open_files_get_model (self->files);

  self->store = g_object_ref (store);
  self->stations = g_object_ref (stations);
  op_sidebar_set_models (self->sidebar, G_LIST_MODEL (stations), files);
  g_signal_connect_object (stations, "items-changed", G_CALLBACK (on_stations_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (files, "items-changed", G_CALLBACK (on_files_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (stations, "notify::loading", G_CALLBACK (update_stack), self, G_CONNECT_SWAPPED);
  on_stations_changed_cb (self);
  return GTK_WIDGET (self);
}

void
op_window_open_file (OpWindow *self, GFile *file)
{
  op_open_files_open (self->files, file);
}
