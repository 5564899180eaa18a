/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/plot-source.h"

#include "protocol/formats/toa5.h"

#include <glib/gi18n.h>

void
cli_plot_source_clear (CliPlotSource *source)
{
  g_clear_pointer (&source->table, op_table_unref);
  g_clear_pointer (&source->batch, op_batch_unref);
  g_clear_pointer (&source->incarnation, op_incarnation_unref);
}

static gboolean
open_file (CliPlotSource *source, CliSession *session, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (OpDataFile) data = NULL;
  gsize n;

  op_data_file_read_async (file, session->cancellable, NULL, NULL, cli_await_cb, &done);
  data = op_data_file_read_finish (cli_await (&done), error);
  if (data == NULL)
    return FALSE;
  for (guint i = 0; i < data->problems->len; i++)
    g_printerr ("%s: %s\n", path, (char *) g_ptr_array_index (data->problems, i));
  n = op_batch_get_n_records (data->batch);
  if (n == 0)
    {
      g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_HEADER, _("%s holds no records"), path);
      return FALSE;
    }
  source->table = op_table_ref (data->table);
  source->batch = op_batch_ref (data->batch);
  source->interval = op_records_guess_interval (data->batch);
  op_batch_get_span (data->batch, &source->first_time, &source->last_time);
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
open_station (CliPlotSource *source, CliSession *session, const char *argument, const char *table, GError **error)
{
  g_autoptr (OpStation) station = cli_session_find_station (session, argument, error);

  source->incarnation = station != NULL ? choose_incarnation (session, station, table, error) : NULL;
  if (source->incarnation == NULL)
    return FALSE;
  source->table = op_table_ref (source->incarnation->table);
  source->first_time = source->incarnation->first_time;
  source->last_time = source->incarnation->last_time;
  return TRUE;
}

gboolean
cli_plot_source_open (CliPlotSource *source, CliSession *session, const char *argument, const char *table,
                      GError **error)
{
  return g_file_test (argument, G_FILE_TEST_IS_REGULAR) ? open_file (source, session, argument, error)
                                                        : open_station (source, session, argument, table, error);
}

OpReduction *
cli_plot_source_reduce (const CliPlotSource *source, CliSession *session, guint column, OpTime from, OpTime to,
                        guint n_bins, GError **error)
{
  g_autoptr (GAsyncResult) done = NULL;

  if (source->batch != NULL)
    return op_reduction_new_from_batch (source->batch, column, source->interval, from, to, n_bins);
  op_store_reduce_async (session->store, source->incarnation, column, from, to, n_bins, session->cancellable,
                         cli_await_cb, &done);
  return op_store_reduce_finish (session->store, cli_await (&done), error);
}

OpReduction *
cli_plot_source_sum (const CliPlotSource *source, CliSession *session, guint column, const OpBars *bars, GError **error)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (OpReduction) bins = NULL;

  if (source->batch != NULL)
    return op_bars_sum_batch (bars, source->batch, column, source->interval);
  op_store_sum_async (session->store, source->incarnation, column, bars, session->cancellable, cli_await_cb, &done);
  bins = op_store_reduce_finish (session->store, cli_await (&done), error);
  return bins != NULL ? op_bars_sum (bars, bins) : NULL;
}

OpRecords *
cli_plot_source_get_records (const CliPlotSource *source, CliSession *session)
{
  return source->batch != NULL ? op_records_new_batch (source->batch)
                               : op_records_new_incarnation (session->store, source->incarnation);
}
