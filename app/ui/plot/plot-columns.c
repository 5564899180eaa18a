/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/plot/plot-columns.h"

#include "app/plot/reading.h"
#include "app/ui/format.h"
#include "app/ui/plot/plot-fetch.h"
#include "app/ui/plot/plot-readout.h"

#include <glib/gi18n.h>
#include <math.h>

/* Of no series. */
#define GAP_COLOR 0x77767b
/* A change below this part of the range is none. */
#define STEADY 0.02

typedef struct
{
  guint        column;
  OpType       type;
  char        *label;
  char        *units;
  OpPlotLook   look;
  guint        low_column, high_column; /* of a band */
  OpReduction *reduction; /* of the span, or of an earlier one; NULL before the first */
  OpReduction *low, *high;
} Series;

struct _OpPlotColumns
{
  GObject        parent_instance;

  OpStore       *store;
  OpIncarnation *incarnation;
  OpBatch       *batch;
  GPtrArray     *series;      /* Series */
  GCancellable  *cancellable; /* of what is being read; its place in memory tells one reading from another */
  guint          n_awaited;
  char          *error_text;
};

G_DEFINE_FINAL_TYPE (OpPlotColumns, op_plot_columns, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

typedef struct
{
  OpPlotColumns *columns;
  GCancellable  *cancellable;
  guint          place;
  gsize          offset; /* of what is read, within Series */
} Reading;

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->columns);
  g_object_unref (reading->cancellable);
  g_free (reading);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static void
series_free (gpointer data)
{
  Series *series = data;

  g_free (series->label);
  g_free (series->units);
  g_clear_pointer (&series->reduction, op_reduction_unref);
  g_clear_pointer (&series->low, op_reduction_unref);
  g_clear_pointer (&series->high, op_reduction_unref);
  g_free (series);
}

static OpTable *
get_table (OpPlotColumns *self)
{
  return self->batch != NULL ? op_batch_get_table (self->batch) : self->incarnation->table;
}

/* Of the column chosen before, so that its picture stays. */
static OpReduction *
take_reduction (GPtrArray *earlier, guint column)
{
  for (guint i = 0; i < earlier->len; i++)
    {
      Series *series = earlier->pdata[i];

      if (series->column == column)
        return g_steal_pointer (&series->reduction);
    }
  return NULL;
}

static void
row_clear (gpointer data)
{
  OpReadoutRow *row = data;

  g_free (row->label);
  g_free (row->value);
}

