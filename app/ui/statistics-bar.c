/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/statistics-bar.h"

#include "app/engine/statistics.h"
#include "app/ui/format.h"
#include "app/ui/wrap-layout.h"

#include <glib/gi18n.h>
#include <math.h>

/* After which a span that was moved counts as one to be looked at. */
#define SETTLED_MS 120

/* The key of a widget's whole text. */
#define WHOLE "op-whole"

typedef enum
{
  ITEM_SPAN,
  ITEM_COUNT,
  ITEM_NAN,
  ITEM_COVERAGE,
  ITEM_TIMES,
  ITEM_MEAN,
  ITEM_DEVIATION,
  ITEM_MIN,
  ITEM_MAX,
  ITEM_SUM,
  ITEM_DIFFERENCE,
  ITEM_SLOPE,
  N_ITEMS
} Item;

struct _OpStatisticsBar
{
  AdwBin         parent_instance;

  GtkDropDown   *field;
  GtkBox        *items;
  GtkLabel      *titles[N_ITEMS];
  GtkLabel      *values[N_ITEMS];

  OpTableSource *source;
  GArray        *columns;      /* of guint: those in the drop-down */
  OpTime         from, to;
  gboolean       is_selection;
  gboolean       is_listing;
  guint          timer;
  GCancellable  *cancellable;  /* of what is being worked out; NULL: nothing */
};

G_DEFINE_FINAL_TYPE (OpStatisticsBar, op_statistics_bar, ADW_TYPE_BIN)

static guint
get_column (OpStatisticsBar *self)
{
  return g_array_index (self->columns, guint,
                        MIN (gtk_drop_down_get_selected (self->field), self->columns->len - 1));
}

static const OpField *
get_field (OpStatisticsBar *self)
{
  return op_table_get_column (op_table_source_get_table (self->source), get_column (self), NULL);
}

/* Texts */

/* A tooltip that is set is looked for at the pointer at once, wherever that is: it would pop up over what somebody is
   about to click. One that is asked for is not. */
static gboolean
on_query_tooltip_cb (GtkWidget *widget, int x, int y, gboolean by_keyboard, GtkTooltip *tooltip)
{
  const char *whole = g_object_get_data (G_OBJECT (widget), WHOLE);

  gtk_tooltip_set_text (tooltip, whole);
  return whole != NULL;
}

/* @title and @text are seen, @whole is what they are short for; NULL: the item does not show. */
static void
set_short_item (OpStatisticsBar *self, Item item, const char *title, const char *text, const char *whole)
{
  GtkWidget *value = GTK_WIDGET (self->values[item]);
  g_autofree char *seen = g_strdup_printf ("%s %s", title, text != NULL ? text : "");

  gtk_widget_set_visible (gtk_widget_get_parent (value), text != NULL);
  if (text == NULL)
    return;
  gtk_label_set_label (self->titles[item], title);
  gtk_label_set_label (self->values[item], text);
  g_object_set_data_full (G_OBJECT (value), WHOLE, g_str_equal (seen, whole) ? NULL : g_strdup (whole), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_PROPERTY_LABEL, whole, -1);
}

/* Takes @text; NULL: the item does not show. */
static void
set_item (OpStatisticsBar *self, Item item, const char *title, char *text)
{
  g_autofree char *owned = text;
  g_autofree char *whole = text != NULL ? g_strdup_printf ("%s %s", title, text) : NULL;

  set_short_item (self, item, title, text, whole);
}

static char *
dup_number (double number, const char *units)
{
  g_autofree char *digits = op_format_result (number, FALSE);

  return isnan (number) ? NULL : g_strdup_printf ("%s %s", digits, units);
}

/* Whether @format says the same of @time as of the first and of the last record. */
static gboolean
is_shared (const OpStatistics *statistics, OpTime time, const char *format)
{
  g_autofree char *text = op_format_time (time, format);
  g_autofree char *first = op_format_time (statistics->first_time, format);
  g_autofree char *last = op_format_time (statistics->last_time, format);

  return g_str_equal (text, first) && g_str_equal (text, last);
}

/* Without what goes without saying: times are the longest part of the bar. */
static char *
dup_short_time (const OpStatistics *statistics, OpTime time, const char *whole)
{
  const char *end = whole + strlen (whole);

  /* A fraction of a second is no ":00". */
  if (g_str_has_suffix (whole, ":00"))
    end -= strlen (":00");
  if (is_shared (statistics, time, "%F"))
    whole += strlen ("2026-01-01 ");
  else if (is_shared (statistics, time, "%Y"))
    whole += strlen ("2026-");
  return g_strndup (whole, (gsize) (end - whole));
}

