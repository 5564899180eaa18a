/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/value-editor.h"

#include "app/engine/value-write.h"

#include <glib/gi18n.h>

struct _OpValueEditor
{
  AdwMessageDialog parent_instance;

  GtkEntry        *value;
  GtkLabel        *problem;

  OpValueSpan     *span;
  GBytes          *entered; /* NULL: what is in the entry does not fit */
};

G_DEFINE_FINAL_TYPE (OpValueEditor, op_value_editor, ADW_TYPE_MESSAGE_DIALOG)

enum
{
  SIGNAL_ENTERED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_value_changed_cb (OpValueEditor *self)
{
  const char *const texts[] = { gtk_editable_get_text (GTK_EDITABLE (self->value)), NULL };
  g_autoptr (GError) error = NULL;

  if (self->span == NULL)
    return;
  g_clear_pointer (&self->entered, g_bytes_unref);
  self->entered = op_value_span_parse (self->span, texts, &error);
  gtk_label_set_label (self->problem, error != NULL && texts[0][0] != '\0' ? error->message : "");
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "set", self->entered != NULL);
}

static void
op_value_editor_response (AdwMessageDialog *dialog, const char *response)
{
  OpValueEditor *self = OP_VALUE_EDITOR (dialog);

  if (g_str_equal (response, "set") && self->entered != NULL)
    g_signal_emit (self, signals[SIGNAL_ENTERED], 0, self->entered);
}

static void
op_value_editor_finalize (GObject *object)
{
  OpValueEditor *self = OP_VALUE_EDITOR (object);

  g_clear_pointer (&self->span, op_value_span_free);
  g_clear_pointer (&self->entered, g_bytes_unref);
  G_OBJECT_CLASS (op_value_editor_parent_class)->finalize (object);
}

static void
op_value_editor_class_init (OpValueEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = op_value_editor_finalize;
  ADW_MESSAGE_DIALOG_CLASS (klass)->response = op_value_editor_response;
  signals[SIGNAL_ENTERED] = g_signal_new ("entered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_BYTES);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/value-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, OpValueEditor, value);
  gtk_widget_class_bind_template_child (widget_class, OpValueEditor, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_value_changed_cb);
}

static void
op_value_editor_init (OpValueEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
op_value_editor_new (GtkWindow *parent, const OpValueSpan *span, const char *text)
{
  OpValueEditor *self = g_object_new (OP_TYPE_VALUE_EDITOR, "transient-for", parent, "application",
                                      gtk_window_get_application (parent), NULL);
  g_autofree char *heading = g_strdup_printf (_("Set %s"), span->field);
  g_autofree char *expected = op_value_dup_expected (span);

  self->span = op_value_span_copy (span);
  adw_message_dialog_set_heading (ADW_MESSAGE_DIALOG (self), heading);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (self), expected);
  gtk_editable_set_text (GTK_EDITABLE (self->value), text);
  on_value_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->value));
  return GTK_WIDGET (self);
}

const OpValueSpan *
op_value_editor_get_span (OpValueEditor *self)
{
  return self->span;
}