static void
on_fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Reading) reading = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpReduction) reduction = op_plot_fetch_finish (result, &error);
  OpPlotColumns *self = reading->columns;

  /* An answer for an earlier span or for columns chosen before. */
  if (self->cancellable != reading->cancellable)
    return;
  self->n_awaited--;
  if (reduction != NULL)
    {
      OpReduction **kept = (OpReduction **) G_STRUCT_MEMBER_P (self->series->pdata[reading->place], reading->offset);

      g_clear_pointer (kept, op_reduction_unref);
      *kept = g_steal_pointer (&reduction);
    }
  else
    {
      g_free (self->error_text);
      self->error_text = g_strdup (error->message);
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
op_plot_columns_finalize (GObject *object)
{
  OpPlotColumns *self = OP_PLOT_COLUMNS (object);

  op_plot_columns_set_source (self, NULL, NULL, NULL);
  g_ptr_array_unref (self->series);
  G_OBJECT_CLASS (op_plot_columns_parent_class)->finalize (object);
}

static void
op_plot_columns_class_init (OpPlotColumnsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = op_plot_columns_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
}

static void
op_plot_columns_init (OpPlotColumns *self)
{
  self->series = g_ptr_array_new_with_free_func (series_free);
}

OpPlotColumns *
op_plot_columns_new (void)
{
  return g_object_new (OP_TYPE_PLOT_COLUMNS, NULL);
}

void
op_plot_columns_set_source (OpPlotColumns *self, OpStore *store, OpIncarnation *incarnation, OpBatch *batch)
{
  op_plot_columns_stop (self);
  g_ptr_array_set_size (self->series, 0);
  g_set_object (&self->store, store);
  g_clear_pointer (&self->incarnation, op_incarnation_unref);
  g_clear_pointer (&self->batch, op_batch_unref);
  self->incarnation = incarnation != NULL ? op_incarnation_ref (incarnation) : NULL;
  self->batch = batch != NULL ? op_batch_ref (batch) : NULL;
}

void
op_plot_columns_update (OpPlotColumns *self, OpIncarnation *incarnation)
{
  op_plot_columns_stop (self);
  op_incarnation_ref (incarnation);
  g_clear_pointer (&self->incarnation, op_incarnation_unref);
  self->incarnation = incarnation;
}

void
op_plot_columns_choose (OpPlotColumns *self, const guint *columns, guint n_columns)
{
  g_autoptr (GPtrArray) earlier = NULL;

  g_return_if_fail (n_columns == 0 || self->incarnation != NULL || self->batch != NULL);

  op_plot_columns_stop (self);
  earlier = g_steal_pointer (&self->series);
  self->series = g_ptr_array_new_with_free_func (series_free);
  for (guint i = 0; i < n_columns; i++)
    {
      guint column = self->batch != NULL ? op_batch_get_table_column (self->batch, columns[i]) : columns[i];
      const OpField *field = op_table_get_column (get_table (self), column, NULL);
      Series *series;

      if (op_type_kind (field->type) != OP_KIND_NUMBER)
        continue;
      series = g_new (Series, 1);
      *series = (Series) { columns[i], field->type, op_table_dup_column_name (get_table (self), column),
                           g_strdup (field->units), op_plot_look_choose (field), 0, 0,
                           take_reduction (earlier, columns[i]), NULL, NULL };
      g_ptr_array_add (self->series, series);
    }
}

void
op_plot_columns_set_look (OpPlotColumns *self, guint column, const OpPlotLook *look)
{
  for (guint i = 0; i < self->series->len; i++)
    {
      Series *series = self->series->pdata[i];

      if (series->column != column)
        continue;
      series->look = *look;
      if (look->form == OP_PLOT_BAND
          && !op_plot_look_find_band (get_table (self), column, &series->low_column, &series->high_column))
        series->look.form = OP_PLOT_LINE;
    }
}

guint
op_plot_columns_get_n (OpPlotColumns *self)
{
  return self->series->len;
}

gint
op_plot_columns_get_first (OpPlotColumns *self)
{
  return self->series->len > 0 ? (gint) ((Series *) self->series->pdata[0])->column : -1;
}

typedef struct
{
  OpTime from, to;
  guint  n_bins;
  gboolean sums;
} FetchSpan;

static void
fetch_column (OpPlotColumns *self, guint place, gsize offset, guint column, const FetchSpan *span)
{
  Reading *reading = g_new (Reading, 1);

  *reading = (Reading) { g_object_ref (self), g_object_ref (self->cancellable), place, offset };
  self->n_awaited++;
  op_plot_fetch_async (self->store, self->incarnation, self->batch, column, span->from, span->to, span->n_bins,
                       span->sums, self->cancellable, on_fetched_cb, reading);
}

void
op_plot_columns_fetch (OpPlotColumns *self, OpTime from, OpTime to, guint n_bins)
{
  op_plot_columns_stop (self);
  self->cancellable = g_cancellable_new ();
  for (guint i = 0; i < self->series->len; i++)
    {
      const Series *series = self->series->pdata[i];
      const FetchSpan span = { from, to, n_bins, series->look.form == OP_PLOT_BARS };

      fetch_column (self, i, G_STRUCT_OFFSET (Series, reduction), series->column, &span);
      if (series->look.form != OP_PLOT_BAND)
        continue;
      fetch_column (self, i, G_STRUCT_OFFSET (Series, low), series->low_column, &span);
      fetch_column (self, i, G_STRUCT_OFFSET (Series, high), series->high_column, &span);
    }
}

void
op_plot_columns_stop (OpPlotColumns *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->error_text, g_free);
  self->n_awaited = 0;
}

