/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "protocol/logger-changes.h"

#include <glib/gi18n.h>

typedef struct
{
  gboolean       yes;
  OpTableCommand command;
} Options;

static CliStatus
parse_options (CliSession *session, Options *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &options->yes, N_("Do not ask before deleting records"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status = cli_session_parse (session, entries, "reset|roll STATION TABLE", argc, argv);
  g_autofree char *question = NULL;

  if (status != CLI_DONE)
    return status;
  if (*argc != 4)
    return cli_usage (_("table takes reset or roll, a station and a table"));
  if (g_str_equal ((*argv)[1], "roll"))
    {
      options->command = OP_TABLE_COMMAND_ROLL_OVER;
      return CLI_DONE;
    }
  if (!g_str_equal ((*argv)[1], "reset"))
    return cli_usage (_("table cannot “%s”: it takes reset or roll"), (*argv)[1]);
  options->command = OP_TABLE_COMMAND_RESET;
  question = g_strdup_printf (_("All records of table %s in the logger %s will be deleted."), (*argv)[3], (*argv)[2]);
  return cli_confirm (options->yes, question);
}

static OpTable *
find_table (OpStation *station, const char *name, GError **error)
{
  GPtrArray *tables = op_station_get_tables (station);

  for (guint i = 0; i < tables->len; i++)
    {
      OpTable *table = g_ptr_array_index (tables, i);

      if (g_ascii_strcasecmp (table->name, name) == 0)
        return table;
    }
  g_set_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NAME, _("The logger has no table “%s”"), name);
  return NULL;
}

static gboolean
control_table (CliSession *session, OpStation *station, OpTable *table, OpTableCommand command, GError **error)
{
  g_autoptr (OpLogger) logger = g_object_ref (op_station_get_logger (station));
  guint n_tries = 0;
  GError *cause = NULL;
  gboolean done;

  do
    {
      g_autoptr (GAsyncResult) result = NULL;

      op_logger_control_table_async (logger, table, command, session->cancellable, cli_await_cb, &result);
      done = op_logger_control_table_finish (logger, cli_await (&result), &cause);
    }
  while (!done && cli_should_repeat (&cause, &n_tries));
  if (!done)
    g_propagate_error (error, cause);
  return done;
}

static void
print_json (const OpTable *table, OpTableCommand command)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "table");
  json_builder_add_string_value (builder, table->name);
  json_builder_set_member_name (builder, "done");
  json_builder_add_string_value (builder, command == OP_TABLE_COMMAND_RESET ? "reset" : "roll");
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

CliStatus
cli_table (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GError) error = NULL;
  Options options = { 0 };
  CliStatus status = parse_options (session, &options, &argc, &argv);
  OpTable *table;

  if (status != CLI_DONE)
    return status;
  station = cli_session_find_station (session, argv[2], &error);
  if (station == NULL || !cli_session_connect (session, station, &error))
    return cli_fail (g_steal_pointer (&error));
  table = find_table (station, argv[3], &error);
  if (table == NULL || !control_table (session, station, table, options.command, &error))
    return cli_fail (g_steal_pointer (&error));

  if (session->json)
    print_json (table, options.command);
  else if (options.command == OP_TABLE_COMMAND_RESET)
    g_print (_("Table %s was reset\n"), table->name);
  else
    g_print (_("Table %s goes on in a new file\n"), table->name);
  op_station_disconnect (station);
  return CLI_DONE;
}
