/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/record-grid.h"

#include "app/engine/find-time.h"
#include "app/ui/field-item.h"
#include "app/ui/record-copy.h"
#include "app/ui/record-model.h"

#include <glib/gi18n.h>

/* GtkColumnView makes a widget for every column of each row in sight: past this number of columns only those
 * that are chosen are shown besides. */
#define OP_COLUMNS_UNCHOSEN 48

enum
{
  COLUMN_TIME = -1,
  COLUMN_RECORD = -2,
};

struct _OpRecordGrid
{
  AdwBin             parent_instance;

  GtkScrolledWindow *scroller;
  GtkColumnView     *view;

  OpTableSource     *source;
  OpRecordModel     *model;
  GHashTable        *columns; /* (table column → GtkColumnViewColumn), of those that were made */
  gboolean           follows;  /* scrolled to the newest record, and to stay there */
  guint              scroll_idle;
  guint              scroll_place;
  guint              settle_tick;   /* while the list lays out what was scrolled to */
  guint              settle_frames; /* left */
  gboolean           is_selecting;  /* not a person, but this code */
  OpRecordRow       *ends[2];       /* of what a person selected, until their times have been read */
  GCancellable      *span_cancellable; /* of the search for a span's records */
  OpTime             span_from, span_to;
  guint              span_first;
};

/* The list estimates heights first and mends its place over the next frames. */
#define SETTLE_FRAMES 4

G_DEFINE_FINAL_TYPE (OpRecordGrid, op_record_grid, ADW_TYPE_BIN)

static guint selected_signal;

static char *
dup_cell_text (OpRecordRow *row, int column, gboolean *is_nan)
{
  *is_nan = FALSE;
  switch (column)
    {
    case COLUMN_TIME:
      return op_record_row_dup_time (row);
    case COLUMN_RECORD:
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
  g_autofree char *text = dup_cell_text (gtk_list_item_get_item (item), column, &is_nan);

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

static void
on_text_setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

/* Set per column, so that the grid does not wobble as it scrolls. */
static void
on_time_setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  on_text_setup_cb (factory, item, data);
  gtk_label_set_width_chars (GTK_LABEL (gtk_list_item_get_child (item)), 19);
}

static GtkColumnViewColumn *
make_column (const char *title, int column, GCallback setup)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *made;

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_cell_bind_cb), GINT_TO_POINTER (column));
  g_signal_connect (factory, "unbind", G_CALLBACK (on_cell_unbind_cb), NULL);
  made = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_resizable (made, TRUE);
  return made;
}

static GtkColumnViewColumn *
make_field_column (OpTable *table, guint column)
{
  const OpField *field = op_table_get_column (table, column, NULL);
  g_autofree char *name = op_table_dup_column_name (table, column);
  g_autofree char *title
    = field->units[0] != '\0' ? g_strdup_printf ("%s  [%s]", name, field->units) : g_strdup (name);
  gboolean number = op_type_kind (field->type) == OP_KIND_NUMBER;

  return make_column (title, (int) column, number ? G_CALLBACK (on_number_setup_cb) : G_CALLBACK (on_text_setup_cb));
}

/* Inserting a column that is there already moves it. */
static void
place_column (OpRecordGrid *self, guint column, guint position)
{
  GtkColumnViewColumn *known = g_hash_table_lookup (self->columns, GUINT_TO_POINTER (column));

  if (known == NULL)
    {
      known = make_field_column (op_table_source_get_table (self->source), column);
      g_hash_table_insert (self->columns, GUINT_TO_POINTER (column), known);
    }
  gtk_column_view_insert_column (self->view, position, known);
}

static void
remove_columns (OpRecordGrid *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);

  while (g_list_model_get_n_items (columns) > 0)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, 0);

      gtk_column_view_remove_column (self->view, column);
    }
  g_hash_table_remove_all (self->columns);
}