gboolean
op_plot_columns_is_reading (OpPlotColumns *self)
{
  return self->n_awaited > 0;
}

const char *
op_plot_columns_get_error (OpPlotColumns *self)
{
  return self->error_text;
}

void
op_plot_columns_fill (OpPlotColumns *self, OpPlot *plot)
{
  op_plot_clear (plot);
  for (guint i = 0; i < self->series->len; i++)
    {
      const Series *series = self->series->pdata[i];

      op_plot_add_series (plot, series->label, series->units, series->reduction);
      op_plot_set_form (plot, series->look.form);
      op_plot_set_place (plot, series->look.place);
      op_plot_set_band (plot, series->low, series->high);
    }
}

/* Why there is nothing at @time, where a hole is known there. */
static const char *
find_cause (OpPlotColumns *self, OpTime time)
{
  for (guint i = 0; i < self->series->len; i++)
    {
      const Series *series = self->series->pdata[i];

      for (guint k = 0; series->reduction != NULL && k < series->reduction->holes->len; k++)
        {
          const OpHole *hole = &g_array_index (series->reduction->holes, OpHole, k);

          if (hole->from >= time || time >= hole->to)
            continue;
          if (!hole->overwritten)
            return _("The logger stored nothing");
          /* Of a file it is not known why its numbers are not all there. */
          return self->batch != NULL ? _("Records of the logger are missing here")
                                     : _("Overwritten by the logger before it was collected");
        }
    }
  return NULL;
}

/* "9.4 °C (7.1 … 11.2 °C)" where a band lies around the value. */
static char *
dup_value (const Series *series, const OpReading *reading, OpTime time, OpTime reach)
{
  g_autofree char *value = op_readout_dup_value (series->type, reading->min, reading->max, series->units);
  g_autofree char *around = NULL;
  OpReading low, high;

  if (series->low == NULL || series->high == NULL || !op_reading_find (series->low, time, reach, &low)
      || !op_reading_find (series->high, time, reach, &high))
    return g_steal_pointer (&value);
  around = op_readout_dup_value (series->type, low.min, high.max, series->units);
  return g_strdup_printf ("%s (%s)", value, around);
}

GArray *
op_plot_columns_read (OpPlotColumns *self, OpPlot *plot, OpTime *time, OpTime reach)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (OpReadoutRow));
  OpTime pointer = *time;
  const char *cause;

  g_array_set_clear_func (rows, row_clear);
  for (guint i = 0; i < self->series->len; i++)
    {
      const Series *series = self->series->pdata[i];
      OpReading reading;
      OpReadoutRow row;

      if (series->reduction == NULL || !op_reading_find (series->reduction, pointer, reach, &reading))
        continue;
      if (rows->len == 0 && reading.exact)
        *time = reading.time;
      row = (OpReadoutRow) { op_plot_get_color (plot, i), op_plot_dup_label (series->label, series->reduction),
                             dup_value (series, &reading, pointer, reach) };
      g_array_append_val (rows, row);
    }
  cause = rows->len == 0 ? find_cause (self, pointer) : NULL;
  if (cause != NULL)
    {
      OpReadoutRow row = { GAP_COLOR, g_strdup (cause), g_strdup ("") };

      g_array_append_val (rows, row);
    }
  return rows;
}

