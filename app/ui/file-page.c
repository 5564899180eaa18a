/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/file-page.h"

#include "app/engine/convert.h"
#include "app/ui/accessible.h"
#include "app/ui/data-view.h"
#include "app/ui/dialog.h"
#include "app/ui/format.h"

#include <glib/gi18n.h>

struct _OpFilePage
{
  AdwBin           parent_instance;

  AdwHeaderBar    *header;
  AdwWindowTitle  *title;
  GtkButton       *back;
  GtkInfoBar      *problem_bar;
  GtkLabel        *problem_title;
  GtkLabel        *problem_list;
  AdwToastOverlay *toasts;
  GtkStack        *stack;
  GtkProgressBar  *bar;
  GtkLabel        *note;
  OpDataView      *view;

  OpOpenFile      *file;
};

G_DEFINE_FINAL_TYPE (OpFilePage, op_file_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_FOLDED,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static void
on_response_cb (OpFilePage *self)
{
  gtk_info_bar_set_revealed (self->problem_bar, FALSE);
}

static void
on_message_cb (OpFilePage *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (text));
}

static void
show_problems (OpFilePage *self, const OpDataFile *content)
{
  g_autofree char *count = op_format_count (content->n_problems);
  g_autofree char *title = NULL;
  GString *lines = g_string_new (NULL);

  gtk_info_bar_set_revealed (self->problem_bar, content->n_problems > 0);
  title = g_strdup_printf (
    ngettext ("%s problem in this file", "%s problems in this file", content->n_problems), count);
  for (guint i = 0; i < content->problems->len; i++)
    g_string_append_printf (lines, "%s%s", i > 0 ? "\n" : "", (char *) g_ptr_array_index (content->problems, i));
  gtk_label_set_label (self->problem_title, title);
  gtk_label_set_label (self->problem_list, lines->str);
  g_string_free (lines, TRUE);
}

static void
show_progress (OpFilePage *self)
{
  double fraction = op_open_file_get_fraction (self->file);
  double seconds = op_open_file_get_seconds_left (self->file);
  g_autofree char *left = seconds >= 0 ? op_format_duration (seconds) : NULL;
  g_autofree char *note = left != NULL ? g_strdup_printf (_("%.0f %% · %s left"), fraction * 100, left) : g_strdup ("");

  gtk_progress_bar_set_fraction (self->bar, fraction);
  gtk_label_set_label (self->note, note);
}

static void
show_content (OpFilePage *self)
{
  const OpDataFile *content = op_open_file_get_content (self->file);
  g_autoptr (OpTableSource) source = NULL;
  g_autoptr (GListStore) sources = NULL;

  if (content == NULL)
    {
      show_progress (self);
      return;
    }
  source = op_table_source_new_batch (content->batch);
  sources = g_list_store_new (OP_TYPE_TABLE_SOURCE);
  adw_window_title_set_subtitle (self->title, content->origin->station);
  show_problems (self, content);
  g_list_store_append (sources, source);
  op_data_view_set_sources (self->view, G_LIST_MODEL (sources));
  op_data_view_set_current (self->view, source);
  gtk_stack_set_visible_child_name (self->stack, op_batch_get_n_records (content->batch) > 0 ? "records" : "empty");
}

static void
on_saved_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpFilePage) self = OP_FILE_PAGE (data);
  g_autoptr (GError) error = NULL;
  guint64 n_records;
  g_autoptr (OpDataFile) content = op_convert_finish (result, &n_records, &error);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *text = NULL;

  if (content != NULL)
    {
      text = op_format_saved_toa5 (n_records);
      on_message_cb (self, text);
    }
  else if (root != NULL)
    op_dialog_show_failure (GTK_WINDOW (root), _("The File Could Not Be Saved"), error);
}

static void
on_save_response_cb (OpFilePage *self, int response, GtkNativeDialog *dialog)
{
  g_autoptr (GtkNativeDialog) owned = dialog;
  g_autoptr (GFile) file = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  op_convert_async (op_open_file_get_file (self->file), op_data_writer_find ("toa5"), file, NULL, NULL, NULL,
                    on_saved_cb, g_object_ref (self));
}

static void
op_file_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  OpFilePage *self = OP_FILE_PAGE (object);

  switch (id)
    {
    case PROP_FOLDED:
      gtk_widget_set_visible (GTK_WIDGET (self->back), g_value_get_boolean (value));
      adw_header_bar_set_show_start_title_buttons (self->header, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_file_page_dispose (GObject *object)
{
  g_clear_object (&OP_FILE_PAGE (object)->file);
  G_OBJECT_CLASS (op_file_page_parent_class)->dispose (object);
}

static void
op_file_page_class_init (OpFilePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = op_file_page_set_property;
  object_class->dispose = op_file_page_dispose;
  properties[PROP_FOLDED]
    = g_param_spec_boolean ("folded", NULL, NULL, FALSE, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (OP_TYPE_DATA_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/file-page.ui");
  gtk_widget_class_bind_template_child (widget_class, OpFilePage, header);
  gtk_widget_class_bind_template_child (widget_class, OpFilePage, title);
  gtk_widget_class_bind_template_child (widget_class, OpFilePage, back);
  gtk_widget_class_bind_template_child (widget_class, OpFilePage, problem_bar);
  gtk_widget_class_bind_template_child (widget_class, OpFilePage, problem_title);
  gtk_widget_class_bind_template_child (widget_class, OpFilePage, problem_list);
  gtk_widget_class_bind_template_child (widget_class, OpFilePage, toasts);
  gtk_widget_class_bind_template_child (widget_class, OpFilePage, stack);
  gtk_widget_class_bind_template_child (widget_class, OpFilePage, bar);
  gtk_widget_class_bind_template_child (widget_class, OpFilePage, note);
  gtk_widget_class_bind_template_child (widget_class, OpFilePage, view);
  gtk_widget_class_bind_template_callback (widget_class, on_response_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_message_cb);
}

static void
op_file_page_init (OpFilePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  op_accessible_name_toasts (self->toasts);
}

GtkWidget *
op_file_page_new (OpOpenFile *file)
{
  OpFilePage *self = g_object_new (OP_TYPE_FILE_PAGE, NULL);

  self->file = g_object_ref (file);
  adw_window_title_set_title (self->title, op_open_file_get_name (file));
  gtk_info_bar_set_revealed (self->problem_bar, FALSE);
  g_signal_connect_object (file, "notify::fraction", G_CALLBACK (show_progress), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (file, "notify::loaded", G_CALLBACK (show_content), self, G_CONNECT_SWAPPED);
  show_content (self);
  return GTK_WIDGET (self);
}

OpOpenFile *
op_file_page_get_file (OpFilePage *self)
{
  return self->file;
}

void
op_file_page_save_toa5 (OpFilePage *self)
{
  GtkFileChooserNative *dialog
    = gtk_file_chooser_native_new (_("Save As TOA5"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  g_autofree char *name = g_strconcat ("TOA5_", op_open_file_get_name (self->file), NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_save_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
