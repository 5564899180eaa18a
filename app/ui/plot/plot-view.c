/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/plot/plot-view.h"

#include "app/ui/plot/plot-overlay.h"
#include "app/ui/plot/plot-picture.h"
#include "app/ui/plot/plot-view-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define MIN_WIDTH    200
#define MIN_HEIGHT   120
/* A cairo picture's side. */
#define MAX_PIXELS   32767
#define SAVED_WIDTH  1000
#define SAVED_HEIGHT 600
/* The values decide how wide the labels are, and these how wide the data: asking anew must come to an end. */
#define MAX_ASKED    3

G_DEFINE_FINAL_TYPE (OpPlotView, op_plot_view, GTK_TYPE_WIDGET)

enum
{
  PROP_FROM = 1,
  PROP_TO,
  PROP_READING,
  PROP_FOLLOWS,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];
static guint selected_signal;

static void
redraw (OpPlotView *self)
{
  self->stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* What a screen reader says instead of the picture. */
static void
describe (OpPlotView *self)
{
  const char *note = op_plot_columns_get_first (self->columns) >= 0 ? op_plot_get_axis_note (self->plot) : "";
  g_autofree char *fields = op_plot_columns_dup_description (self->columns, self->span.from, self->span.to);
  g_autofree char *text = g_strconcat (fields, note[0] != '\0' ? "; " : NULL, note, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

/* The span, the source or the columns changed: the old picture serves until there is better. */
static void
invalidate (OpPlotView *self)
{
  op_plot_columns_stop (self->columns);
  self->n_bins = self->n_asked = 0;
  redraw (self);
}

void
op_plot_view_show_span (OpPlotView *self, const OpSpan *span)
{
  OpSpan earlier = self->span;

  self->span = *span;
  if (span->from == earlier.from && span->to == earlier.to)
    return;
  invalidate (self);
  g_object_freeze_notify (G_OBJECT (self));
  if (span->from != earlier.from)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FROM]);
  if (span->to != earlier.to)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TO]);
  g_object_thaw_notify (G_OBJECT (self));
}

/* What a person chose, and can come back from. */
void
op_plot_view_choose_span (OpPlotView *self, const OpSpan *span)
{
  if (span->from != self->span.from || span->to != self->span.to)
    op_plot_history_leave (self->history, &self->span, g_get_monotonic_time ());
  op_plot_view_show_span (self, span);
}

void
op_plot_view_select (OpPlotView *self, gboolean has_selection, OpTime a, OpTime b)
{
  self->has_selection = has_selection;
  self->cursor_a = a;
  self->cursor_b = b;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, selected_signal, 0, self->is_selecting);
}

void
op_plot_view_fit (OpPlotView *self)
{
  OpSpan span = self->span;

  op_span_fit (&span);
  op_plot_view_choose_span (self, &span);
}

void
op_plot_view_zoom (OpPlotView *self, OpTime time, double factor)
{
  OpSpan span = self->span;

  op_span_zoom (&span, time, factor);
  op_plot_view_choose_span (self, &span);
}

void
op_plot_view_pan (OpPlotView *self, const OpSpan *start, double part)
{
  OpSpan span = *start;

  op_span_pan (&span, part);
  op_plot_view_choose_span (self, &span);
}

