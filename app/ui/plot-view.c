/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/plot-view.h"

#include "app/plot/plot.h"
#include "app/plot/reading.h"
#include "app/ui/plot-fetch.h"
#include "app/ui/plot-readout.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define ZOOM_STEP    1.25
#define PAN_STEP     0.2
#define SHORTEST     (OP_SECOND / 1000)
/* How far from the pointer a record may be to be read there, in logical pixels. */
#define READ_REACH   40
#define MIN_WIDTH    200
#define MIN_HEIGHT   120
#define SAVED_WIDTH  1000
#define SAVED_HEIGHT 600

typedef struct
{
  guint        column;
  OpType       type;
  char        *label;
  char        *units;
  OpReduction *reduction; /* of the span, or of an earlier one until that of the span has come */
} Series;

struct _OpPlotView
{
  GtkWidget      parent_instance;

  OpStore       *store;
  OpIncarnation *incarnation;
  OpBatch       *batch;
  OpTime         first, last; /* of the source's records; OP_TIME_UNKNOWN when there are none */
  GPtrArray     *series;      /* Series */
  OpTime         from, to;

  OpPlot        *plot;
  GdkTexture    *picture;     /* what was drawn last */
  gboolean       stale;       /* it is not what would be drawn now */
  guint          n_bins;      /* the width that was asked for; 0: ask at the next drawing */
  GCancellable  *cancellable; /* of what is being read */
  guint          n_fetching;
  char          *error_text;

  gboolean       has_pointer;
  double         pointer_x, pointer_y;
  OpTime         drag_from, drag_to;
};

G_DEFINE_FINAL_TYPE (OpPlotView, op_plot_view, GTK_TYPE_WIDGET)

enum
{
  PROP_FROM = 1,
  PROP_TO,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static void
series_free (gpointer data)
{
  Series *series = data;

  g_free (series->label);
  g_free (series->units);
  g_clear_pointer (&series->reduction, op_reduction_unref);
  g_free (series);
}

static gboolean
has_records (OpPlotView *self)
{
  return self->first != OP_TIME_UNKNOWN && self->last != OP_TIME_UNKNOWN;
}

static gboolean
is_dark (void)
{
  return adw_style_manager_get_dark (adw_style_manager_get_default ());
}

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
  g_autoptr (GString) text = g_string_new (NULL);
  char from[OP_TIME_TEXT_SIZE], to[OP_TIME_TEXT_SIZE];

  op_time_format (self->from, from);
  op_time_format (self->to, to);
  if (self->series->len == 0)
    g_string_append (text, _("No fields chosen"));
  else
    g_string_append_printf (text, _("From %s to %s"), from, to);
  for (guint i = 0; i < self->series->len; i++)
    {
      const Series *series = self->series->pdata[i];
      const OpReduction *reduction = series->reduction;
      char low[OP_VALUE_TEXT_SIZE], high[OP_VALUE_TEXT_SIZE];

      if (reduction == NULL || isnan (reduction->min))
        {
          g_string_append_printf (text, _("; %s: no values"), series->label);
          continue;
        }
      op_value_format_number (series->type, reduction->min, low);
      op_value_format_number (series->type, reduction->max, high);
      g_string_append_printf (text, _("; %s: %s to %s %s"), series->label, low, high, series->units);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
}

static void
stop_fetching (OpPlotView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->n_fetching = 0;
}

typedef struct
{
  OpPlotView   *view;
  GCancellable *cancellable;
  guint         place;
} Fetch;

static void
fetch_free (Fetch *fetch)
{
  g_object_unref (fetch->view);
  g_object_unref (fetch->cancellable);
  g_free (fetch);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fetch, fetch_free)

static void
on_fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Fetch) fetch = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpReduction) reduction = op_plot_fetch_finish (result, &error);
  OpPlotView *self = fetch->view;
  Series *series;

  /* An earlier span's or another column's answer. */
  if (self->cancellable != fetch->cancellable)
    return;
  self->n_fetching--;
  if (reduction != NULL)
    {
      series = self->series->pdata[fetch->place];
      g_clear_pointer (&series->reduction, op_reduction_unref);
      series->reduction = g_steal_pointer (&reduction);
    }
  else
    {
      g_free (self->error_text);
      self->error_text = g_strdup (error->message);
    }
  if (self->n_fetching == 0)
    describe (self);
  redraw (self);
}

