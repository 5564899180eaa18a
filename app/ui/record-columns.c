/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/record-columns.h"

#include <glib/gi18n.h>

/* In characters. A text may be of any length: its column is not as wide as the first ones seen. */
#define TIME_WIDTH     19
#define TEXT_WIDTH     16
#define TEXT_WIDTH_MAX 24
/* A title that is longer does not make its column wide at first. */
#define TITLE_WIDTH    28

char *
op_record_column_dup_text (OpRecordRow *row, int column, gboolean *is_nan)
{
  *is_nan = FALSE;
  switch (column)
    {
    case OP_COLUMN_TIME:
      return op_record_row_dup_time (row);
    case OP_COLUMN_RECORD:
      return g_strdup_printf ("%u", op_record_row_get_record (row));
    default:
      return op_record_row_dup_value (row, (guint) column, is_nan);
    }
}

static void
show_cell (GtkListItem *item, int column)
{
  GtkLabel *label = GTK_LABEL (gtk_list_item_get_child (item));
  gboolean is_nan;
  g_autofree char *text = op_record_column_dup_text (gtk_list_item_get_item (item), column, &is_nan);

  gtk_label_set_label (label, text);
  if (is_nan)
    gtk_widget_add_css_class (GTK_WIDGET (label), "dim-label");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (label), "dim-label");
}

static void
on_row_loaded_cb (OpRecordRow *row, GParamSpec *pspec, gpointer data)
{
  GtkListItem *item = GTK_LIST_ITEM (data);

  show_cell (item, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (item), "column")));
}

static void
on_cell_bind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  OpRecordRow *row = gtk_list_item_get_item (item);

  if (!op_record_row_get_loaded (row))
    {
      g_object_set_data (G_OBJECT (item), "column", data);
      g_signal_connect_object (row, "notify::loaded", G_CALLBACK (on_row_loaded_cb), item, 0);
    }
  show_cell (item, GPOINTER_TO_INT (data));
}

static void
on_cell_unbind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), on_row_loaded_cb, item);
}

static void
on_number_setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

/* One width for all of a column, so that the grid does not wobble as it scrolls. */
static void
on_text_setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_width_chars (GTK_LABEL (label), GPOINTER_TO_INT (data));
  gtk_label_set_max_width_chars (GTK_LABEL (label), TEXT_WIDTH_MAX);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

/* @width: in characters, of texts at least; -1: as wide as what it holds. */
static GtkColumnViewColumn *
make_column (const char *title, int column, GCallback setup, int width)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *made;

  g_signal_connect (factory, "setup", setup, GINT_TO_POINTER (width));
  g_signal_connect (factory, "bind", G_CALLBACK (on_cell_bind_cb), GINT_TO_POINTER (column));
  g_signal_connect (factory, "unbind", G_CALLBACK (on_cell_unbind_cb), NULL);
  made = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_resizable (made, TRUE);
  g_object_set_data (G_OBJECT (made), "column", GINT_TO_POINTER (column));
  return made;
}

/* A field of texts says how long they are at most, but for ASCIIZ. */
static int
get_text_width (const OpField *field)
{
  if (op_type_kind (field->type) == OP_KIND_TIME)
    return TIME_WIDTH;
  return field->type == OP_TYPE_ASCII ? (int) MIN (field->element_size, TEXT_WIDTH) : TEXT_WIDTH;
}

static GtkColumnViewColumn *
make_field_column (OpTable *table, guint column)
{
  const OpField *field = op_table_get_column (table, column, NULL);
  g_autofree char *name = op_table_dup_column_name (table, column);
  g_autofree char *title
    = field->units[0] != '\0' ? g_strdup_printf ("%s  [%s]", name, field->units) : g_strdup (name);

  if (op_type_kind (field->type) == OP_KIND_NUMBER)
    return make_column (title, (int) column, G_CALLBACK (on_number_setup_cb), -1);
  return make_column (title, (int) column, G_CALLBACK (on_text_setup_cb), get_text_width (field));
}

GtkColumnViewColumn *
op_record_column_new (OpTable *table, int column)
{
  switch (column)
    {
    case OP_COLUMN_TIME:
      return make_column (_("Time"), column, G_CALLBACK (on_text_setup_cb), TIME_WIDTH);
    case OP_COLUMN_RECORD:
      return make_column (_("Record"), column, G_CALLBACK (on_number_setup_cb), -1);
    default:
      return make_field_column (table, (guint) column);
    }
}

int
op_record_column_get (GtkColumnViewColumn *column)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (column), "column"));
}

static GtkWidget *
find_label (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_LABEL (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_label (child);
  return found;
}

static void
limit_column (GtkColumnView *view, GtkColumnViewColumn *column)
{
  const char *title = gtk_column_view_column_get_title (column);
  PangoFontMetrics *metrics;

  if (g_utf8_strlen (title, -1) <= TITLE_WIDTH || gtk_column_view_column_get_fixed_width (column) >= 0)
    return;
  metrics = pango_context_get_metrics (gtk_widget_get_pango_context (GTK_WIDGET (view)), NULL, NULL);
  gtk_column_view_column_set_fixed_width (
    column, PANGO_PIXELS_CEIL (TITLE_WIDTH * pango_font_metrics_get_approximate_char_width (metrics)));
  pango_font_metrics_unref (metrics);
}

void
op_record_columns_limit_widths (GtkColumnView *view)
{
  GListModel *columns = gtk_column_view_get_columns (view);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      limit_column (view, column);
    }
  /* GTK would cut the titles off without a sign. */
  for (GtkWidget *title = gtk_widget_get_first_child (gtk_widget_get_first_child (GTK_WIDGET (view))); title != NULL;
       title = gtk_widget_get_next_sibling (title))
    {
      GtkWidget *label = find_label (title);

      if (label == NULL || g_utf8_strlen (gtk_label_get_label (GTK_LABEL (label)), -1) <= TITLE_WIDTH)
        continue;
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_widget_set_tooltip_text (label, gtk_label_get_label (GTK_LABEL (label)));
    }
}

/* Their names in files. */
static char *
dup_name (OpTable *table, int column)
{
  switch (column)
    {
    case OP_COLUMN_TIME:
      return g_strdup ("TIMESTAMP");
    case OP_COLUMN_RECORD:
      return g_strdup ("RECORD");
    default:
      return op_table_dup_column_name (table, (guint) column);
    }
}

char *
op_record_columns_dup_order (GtkColumnView *view, OpTable *table)
{
  GListModel *columns = gtk_column_view_get_columns (view);
  GString *order = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      g_autofree char *name = dup_name (table, op_record_column_get (column));

      g_string_append_printf (order, "%s%s", i > 0 ? "\t" : "", name);
    }
  return g_string_free (order, FALSE);
}

static GtkColumnViewColumn *
find_named (GtkColumnView *view, OpTable *table, const char *name)
{
  GListModel *columns = gtk_column_view_get_columns (view);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      g_autofree char *held = dup_name (table, op_record_column_get (column));

      if (g_str_equal (held, name))
        return g_steal_pointer (&column);
    }
  return NULL;
}

void
op_record_columns_set_order (GtkColumnView *view, OpTable *table, const char *order)
{
  g_auto (GStrv) names = g_strsplit (order, "\t", -1);
  guint place = 0;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GtkColumnViewColumn) column = find_named (view, table, names[i]);

      /* Inserting a column that is there already moves it. */
      if (column != NULL)
        gtk_column_view_insert_column (view, place++, column);
    }
}
