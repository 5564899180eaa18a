/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/plot/plot-picture.h"
#include "app/ui/plot/plot-readout.h"
#include "app/ui/plot/plot-view-private.h"

#include <math.h>

/* How far from the pointer a record may be to be read there, in logical pixels. */
#define READ_REACH 40

double
op_plot_view_get_pointer (OpPlotView *self)
{
  if (self->is_pointed)
    return op_plot_time_to_x (self->plot, self->pointed_time) / gtk_widget_get_scale_factor (GTK_WIDGET (self));
  return self->pointer_x;
}

/* What is at the pointer (element-type OpReadoutRow), or NULL when it is beside the data; *@time becomes when. */
static GArray *
read_pointer (OpPlotView *self, OpTime *time)
{
  double left, right, top, bottom, x = op_plot_view_get_pointer (self);
  OpTime pointer, pixel;
  GArray *rows;

  op_plot_view_get_area (self, &left, &right, &top, &bottom);
  if (x < left || x > right)
    return NULL;
  pointer = *time = self->is_pointed ? self->pointed_time : op_plot_view_time_at (self, x);
  pixel = (OpTime) (op_span_get_length (&self->span) / fmax (right - left, READ_REACH));
  rows = op_plot_columns_read (self->columns, self->plot, time, pixel * READ_REACH);
  /* Between records the pointer tells no fractions of a second, where a pixel is longer. */
  if (*time == pointer && pixel > OP_SECOND)
    *time -= *time % OP_SECOND;
  return rows;
}

void
op_plot_view_snapshot_tracker (OpPlotView *self, GtkSnapshot *snapshot)
{
  const GdkRGBA color = op_plot_picture_is_dark () ? (GdkRGBA) { 1, 1, 1, 0.5f } : (GdkRGBA) { 0, 0, 0, 0.45f };
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  double left, right, top, bottom, x;
  char title[OP_TIME_TEXT_SIZE];
  OpTime time;
  g_autoptr (GArray) rows = read_pointer (self, &time);

  if (rows == NULL)
    return;
  op_plot_view_get_area (self, &left, &right, &top, &bottom);
  x = CLAMP (op_plot_time_to_x (self->plot, time) / gtk_widget_get_scale_factor (GTK_WIDGET (self)), left, right);
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT ((float) floor (x), (float) top, 1, (float) (bottom - top)));
  op_time_format (time, title);
  op_readout_snapshot (GTK_WIDGET (self), snapshot, title, rows, x, self->pointer_y, width, height,
                       op_plot_picture_is_dark ());
}

/* "2026-01-01 05:00:00; AirTC_Avg 9.42 °C; RH 68.1 %": what the box beside the pointer shows. */
static char *
dup_reading (OpPlotView *self)
{
  char title[OP_TIME_TEXT_SIZE];
  OpTime time;
  g_autoptr (GArray) rows = read_pointer (self, &time);
  g_autoptr (GString) text = g_string_new (NULL);

  if (rows == NULL)
    return g_strdup ("");
  op_time_format (time, title);
  g_string_append (text, title);
  for (guint i = 0; i < rows->len; i++)
    {
      const OpReadoutRow *row = &g_array_index (rows, OpReadoutRow, i);

      g_string_append_printf (text, "; %s%s%s", row->label, *row->value != '\0' ? " " : "", row->value);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
op_plot_view_set_reading (OpPlotView *self, gboolean is_read)
{
  g_autofree char *reading = is_read ? dup_reading (self) : g_strdup ("");

  if (g_strcmp0 (reading, self->reading) == 0)
    return;
  g_free (self->reading);
  self->reading = g_steal_pointer (&reading);
  g_object_notify (G_OBJECT (self), "reading");
}

void
op_plot_view_move_cursor (OpPlotView *self, double pixels)
{
  double left, right, top, bottom, x;

  if (op_plot_view_get_message (self) != NULL)
    return;
  op_plot_view_get_area (self, &left, &right, &top, &bottom);
  /* It begins in the middle. */
  x = self->has_pointer ? op_plot_view_get_pointer (self) : (left + right) / 2;
  self->has_pointer = TRUE;
  self->is_pointed = FALSE;
  self->pointer_x = CLAMP (x + pixels, left, right);
  self->pointer_y = (top + bottom) / 2;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  op_plot_view_set_reading (self, TRUE);
}

void
op_plot_view_point_at (OpPlotView *self, OpTime time)
{
  double left, right, top, bottom;
  OpSpan span = self->span;

  g_return_if_fail (OP_IS_PLOT_VIEW (self));

  if (op_plot_view_get_message (self) != NULL)
    return;
  if (time < span.from || time > span.to)
    op_span_pan (&span, ((double) time - (double) span.from) / op_span_get_length (&span) - 0.5);
  op_plot_view_choose_span (self, &span);
  op_plot_view_get_area (self, &left, &right, &top, &bottom);
  self->has_pointer = TRUE;
  /* The labels of another span are of another width, and the data begin elsewhere. */
  self->is_pointed = TRUE;
  self->pointed_time = time;
  self->pointer_y = (top + bottom) / 2;
  op_plot_view_set_reading (self, FALSE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
