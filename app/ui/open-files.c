/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/open-files.h"

#include <glib/gi18n.h>

/* A file that is read in less is shown at once; of a longer one, how far the reading is. */
#define OP_READING_SHOWN_MS 250

struct _OpOpenFiles
{
  GObject     parent_instance;
  GListStore *files; /* of OpOpenFile */
};

G_DEFINE_FINAL_TYPE (OpOpenFiles, op_open_files, G_TYPE_OBJECT)

enum
{
  SIGNAL_LISTED,
  SIGNAL_LEAVING,
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* A file of which it is still open whether it takes long. */
typedef struct
{
  OpOpenFiles *files;
  OpOpenFile  *file;
} Reading;

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->files);
  g_object_unref (reading->file);
  g_free (reading);
}

static void
list_file (OpOpenFiles *self, OpOpenFile *file)
{
  g_list_store_append (self->files, file);
  g_signal_emit (self, signals[SIGNAL_LISTED], 0, file);
}

static void
unlist_file (OpOpenFiles *self, OpOpenFile *file)
{
  guint position;

  if (!g_list_store_find (self->files, file, &position))
    return;
  g_signal_emit (self, signals[SIGNAL_LEAVING], 0, file);
  g_list_store_remove (self->files, position);
}

static void
on_file_read_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpOpenFiles) self = OP_OPEN_FILES (data);
  OpOpenFile *file = OP_OPEN_FILE (object);
  g_autoptr (GError) error = NULL;

  if (op_open_file_read_finish (file, result, &error))
    {
      if (!g_list_store_find (self->files, file, NULL))
        list_file (self, file);
      return;
    }
  unlist_file (self, file);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, file, error);
}

static gboolean
on_reading_takes_long_cb (gpointer data)
{
  Reading *reading = data;

  if (op_open_file_is_reading (reading->file))
    list_file (reading->files, reading->file);
  return G_SOURCE_REMOVE;
}

static void
on_chosen_cb (OpOpenFiles *self, int response, GtkNativeDialog *dialog)
{
  g_autoptr (GtkNativeDialog) owned = dialog;
  g_autoptr (GFile) file = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  op_open_files_open (self, file);
}

static void
op_open_files_finalize (GObject *object)
{
  g_object_unref (OP_OPEN_FILES (object)->files);
  G_OBJECT_CLASS (op_open_files_parent_class)->finalize (object);
}

static void
op_open_files_class_init (OpOpenFilesClass *klass)
{
  const GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = op_open_files_finalize;
  signals[SIGNAL_LISTED]
    = g_signal_new ("listed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, OP_TYPE_OPEN_FILE);
  signals[SIGNAL_LEAVING]
    = g_signal_new ("leaving", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, OP_TYPE_OPEN_FILE);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                         OP_TYPE_OPEN_FILE, G_TYPE_ERROR);
}

static void
op_open_files_init (OpOpenFiles *self)
{
  self->files = g_list_store_new (OP_TYPE_OPEN_FILE);
}

OpOpenFiles *
op_open_files_new (void)
{
  return g_object_new (OP_TYPE_OPEN_FILES, NULL);
}

GListModel *
op_open_files_get_model (OpOpenFiles *self)
{
  return G_LIST_MODEL (self->files);
}

void
op_open_files_open (OpOpenFiles *self, GFile *file)
{
  g_autoptr (OpOpenFile) opened = op_open_file_new (file);
  Reading *reading = g_new (Reading, 1);

  *reading = (Reading) { g_object_ref (self), g_object_ref (opened) };
  op_open_file_read_async (opened, on_file_read_cb, g_object_ref (self));
  g_timeout_add_full (G_PRIORITY_DEFAULT, OP_READING_SHOWN_MS, on_reading_takes_long_cb, reading,
                      (GDestroyNotify) reading_free);
}

void
op_open_files_ask (OpOpenFiles *self, GtkWindow *parent)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
    _("Open Data File"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));

  g_signal_connect_object (dialog, "response", G_CALLBACK (on_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
op_open_files_close (OpOpenFiles *self, OpOpenFile *file)
{
  g_autoptr (OpOpenFile) closed = g_object_ref (file);

  op_open_file_cancel (closed);
  unlist_file (self, closed);
}