static void
add_fixed_columns (OpRecordGrid *self)
{
  g_autoptr (GtkColumnViewColumn) time = make_column (_("Time"), COLUMN_TIME, G_CALLBACK (on_time_setup_cb));
  g_autoptr (GtkColumnViewColumn) record = make_column (_("Record"), COLUMN_RECORD, G_CALLBACK (on_number_setup_cb));

  gtk_column_view_append_column (self->view, time);
  gtk_column_view_append_column (self->view, record);
}

static void
on_scrolled_cb (OpRecordGrid *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  /* Records that were appended move the end away until the scrolling that was asked for is done. */
  if (self->scroll_idle != 0 || self->settle_tick != 0)
    return;
  self->follows = gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment)
                  >= gtk_adjustment_get_upper (adjustment) - 1;
}

static gboolean
settle_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  OpRecordGrid *self = OP_RECORD_GRID (widget);

  if (--self->settle_frames > 0)
    return G_SOURCE_CONTINUE;
  self->settle_tick = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
scroll_cb (gpointer data)
{
  OpRecordGrid *self = OP_RECORD_GRID (data);
  GtkWidget *list = gtk_widget_get_last_child (GTK_WIDGET (self->view));

  self->scroll_idle = 0;
  self->settle_frames = SETTLE_FRAMES;
  if (self->settle_tick == 0)
    self->settle_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), settle_cb, NULL, NULL);
  gtk_widget_activate_action (list, "list.scroll-to-item", "u", self->scroll_place);
  return G_SOURCE_REMOVE;
}

static void
scroll_to_end (OpRecordGrid *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  if (n_items > 0)
    op_record_grid_scroll_to (self, n_items - 1);
}

/* Copying */

/* The fields' columns as they stand, and their titles behind those of the first two. */
static GArray *
list_columns (OpRecordGrid *self, GStrvBuilder *titles)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (guint));
  GListModel *shown = gtk_column_view_get_columns (self->view);

  for (guint i = 0; i < g_list_model_get_n_items (shown); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (shown, i);
      GHashTableIter iter;
      gpointer key, value;

      g_strv_builder_add (titles, gtk_column_view_column_get_title (column));
      g_hash_table_iter_init (&iter, self->columns);
      while (g_hash_table_iter_next (&iter, &key, &value))
        if (value == column)
          g_array_append_vals (columns, &(guint) { GPOINTER_TO_UINT (key) }, 1);
    }
  return columns;
}

static void
on_copy_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OpRecordGrid *self = OP_RECORD_GRID (widget);
  GtkSelectionModel *selection = gtk_column_view_get_model (self->view);
  g_autoptr (GtkBitset) selected = selection != NULL ? gtk_selection_model_get_selection (selection) : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) titles = NULL;
  g_autoptr (GArray) columns = NULL;

  if (selected == NULL || gtk_bitset_is_empty (selected))
    return;
  columns = list_columns (self, builder);
  titles = g_strv_builder_end (builder);
  op_record_copy (G_LIST_MODEL (self->model), selected, (const char *const *) titles, columns,
                  gtk_widget_get_clipboard (widget));
}

/* Going to a time */

/* Selected, so that it is seen where it is. */
static void
show_place (OpRecordGrid *self, guint place)
{
  gtk_selection_model_select_item (gtk_column_view_get_model (self->view), place, TRUE);
  op_record_grid_scroll_to (self, place);
}

static void
on_time_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpRecordGrid) self = data;
  gint64 place = op_store_find_time_finish (OP_STORE (source), result, NULL);

  if (place >= 0 && self->model != NULL && place < g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    show_place (self, (guint) place);
}

void
op_record_grid_go_to_time (OpRecordGrid *self, OpTime time)
{
  OpBatch *batch = self->source != NULL ? op_table_source_get_batch (self->source) : NULL;
  gsize place = 0;

  g_return_if_fail (OP_IS_RECORD_GRID (self));

  if (self->source == NULL || op_table_source_get_n_records (self->source) == 0)
    return;
  if (batch == NULL)
    {
      op_store_find_time_async (op_table_source_get_store (self->source),
                                op_table_source_get_incarnation (self->source), time, NULL, on_time_found_cb,
                                g_object_ref (self));
      return;
    }
  while (place + 1 < op_batch_get_n_records (batch) && op_batch_get_times (batch)[place] < time)
    place++;
  show_place (self, (guint) place);
}

