/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/clock-status.h"

#include <glib/gi18n.h>

struct _OpClockStatus
{
  AdwBin          parent_instance;

  GtkInfoBar     *bar;
  GtkSpinner     *spinner;
  GtkLabel       *text;
  GtkProgressBar *progress;
  GtkButton      *button;
};

G_DEFINE_FINAL_TYPE (OpClockStatus, op_clock_status, ADW_TYPE_BIN)

static guint pressed_signal;

static void
on_clicked_cb (OpClockStatus *self)
{
  g_signal_emit (self, pressed_signal, 0);
}

static void
op_clock_status_class_init (OpClockStatusClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  pressed_signal = g_signal_new ("pressed", OP_TYPE_CLOCK_STATUS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/clock-status.ui");
  gtk_widget_class_bind_template_child (widget_class, OpClockStatus, bar);
  gtk_widget_class_bind_template_child (widget_class, OpClockStatus, spinner);
  gtk_widget_class_bind_template_child (widget_class, OpClockStatus, text);
  gtk_widget_class_bind_template_child (widget_class, OpClockStatus, progress);
  gtk_widget_class_bind_template_child (widget_class, OpClockStatus, button);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked_cb);
}

static void
op_clock_status_init (OpClockStatus *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show (OpClockStatus *self, GtkMessageType type, const char *text, const char *button, gboolean works)
{
  gtk_info_bar_set_message_type (self->bar, type);
  gtk_label_set_label (self->text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->button), button != NULL);
  if (button != NULL)
    gtk_button_set_label (self->button, button);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), works);
  gtk_spinner_set_spinning (self->spinner, works);
  gtk_info_bar_set_revealed (self->bar, TRUE);
}

void
op_clock_status_show (OpClockStatus *self, GtkMessageType type, const char *text, const char *button)
{
  show (self, type, text, button, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
}

void
op_clock_status_show_work (OpClockStatus *self, const char *text, double fraction)
{
  show (self, GTK_MESSAGE_OTHER, text, _("Cancel"), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), fraction >= 0);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (fraction, 0, 1));
}

void
op_clock_status_hide (OpClockStatus *self)
{
  gtk_info_bar_set_revealed (self->bar, FALSE);
}
