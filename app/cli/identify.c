/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include <glib/gi18n.h>

static char *
dup_clock_text (OpStation *station)
{
  const OpClockReading *clock = op_station_get_clock (station);
  char text[OP_TIME_TEXT_SIZE];

  if (clock == NULL)
    return g_strdup ("");
  op_time_format (clock->logger_time, text);
  g_strdelimit (text, " ", 'T');
  return g_strdup (text);
}

static void
add_text (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_seconds (JsonBuilder *builder, const char *name, gboolean known, gint64 us)
{
  json_builder_set_member_name (builder, name);
  if (known)
    json_builder_add_double_value (builder, us / 1e6);
  else
    json_builder_add_null_value (builder);
}

static void
print_json (OpStation *station)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const OpIdentity *identity = op_station_get_identity (station);
  g_autofree char *clock = dup_clock_text (station);
  gint64 offset_us = 0, uncertainty_us = 0;
  gboolean known = op_station_get_clock_offset (station, &offset_us, &uncertainty_us);

  json_builder_begin_object (builder);
  add_text (builder, "family", identity->family);
  add_text (builder, "model", identity->model);
  add_text (builder, "os_version", identity->os_version);
  add_text (builder, "serial_number", identity->serial_number);
  add_text (builder, "station_name", identity->station_name);
  add_int (builder, "pakbus_address", identity->pakbus_address);
  add_text (builder, "program", identity->program);
  add_int (builder, "program_signature", identity->program_signature);
  add_text (builder, "compile_result", identity->compile_result);
  add_text (builder, "clock", clock);
  add_seconds (builder, "clock_offset_s", known, offset_us);
  add_seconds (builder, "clock_uncertainty_s", known, uncertainty_us);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

static void
print_text (OpStation *station)
{
  const OpIdentity *identity = op_station_get_identity (station);
  g_autofree char *clock = dup_clock_text (station);
  gint64 offset_us = 0, uncertainty_us = 0;

  g_print ("%-12s %s\n", _("Station"), identity->station_name);
  g_print ("%-12s %s\n", _("Model"), identity->model);
  g_print ("%-12s %s\n", _("OS"), identity->os_version);
  g_print ("%-12s %s\n", _("Serial"), identity->serial_number);
  if (identity->pakbus_address != 0)
    g_print ("%-12s %u\n", _("PakBus"), identity->pakbus_address);
  g_print ("%-12s %s (%u)\n", _("Program"), identity->program, identity->program_signature);
  if (op_station_get_clock_offset (station, &offset_us, &uncertainty_us))
    g_print ("%-12s %s (%+.3f s ± %.3f s)\n", _("Clock"), clock, offset_us / 1e6, uncertainty_us / 1e6);
}

CliStatus
cli_identify (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GError) error = NULL;
  CliStatus status = cli_session_parse (session, NULL, "STATION", &argc, &argv);

  if (status != CLI_DONE)
    return status;
  if (argc != 2)
    return cli_usage (_("identify takes one station"));

  station = cli_session_find_station (session, argv[1], &error);
  if (station == NULL || !cli_session_connect (session, station, &error))
    return cli_fail (g_steal_pointer (&error));

  if (session->json)
    print_json (station);
  else
    print_text (station);
  op_station_disconnect (station);
  return CLI_DONE;
}
