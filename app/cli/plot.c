/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "app/plot/plot.h"
#include "protocol/formats/toa5.h"

#include <glib/gi18n.h>
#include <stdio.h>

#define DEFAULT_WIDTH    1200
#define DEFAULT_HEIGHT   700
#define MAX_SIZE         20000
#define DEFAULT_N_FIELDS 3

typedef struct
{
  char *out;
  char *table;
  char **fields;
  char *from;
  char *to;
  char *size;
  gboolean dark;
  int width, height;
  OpTime from_time, to_time;
} PlotOptions;

static void
plot_options_clear (PlotOptions *options)
{
  g_free (options->out);
  g_free (options->table);
  g_strfreev (options->fields);
  g_free (options->from);
  g_free (options->to);
  g_free (options->size);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlotOptions, plot_options_clear)

static CliStatus
parse (CliSession *session, PlotOptions *options, OpPlotFormat *format, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->out, N_("The picture; its ending says its format"), N_("FILE.{png,svg,pdf}") },
    { "table", 't', 0, G_OPTION_ARG_STRING, &options->table, N_("Table of the station"), N_("TABLE") },
    { "field", 'f', 0, G_OPTION_ARG_STRING_ARRAY, &options->fields, N_("Draw this field (again for more)"), N_("FIELD") },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options->from, N_("Begin here"), N_("TIME") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options->to, N_("End here"), N_("TIME") },
    { "size", 0, 0, G_OPTION_ARG_STRING, &options->size, N_("Pixels (1200x700)"), N_("WxH") },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &options->dark, N_("Light lines on dark ground"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status = cli_session_parse (session, entries, "FILE|STATION", argc, argv);

  if (status != CLI_DONE)
    return status;
  if (*argc != 2 || options->out == NULL)
    return cli_usage (_("plot takes a data file or a station, and -o FILE"));
  if (!op_plot_format_for_name (options->out, format))
    return cli_usage (_("%s does not end in .png, .svg or .pdf"), options->out);
  options->width = DEFAULT_WIDTH;
  options->height = DEFAULT_HEIGHT;
  if (options->size != NULL
      && (sscanf (options->size, "%dx%d", &options->width, &options->height) != 2 || options->width < 100
          || options->width > MAX_SIZE || options->height < 100 || options->height > MAX_SIZE))
    return cli_usage (_("A size is written 1200x700, each from 100 to 20000"));
  if ((options->from != NULL && !op_time_parse (options->from, &options->from_time))
      || (options->to != NULL && !op_time_parse (options->to, &options->to_time)))
    return cli_usage (_("A time is written \"2026-03-01 12:00:00\""));
  return CLI_DONE;
}

static gint
find_column (const OpTable *table, const char *name, GError **error)
{
  gint column = op_table_find_column (table, name);

  if (column < 0)
    g_set_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_RECORD, _("%s has no field %s"), table->name, name);
  else if (op_type_kind (op_table_get_column (table, column, NULL)->type) != OP_KIND_NUMBER)
    {
      g_set_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_TYPE, _("%s holds no numbers to draw"), name);
      column = -1;
    }
  return column;
}

/* The fields asked for, or the first numeric ones. */
static GArray *
choose_columns (const OpTable *table, char **fields, GError **error)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; fields != NULL && fields[i] != NULL; i++)
    {
      gint column = find_column (table, fields[i], error);

      if (column < 0)
        return NULL;
      g_array_append_val (columns, column);
    }
  for (guint i = 0; fields == NULL && i < table->n_columns && columns->len < DEFAULT_N_FIELDS; i++)
    if (op_type_kind (op_table_get_column (table, i, NULL)->type) == OP_KIND_NUMBER)
      g_array_append_val (columns, i);
  if (columns->len > 0)
    return g_steal_pointer (&columns);
  g_set_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_TYPE, _("%s holds no numbers to draw"), table->name);
  return NULL;
}

static void
set_span (OpPlot *plot, PlotOptions *options, OpTime first, OpTime last)
{
  if (options->from == NULL)
    options->from_time = first;
  if (options->to == NULL)
    options->to_time = MAX (last, first + OP_SECOND);
  op_plot_set_span (plot, options->from_time, options->to_time);
}

static void
add_series (OpPlot *plot, const OpTable *table, guint column, OpReduction *reduction)
{
  g_autofree char *name = op_table_dup_column_name (table, column);

  op_plot_add_series (plot, name, op_table_get_column (table, column, NULL)->units, reduction);
}

/* The most common step between records: what an interval is in a file that does not tell it. */
static OpTime
guess_interval (const OpBatch *batch)
{
  const OpTime *times = op_batch_get_times (batch);
  gsize n = MIN (op_batch_get_n_records (batch), 1000);
  OpTime shortest = 0;

  for (gsize i = 1; i < n; i++)
    if (times[i] > times[i - 1] && (shortest == 0 || times[i] - times[i - 1] < shortest))
      shortest = times[i] - times[i - 1];
  return shortest;
}

