/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/station-page.h"

#include "app/engine/export.h"
#include "app/ui/accessible.h"
#include "app/ui/data-view.h"
#include "app/ui/error-bar.h"
#include "app/ui/format.h"
#include "app/ui/overview-page.h"
#include "app/ui/progress-row.h"
#include "app/ui/state-file.h"
#include "app/ui/table-source.h"

#include <glib/gi18n.h>

#define OP_VERDICT_SECONDS 10

struct _OpStationPage
{
  AdwBin            parent_instance;

  AdwHeaderBar     *header;
  AdwViewSwitcherTitle *title;
  GtkButton        *back;
  GtkButton        *collect;
  AdwButtonContent *collect_content;
  GtkButton        *cancel;
  AdwButtonContent *cancel_content;
  GtkButton        *clock;
  AdwButtonContent *clock_content;
  OpErrorBar       *error_bar;
  GtkRevealer      *progress_revealer;
  GtkListBox       *progress;
  AdwToastOverlay  *toasts;
  AdwViewStack     *views;
  OpOverviewPage   *overview;
  GtkStack         *stack;
  AdwStatusPage    *waiting;
  OpDataView       *view;

  OpStation        *station;
  GListStore       *sources;   /* of OpTableSource */
  gboolean          listed;    /* once */
  gboolean          listing;
  gboolean          list_again; /* the store changed while it was listed */
  OpTableResult    *show;      /* what the toast's Show leads to */
  GPtrArray        *results;   /* owns it */
};

G_DEFINE_FINAL_TYPE (OpStationPage, op_station_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_BUSY,
  PROP_CAN_SAVE,
  PROP_FOLDED,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static void list_tables (OpStationPage *self);

static gboolean
is_busy (OpStationPage *self)
{
  return op_station_get_activity (self->station) != OP_STATION_IDLE;
}

static gboolean
can_save (OpStationPage *self)
{
  OpTableSource *source = op_data_view_get_current (self->view);

  return source != NULL && op_table_source_get_n_records (source) > 0;
}

static OpTableSource *
find_source (OpStationPage *self, gint64 incarnation)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++)
    {
      g_autoptr (OpTableSource) source = g_list_model_get_item (G_LIST_MODEL (self->sources), i);

      if (op_table_source_get_incarnation (source)->id == incarnation)
        return source;
    }
  return NULL;
}

/* The first table with an interval that holds records, or the first that holds any. */
static OpTableSource *
find_first_source (OpStationPage *self)
{
  OpTableSource *any = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++)
    {
      g_autoptr (OpTableSource) source = g_list_model_get_item (G_LIST_MODEL (self->sources), i);

      if (op_table_source_get_n_records (source) == 0)
        continue;
      if (!op_table_is_event (op_table_source_get_table (source)))
        return source;
      if (any == NULL)
        any = source;
    }
  return any;
}

/* Of the table that was looked at last, the newest generation with records; NULL: there is none, or none is known. */
static OpTableSource *
find_kept_source (OpStationPage *self, const char *const *layout)
{
  for (guint i = 0; layout != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++)
    {
      g_autoptr (OpTableSource) source = g_list_model_get_item (G_LIST_MODEL (self->sources), i);

      if (op_table_source_get_n_records (source) > 0
          && g_str_equal (op_table_source_get_table (source)->name, layout[0]))
        return source;
    }
  return NULL;
}

static void
show_first_source (OpStationPage *self)
{
  g_auto (GStrv) layout = op_state_dup_station_texts (op_station_get_id (self->station), "data");
  OpTableSource *kept = find_kept_source (self, (const char *const *) layout);

  if (kept != NULL && g_strv_length (layout) >= OP_DATA_LAYOUT_MIN)
    op_data_view_restore_layout (self->view, kept, (const char *const *) layout);
  else
    op_data_view_set_current (self->view, find_first_source (self));
}

static void
on_laid_out_cb (OpStationPage *self)
{
  g_auto (GStrv) layout = op_data_view_dup_layout (self->view);

  if (self->station != NULL && layout != NULL)
    op_state_save_station_texts (op_station_get_id (self->station), "data", (const char *const *) layout);
}

