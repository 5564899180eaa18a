/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "protocol/pakbus/settings-session.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  CliSession *session;
  PakLogger  *logger;
  gboolean    by_name; /* settings as strings, as the CR200 has them */
  char      **names;   /* of the command line: NAME, or NAME=VALUE */
} Context;

static void
add_text (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/* The members of one setting, within an object. */
static void
add_setting (JsonBuilder *builder, const PakSetting *setting)
{
  const PakSettingInfo *info = pak_setting_info_find (setting->id);
  g_autofree char *name = pak_setting_dup_name (setting->id);
  g_autofree char *value = pak_setting_to_text (setting);

  add_int (builder, "id", setting->id);
  add_text (builder, "name", name);
  add_text (builder, "value", value);
  add_text (builder, "unit", info != NULL ? info->unit : NULL);
  add_boolean (builder, "read_only", setting->read_only);
  add_boolean (builder, "inferred", info == NULL || info->inferred);
}

static void
print_settings_json (const PakDeviceSettings *device, GPtrArray *settings)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_int (builder, "device_type", device->device_type);
  add_int (builder, "major_version", device->major);
  add_int (builder, "minor_version", device->minor);
  json_builder_set_member_name (builder, "settings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < settings->len; i++)
    {
      json_builder_begin_object (builder);
      add_setting (builder, g_ptr_array_index (settings, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

static void
print_settings (GPtrArray *settings)
{
  g_autoptr (CliColumns) columns = cli_columns_new (4, _("ID"), _("Setting"), "", _("Value"));

  for (guint i = 0; i < settings->len; i++)
    {
      const PakSetting *setting = g_ptr_array_index (settings, i);
      const PakSettingInfo *info = pak_setting_info_find (setting->id);
      g_autofree char *id = g_strdup_printf ("%u", (guint) setting->id);
      g_autofree char *name = pak_setting_dup_name (setting->id);
      g_autofree char *text = pak_setting_to_text (setting);
      g_autofree char *value = g_strdup_printf ("%s%s%s", text, info != NULL && info->unit != NULL ? " " : "",
                                                info != NULL && info->unit != NULL ? info->unit : "");

      cli_columns_add (columns, id, name, setting->read_only ? _("read-only") : "", *text != '\0' ? value : "");
    }
  cli_columns_print (columns);
}

static void
print_named (const Context *context, GPtrArray *settings)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (CliColumns) columns = cli_columns_new (2, _("Setting"), _("Value"));

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "settings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < settings->len; i++)
    {
      const PakNamedSetting *setting = g_ptr_array_index (settings, i);

      json_builder_begin_object (builder);
      add_text (builder, "name", setting->name);
      add_text (builder, "value", setting->value);
      json_builder_end_object (builder);
      cli_columns_add (columns, setting->name, setting->value);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  if (context->session->json)
    cli_print_builder (builder);
  else
    cli_columns_print (columns);
}

/* Listing and getting */

static gboolean
find_settings (const PakDeviceSettings *device, const GArray *ids, GPtrArray *found, GError **error)
{
  for (guint i = 0; i < ids->len; i++)
    {
      guint16 id = g_array_index (ids, guint16, i);
      const PakSetting *setting = pak_device_settings_find (device, id);
      g_autofree char *name = pak_setting_dup_name (id);

      if (setting == NULL)
        {
          g_set_error (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_UNKNOWN, _("The logger has no setting “%s” (%u)"),
                       name, (guint) id);
          return FALSE;
        }
      g_ptr_array_add (found, (gpointer) setting);
    }
  return TRUE;
}

static CliStatus
show_by_number (const Context *context)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint16));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PakDeviceSettings) device = NULL;
  g_autoptr (GPtrArray) chosen = NULL;
  g_autoptr (GError) error = NULL;
  guint16 first = 0, last = G_MAXUINT16;

  for (guint i = 0; context->names[i] != NULL; i++)
    {
      guint16 id;

      if (!pak_setting_parse_name (context->names[i], &id, &error))
        return cli_usage ("%s", error->message);
      g_array_append_val (ids, id);
    }
  if (ids->len == 1)
    first = last = g_array_index (ids, guint16, 0);
  pak_settings_read_async (context->logger, first, last, context->session->cancellable, cli_await_cb, &result);
  device = pak_settings_read_finish (context->logger, cli_await (&result), &error);
  if (device == NULL)
    return cli_fail (g_steal_pointer (&error));
  chosen = ids->len == 0 ? g_ptr_array_ref (device->settings) : g_ptr_array_new ();
  if (!find_settings (device, ids, chosen, &error))
    return cli_fail (g_steal_pointer (&error));

  if (context->session->json)
    print_settings_json (device, chosen);
  else
    print_settings (chosen);
  return CLI_DONE;
}

static CliStatus
show_by_name (const Context *context)
{
  const char *const *names = context->names[0] != NULL ? (const char *const *) context->names : NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) settings = NULL;
  g_autoptr (GError) error = NULL;

  pak_settings_get_named_async (context->logger, names, context->session->cancellable, cli_await_cb, &result);
  settings = pak_settings_get_named_finish (context->logger, cli_await (&result), &error);
  if (settings == NULL)
    return cli_fail (g_steal_pointer (&error));
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    if (pak_named_settings_find (settings, names[i]) == NULL)
      return cli_fail (g_error_new (PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_UNKNOWN, _("The logger has no setting “%s”"),
                                    names[i]));
  print_named (context, settings);
  return CLI_DONE;
}

