/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/progress-row.h"

#include "app/ui/format.h"

#include <glib/gi18n.h>

struct _OpProgressRow
{
  GtkBox           parent_instance;

  GtkLabel        *name;
  GtkProgressBar  *bar;
  GtkLabel        *note;

  OpTableProgress *progress;
};

G_DEFINE_FINAL_TYPE (OpProgressRow, op_progress_row, GTK_TYPE_BOX)

static char *
dup_note (OpTableProgress *progress)
{
  guint64 done = op_table_progress_get_done (progress);
  guint64 expected = op_table_progress_get_expected (progress);
  double rate = op_table_progress_get_rate (progress);
  g_autofree char *done_text = op_format_count (done);
  g_autofree char *expected_text = op_format_count (expected);
  g_autofree char *rate_text = op_format_count ((guint64) rate);
  g_autofree char *left = NULL;
  gboolean finished;

  g_object_get (progress, "finished", &finished, NULL);
  if (finished)
    return g_strdup_printf (ngettext ("%s record", "%s records", done), done_text);
  if (expected == 0)
    return g_strdup (_("waiting"));
  if (rate <= 0)
    return g_strdup_printf (_("%s of %s records"), done_text, expected_text);
  left = op_format_duration ((double) (expected - MIN (done, expected)) / rate);
  return g_strdup_printf (_("%s of %s records · %s/s · %s left"), done_text, expected_text, rate_text, left);
}

static void
update (OpProgressRow *self)
{
  guint64 done = op_table_progress_get_done (self->progress);
  guint64 expected = op_table_progress_get_expected (self->progress);
  g_autofree char *note = dup_note (self->progress);
  gboolean finished;

  g_object_get (self->progress, "finished", &finished, NULL);
  gtk_label_set_label (self->note, note);
  if (finished)
    gtk_progress_bar_set_fraction (self->bar, 1);
  else
    gtk_progress_bar_set_fraction (self->bar, expected > 0 ? MIN ((double) done / (double) expected, 1) : 0);
}

static void
op_progress_row_dispose (GObject *object)
{
  g_clear_object (&OP_PROGRESS_ROW (object)->progress);
  G_OBJECT_CLASS (op_progress_row_parent_class)->dispose (object);
}

static void
op_progress_row_class_init (OpProgressRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_progress_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/progress-row.ui");
  gtk_widget_class_bind_template_child (widget_class, OpProgressRow, name);
  gtk_widget_class_bind_template_child (widget_class, OpProgressRow, bar);
  gtk_widget_class_bind_template_child (widget_class, OpProgressRow, note);
}

static void
op_progress_row_init (OpProgressRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
op_progress_row_new (OpTableProgress *progress)
{
  OpProgressRow *self = g_object_new (OP_TYPE_PROGRESS_ROW, NULL);
  const char *name = op_table_progress_get_name (progress);
  g_autofree char *label = g_strdup_printf (_("Progress of %s"), name);

  self->progress = g_object_ref (progress);
  gtk_label_set_label (self->name, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (progress, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
