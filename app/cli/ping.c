/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "protocol/pakbus/echo.h"

#include <glib/gi18n.h>

#define DEFAULT_COUNT 5
#define MAX_COUNT     100000
#define DEFAULT_SIZE  64
#define LEAST_SIZE    8

typedef struct
{
  gint count;
  gint size;
} Options;

static void
print_echo (const CliSession *session, const PakEcho *echo)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!session->json)
    {
      g_print (_("%u bytes in %.1f ms\n"), (guint) echo->n_bytes, echo->round_trip_us / 1e3);
      return;
    }
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "bytes");
  json_builder_add_int_value (builder, (gint64) echo->n_bytes);
  json_builder_set_member_name (builder, "round_trip_s");
  json_builder_add_double_value (builder, echo->round_trip_us / 1e6);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

static gboolean
send_echoes (const CliSession *session, PakLogger *logger, const Options *options, GError **error)
{
  for (gint i = 0; i < options->count; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autofree PakEcho *echo = NULL;

      pak_echo_async (logger, (gsize) options->size, session->cancellable, cli_await_cb, &result);
      echo = pak_echo_finish (logger, cli_await (&result), error);
      if (echo == NULL)
        return FALSE;
      print_echo (session, echo);
    }
  return TRUE;
}

CliStatus
cli_ping (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  Options options = { DEFAULT_COUNT, DEFAULT_SIZE };
  const GOptionEntry entries[] = {
    { "count", 0, 0, G_OPTION_ARG_INT, &options.count, N_("Send N echoes"), N_("N") },
    { "size", 0, 0, G_OPTION_ARG_INT, &options.size, N_("Send BYTES in each"), N_("BYTES") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GError) error = NULL;
  CliStatus status = cli_session_parse (session, entries, "STATION", &argc, &argv);
  OpLogger *logger;

  if (status != CLI_DONE)
    return status;
  if (argc != 2)
    return cli_usage (_("ping takes one station"));
  if (options.count < 1 || options.count > MAX_COUNT || options.size < LEAST_SIZE || options.size > PAK_ECHO_MAX)
    return cli_usage (_("ping takes a count from 1 to %d and a size from %d to %d"), MAX_COUNT, LEAST_SIZE,
                      PAK_ECHO_MAX);
  station = cli_session_find_station (session, argv[1], &error);
  if (station == NULL || !cli_session_connect (session, station, &error))
    return cli_fail (g_steal_pointer (&error));
  logger = op_station_get_logger (station);
  if (!PAK_IS_LOGGER (logger))
    return cli_fail (g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNSUPPORTED,
                                  _("Only PakBus loggers answer echoes")));
  if (!send_echoes (session, PAK_LOGGER (logger), &options, &error))
    return cli_fail (g_steal_pointer (&error));
  op_station_disconnect (station);
  return CLI_DONE;
}
