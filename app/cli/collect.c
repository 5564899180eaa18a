/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "app/engine/export.h"

#include <glib/gi18n.h>
#include <unistd.h>

typedef struct
{
  OpCollectOrder order;
  char **tables;
  char *mode;
  char *out;
  char *format;
} CollectOptions;

static void
collect_options_clear (CollectOptions *options)
{
  g_strfreev (options->tables);
  g_free (options->mode);
  g_free (options->out);
  g_free (options->format);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CollectOptions, collect_options_clear)

static gboolean
parse_number_pair (const char *text, char separator, guint32 *a, guint32 *b)
{
  const char *mark = strchr (text, separator);
  g_autofree char *head = mark != NULL ? g_strndup (text, mark - text) : NULL;
  guint64 first, second;

  if (head == NULL || !g_ascii_string_to_unsigned (head, 10, 0, G_MAXUINT32, &first, NULL)
      || !g_ascii_string_to_unsigned (mark + 1, 10, 0, G_MAXUINT32, &second, NULL))
    return FALSE;
  *a = first;
  *b = second;
  return TRUE;
}

static gboolean
parse_time_pair (const char *text, OpTime *a, OpTime *b)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 2);

  return g_strv_length (parts) == 2 && op_time_parse (parts[0], a) && op_time_parse (parts[1], b);
}

/* new | all | last:N | records:A-B | time:FROM/TO */
static gboolean
parse_mode (const char *mode, OpCollectOrder *order)
{
  guint64 n;

  if (mode == NULL || g_str_equal (mode, "new"))
    order->select = OP_SELECT_NEW;
  else if (g_str_equal (mode, "all"))
    order->select = OP_SELECT_ALL;
  else if (g_str_has_prefix (mode, "last:")
           && g_ascii_string_to_unsigned (mode + strlen ("last:"), 10, 1, G_MAXUINT32, &n, NULL))
    {
      order->select = OP_SELECT_LAST;
      order->a = n;
    }
  else if (g_str_has_prefix (mode, "records:")
           && parse_number_pair (mode + strlen ("records:"), '-', &order->a, &order->b))
    order->select = OP_SELECT_RECORDS;
  else if (g_str_has_prefix (mode, "time:")
           && parse_time_pair (mode + strlen ("time:"), &order->time_a, &order->time_b))
    order->select = OP_SELECT_TIMES;
  else
    return FALSE;
  return TRUE;
}

static CliStatus
parse (CliSession *session, CollectOptions *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "table", 't', 0, G_OPTION_ARG_STRING_ARRAY, &options->tables, N_("Collect this table (again for more)"), N_("TABLE") },
    { "mode", 'm', 0, G_OPTION_ARG_STRING, &options->mode,
      N_("new (default), all, last:N, records:A-B (without B), time:FROM/TO (without TO)"), N_("MODE") },
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &options->out, N_("Write a file a table into this folder"), N_("DIR") },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &options->format, N_("Format of the files: toa5"), N_("FORMAT") },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status = cli_session_parse (session, entries, "STATION", argc, argv);

  if (status != CLI_DONE)
    return status;
  if (*argc != 2)
    return cli_usage (_("collect takes one station"));
  if (!parse_mode (options->mode, &options->order))
    return cli_usage (_("%s is no mode: new, all, last:N, records:A-B or time:FROM/TO"), options->mode);
  if (options->format != NULL && !g_str_equal (options->format, "toa5"))
    return cli_usage (_("%s is no format that can be written: toa5"), options->format);
  options->order.tables = options->tables;
  return CLI_DONE;
}

static void
on_fraction_cb (OpStation *station, GParamSpec *pspec, gpointer data)
{
  g_printerr ("\r%3.0f %%  %s\033[K", op_station_get_fraction (station) * 100, op_station_get_status (station));
}

/* An address that is not a saved station becomes one: its records have to belong to somebody. */
static gboolean
ensure_saved (CliSession *session, OpStation *station, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (op_station_get_id (station) != 0)
    return TRUE;
  op_station_list_add_async (session->stations, station, -1, session->cancellable, cli_await_cb, &result);
  return op_station_list_add_finish (session->stations, cli_await (&result), error);
}

static void
print_result_json (const OpTableResult *result)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "table");
  json_builder_add_string_value (builder, result->table);
  json_builder_set_member_name (builder, "records");
  json_builder_add_int_value (builder, result->n_records);
  json_builder_set_member_name (builder, "first");
  if (result->n_records > 0)
    json_builder_add_int_value (builder, result->first);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "last");
  if (result->n_records > 0)
    json_builder_add_int_value (builder, result->last);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "gaps");
  json_builder_add_int_value (builder, result->n_gaps);
  json_builder_set_member_name (builder, "bytes");
  json_builder_add_int_value (builder, result->n_bytes);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, result->seconds);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