/* Setting */

static PakSettingsSession *
begin (const Context *context, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pak_settings_session_begin_async (context->logger, context->session->cancellable, cli_await_cb, &result);
  return pak_settings_session_begin_finish (context->logger, cli_await (&result), error);
}

static gboolean
commit (const Context *context, PakSettingsSession *changes, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pak_settings_session_commit_async (changes, context->session->cancellable, cli_await_cb, &result);
  return pak_settings_session_commit_finish (changes, cli_await (&result), error);
}

static gboolean
cancel (PakSettingsSession *changes, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pak_settings_session_cancel_async (changes, NULL, cli_await_cb, &result);
  return pak_settings_session_cancel_finish (changes, cli_await (&result), error);
}

static void
print_outcomes_json (GPtrArray *settings, GPtrArray *outcomes, gboolean committed)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "settings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < settings->len; i++)
    {
      const PakSettingOutcome *outcome = g_ptr_array_index (outcomes, i);

      json_builder_begin_object (builder);
      add_setting (builder, g_ptr_array_index (settings, i));
      add_text (builder, "error", outcome->error != NULL ? outcome->error->message : NULL);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_boolean (builder, "committed", committed);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

static guint
report_refusals (GPtrArray *outcomes)
{
  guint n_refused = 0;

  for (guint i = 0; i < outcomes->len; i++)
    {
      const PakSettingOutcome *outcome = g_ptr_array_index (outcomes, i);

      if (outcome->error == NULL)
        continue;
      g_printerr ("outpostctl: %s\n", outcome->error->message);
      n_refused++;
    }
  return n_refused;
}

/* All of them take effect, or none. */
static CliStatus
set_by_number (const Context *context, GPtrArray *settings)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) outcomes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PakSettingsSession) changes = begin (context, &error);
  gboolean accepted;

  if (changes == NULL)
    return cli_fail (g_steal_pointer (&error));
  pak_settings_session_set_async (changes, settings, context->session->cancellable, cli_await_cb, &result);
  outcomes = pak_settings_session_set_finish (changes, cli_await (&result), &error);
  accepted = outcomes != NULL && report_refusals (outcomes) == 0;

  if (!accepted)
    {
      cancel (changes, error == NULL ? &error : NULL);
      if (outcomes == NULL || error != NULL)
        return cli_fail (g_steal_pointer (&error));
    }
  else if (!commit (context, changes, &error))
    return cli_fail (g_steal_pointer (&error));

  if (context->session->json)
    print_outcomes_json (settings, outcomes, accepted);
  else if (accepted)
    g_print (_("The settings are committed; the logger restarts.\n"));
  else
    g_printerr ("%s\n", _("Nothing was changed."));
  return accepted ? CLI_DONE : CLI_REFUSED;
}

/* "NAME=VALUE". Returns the value, and ends the name in @argument. */
static const char *
split_value (char *argument)
{
  char *equals = strchr (argument, '=');

  if (equals == NULL)
    return NULL;
  *equals = '\0';
  return equals + 1;
}

static CliStatus
parse_and_set_by_number (const Context *context)
{
  g_autoptr (GPtrArray) settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_setting_free);

  for (guint i = 0; context->names[i] != NULL; i++)
    {
      const char *value = split_value (context->names[i]);
      g_autoptr (GError) error = NULL;
      PakSetting *setting = NULL;
      guint16 id;

      if (value == NULL)
        return cli_usage (_("settings set takes NAME=VALUE, not “%s”"), context->names[i]);
      if (pak_setting_parse_name (context->names[i], &id, &error))
        setting = pak_setting_from_text (id, value, &error);
      if (setting == NULL)
        return cli_usage ("%s", error->message);
      g_ptr_array_add (settings, setting);
    }
  return set_by_number (context, settings);
}

