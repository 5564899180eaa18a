/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/error-bar.h"

#include "protocol/logger.h"

#include <glib/gi18n.h>

#define OP_SECURITY_MAX 65535

struct _OpErrorBar
{
  AdwBin            parent_instance;

  GtkInfoBar       *bar;
  GtkLabel         *title;
  GtkLabel         *text;
  GtkPasswordEntry *security;

  OpStation        *station;
};

G_DEFINE_FINAL_TYPE (OpErrorBar, op_error_bar, ADW_TYPE_BIN)

enum
{
  SIGNAL_TRY_AGAIN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* FALSE when what is in the entry is no code. */
static gboolean
take_security (OpErrorBar *self, gboolean *has_code)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->security));
  guint64 code;

  *has_code = gtk_widget_get_visible (GTK_WIDGET (self->security)) && text[0] != '\0';
  if (!*has_code)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 0, OP_SECURITY_MAX, &code, NULL))
    {
      gtk_label_set_label (self->text, _("A security code is a number from 0 to 65535."));
      return FALSE;
    }
  op_station_set_security (self->station, (gint) code);
  return TRUE;
}

static void
on_try_again_cb (OpErrorBar *self)
{
  gboolean has_code;

  if (!take_security (self, &has_code))
    return;
  op_error_bar_hide (self);
  g_signal_emit (self, signals[SIGNAL_TRY_AGAIN], 0, has_code);
}

static void
op_error_bar_dispose (GObject *object)
{
  g_clear_object (&OP_ERROR_BAR (object)->station);
  G_OBJECT_CLASS (op_error_bar_parent_class)->dispose (object);
}

static void
op_error_bar_class_init (OpErrorBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_error_bar_dispose;
  signals[SIGNAL_TRY_AGAIN] = g_signal_new ("try-again", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/error-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, OpErrorBar, bar);
  gtk_widget_class_bind_template_child (widget_class, OpErrorBar, title);
  gtk_widget_class_bind_template_child (widget_class, OpErrorBar, text);
  gtk_widget_class_bind_template_child (widget_class, OpErrorBar, security);
  gtk_widget_class_bind_template_callback (widget_class, on_try_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, op_error_bar_hide);
}

static void
op_error_bar_init (OpErrorBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
op_error_bar_set_station (OpErrorBar *self, OpStation *station)
{
  g_set_object (&self->station, station);
}

void
op_error_bar_show (OpErrorBar *self, const char *title, const GError *error)
{
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->text, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->security),
                          g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY));
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_info_bar_set_revealed (self->bar, TRUE);
}

void
op_error_bar_hide (OpErrorBar *self)
{
  gtk_info_bar_set_revealed (self->bar, FALSE);
  /* Who cannot see must not find its buttons either. */
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
