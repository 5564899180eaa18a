/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/plot/plot-overview.h"

#include "app/plot/band.h"
#include "app/plot/plot.h"
#include "app/plot/span.h"
#include "app/ui/plot/plot-fetch.h"
#include "app/ui/plot/plot-overlay.h"
#include "app/ui/plot/plot-picture.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

/* Logical pixels. */
#define HEIGHT     44
#define PADDING    4.0
#define LINE_WIDTH 1.0
#define EDGE_REACH 6.0
#define MIN_WINDOW 3.0
#define DOT_RADIUS 2.0

typedef enum
{
  GRIP_NONE,
  GRIP_WINDOW,
  GRIP_FROM,
  GRIP_TO,
} Grip;

struct _OpPlotOverview
{
  GtkWidget      parent_instance;

  OpTableSource *source;
  OpIncarnation *incarnation; /* the snapshot of @source that is shown; NULL for a data file */
  gint           column;
  OpTime         first, last; /* of the records */
  OpTime         from, to;    /* of the window */
  OpReduction   *reduction;   /* of this or of an earlier source's state; NULL before the first */
  GCancellable  *cancellable; /* of what is being read */
  guint          n_bins;      /* that were asked for; 0: ask */

  Grip           grip;        /* what is dragged, and where it was */
  OpTime         grip_from, grip_to;
};

G_DEFINE_FINAL_TYPE (OpPlotOverview, op_plot_overview, GTK_TYPE_WIDGET)

static guint chosen_signal;

/* In logical pixels; as much around a single record as the plot shows. */
static OpFrame
get_frame (OpPlotOverview *self)
{
  OpSpan span;

  op_span_init (&span);
  op_span_reset (&span, self->first, self->last);
  return (OpFrame) {
    .left = 0,
    .right = MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1),
    .top = PADDING,
    .bottom = HEIGHT - PADDING,
    .from = span.from,
    .to = span.to,
    .high = 1,
  };
}

static gboolean
has_records (OpPlotOverview *self)
{
  return self->source != NULL && self->first <= self->last;
}

/* A single record has no parts. */
static gboolean
has_parts (OpPlotOverview *self)
{
  return self->source != NULL && self->first < self->last;
}

/* Where the window's edges are; it may be wider than the records. */
static void
get_edges (OpPlotOverview *self, double *left, double *right)
{
  OpFrame frame = get_frame (self);

  *left = CLAMP (op_frame_x (&frame, self->from), frame.left, frame.right);
  *right = CLAMP (op_frame_x (&frame, self->to), frame.left, frame.right);
}

/* Drawing */

/* An empty strip would say nothing. */
static void
show_or_hide (OpPlotOverview *self)
{
  gboolean has_values = self->column >= 0 && (self->reduction == NULL || !isnan (self->reduction->min));

  gtk_widget_set_visible (GTK_WIDGET (self), has_values);
}

