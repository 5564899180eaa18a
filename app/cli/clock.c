/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/clock.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  gboolean set;
  gboolean accept_harm;
  gboolean collect_first;
  gboolean history;
  gboolean csv;
  double   threshold_s;
  char    *to;
  OpTime   target;      /* of @to */
  char    *utc_offset;
  gint     utc_offset_s;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->to);
  g_free (options->utc_offset);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* "+01:00", "-3:30", "2": the quarters of an hour that zones have. */
static gboolean
parse_utc_offset (const char *text, gint *seconds)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GRegex) regex = g_regex_new ("^([+-]?)(\\d{1,2})(?::(00|15|30|45))?$", 0, 0, NULL);
  g_autofree char *sign = NULL, *hours = NULL, *minutes = NULL;

  if (!g_regex_match (regex, text, 0, &match))
    return FALSE;
  sign = g_match_info_fetch (match, 1);
  hours = g_match_info_fetch (match, 2);
  minutes = g_match_info_fetch (match, 3);
  *seconds = (atoi (hours) * 60 + atoi (minutes != NULL ? minutes : "")) * 60 * (sign[0] == '-' ? -1 : 1);
  return *seconds >= -12 * 3600 && *seconds <= 14 * 3600;
}

static CliStatus
check_options (Options *options)
{
  if (!(options->threshold_s >= 0) || !isfinite (options->threshold_s * G_USEC_PER_SEC))
    return cli_usage (_("A threshold is a number of seconds that is not negative"));
  if (options->to != NULL && !op_time_parse (options->to, &options->target))
    return cli_usage (_("“%s” is no time such as \"2026-11-27 09:30:00\""), options->to);
  if (options->utc_offset != NULL && !parse_utc_offset (options->utc_offset, &options->utc_offset_s))
    return cli_usage (_("“%s” is no offset from UTC such as +01:00"), options->utc_offset);
  if (options->csv && !options->history)
    return cli_usage (_("--csv goes with --history"));
  if (options->to != NULL)
    options->set = TRUE;
  return CLI_DONE;
}

static CliStatus
parse_options (CliSession *session, Options *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "set", 0, 0, G_OPTION_ARG_NONE, &options->set, N_("Set the clock to this computer's time"), NULL },
    { "threshold", 0, 0, G_OPTION_ARG_DOUBLE, &options->threshold_s, N_("Leave a clock alone that is off by less"),
      N_("SECONDS") },
    { "collect-first", 0, 0, G_OPTION_ARG_NONE, &options->collect_first, N_("Collect new records before setting"),
      NULL },
    { "accept-harm", 0, 0, G_OPTION_ARG_NONE, &options->accept_harm,
      N_("Set it even if records are skipped or stored twice"), NULL },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options->to, N_("Set the clock to this logger time instead"), N_("TIME") },
    { "utc-offset", 0, 0, G_OPTION_ARG_STRING, &options->utc_offset,
      N_("Keep what a saved station's clock is set to, for good"), N_("±HH:MM") },
    { "history", 0, 0, G_OPTION_ARG_NONE, &options->history, N_("Show checks, sets and drift without connecting"),
      NULL },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &options->csv, N_("Print the history as CSV"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status = cli_session_parse (session, entries, "STATION", argc, argv);

  if (status != CLI_DONE)
    return status;
  if (*argc != 2)
    return cli_usage (_("clock takes one station"));
  return check_options (options);
}

static void
print_json (const char *logger_time, const OpClockChange *change)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "logger_time");
  json_builder_add_string_value (builder, logger_time);
  json_builder_set_member_name (builder, "offset_s");
  json_builder_add_double_value (builder, change->after.offset.offset_us / 1e6);
  json_builder_set_member_name (builder, "uncertainty_s");
  json_builder_add_double_value (builder, change->after.offset.uncertainty_us / 1e6);
  json_builder_set_member_name (builder, "set");
  json_builder_add_boolean_value (builder, change->set);
  json_builder_set_member_name (builder, "adjusted_s");
  json_builder_add_double_value (builder, change->adjusted_us / 1e6);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

