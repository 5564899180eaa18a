/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/value-setter.h"

#include <glib/gi18n.h>

#define UNDO_SECONDS 10

struct _OpValueSetter
{
  GObject       parent_instance;
  OpLiveValues *values;
};

G_DEFINE_FINAL_TYPE (OpValueSetter, op_value_setter, G_TYPE_OBJECT)

enum
{
  SIGNAL_TOAST,
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* A value that is written, or written back. */
typedef struct
{
  OpValueSetter *setter;
  OpLiveCard    *card;
  OpValueSpan   *span;
  gboolean       undoes;
} Setting;

/* What the toast's Undo needs. */
typedef struct
{
  OpValueSetter *setter;
  OpValueSpan   *span;
  GBytes        *before;
} Undo;

static void
setting_free (Setting *setting)
{
  g_object_unref (setting->setter);
  g_clear_object (&setting->card);
  op_value_span_free (setting->span);
  g_free (setting);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Setting, setting_free)

static void write_values (OpValueSetter *self, const OpValueSpan *span, GBytes *values, OpLiveCard *card,
                          gboolean undoes);

static void
undo_free (gpointer data, GClosure *closure)
{
  Undo *undo = data;

  g_object_unref (undo->setter);
  op_value_span_free (undo->span);
  g_bytes_unref (undo->before);
  g_free (undo);
}

static void
on_undo_cb (AdwToast *toast, Undo *undo)
{
  write_values (undo->setter, undo->span, undo->before, NULL, TRUE);
}

static char *
dup_value_text (const OpValueSpan *span, GBytes *values)
{
  if (op_type_is_boolean (span->type))
    return g_strdup (op_value_span_get_number (span, values, 0) != 0 ? _("on") : _("off"));
  return op_value_span_dup_text (span, values, 0);
}

static char *
dup_outcome (const Setting *setting, const OpWritten *written)
{
  const char *field = setting->span->field;
  g_autofree char *value = written->after != NULL ? dup_value_text (setting->span, written->after) : NULL;

  if (written->reboots)
    return g_strdup_printf (_("%s is set; the logger restarts to use it"), field);
  if (!written->is_kept)
    return g_strdup_printf (_("%s was set, but the program has set it to %s already"), field, value);
  return g_strdup_printf (setting->undoes ? _("%s is %s again") : _("%s is now %s"), field, value);
}

static void
offer_undo (const Setting *setting, const OpWritten *written, AdwToast *toast)
{
  Undo *undo = g_new (Undo, 1);

  *undo = (Undo) { g_object_ref (setting->setter), op_value_span_copy (setting->span), g_bytes_ref (written->before) };
  adw_toast_set_button_label (toast, _("Undo"));
  adw_toast_set_timeout (toast, UNDO_SECONDS);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (on_undo_cb), undo, undo_free, 0);
}

static void
on_written_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (Setting) setting = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpWritten) written = op_live_values_write_finish (OP_LIVE_VALUES (object), result, &error);
  g_autofree char *text = NULL;
  g_autoptr (AdwToast) toast = NULL;

  if (setting->card != NULL)
    op_live_card_settle (setting->card);
  if (written == NULL)
    {
      text = g_strdup_printf (_("%s Could Not Be Set"), setting->span->field);
      g_signal_emit (setting->setter, signals[SIGNAL_FAILED], 0, text, error);
      return;
    }
  text = dup_outcome (setting, written);
  toast = adw_toast_new (text);
  if (!setting->undoes && written->is_kept && !written->reboots)
    offer_undo (setting, written, toast);
  g_signal_emit (setting->setter, signals[SIGNAL_TOAST], 0, toast);
}

static void
write_values (OpValueSetter *self, const OpValueSpan *span, GBytes *values, OpLiveCard *card, gboolean undoes)
{
  Setting *setting = g_new0 (Setting, 1);

  setting->setter = g_object_ref (self);
  setting->card = card != NULL ? g_object_ref (card) : NULL;
  setting->span = op_value_span_copy (span);
  setting->undoes = undoes;
  op_live_values_write_async (self->values, span, values, NULL, on_written_cb, setting);
}

static void
op_value_setter_finalize (GObject *object)
{
  g_object_unref (OP_VALUE_SETTER (object)->values);
  G_OBJECT_CLASS (op_value_setter_parent_class)->finalize (object);
}

static void
op_value_setter_class_init (OpValueSetterClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = op_value_setter_finalize;
  signals[SIGNAL_TOAST]
    = g_signal_new ("toast", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, ADW_TYPE_TOAST);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                         G_TYPE_STRING, G_TYPE_ERROR);
}

static void
op_value_setter_init (OpValueSetter *self)
{
}

OpValueSetter *
op_value_setter_new (OpLiveValues *values)
{
  OpValueSetter *self = g_object_new (OP_TYPE_VALUE_SETTER, NULL);

  self->values = g_object_ref (values);
  return self;
}

void
op_value_setter_set (OpValueSetter *self, const OpValueSpan *span, GBytes *values, OpLiveCard *card)
{
  write_values (self, span, values, card, FALSE);
}
