/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "app/engine/live-values.h"

#include <glib/gi18n.h>
#include <math.h>

#define MAX_INTERVAL_S (OP_DAY / OP_SECOND)
/* Of a column of values; longer ones push the rest aside. */
#define MIN_WIDTH  10
#define TIME_WIDTH 19

typedef struct
{
  CliSession   *session;
  OpLiveValues *values;
  gint          count;    /* rows to print; 0: no end */
  gint          n_rows;
  gboolean      has_head;
  CliStatus     status;
  gboolean      is_over;
} Watch;

static CliStatus
parse (CliSession *session, gdouble *interval, gint *count, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "interval", 'i', 0, G_OPTION_ARG_DOUBLE, interval, N_("Seconds between two readings (1)"), N_("S") },
    { "count", 'n', 0, G_OPTION_ARG_INT, count, N_("Stop after N readings"), N_("N") },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status = cli_session_parse (session, entries, "STATION TABLE.FIELD[(I)]…", argc, argv);

  if (status != CLI_DONE)
    return status;
  if (*argc < 3)
    return cli_usage (_("values watch takes a station and one or more TABLE.FIELD"));
  if (!(*interval >= 0.1 && *interval <= MAX_INTERVAL_S))
    return cli_usage (_("An interval lies between 0.1 and 86,400 seconds"));
  if (*count < 0)
    return cli_usage (_("A number of readings is not negative"));
  return CLI_DONE;
}

static guint
get_n_fields (const Watch *watch)
{
  return g_list_model_get_n_items (op_live_values_get_fields (watch->values));
}

static OpLiveField *
get_field (const Watch *watch, guint i)
{
  return g_list_model_get_item (op_live_values_get_fields (watch->values), i);
}

static char *
dup_head (OpLiveField *field, guint i)
{
  const OpValueSpan *span = op_live_field_get_span (field);
  const char *units = op_live_field_get_units (field);
  g_autofree char *name = op_table_dup_column_name (span->definition, span->column + i);

  return units[0] != '\0' ? g_strdup_printf ("%s.%s (%s)", span->table, name, units)
                          : g_strdup_printf ("%s.%s", span->table, name);
}

static void
print_cell (const char *text, glong width)
{
  g_print ("  %*s%s", (int) MAX (width - g_utf8_strlen (text, -1), 0), "", text);
}

static void
print_head (const Watch *watch)
{
  g_print ("%-*s", TIME_WIDTH, _("Time"));
  for (guint k = 0; k < get_n_fields (watch); k++)
    {
      g_autoptr (OpLiveField) field = get_field (watch, k);

      for (guint i = 0; i < op_live_field_get_span (field)->count; i++)
        {
          g_autofree char *head = dup_head (field, i);

          print_cell (head, MIN_WIDTH);
        }
    }
  g_print ("\n");
}

static void
print_row (const Watch *watch)
{
  g_autoptr (OpLiveField) first = get_field (watch, 0);
  char time[OP_TIME_TEXT_SIZE] = "";

  if (op_live_field_has_value (first))
    op_time_format (op_live_field_get_time (first), time);
  g_print ("%-*s", TIME_WIDTH, time);
  for (guint k = 0; k < get_n_fields (watch); k++)
    {
      g_autoptr (OpLiveField) field = get_field (watch, k);

      for (guint i = 0; i < op_live_field_get_span (field)->count; i++)
        {
          g_autofree char *head = dup_head (field, i);
          g_autofree char *text = op_live_field_has_value (field) ? op_live_field_dup_text (field, i) : g_strdup ("");

          print_cell (text, MAX (g_utf8_strlen (head, -1), MIN_WIDTH));
        }
    }
  g_print ("\n");
}