static int
get_scale (OpPlotView *self)
{
  return gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

/* The data's edges in logical pixels. */
void
op_plot_view_get_area (OpPlotView *self, double *left, double *right, double *top, double *bottom)
{
  double scale = get_scale (self);

  op_plot_get_area (self->plot, left, right, top, bottom);
  *left /= scale;
  *right /= scale;
  *top /= scale;
  *bottom /= scale;
}

OpTime
op_plot_view_time_at (OpPlotView *self, double x)
{
  return op_plot_x_to_time (self->plot, x * get_scale (self));
}

static void
fill_plot (OpPlotView *self)
{
  op_plot_set_span (self->plot, self->span.from, self->span.to);
  op_plot_columns_fill (self->columns, self->plot);
}

static void
draw_picture (OpPlotView *self, int width, int height)
{
  fill_plot (self);
  g_clear_object (&self->picture);
  self->picture = op_plot_picture_new (self->plot, width, height, get_scale (self));
  self->stale = FALSE;
}

/* Asks for what a picture of this width needs. */
static void
fetch_for_width (OpPlotView *self)
{
  double left, right, top, bottom;
  guint n_bins;

  op_plot_get_area (self->plot, &left, &right, &top, &bottom);
  n_bins = (guint) fmax (right - left, 1);
  if (self->n_bins == n_bins || self->n_asked == MAX_ASKED || op_plot_columns_is_reading (self->columns) ||
      op_plot_columns_get_error (self->columns) != NULL)
    return;
  self->n_bins = n_bins;
  self->n_asked++;
  op_plot_columns_fetch (self->columns, self->span.from, self->span.to, n_bins);
}

static void
update_picture (OpPlotView *self, int width, int height)
{
  gboolean resized = self->picture == NULL || gdk_texture_get_width (self->picture) != width ||
                     gdk_texture_get_height (self->picture) != height;

  if (!resized && !self->stale)
    return;
  if (resized)
    self->n_asked = 0;
  draw_picture (self, width, height);
  fetch_for_width (self);
}

/* Marked to be zoomed to; no letters, as nothing is to be read off. */
static void
snapshot_box (OpPlotView *self, GtkSnapshot *snapshot)
{
  double left, right, top, bottom, scale = get_scale (self);

  op_plot_view_get_area (self, &left, &right, &top, &bottom);
  op_plot_overlay_snapshot_box (snapshot, CLAMP (op_plot_time_to_x (self->plot, self->box_a) / scale, left, right),
                                CLAMP (op_plot_time_to_x (self->plot, self->box_b) / scale, left, right), top, bottom,
                                op_plot_picture_is_dark ());
}

static void
snapshot_selection (OpPlotView *self, GtkSnapshot *snapshot)
{
  double scale = get_scale (self);
  OpFrame frame = { 0 };

  op_plot_view_get_area (self, &frame.left, &frame.right, &frame.top, &frame.bottom);
  op_plot_overlay_snapshot_selection (GTK_WIDGET (self), snapshot, op_plot_time_to_x (self->plot, self->cursor_a) / scale,
                                      op_plot_time_to_x (self->plot, self->cursor_b) / scale, &frame,
                                      op_plot_picture_is_dark ());
}

/* What stands where no picture can, or NULL. */
const char *
op_plot_view_get_message (OpPlotView *self)
{
  if (!op_span_has_records (&self->span))
    return _("No records yet");
  if (op_plot_columns_get_n (self->columns) == 0)
    return _("Choose fields in the list");
  return NULL;
}

static void
snapshot_time_axis (OpPlotView *self, GtkSnapshot *snapshot)
{
  double left, right, top, bottom;

  op_plot_view_get_area (self, &left, &right, &top, &bottom);
  op_plot_overlay_snapshot_foot (GTK_WIDGET (self), snapshot, self->picture, bottom);
}

static void
op_plot_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget), scale = get_scale (self);

  if (width < 1 || height < 1)
    return;
  if (op_plot_view_get_message (self) != NULL)
    {
      op_plot_overlay_snapshot_text (widget, snapshot, op_plot_view_get_message (self));
      return;
    }
  update_picture (self, width * scale, height * scale);
  gtk_snapshot_append_texture (snapshot, self->picture, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  if (op_plot_columns_get_error (self->columns) != NULL)
    op_plot_overlay_snapshot_text (widget, snapshot, op_plot_columns_get_error (self->columns));
  if (self->has_selection)
    snapshot_selection (self, snapshot);
  if (self->is_boxing)
    snapshot_box (self, snapshot);
  snapshot_time_axis (self, snapshot);
  if (self->has_pointer && op_plot_columns_get_error (self->columns) == NULL)
    op_plot_view_snapshot_tracker (self, snapshot);
}

static void
op_plot_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN_WIDTH;
      *natural = MIN_WIDTH * 2;
      return;
    }
  op_plot_columns_fill (self->columns, self->plot);
  *minimum = CLAMP (op_plot_get_least_height (self->plot), MIN_HEIGHT, MAX_PIXELS / get_scale (self));
  *natural = MAX (*minimum, MIN_HEIGHT * 2);
}