static void
fetch (OpPlotView *self, guint n_bins)
{
  stop_fetching (self);
  g_clear_pointer (&self->error_text, g_free);
  self->n_bins = n_bins;
  if (self->series->len == 0 || !has_records (self))
    return;
  self->cancellable = g_cancellable_new ();
  self->n_fetching = self->series->len;
  for (guint i = 0; i < self->series->len; i++)
    {
      const Series *series = self->series->pdata[i];
      Fetch *order = g_new (Fetch, 1);

      *order = (Fetch) { g_object_ref (self), g_object_ref (self->cancellable), i };
      op_plot_fetch_async (self->store, self->incarnation, self->batch, series->column, self->from, self->to, n_bins,
                           self->cancellable, on_fetched_cb, order);
    }
}

/* The span, the source or the columns changed: the old picture serves until there is better. */
static void
invalidate (OpPlotView *self)
{
  stop_fetching (self);
  self->n_bins = 0;
  redraw (self);
}

static void
set_span (OpPlotView *self, OpTime from, OpTime to)
{
  if (from == self->from && to == self->to)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  if (from != self->from)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FROM]);
  if (to != self->to)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TO]);
  self->from = from;
  self->to = to;
  invalidate (self);
  g_object_thaw_notify (G_OBJECT (self));
}

/* The whole span of the records; around a single one, a minute. */
static void
fit (OpPlotView *self)
{
  if (!has_records (self))
    return;
  if (self->first < self->last)
    set_span (self, self->first, self->last);
  else
    set_span (self, self->first - 30 * OP_SECOND, self->first + 30 * OP_SECOND);
}

/* Doubles, as the span may be moved far; kept where the records can still be found. */
static void
set_limited_span (OpPlotView *self, double middle, double length)
{
  double whole, half;

  if (!has_records (self))
    return;
  whole = fmax ((double) self->last - (double) self->first, 60.0 * OP_SECOND);
  half = CLAMP (length, (double) SHORTEST, 4 * whole) / 2;
  middle = CLAMP (middle, (double) self->first, (double) self->last);
  set_span (self, (OpTime) (middle - half), (OpTime) (middle + half));
}

static double
get_length (OpPlotView *self)
{
  return (double) ((guint64) self->to - (guint64) self->from);
}

static void
zoom_at (OpPlotView *self, OpTime time, double factor)
{
  double length = get_length (self), at = (double) (time - self->from) / length;
  double new_length = fmax (length * factor, (double) SHORTEST);

  set_limited_span (self, (double) time + (0.5 - at) * new_length, new_length);
}

static void
pan_by (OpPlotView *self, double part)
{
  double length = get_length (self);

  set_limited_span (self, (double) self->from + length * (0.5 + part), length);
}

static int
get_scale (OpPlotView *self)
{
  return gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

/* The data's edges in logical pixels. */
static void
get_area (OpPlotView *self, double *left, double *right, double *top, double *bottom)
{
  double scale = get_scale (self);

  op_plot_get_area (self->plot, left, right, top, bottom);
  *left /= scale;
  *right /= scale;
  *top /= scale;
  *bottom /= scale;
}

static OpTime
time_at (OpPlotView *self, double x)
{
  return op_plot_x_to_time (self->plot, x * get_scale (self));
}

static void
fill_plot (OpPlotView *self)
{
  op_plot_clear (self->plot);
  op_plot_set_span (self->plot, self->from, self->to);
  for (guint i = 0; i < self->series->len; i++)
    {
      const Series *series = self->series->pdata[i];

      op_plot_add_series (self->plot, series->label, series->units, series->reduction);
    }
}

static void
draw_picture (OpPlotView *self, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (GBytes) bytes = NULL;
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);

  fill_plot (self);
  op_plot_set_style (self->plot, is_dark () ? OP_PLOT_DARK : OP_PLOT_LIGHT);
  op_plot_draw (self->plot, cr, width, height, get_scale (self));
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface), stride * (gsize) height,
                                      (GDestroyNotify) cairo_surface_destroy, surface);
  g_clear_object (&self->picture);
  self->picture = gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
  self->stale = FALSE;
}

/* Asks for what a picture of this width needs, once a span and a width. */
static void
fetch_for_width (OpPlotView *self)
{
  double left, right, top, bottom;
  guint n_bins;

  op_plot_get_area (self->plot, &left, &right, &top, &bottom);
  n_bins = (guint) fmax (right - left, 1);
  /* The labels' width may change once the values are known: not again until these have come. */
  if (self->n_bins != n_bins && self->n_fetching == 0 && self->error_text == NULL)
    fetch (self, n_bins);
}