static void
on_fetched_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpPlotOverview) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpReduction) reduction = op_plot_fetch_finish (result, &error);

  /* Cancelled: another was asked for. Failed: the plot, which read the same, says why. */
  if (reduction == NULL)
    return;
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->reduction, op_reduction_unref);
  self->reduction = g_steal_pointer (&reduction);
  show_or_hide (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
stop (OpPlotOverview *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->n_bins = 0;
}

static void
fetch (OpPlotOverview *self, guint n_bins)
{
  OpFrame frame = get_frame (self);

  stop (self);
  self->n_bins = n_bins;
  self->cancellable = g_cancellable_new ();
  op_plot_fetch_async (op_table_source_get_store (self->source), op_table_source_get_incarnation (self->source),
                       op_table_source_get_batch (self->source), (guint) self->column, frame.from, frame.to, n_bins,
                       FALSE, self->cancellable, on_fetched_cb, g_object_ref (self));
}

static void
draw_column (OpPlotOverview *self, cairo_t *cr)
{
  OpFrame frame = get_frame (self);
  /* What is constant lies in the middle. */
  double room = self->reduction->max > self->reduction->min ? 0 : fmax (fabs (self->reduction->min), 1) / 2;
  g_autoptr (OpBand) band = NULL;
  guint32 rgb;

  frame.low = self->reduction->min - room;
  frame.high = self->reduction->max + room;
  if (!isfinite (frame.low) || !isfinite (frame.high - frame.low))
    return;
  band = op_band_new (self->reduction, &frame);
  rgb = op_plot_style_get_color (op_plot_picture_is_dark () ? OP_PLOT_DARK : OP_PLOT_LIGHT, 0);
  cairo_set_source_rgb (cr, (rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0);
  op_band_fill (band, &frame, cr, LINE_WIDTH);
  if (has_parts (self))
    return;
  cairo_arc (cr, op_frame_x (&frame, self->first), (frame.top + frame.bottom) / 2, DOT_RADIUS, 0, 2 * G_PI);
  cairo_fill (cr);
}

/* What is beside the window is veiled; its edges have grips. */
static void
draw_window (OpPlotOverview *self, cairo_t *cr)
{
  gboolean dark = op_plot_picture_is_dark ();
  GdkRGBA mark = op_plot_overlay_get_color (dark);
  double left, right, width = gtk_widget_get_width (GTK_WIDGET (self));

  get_edges (self, &left, &right);
  right = fmax (right, left + 1);
  cairo_set_source_rgba (cr, dark ? 0 : 0.9, dark ? 0 : 0.9, dark ? 0 : 0.9, dark ? 0.6 : 0.7);
  cairo_rectangle (cr, 0, 0, left, HEIGHT);
  cairo_rectangle (cr, right, 0, fmax (width - right, 0), HEIGHT);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, &mark);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, left + 0.5, 0.5, fmax (right - left - 1, 1), HEIGHT - 1);
  cairo_stroke (cr);
  cairo_rectangle (cr, left, HEIGHT / 2.0 - 8, 3, 16);
  cairo_rectangle (cr, right - 3, HEIGHT / 2.0 - 8, 3, 16);
  cairo_fill (cr);
}

static void
op_plot_overview_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OpPlotOverview *self = OP_PLOT_OVERVIEW (widget);
  int width = gtk_widget_get_width (widget);
  guint n_bins = (guint) MAX (width, 1);
  cairo_t *cr;

  if (!has_records (self))
    return;
  if (self->column >= 0 && self->n_bins != n_bins)
    fetch (self, n_bins);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, HEIGHT));
  if (self->reduction != NULL && self->column >= 0)
    draw_column (self, cr);
  draw_window (self, cr);
  cairo_destroy (cr);
}

static void
op_plot_overview_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 0;
}