static void
print_results_text (GPtrArray *results)
{
  g_autoptr (CliColumns) columns
      = cli_columns_new (6, _("Table"), _("New records"), _("First"), _("Last"), _("Gaps"), _("Time"));

  for (guint i = 0; i < results->len; i++)
    {
      const OpTableResult *result = g_ptr_array_index (results, i);
      gboolean any = result->n_records > 0;
      g_autofree char *n_records = g_strdup_printf ("%" G_GUINT64_FORMAT, result->n_records);
      g_autofree char *gaps = g_strdup_printf ("%u", result->n_gaps);
      g_autofree char *seconds = g_strdup_printf ("%.1f s", result->seconds);
      char first[OP_TIME_TEXT_SIZE] = "–", last[OP_TIME_TEXT_SIZE] = "–";

      if (any)
        {
          op_time_format (result->first_time, first);
          op_time_format (result->last_time, last);
        }
      cli_columns_add (columns, result->table, n_records, first, last, gaps, seconds);
    }
  cli_columns_print (columns);
}

static OpIncarnation *
find_incarnation (CliSession *session, OpStation *station, gint64 id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) incarnations = NULL;

  op_store_list_incarnations_async (session->store, op_station_get_id (station), session->cancellable, cli_await_cb,
                                    &result);
  incarnations = op_store_list_incarnations_finish (session->store, cli_await (&result), error);
  for (guint i = 0; incarnations != NULL && i < incarnations->len; i++)
    {
      OpIncarnation *incarnation = g_ptr_array_index (incarnations, i);

      if (incarnation->id == id)
        return op_incarnation_ref (incarnation);
    }
  return NULL;
}

/* Modes that name records write just those; new and all write everything that is held, so that a file is always
 * what the store says, whatever interrupted an earlier run. */
static gboolean
export_result (CliSession *session, OpStation *station, const CollectOptions *options, const OpTableResult *result,
               GError **error)
{
  const OpIdentity *identity = op_station_get_identity (station);
  const char *name = identity != NULL && identity->station_name[0] != '\0' ? identity->station_name
                                                                           : op_station_get_name (station);
  g_autoptr (OpIncarnation) incarnation = find_incarnation (session, station, result->incarnation, error);
  g_autofree char *file_name = op_export_dup_file_name (name, result->table, ".dat");
  g_autofree char *path = g_build_filename (options->out, file_name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) done = NULL;

  if (incarnation == NULL)
    return error == NULL || *error == NULL;
  switch (options->order.select)
    {
    case OP_SELECT_RECORDS:
      op_export_toa5_range_async (station, incarnation, options->order.a, options->order.b, file,
                                  session->cancellable, cli_await_cb, &done);
      break;
    case OP_SELECT_LAST:
    case OP_SELECT_TIMES:
      op_export_toa5_range_async (station, incarnation, result->first, result->last + 1, file, session->cancellable,
                                  cli_await_cb, &done);
      break;
    case OP_SELECT_NEW:
    case OP_SELECT_ALL:
    default:
      op_export_toa5_async (station, incarnation, file, session->cancellable, cli_await_cb, &done);
      break;
    }
  if (!op_export_toa5_finish (cli_await (&done), NULL, error))
    return FALSE;
  if (!session->json)
    g_print ("%s\n", path);
  return TRUE;
}

static gboolean
export_results (CliSession *session, OpStation *station, const CollectOptions *options, GPtrArray *results,
                GError **error)
{
  if (g_mkdir_with_parents (options->out, 0777) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The folder %s cannot be made: %s"), options->out,
                   g_strerror (errno));
      return FALSE;
    }
  for (guint i = 0; i < results->len; i++)
    if (!export_result (session, station, options, g_ptr_array_index (results, i), error))
      return FALSE;
  return TRUE;
}

static void
print_results (CliSession *session, GPtrArray *results)
{
  if (!session->json)
    print_results_text (results);
  else
    for (guint i = 0; i < results->len; i++)
      print_result_json (g_ptr_array_index (results, i));
}

static GPtrArray *
collect (CliSession *session, OpStation *station, const CollectOptions *options, GPtrArray **partial, GError **error)
{
  gboolean terminal = !session->json && isatty (STDERR_FILENO);
  g_autoptr (GAsyncResult) done = NULL;
  gulong handler = 0;
  GPtrArray *results;

  if (terminal)
    handler = g_signal_connect (station, "notify::fraction", G_CALLBACK (on_fraction_cb), NULL);
  op_station_collect_async (station, &options->order, session->cancellable, cli_await_cb, &done);
  results = op_station_collect_finish (station, cli_await (&done), partial, error);
  if (terminal)
    {
      g_signal_handler_disconnect (station, handler);
      g_printerr ("\r\033[K");
    }
  return results;
}

CliStatus
cli_collect (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_auto (CollectOptions) options = { 0 };
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GPtrArray) partial = NULL;
  g_autoptr (GError) error = NULL;
  CliStatus status = parse (session, &options, &argc, &argv);

  if (status != CLI_DONE)
    return status;

  station = cli_session_find_station (session, argv[1], &error);
  if (station == NULL || !ensure_saved (session, station, &error))
    return cli_fail (g_steal_pointer (&error));

  results = collect (session, station, &options, &partial, &error);
  if (results == NULL && partial != NULL && partial->len > 0)
    print_results (session, partial);
  if (results != NULL)
    print_results (session, results);
  if (results == NULL || (options.out != NULL && !export_results (session, station, &options, results, &error)))
    return cli_fail (g_steal_pointer (&error));
  return CLI_DONE;
}