static void
update_picture (OpPlotView *self, int width, int height)
{
  if (self->picture == NULL || self->stale || gdk_texture_get_width (self->picture) != width ||
      gdk_texture_get_height (self->picture) != height)
    {
      draw_picture (self, width, height);
      fetch_for_width (self);
    }
}

static void
snapshot_text (OpPlotView *self, GtkSnapshot *snapshot, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int width = gtk_widget_get_width (GTK_WIDGET (self)), text_height;
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  color.alpha *= 0.55f;
  pango_layout_set_width (layout, MAX (width - 24, 1) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_get_pixel_size (layout, NULL, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (
    12, (float) ((gtk_widget_get_height (GTK_WIDGET (self)) - text_height) / 2)));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
row_clear (gpointer data)
{
  OpReadoutRow *row = data;

  g_free (row->value);
}

/* Rows of the box; @time becomes that of the record read. */
static GArray *
read_at (OpPlotView *self, OpTime reach, OpTime *time)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (OpReadoutRow));
  OpTime pointer = *time;

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
      row = (OpReadoutRow) { op_plot_get_color (self->plot, i), series->label,
                             op_readout_dup_value (series->type, reading.min, reading.max, series->units) };
      g_array_append_val (rows, row);
    }
  return rows;
}

static void
snapshot_tracker (OpPlotView *self, GtkSnapshot *snapshot)
{
  const GdkRGBA color = is_dark () ? (GdkRGBA) { 1, 1, 1, 0.5f } : (GdkRGBA) { 0, 0, 0, 0.45f };
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  double left, right, top, bottom, x;
  char title[OP_TIME_TEXT_SIZE];
  OpTime time, pixel;
  g_autoptr (GArray) rows = NULL;

  get_area (self, &left, &right, &top, &bottom);
  if (self->pointer_x < left || self->pointer_x > right)
    return;
  time = time_at (self, self->pointer_x);
  pixel = (OpTime) (get_length (self) / fmax (right - left, 1));
  rows = read_at (self, MIN (pixel, G_MAXINT64 / READ_REACH) * READ_REACH, &time);
  x = CLAMP (op_plot_time_to_x (self->plot, time) / get_scale (self), left, right);
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT ((float) floor (x), (float) top, 1, (float) (bottom - top)));
  if (pixel > OP_SECOND / 10 && time == time_at (self, self->pointer_x))
    time -= ((time % OP_SECOND) + OP_SECOND) % OP_SECOND;
  op_time_format (time, title);
  op_readout_snapshot (GTK_WIDGET (self), snapshot, title, rows, x, self->pointer_y, width, height, is_dark ());
}

static void
op_plot_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget), scale = get_scale (self);

  if (width < 1 || height < 1)
    return;
  if (self->series->len == 0 || !has_records (self))
    {
      snapshot_text (self, snapshot, has_records (self) ? _("Choose fields in the list") : _("No records yet"));
      return;
    }
  update_picture (self, width * scale, height * scale);
  gtk_snapshot_append_texture (snapshot, self->picture, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  if (self->error_text != NULL)
    snapshot_text (self, snapshot, self->error_text);
  else if (self->has_pointer)
    snapshot_tracker (self, snapshot);
}

static void
op_plot_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : MIN_HEIGHT;
  *natural = *minimum * 2;
}

static void
on_motion_cb (OpPlotView *self, double x, double y)
{
  self->has_pointer = TRUE;
  self->pointer_x = x;
  self->pointer_y = y;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_leave_cb (OpPlotView *self)
{
  self->has_pointer = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
on_scroll_cb (OpPlotView *self, double dx, double dy)
{
  if (self->series->len == 0)
    return GDK_EVENT_PROPAGATE;
  if (dy != 0 && self->has_pointer)
    zoom_at (self, time_at (self, self->pointer_x), pow (ZOOM_STEP, dy));
  if (dx != 0)
    pan_by (self, dx * PAN_STEP / 4);
  return GDK_EVENT_STOP;
}

static void
on_drag_begin_cb (OpPlotView *self, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->drag_from = self->from;
  self->drag_to = self->to;
}

static void
on_drag_update_cb (OpPlotView *self, double dx, double dy)
{
  double left, right, top, bottom, length = (double) ((guint64) self->drag_to - (guint64) self->drag_from);

  if (self->series->len == 0)
    return;
  get_area (self, &left, &right, &top, &bottom);
  set_limited_span (self, (double) self->drag_from + length * (0.5 - dx / fmax (right - left, 1)), length);
}

static void
on_pressed_cb (OpPlotView *self, int n_presses, double x, double y)
{
  if (n_presses == 2)
    fit (self);
}

static void
on_zoom_in_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);

  zoom_at (self, self->from + (self->to - self->from) / 2, 1 / (ZOOM_STEP * ZOOM_STEP));
}

