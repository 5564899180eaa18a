/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "protocol/families.h"

#include <glib/gi18n.h>

typedef struct
{
  char *name;
  char *address;
  char *security;
  gint security_code; /* -1: none */
} StationOptions;

static void
station_options_clear (StationOptions *options)
{
  g_free (options->name);
  g_free (options->address);
  g_free (options->security);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StationOptions, station_options_clear)

static CliStatus
list_stations (CliSession *session)
{
  GListModel *model = G_LIST_MODEL (session->stations);
  g_autoptr (CliColumns) columns = cli_columns_new (3, _("Name"), _("Address"), _("State"));
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (OpStation) station = g_list_model_get_item (model, i);

      cli_columns_add (columns, op_station_get_name (station), op_station_get_uri (station),
                       op_station_get_status (station));
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "name");
      json_builder_add_string_value (builder, op_station_get_name (station));
      json_builder_set_member_name (builder, "address");
      json_builder_add_string_value (builder, op_station_get_uri (station));
      json_builder_set_member_name (builder, "simulated");
      json_builder_add_boolean_value (builder, op_station_get_simulated (station));
      json_builder_set_member_name (builder, "status");
      json_builder_add_string_value (builder, op_station_get_status (station));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  if (session->json)
    cli_print_builder (builder);
  else if (g_list_model_get_n_items (model) == 0)
    g_print ("%s\n", _("No stations yet: outpostctl stations add NAME ADDRESS"));
  else
    cli_columns_print (columns);
  return CLI_DONE;
}

static gboolean
fill_address (OpStationRecord *record, StationOptions *options, const char *text, GError **error)
{
  g_autoptr (OpAddress) address = op_address_parse (text, error);
  g_autofree char *uri = NULL;

  if (address == NULL)
    return FALSE;
  uri = op_address_to_string (address);
  g_free (record->uri);
  record->uri = g_steal_pointer (&uri);
  record->simulated = address->scheme == OP_SCHEME_DEMO;
  if (options->security_code < 0)
    options->security_code = address->security;
  return TRUE;
}

static CliStatus
add_station (CliSession *session, StationOptions *options, const char *name, const char *address)
{
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  record->name = g_strdup (name);
  if (!fill_address (record, options, address, &error))
    return cli_fail (g_steal_pointer (&error));
  station = op_station_new (session->store, record);
  op_station_list_add_async (session->stations, station, options->security_code, session->cancellable, cli_await_cb,
                             &done);
  if (!op_station_list_add_finish (session->stations, cli_await (&done), &error))
    return cli_fail (g_steal_pointer (&error));
  return CLI_DONE;
}

static CliStatus
edit_station (CliSession *session, StationOptions *options, OpStation *station)
{
  g_autoptr (OpStationRecord) record = op_station_dup_record (station);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  if (options->name != NULL)
    {
      g_free (record->name);
      record->name = g_strdup (options->name);
    }
  if (options->address != NULL && !fill_address (record, options, options->address, &error))
    return cli_fail (g_steal_pointer (&error));
  op_store_save_station_async (session->store, record, session->cancellable, cli_await_cb, &done);
  if (op_store_save_station_finish (session->store, cli_await (&done), &error) == 0)
    return cli_fail (g_steal_pointer (&error));
  return CLI_DONE;
}

static CliStatus
remove_station (CliSession *session, OpStation *station)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  op_station_list_remove_async (session->stations, station, session->cancellable, cli_await_cb, &done);
  if (!op_station_list_remove_finish (session->stations, cli_await (&done), &error))
    return cli_fail (g_steal_pointer (&error));
  return CLI_DONE;
}

static CliStatus
parse (CliSession *session, StationOptions *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &options->name, N_("edit: a new name"), N_("NAME") },
    { "address", 0, 0, G_OPTION_ARG_STRING, &options->address, N_("edit: a new address"), N_("ADDRESS") },
    { "security", 0, 0, G_OPTION_ARG_STRING, &options->security, N_("add: the security code"), N_("CODE") },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status
      = cli_session_parse (session, entries, "list | add NAME ADDRESS | edit NAME | remove NAME", argc, argv);
  guint64 code;

  if (status != CLI_DONE || options->security == NULL)
    return status;
  if (!g_ascii_string_to_unsigned (options->security, 10, 0, G_MAXUINT16, &code, NULL))
    return cli_usage (_("A security code is a number from 0 to 65535"));
  options->security_code = code;
  return CLI_DONE;
}

CliStatus
cli_stations (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_auto (StationOptions) options = { .security_code = -1 };
  g_autoptr (GError) error = NULL;
  CliStatus status = parse (session, &options, &argc, &argv);
  const char *verb = argc > 1 ? argv[1] : "list";
  OpStation *station;

  if (status != CLI_DONE)
    return status;
  if (!cli_session_open_stations (session, &error))
    return cli_fail (g_steal_pointer (&error));

  if (g_str_equal (verb, "list") && argc <= 2)
    return list_stations (session);
  if (g_str_equal (verb, "add") && argc == 4)
    return add_station (session, &options, argv[2], argv[3]);

  if (argc != 3 || (!g_str_equal (verb, "edit") && !g_str_equal (verb, "remove")))
    return cli_usage (_("stations takes: list, add NAME ADDRESS, edit NAME, remove NAME"));
  station = op_station_list_find (session->stations, argv[2]);
  if (station == NULL)
    return cli_usage (_("No station is called %s"), argv[2]);
  return g_str_equal (verb, "edit") ? edit_station (session, &options, station) : remove_station (session, station);
}
