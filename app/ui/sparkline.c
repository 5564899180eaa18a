/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/sparkline.h"

#include <math.h>

#define HEIGHT     32
#define LINE_WIDTH 1.5

struct _OpSparkline
{
  GtkWidget    parent_instance;
  OpLiveField *field;
  guint32      color;
};

G_DEFINE_FINAL_TYPE (OpSparkline, op_sparkline, GTK_TYPE_WIDGET)

static void
find_range (const double *values, gsize n, double *min, double *max)
{
  *min = INFINITY;
  *max = -INFINITY;
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      {
        *min = fmin (*min, values[i]);
        *max = fmax (*max, values[i]);
      }
}

/* What is no number breaks the line. */
static void
draw_line (cairo_t *cr, const OpTime *times, const double *values, gsize n, double width, double height)
{
  double span = (double) (times[n - 1] - times[0]);
  double min, max;

  find_range (values, n, &min, &max);
  for (gsize i = 0; i < n; i++)
    {
      double x = span > 0 ? (double) (times[i] - times[0]) / span : 0.5;
      double y = max > min ? (values[i] - min) / (max - min) : 0.5;

      if (isfinite (values[i]))
        cairo_line_to (cr, LINE_WIDTH + x * (width - 2 * LINE_WIDTH),
                       height - LINE_WIDTH - y * (height - 2 * LINE_WIDTH));
      else
        cairo_new_sub_path (cr);
    }
  cairo_stroke (cr);
}

static void
op_sparkline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OpSparkline *self = OP_SPARKLINE (widget);
  float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);
  const OpBatch *history = self->field != NULL ? op_live_field_get_history (self->field) : NULL;
  gsize n = history != NULL ? op_batch_get_n_records (history) : 0;
  cairo_t *cr;

  if (n < 2)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  cairo_set_source_rgb (cr, (self->color >> 16 & 0xff) / 255.0, (self->color >> 8 & 0xff) / 255.0,
                        (self->color & 0xff) / 255.0);
  cairo_set_line_width (cr, LINE_WIDTH);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  draw_line (cr, op_batch_get_times (history),
             op_batch_get_numbers (history, op_live_field_get_span (self->field)->column), n, width, height);
  cairo_destroy (cr);
}

static void
op_sparkline_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 0;
}

static void
op_sparkline_dispose (GObject *object)
{
  g_clear_object (&OP_SPARKLINE (object)->field);
  G_OBJECT_CLASS (op_sparkline_parent_class)->dispose (object);
}

static void
op_sparkline_class_init (OpSparklineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_sparkline_dispose;
  widget_class->snapshot = op_sparkline_snapshot;
  widget_class->measure = op_sparkline_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
op_sparkline_init (OpSparkline *self)
{
}

void
op_sparkline_set_field (OpSparkline *self, OpLiveField *field)
{
  if (!g_set_object (&self->field, field))
    return;
  g_signal_connect_object (field, "changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
op_sparkline_set_color (OpSparkline *self, guint32 color)
{
  self->color = color;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
