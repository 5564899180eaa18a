/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/plot/plot-overlay.h"

#include <math.h>

#define MARK_PADDING 3

void
op_plot_overlay_get_sight (GtkWidget *widget, double *top, double *bottom)
{
  GtkWidget *place = gtk_widget_get_ancestor (widget, GTK_TYPE_VIEWPORT);
  graphene_point_t start;

  *top = 0;
  *bottom = gtk_widget_get_height (widget);
  if (place == NULL || !gtk_widget_compute_point (place, widget, graphene_point_zero (), &start))
    return;
  *bottom = CLAMP (start.y + (float) gtk_widget_get_height (place), 0, *bottom);
  *top = CLAMP (start.y, 0, *bottom);
}

void
op_plot_overlay_snapshot_foot (GtkWidget *widget, GtkSnapshot *snapshot, GdkTexture *picture, double edge)
{
  float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);
  double top, bottom;
  float hidden;

  op_plot_overlay_get_sight (widget, &top, &bottom);
  hidden = height - (float) bottom;
  if (hidden <= 0)
    return;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, (float) edge - hidden, width, height - (float) edge));
  gtk_snapshot_append_texture (snapshot, picture, &GRAPHENE_RECT_INIT (0, -hidden, width, height));
  gtk_snapshot_pop (snapshot);
}

void
op_plot_overlay_snapshot_text (GtkWidget *widget, GtkSnapshot *snapshot, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  int width = gtk_widget_get_width (widget), text_height;
  double top, bottom;
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= 0.55f;
  pango_layout_set_width (layout, MAX (width - 24, 1) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_get_pixel_size (layout, NULL, &text_height);
  op_plot_overlay_get_sight (widget, &top, &bottom);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (12, (float) floor ((top + bottom - text_height) / 2)));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* An edge of the selection, and its letter at the top. */
static void
snapshot_edge (GtkWidget *widget, GtkSnapshot *snapshot, double x, double top, double bottom, const char *letter,
               const GdkRGBA *color)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, letter);
  const GdkRGBA white = { 1, 1, 1, 1 };
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_append_color (snapshot, color,
                             &GRAPHENE_RECT_INIT ((float) floor (x), (float) top, 1, (float) (bottom - top)));
  gtk_snapshot_append_color (snapshot, color,
                             &GRAPHENE_RECT_INIT ((float) floor (x - width / 2.0 - MARK_PADDING), (float) top,
                                                  (float) (width + 2 * MARK_PADDING), (float) height));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) floor (x - width / 2.0), (float) top));
  gtk_snapshot_append_layout (snapshot, layout, &white);
  gtk_snapshot_restore (snapshot);
}

GdkRGBA
op_plot_overlay_get_color (gboolean dark)
{
  return dark ? (GdkRGBA) { 0.38f, 0.63f, 0.92f, 1 } : (GdkRGBA) { 0.11f, 0.44f, 0.85f, 1 };
}

void
op_plot_overlay_snapshot_box (GtkSnapshot *snapshot, double a, double b, double top, double bottom, gboolean dark)
{
  GdkRGBA ground = op_plot_overlay_get_color (dark);

  ground.alpha = 0.14f;
  gtk_snapshot_append_color (snapshot, &ground,
                             &GRAPHENE_RECT_INIT ((float) fmin (a, b), (float) top, (float) fabs (b - a),
                                                  (float) (bottom - top)));
}

void
op_plot_overlay_snapshot_selection (GtkWidget *widget, GtkSnapshot *snapshot, double a, double b, const OpFrame *frame,
                                    gboolean dark)
{
  const GdkRGBA edge = op_plot_overlay_get_color (dark);
  double left = CLAMP (a, frame->left, frame->right), right = CLAMP (b, frame->left, frame->right);

  op_plot_overlay_snapshot_box (snapshot, left, right, frame->top, frame->bottom, dark);
  /* A letter at the plot's edge would tell of a time that is not there. */
  if (fabs (left - a) < 1)
    snapshot_edge (widget, snapshot, a, frame->top, frame->bottom, "A", &edge);
  if (fabs (right - b) < 1)
    snapshot_edge (widget, snapshot, b, frame->top, frame->bottom, "B", &edge);
}