static CliStatus
set_by_name (const Context *context)
{
  g_autoptr (GPtrArray) settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_named_setting_free);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; context->names[i] != NULL; i++)
    {
      const char *value = split_value (context->names[i]);

      if (value == NULL)
        return cli_usage (_("settings set takes NAME=VALUE, not “%s”"), context->names[i]);
      g_ptr_array_add (settings, pak_named_setting_new (context->names[i], value));
    }
  pak_settings_set_named_async (context->logger, settings, context->session->cancellable, cli_await_cb, &result);
  if (!pak_settings_set_named_finish (context->logger, cli_await (&result), &error))
    return cli_fail (g_steal_pointer (&error));
  if (context->session->json)
    print_named (context, settings);
  else
    g_print (_("The settings are changed.\n"));
  return CLI_DONE;
}

static CliStatus
revert (const Context *context)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PakSettingsSession) changes = NULL;

  changes = begin (context, &error);
  if (changes == NULL)
    return cli_fail (g_steal_pointer (&error));
  pak_settings_session_revert_async (changes, context->session->cancellable, cli_await_cb, &result);
  if (!pak_settings_session_revert_finish (changes, cli_await (&result), &error)
      || !commit (context, changes, &error))
    return cli_fail (g_steal_pointer (&error));
  json_builder_begin_object (builder);
  add_boolean (builder, "committed", TRUE);
  json_builder_end_object (builder);
  if (context->session->json)
    cli_print_builder (builder);
  else
    g_print (_("All settings are the factory's; the logger restarts.\n"));
  return CLI_DONE;
}

/* The command */

static CliStatus
check_arguments (int argc, char **argv, gboolean yes)
{
  static const char *const actions[] = { "list", "get", "set", "revert", NULL };

  if (argc < 3 || !g_strv_contains (actions, argv[1]))
    return cli_usage (_("settings takes list, get, set or revert, and a station"));
  if (argc > 3 && g_str_equal (argv[1], "list"))
    return cli_usage (_("settings list takes one station; settings get takes names"));
  if (argc == 3 && (g_str_equal (argv[1], "get") || g_str_equal (argv[1], "set")))
    return cli_usage (_("settings %s takes the names of settings behind the station"), argv[1]);
  if (!g_str_equal (argv[1], "revert"))
    return CLI_DONE;
  if (argc > 3)
    return cli_usage (_("settings revert takes one station: all its settings become the factory's"));
  return cli_confirm (yes, _("All settings of the logger, its address and communication among them, will become the "
                             "factory's."));
}

static CliStatus
run_action (const Context *context, const char *action)
{
  if (g_str_equal (action, "set"))
    return context->by_name ? set_by_name (context) : parse_and_set_by_number (context);
  if (!g_str_equal (action, "revert"))
    return context->by_name ? show_by_name (context) : show_by_number (context);
  if (context->by_name)
    return cli_fail (g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNSUPPORTED,
                                  _("Settings by name cannot be reverted")));
  return revert (context);
}

CliStatus
cli_settings (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  gboolean by_name = FALSE;
  gboolean yes = FALSE;
  const GOptionEntry entries[] = {
    { "by-name", 0, 0, G_OPTION_ARG_NONE, &by_name, N_("Use the settings that are strings, as with a CR200"), NULL },
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_("Do not ask before reverting"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GError) error = NULL;
  CliStatus status = cli_session_parse (session, entries, "list|get|set|revert STATION [NAME|ID[=VALUE]…]", &argc,
                                        &argv);
  Context context = { .session = session };

  if (status == CLI_DONE)
    status = check_arguments (argc, argv, yes);
  if (status != CLI_DONE)
    return status;
  station = cli_session_find_station (session, argv[2], &error);
  if (station == NULL || !cli_session_connect (session, station, &error))
    return cli_fail (g_steal_pointer (&error));
  if (!PAK_IS_LOGGER (op_station_get_logger (station)))
    return cli_fail (g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNSUPPORTED,
                                  _("Only PakBus loggers have such settings")));
  context.logger = PAK_LOGGER (op_station_get_logger (station));
  context.by_name = by_name || pak_logger_has_named_settings (context.logger);
  context.names = argv + 3;
  status = run_action (&context, argv[1]);
  op_station_disconnect (station);
  return status;
}