static void
set_extreme (OpStatisticsBar *self, Item item, const char *title, double number, OpTime time,
             const OpStatistics *statistics)
{
  const OpField *field = get_field (self);
  char digits[OP_VALUE_TEXT_SIZE], time_text[OP_TIME_TEXT_SIZE];
  g_autofree char *short_time = NULL, *text = NULL, *whole = NULL;

  if (isnan (number))
    {
      set_item (self, item, title, NULL);
      return;
    }
  /* It is one of the values: written as the grid writes it. */
  op_value_format_number (field->type, number, digits);
  op_time_format (time, time_text);
  short_time = dup_short_time (statistics, time, time_text);
  text = g_strdup_printf ("%s %s · %s", digits, field->units, short_time);
  whole = g_strdup_printf ("%s %s %s · %s", title, digits, field->units, time_text);
  set_short_item (self, item, title, text, whole);
}

static void
set_deviation (OpStatisticsBar *self, double number)
{
  g_autofree char *text = dup_number (number, get_field (self)->units);
  g_autofree char *whole = text != NULL ? g_strdup_printf (_("Standard deviation %s"), text) : NULL;

  set_short_item (self, ITEM_DEVIATION, _("Std. dev."), text, whole);
}

/* A change a day says more than one a second, but for short spans. */
static char *
dup_slope (const OpStatistics *statistics, const char *units)
{
  double length = (double) statistics->last_time - (double) statistics->first_time;
  double rate = (statistics->last - statistics->first) / length;
  gboolean is_long = length >= OP_DAY;
  g_autofree char *digits = op_format_result (rate * (double) (is_long ? OP_DAY : OP_HOUR), TRUE);

  if (!(length > 0))
    return NULL;
  return g_strdup_printf (is_long ? _("%s %s a day") : _("%s %s an hour"), digits, units);
}

static char *
dup_out_of_order (guint64 n)
{
  g_autofree char *count = op_format_count (n);

  if (n == 0)
    return NULL;
  return g_strdup_printf (ngettext ("%s record out of order", "%s records out of order", (gulong) n), count);
}

static void
show (OpStatisticsBar *self, const OpStatistics *statistics)
{
  const char *units = get_field (self)->units;
  gboolean has_ends = self->is_selection && statistics->n_values > 1;
  g_autofree char *difference = op_format_result (statistics->last - statistics->first, TRUE);

  set_item (self, ITEM_COUNT, _("Values"), op_format_count (statistics->n_values));
  set_item (self, ITEM_NAN, _("Without a value"),
            statistics->n_nan > 0 ? op_format_count (statistics->n_nan) : NULL);
  set_item (self, ITEM_COVERAGE, _("Coverage"),
            isnan (statistics->coverage) ? NULL : g_strdup_printf ("%.1f %%", 100 * statistics->coverage));
  set_item (self, ITEM_TIMES, _("Times"), dup_out_of_order (statistics->n_out_of_order));
  set_item (self, ITEM_MEAN, _("Mean"), dup_number (statistics->mean, units));
  set_deviation (self, statistics->deviation);
  set_extreme (self, ITEM_MIN, _("Minimum"), statistics->min, statistics->min_time, statistics);
  set_extreme (self, ITEM_MAX, _("Maximum"), statistics->max, statistics->max_time, statistics);
  set_item (self, ITEM_SUM, _("Sum"), dup_number (statistics->sum, units));
  set_item (self, ITEM_DIFFERENCE, _("A to B"),
            has_ends ? g_strdup_printf ("%s %s", difference, units) : NULL);
  set_item (self, ITEM_SLOPE, _("Slope"), has_ends ? dup_slope (statistics, units) : NULL);
}

static void
show_span (OpStatisticsBar *self)
{
  double seconds = ((double) self->to - (double) self->from) / OP_SECOND;

  set_item (self, ITEM_SPAN, self->is_selection ? _("Selected") : _("Visible"), op_format_duration (seconds));
}