/* Selecting */

static void
forget_ends (OpRecordGrid *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->ends); i++)
    {
      if (self->ends[i] != NULL)
        g_signal_handlers_disconnect_by_data (self->ends[i], self);
      g_clear_object (&self->ends[i]);
    }
}

/* In times, as soon as the records at both ends have been read. */
static void
tell_selection (OpRecordGrid *self)
{
  OpTime first, last;

  if (!op_record_row_get_loaded (self->ends[0]) || !op_record_row_get_loaded (self->ends[1]))
    return;
  first = op_record_row_get_time (self->ends[0]);
  last = op_record_row_get_time (self->ends[1]);
  forget_ends (self);
  g_signal_emit (self, selected_signal, 0, MIN (first, last), MAX (first, last));
}

static void
on_selection_changed_cb (OpRecordGrid *self, guint position, guint n_items, GtkSelectionModel *selection)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (selection);

  if (self->is_selecting || gtk_bitset_is_empty (selected))
    return;
  forget_ends (self);
  self->ends[0] = g_list_model_get_item (G_LIST_MODEL (self->model), gtk_bitset_get_minimum (selected));
  self->ends[1] = g_list_model_get_item (G_LIST_MODEL (self->model), gtk_bitset_get_maximum (selected));
  for (guint i = 0; i < G_N_ELEMENTS (self->ends); i++)
    g_signal_connect_object (self->ends[i], "notify::loaded", G_CALLBACK (tell_selection), self, G_CONNECT_SWAPPED);
  tell_selection (self);
}

static void
select_places (OpRecordGrid *self, guint first, guint last)
{
  GtkSelectionModel *selection = gtk_column_view_get_model (self->view);

  self->is_selecting = TRUE;
  gtk_selection_model_select_range (selection, first, last - first + 1, TRUE);
  self->is_selecting = FALSE;
  op_record_grid_scroll_to (self, first);
}

static void
on_span_end_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpRecordGrid) self = data;
  gint64 place = op_store_find_time_finish (OP_STORE (source), result, NULL);

  if (place < 0 || self->model == NULL || place >= g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    return;
  /* The first record behind the span, where there is one. */
  if (self->span_to < op_table_source_get_incarnation (self->source)->last_time)
    place--;
  if (place >= self->span_first)
    select_places (self, self->span_first, (guint) place);
  else
    op_record_grid_select_none (self);
}

static void
on_span_begin_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpRecordGrid) self = data;
  gint64 place = op_store_find_time_finish (OP_STORE (source), result, NULL);

  if (place < 0 || self->source == NULL || op_table_source_get_incarnation (self->source) == NULL)
    return;
  self->span_first = (guint) place;
  op_store_find_time_async (OP_STORE (source), op_table_source_get_incarnation (self->source), self->span_to + 1,
                            self->span_cancellable, on_span_end_found_cb, g_object_ref (self));
}

/* All that lie in it; a file's records may not be in order. */
static void
select_span_of_batch (OpRecordGrid *self, const OpBatch *batch)
{
  const OpTime *times = op_batch_get_times (batch);
  gsize n = op_batch_get_n_records (batch), first = n, last = 0;

  for (gsize i = 0; i < n; i++)
    if (times[i] >= self->span_from && times[i] <= self->span_to)
      {
        first = MIN (first, i);
        last = i;
      }
  if (first < n)
    select_places (self, (guint) first, (guint) last);
  else
    op_record_grid_select_none (self);
}

static void
stop_span (OpRecordGrid *self)
{
  g_cancellable_cancel (self->span_cancellable);
  g_clear_object (&self->span_cancellable);
}

