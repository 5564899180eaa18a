/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/live-plot.h"

#include "app/ui/plot/plot-picture.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Elements of an array that are drawn. */
#define MAX_ELEMENTS 8
#define PANE_HEIGHT  104
#define AXIS_HEIGHT  40
#define MIN_WIDTH    200
#define MIN_SPAN     (20 * OP_SECOND)

struct _OpLivePlot
{
  GtkWidget   parent_instance;
  OpPlot     *plot;
  GPtrArray  *fields;  /* OpLiveField */
  GdkTexture *picture; /* NULL: to be drawn anew */
};

G_DEFINE_FINAL_TYPE (OpLivePlot, op_live_plot, GTK_TYPE_WIDGET)

static gboolean
is_drawable (OpLiveField *field)
{
  const OpValueSpan *span = op_live_field_get_span (field);

  return span != NULL && op_type_kind (span->type) == OP_KIND_NUMBER;
}

static guint
count_elements (OpLiveField *field)
{
  return MIN (op_live_field_get_span (field)->count, MAX_ELEMENTS);
}

/* From the first to the last record that any of them has. */
static gboolean
find_span (OpLivePlot *self, OpTime *from, OpTime *to)
{
  *from = G_MAXINT64;
  *to = G_MININT64;
  for (guint i = 0; i < self->fields->len; i++)
    {
      OpLiveField *field = g_ptr_array_index (self->fields, i);
      const OpBatch *history = op_live_field_get_history (field);

      if (!is_drawable (field) || !op_live_field_has_value (field))
        continue;
      *from = MIN (*from, op_batch_get_times (history)[0]);
      *to = MAX (*to, op_live_field_get_time (field));
    }
  if (*from > *to)
    return FALSE;
  *to = MAX (*to, *from + MIN_SPAN);
  return TRUE;
}

static void
add_field (OpLivePlot *self, OpLiveField *field, OpTime from, OpTime to, guint n_bins)
{
  const OpValueSpan *span = op_live_field_get_span (field);
  const OpBatch *history = op_live_field_get_history (field);

  for (guint i = 0; i < count_elements (field); i++)
    {
      g_autofree char *label = op_table_dup_column_name (span->definition, span->column + i);
      g_autoptr (OpReduction) reduction
        = op_reduction_new_from_batch (history, span->column + i, 0, from, to, n_bins);

      op_plot_add_series (self->plot, label, op_live_field_get_units (field), reduction);
    }
}

static void
fill_plot (OpLivePlot *self, guint n_bins)
{
  OpTime from, to;

  op_plot_clear (self->plot);
  if (!find_span (self, &from, &to))
    return;
  op_plot_set_span (self->plot, from, to);
  for (guint i = 0; i < self->fields->len; i++)
    if (is_drawable (g_ptr_array_index (self->fields, i)))
      add_field (self, g_ptr_array_index (self->fields, i), from, to, n_bins);
}

static guint
count_panes (OpLivePlot *self)
{
  g_autoptr (GHashTable) units = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->fields->len; i++)
    if (is_drawable (g_ptr_array_index (self->fields, i)))
      g_hash_table_add (units, (gpointer) op_live_field_get_units (g_ptr_array_index (self->fields, i)));
  return MAX (g_hash_table_size (units), 1);
}

static void
describe (OpLivePlot *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->fields->len; i++)
    {
      OpLiveField *field = g_ptr_array_index (self->fields, i);

      if (!is_drawable (field))
        continue;
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", op_live_field_get_name (field));
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
}

static void
op_live_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OpLivePlot *self = OP_LIVE_PLOT (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  int scale = gtk_widget_get_scale_factor (widget);
  OpTime from, to;

  if (width < 1 || height < 1 || !find_span (self, &from, &to))
    return;
  if (self->picture != NULL && (gdk_texture_get_width (self->picture) != width * scale
                                || gdk_texture_get_height (self->picture) != height * scale))
    g_clear_object (&self->picture);
  if (self->picture == NULL)
    {
      fill_plot (self, (guint) (width * scale));
      self->picture = op_plot_picture_new (self->plot, width * scale, height * scale, scale);
    }
  gtk_snapshot_append_texture (snapshot, self->picture, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
}

static void
op_live_plot_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = MIN_WIDTH;
  else
    *minimum = *natural = AXIS_HEIGHT + (int) count_panes (OP_LIVE_PLOT (widget)) * PANE_HEIGHT;
}

static void
op_live_plot_finalize (GObject *object)
{
  OpLivePlot *self = OP_LIVE_PLOT (object);

  g_clear_pointer (&self->plot, op_plot_free);
  g_ptr_array_unref (self->fields);
  g_clear_object (&self->picture);
  G_OBJECT_CLASS (op_live_plot_parent_class)->finalize (object);
}

static void
op_live_plot_class_init (OpLivePlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = op_live_plot_finalize;
  widget_class->snapshot = op_live_plot_snapshot;
  widget_class->measure = op_live_plot_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
op_live_plot_init (OpLivePlot *self)
{
  self->plot = op_plot_new ();
  self->fields = g_ptr_array_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Live Plot"), -1);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (op_live_plot_refresh), self,
                           G_CONNECT_SWAPPED);
}

void
op_live_plot_set_fields (OpLivePlot *self, GPtrArray *fields)
{
  g_ptr_array_unref (self->fields);
  self->fields = g_ptr_array_ref (fields);
  describe (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  op_live_plot_refresh (self);
}

void
op_live_plot_refresh (OpLivePlot *self)
{
  g_clear_object (&self->picture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
op_live_plot_get_color (OpLivePlot *self, OpLiveField *field, guint32 *color)
{
  guint series = 0;

  for (guint i = 0; i < self->fields->len; i++)
    {
      OpLiveField *drawn = g_ptr_array_index (self->fields, i);

      if (!is_drawable (drawn))
        continue;
      if (drawn == field)
        {
          op_plot_set_style (self->plot, op_plot_picture_is_dark () ? OP_PLOT_DARK : OP_PLOT_LIGHT);
          *color = op_plot_get_color (self->plot, series);
          return TRUE;
        }
      series += count_elements (drawn);
    }
  return FALSE;
}
