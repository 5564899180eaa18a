/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli/cli.h"
#include "app/engine/records.h"

G_BEGIN_DECLS

/** What is drawn: a data file's records or a table of a station's, never none. */
typedef struct
{
  OpTable       *table;
  OpTime         first_time, last_time;
  OpBatch       *batch;       /* of a file, */
  OpTime         interval;    /* as the file shows it */
  OpIncarnation *incarnation; /* or of the store */
} CliPlotSource;
void         cli_plot_source_clear  (CliPlotSource *source);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliPlotSource, cli_plot_source_clear)

/**
 * @argument: a file, or a station. @table: of the station; NULL: the one with the most records. What is damaged in a
 * file is said on standard error.
 */
gboolean     cli_plot_source_open   (CliPlotSource *source, CliSession *session, const char *argument,
                                     const char *table, GError **error);
OpReduction *cli_plot_source_reduce (const CliPlotSource *source, CliSession *session, guint column, OpTime from,
                                     OpTime to, guint n_bins, GError **error);
/** The sums of those bars, or the records themselves where there are few. */
OpReduction *cli_plot_source_sum    (const CliPlotSource *source, CliSession *session, guint column,
                                     const OpBars *bars, GError **error);
OpRecords   *cli_plot_source_get_records (const CliPlotSource *source, CliSession *session);

G_END_DECLS
