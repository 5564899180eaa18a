/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/data-view.h"

#include "app/ui/field-item.h"
#include "app/ui/field-list.h"
#include "app/ui/picture-view.h"
#include "app/ui/plot/plot-overview.h"
#include "app/ui/plot/plot-view.h"
#include "app/ui/record-grid.h"
#include "app/ui/statistics-bar.h"

#include <glib/gi18n.h>

struct _OpDataView
{
  AdwBin         parent_instance;

  AdwFlap       *flap;
  OpFieldList   *fields;
  GtkStack      *stack;
  GtkStack      *pictures; /* "time" and "picture" */
  AdwBin        *plot_place;
  OpPictureView *picture;
  GtkMenuButton *picture_menu_button;
  OpStatisticsBar *statistics;
  GtkLabel      *reading;
  GtkMenuButton *go_to;
  GtkEntry      *go_to_entry;
  OpRecordGrid  *grid;
  OpPlotOverview *overview;
  GtkToggleButton *follow;
  OpPlotView    *plot;

  OpTableSource *shown;   /* what plot and grid show now */
  GSimpleAction *kind;    /* state: "time", or the nick of a kind of picture */
  GSimpleAction *span;    /* state: the button that is down, "" when the span is another */
  gboolean       setting_span;
  gboolean       is_restoring;
  gboolean       is_sharing; /* a selection of the plot with the grid, or the other way */
};

G_DEFINE_FINAL_TYPE (OpDataView, op_data_view, ADW_TYPE_BIN)

enum
{
  SIGNAL_MESSAGE,
  SIGNAL_LAID_OUT,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
set_span_state (OpDataView *self, const char *name)
{
  g_simple_action_set_state (self->span, g_variant_new_string (name));
}

static void
tell_layout (OpDataView *self)
{
  if (!self->is_restoring)
    g_signal_emit (self, signals[SIGNAL_LAID_OUT], 0);
}

static void
show_span (OpDataView *self, const char *name)
{
  static const struct
  {
    const char *name;
    OpTime      length;
  } spans[] = {
    { "day", OP_DAY },
    { "week", 7 * OP_DAY },
    { "month", 30 * OP_DAY },
    { "year", 365 * OP_DAY },
  };
  OpTime first, last;
  gboolean has_records = op_plot_view_get_records (self->plot, &first, &last);

  self->setting_span = TRUE;
  if (g_str_equal (name, "all"))
    gtk_widget_activate_action (GTK_WIDGET (self->plot), "plot.fit", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (spans); i++)
    if (g_str_equal (name, spans[i].name) && has_records)
      op_plot_view_set_span (self->plot, last - spans[i].length, last);
  self->setting_span = FALSE;
  set_span_state (self, name);
}

/* What is selected is looked at, or else what is visible. */
static void
pass_span_on (OpDataView *self)
{
  OpTime from, to;
  gboolean is_selection = op_plot_view_get_selection (self->plot, &from, &to) && from < to;

  if (!is_selection)
    g_object_get (self->plot, "from", &from, "to", &to, NULL);
  op_picture_view_set_span (self->picture, from, to);
  op_statistics_bar_set_span (self->statistics, from, to, is_selection);
}

static void
show_plot_source (OpDataView *self, OpTableSource *source)
{
  OpBatch *batch = op_table_source_get_batch (source);

  if (batch != NULL)
    op_plot_view_set_batch (self->plot, batch);
  else
    op_plot_view_set_source (self->plot, op_table_source_get_store (source),
                             op_table_source_get_incarnation (source));
}

static void
show_window (OpDataView *self)
{
  OpTime from, to;

  g_object_get (self->plot, "from", &from, "to", &to, NULL);
  op_plot_overview_set_window (self->overview, from, to);
}

static void
show_overview (OpDataView *self)
{
  OpTime first, last;
  gboolean has_records = op_plot_view_get_records (self->plot, &first, &last);

  op_plot_overview_set_source (self->overview, has_records ? self->shown : NULL,
                               op_plot_view_get_first_column (self->plot), first, last);
  show_window (self);
}

static void
on_overview_chosen_cb (OpDataView *self, gint64 from, gint64 to)
{
  op_plot_view_set_span (self->plot, from, to);
}

/* The plot and the grid have one selection. */
static void
on_plot_selected_cb (OpDataView *self, gboolean is_going_on)
{
  OpTime from, to;

  pass_span_on (self);
  if (self->is_sharing || is_going_on)
    return;
  if (op_plot_view_get_selection (self->plot, &from, &to))
    op_record_grid_select_span (self->grid, from, to);
  else
    op_record_grid_select_none (self->grid);
}

static void
on_grid_selected_cb (OpDataView *self, gint64 from, gint64 to)
{
  self->is_sharing = TRUE;
  op_plot_view_select (self->plot, from < to, from, to);
  if (from == to)
    op_plot_view_point_at (self->plot, from);
  self->is_sharing = FALSE;
}

static void
show_whether_empty (OpDataView *self)
{
  gboolean empty = self->shown == NULL || op_table_source_get_n_records (self->shown) == 0;

  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "records");
}

