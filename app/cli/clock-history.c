/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/clock.h"

#include "app/engine/clock-history.h"

#include <glib/gi18n.h>

/* As JSON shows them. */
static const char *const step_names[] = {
  [OP_CLOCK_STEP_SET] = "set",
  [OP_CLOCK_STEP_SET_ELSEWHERE] = "set-elsewhere",
  [OP_CLOCK_STEP_HOUR] = "hour",
  [OP_CLOCK_STEP_STOOD_STILL] = "stood-still",
  [OP_CLOCK_STEP_TO_1990] = "to-1990",
  [OP_CLOCK_STEP_TO_2000] = "to-2000",
  [OP_CLOCK_STEP_OTHER] = "other",
};

/* In the station's zone, as its records are. */
static char *
dup_time (gint64 unix_us, gint utc_offset_s)
{
  char text[OP_TIME_TEXT_SIZE];

  op_time_format (op_time_from_unix_us (unix_us - unix_us % G_USEC_PER_SEC, utc_offset_s), text);
  return g_strdup (text);
}

/* Text */

static void
print_events (GPtrArray *events, gint utc_offset_s)
{
  g_autoptr (CliColumns) columns = cli_columns_new (6, _("Time"), _("What"), _("Offset (s)"), _("± (s)"),
                                                    _("Adjusted (s)"), _("By"));

  for (guint i = 0; i < events->len; i++)
    {
      const OpClockEvent *event = g_ptr_array_index (events, i);
      gboolean is_set = event->kind == OP_CLOCK_EVENT_SET;
      g_autofree char *time = dup_time (event->host_unix_us, utc_offset_s);
      g_autofree char *offset = g_strdup_printf ("%+.3f", event->offset_us / 1e6);
      g_autofree char *uncertainty = g_strdup_printf ("%.3f", event->uncertainty_us / 1e6);
      g_autofree char *adjusted = is_set ? g_strdup_printf ("%+.3f", event->adjusted_us / 1e6) : g_strdup ("");

      cli_columns_add (columns, time, is_set ? _("set") : _("check"), offset, uncertainty, adjusted, event->by_whom);
    }
  cli_columns_print (columns);
}

static void
print_drift (const OpClockDrift *drift, gint utc_offset_s, gint64 threshold_us)
{
  gint64 passes_us = op_clock_drift_forecast (drift, threshold_us);

  for (guint i = 0; i < drift->steps->len; i++)
    {
      const OpClockStep *step = &g_array_index (drift->steps, OpClockStep, i);
      const OpClockCheck *check = &g_array_index (drift->checks, OpClockCheck, step->check);
      g_autofree char *time = dup_time (check->host_unix_us, utc_offset_s);

      g_print (_("Step of %+.3f s, seen at %s: %s\n"), (double) step->size_us / G_USEC_PER_SEC, time,
               op_clock_step_get_words (step->kind));
    }
  if (!op_clock_rate_is_known (&drift->rate))
    g_print ("%s\n", _("Too little is known yet to tell its drift"));
  else
    g_print (_("Drift %+.1f ms a day (%+.2f ppm ± %.2f)\n"), 1000 * op_clock_rate_get_seconds_a_day (&drift->rate),
             drift->rate.ppm, drift->rate.uncertainty_ppm);
  if (threshold_us > 0 && passes_us != G_MAXINT64)
    {
      g_autofree char *time = dup_time (passes_us, utc_offset_s);
      g_print (_("Passes %.3g s at %s if nothing is done\n"), (double) threshold_us / G_USEC_PER_SEC, time);
    }
}

/* JSON */

static void
add_seconds (JsonBuilder *builder, const char *name, gint64 us)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, (double) us / G_USEC_PER_SEC);
}

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
build_events (JsonBuilder *builder, GPtrArray *events, gint utc_offset_s)
{
  json_builder_set_member_name (builder, "events");
  json_builder_begin_array (builder);
  for (guint i = 0; i < events->len; i++)
    {
      const OpClockEvent *event = g_ptr_array_index (events, i);
      g_autofree char *time = dup_time (event->host_unix_us, utc_offset_s);

      json_builder_begin_object (builder);
      add_text (builder, "time", g_strdelimit (time, " ", 'T'));
      add_text (builder, "kind", event->kind == OP_CLOCK_EVENT_SET ? "set" : "check");
      add_seconds (builder, "offset_s", event->offset_us);
      add_seconds (builder, "uncertainty_s", event->uncertainty_us);
      add_seconds (builder, "round_trip_s", event->round_trip_us);
      add_seconds (builder, "adjusted_s", event->adjusted_us);
      add_text (builder, "by", event->by_whom);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
build_steps (JsonBuilder *builder, const OpClockDrift *drift, gint utc_offset_s)
{
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; drift != NULL && i < drift->steps->len; i++)
    {
      const OpClockStep *step = &g_array_index (drift->steps, OpClockStep, i);
      const OpClockCheck *check = &g_array_index (drift->checks, OpClockCheck, step->check);
      g_autofree char *time = dup_time (check->host_unix_us, utc_offset_s);

      json_builder_begin_object (builder);
      add_text (builder, "time", g_strdelimit (time, " ", 'T'));
      add_text (builder, "kind", step_names[step->kind]);
      add_seconds (builder, "size_s", step->size_us);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* What cannot be told is null. */
static void
build_rate (JsonBuilder *builder, const OpClockDrift *drift, gint utc_offset_s, gint64 threshold_us)
{
  gboolean is_known = drift != NULL && op_clock_rate_is_known (&drift->rate);
  gint64 passes_us = drift != NULL && threshold_us > 0 ? op_clock_drift_forecast (drift, threshold_us) : G_MAXINT64;

  json_builder_set_member_name (builder, "drift_ppm");
  if (is_known)
    json_builder_add_double_value (builder, drift->rate.ppm);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "drift_uncertainty_ppm");
  if (is_known)
    json_builder_add_double_value (builder, drift->rate.uncertainty_ppm);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "passes_threshold");
  if (passes_us == G_MAXINT64)
    json_builder_add_null_value (builder);
  else
    {
      g_autofree char *time = dup_time (passes_us, utc_offset_s);
      json_builder_add_string_value (builder, g_strdelimit (time, " ", 'T'));
    }
}

static void
print_json (OpClockKeeper *keeper, gint utc_offset_s, gint64 threshold_us)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const OpClockDrift *drift = op_clock_keeper_get_drift (keeper);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "utc_offset_s");
  json_builder_add_int_value (builder, utc_offset_s);
  build_events (builder, op_clock_keeper_get_history (keeper), utc_offset_s);
  build_steps (builder, drift, utc_offset_s);
  build_rate (builder, drift, utc_offset_s, threshold_us);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

void
cli_clock_print_history (OpClockKeeper *keeper, gint64 threshold_us, gboolean json)
{
  gint utc_offset_s = op_clock_keeper_get_utc_offset (keeper, NULL);
  GPtrArray *events = op_clock_keeper_get_history (keeper);

  if (json)
    print_json (keeper, utc_offset_s, threshold_us);
  else if (events->len == 0)
    g_print ("%s\n", _("The clock of this station was never checked"));
  else
    {
      print_events (events, utc_offset_s);
      print_drift (op_clock_keeper_get_drift (keeper), utc_offset_s, threshold_us);
    }
}
