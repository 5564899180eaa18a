/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "app/engine/value-write.h"
#include "protocol/logger-changes.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  gboolean sets;
  gint     count;
  char    *type;
} Options;

/* Negative numbers are no options: a mark stands for their minus while options are parsed. */
#define MINUS_MARK '\1'

static void
hide_minus (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    if (argv[i][0] == '-'
        && (g_ascii_isdigit (argv[i][1]) || argv[i][1] == '.' || g_ascii_strcasecmp (argv[i], "-INF") == 0))
      argv[i][0] = MINUS_MARK;
}

static void
show_minus (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    if (argv[i][0] == MINUS_MARK)
      argv[i][0] = '-';
}

static CliStatus
parse_options (CliSession *session, Options *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "count", 'n', 0, G_OPTION_ARG_INT, &options->count, N_("Get N values of an array"), N_("N") },
    { "type", 't', 0, G_OPTION_ARG_STRING, &options->type, N_("Talk of the values in this type, such as IEEE4B"),
      N_("TYPE") },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status;

  hide_minus (*argc, *argv);
  status = cli_session_parse (session, entries, "get|set|watch STATION TABLE.FIELD[(I)] [VALUE…]", argc, argv);
  show_minus (*argc, *argv);
  if (status != CLI_DONE)
    return status;
  if (*argc < 4)
    return cli_usage (_("values takes get, set or watch, a station and TABLE.FIELD"));
  options->sets = g_str_equal ((*argv)[1], "set");
  if (!options->sets && !g_str_equal ((*argv)[1], "get"))
    return cli_usage (_("values cannot “%s”: it takes get, set or watch"), (*argv)[1]);
  if (options->sets && *argc < 5)
    return cli_usage (_("values set takes the values to set"));
  if (!options->sets && *argc > 4)
    return cli_usage (_("values get takes one field"));
  if (options->count < 0 || options->count > G_MAXUINT16 || *argc - 4 > G_MAXUINT16)
    return cli_usage (_("That many values cannot be had at once"));
  return CLI_DONE;
}

static gboolean
find_type (const char *name, OpType *type)
{
  for (guint code = 0; code <= G_MAXINT8; code++)
    if (op_type_is_known (code) && g_ascii_strcasecmp (op_type_name (code), name) == 0)
      {
        *type = code;
        return TRUE;
      }
  return FALSE;
}

/* What the arguments mean: the definition knows the type, unless it is given. */
static OpValueSpan *
find_span (OpStation *station, const Options *options, const char *name, guint n_values, GError **error)
{
  guint count = options->sets ? n_values : (guint) options->count;
  g_autoptr (OpValueSpan) span = op_value_span_resolve (op_station_get_tables (station), name, count, error);
  OpType type;

  if (span == NULL || options->type == NULL)
    return g_steal_pointer (&span);
  if (!find_type (options->type, &type))
    {
      g_set_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_TYPE, _("There is no type “%s”"), options->type);
      return NULL;
    }
  if (span->type != type && (span->type == OP_TYPE_ASCII || type == OP_TYPE_ASCII))
    {
      g_set_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_TYPE, _("“%s” is of type %s, which does not become %s"),
                   name, op_type_name (span->type), op_type_name (type));
      return NULL;
    }
  span->type = type;
  return g_steal_pointer (&span);
}

static GBytes *
get_values (CliSession *session, OpLogger *logger, const OpValueSpan *span, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  op_logger_get_values_async (logger, span, session->cancellable, cli_await_cb, &result);
  return op_logger_get_values_finish (logger, cli_await (&result), error);
}

static OpWritten *
set_values (CliSession *session, OpLogger *logger, const OpValueSpan *span, GBytes *values, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  op_value_write_async (logger, span, values, session->cancellable, cli_await_cb, &result);
  return op_value_write_finish (logger, cli_await (&result), error);
}

static void
add_value (JsonBuilder *builder, const OpValueSpan *span, GBytes *values, guint i)
{
  g_autofree char *text = op_value_span_dup_text (span, values, i);

  cli_add_value (builder, op_type_kind (span->type) == OP_KIND_NUMBER ? op_value_span_get_number (span, values, i) : NAN,
                 text);
}

static void
add_values (JsonBuilder *builder, const char *name, const OpValueSpan *span, GBytes *values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < span->count; i++)
    add_value (builder, span, values, i);
  json_builder_end_array (builder);
}

/* @written: NULL when they were only read. */
static void
print_json (const OpValueSpan *span, GBytes *values, const OpWritten *written)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "table");
  json_builder_add_string_value (builder, span->table);
  json_builder_set_member_name (builder, "field");
  json_builder_add_string_value (builder, span->field);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, op_type_name (span->type));
  add_values (builder, "values", span, values);
  if (written != NULL)
    {
      add_values (builder, "before", span, written->before);
      if (written->after != NULL)
        add_values (builder, "after", span, written->after);
      json_builder_set_member_name (builder, "reboots");
      json_builder_add_boolean_value (builder, written->reboots);
    }
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

static void
print_values (const OpValueSpan *span, GBytes *values)
{
  for (guint i = 0; i < span->count; i++)
    {
      g_autofree char *text = op_value_span_dup_text (span, values, i);

      g_print ("%s\n", text);
    }
}

static CliStatus
work (CliSession *session, OpStation *station, const Options *options, int argc, char **argv)
{
  g_autoptr (OpLogger) logger = g_object_ref (op_station_get_logger (station));
  g_autoptr (OpValueSpan) span = NULL;
  g_autoptr (GBytes) values = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpWritten) written = NULL;

  span = find_span (station, options, argv[3], (guint) argc - 4, &error);
  if (span != NULL && options->sets)
    values = op_value_span_parse (span, (const char *const *) argv + 4, &error);
  else if (span != NULL)
    values = get_values (session, logger, span, &error);
  if (values != NULL && options->sets)
    written = set_values (session, logger, span, values, &error);
  if (error != NULL)
    return cli_fail (g_steal_pointer (&error));

  if (session->json)
    print_json (span, values, written);
  else if (!options->sets)
    print_values (span, values);
  else if (written->reboots)
    g_print ("%s\n", _("The logger restarts to use what was set"));
  else if (!written->is_kept)
    g_print ("%s\n", _("The logger took it, but its program has set another value already"));
  return CLI_DONE;
}

CliStatus
cli_values (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GError) error = NULL;
  Options options = { 0 };
  g_autofree char *type = NULL;
  CliStatus status;

  if (argc > 1 && g_str_equal (argv[1], "watch"))
    return cli_values_watch (session, argc - 1, argv + 1);
  status = parse_options (session, &options, &argc, &argv);
  type = options.type;

  if (status != CLI_DONE)
    return status;
  station = cli_session_find_station (session, argv[2], &error);
  if (station == NULL || !cli_session_connect (session, station, &error))
    return cli_fail (g_steal_pointer (&error));
  status = work (session, station, &options, argc, argv);
  op_station_disconnect (station);
  return status;
}
