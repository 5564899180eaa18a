/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "protocol/families.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

static gboolean
on_interrupt_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_CONTINUE;
}

CliSession *
cli_session_new (void)
{
  CliSession *session = g_new0 (CliSession, 1);

  session->cancellable = g_cancellable_new ();
  session->interrupt_id = g_unix_signal_add (SIGINT, on_interrupt_cb, session->cancellable);
  return session;
}

void
cli_session_free (CliSession *session)
{
  if (session->store != NULL)
    op_store_close (session->store);
  g_source_remove (session->interrupt_id);
  g_clear_object (&session->stations);
  g_clear_object (&session->store);
  g_clear_object (&session->cancellable);
  g_free (session->trace_path);
  g_free (session->store_path);
  g_free (session);
}

CliStatus
cli_session_parse (CliSession *session, const GOptionEntry *entries, const char *usage, int *argc, char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) error = NULL;
  const GOptionEntry common[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &session->json, N_("Print JSON for programs"), NULL },
    { "trace", 0, 0, G_OPTION_ARG_FILENAME, &session->trace_path, N_("Record all traffic to FILE"), N_("FILE") },
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &session->store_path, N_("Use the store FILE"), N_("FILE") },
    G_OPTION_ENTRY_NULL,
  };

  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, &error))
    return cli_usage ("%s: %s", (*argv)[0], error->message);
  return CLI_DONE;
}

gboolean
cli_session_open_stations (CliSession *session, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  session->store = op_store_new (session->store_path);
  session->stations = op_station_list_new (session->store);
  op_station_list_load_async (session->stations, session->cancellable, cli_await_cb, &result);
  return op_station_list_load_finish (session->stations, cli_await (&result), error);
}

static gboolean
looks_like_address (const char *argument)
{
  g_autofree char *scheme = g_uri_parse_scheme (argument);

  return scheme != NULL || argument[0] == '/';
}

static OpStation *
find_by_uri (CliSession *session, const char *uri)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (session->stations));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OpStation) station = g_list_model_get_item (G_LIST_MODEL (session->stations), i);

      if (g_strcmp0 (op_station_get_uri (station), uri) == 0)
        return g_steal_pointer (&station);
    }
  return NULL;
}

static OpStation *
station_for_address (CliSession *session, const char *argument, GError **error)
{
  g_autoptr (OpAddress) address = op_address_parse (argument, error);
  g_autoptr (OpStation) station = NULL;
  g_autofree char *uri = NULL;

  if (address == NULL)
    return NULL;

  uri = op_address_to_string (address);
  station = find_by_uri (session, uri);
  if (station == NULL)
    {
      g_autoptr (OpStationRecord) record = op_station_record_new ();

      record->name = g_strdup (uri);
      record->uri = g_strdup (uri);
      record->simulated = address->scheme == OP_SCHEME_DEMO;
      station = op_station_new (session->store, record);
    }
  if (address->security >= 0)
    op_station_set_security (station, address->security);
  return g_steal_pointer (&station);
}

OpStation *
cli_session_find_station (CliSession *session, const char *argument, GError **error)
{
  g_autoptr (OpStation) station = NULL;

  if (session->stations == NULL && !cli_session_open_stations (session, error))
    return NULL;

  station = op_station_list_find (session->stations, argument);
  if (station != NULL)
    g_object_ref (station);
  else if (looks_like_address (argument))
    station = station_for_address (session, argument, error);
  else
    g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_ADDRESS,
                 _("%s is neither a saved station nor an address such as tcp://HOST:PORT"), argument);

  if (station != NULL && session->trace_path != NULL)
    op_station_set_trace_path (station, session->trace_path);
  return g_steal_pointer (&station);
}

gboolean
cli_session_connect (CliSession *session, OpStation *station, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  op_station_connect_async (station, session->cancellable, cli_await_cb, &result);
  return op_station_connect_finish (station, cli_await (&result), error);
}

gboolean
cli_session_save (CliSession *session, OpStation *station, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (op_station_get_id (station) == 0)
    return TRUE;
  op_station_save_async (station, session->cancellable, cli_await_cb, &result);
  return op_station_save_finish (station, cli_await (&result), error);
}
