/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/live-field-private.h"

#include <glib/gi18n-lib.h>

#include <math.h>

/* Intervals after which a value that was not read anew is stale. */
#define STALE_INTERVALS 3

struct _OpLiveField
{
  GObject          parent_instance;
  char            *name;
  OpValueSpan     *span;
  OpLiveTable     *table;
  char            *problem; /* why there is no span; NULL: not known yet */
  OpLiveFieldState state;
  char            *reason;
  gint64           shown_us; /* when what listeners know was new */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OpLiveField, op_live_field, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (OpLiveFieldState, op_live_field_state,
                    G_DEFINE_ENUM_VALUE (OP_LIVE_FIELD_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (OP_LIVE_FIELD_FRESH, "fresh"),
                    G_DEFINE_ENUM_VALUE (OP_LIVE_FIELD_STALE, "stale"),
                    G_DEFINE_ENUM_VALUE (OP_LIVE_FIELD_FAILED, "failed"))

static void
op_live_field_finalize (GObject *object)
{
  OpLiveField *self = OP_LIVE_FIELD (object);

  g_free (self->name);
  g_clear_pointer (&self->span, op_value_span_free);
  g_clear_pointer (&self->table, op_live_table_unref);
  g_free (self->problem);
  g_free (self->reason);
  G_OBJECT_CLASS (op_live_field_parent_class)->finalize (object);
}

static void
op_live_field_class_init (OpLiveFieldClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = op_live_field_finalize;
  signals[SIGNAL_CHANGED]
    = g_signal_new ("changed", OP_TYPE_LIVE_FIELD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
op_live_field_init (OpLiveField *self)
{
  self->reason = g_strdup ("");
}

OpLiveField *
op_live_field_new (const char *name)
{
  OpLiveField *self = g_object_new (OP_TYPE_LIVE_FIELD, NULL);

  self->name = g_strdup (name);
  return self;
}

void
op_live_field_set_place (OpLiveField *self, OpValueSpan *span, OpLiveTable *table, const char *problem)
{
  g_clear_pointer (&self->span, op_value_span_free);
  g_clear_pointer (&self->table, op_live_table_unref);
  g_free (self->problem);
  self->span = span;
  self->table = table != NULL ? op_live_table_ref (table) : NULL;
  self->problem = g_strdup (problem);
  self->shown_us = 0;
}

OpLiveTable *
op_live_field_get_table (OpLiveField *self)
{
  return self->table;
}

static OpLiveFieldState
judge_missing (OpLiveField *self, const char *lost, const char **reason)
{
  const OpLiveTable *table = self->table;

  if (self->problem != NULL || (table != NULL && table->error != NULL))
    {
      *reason = self->problem != NULL ? self->problem : table->error->message;
      return OP_LIVE_FIELD_FAILED;
    }
  if (table != NULL && table->is_empty)
    *reason = _("Its table holds no record yet");
  else if (lost != NULL)
    *reason = lost;
  return OP_LIVE_FIELD_WAITING;
}

static OpLiveFieldState
judge (OpLiveField *self, gint64 now_us, gint64 interval_us, const char *lost, const char **reason)
{
  const OpLiveTable *table = self->table;
  gint64 table_interval_us;

  *reason = "";
  if (!op_live_field_has_value (self))
    return judge_missing (self, lost, reason);
  table_interval_us = table->table->interval / 1000;
  if (lost != NULL)
    *reason = lost;
  else if (table->error != NULL)
    *reason = table->error->message;
  else if (now_us - table->read_us > STALE_INTERVALS * interval_us)
    *reason = _("No answer");
  else if (table_interval_us > 0
           && now_us - table->renewed_us > STALE_INTERVALS * MAX (interval_us, table_interval_us))
    *reason = _("The logger stores no newer record");
  return (*reason)[0] != '\0' ? OP_LIVE_FIELD_STALE : OP_LIVE_FIELD_FRESH;
}

void
op_live_field_update (OpLiveField *self, gint64 now_us, gint64 interval_us, const char *lost)
{
  const char *reason;
  OpLiveFieldState state = judge (self, now_us, interval_us, lost, &reason);
  gint64 renewed_us = self->table != NULL ? self->table->renewed_us : 0;

  if (state == self->state && g_str_equal (reason, self->reason) && renewed_us == self->shown_us)
    return;
  self->state = state;
  self->shown_us = renewed_us;
  g_free (self->reason);
  self->reason = g_strdup (reason);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

const char *
op_live_field_get_name (OpLiveField *self)
{
  g_return_val_if_fail (OP_IS_LIVE_FIELD (self), NULL);

  return self->name;
}

const OpValueSpan *
op_live_field_get_span (OpLiveField *self)
{
  g_return_val_if_fail (OP_IS_LIVE_FIELD (self), NULL);

  return self->span;
}

static const OpField *
get_definition (OpLiveField *self)
{
  return op_table_get_column (self->span->definition, self->span->column, NULL);
}

const char *
op_live_field_get_units (OpLiveField *self)
{
  g_return_val_if_fail (OP_IS_LIVE_FIELD (self), NULL);

  return self->span != NULL ? get_definition (self)->units : "";
}

OpLiveFieldState
op_live_field_get_state (OpLiveField *self)
{
  g_return_val_if_fail (OP_IS_LIVE_FIELD (self), OP_LIVE_FIELD_WAITING);

  return self->state;
}

const char *
op_live_field_get_reason (OpLiveField *self)
{
  g_return_val_if_fail (OP_IS_LIVE_FIELD (self), NULL);

  return self->reason;
}

gboolean
op_live_field_has_value (OpLiveField *self)
{
  g_return_val_if_fail (OP_IS_LIVE_FIELD (self), FALSE);

  return self->table != NULL && op_batch_get_n_records (self->table->batch) > 0;
}

static gsize
get_last_row (OpLiveField *self)
{
  return op_batch_get_n_records (self->table->batch) - 1;
}

OpTime
op_live_field_get_time (OpLiveField *self)
{
  g_return_val_if_fail (op_live_field_has_value (self), OP_TIME_UNKNOWN);

  return op_batch_get_times (self->table->batch)[get_last_row (self)];
}

char *
op_live_field_dup_text (OpLiveField *self, guint i)
{
  GString *text;

  g_return_val_if_fail (op_live_field_has_value (self) && i < self->span->count, NULL);

  text = g_string_new (NULL);
  op_batch_append_value_text (self->table->batch, self->span->column + i, get_last_row (self), text);
  return g_string_free (text, FALSE);
}

double
op_live_field_get_number (OpLiveField *self, guint i)
{
  g_return_val_if_fail (op_live_field_has_value (self) && i < self->span->count, NAN);
  g_return_val_if_fail (op_type_kind (self->span->type) == OP_KIND_NUMBER, NAN);

  return op_batch_get_numbers (self->table->batch, self->span->column + i)[get_last_row (self)];
}

const OpBatch *
op_live_field_get_history (OpLiveField *self)
{
  g_return_val_if_fail (OP_IS_LIVE_FIELD (self), NULL);

  return self->table != NULL ? self->table->batch : NULL;
}

gboolean
op_live_field_is_writable (OpLiveField *self)
{
  g_return_val_if_fail (OP_IS_LIVE_FIELD (self), FALSE);

  return self->span != NULL && !get_definition (self)->read_only;
}

gboolean
op_live_field_is_switch (OpLiveField *self)
{
  g_return_val_if_fail (OP_IS_LIVE_FIELD (self), FALSE);

  return self->span != NULL && op_type_is_boolean (self->span->type);
}