static void
update_stack (OpStationPage *self)
{
  const char *name = "fresh";

  if (!self->listed)
    name = "loading";
  else if (op_data_view_get_current (self->view) != NULL)
    name = "data";
  else if (is_busy (self))
    name = "waiting";
  gtk_stack_set_visible_child_name (self->stack, name);
}

static void
update_activity (OpStationPage *self)
{
  OpStationActivity activity = op_station_get_activity (self->station);

  gtk_widget_set_visible (GTK_WIDGET (self->collect), activity == OP_STATION_IDLE);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), activity != OP_STATION_IDLE);
  gtk_revealer_set_reveal_child (self->progress_revealer, activity == OP_STATION_COLLECTING);
  adw_status_page_set_title (self->waiting,
                             activity == OP_STATION_CONNECTING ? _("Connecting") : _("Waiting for Records"));
  update_stack (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
update_sources (OpStationPage *self, GPtrArray *incarnations)
{
  const char *newest_name = "";

  for (guint i = 0; i < incarnations->len; i++)
    {
      OpIncarnation *incarnation = g_ptr_array_index (incarnations, i);
      OpTableSource *source = find_source (self, incarnation->id);
      gboolean old = g_str_equal (incarnation->table->name, newest_name);
      g_autoptr (OpTableSource) made = NULL;

      newest_name = incarnation->table->name;
      if (source != NULL)
        op_table_source_update (source, incarnation, old);
      else
        {
          made = op_table_source_new_incarnation (op_station_get_store (self->station), incarnation, old);
          g_list_store_insert (self->sources, i, made);
        }
    }
}

/* The logger's clock keeps one offset from UTC all the year. */
static void
show_axis_note (OpStationPage *self)
{
  g_autoptr (OpStationRecord) record = op_station_dup_record (self->station);
  g_autofree char *zone = op_format_utc_offset (record->utc_offset_s);
  g_autofree char *note = g_strdup_printf (_("Logger time, %s"), zone);

  op_data_view_set_axis_note (self->view, record->utc_offset_known ? note : _("Logger time"));
}

static void
on_listed_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpStationPage) self = OP_STATION_PAGE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) incarnations = op_store_list_incarnations_finish (OP_STORE (object), result, &error);

  if (self->station == NULL)
    return;
  self->listing = FALSE;
  self->listed = TRUE;
  if (incarnations == NULL)
    {
      op_error_bar_show (self->error_bar, _("The stored records cannot be read"), error);
      update_stack (self);
      return;
    }
  update_sources (self, incarnations);
  show_axis_note (self);
  if (op_data_view_get_current (self->view) != NULL)
    op_data_view_refresh (self->view);
  else
    show_first_source (self);
  update_stack (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_SAVE]);
  if (self->list_again)
    list_tables (self);
}

static void
list_tables (OpStationPage *self)
{
  self->list_again = self->listing;
  if (self->listing)
    return;
  self->listing = TRUE;
  op_store_list_incarnations_async (op_station_get_store (self->station), op_station_get_id (self->station), NULL,
                                    on_listed_cb, g_object_ref (self));
}

static void
on_show_cb (OpStationPage *self)
{
  OpTableSource *source = self->show != NULL ? find_source (self, self->show->incarnation) : NULL;
  gint64 place;

  if (source == NULL)
    return;
  adw_view_stack_set_visible_child_name (self->views, "data");
  op_data_view_set_current (self->view, source);
  place = op_incarnation_find_record (op_table_source_get_incarnation (source), self->show->first);
  if (place >= 0)
    op_data_view_show_record (self->view, (guint) place);
}

static char *
dup_verdict (GPtrArray *results)
{
  guint64 n_records = 0, n_missing = 0;
  guint n_gaps = 0;
  g_autofree char *records = NULL;
  g_autofree char *missing = NULL;
  g_autofree char *new_records = NULL;

  for (guint i = 0; i < results->len; i++)
    {
      const OpTableResult *result = g_ptr_array_index (results, i);

      n_records += result->n_records;
      n_missing += result->n_missing;
      n_gaps += result->n_gaps;
    }
  records = op_format_count (n_records);
  missing = op_format_count (n_missing);
  new_records = n_records == 0 ? g_strdup (_("No new records"))
                               : g_strdup_printf (ngettext ("%s new record", "%s new records", n_records), records);
  if (n_gaps == 0)
    return g_strdup_printf (_("%s, no gaps"), new_records);
  return g_strdup_printf (ngettext ("%s, %u gap: %s overwritten before they were collected",
                                    "%s, %u gaps: %s overwritten before they were collected", n_gaps),
                          new_records, n_gaps, missing);
}

