/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/record-grid.h"

#include "app/engine/find-span.h"
#include "app/ui/field-item.h"
#include "app/ui/record-columns.h"
#include "app/ui/record-copy.h"
#include "app/ui/record-model.h"

#include <glib/gi18n.h>

/* GtkColumnView makes a widget for every column of each row in sight: past this number of columns only those
 * that are chosen are shown besides. */
#define OP_COLUMNS_UNCHOSEN 48

struct _OpRecordGrid
{
  AdwBin             parent_instance;

  GtkScrolledWindow *scroller;
  GtkColumnView     *view;

  OpTableSource     *source;
  OpRecordModel     *model;
  GHashTable        *columns; /* (table column → GtkColumnViewColumn), of those that were made */
  gboolean           is_placing;    /* not a person moves columns, but this code */
  gboolean           is_arranged;   /* a person did: they stay where they are */
  gboolean           follows;  /* scrolled to the newest record, and to stay there */
  guint              scroll_idle;
  guint              scroll_place;
  gboolean           is_scroll_due; /* once the grid is seen */
  guint              settle_tick;   /* while the list lays out what was scrolled to */
  guint              settle_frames; /* left */
  gboolean           is_selecting;  /* not a person, but this code */
  OpRecordRow       *ends[2];       /* of what a person selected, until their times have been read */
  GCancellable      *span_cancellable; /* of the search for a span's records */
};

/* The list estimates heights first and mends its place over the next frames. */
#define SETTLE_FRAMES 4

G_DEFINE_FINAL_TYPE (OpRecordGrid, op_record_grid, ADW_TYPE_BIN)

enum
{
  SIGNAL_SELECTED,
  SIGNAL_ARRANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Inserting a column that is there already moves it, which is left to a person who began to. */
static void
place_column (OpRecordGrid *self, guint column, guint position)
{
  GtkColumnViewColumn *known = g_hash_table_lookup (self->columns, GUINT_TO_POINTER (column));

  if (known == NULL)
    {
      known = op_record_column_new (op_table_source_get_table (self->source), (int) column);
      g_hash_table_insert (self->columns, GUINT_TO_POINTER (column), known);
      position = MIN (position, g_list_model_get_n_items (gtk_column_view_get_columns (self->view)));
    }
  else if (self->is_arranged)
    return;
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
  OpTable *table = op_table_source_get_table (self->source);
  g_autoptr (GtkColumnViewColumn) time = op_record_column_new (table, OP_COLUMN_TIME);
  g_autoptr (GtkColumnViewColumn) record = op_record_column_new (table, OP_COLUMN_RECORD);

  gtk_column_view_append_column (self->view, time);
  gtk_column_view_append_column (self->view, record);
}

/* A person draws a column by its header: it is taken out, and put in elsewhere. */
static void
on_columns_changed_cb (OpRecordGrid *self, guint position, guint n_removed, guint n_added)
{
  if (self->is_placing || n_added == 0)
    return;
  self->is_arranged = TRUE;
  g_signal_emit (self, signals[SIGNAL_ARRANGED], 0);
}

static void
on_scrolled_cb (OpRecordGrid *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  /* Records that were appended move the end away until the scrolling that was asked for is done. */
  if (self->scroll_idle != 0 || self->settle_tick != 0 || self->is_scroll_due)
    return;
  self->follows = gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment)
                  >= gtk_adjustment_get_upper (adjustment) - 1;
}

/* GtkColumnView says how wide its columns are, be that less than its place: what lies beside them is taken for scrolled
 * past the end, and shaded so. */
static void
on_width_changed_cb (GtkAdjustment *adjustment)
{
  double page = gtk_adjustment_get_page_size (adjustment);

  if (gtk_adjustment_get_upper (adjustment) < page)
    gtk_adjustment_set_upper (adjustment, page);
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
  /* A list that was never laid out does not know its rows, and would show none from then on. */
  self->is_scroll_due = !gtk_widget_get_mapped (list);
  if (self->is_scroll_due)
    return G_SOURCE_REMOVE;
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

/* The columns as they stand, and their titles. */
static GArray *
list_columns (OpRecordGrid *self, GStrvBuilder *titles)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (int));
  GListModel *shown = gtk_column_view_get_columns (self->view);

  for (guint i = 0; i < g_list_model_get_n_items (shown); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (shown, i);
      int number = op_record_column_get (column);

      g_strv_builder_add (titles, gtk_column_view_column_get_title (column));
      g_array_append_val (columns, number);
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
find_span (OpRecordGrid *self, OpTime from, OpTime to, GCancellable *cancellable, GAsyncReadyCallback callback)
{
  op_find_span_async (op_table_source_get_store (self->source), op_table_source_get_incarnation (self->source),
                      op_table_source_get_batch (self->source), from, to, cancellable, callback, g_object_ref (self));
}

static void
on_time_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpRecordGrid) self = data;
  OpSpanPlaces places;

  if (op_find_span_finish (result, &places, NULL) && self->model != NULL
      && places.first < g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    show_place (self, (guint) places.first);
}