/* The mean in the tenth of the span that is @tenth, 0 the first; NAN: there is nothing. */
static double
find_mean (const OpReduction *reduction, guint tenth)
{
  double sum = 0, n = 0;

  for (guint i = 0; reduction->bins != NULL && i < reduction->n_bins; i++)
    if (i * 10 / reduction->n_bins == tenth && reduction->bins[i].n_values > 0)
      {
        sum += reduction->bins[i].sum;
        n += reduction->bins[i].n_values;
      }
  for (gsize i = 0; i < reduction->n_points; i++)
    {
      double place = ((double) reduction->times[i] - (double) reduction->from)
                     / fmax ((double) reduction->to - (double) reduction->from, 1) * 10;

      if (place >= tenth && (place < tenth + 1 || (tenth == 9 && place <= 10)) && isfinite (reduction->values[i]))
        {
          sum += reduction->values[i];
          n++;
        }
    }
  return n > 0 ? sum / n : NAN;
}

/* From the first tenth to the last; nothing where one of them is empty. */
static void
append_trend (GString *text, const Series *series)
{
  const OpReduction *reduction = series->reduction;
  double change = find_mean (reduction, 9) - find_mean (reduction, 0);
  g_autofree char *digits = op_format_value (OP_TYPE_IEEE4, fabs (change));

  if (isnan (change))
    return;
  if (fabs (change) <= STEADY * (reduction->max - reduction->min))
    g_string_append (text, _(", steady"));
  else
    g_string_append_printf (text, change > 0 ? _(", rising by %s %s") : _(", falling by %s %s"), digits, series->units);
}

static void
append_description (GString *text, const Series *series)
{
  const OpReduction *reduction = series->reduction;
  char low[OP_VALUE_TEXT_SIZE], high[OP_VALUE_TEXT_SIZE];

  if (reduction == NULL || isnan (reduction->min))
    {
      g_string_append_printf (text, _("; %s: no values"), series->label);
      return;
    }
  op_value_format_number (series->type, reduction->min, low);
  op_value_format_number (series->type, reduction->max, high);
  g_string_append_printf (text, _("; %s: %s to %s %s"), series->label, low, high, series->units);
  append_trend (text, series);
}

/* All fields of a table have the same gaps, but for those not read yet. */
static void
append_gaps (GString *text, const GPtrArray *series)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  OpTime longest = 0;
  g_autofree char *duration = NULL;
  guint n;

  for (guint i = 0; i < series->len; i++)
    {
      const OpReduction *reduction = ((const Series *) series->pdata[i])->reduction;

      for (guint k = 0; reduction != NULL && k < reduction->holes->len; k++)
        {
          OpHole *hole = &g_array_index (reduction->holes, OpHole, k);

          g_hash_table_add (seen, &hole->from);
          longest = MAX (longest, hole->to - hole->from);
        }
    }
  n = g_hash_table_size (seen);
  if (n == 0)
    return;
  duration = op_format_duration ((double) longest / OP_SECOND);
  /* Translators: where no records are; the second is a time, "3 h 20 min" */
  g_string_append_printf (text, ngettext ("; %u gap, the longest %s", "; %u gaps, the longest %s", n), n, duration);
}

/* After a zoom, ends lie anywhere: what is far below the width of the picture is of no use to those who listen. */
static void
format_end (OpTime time, OpTime span, char text[OP_TIME_TEXT_SIZE])
{
  op_time_format (time, text);
  if (span > OP_MINUTE)
    text[strcspn (text, ".")] = '\0';
}

char *
op_plot_columns_dup_description (OpPlotColumns *self, OpTime from, OpTime to)
{
  GString *text = g_string_new (NULL);
  char from_text[OP_TIME_TEXT_SIZE], to_text[OP_TIME_TEXT_SIZE];

  format_end (from, to - from, from_text);
  format_end (to, to - from, to_text);
  if (self->series->len == 0)
    g_string_append (text, _("No fields chosen"));
  else
    g_string_append_printf (text, _("From %s to %s"), from_text, to_text);
  for (guint i = 0; i < self->series->len; i++)
    append_description (text, self->series->pdata[i]);
  append_gaps (text, self->series);
  return g_string_free (text, FALSE);
}
