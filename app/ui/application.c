/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/application.h"

#include "app/engine/station-list.h"
#include "app/ui/dialog.h"
#include "app/ui/state-file.h"
#include "app/ui/window.h"

#include <glib/gi18n.h>

struct _OpApplication
{
  AdwApplication parent_instance;

  OpStore       *store;
  OpStationList *stations;
  gboolean       demo; /* begin with the demo station */
};

G_DEFINE_FINAL_TYPE (OpApplication, op_application, ADW_TYPE_APPLICATION)

static void
apply_style (const char *style)
{
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;

  if (g_str_equal (style, "light"))
    scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_str_equal (style, "dark"))
    scheme = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

static void
on_style_change_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  g_simple_action_set_state (action, state);
  apply_style (g_variant_get_string (state, NULL));
  op_state_save_style (g_variant_get_string (state, NULL));
}

static void
on_quit_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  /* One that is closed may take others with it. */
  g_autolist (GtkWindow) windows = g_list_copy_deep (gtk_application_get_windows (GTK_APPLICATION (data)),
                                                     (GCopyFunc) (void (*) (void)) g_object_ref, NULL);

  for (GList *link = windows; link != NULL; link = link->next)
    {
      /* The key's event may keep a dialog alive longer than its parent, which GTK 4.8 then still reaches for. */
      gtk_window_set_transient_for (link->data, NULL);
      gtk_window_close (link->data);
    }
}

static void
on_about_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (data)), "application-name", "Outpost",
                         "application-icon", OP_APPLICATION_ID, "version", OUTPOST_VERSION, "developer-name",
                         _("The Outpost authors"), "license-type", GTK_LICENSE_GPL_3_0, "comments",
                         _("Collects data from field loggers: every record, once, unaltered."), NULL);
}

/* The active window may be a dialog. */
static GtkWindow *
find_window (OpApplication *self)
{
  for (GList *link = gtk_application_get_windows (GTK_APPLICATION (self)); link != NULL; link = link->next)
    if (OP_IS_WINDOW (link->data))
      return link->data;
  return NULL;
}

static void
on_loaded_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpApplication) self = OP_APPLICATION (data);
  g_autoptr (GError) error = NULL;
  GtkWindow *window = find_window (self);

  if (op_station_list_load_finish (OP_STATION_LIST (object), result, &error))
    {
      if (self->demo && window != NULL)
        gtk_widget_activate_action (GTK_WIDGET (window), "win.demo-station", NULL);
    }
  else if (window != NULL)
    op_dialog_show_failure (window, _("The Stations Cannot Be Read"), error);
}

/* The start is measured by this line. */
static void
on_first_frame_cb (GdkFrameClock *clock, gpointer data)
{
  g_debug ("first frame");
  g_signal_handlers_disconnect_by_func (clock, on_first_frame_cb, data);
}

static OpWindow *
ensure_window (OpApplication *self)
{
  GtkWindow *window = find_window (self);

  if (window == NULL)
    {
      self->store = op_store_new (NULL);
      self->stations = op_station_list_new (self->store);
      op_station_list_load_async (self->stations, NULL, on_loaded_cb, g_object_ref (self));
      window = GTK_WINDOW (op_window_new (ADW_APPLICATION (self), self->store, self->stations));
      gtk_widget_realize (GTK_WIDGET (window));
      g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (window)), "after-paint",
                        G_CALLBACK (on_first_frame_cb), NULL);
    }
  gtk_window_present (window);
  return OP_WINDOW (window);
}

static gint
op_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  OP_APPLICATION (application)->demo = g_variant_dict_contains (options, "demo");
  if (!g_variant_dict_contains (options, "version"))
    return -1;
  g_print ("Outpost %s\n", OUTPOST_VERSION);
  return 0;
}

static void
op_application_activate (GApplication *application)
{
  ensure_window (OP_APPLICATION (application));
}

static void
op_application_open (GApplication *application, GFile **files, gint n_files, const char *hint)
{
  OpWindow *window = ensure_window (OP_APPLICATION (application));

  for (gint i = 0; i < n_files; i++)
    op_window_open_file (window, files[i]);
}

static void
add_accelerators (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *keys[3];
  } accelerators[] = {
    { "app.quit", { "<Control>q", NULL } },
    { "win.show-help-overlay", { "<Control>question", "F1", NULL } },
    { "win.add-station", { "<Control>n", NULL } },
    { "win.open-file", { "<Control>o", NULL } },
    { "win.close-file", { "<Control>w", NULL } },
    { "win.collect", { "<Control>r", NULL } },
    { "win.clock", { "<Control>k", NULL } },
    { "win.save-toa5", { "<Control>s", NULL } },
    { "win.rename-station", { "F2", NULL } },
    { "win.search", { "<Control>f", NULL } },
    { "win.back", { "<Alt>Left", NULL } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (application, accelerators[i].action, accelerators[i].keys);
}

static void
op_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { "quit", on_quit_activate_cb, NULL, NULL, NULL, { 0 } },
    { "about", on_about_activate_cb, NULL, NULL, NULL, { 0 } },
  };
  g_autofree char *style = op_state_dup_style ();
  g_autoptr (GSimpleAction) action = NULL;

  G_APPLICATION_CLASS (op_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
  action = g_simple_action_new_stateful ("style", G_VARIANT_TYPE_STRING, g_variant_new_string (style));
  g_signal_connect (action, "change-state", G_CALLBACK (on_style_change_cb), NULL);
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (action));
  apply_style (style);
  add_accelerators (GTK_APPLICATION (application));
}

/* Whatever is still collected ends first, with what came stored. */
static void
op_application_shutdown (GApplication *application)
{
  OpApplication *self = OP_APPLICATION (application);

  for (guint i = 0; self->stations != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->stations)); i++)
    {
      g_autoptr (OpStation) station = g_list_model_get_item (G_LIST_MODEL (self->stations), i);

      op_station_cancel (station);
    }
  G_APPLICATION_CLASS (op_application_parent_class)->shutdown (application);
  g_clear_object (&self->stations);
  if (self->store != NULL)
    op_store_close (self->store);
  g_clear_object (&self->store);
}

static void
op_application_class_init (OpApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->handle_local_options = op_application_handle_local_options;
  application_class->activate = op_application_activate;
  application_class->open = op_application_open;
  application_class->startup = op_application_startup;
  application_class->shutdown = op_application_shutdown;
}

static void
op_application_init (OpApplication *self)
{
  GApplication *application = G_APPLICATION (self);

  g_application_set_option_context_parameter_string (application, _("[FILE…]"));
  g_application_add_main_option (application, "version", 0, 0, G_OPTION_ARG_NONE, _("Print the version"), NULL);
  g_application_add_main_option (application, "demo", 0, 0, G_OPTION_ARG_NONE, _("Begin with the demo station"), NULL);
}

OpApplication *
op_application_new (void)
{
  return g_object_new (OP_TYPE_APPLICATION, "application-id", OP_APPLICATION_ID, "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/io/github/outpost/Outpost", NULL);
}