static void
describe (OpPlotOverview *self)
{
  char first[OP_TIME_TEXT_SIZE], last[OP_TIME_TEXT_SIZE], from[OP_TIME_TEXT_SIZE], to[OP_TIME_TEXT_SIZE];
  g_autofree char *text = NULL;

  op_time_format (self->first, first);
  op_time_format (self->last, last);
  op_time_format (self->from, from);
  op_time_format (self->to, to);
  text = has_records (self)
           ? g_strdup_printf (_("Records from %s to %s; the plot shows %s to %s"), first, last, from, to)
           : g_strdup (_("No records yet"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

/* Dragging */

/* The edge that is nearer wins where both are in reach, so that a narrow window can be pulled open. */
static Grip
find_grip (OpPlotOverview *self, double x)
{
  double left, right;

  get_edges (self, &left, &right);
  if (fabs (x - left) <= EDGE_REACH && fabs (x - left) < fabs (x - right))
    return GRIP_FROM;
  if (fabs (x - right) <= EDGE_REACH)
    return GRIP_TO;
  return x > left && x < right ? GRIP_WINDOW : GRIP_NONE;
}

static void
choose (OpPlotOverview *self, OpTime from, OpTime to)
{
  if (from < to)
    g_signal_emit (self, chosen_signal, 0, from, to);
}

/* A window that stays among the records, as long as it was. */
static void
move_window (OpPlotOverview *self, OpTime from, OpTime to, OpTime by)
{
  OpTime length = to - from;

  if (length >= self->last - self->first)
    return;
  from = CLAMP (from + by, self->first, self->last - length);
  choose (self, from, from + length);
}

static void
on_drag_begin_cb (OpPlotOverview *self, double x, double y)
{
  OpFrame frame = get_frame (self);
  OpTime length = self->to - self->from, from = op_frame_time (&frame, x) - length / 2;

  if (!has_parts (self))
    return;
  self->grip = find_grip (self, x);
  if (self->grip == GRIP_NONE)
    {
      move_window (self, from, from + length, 0);
      self->grip = GRIP_WINDOW;
    }
  self->grip_from = self->from;
  self->grip_to = self->to;
}

static void
on_drag_update_cb (OpPlotOverview *self, double dx, double dy)
{
  OpFrame frame = get_frame (self);
  double pixel = op_frame_get_length (&frame) / (frame.right - frame.left);
  OpTime by = (OpTime) (dx * pixel), least = MAX ((OpTime) (MIN_WINDOW * pixel), 1);

  if (!has_parts (self))
    return;
  if (self->grip == GRIP_FROM)
    choose (self, CLAMP (self->grip_from + by, self->first, self->grip_to - least), self->grip_to);
  else if (self->grip == GRIP_TO)
    choose (self, self->grip_from, MAX (MIN (self->grip_to + by, self->last), self->grip_from + least));
  else if (self->grip == GRIP_WINDOW)
    move_window (self, self->grip_from, self->grip_to, by);
}

static void
on_drag_end_cb (OpPlotOverview *self)
{
  self->grip = GRIP_NONE;
}

static void
on_motion_cb (OpPlotOverview *self, double x, double y)
{
  static const char *const names[] = { NULL, "grab", "ew-resize", "ew-resize" };

  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), names[has_parts (self) ? find_grip (self, x) : GRIP_NONE]);
}

static void
op_plot_overview_dispose (GObject *object)
{
  OpPlotOverview *self = OP_PLOT_OVERVIEW (object);

  stop (self);
  g_clear_object (&self->source);
  g_clear_pointer (&self->incarnation, op_incarnation_unref);
  g_clear_pointer (&self->reduction, op_reduction_unref);
  G_OBJECT_CLASS (op_plot_overview_parent_class)->dispose (object);
}

static void
op_plot_overview_class_init (OpPlotOverviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_plot_overview_dispose;
  widget_class->snapshot = op_plot_overview_snapshot;
  widget_class->measure = op_plot_overview_measure;
  chosen_signal = g_signal_new ("chosen", OP_TYPE_PLOT_OVERVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                G_TYPE_INT64, G_TYPE_INT64);
  gtk_widget_class_set_css_name (widget_class, "overview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
op_plot_overview_init (OpPlotOverview *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->column = -1;
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (on_drag_end_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Whole Span"), -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), _("All records; drag the window over what the plot is to show"));
  describe (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
}

void
op_plot_overview_set_source (OpPlotOverview *self, OpTableSource *source, gint column, OpTime first, OpTime last)
{
  OpIncarnation *incarnation = source != NULL ? op_table_source_get_incarnation (source) : NULL;

  g_return_if_fail (OP_IS_PLOT_OVERVIEW (self));

  /* Other fields were chosen, or how they are drawn: the same is shown here. */
  if (source == self->source && incarnation == self->incarnation && column == self->column && first == self->first
      && last == self->last)
    return;
  stop (self);
  g_clear_pointer (&self->incarnation, op_incarnation_unref);
  self->incarnation = incarnation != NULL ? op_incarnation_ref (incarnation) : NULL;
  if (g_set_object (&self->source, source) || column != self->column)
    g_clear_pointer (&self->reduction, op_reduction_unref);
  self->column = column;
  self->first = first;
  self->last = last;
  show_or_hide (self);
  /* Hidden, it is not drawn, which else asks: values may have come. */
  if (!gtk_widget_get_visible (GTK_WIDGET (self)) && has_records (self) && column >= 0)
    fetch (self, 1);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
op_plot_overview_set_window (OpPlotOverview *self, OpTime from, OpTime to)
{
  g_return_if_fail (OP_IS_PLOT_OVERVIEW (self));

  self->from = from;
  self->to = to;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
