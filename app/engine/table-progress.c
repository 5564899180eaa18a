/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/table-progress.h"

#define NOTIFY_INTERVAL_US 100000

struct _OpTableProgress
{
  GObject  parent_instance;
  char    *name;
  guint64  done;
  guint64  expected;
  gboolean finished;
  gint64   begun_us;
  gint64   notified_us;
  double   rate;
};

enum
{
  PROP_NAME = 1,
  PROP_DONE,
  PROP_EXPECTED,
  PROP_FINISHED,
  PROP_RATE,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (OpTableProgress, op_table_progress, G_TYPE_OBJECT)

static void
notify_all (OpTableProgress *self, gint64 now)
{
  gint64 elapsed = now - self->begun_us;
  self->notified_us = now;
  self->rate = elapsed > 0 ? (double) self->done * G_USEC_PER_SEC / (double) elapsed : 0;
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = PROP_DONE; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), props[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
op_table_progress_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OpTableProgress *self = OP_TABLE_PROGRESS (object);
  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_DONE:
      g_value_set_uint64 (value, self->done);
      break;
    case PROP_EXPECTED:
      g_value_set_uint64 (value, self->expected);
      break;
    case PROP_FINISHED:
      g_value_set_boolean (value, self->finished);
      break;
    case PROP_RATE:
      g_value_set_double (value, self->rate);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_table_progress_finalize (GObject *object)
{
  g_free (OP_TABLE_PROGRESS (object)->name);
  G_OBJECT_CLASS (op_table_progress_parent_class)->finalize (object);
}

static void
op_table_progress_class_init (OpTableProgressClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  object_class->get_property = op_table_progress_get_property;
  object_class->finalize = op_table_progress_finalize;
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_DONE] = g_param_spec_uint64 ("done", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  props[PROP_EXPECTED] = g_param_spec_uint64 ("expected", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  props[PROP_FINISHED] = g_param_spec_boolean ("finished", NULL, NULL, FALSE, flags);
  props[PROP_RATE] = g_param_spec_double ("rate", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
op_table_progress_init (OpTableProgress *self)
{
}

OpTableProgress *
op_table_progress_new (const char *name)
{
  OpTableProgress *self = g_object_new (OP_TYPE_TABLE_PROGRESS, NULL);
  self->name = g_strdup (name);
  return self;
}

void
op_table_progress_set (OpTableProgress *self, guint64 done, guint64 expected)
{
  gint64 now = g_get_monotonic_time ();
  if (self->begun_us == 0)
    self->begun_us = now;
  self->done = done;
  self->expected = expected;
  if (now - self->notified_us >= NOTIFY_INTERVAL_US)
    notify_all (self, now);
}

void
op_table_progress_finish (OpTableProgress *self)
{
  self->finished = TRUE;
  notify_all (self, g_get_monotonic_time ());
}

double
op_table_progress_get_fraction (OpTableProgress *self)
{
  if (self->finished)
    return 1;
  return self->expected > 0 ? MIN ((double) self->done / (double) self->expected, 1) : 0;
}

const char *
op_table_progress_get_name (OpTableProgress *self)
{
  g_return_val_if_fail (OP_IS_TABLE_PROGRESS (self), NULL);
  return self->name;
}

guint64
op_table_progress_get_done (OpTableProgress *self)
{
  g_return_val_if_fail (OP_IS_TABLE_PROGRESS (self), 0);
  return self->done;
}

guint64
op_table_progress_get_expected (OpTableProgress *self)
{
  g_return_val_if_fail (OP_IS_TABLE_PROGRESS (self), 0);
  return self->expected;
}

double
op_table_progress_get_rate (OpTableProgress *self)
{
  g_return_val_if_fail (OP_IS_TABLE_PROGRESS (self), 0);
  return self->rate;
}