/* Working out */

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpStatisticsBar) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree OpStatistics *statistics = op_statistics_read_finish (result, &error);

  /* Another span is being looked at by now. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (statistics != NULL)
    show (self, statistics);
  else
    set_item (self, ITEM_COUNT, _("Values"), g_strdup (error->message));
}

static gboolean
on_settled_cb (gpointer data)
{
  OpStatisticsBar *self = data;
  OpBatch *batch = op_table_source_get_batch (self->source);
  g_autoptr (OpRecords) records
    = batch != NULL ? op_records_new_batch (batch)
                    : op_records_new_incarnation (op_table_source_get_store (self->source),
                                                  op_table_source_get_incarnation (self->source));

  self->timer = 0;
  self->cancellable = g_cancellable_new ();
  op_statistics_read_async (records, get_column (self), self->from, self->to, self->cancellable, on_read_cb,
                            g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
stop (OpStatisticsBar *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
work_out (OpStatisticsBar *self)
{
  gboolean can = self->source != NULL && self->columns->len > 0 && self->from < self->to;

  stop (self);
  gtk_widget_set_visible (GTK_WIDGET (self), can);
  if (!can)
    return;
  g_object_set_data_full (G_OBJECT (self->field), WHOLE,
                          op_table_dup_column_name (op_table_source_get_table (self->source), get_column (self)),
                          g_free);
  show_span (self);
  self->timer = g_timeout_add (SETTLED_MS, on_settled_cb, self);
}

static void
on_chosen_cb (OpStatisticsBar *self)
{
  if (!self->is_listing)
    work_out (self);
}

void
op_statistics_bar_set_columns (OpStatisticsBar *self, OpTableSource *source, const guint *columns, guint n_columns)
{
  g_return_if_fail (OP_IS_STATISTICS_BAR (self) && OP_IS_TABLE_SOURCE (source));

  OpTable *table = op_table_source_get_table (source);
  guint before = self->columns->len > 0 ? get_column (self) : 0, selected = 0;
  gboolean is_same = self->source == source;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_set_object (&self->source, source);
  g_array_set_size (self->columns, 0);
  for (guint i = 0; i < n_columns; i++)
    if (op_type_kind (op_table_get_column (table, columns[i], NULL)->type) == OP_KIND_NUMBER)
      {
        if (is_same && columns[i] == before)
          selected = self->columns->len;
        g_array_append_val (self->columns, columns[i]);
        gtk_string_list_take (names, op_table_dup_column_name (table, columns[i]));
      }
  self->is_listing = TRUE;
  gtk_drop_down_set_model (self->field, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->field, selected);
  self->is_listing = FALSE;
  work_out (self);
}

void
op_statistics_bar_set_span (OpStatisticsBar *self, OpTime from, OpTime to, gboolean is_selection)
{
  g_return_if_fail (OP_IS_STATISTICS_BAR (self));

  if (self->from == from && self->to == to && self->is_selection == is_selection)
    return;
  self->from = from;
  self->to = to;
  self->is_selection = is_selection;
  work_out (self);
}

static void
op_statistics_bar_dispose (GObject *object)
{
  OpStatisticsBar *self = OP_STATISTICS_BAR (object);

  stop (self);
  g_clear_object (&self->source);
  G_OBJECT_CLASS (op_statistics_bar_parent_class)->dispose (object);
}

static void
op_statistics_bar_finalize (GObject *object)
{
  g_array_unref (OP_STATISTICS_BAR (object)->columns);
  G_OBJECT_CLASS (op_statistics_bar_parent_class)->finalize (object);
}

static void
op_statistics_bar_class_init (OpStatisticsBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_statistics_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = op_statistics_bar_finalize;
  g_type_ensure (OP_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/statistics-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, OpStatisticsBar, field);
  gtk_widget_class_bind_template_child (widget_class, OpStatisticsBar, items);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
}

static void
explain (GtkWidget *widget)
{
  gtk_widget_set_has_tooltip (widget, TRUE);
  g_signal_connect (widget, "query-tooltip", G_CALLBACK (on_query_tooltip_cb), NULL);
}

static GtkLabel *
new_label (GtkBox *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (box, label);
  return GTK_LABEL (label);
}

static void
op_statistics_bar_init (OpStatisticsBar *self)
{
  self->columns = g_array_new (FALSE, FALSE, sizeof (guint));
  gtk_widget_init_template (GTK_WIDGET (self));
  explain (GTK_WIDGET (self->field));
  for (guint i = 0; i < N_ITEMS; i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

      self->titles[i] = new_label (GTK_BOX (box), "dim-label");
      self->values[i] = new_label (GTK_BOX (box), "numeric");
      gtk_label_set_selectable (self->values[i], TRUE);
      explain (GTK_WIDGET (self->values[i]));
      gtk_widget_set_visible (box, FALSE);
      gtk_box_append (self->items, box);
    }
}