static gboolean
plot_file (CliSession *session, OpPlot *plot, PlotOptions *options, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (OpDataFile) data = NULL;
  g_autoptr (GArray) columns = NULL;
  gsize n;

  op_data_file_read_async (file, session->cancellable, NULL, NULL, cli_await_cb, &done);
  data = op_data_file_read_finish (cli_await (&done), error);
  if (data == NULL)
    return FALSE;
  for (guint i = 0; i < data->problems->len; i++)
    g_printerr ("%s: %s\n", path, (char *) g_ptr_array_index (data->problems, i));
  n = op_batch_get_n_records (data->batch);
  columns = choose_columns (data->table, options->fields, error);
  if (columns == NULL)
    return FALSE;
  if (n == 0)
    {
      g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_HEADER, _("%s holds no records"), path);
      return FALSE;
    }

  set_span (plot, options, op_batch_get_times (data->batch)[0], op_batch_get_times (data->batch)[n - 1]);
  for (guint i = 0; i < columns->len; i++)
    {
      guint column = g_array_index (columns, guint, i);
      g_autoptr (OpReduction) reduction
          = op_reduction_new_from_batch (data->batch, column, guess_interval (data->batch), options->from_time,
                                         options->to_time, options->width);

      add_series (plot, data->table, column, reduction);
    }
  return TRUE;
}

/* The table named, or the one with the most records. */
static OpIncarnation *
choose_incarnation (CliSession *session, OpStation *station, const char *table, GError **error)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GPtrArray) incarnations = NULL;
  OpIncarnation *chosen = NULL;

  op_store_list_incarnations_async (session->store, op_station_get_id (station), session->cancellable, cli_await_cb,
                                    &done);
  incarnations = op_store_list_incarnations_finish (session->store, cli_await (&done), error);
  if (incarnations == NULL)
    return NULL;
  for (guint i = 0; i < incarnations->len; i++)
    {
      OpIncarnation *incarnation = g_ptr_array_index (incarnations, i);

      if (incarnation->n_records > 0 && (table == NULL || g_ascii_strcasecmp (incarnation->table->name, table) == 0)
          && (chosen == NULL || (table == NULL && incarnation->n_records > chosen->n_records)))
        chosen = incarnation;
    }
  if (chosen != NULL)
    return op_incarnation_ref (chosen);
  g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_FAILED,
               _("No records of %s are held: collect first"), table != NULL ? table : op_station_get_name (station));
  return NULL;
}

static gboolean
plot_station (CliSession *session, OpPlot *plot, PlotOptions *options, const char *argument, GError **error)
{
  g_autoptr (OpStation) station = cli_session_find_station (session, argument, error);
  g_autoptr (OpIncarnation) incarnation
      = station != NULL ? choose_incarnation (session, station, options->table, error) : NULL;
  g_autoptr (GArray) columns = NULL;

  if (incarnation == NULL)
    return FALSE;
  columns = choose_columns (incarnation->table, options->fields, error);
  if (columns == NULL)
    return FALSE;

  set_span (plot, options, incarnation->first_time, incarnation->last_time);
  for (guint i = 0; i < columns->len; i++)
    {
      guint column = g_array_index (columns, guint, i);
      g_autoptr (GAsyncResult) done = NULL;
      g_autoptr (OpReduction) reduction = NULL;

      op_store_reduce_async (session->store, incarnation, column, options->from_time, options->to_time, options->width,
                             session->cancellable, cli_await_cb, &done);
      reduction = op_store_reduce_finish (session->store, cli_await (&done), error);
      if (reduction == NULL)
        return FALSE;
      add_series (plot, incarnation->table, column, reduction);
    }
  return TRUE;
}

CliStatus
cli_plot (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_auto (PlotOptions) options = { 0 };
  g_autoptr (OpPlot) plot = op_plot_new ();
  g_autoptr (GError) error = NULL;
  OpPlotFormat format;
  CliStatus status = parse (session, &options, &format, &argc, &argv);
  gboolean drawn;

  if (status != CLI_DONE)
    return status;

  op_plot_set_style (plot, options.dark ? OP_PLOT_DARK : OP_PLOT_LIGHT);
  op_plot_set_axis_note (plot, _("Logger time"));
  if (g_file_test (argv[1], G_FILE_TEST_IS_REGULAR))
    drawn = plot_file (session, plot, &options, argv[1], &error);
  else
    drawn = plot_station (session, plot, &options, argv[1], &error);
  if (!drawn || !op_plot_save (plot, options.out, format, options.width, options.height, &error))
    return cli_fail (g_steal_pointer (&error));
  return CLI_DONE;
}