/* Where it scrolls, what is drawn depends on what is in sight. */
static void
op_plot_view_root (GtkWidget *widget)
{
  GtkWidget *place = gtk_widget_get_ancestor (widget, GTK_TYPE_VIEWPORT);
  GtkAdjustment *adjustment;

  GTK_WIDGET_CLASS (op_plot_view_parent_class)->root (widget);
  if (place == NULL)
    return;
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (place));
  g_signal_handlers_disconnect_by_func (adjustment, gtk_widget_queue_draw, widget);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (gtk_widget_queue_draw), widget, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (gtk_widget_queue_draw), widget, G_CONNECT_SWAPPED);
}

static void
on_changed_cb (OpPlotView *self)
{
  if (!op_plot_columns_is_reading (self->columns))
    describe (self);
  redraw (self);
}

static void
op_plot_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OpPlotView *self = OP_PLOT_VIEW (object);

  switch (id)
    {
    case PROP_FROM:
      g_value_set_int64 (value, self->span.from);
      break;
    case PROP_TO:
      g_value_set_int64 (value, self->span.to);
      break;
    case PROP_READING:
      g_value_set_string (value, self->reading);
      break;
    case PROP_FOLLOWS:
      g_value_set_boolean (value, self->follows);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* Begun anew, it goes to the newest records at once. */
static void
set_follows (OpPlotView *self, gboolean follows)
{
  OpSpan span = self->span;

  if (self->follows == follows)
    return;
  self->follows = follows;
  if (follows)
    {
      op_span_go_to_end (&span);
      op_plot_view_choose_span (self, &span);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWS]);
}

