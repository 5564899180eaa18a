/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "app/engine/clock-setter.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  gboolean set;
  double   threshold_s;
} Options;

static CliStatus
parse_options (CliSession *session, Options *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "set", 0, 0, G_OPTION_ARG_NONE, &options->set, N_("Set the clock to this computer's time"), NULL },
    { "threshold", 0, 0, G_OPTION_ARG_DOUBLE, &options->threshold_s, N_("Leave a clock alone that is off by less"),
      N_("SECONDS") },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status = cli_session_parse (session, entries, "STATION", argc, argv);

  if (status != CLI_DONE)
    return status;
  if (*argc != 2)
    return cli_usage (_("clock takes one station"));
  if (!(options->threshold_s >= 0) || !isfinite (options->threshold_s * G_USEC_PER_SEC))
    return cli_usage (_("A threshold is a number of seconds that is not negative"));
  return CLI_DONE;
}

static gboolean
set_clock (CliSession *session, OpStation *station, double threshold_s, OpClockSetting *setting, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree OpClockSetting *done = NULL;

  op_station_set_clock_async (station, llround (MIN (threshold_s, 1e9) * G_USEC_PER_SEC), session->cancellable,
                              cli_await_cb, &result);
  done = op_station_set_clock_finish (station, cli_await (&result), error);
  if (done != NULL)
    *setting = *done;
  return done != NULL && cli_session_save (session, station, error);
}

static void
print_json (const char *logger_time, const OpClockSetting *setting)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "logger_time");
  json_builder_add_string_value (builder, logger_time);
  json_builder_set_member_name (builder, "offset_s");
  json_builder_add_double_value (builder, setting->offset_us / 1e6);
  json_builder_set_member_name (builder, "uncertainty_s");
  json_builder_add_double_value (builder, setting->uncertainty_us / 1e6);
  json_builder_set_member_name (builder, "set");
  json_builder_add_boolean_value (builder, setting->set);
  json_builder_set_member_name (builder, "adjusted_s");
  json_builder_add_double_value (builder, setting->adjusted_us / 1e6);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

static void
print_text (const char *logger_time, const OpClockSetting *setting, gboolean asked)
{
  if (setting->set)
    g_print (_("The clock was adjusted by %+.3f s\n"), setting->adjusted_us / 1e6);
  else if (asked)
    g_print ("%s\n", _("The clock is right and was left alone"));
  g_print (_("Logger time %s, offset %+.3f s ± %.3f s\n"), logger_time, setting->offset_us / 1e6,
           setting->uncertainty_us / 1e6);
}

CliStatus
cli_clock (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GError) error = NULL;
  Options options = { 0 };
  CliStatus status = parse_options (session, &options, &argc, &argv);
  OpClockSetting setting = { 0 };
  char text[OP_TIME_TEXT_SIZE];

  if (status != CLI_DONE)
    return status;
  station = cli_session_find_station (session, argv[1], &error);
  if (station == NULL || !cli_session_connect (session, station, &error))
    return cli_fail (g_steal_pointer (&error));
  if (!op_station_get_clock_offset (station, &setting.offset_us, &setting.uncertainty_us))
    return cli_fail (g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNSUPPORTED, _("The station told no clock")));
  if (options.set && !set_clock (session, station, options.threshold_s, &setting, &error))
    return cli_fail (g_steal_pointer (&error));

  op_time_format (op_station_get_clock (station)->logger_time, text);
  if (session->json)
    {
      g_strdelimit (text, " ", 'T');
      print_json (text, &setting);
    }
  else
    print_text (text, &setting, options.set);
  op_station_disconnect (station);
  return CLI_DONE;
}
