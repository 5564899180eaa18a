/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/open-file.h"

struct _OpOpenFile
{
  GObject     parent_instance;

  GFile      *file;
  char       *name;
  OpDataFile *content;
};

G_DEFINE_FINAL_TYPE (OpOpenFile, op_open_file, G_TYPE_OBJECT)

static void
op_open_file_finalize (GObject *object)
{
  OpOpenFile *self = OP_OPEN_FILE (object);

  g_object_unref (self->file);
  g_free (self->name);
  op_data_file_free (self->content);
  G_OBJECT_CLASS (op_open_file_parent_class)->finalize (object);
}

static void
op_open_file_class_init (OpOpenFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = op_open_file_finalize;
}

static void
op_open_file_init (OpOpenFile *self)
{
}

OpOpenFile *
op_open_file_new (GFile *file, OpDataFile *content)
{
  OpOpenFile *self = g_object_new (OP_TYPE_OPEN_FILE, NULL);
  g_autofree char *base = g_file_get_basename (file);

  self->file = g_object_ref (file);
  self->name = g_filename_display_name (base);
  self->content = content;
  return self;
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
