/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/plot/plot-readout.h"

#include "app/ui/plot/plot-overlay.h"

#include <glib/gi18n.h>
#include <math.h>

#define PADDING 10
#define SQUARE  9
#define SPACE   18
#define AWAY    12
#define MARGIN  4
#define GUTTER  24

typedef struct
{
  PangoLayout *title;
  GPtrArray   *labels; /* PangoLayout */
  GPtrArray   *values;
  PangoLayout *rest;   /* "and 3 more", or NULL */
  double       column_width, row_height, width, height;
  guint        n_lines;   /* of each column */
  guint        n_columns;
} Box;

static double
layout_width (PangoLayout *layout)
{
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static PangoLayout *
layout_new (GtkWidget *widget, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  return layout;
}

static void
add_rows (Box *box, GtkWidget *widget, GArray *rows)
{
  double label_width = 0, value_width = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const OpReadoutRow *row = &g_array_index (rows, OpReadoutRow, i);
      PangoLayout *label = layout_new (widget, row->label);
      PangoLayout *value = layout_new (widget, row->value);

      g_ptr_array_add (box->labels, label);
      g_ptr_array_add (box->values, value);
      label_width = fmax (label_width, layout_width (label));
      value_width = fmax (value_width, layout_width (value));
    }
  box->column_width = SQUARE + 6 + label_width + SPACE + value_width;
}

/* In as many columns as the height asks for and the width allows; what has no place is counted in the last line. */
static void
lay_out (Box *box, GtkWidget *widget, double width, double height)
{
  guint n = box->labels->len;
  guint max_lines = (guint) fmax ((height - 2 * MARGIN - 2 * PADDING + 4) / box->row_height - 1, 1);
  guint max_columns = (guint) fmax ((width - 2 * PADDING + GUTTER) / (box->column_width + GUTTER), 1);
  guint n_shown = MIN (n, max_lines * max_columns);

  box->n_columns = CLAMP ((n + max_lines - 1) / max_lines, 1, max_columns);
  box->n_lines = (n_shown + box->n_columns - 1) / box->n_columns;
  if (n_shown < n)
    {
      guint n_left = n - n_shown + 1;
      g_autofree char *text = g_strdup_printf (ngettext ("and %u more", "and %u more", n_left), n_left);

      box->rest = layout_new (widget, text);
      g_ptr_array_set_size (box->labels, (gint) n_shown - 1);
    }
  box->width = fmax (layout_width (box->title), box->n_columns * (box->column_width + GUTTER) - GUTTER) + 2 * PADDING;
  box->height = (box->n_lines + 1) * box->row_height + 2 * PADDING - 4;
}

static void
box_init (Box *box, GtkWidget *widget, const char *title, GArray *rows, double width, double height)
{
  int title_height;

  *box = (Box) {
    .title = layout_new (widget, title),
    .labels = g_ptr_array_new_with_free_func (g_object_unref),
    .values = g_ptr_array_new_with_free_func (g_object_unref),
  };
  add_rows (box, widget, rows);
  pango_layout_get_pixel_size (box->title, NULL, &title_height);
  box->row_height = title_height + 4;
  lay_out (box, widget, width, height);
}

static void
box_clear (Box *box)
{
  g_object_unref (box->title);
  g_clear_object (&box->rest);
  g_ptr_array_unref (box->labels);
  g_ptr_array_unref (box->values);
}

static void
draw_text (GtkSnapshot *snapshot, PangoLayout *layout, double x, double y, const GdkRGBA *color)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
draw_ground (GtkSnapshot *snapshot, const graphene_rect_t *bounds, gboolean dark)
{
  const GdkRGBA ground = dark ? (GdkRGBA) { 0.22f, 0.22f, 0.24f, 0.95f } : (GdkRGBA) { 1, 1, 1, 0.95f };
  const GdkRGBA edge = dark ? (GdkRGBA) { 1, 1, 1, 0.15f } : (GdkRGBA) { 0, 0, 0, 0.15f };
  const GdkRGBA shadow = { 0, 0, 0, 0.12f };
  const float widths[4] = { 1, 1, 1, 1 };
  const GdkRGBA edges[4] = { edge, edge, edge, edge };
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, bounds, 8);
  gtk_snapshot_append_outset_shadow (snapshot, &outline, &shadow, 0, 1, 0, 4);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &ground, bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, widths, edges);
}

static void
draw_rows (GtkSnapshot *snapshot, const Box *box, GArray *rows, double left, double top, gboolean dark)
{
  const GdkRGBA text = dark ? (GdkRGBA) { 1, 1, 1, 1 } : (GdkRGBA) { 0.15f, 0.15f, 0.15f, 1 };
  double width = box->n_columns > 1 ? box->column_width : box->width - 2 * PADDING;

  for (guint i = 0; i < box->labels->len; i++)
    {
      double x = left + PADDING + i / box->n_lines * (width + GUTTER);
      double y = top + PADDING + (i % box->n_lines + 1) * box->row_height;
      guint32 rgb = g_array_index (rows, OpReadoutRow, i).color;
      const GdkRGBA color = { (float) (rgb >> 16 & 0xff) / 255, (float) (rgb >> 8 & 0xff) / 255, (float) (rgb & 0xff) / 255, 1 };
      PangoLayout *value = box->values->pdata[i];

      gtk_snapshot_append_color (snapshot, &color,
                                 &GRAPHENE_RECT_INIT ((float) x, (float) floor (y + (box->row_height - 4 - SQUARE) / 2),
                                                      SQUARE, SQUARE));
      draw_text (snapshot, box->labels->pdata[i], x + SQUARE + 6, y, &text);
      draw_text (snapshot, value, x + width - layout_width (value), y, &text);
    }
  if (box->rest != NULL)
    draw_text (snapshot, box->rest, left + PADDING + (box->n_columns - 1) * (width + GUTTER) + SQUARE + 6,
               top + PADDING + box->n_lines * box->row_height, &text);
}

char *
op_readout_dup_value (OpType type, double min, double max, const char *units)
{
  char low[OP_VALUE_TEXT_SIZE], high[OP_VALUE_TEXT_SIZE];

  op_value_format_number (type, min, low);
  if (isnan (min))
    return g_strdup (low);
  if (min == max)
    return g_strdup_printf ("%s %s", low, units);
  op_value_format_number (type, max, high);
  return g_strdup_printf ("%s … %s %s", low, high, units);
}

void
op_readout_snapshot (GtkWidget *widget, GtkSnapshot *snapshot, const char *title, GArray *rows, double x, double y,
                     int width, int height, gboolean dark)
{
  const GdkRGBA quiet = dark ? (GdkRGBA) { 1, 1, 1, 0.7f } : (GdkRGBA) { 0, 0, 0, 0.6f };
  double left, top, sight_top, sight_bottom;
  Box box;

  op_plot_overlay_get_sight (widget, &sight_top, &sight_bottom);
  sight_bottom = fmin (sight_bottom, height);
  box_init (&box, widget, title, rows, width, sight_bottom - sight_top);
  left = x + AWAY + box.width <= width ? x + AWAY : x - AWAY - box.width;
  left = floor (fmax (fmin (left, width - box.width), 0));
  top = fmax (fmin (y - box.height / 2, sight_bottom - box.height - MARGIN), sight_top + MARGIN);
  top = floor (top);
  draw_ground (snapshot, &GRAPHENE_RECT_INIT ((float) left, (float) top, (float) box.width, (float) box.height), dark);
  draw_text (snapshot, box.title, left + PADDING, top + PADDING - 2, &quiet);
  draw_rows (snapshot, &box, rows, left, top, dark);
  box_clear (&box);
}