static void
on_chosen_changed_cb (OpDataView *self)
{
  OpTableSource *source = op_field_list_get_current (self->fields);
  g_autofree guint *columns = NULL;
  guint n_columns;

  if (source == NULL)
    return;
  columns = op_table_source_dup_chosen (source, &n_columns);
  if (g_set_object (&self->shown, source))
    {
      self->setting_span = TRUE;
      show_plot_source (self, source);
      self->setting_span = FALSE;
      set_span_state (self, "all");
      op_record_grid_set_source (self->grid, source);
      op_picture_view_set_source (self->picture, source);
      gtk_widget_set_visible (GTK_WIDGET (self->follow), op_table_source_get_batch (source) == NULL);
    }
  op_plot_view_set_columns (self->plot, columns, n_columns);
  for (guint i = 0; i < n_columns; i++)
    {
      g_autoptr (OpFieldItem) item = g_list_model_get_item (op_table_source_get_fields (source), columns[i]);

      op_plot_view_set_look (self->plot, columns[i], op_field_item_get_look (item));
    }
  op_record_grid_set_chosen (self->grid, columns, n_columns);
  op_statistics_bar_set_columns (self->statistics, source, columns, n_columns);
  show_overview (self);
  show_whether_empty (self);
  tell_layout (self);
}

static void
on_span_notify_cb (OpDataView *self)
{
  show_window (self);
  pass_span_on (self);
  if (!self->setting_span)
    set_span_state (self, "");
}

static void
on_reading_notify_cb (OpDataView *self)
{
  g_autofree char *reading = NULL;

  g_object_get (self->plot, "reading", &reading, NULL);
  gtk_label_set_label (self->reading, reading);
  gtk_widget_set_visible (GTK_WIDGET (self->reading), reading != NULL && reading[0] != '\0');
}

static void
on_span_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  show_span (OP_DATA_VIEW (data), g_variant_get_string (target, NULL));
  tell_layout (OP_DATA_VIEW (data));
}

static void
on_move_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  OpDataView *self = OP_DATA_VIEW (data);
  g_autofree char *name = g_strconcat ("plot.", g_action_get_name (G_ACTION (action)), NULL);

  gtk_widget_activate_action (GTK_WIDGET (self->plot), name, NULL);
}

static void
on_fit_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  show_span (OP_DATA_VIEW (data), "all");
}

/* "time", or the nick of a kind of picture. */
static void
on_picture_changed_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  OpDataView *self = OP_DATA_VIEW (data);
  const char *nick = g_variant_get_string (state, NULL);
  gboolean is_picture = FALSE;
  OpPictureKind kind;

  if (op_picture_find_kind (nick, &kind))
    {
      op_picture_view_set_kind (self->picture, kind);
      is_picture = TRUE;
    }
  else if (!g_str_equal (nick, "time"))
    return;
  gtk_stack_set_visible_child_name (self->pictures, is_picture ? "picture" : "time");
  gtk_menu_button_set_label (self->picture_menu_button,
                             is_picture ? op_picture_get_title (kind) : _("Time Series"));
  g_simple_action_set_state (action, state);
  tell_layout (self);
}

static gboolean
save_picture (OpDataView *self, const char *path, GError **error)
{
  gboolean is_picture = g_str_equal (gtk_stack_get_visible_child_name (self->pictures), "picture");

  return is_picture ? op_picture_view_save (self->picture, path, error) : op_plot_view_save (self->plot, path, error);
}

