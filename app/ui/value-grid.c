/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/value-grid.h"

#include "app/ui/format.h"

#include <glib/gi18n.h>

#define MAX_CELLS 64
/* More would not fit into a narrow window. */
#define N_COLUMNS 4

struct _OpValueGrid
{
  AdwBin       parent_instance;
  GtkGrid     *grid;
  OpLiveField *field;
  GPtrArray   *cells;      /* what shows element i: GtkSwitch, GtkButton or GtkLabel */
  gboolean     is_syncing;
};

G_DEFINE_FINAL_TYPE (OpValueGrid, op_value_grid, ADW_TYPE_BIN)

enum
{
  SIGNAL_EDIT,
  SIGNAL_SET,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static guint
find_cell (OpValueGrid *self, gpointer cell)
{
  guint i = 0;

  g_ptr_array_find (self->cells, cell, &i);
  return i;
}

static void
on_clicked_cb (OpValueGrid *self, GtkWidget *button)
{
  g_signal_emit (self, signals[SIGNAL_EDIT], 0, find_cell (self, button));
}

static void
on_active_cb (OpValueGrid *self, GParamSpec *pspec, GtkSwitch *cell)
{
  if (!self->is_syncing)
    g_signal_emit (self, signals[SIGNAL_SET], 0, find_cell (self, cell), gtk_switch_get_active (cell));
}

/* A narrow matrix is shown as one. */
static guint
get_n_columns (const OpValueSpan *span)
{
  const OpField *field = op_table_get_column (span->definition, span->column, NULL);
  guint n_dims = field->n_sub_dims - (field->type == OP_TYPE_ASCII && field->n_sub_dims > 0 ? 1 : 0);

  if (n_dims >= 2 && field->sub_dims[n_dims - 1] <= N_COLUMNS)
    return field->sub_dims[n_dims - 1];
  return op_type_kind (span->type) == OP_KIND_NUMBER ? N_COLUMNS : 1;
}

static GtkWidget *
create_cell (OpValueGrid *self, const char *name)
{
  GtkWidget *cell;

  if (op_live_field_is_switch (self->field))
    {
      cell = gtk_switch_new ();
      gtk_widget_set_sensitive (cell, op_live_field_is_writable (self->field));
      g_signal_connect_object (cell, "notify::active", G_CALLBACK (on_active_cb), self, G_CONNECT_SWAPPED);
    }
  else if (op_live_field_is_writable (self->field))
    {
      g_autofree char *tooltip = g_strdup_printf (_("Set %s"), name);

      cell = gtk_button_new ();
      gtk_widget_add_css_class (cell, "flat");
      gtk_widget_set_tooltip_text (cell, tooltip);
      g_signal_connect_object (cell, "clicked", G_CALLBACK (on_clicked_cb), self, G_CONNECT_SWAPPED);
    }
  else
    {
      cell = gtk_label_new (NULL);
      gtk_label_set_ellipsize (GTK_LABEL (cell), PANGO_ELLIPSIZE_END);
    }
  gtk_widget_set_halign (cell, GTK_ALIGN_CENTER);
  return cell;
}

static void
add_cell (OpValueGrid *self, guint i, guint n_columns)
{
  const OpValueSpan *span = op_live_field_get_span (self->field);
  g_autofree char *name = op_table_dup_column_name (span->definition, span->column + i);
  const char *index = strchr (name, '(');
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *caption = gtk_label_new (index != NULL ? index : name);
  GtkWidget *cell = create_cell (self, name);

  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_widget_set_hexpand (box, TRUE);
  if (GTK_IS_SWITCH (cell))
    gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_box_append (GTK_BOX (box), caption);
  gtk_box_append (GTK_BOX (box), cell);
  gtk_grid_attach (self->grid, box, (int) (i % n_columns), (int) (i / n_columns), 1, 1);
  g_ptr_array_add (self->cells, cell);
}

static void
add_rest (OpValueGrid *self, guint n_columns)
{
  guint n_left = op_live_field_get_span (self->field)->count - self->cells->len;
  g_autofree char *count = op_format_count (n_left);
  g_autofree char *text = g_strdup_printf (ngettext ("and %s more", "and %s more", n_left), count);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "dim-label");
  gtk_grid_attach (self->grid, label, 0, (int) (self->cells->len / n_columns) + 1, (int) n_columns, 1);
}

static void
op_value_grid_dispose (GObject *object)
{
  OpValueGrid *self = OP_VALUE_GRID (object);

  g_clear_pointer (&self->cells, g_ptr_array_unref);
  g_clear_object (&self->field);
  G_OBJECT_CLASS (op_value_grid_parent_class)->dispose (object);
}

static void
op_value_grid_class_init (OpValueGridClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = op_value_grid_dispose;
  signals[SIGNAL_EDIT] = g_signal_new ("edit", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_SET] = g_signal_new ("set", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);
}

static void
op_value_grid_init (OpValueGrid *self)
{
  self->cells = g_ptr_array_new ();
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 6);
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_grid_set_column_homogeneous (self->grid, TRUE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->grid));
}

void
op_value_grid_set_field (OpValueGrid *self, OpLiveField *field)
{
  const OpValueSpan *span = op_live_field_get_span (field);
  guint n_columns = get_n_columns (span);

  g_return_if_fail (self->field == NULL);

  self->field = g_object_ref (field);
  for (guint i = 0; i < MIN (span->count, MAX_CELLS); i++)
    add_cell (self, i, n_columns);
  if (span->count > MAX_CELLS)
    add_rest (self, n_columns);
  op_value_grid_sync (self);
}

static char *
dup_text (OpValueGrid *self, guint i)
{
  OpType type = op_live_field_get_span (self->field)->type;

  if (op_type_kind (type) == OP_KIND_NUMBER)
    return op_format_value (type, op_live_field_get_number (self->field, i));
  return op_live_field_dup_text (self->field, i);
}

/* A value alone would not tell a screen reader whose it is. */
static void
show_in_button (OpValueGrid *self, GtkButton *button, guint i, const char *text)
{
  const OpValueSpan *span = op_live_field_get_span (self->field);
  g_autofree char *field = op_table_dup_column_name (span->definition, span->column + i);
  g_autofree char *name = g_strdup_printf ("%s %s", field, text);

  gtk_button_set_label (button, text);
  gtk_label_set_ellipsize (GTK_LABEL (gtk_button_get_child (button)), PANGO_ELLIPSIZE_END);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
op_value_grid_sync (OpValueGrid *self)
{
  if (self->field == NULL || !op_live_field_has_value (self->field))
    return;
  self->is_syncing = TRUE;
  for (guint i = 0; i < self->cells->len; i++)
    {
      GtkWidget *cell = g_ptr_array_index (self->cells, i);
      g_autofree char *text = dup_text (self, i);

      if (GTK_IS_SWITCH (cell))
        gtk_switch_set_active (GTK_SWITCH (cell), op_live_field_get_number (self->field, i) != 0);
      else if (GTK_IS_BUTTON (cell))
        show_in_button (self, GTK_BUTTON (cell), i, text);
      else
        gtk_label_set_label (GTK_LABEL (cell), text);
    }
  self->is_syncing = FALSE;
}
