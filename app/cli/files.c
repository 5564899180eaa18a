/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/files.h"

#include "protocol/logger-changes.h"

#include <glib/gi18n.h>

static const struct
{
  const char  *name;
  FilesAction *run;
  guint        min_names;
  guint        max_names;
  gboolean     deletes;
} actions[] = {
  { "list", files_list, 0, 0, FALSE },
  { "get", files_get, 1, 1, FALSE },
  { "put", files_put, 1, 2, FALSE },
  { "run", files_run, 1, 1, FALSE },
  { "stop", files_stop, 0, 0, FALSE },
  { "pause", files_pause, 0, 0, FALSE },
  { "resume", files_resume, 0, 0, FALSE },
  { "hide", files_hide, 1, 1, FALSE },
  { "power-up", files_power_up, 0, 1, FALSE },
  { "delete", files_delete, 1, 1, TRUE },
  { "format", files_format, 1, 1, TRUE },
};

GPtrArray *
files_read_list (CliSession *session, OpStation *station, GError **error)
{
  g_autoptr (OpLogger) logger = g_object_ref (op_station_get_logger (station));
  g_autoptr (GAsyncResult) result = NULL;

  op_logger_list_files_async (logger, session->cancellable, cli_await_cb, &result);
  return op_logger_list_files_finish (logger, cli_await (&result), error);
}

static const struct
{
  OpFileFlags flag;
  const char *name;
} flags[] = {
  { OP_FILE_RUNNING, "running" }, { OP_FILE_POWER_UP, "power-up" }, { OP_FILE_READ_ONLY, "read-only" },
  { OP_FILE_HIDDEN, "hidden" },   { OP_FILE_PAUSED, "paused" },
};

static void
add_file_json (JsonBuilder *builder, const OpDeviceFile *file)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, file->name);
  json_builder_set_member_name (builder, file->is_drive ? "free" : "size");
  json_builder_add_int_value (builder, (gint64) file->size);
  json_builder_set_member_name (builder, "drive");
  json_builder_add_boolean_value (builder, file->is_drive);
  json_builder_set_member_name (builder, "date");
  json_builder_add_string_value (builder, file->date);
  json_builder_set_member_name (builder, "attributes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (file->flags & flags[i].flag)
      json_builder_add_string_value (builder, flags[i].name);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
print_list_json (GPtrArray *files)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < files->len; i++)
    add_file_json (builder, g_ptr_array_index (files, i));
  json_builder_end_array (builder);
  cli_print_builder (builder);
}

static void
print_list_text (GPtrArray *files)
{
  g_autoptr (CliColumns) columns = cli_columns_new (4, _("Name"), _("Bytes"), _("Date"), _("Attributes"));

  for (guint i = 0; i < files->len; i++)
    {
      const OpDeviceFile *file = g_ptr_array_index (files, i);
      g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, file->size);
      g_autoptr (GString) attributes = g_string_new (file->is_drive ? _("free") : "");

      for (guint k = 0; k < G_N_ELEMENTS (flags); k++)
        if (file->flags & flags[k].flag)
          g_string_append_printf (attributes, "%s%s", attributes->len > 0 ? ", " : "", flags[k].name);
      cli_columns_add (columns, file->name, size, file->date, attributes->str);
    }
  cli_columns_print (columns);
}

CliStatus
files_list (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = files_read_list (session, station, &error);

  if (files == NULL)
    return cli_fail (g_steal_pointer (&error));
  if (session->json)
    print_list_json (files);
  else
    print_list_text (files);
  return CLI_DONE;
}

static CliStatus
confirm (const FilesOptions *options, FilesAction *run, const char *station, const char *name)
{
  g_autofree char *question = NULL;

  if (run == files_format)
    question = g_strdup_printf (_("All files on %s of the logger %s will be deleted."), name, station);
  else
    question = g_strdup_printf (_("%s will be deleted in the logger %s."), name, station);
  return cli_confirm (options->yes, question);
}

static CliStatus
parse_options (CliSession *session, FilesOptions *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &options->out, N_("get: write to FILE"), N_("FILE") },
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &options->yes, N_("Do not ask before deleting anything"), NULL },
    { "keep-data", 0, 0, G_OPTION_ARG_NONE, &options->keep_data, N_("run: do not delete the data tables"), NULL },
    { "once", 0, 0, G_OPTION_ARG_NONE, &options->once, N_("run: now only, and not when the power comes"), NULL },
    { "delete-files", 0, 0, G_OPTION_ARG_NONE, &options->replace,
      N_("run, stop: also delete the files of the program that runs now"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  return cli_session_parse (session, entries,
                            "list|get|put|delete|run|stop|pause|resume|hide|power-up|format STATION [FILE] [NAME]", argc,
                            argv);
}

/* The action of the arguments, or -1 when they are wrong, which was said. */
static gint
find_action (int argc, char **argv)
{
  guint n_names = argc > 3 ? (guint) argc - 3 : 0;

  if (argc < 3)
    {
      cli_usage (_("files takes what to do and a station"));
      return -1;
    }
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (!g_str_equal (argv[1], actions[i].name))
        continue;
      if (n_names >= actions[i].min_names && n_names <= actions[i].max_names)
        return (gint) i;
      cli_usage (_("files %s takes a station and from %u to %u names"), argv[1], actions[i].min_names,
                 actions[i].max_names);
      return -1;
    }
  cli_usage (_("files cannot “%s”; outpostctl files --help lists what it can"), argv[1]);
  return -1;
}

CliStatus
cli_files (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GError) error = NULL;
  FilesOptions options = { 0 };
  CliStatus status = parse_options (session, &options, &argc, &argv);
  g_autofree char *out = options.out;
  gint action;

  if (status != CLI_DONE)
    return status;
  action = find_action (argc, argv);
  if (action < 0)
    return CLI_USAGE;
  if (actions[action].deletes)
    status = confirm (&options, actions[action].run, argv[2], argv[3]);
  if (status != CLI_DONE)
    return status;
  station = cli_session_find_station (session, argv[2], &error);
  if (station == NULL || !cli_session_connect (session, station, &error))
    return cli_fail (g_steal_pointer (&error));
  status = actions[action].run (session, station, &options, (guint) argc - 3, argv + 3);
  op_station_disconnect (station);
  return status;
}