static void
on_picture_chosen_cb (OpDataView *self, int response, GtkNativeDialog *dialog)
{
  g_autoptr (GtkNativeDialog) owned = dialog;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (g_file_peek_path (file) == NULL)
    message = g_strdup (_("Choose a folder of this computer for the picture."));
  else if (save_picture (self, g_file_peek_path (file), &error))
    message = g_strdup_printf (_("Picture saved to %s"), g_file_peek_path (file));
  else
    message = g_strdup_printf (_("The picture could not be saved: %s"), error->message);
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

static void
on_save_picture_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  OpDataView *self = OP_DATA_VIEW (data);
  GtkFileChooserNative *dialog;
  g_autofree char *name = NULL;

  if (self->shown == NULL)
    return;
  dialog = gtk_file_chooser_native_new (_("Save Plot as Picture"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  name = g_strconcat (op_table_source_get_table (self->shown)->name, ".png", NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_picture_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_go_to_activate_cb (OpDataView *self)
{
  OpTime time;

  if (!op_time_parse (gtk_editable_get_text (GTK_EDITABLE (self->go_to_entry)), &time))
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->go_to_entry), "error");
      return;
    }
  gtk_menu_button_popdown (self->go_to);
  op_record_grid_go_to_time (self->grid, time);
}

static void
on_go_to_changed_cb (OpDataView *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->go_to_entry), "error");
}

/* Each page of the window has a view: the one that is seen is meant. */
static gboolean
on_go_to_key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  OpDataView *self = OP_DATA_VIEW (widget);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->go_to)))
    return FALSE;
  gtk_menu_button_popup (self->go_to);
  return TRUE;
}

/* What is selected is one thing, wherever the focus is; but in a text Ctrl+C is the text's. */
static gboolean
on_copy_key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  OpDataView *self = OP_DATA_VIEW (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->grid)) || GTK_IS_EDITABLE (focus))
    return FALSE;
  return gtk_widget_activate_action (GTK_WIDGET (self->grid), "records.copy", NULL);
}

/* For the whole window: the focus is elsewhere when a page is shown first. */
static void
add_shortcut (OpDataView *self, GtkPropagationPhase phase, guint key, GtkShortcutFunc func)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_MANAGED);
  gtk_event_controller_set_propagation_phase (controller, phase);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_keyval_trigger_new (key, GDK_CONTROL_MASK), gtk_callback_action_new (func, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
op_data_view_dispose (GObject *object)
{
  OpDataView *self = OP_DATA_VIEW (object);

  g_clear_object (&self->shown);
  g_clear_object (&self->kind);
  g_clear_object (&self->span);
  G_OBJECT_CLASS (op_data_view_parent_class)->dispose (object);
}

static void
op_data_view_class_init (OpDataViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_data_view_dispose;
  signals[SIGNAL_MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_LAID_OUT] = g_signal_new ("laid-out", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 0);

  g_type_ensure (OP_TYPE_FIELD_LIST);
  g_type_ensure (OP_TYPE_PICTURE_VIEW);
  g_type_ensure (OP_TYPE_PLOT_OVERVIEW);
  g_type_ensure (OP_TYPE_RECORD_GRID);
  g_type_ensure (OP_TYPE_STATISTICS_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/data-view.ui");
  gtk_widget_class_bind_template_child (widget_class, OpDataView, flap);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, fields);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, stack);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, pictures);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, plot_place);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, picture);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, picture_menu_button);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, statistics);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, reading);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, go_to);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, go_to_entry);
  gtk_widget_class_bind_template_callback (widget_class, on_go_to_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_go_to_changed_cb);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, grid);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, overview);
  gtk_widget_class_bind_template_child (widget_class, OpDataView, follow);
  gtk_widget_class_bind_template_callback (widget_class, on_overview_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_grid_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, tell_layout);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen_changed_cb);
}