static void
on_zoom_out_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);

  zoom_at (self, self->from + (self->to - self->from) / 2, ZOOM_STEP * ZOOM_STEP);
}

static void
on_pan_left_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pan_by (OP_PLOT_VIEW (widget), -PAN_STEP);
}

static void
on_pan_right_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pan_by (OP_PLOT_VIEW (widget), PAN_STEP);
}

static void
on_fit_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  fit (OP_PLOT_VIEW (widget));
}

static void
op_plot_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OpPlotView *self = OP_PLOT_VIEW (object);

  switch (id)
    {
    case PROP_FROM:
      g_value_set_int64 (value, self->from);
      break;
    case PROP_TO:
      g_value_set_int64 (value, self->to);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
clear_source (OpPlotView *self)
{
  stop_fetching (self);
  g_clear_object (&self->store);
  g_clear_pointer (&self->incarnation, op_incarnation_unref);
  g_clear_pointer (&self->batch, op_batch_unref);
  g_ptr_array_set_size (self->series, 0);
  self->first = self->last = OP_TIME_UNKNOWN;
}

static void
op_plot_view_dispose (GObject *object)
{
  OpPlotView *self = OP_PLOT_VIEW (object);

  clear_source (self);
  g_clear_object (&self->picture);
  G_OBJECT_CLASS (op_plot_view_parent_class)->dispose (object);
}

static void
op_plot_view_finalize (GObject *object)
{
  OpPlotView *self = OP_PLOT_VIEW (object);

  g_ptr_array_unref (self->series);
  op_plot_free (self->plot);
  g_free (self->error_text);
  G_OBJECT_CLASS (op_plot_view_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *klass)
{
  static const struct { guint key; const char *action; } keys[] = {
    { GDK_KEY_plus, "plot.zoom-in" },   { GDK_KEY_KP_Add, "plot.zoom-in" },       { GDK_KEY_equal, "plot.zoom-in" },
    { GDK_KEY_Up, "plot.zoom-in" },     { GDK_KEY_minus, "plot.zoom-out" },       { GDK_KEY_KP_Subtract, "plot.zoom-out" },
    { GDK_KEY_Down, "plot.zoom-out" },  { GDK_KEY_Left, "plot.pan-left" },        { GDK_KEY_KP_Left, "plot.pan-left" },
    { GDK_KEY_Right, "plot.pan-right" }, { GDK_KEY_KP_Right, "plot.pan-right" },  { GDK_KEY_Home, "plot.fit" },
    { GDK_KEY_KP_Home, "plot.fit" },    { GDK_KEY_f, "plot.fit" },
  };

  gtk_widget_class_install_action (klass, "plot.zoom-in", NULL, on_zoom_in_cb);
  gtk_widget_class_install_action (klass, "plot.zoom-out", NULL, on_zoom_out_cb);
  gtk_widget_class_install_action (klass, "plot.pan-left", NULL, on_pan_left_cb);
  gtk_widget_class_install_action (klass, "plot.pan-right", NULL, on_pan_right_cb);
  gtk_widget_class_install_action (klass, "plot.fit", NULL, on_fit_cb);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (klass, keys[i].key, 0, keys[i].action, NULL);
}

static void
op_plot_view_class_init (OpPlotViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = op_plot_view_get_property;
  object_class->dispose = op_plot_view_dispose;
  object_class->finalize = op_plot_view_finalize;
  widget_class->snapshot = op_plot_view_snapshot;
  widget_class->measure = op_plot_view_measure;

  properties[PROP_FROM] = g_param_spec_int64 ("from", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TO] = g_param_spec_int64 ("to", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  install_actions (widget_class);
  gtk_widget_class_set_css_name (widget_class, "plot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
add_controllers (OpPlotView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (on_motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave_cb), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (on_scroll_cb), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update_cb), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

static void
op_plot_view_init (OpPlotView *self)
{
  self->series = g_ptr_array_new_with_free_func (series_free);
  self->plot = op_plot_new ();
  self->first = self->last = OP_TIME_UNKNOWN;
  self->to = OP_SECOND;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Plot"), -1);
  add_controllers (self);
  describe (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (redraw), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (invalidate), NULL);
}

GtkWidget *
op_plot_view_new (void)
{
  return g_object_new (OP_TYPE_PLOT_VIEW, NULL);
}

void
op_plot_view_set_source (OpPlotView *self, OpStore *store, OpIncarnation *incarnation)
{
  g_return_if_fail (OP_IS_PLOT_VIEW (self));

  clear_source (self);
  if (incarnation != NULL)
    {
      self->store = g_object_ref (store);
      self->incarnation = op_incarnation_ref (incarnation);
      self->first = incarnation->first_time;
      self->last = incarnation->last_time;
    }
  fit (self);
  invalidate (self);
  describe (self);
}

void
op_plot_view_set_batch (OpPlotView *self, OpBatch *batch)
{
  const OpTime *times;
  gsize n;

  g_return_if_fail (OP_IS_PLOT_VIEW (self));

  clear_source (self);
  self->batch = op_batch_ref (batch);
  times = op_batch_get_times (batch);
  n = op_batch_get_n_records (batch);
  /* Not ascending where the logger's clock was set back. */
  for (gsize i = 0; i < n; i++)
    {
      self->first = i == 0 ? times[i] : MIN (self->first, times[i]);
      self->last = i == 0 ? times[i] : MAX (self->last, times[i]);
    }
  fit (self);
  invalidate (self);
  describe (self);
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

void
op_plot_view_set_columns (OpPlotView *self, const guint *columns, guint n_columns)
{
  g_autoptr (GPtrArray) earlier = NULL;
  OpTable *table;

  g_return_if_fail (OP_IS_PLOT_VIEW (self));
  g_return_if_fail (self->incarnation != NULL || self->batch != NULL || n_columns == 0);

  stop_fetching (self);
  earlier = g_steal_pointer (&self->series);
  self->series = g_ptr_array_new_with_free_func (series_free);
  table = self->incarnation != NULL ? self->incarnation->table : NULL;
  table = self->batch != NULL ? op_batch_get_table (self->batch) : table;
  for (guint i = 0; i < n_columns; i++)
    {
      guint table_column = self->batch != NULL ? op_batch_get_table_column (self->batch, columns[i]) : columns[i];
      const OpField *field = op_table_get_column (table, table_column, NULL);
      Series *series;

      if (op_type_kind (field->type) != OP_KIND_NUMBER)
        continue;
      series = g_new0 (Series, 1);
      *series = (Series) { columns[i], field->type, op_table_dup_column_name (table, table_column),
                           g_strdup (field->units), take_reduction (earlier, columns[i]) };
      g_ptr_array_add (self->series, series);
    }
  invalidate (self);
  describe (self);
}

void
op_plot_view_refresh (OpPlotView *self, OpIncarnation *incarnation)
{
  OpTime earlier_last = self->last;
  gboolean fitted, followed;

  g_return_if_fail (OP_IS_PLOT_VIEW (self));
  g_return_if_fail (self->incarnation != NULL && incarnation != NULL);

  followed = !has_records (self) || self->to >= self->last;
  fitted = !has_records (self) || (followed && self->from <= self->first);
  op_incarnation_ref (incarnation);
  op_incarnation_unref (self->incarnation);
  self->incarnation = incarnation;
  self->first = incarnation->first_time;
  self->last = incarnation->last_time;
  if (fitted)
    fit (self);
  else if (followed)
    set_span (self, self->from + (self->last - earlier_last), self->to + (self->last - earlier_last));
  invalidate (self);
}

void
op_plot_view_set_span (OpPlotView *self, OpTime from, OpTime to)
{
  g_return_if_fail (OP_IS_PLOT_VIEW (self));
  g_return_if_fail (from < to);

  set_span (self, from, to);
}

void
op_plot_view_set_axis_note (OpPlotView *self, const char *note)
{
  g_return_if_fail (OP_IS_PLOT_VIEW (self));

  op_plot_set_axis_note (self->plot, note);
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