static void
show_results (OpStationPage *self, GPtrArray *results)
{
  g_autofree char *verdict = dup_verdict (results);
  AdwToast *toast = adw_toast_new (verdict);

  self->show = NULL;
  g_clear_pointer (&self->results, g_ptr_array_unref);
  self->results = g_ptr_array_ref (results);
  for (guint i = 0; i < results->len && self->show == NULL; i++)
    {
      OpTableResult *result = g_ptr_array_index (results, i);

      if (result->n_records > 0)
        self->show = result;
    }
  if (self->show != NULL)
    {
      adw_toast_set_button_label (toast, _("Show"));
      adw_toast_set_timeout (toast, OP_VERDICT_SECONDS);
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_show_cb), self, G_CONNECT_SWAPPED);
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
on_collected_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpStationPage) self = OP_STATION_PAGE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) partial = NULL;
  g_autoptr (GPtrArray) results = op_station_collect_finish (OP_STATION (object), result, &partial, &error);

  if (self->station == NULL)
    return;
  list_tables (self);
  if (results != NULL)
    show_results (self, results);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_("Cancelled; what came is kept")));
  else
    op_error_bar_show (self->error_bar, _("Collecting Failed"), error);
}

static void
on_message_cb (OpStationPage *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (text));
}

static void
on_toast_cb (OpStationPage *self, AdwToast *toast)
{
  adw_toast_overlay_add_toast (self->toasts, g_object_ref (toast));
}

/* The page that was seen last is seen first the next time. */
static void
on_view_cb (OpStationPage *self)
{
  const char *const names[] = { adw_view_stack_get_visible_child_name (self->views), NULL };

  if (self->station != NULL)
    op_state_save_station_texts (op_station_get_id (self->station), "page", names);
}

static void
restore_view (OpStationPage *self, OpStation *station)
{
  g_auto (GStrv) page = op_state_dup_station_texts (op_station_get_id (station), "page");

  adw_view_stack_set_visible_child_name (self->views,
                                         page != NULL && g_strcmp0 (page[0], "overview") == 0 ? "overview" : "data");
}

static void
on_saved_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpStationPage) self = OP_STATION_PAGE (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint64 n_records;

  if (!op_export_toa5_finish (result, &n_records, &error))
    {
      op_error_bar_show (self->error_bar, _("The File Could Not Be Saved"), error);
      return;
    }
  text = op_format_saved_toa5 (n_records);
  on_message_cb (self, text);
}

static void
on_save_response_cb (OpStationPage *self, int response, GtkNativeDialog *dialog)
{
  g_autoptr (GtkNativeDialog) owned = dialog;
  OpTableSource *source = op_data_view_get_current (self->view);
  g_autoptr (GFile) file = NULL;

  if (response != GTK_RESPONSE_ACCEPT || source == NULL)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  op_export_toa5_async (self->station, op_table_source_get_incarnation (source), file, NULL, on_saved_cb,
                        g_object_ref (self));
}

/* In a narrow window the title needs the room that the button's text takes. */
static void
fold_button (GtkButton *button, AdwButtonContent *content, gboolean folded)
{
  if (folded)
    {
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      adw_button_content_get_label (content), -1);
      gtk_button_set_icon_name (button, adw_button_content_get_icon_name (content));
    }
  else
    {
      gtk_accessible_reset_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL);
      gtk_button_set_child (button, GTK_WIDGET (content));
    }
}

static void
fold (OpStationPage *self, gboolean folded)
{
  gtk_widget_set_visible (GTK_WIDGET (self->back), folded);
  adw_header_bar_set_show_start_title_buttons (self->header, folded);
  fold_button (self->collect, self->collect_content, folded);
  fold_button (self->cancel, self->cancel_content, folded);
  fold_button (self->clock, self->clock_content, folded);
}