static void
op_data_view_init (OpDataView *self)
{
  static const GActionEntry entries[] = {
    { "span", on_span_activate_cb, "s", "'all'", NULL, { 0 } },
    { "zoom-in", on_move_activate_cb, NULL, NULL, NULL, { 0 } },
    { "zoom-out", on_move_activate_cb, NULL, NULL, NULL, { 0 } },
    { "back", on_move_activate_cb, NULL, NULL, NULL, { 0 } },
    { "forward", on_move_activate_cb, NULL, NULL, NULL, { 0 } },
    { "fit", on_fit_activate_cb, NULL, NULL, NULL, { 0 } },
    { "picture", NULL, "s", "'time'", on_picture_changed_cb, { 0 } },
    { "save-picture", on_save_picture_activate_cb, NULL, NULL, NULL, { 0 } },
  };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  self->span = G_SIMPLE_ACTION (g_object_ref (g_action_map_lookup_action (G_ACTION_MAP (actions), "span")));
  self->kind = G_SIMPLE_ACTION (g_object_ref (g_action_map_lookup_action (G_ACTION_MAP (actions), "picture")));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "data", G_ACTION_GROUP (actions));

  gtk_widget_init_template (GTK_WIDGET (self));
  /* A GtkSearchEntry takes Ctrl+G for its next match, which no list here has: not before it is asked. */
  add_shortcut (self, GTK_PHASE_CAPTURE, GDK_KEY_g, on_go_to_key_cb);
  add_shortcut (self, GTK_PHASE_BUBBLE, GDK_KEY_c, on_copy_key_cb);
  self->plot = OP_PLOT_VIEW (op_plot_view_new ());
  adw_bin_set_child (self->plot_place, GTK_WIDGET (self->plot));
  g_object_bind_property (self->plot, "follows", self->follow, "active", G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->plot, "notify::from", G_CALLBACK (on_span_notify_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->plot, "notify::reading", G_CALLBACK (on_reading_notify_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->plot, "selected", G_CALLBACK (on_plot_selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->plot, "notify::to", G_CALLBACK (on_span_notify_cb), self, G_CONNECT_SWAPPED);
}

void
op_data_view_set_sources (OpDataView *self, GListModel *sources)
{
  op_field_list_set_sources (self->fields, sources);
}

void
op_data_view_set_current (OpDataView *self, OpTableSource *source)
{
  op_field_list_set_current (self->fields, source);
}

OpTableSource *
op_data_view_get_current (OpDataView *self)
{
  return op_field_list_get_current (self->fields);
}

/* Places in a layout; fields follow. */
enum
{
  LAYOUT_TABLE,
  LAYOUT_PICTURE,
  LAYOUT_SPAN,
  LAYOUT_FIELDS
};

/* Before the order of the grid's columns, behind the fields: no field is named so. */
#define LAYOUT_ORDER "columns\t"

static char *
dup_state (GSimpleAction *action)
{
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (action));

  return g_variant_dup_string (state, NULL);
}

char **
op_data_view_dup_layout (OpDataView *self)
{
  g_autoptr (GPtrArray) layout = g_ptr_array_new ();
  g_autofree guint *columns = NULL;
  g_autofree char *order = NULL;
  OpTable *table;
  guint n_columns;

  if (self->shown == NULL)
    return NULL;
  table = op_table_source_get_table (self->shown);
  columns = op_table_source_dup_chosen (self->shown, &n_columns);
  g_ptr_array_add (layout, g_strdup (table->name));
  g_ptr_array_add (layout, dup_state (self->kind));
  g_ptr_array_add (layout, dup_state (self->span));
  for (guint i = 0; i < n_columns; i++)
    {
      g_autoptr (OpFieldItem) item = g_list_model_get_item (op_table_source_get_fields (self->shown), columns[i]);

      g_ptr_array_add (layout, op_field_item_dup_text (item));
    }
  order = op_record_grid_dup_order (self->grid);
  if (order != NULL)
    g_ptr_array_add (layout, g_strconcat (LAYOUT_ORDER, order, NULL));
  g_ptr_array_add (layout, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&layout), FALSE);
}

void
op_data_view_restore_layout (OpDataView *self, OpTableSource *source, const char *const *layout)
{
  g_return_if_fail (g_strv_length ((char **) layout) >= OP_DATA_LAYOUT_MIN);

  self->is_restoring = TRUE;
  op_table_source_choose_names (source, layout + LAYOUT_FIELDS);
  op_data_view_set_current (self, source);
  g_action_change_state (G_ACTION (self->kind), g_variant_new_string (layout[LAYOUT_PICTURE]));
  /* Another span than the named ones was of what there was then. */
  if (layout[LAYOUT_SPAN][0] != '\0')
    show_span (self, layout[LAYOUT_SPAN]);
  for (guint i = LAYOUT_FIELDS; layout[i] != NULL; i++)
    if (g_str_has_prefix (layout[i], LAYOUT_ORDER))
      op_record_grid_set_order (self->grid, layout[i] + strlen (LAYOUT_ORDER));
  self->is_restoring = FALSE;
}

void
op_data_view_set_axis_note (OpDataView *self, const char *note)
{
  op_plot_view_set_axis_note (self->plot, note);
}

void
op_data_view_refresh (OpDataView *self)
{
  OpIncarnation *incarnation;

  if (self->shown == NULL)
    return;
  incarnation = op_table_source_get_incarnation (self->shown);
  self->setting_span = TRUE;
  op_plot_view_refresh (self->plot, incarnation);
  self->setting_span = FALSE;
  op_record_grid_refresh (self->grid);
  show_overview (self);
  show_whether_empty (self);
}

void
op_data_view_show_record (OpDataView *self, guint place)
{
  op_record_grid_scroll_to (self->grid, place);
}
