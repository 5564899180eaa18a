/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/open-file.h"

#define LOOK_MS  100
#define PERMILLE 1000

struct _OpOpenFile
{
  GObject       parent_instance;

  GFile        *file;
  char         *name;
  OpDataFile   *content;
  GCancellable *cancellable;
  gint          permille;     /* of what was read: written by the reading thread */
  guint         look_id;      /* while it is being read */
  gint64        started_us;
};

G_DEFINE_FINAL_TYPE (OpOpenFile, op_open_file, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_FRACTION,
  PROP_LOADED,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static void
on_progress_cb (goffset position, goffset size, gpointer data)
{
  OpOpenFile *self = data;

  if (size > 0)
    g_atomic_int_set (&self->permille, (gint) ((double) position / (double) size * PERMILLE));
}

static gboolean
on_look_cb (gpointer data)
{
  g_object_notify_by_pspec (G_OBJECT (data), properties[PROP_FRACTION]);
  return G_SOURCE_CONTINUE;
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpOpenFile *self = g_task_get_source_object (task);
  GError *error = NULL;

  g_clear_handle_id (&self->look_id, g_source_remove);
  self->content = op_data_file_read_finish (result, &error);
  if (self->content == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
  g_task_return_boolean (task, TRUE);
}

static void
op_open_file_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OpOpenFile *self = OP_OPEN_FILE (object);

  switch (id)
    {
    case PROP_FRACTION:
      g_value_set_double (value, op_open_file_get_fraction (self));
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->content != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_open_file_finalize (GObject *object)
{
  OpOpenFile *self = OP_OPEN_FILE (object);

  g_object_unref (self->file);
  g_object_unref (self->cancellable);
  g_free (self->name);
  g_clear_pointer (&self->content, op_data_file_free);
  G_OBJECT_CLASS (op_open_file_parent_class)->finalize (object);
}

static void
op_open_file_class_init (OpOpenFileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = op_open_file_get_property;
  object_class->finalize = op_open_file_finalize;
  properties[PROP_FRACTION]
    = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LOADED]
    = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
op_open_file_init (OpOpenFile *self)
{
  self->cancellable = g_cancellable_new ();
}

OpOpenFile *
op_open_file_new (GFile *file)
{
  OpOpenFile *self = g_object_new (OP_TYPE_OPEN_FILE, NULL);
  g_autofree char *base = g_file_get_basename (file);

  self->file = g_object_ref (file);
  self->name = g_filename_display_name (base);
  return self;
}

void
op_open_file_read_async (OpOpenFile *self, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (self, NULL, callback, data);

  self->started_us = g_get_monotonic_time ();
  self->look_id = g_timeout_add (LOOK_MS, on_look_cb, self);
  op_data_file_read_async (self->file, self->cancellable, on_progress_cb, self, on_read_cb, task);
}

gboolean
op_open_file_read_finish (OpOpenFile *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
op_open_file_is_reading (OpOpenFile *self)
{
  return self->look_id != 0;
}

void
op_open_file_cancel (OpOpenFile *self)
{
  g_cancellable_cancel (self->cancellable);
}

GFile *
op_open_file_get_file (OpOpenFile *self)
{
  return self->file;
}

const char *
op_open_file_get_name (OpOpenFile *self)
{
  return self->name;
}

const OpDataFile *
op_open_file_get_content (OpOpenFile *self)
{
  return self->content;
}

double
op_open_file_get_fraction (OpOpenFile *self)
{
  return self->content != NULL ? 1 : CLAMP (g_atomic_int_get (&self->permille) / (double) PERMILLE, 0, 1);
}

double
op_open_file_get_seconds_left (OpOpenFile *self)
{
  double fraction = op_open_file_get_fraction (self);
  double seconds = (double) (g_get_monotonic_time () - self->started_us) / G_USEC_PER_SEC;

  return fraction > 0 ? seconds * (1 - fraction) / fraction : -1;
}
