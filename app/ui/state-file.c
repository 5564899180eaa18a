/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/state-file.h"

#define OP_STATE_GROUP "Window"

static char *
dup_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "outpost", "window.ini", NULL);
}

/* A file that cannot be read is as good as none: nothing but looks is in it. */
static GKeyFile *
load (void)
{
  g_autofree char *path = dup_path ();
  GKeyFile *state = g_key_file_new ();

  g_key_file_load_from_file (state, path, G_KEY_FILE_NONE, NULL);
  return state;
}

static void
save (GKeyFile *state)
{
  g_autofree char *path = dup_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  if (!g_key_file_save_to_file (state, path, &error))
    g_message ("The window's looks are not remembered: %s", error->message);
}

void
op_state_restore_window (GtkWindow *window)
{
  g_autoptr (GKeyFile) state = load ();
  int width = g_key_file_get_integer (state, OP_STATE_GROUP, "width", NULL);
  int height = g_key_file_get_integer (state, OP_STATE_GROUP, "height", NULL);

  if (width > 0 && height > 0)
    gtk_window_set_default_size (window, width, height);
  if (g_key_file_get_boolean (state, OP_STATE_GROUP, "maximized", NULL))
    gtk_window_maximize (window);
}

void
op_state_save_window (GtkWindow *window)
{
  g_autoptr (GKeyFile) state = load ();
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  g_key_file_set_integer (state, OP_STATE_GROUP, "width", width);
  g_key_file_set_integer (state, OP_STATE_GROUP, "height", height);
  g_key_file_set_boolean (state, OP_STATE_GROUP, "maximized", gtk_window_is_maximized (window));
  save (state);
}

char *
op_state_dup_style (void)
{
  g_autoptr (GKeyFile) state = load ();
  char *style = g_key_file_get_string (state, OP_STATE_GROUP, "style", NULL);

  return style != NULL ? style : g_strdup ("follow");
}

void
op_state_save_style (const char *style)
{
  g_autoptr (GKeyFile) state = load ();

  g_key_file_set_string (state, OP_STATE_GROUP, "style", style);
  save (state);
}

static char *
dup_station_group (gint64 station)
{
  return g_strdup_printf ("Station %" G_GINT64_FORMAT, station);
}

char **
op_state_dup_station_texts (gint64 station, const char *key)
{
  g_autoptr (GKeyFile) state = load ();
  g_autofree char *group = dup_station_group (station);

  return g_key_file_get_string_list (state, group, key, NULL, NULL);
}

void
op_state_save_station_texts (gint64 station, const char *key, const char *const *texts)
{
  g_autoptr (GKeyFile) state = load ();
  g_autofree char *group = dup_station_group (station);

  g_key_file_set_string_list (state, group, key, texts, g_strv_length ((char **) texts));
  save (state);
}

void
op_state_forget_station (gint64 station)
{
  g_autoptr (GKeyFile) state = load ();
  g_autofree char *group = dup_station_group (station);

  if (g_key_file_remove_group (state, group, NULL))
    save (state);
}

double
op_state_get_clock_threshold (void)
{
  g_autoptr (GKeyFile) state = load ();
  double seconds = g_key_file_get_double (state, OP_STATE_GROUP, "clock-threshold", NULL);

  return seconds > 0 ? seconds : 1;
}

void
op_state_save_clock_threshold (double seconds)
{
  g_autoptr (GKeyFile) state = load ();

  g_key_file_set_double (state, OP_STATE_GROUP, "clock-threshold", seconds);
  save (state);
}