void
op_record_grid_select_span (OpRecordGrid *self, OpTime from, OpTime to)
{
  g_return_if_fail (OP_IS_RECORD_GRID (self));

  if (self->source == NULL || op_table_source_get_n_records (self->source) == 0)
    return;
  stop_span (self);
  self->span_from = from;
  self->span_to = to;
  if (op_table_source_get_batch (self->source) != NULL)
    {
      select_span_of_batch (self, op_table_source_get_batch (self->source));
      return;
    }
  self->span_cancellable = g_cancellable_new ();
  op_store_find_time_async (op_table_source_get_store (self->source), op_table_source_get_incarnation (self->source),
                            from, self->span_cancellable, on_span_begin_found_cb, g_object_ref (self));
}

void
op_record_grid_select_none (OpRecordGrid *self)
{
  GtkSelectionModel *selection = gtk_column_view_get_model (self->view);

  stop_span (self);
  self->is_selecting = TRUE;
  if (selection != NULL)
    gtk_selection_model_unselect_all (selection);
  self->is_selecting = FALSE;
}

static void
op_record_grid_dispose (GObject *object)
{
  OpRecordGrid *self = OP_RECORD_GRID (object);

  forget_ends (self);
  stop_span (self);
  g_clear_handle_id (&self->scroll_idle, g_source_remove);
  g_clear_object (&self->model);
  g_clear_object (&self->source);
  g_clear_pointer (&self->columns, g_hash_table_unref);
  G_OBJECT_CLASS (op_record_grid_parent_class)->dispose (object);
}

static void
op_record_grid_class_init (OpRecordGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_record_grid_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/record-grid.ui");
  selected_signal = g_signal_new ("selected", OP_TYPE_RECORD_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                  G_TYPE_INT64, G_TYPE_INT64);
  gtk_widget_class_bind_template_child (widget_class, OpRecordGrid, scroller);
  gtk_widget_class_bind_template_child (widget_class, OpRecordGrid, view);
  gtk_widget_class_install_action (widget_class, "records.copy", NULL, on_copy_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "records.copy", NULL);
}

static void
op_record_grid_init (OpRecordGrid *self)
{
  self->columns = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "value-changed",
                           G_CALLBACK (on_scrolled_cb), self, G_CONNECT_SWAPPED);
}

void
op_record_grid_set_source (OpRecordGrid *self, OpTableSource *source)
{
  g_autoptr (GtkMultiSelection) selection = NULL;

  if (self->source == source)
    return;
  forget_ends (self);
  stop_span (self);
  gtk_column_view_set_model (self->view, NULL);
  remove_columns (self);
  g_clear_object (&self->model);
  g_set_object (&self->source, source);
  if (source == NULL)
    return;

  add_fixed_columns (self);
  self->model = op_record_model_new (source);
  selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->model)));
  g_signal_connect_object (selection, "selection-changed", G_CALLBACK (on_selection_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  self->follows = TRUE;
  scroll_to_end (self);
}

void
op_record_grid_set_chosen (OpRecordGrid *self, const guint *columns, guint n_columns)
{
  g_autoptr (GHashTable) chosen = g_hash_table_new (NULL, NULL);
  guint n_others = 0;
  guint position = 2;

  if (self->source == NULL)
    return;
  for (guint i = 0; i < n_columns; i++)
    {
      g_hash_table_add (chosen, GUINT_TO_POINTER (columns[i]));
      place_column (self, columns[i], position++);
    }
  for (guint i = 0; i < op_table_source_get_table (self->source)->n_columns && n_others < OP_COLUMNS_UNCHOSEN; i++)
    if (!g_hash_table_contains (chosen, GUINT_TO_POINTER (i)))
      {
        place_column (self, i, position++);
        n_others++;
      }
}

void
op_record_grid_refresh (OpRecordGrid *self)
{
  gboolean follows = self->follows;

  if (self->model == NULL)
    return;
  /* Which moves the end away. */
  op_record_model_update (self->model);
  self->follows = follows;
  if (follows)
    scroll_to_end (self);
}

void
op_record_grid_scroll_to (OpRecordGrid *self, guint place)
{
  self->follows = place + 1 == g_list_model_get_n_items (G_LIST_MODEL (self->model));
  self->scroll_place = place;
  if (self->scroll_idle == 0)
    self->scroll_idle = g_idle_add (scroll_cb, self);
}
