/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include <glib/gi18n.h>

static void
print_json (const char *logger_time, gint64 offset_us, gint64 uncertainty_us)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "logger_time");
  json_builder_add_string_value (builder, logger_time);
  json_builder_set_member_name (builder, "offset_s");
  json_builder_add_double_value (builder, offset_us / 1e6);
  json_builder_set_member_name (builder, "uncertainty_s");
  json_builder_add_double_value (builder, uncertainty_us / 1e6);
  json_builder_set_member_name (builder, "set");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_set_member_name (builder, "adjusted_s");
  json_builder_add_double_value (builder, 0);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

CliStatus
cli_clock (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GError) error = NULL;
  CliStatus status = cli_session_parse (session, NULL, "STATION", &argc, &argv);
  gint64 offset_us, uncertainty_us;
  char text[OP_TIME_TEXT_SIZE];

  if (status != CLI_DONE)
    return status;
  if (argc != 2)
    return cli_usage (_("clock takes one station"));

  station = cli_session_find_station (session, argv[1], &error);
  if (station == NULL || !cli_session_connect (session, station, &error))
    return cli_fail (g_steal_pointer (&error));
  if (!op_station_get_clock_offset (station, &offset_us, &uncertainty_us))
    return cli_fail (g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNSUPPORTED, _("The station told no clock")));

  op_time_format (op_station_get_clock (station)->logger_time, text);
  if (session->json)
    {
      g_strdelimit (text, " ", 'T');
      print_json (text, offset_us, uncertainty_us);
    }
  else
    g_print (_("Logger time %s, offset %+.3f s ± %.3f s\n"), text, offset_us / 1e6, uncertainty_us / 1e6);
  op_station_disconnect (station);
  return CLI_DONE;
}