static GtkWidget *
create_progress_row (gpointer item, gpointer data)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), op_progress_row_new (item));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static void
op_station_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OpStationPage *self = OP_STATION_PAGE (object);

  switch (id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, is_busy (self));
      break;
    case PROP_CAN_SAVE:
      g_value_set_boolean (value, can_save (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_station_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  OpStationPage *self = OP_STATION_PAGE (object);

  switch (id)
    {
    case PROP_FOLDED:
      fold (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_station_page_dispose (GObject *object)
{
  OpStationPage *self = OP_STATION_PAGE (object);

  g_clear_object (&self->collect_content);
  g_clear_object (&self->cancel_content);
  g_clear_object (&self->clock_content);
  g_clear_object (&self->station);
  g_clear_object (&self->sources);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  self->show = NULL;
  G_OBJECT_CLASS (op_station_page_parent_class)->dispose (object);
}

static void
op_station_page_class_init (OpStationPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = op_station_page_get_property;
  object_class->set_property = op_station_page_set_property;
  object_class->dispose = op_station_page_dispose;

  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CAN_SAVE]
    = g_param_spec_boolean ("can-save", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOLDED]
    = g_param_spec_boolean ("folded", NULL, NULL, FALSE, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (OP_TYPE_DATA_VIEW);
  g_type_ensure (OP_TYPE_ERROR_BAR);
  g_type_ensure (OP_TYPE_OVERVIEW_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/station-page.ui");
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, header);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, title);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, views);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, overview);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, back);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, collect);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, collect_content);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, cancel);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, cancel_content);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, clock);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, clock_content);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, error_bar);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, progress_revealer);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, progress);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, stack);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, OpStationPage, view);
  gtk_widget_class_bind_template_callback (widget_class, op_station_page_collect);
  gtk_widget_class_bind_template_callback (widget_class, on_laid_out_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_message_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_toast_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_view_cb);
}

static void
op_station_page_init (OpStationPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Kept while a narrow window shows icons instead. */
  g_object_ref (self->collect_content);
  g_object_ref (self->cancel_content);
  g_object_ref (self->clock_content);
  op_accessible_name_toasts (self->toasts);
  self->sources = g_list_store_new (OP_TYPE_TABLE_SOURCE);
  op_data_view_set_sources (self->view, G_LIST_MODEL (self->sources));
}

GtkWidget *
op_station_page_new (OpStation *station)
{
  OpStationPage *self = g_object_new (OP_TYPE_STATION_PAGE, NULL);

  restore_view (self, station);
  self->station = g_object_ref (station);
  op_overview_page_set_station (self->overview, station);
  op_error_bar_set_station (self->error_bar, station);
  g_object_bind_property (station, "name", self->title, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property (station, "status", self->title, "subtitle", G_BINDING_SYNC_CREATE);
  gtk_list_box_bind_model (self->progress, op_station_get_progress (station), create_progress_row, NULL, NULL);
  g_signal_connect_object (station, "notify::activity", G_CALLBACK (update_activity), self, G_CONNECT_SWAPPED);
  /* It is told with all else that a person may set, the offset from UTC among it. */
  g_signal_connect_object (station, "notify::name", G_CALLBACK (show_axis_note), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (station, "changed", G_CALLBACK (list_tables), self, G_CONNECT_SWAPPED);
  update_activity (self);
  list_tables (self);
  return GTK_WIDGET (self);
}

OpStation *
op_station_page_get_station (OpStationPage *self)
{
  return self->station;
}

void
op_station_page_collect (OpStationPage *self)
{
  OpCollectOrder order = { .select = OP_SELECT_NEW };

  if (is_busy (self))
    return;
  op_error_bar_hide (self->error_bar);
  op_station_collect_async (self->station, &order, NULL, on_collected_cb, g_object_ref (self));
}

void
op_station_page_save_toa5 (OpStationPage *self)
{
  OpTableSource *source = op_data_view_get_current (self->view);
  GtkFileChooserNative *dialog;
  g_autofree char *name = NULL;

  if (source == NULL)
    return;
  dialog = gtk_file_chooser_native_new (_("Save As TOA5"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  name = op_export_dup_file_name (op_station_get_name (self->station), op_table_source_get_table (source)->name,
                                  ".dat");
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_save_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
