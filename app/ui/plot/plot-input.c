/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/plot/plot-view-private.h"

#include <math.h>

/* Logical pixels that the keyboard moves the cursor by. */
#define CURSOR_STEP    2
#define CURSOR_STRIDE  40
#define ZOOM_STEP    1.25
#define PAN_STEP     0.2
#define WHEEL_PAN_STEP 0.05
/* Logical pixels that a box is wide which was meant. */
#define MIN_BOX      4

static void
on_motion_cb (OpPlotView *self, double x, double y)
{
  /* GTK tells the place again when something about it was laid out anew. */
  if (self->has_pointer && x == self->mouse_x && y == self->mouse_y)
    return;
  self->has_pointer = TRUE;
  self->is_pointed = FALSE;
  self->pointer_x = self->mouse_x = x;
  self->pointer_y = self->mouse_y = y;
  op_plot_view_set_reading (self, FALSE);
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
  OpTime time;

  if (op_plot_view_get_message (self) != NULL)
    return GDK_EVENT_PROPAGATE;
  if (dy != 0 && self->has_pointer)
    {
      /* What was pointed at may be out of sight meanwhile. */
      time = op_plot_view_time_at (self, op_plot_view_get_pointer (self));
      op_plot_view_zoom (self, CLAMP (time, self->span.from, self->span.to), pow (ZOOM_STEP, dy));
    }
  if (dx != 0)
    op_plot_view_pan (self, &self->span, dx * WHEEL_PAN_STEP);
  return GDK_EVENT_STOP;
}

static void
on_drag_begin_cb (OpPlotView *self, double x, double y, GtkGesture *drag)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (drag));

  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->drag_span = self->span;
  self->is_selecting = (state & GDK_SHIFT_MASK) != 0 && op_plot_view_get_message (self) == NULL;
  self->is_boxing = !self->is_selecting && (state & GDK_CONTROL_MASK) != 0 && op_plot_view_get_message (self) == NULL;
  if (self->is_boxing)
    self->box_a = self->box_b = op_plot_view_time_at (self, x);
  if (self->is_selecting)
    op_plot_view_select (self, TRUE, op_plot_view_time_at (self, x), op_plot_view_time_at (self, x));
}

static void
on_drag_update_cb (OpPlotView *self, double dx, double dy, GtkGesture *drag)
{
  double left, right, top, bottom, x, y;

  if (op_plot_view_get_message (self) != NULL)
    return;
  if (self->is_selecting && gtk_gesture_drag_get_start_point (GTK_GESTURE_DRAG (drag), &x, &y))
    {
      op_plot_view_select (self, TRUE, self->cursor_a, op_plot_view_time_at (self, x + dx));
      return;
    }
  if (self->is_boxing && gtk_gesture_drag_get_start_point (GTK_GESTURE_DRAG (drag), &x, &y))
    {
      self->box_b = op_plot_view_time_at (self, x + dx);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return;
    }
  op_plot_view_get_area (self, &left, &right, &top, &bottom);
  op_plot_view_pan (self, &self->drag_span, -dx / fmax (right - left, 1));
}

static void
on_drag_end_cb (OpPlotView *self, double dx, double dy)
{
  if (self->is_selecting)
    {
      self->is_selecting = FALSE;
      op_plot_view_select (self, TRUE, self->cursor_a, self->cursor_b);
    }
  if (!self->is_boxing)
    return;
  self->is_boxing = FALSE;
  if (fabs (dx) >= MIN_BOX && self->box_a != self->box_b)
    op_plot_view_set_span (self, MIN (self->box_a, self->box_b), MAX (self->box_a, self->box_b));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_pinch_begin_cb (OpPlotView *self, GdkEventSequence *sequence, GtkGesture *pinch)
{
  double x, y;

  self->drag_span = self->span;
  self->pinch_time = gtk_gesture_is_recognized (pinch) && gtk_gesture_get_bounding_box_center (pinch, &x, &y)
                       ? op_plot_view_time_at (self, x)
                       : self->span.from / 2 + self->span.to / 2;
}

/* @scale: of the fingers' distance since they began. */
static void
on_pinch_cb (OpPlotView *self, double scale)
{
  OpSpan span = self->drag_span;

  if (op_plot_view_get_message (self) != NULL || !(scale > 0))
    return;
  op_span_zoom (&span, self->pinch_time, 1 / scale);
  op_plot_view_choose_span (self, &span);
}

static void
on_pressed_cb (OpPlotView *self, int n_presses, double x, double y)
{
  if (n_presses == 2)
    op_plot_view_fit (self);
}

static OpTime
get_middle (OpPlotView *self)
{
  return self->span.from / 2 + self->span.to / 2;
}

static void
on_zoom_in_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);

  op_plot_view_zoom (self, get_middle (self), 1 / (ZOOM_STEP * ZOOM_STEP));
}

