/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/clock-history-group.h"

#include "app/engine/clock-history.h"
#include "app/engine/export.h"
#include "app/ui/clock-plot.h"
#include "app/ui/format.h"

#include <glib/gi18n.h>

struct _OpClockHistoryGroup
{
  AdwPreferencesGroup parent_instance;

  OpClockPlot        *plot;
  GtkWidget          *plot_card;
  GtkListBox         *steps;
  GtkWidget          *export;

  OpClockKeeper      *keeper;
};

G_DEFINE_FINAL_TYPE (OpClockHistoryGroup, op_clock_history_group, ADW_TYPE_PREFERENCES_GROUP)

static guint message_signal;

static char *
dup_counts (GPtrArray *history)
{
  guint n_sets = 0, n_checks;
  g_autofree char *checks = NULL, *sets = NULL;

  for (guint i = 0; i < history->len; i++)
    n_sets += ((const OpClockEvent *) g_ptr_array_index (history, i))->kind == OP_CLOCK_EVENT_SET;
  n_checks = history->len - n_sets;
  checks = g_strdup_printf (ngettext ("%u check", "%u checks", n_checks), n_checks);
  if (n_sets == 0)
    return g_steal_pointer (&checks);
  sets = g_strdup_printf (ngettext ("%u set", "%u sets", n_sets), n_sets);
  return g_strdup_printf ("%s, %s", checks, sets);
}

static GtkWidget *
create_step_row (OpClockHistoryGroup *self, const OpClockStep *step)
{
  const OpClockDrift *drift = op_clock_keeper_get_drift (self->keeper);
  const OpClockCheck *check = &g_array_index (drift->checks, OpClockCheck, step->check);
  gint utc_offset_s = op_clock_keeper_get_utc_offset (self->keeper, NULL);
  g_autofree char *time = op_format_time (op_time_from_unix_us (check->host_unix_us, utc_offset_s),
                                          _("%-d %B %Y, %H:%M"));
  g_autofree char *size = op_format_offset (step->size_us, 0);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *label = gtk_label_new (size);

  gtk_widget_add_css_class (label, "numeric");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), op_clock_step_get_words (step->kind));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), time);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  return row;
}

/* The newest step first. */
static void
list_steps (OpClockHistoryGroup *self)
{
  const OpClockDrift *drift = op_clock_keeper_get_drift (self->keeper);
  guint n = drift != NULL ? drift->steps->len : 0;

  for (GtkWidget *row; (row = gtk_widget_get_first_child (GTK_WIDGET (self->steps))) != NULL;)
    gtk_list_box_remove (self->steps, row);
  for (guint i = n; i > 0; i--)
    gtk_list_box_append (self->steps, create_step_row (self, &g_array_index (drift->steps, OpClockStep, i - 1)));
  gtk_widget_set_visible (GTK_WIDGET (self->steps), n > 0);
}

static void
update (OpClockHistoryGroup *self)
{
  GPtrArray *history = op_clock_keeper_get_history (self->keeper);
  g_autofree char *counts = history->len > 0 ? dup_counts (history) : g_strdup (_("The clock was never checked"));

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), counts);
  gtk_widget_set_visible (self->plot_card, history->len > 0);
  gtk_widget_set_sensitive (self->export, history->len > 0);
  list_steps (self);
}

static void
on_exported_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpClockHistoryGroup) self = OP_CLOCK_HISTORY_GROUP (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    text = g_strdup (_("History saved as CSV"));
  else
    text = g_strdup_printf (_("The history could not be saved: %s"), error->message);
  g_signal_emit (self, message_signal, 0, text);
}

static void
on_export_response_cb (OpClockHistoryGroup *self, int response, GtkNativeDialog *dialog)
{
  g_autoptr (GtkNativeDialog) owned = dialog;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *csv;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  csv = op_clock_keeper_dup_csv (self->keeper);
  bytes = g_bytes_new_take (csv, strlen (csv));
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, on_exported_cb,
                                       g_object_ref (self));
}

static void
on_export_clicked_cb (OpClockHistoryGroup *self)
{
  GtkFileChooserNative *dialog
    = gtk_file_chooser_native_new (_("Export Clock History"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  OpStation *station = op_clock_keeper_get_station (self->keeper);
  g_autofree char *name = op_export_dup_file_name (op_station_get_name (station), "Clock", ".csv");

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_export_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
op_clock_history_group_dispose (GObject *object)
{
  OpClockHistoryGroup *self = OP_CLOCK_HISTORY_GROUP (object);

  if (self->keeper != NULL)
    g_signal_handlers_disconnect_by_data (self->keeper, self);
  g_clear_object (&self->keeper);
  G_OBJECT_CLASS (op_clock_history_group_parent_class)->dispose (object);
}

static void
op_clock_history_group_class_init (OpClockHistoryGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_clock_history_group_dispose;
  message_signal = g_signal_new ("message", OP_TYPE_CLOCK_HISTORY_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (OP_TYPE_CLOCK_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/clock-history-group.ui");
  gtk_widget_class_bind_template_child (widget_class, OpClockHistoryGroup, plot);
  gtk_widget_class_bind_template_child (widget_class, OpClockHistoryGroup, plot_card);
  gtk_widget_class_bind_template_child (widget_class, OpClockHistoryGroup, steps);
  gtk_widget_class_bind_template_child (widget_class, OpClockHistoryGroup, export);
  gtk_widget_class_bind_template_callback (widget_class, on_export_clicked_cb);
}

static void
op_clock_history_group_init (OpClockHistoryGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
op_clock_history_group_set_keeper (OpClockHistoryGroup *self, OpClockKeeper *keeper)
{
  self->keeper = g_object_ref (keeper);
  op_clock_plot_set_keeper (self->plot, keeper);
  g_signal_connect_object (keeper, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