static void
add_values (JsonBuilder *builder, OpLiveField *field)
{
  const OpValueSpan *span = op_live_field_get_span (field);
  char time[OP_TIME_TEXT_SIZE];

  op_time_format (op_live_field_get_time (field), time);
  json_builder_set_member_name (builder, "time");
  json_builder_add_string_value (builder, time);
  json_builder_set_member_name (builder, "values");
  json_builder_begin_array (builder);
  for (guint i = 0; i < span->count; i++)
    {
      g_autofree char *text = op_live_field_dup_text (field, i);

      cli_add_value (builder, op_type_kind (span->type) == OP_KIND_NUMBER ? op_live_field_get_number (field, i) : NAN,
                     text);
    }
  json_builder_end_array (builder);
}

static void
print_json (const Watch *watch)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "fields");
  json_builder_begin_array (builder);
  for (guint i = 0; i < get_n_fields (watch); i++)
    {
      g_autoptr (OpLiveField) field = get_field (watch, i);
      const OpValueSpan *span = op_live_field_get_span (field);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "table");
      json_builder_add_string_value (builder, span->table);
      json_builder_set_member_name (builder, "field");
      json_builder_add_string_value (builder, span->field);
      json_builder_set_member_name (builder, "units");
      json_builder_add_string_value (builder, op_live_field_get_units (field));
      if (op_live_field_has_value (field))
        add_values (builder, field);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

/* A field that is not there, or not told, is an end: it was asked for by name. */
static gboolean
check_fields (Watch *watch)
{
  for (guint i = 0; i < get_n_fields (watch); i++)
    {
      g_autoptr (OpLiveField) field = get_field (watch, i);

      if (op_live_field_get_state (field) != OP_LIVE_FIELD_FAILED)
        continue;
      g_printerr ("outpostctl: %s\n", op_live_field_get_reason (field));
      watch->status = CLI_REFUSED;
      watch->is_over = TRUE;
      return FALSE;
    }
  return TRUE;
}

static void
on_read_cb (OpLiveValues *values, Watch *watch)
{
  if (watch->is_over || !check_fields (watch))
    return;
  if (watch->session->json)
    print_json (watch);
  else
    {
      if (!watch->has_head)
        print_head (watch);
      watch->has_head = TRUE;
      print_row (watch);
    }
  watch->is_over = ++watch->n_rows == watch->count;
}

static void
on_state_cb (OpLiveValues *values, GParamSpec *pspec, Watch *watch)
{
  OpLiveState state = op_live_values_get_state (values);

  if (state == OP_LIVE_FAILED || (state == OP_LIVE_WAITING && watch->n_rows == 0))
    {
      watch->status = cli_fail (g_error_copy (op_live_values_get_error (values)));
      watch->is_over = TRUE;
    }
  else if (state == OP_LIVE_WAITING)
    g_printerr ("outpostctl: %s\n", op_live_values_get_error (values)->message);
}

CliStatus
cli_values_watch (CliSession *session, int argc, char **argv)
{
  gdouble interval = 1;
  Watch watch = { .session = session };
  CliStatus status = parse (session, &interval, &watch.count, &argc, &argv);
  g_autoptr (OpStation) station = NULL;
  g_autoptr (OpLiveValues) values = NULL;
  g_autoptr (GError) error = NULL;

  if (status != CLI_DONE)
    return status;
  station = cli_session_find_station (session, argv[1], &error);
  if (station == NULL)
    return cli_fail (g_steal_pointer (&error));
  watch.values = values = op_live_values_new (station);
  op_live_values_set_interval (values, (gint64) (interval * G_USEC_PER_SEC));
  op_live_values_set_fields (values, (const char *const *) argv + 2);
  g_signal_connect (values, "read", G_CALLBACK (on_read_cb), &watch);
  g_signal_connect (values, "notify::state", G_CALLBACK (on_state_cb), &watch);
  op_live_values_start (values);
  while (!watch.is_over && !g_cancellable_is_cancelled (session->cancellable))
    g_main_context_iteration (NULL, TRUE);
  g_signal_handlers_disconnect_by_data (values, &watch);
  op_live_values_stop (values);
  return watch.status;
}