void
op_record_grid_go_to_time (OpRecordGrid *self, OpTime time)
{
  g_return_if_fail (OP_IS_RECORD_GRID (self));

  if (self->source != NULL)
    find_span (self, time, G_MAXINT64, NULL, on_time_found_cb);
}

/* Selecting */

static void
stop_span (OpRecordGrid *self)
{
  g_cancellable_cancel (self->span_cancellable);
  g_clear_object (&self->span_cancellable);
}

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
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0, MIN (first, last), MAX (first, last));
}

static void
on_selection_changed_cb (OpRecordGrid *self, guint position, guint n_items, GtkSelectionModel *selection)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (selection);

  if (self->is_selecting || gtk_bitset_is_empty (selected))
    return;
  stop_span (self);
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
on_span_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpRecordGrid) self = data;
  g_autoptr (GError) error = NULL;
  OpSpanPlaces places;
  gboolean is_found = op_find_span_finish (result, &places, &error);

  /* Another span is looked for already. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->model == NULL)
    return;
  if (is_found && places.has_records && places.last < g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    select_places (self, (guint) places.first, (guint) places.last);
  else
    op_record_grid_select_none (self);
}

void
op_record_grid_select_span (OpRecordGrid *self, OpTime from, OpTime to)
{
  g_return_if_fail (OP_IS_RECORD_GRID (self));

  if (self->source == NULL)
    return;
  stop_span (self);
  self->span_cancellable = g_cancellable_new ();
  find_span (self, from, to, self->span_cancellable, on_span_found_cb);
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
op_record_grid_map (GtkWidget *widget)
{
  OpRecordGrid *self = OP_RECORD_GRID (widget);

  GTK_WIDGET_CLASS (op_record_grid_parent_class)->map (widget);
  if (self->is_scroll_due && self->scroll_idle == 0)
    self->scroll_idle = g_idle_add (scroll_cb, self);
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
  widget_class->map = op_record_grid_map;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/record-grid.ui");
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", OP_TYPE_RECORD_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  signals[SIGNAL_ARRANGED] = g_signal_new ("arranged", OP_TYPE_RECORD_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 0);
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
  g_signal_connect (gtk_scrolled_window_get_hadjustment (self->scroller), "changed", G_CALLBACK (on_width_changed_cb),
                    NULL);
  g_signal_connect_object (gtk_column_view_get_columns (self->view), "items-changed", G_CALLBACK (on_columns_changed_cb),
                           self, G_CONNECT_SWAPPED);
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
  self->is_placing = TRUE;
  remove_columns (self);
  self->is_arranged = FALSE;
  g_clear_object (&self->model);
  g_set_object (&self->source, source);
  if (source != NULL)
    add_fixed_columns (self);
  self->is_placing = FALSE;
  if (source == NULL)
    return;

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
  self->is_placing = TRUE;
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
  self->is_placing = FALSE;
  op_record_columns_limit_widths (self->view);
}

char *
op_record_grid_dup_order (OpRecordGrid *self)
{
  g_return_val_if_fail (OP_IS_RECORD_GRID (self), NULL);

  if (self->source == NULL || !self->is_arranged)
    return NULL;
  return op_record_columns_dup_order (self->view, op_table_source_get_table (self->source));
}

void
op_record_grid_set_order (OpRecordGrid *self, const char *order)
{
  g_return_if_fail (OP_IS_RECORD_GRID (self));

  if (self->source == NULL)
    return;
  self->is_placing = TRUE;
  op_record_columns_set_order (self->view, op_table_source_get_table (self->source), order);
  self->is_placing = FALSE;
  self->is_arranged = TRUE;
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