static void
op_plot_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_FOLLOWS:
      set_follows (OP_PLOT_VIEW (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_plot_view_dispose (GObject *object)
{
  OpPlotView *self = OP_PLOT_VIEW (object);

  op_plot_columns_stop (self->columns);
  g_clear_object (&self->picture);
  G_OBJECT_CLASS (op_plot_view_parent_class)->dispose (object);
}

static void
op_plot_view_finalize (GObject *object)
{
  OpPlotView *self = OP_PLOT_VIEW (object);

  g_object_unref (self->columns);
  op_plot_history_free (self->history);
  g_free (self->reading);
  op_plot_free (self->plot);
  G_OBJECT_CLASS (op_plot_view_parent_class)->finalize (object);
}

static void
op_plot_view_class_init (OpPlotViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = op_plot_view_get_property;
  object_class->set_property = op_plot_view_set_property;
  object_class->dispose = op_plot_view_dispose;
  object_class->finalize = op_plot_view_finalize;
  widget_class->snapshot = op_plot_view_snapshot;
  widget_class->measure = op_plot_view_measure;
  widget_class->root = op_plot_view_root;

  properties[PROP_FROM] = g_param_spec_int64 ("from", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TO] = g_param_spec_int64 ("to", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_READING] = g_param_spec_string ("reading", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOLLOWS] = g_param_spec_boolean ("follows", NULL, NULL, TRUE,
                                                   G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  selected_signal = g_signal_new ("selected", OP_TYPE_PLOT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_BOOLEAN);
  op_plot_view_install_actions (widget_class);
  gtk_widget_class_set_css_name (widget_class, "plot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
op_plot_view_init (OpPlotView *self)
{
  self->columns = op_plot_columns_new ();
  self->history = op_plot_history_new ();
  g_signal_connect_object (self->columns, "changed", G_CALLBACK (on_changed_cb), self, G_CONNECT_SWAPPED);
  self->plot = op_plot_new ();
  self->follows = TRUE;
  op_span_init (&self->span);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Plot"), -1);
  op_plot_view_add_controllers (self);
  describe (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (redraw), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (invalidate), NULL);
}

GtkWidget *
op_plot_view_new (void)
{
  return g_object_new (OP_TYPE_PLOT_VIEW, NULL);
}

/* A new source: all its records, no columns. */
static void
show_records (OpPlotView *self, OpTime first, OpTime last)
{
  OpSpan span = self->span;

  op_span_reset (&span, first, last);
  op_plot_history_clear (self->history);
  op_plot_view_select (self, FALSE, 0, 0);
  op_plot_view_show_span (self, &span);
  invalidate (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  describe (self);
}

void
op_plot_view_set_source (OpPlotView *self, OpStore *store, OpIncarnation *incarnation)
{
  g_return_if_fail (OP_IS_PLOT_VIEW (self));

  op_plot_columns_set_source (self->columns, store, incarnation, NULL);
  if (incarnation != NULL)
    show_records (self, incarnation->first_time, incarnation->last_time);
  else
    show_records (self, OP_TIME_UNKNOWN, OP_TIME_UNKNOWN);
}

void
op_plot_view_set_batch (OpPlotView *self, OpBatch *batch)
{
  OpTime first, last;

  g_return_if_fail (OP_IS_PLOT_VIEW (self));

  op_batch_get_span (batch, &first, &last);
  op_plot_columns_set_source (self->columns, NULL, NULL, batch);
  show_records (self, first, last);
}

void
op_plot_view_set_columns (OpPlotView *self, const guint *columns, guint n_columns)
{
  g_return_if_fail (OP_IS_PLOT_VIEW (self));

  op_plot_columns_choose (self->columns, columns, n_columns);
  invalidate (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  describe (self);
}

void
op_plot_view_set_look (OpPlotView *self, guint column, const OpPlotLook *look)
{
  g_return_if_fail (OP_IS_PLOT_VIEW (self));

  op_plot_columns_set_look (self->columns, column, look);
  invalidate (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
op_plot_view_refresh (OpPlotView *self, OpIncarnation *incarnation)
{
  OpSpan span = self->span;

  g_return_if_fail (OP_IS_PLOT_VIEW (self));
  g_return_if_fail (incarnation != NULL);

  op_plot_columns_update (self->columns, incarnation);
  if (self->follows)
    op_span_follow (&span, incarnation->first_time, incarnation->last_time);
  else
    op_span_grow (&span, incarnation->first_time, incarnation->last_time);
  op_plot_view_show_span (self, &span);
  invalidate (self);
}

void
op_plot_view_set_span (OpPlotView *self, OpTime from, OpTime to)
{
  OpSpan span = self->span;

  g_return_if_fail (OP_IS_PLOT_VIEW (self));
  g_return_if_fail (from < to);

  span.from = from;
  span.to = to;
  op_plot_view_choose_span (self, &span);
}

gboolean
op_plot_view_get_selection (OpPlotView *self, OpTime *from, OpTime *to)
{
  g_return_val_if_fail (OP_IS_PLOT_VIEW (self), FALSE);

  *from = MIN (self->cursor_a, self->cursor_b);
  *to = MAX (self->cursor_a, self->cursor_b);
  return self->has_selection;
}

gboolean
op_plot_view_get_records (OpPlotView *self, OpTime *first, OpTime *last)
{
  g_return_val_if_fail (OP_IS_PLOT_VIEW (self), FALSE);

  *first = self->span.first;
  *last = self->span.last;
  return op_span_has_records (&self->span);
}

gint
op_plot_view_get_first_column (OpPlotView *self)
{
  g_return_val_if_fail (OP_IS_PLOT_VIEW (self), -1);

  return op_plot_columns_get_first (self->columns);
}

void
op_plot_view_set_axis_note (OpPlotView *self, const char *note)
{
  g_return_if_fail (OP_IS_PLOT_VIEW (self));

  op_plot_set_axis_note (self->plot, note);
  describe (self);
  redraw (self);
}

gboolean
op_plot_view_save (OpPlotView *self, const char *path, GError **error)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  OpPlotFormat format;

  g_return_val_if_fail (OP_IS_PLOT_VIEW (self), FALSE);

  if (!op_plot_format_for_name (path, &format))
    {
      g_set_error (error, OP_PLOT_ERROR, OP_PLOT_ERROR_FORMAT, _("“%s” ends in none of .png, .svg and .pdf."), path);
      return FALSE;
    }
  fill_plot (self);
  /* A file is for paper and for white pages. */
  op_plot_set_style (self->plot, OP_PLOT_LIGHT);
  redraw (self);
  return op_plot_save (self->plot, path, format, width > 0 ? width : SAVED_WIDTH, height > 0 ? height : SAVED_HEIGHT, error);
}