static void
on_zoom_out_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);

  op_plot_view_zoom (self, get_middle (self), ZOOM_STEP * ZOOM_STEP);
}

static void
on_pan_left_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);

  op_plot_view_pan (self, &self->span, -PAN_STEP);
}

static void
on_pan_right_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);

  op_plot_view_pan (self, &self->span, PAN_STEP);
}

static void
on_fit_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  op_plot_view_fit (OP_PLOT_VIEW (widget));
}

static void
on_back_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);
  OpSpan span;

  if (op_plot_history_back (self->history, &self->span, &span))
    op_plot_view_show_span (self, &span);
}

static void
on_forward_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);
  OpSpan span;

  if (op_plot_history_forward (self->history, &self->span, &span))
    op_plot_view_show_span (self, &span);
}

/* What is visible; zoomed in, it stays selected. */
static void
on_select_visible_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);

  op_plot_view_select (self, TRUE, self->span.from, self->span.to);
}

static void
on_select_none_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  op_plot_view_select (OP_PLOT_VIEW (widget), FALSE, 0, 0);
}

/* To what is selected. */
static void
on_zoom_selection_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OpPlotView *self = OP_PLOT_VIEW (widget);
  OpTime from, to;

  if (op_plot_view_get_selection (self, &from, &to) && from < to)
    op_plot_view_set_span (self, from, to);
}

static void
on_move_cursor_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  op_plot_view_move_cursor (OP_PLOT_VIEW (widget), g_variant_get_int32 (parameter));
}

void
op_plot_view_install_actions (GtkWidgetClass *klass)
{
  static const struct { guint key; const char *action; } keys[] = {
    { GDK_KEY_plus, "plot.zoom-in" },   { GDK_KEY_KP_Add, "plot.zoom-in" },       { GDK_KEY_equal, "plot.zoom-in" },
    { GDK_KEY_Up, "plot.zoom-in" },     { GDK_KEY_minus, "plot.zoom-out" },       { GDK_KEY_KP_Subtract, "plot.zoom-out" },
    { GDK_KEY_Down, "plot.zoom-out" },  { GDK_KEY_Left, "plot.pan-left" },        { GDK_KEY_KP_Left, "plot.pan-left" },
    { GDK_KEY_Right, "plot.pan-right" }, { GDK_KEY_KP_Right, "plot.pan-right" },  { GDK_KEY_Home, "plot.fit" },
    { GDK_KEY_KP_Home, "plot.fit" },    { GDK_KEY_f, "plot.fit" },                { GDK_KEY_s, "plot.select-visible" },
    { GDK_KEY_Escape, "plot.select-none" }, { GDK_KEY_z, "plot.zoom-selection" },
    { GDK_KEY_p, "plot.follow" },
  };

  gtk_widget_class_install_action (klass, "plot.zoom-in", NULL, on_zoom_in_cb);
  gtk_widget_class_install_action (klass, "plot.zoom-out", NULL, on_zoom_out_cb);
  gtk_widget_class_install_action (klass, "plot.pan-left", NULL, on_pan_left_cb);
  gtk_widget_class_install_action (klass, "plot.pan-right", NULL, on_pan_right_cb);
  gtk_widget_class_install_action (klass, "plot.fit", NULL, on_fit_cb);
  gtk_widget_class_install_action (klass, "plot.back", NULL, on_back_cb);
  gtk_widget_class_install_action (klass, "plot.forward", NULL, on_forward_cb);
  gtk_widget_class_install_action (klass, "plot.select-visible", NULL, on_select_visible_cb);
  gtk_widget_class_install_action (klass, "plot.select-none", NULL, on_select_none_cb);
  gtk_widget_class_install_action (klass, "plot.zoom-selection", NULL, on_zoom_selection_cb);
  gtk_widget_class_install_property_action (klass, "plot.follow", "follows");
  gtk_widget_class_install_action (klass, "plot.move-cursor", "i", on_move_cursor_cb);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_comma, 0, "plot.move-cursor", "i", -CURSOR_STEP);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_period, 0, "plot.move-cursor", "i", CURSOR_STEP);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_less, GDK_SHIFT_MASK, "plot.move-cursor", "i", -CURSOR_STRIDE);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_greater, GDK_SHIFT_MASK, "plot.move-cursor", "i", CURSOR_STRIDE);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_BackSpace, 0, "plot.back", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_BackSpace, GDK_SHIFT_MASK, "plot.forward", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (klass, keys[i].key, 0, keys[i].action, NULL);
}

void
op_plot_view_add_controllers (OpPlotView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (on_motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave_cb), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (on_scroll_cb), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (on_drag_end_cb), self);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (on_pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (on_pinch_cb), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}