static void
print_text (const char *logger_time, const OpClockChange *change, gboolean asked)
{
  if (change->set)
    g_print (_("The clock was adjusted by %+.3f s\n"), change->adjusted_us / 1e6);
  else if (asked)
    g_print ("%s\n", _("The clock is right and was left alone"));
  g_print (_("Logger time %s, offset %+.3f s ± %.3f s\n"), logger_time, change->after.offset.offset_us / 1e6,
           change->after.offset.uncertainty_us / 1e6);
}

static gboolean
check (CliSession *session, OpClockKeeper *keeper, OpClockChange *change, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  op_clock_keeper_check_async (keeper, session->cancellable, cli_await_cb, &result);
  if (!op_clock_keeper_check_finish (keeper, cli_await (&result), error))
    return FALSE;
  *change = (OpClockChange) { .after = *op_clock_keeper_get_look (keeper) };
  return TRUE;
}

static gboolean
set (CliSession *session, OpClockKeeper *keeper, const Options *options, OpClockChange *change, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree OpClockChange *done = NULL;
  OpClockOrder order = { .threshold_us = llround (MIN (options->threshold_s, 1e9) * G_USEC_PER_SEC),
                         .accept_harm = options->accept_harm };

  if (options->to != NULL)
    {
      gint utc_offset_s = op_clock_keeper_get_utc_offset (keeper, NULL);

      order.goal_us = op_time_to_unix_us (options->target, utc_offset_s) - g_get_real_time ();
    }
  op_clock_keeper_set_async (keeper, &order, options->collect_first, session->cancellable, cli_await_cb, &result);
  done = op_clock_keeper_set_finish (keeper, cli_await (&result), error);
  if (done != NULL)
    *change = *done;
  return done != NULL;
}

static CliStatus
check_or_set (CliSession *session, OpClockKeeper *keeper, const Options *options)
{
  OpClockChange change;
  char text[OP_TIME_TEXT_SIZE];
  GError *error = NULL;
  gboolean is_done = options->set ? set (session, keeper, options, &change, &error)
                                  : check (session, keeper, &change, &error);

  if (!is_done)
    return cli_fail (error);
  op_time_format (change.after.last.logger_time, text);
  if (session->json)
    {
      g_strdelimit (text, " ", 'T');
      print_json (text, &change);
    }
  else
    print_text (text, &change, options->set);
  return CLI_DONE;
}

static gboolean
keep_utc_offset (CliSession *session, OpClockKeeper *keeper, gint utc_offset_s, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (op_station_get_id (op_clock_keeper_get_station (keeper)) == 0)
    {
      g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_FAILED, _("Only a saved station can keep an offset from UTC"));
      return FALSE;
    }
  op_clock_keeper_set_utc_offset_async (keeper, utc_offset_s, session->cancellable, cli_await_cb, &result);
  return op_clock_keeper_set_utc_offset_finish (keeper, cli_await (&result), error);
}

static gboolean
load (CliSession *session, OpClockKeeper *keeper, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  op_clock_keeper_load_async (keeper, session->cancellable, cli_await_cb, &result);
  return op_clock_keeper_load_finish (keeper, cli_await (&result), error);
}

CliStatus
cli_clock (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_autoptr (OpStation) station = NULL;
  g_autoptr (OpClockKeeper) keeper = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Options) options = { 0 };
  CliStatus status = parse_options (session, &options, &argc, &argv);

  if (status != CLI_DONE)
    return status;
  station = cli_session_find_station (session, argv[1], &error);
  if (station == NULL)
    return cli_fail (g_steal_pointer (&error));
  keeper = op_clock_keeper_new (station);
  if ((options.utc_offset != NULL && !keep_utc_offset (session, keeper, options.utc_offset_s, &error))
      || (options.history && !load (session, keeper, &error)))
    return cli_fail (g_steal_pointer (&error));
  if (!options.history)
    return check_or_set (session, keeper, &options);
  if (options.csv)
    {
      g_autofree char *csv = op_clock_keeper_dup_csv (keeper);
      g_print ("%s", csv);
    }
  else
    cli_clock_print_history (keeper, llround (options.threshold_s * G_USEC_PER_SEC), session->json);
  return CLI_DONE;
}
