/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/plot-source.h"

#include "app/engine/picture.h"
#include "app/plot/picture-plot.h"
#include "app/plot/ticks.h"

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
  char *kind_name;
  gboolean is_picture; /* of @kind, instead of a plot over time */
  OpPictureKind kind;
  gboolean dark;
  OpPlotStyle style;
  OpPlotFormat format;
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
  g_free (options->kind_name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlotOptions, plot_options_clear)

static CliStatus
parse (CliSession *session, PlotOptions *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->out, N_("The picture; its ending says its format"), N_("FILE.{png,svg,pdf}") },
    { "table", 't', 0, G_OPTION_ARG_STRING, &options->table, N_("Table of the station"), N_("TABLE") },
    { "field", 'f', 0, G_OPTION_ARG_STRING_ARRAY, &options->fields, N_("Draw this field (again for more)"), N_("FIELD") },
    { "kind", 'k', 0, G_OPTION_ARG_STRING, &options->kind_name, N_("What is drawn: time (as if not given), xy, histogram, rose or diurnal"), N_("KIND") },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options->from, N_("Begin here"), N_("TIME") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options->to, N_("End here"), N_("TIME") },
    { "size", 0, 0, G_OPTION_ARG_STRING, &options->size, N_("Pixels (1200x700); the height is the least: panes that do not fit in make it grow"), N_("WxH") },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &options->dark, N_("Light lines on dark ground"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status = cli_session_parse (session, entries, "FILE|STATION", argc, argv);

  if (status != CLI_DONE)
    return status;
  if (*argc != 2 || options->out == NULL)
    return cli_usage (_("plot takes a data file or a station, and -o FILE"));
  if (!op_plot_format_for_name (options->out, &options->format))
    return cli_usage (_("%s does not end in .png, .svg or .pdf"), options->out);
  options->is_picture = options->kind_name != NULL && !g_str_equal (options->kind_name, "time");
  if (options->is_picture && !op_picture_find_kind (options->kind_name, &options->kind))
    return cli_usage (_("%s is none of time, xy, histogram, rose and diurnal"), options->kind_name);
  options->style = options->dark ? OP_PLOT_DARK : OP_PLOT_LIGHT;
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

/* The fields asked for, or the first @n numeric ones. */
static GArray *
choose_columns (const OpTable *table, char **fields, guint n, GError **error)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; fields != NULL && fields[i] != NULL; i++)
    {
      gint column = find_column (table, fields[i], error);

      if (column < 0)
        return NULL;
      g_array_append_val (columns, column);
    }
  for (guint i = 0; fields == NULL && i < table->n_columns && columns->len < n; i++)
    if (op_type_kind (op_table_get_column (table, i, NULL)->type) == OP_KIND_NUMBER)
      g_array_append_val (columns, i);
  if (columns->len > 0)
    return g_steal_pointer (&columns);
  g_set_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_TYPE, _("%s holds no numbers to draw"), table->name);
  return NULL;
}

static void
choose_span (PlotOptions *options, const CliPlotSource *source)
{
  if (options->from == NULL)
    options->from_time = source->first_time;
  if (options->to == NULL)
    options->to_time = MAX (source->last_time, source->first_time + OP_SECOND);
}

static OpReduction *
read_column (CliSession *session, const PlotOptions *options, const CliPlotSource *source, guint column, OpPlotForm form,
             GError **error)
{
  OpBars bars = op_bars_choose (options->from_time, options->to_time, (guint) options->width / OP_BAR_PIXELS);

  return form == OP_PLOT_BARS ? cli_plot_source_sum (source, session, column, &bars, error)
                              : cli_plot_source_reduce (source, session, column, options->from_time, options->to_time,
                                                        (guint) options->width, error);
}

static gboolean
draw_over_time (CliSession *session, const PlotOptions *options, const CliPlotSource *source, GError **error)
{
  g_autoptr (OpPlot) plot = op_plot_new ();
  g_autoptr (GArray) columns = choose_columns (source->table, options->fields, DEFAULT_N_FIELDS, error);

  if (columns == NULL)
    return FALSE;
  op_plot_set_style (plot, options->style);
  op_plot_set_axis_note (plot, _("Logger time"));
  op_plot_set_span (plot, options->from_time, options->to_time);
  for (guint i = 0; i < columns->len; i++)
    {
      guint column = g_array_index (columns, guint, i);
      g_autofree char *name = op_table_dup_column_name (source->table, column);
      const OpField *field = op_table_get_column (source->table, column, NULL);
      OpPlotForm form = op_plot_choose_form (field);
      g_autoptr (OpReduction) reduction = read_column (session, options, source, column, form, error);

      if (reduction == NULL)
        return FALSE;
      op_plot_add_series (plot, name, field->units, reduction);
      op_plot_set_form (plot, form);
    }
  return op_plot_save (plot, options->out, options->format, options->width, options->height, error);
}

static OpPicture *
make_picture (CliSession *session, const PlotOptions *options, const CliPlotSource *source, const guint *columns,
              GError **error)
{
  g_autoptr (OpRecords) records = cli_plot_source_get_records (source, session);
  g_autoptr (GAsyncResult) done = NULL;

  op_picture_make_async (records, options->kind, columns, options->from_time, options->to_time, session->cancellable,
                         cli_await_cb, &done);
  return op_picture_make_finish (cli_await (&done), error);
}

static gboolean
draw_picture (CliSession *session, const PlotOptions *options, const CliPlotSource *source, GError **error)
{
  guint n = op_picture_get_n_fields (options->kind);
  g_autoptr (OpPicturePlot) plot = op_picture_plot_new ();
  g_autoptr (GArray) columns = choose_columns (source->table, options->fields, n, error);
  g_autoptr (OpPicture) picture = NULL;
  g_autofree char *span = op_ticks_dup_span_text (options->from_time, options->to_time);
  g_auto (GStrv) names = g_new0 (char *, G_N_ELEMENTS (((OpPictureTexts *) NULL)->names) + 1);
  OpPictureTexts texts = { .units = { "", "" }, .note = span };

  if (columns == NULL)
    return FALSE;
  if (columns->len != n)
    {
      g_set_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_RECORD,
                   ngettext ("This kind of picture takes %u field", "This kind of picture takes %u fields", n), n);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      guint column = g_array_index (columns, guint, i);

      names[i] = op_table_dup_column_name (source->table, column);
      texts.names[i] = names[i];
      texts.units[i] = op_table_get_column (source->table, column, NULL)->units;
    }
  picture = make_picture (session, options, source, (const guint *) (gpointer) columns->data, error);
  op_picture_plot_set_style (plot, options->style);
  return picture != NULL && op_picture_plot_save (plot, picture, &texts, options->out, options->format, options->width,
                                                  options->height, error);
}

CliStatus
cli_plot (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_auto (PlotOptions) options = { 0 };
  g_auto (CliPlotSource) source = { 0 };
  g_autoptr (GError) error = NULL;
  CliStatus status = parse (session, &options, &argc, &argv);

  if (status != CLI_DONE)
    return status;
  if (!cli_plot_source_open (&source, session, argv[1], options.table, &error))
    return cli_fail (g_steal_pointer (&error));
  choose_span (&options, &source);
  if (!(options.is_picture ? draw_picture : draw_over_time) (session, &options, &source, &error))
    return cli_fail (g_steal_pointer (&error));
  return CLI_DONE;
}
