/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/convert.h"

#include "app/engine/new-file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* Text is made and written in pieces of so many records. */
#define PIECE_RECORDS 4096

typedef struct
{
  const OpDataWriter   *writer;
  char                 *path; /* NULL: standard output */
  GFileProgressCallback progress;
  gpointer              progress_data;
  guint64               n_records;
} Convert;

/* While writing. */
typedef struct
{
  Convert   *convert;
  OpNewFile *file;
  GString   *text;
  gboolean   begun;
} Writing;

static void
free_convert (Convert *convert)
{
  g_free (convert->path);
  g_free (convert);
}

static gboolean
write_batch (const OpDataFile *content, const OpBatch *batch, gpointer data, GError **error)
{
  Writing            *writing = data;
  const OpDataWriter *writer = writing->convert->writer;
  gsize               n = op_batch_get_n_records (batch);

  if (!writing->begun)
    writer->append_header (writing->text, content->origin, content->table);
  writing->begun = TRUE;
  for (gsize i = 0; i < n; i += PIECE_RECORDS)
    {
      writer->append_records (writing->text, batch, i, MIN (PIECE_RECORDS, n - i));
      if (!op_new_file_write (writing->file, writing->text, error))
        return FALSE;
    }
  writing->convert->n_records += n;
  return op_new_file_write (writing->file, writing->text, error);
}

/** Whether both paths lead to one file, by whatever names. */
static gboolean
is_same_file (GFile *file, const char *path)
{
  GStatBuf a, b;

  return path != NULL && g_file_peek_path (file) != NULL && g_stat (g_file_peek_path (file), &a) == 0
         && g_stat (path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static OpDataFile *
convert_file (GFile *file, Convert *convert, GCancellable *cancellable, GError **error)
{
  const OpReadWatch watch = { convert->progress, convert->progress_data, cancellable };
  g_autoptr (OpNewFile) out = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (OpDataFile) content = NULL;
  Writing writing = { .convert = convert, .text = text };

  if (is_same_file (file, convert->path))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("%s is the file that is read: it stays as it is"),
                   convert->path);
      return NULL;
    }
  out = writing.file = op_new_file_open (convert->path, error);
  if (out == NULL)
    return NULL;
  content = op_data_file_stream (file, &watch, write_batch, &writing, error);
  if (content == NULL || !op_new_file_commit (out, error))
    return NULL;
  return g_steal_pointer (&content);
}

static void
run_convert (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError     *error = NULL;
  OpDataFile *content = convert_file (source, data, cancellable, &error);

  if (content != NULL)
    g_task_return_pointer (task, content, (GDestroyNotify) op_data_file_free);
  else
    g_task_return_error (task, error);
}

void
op_convert_async (GFile *file, const OpDataWriter *writer, GFile *out, GCancellable *cancellable,
                  GFileProgressCallback progress, gpointer progress_data, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (file, cancellable, callback, data);
  Convert *convert = g_new0 (Convert, 1);

  g_return_if_fail (G_IS_FILE (file) && writer != NULL);

  convert->writer = writer;
  convert->path = out != NULL ? g_file_get_path (out) : NULL;
  convert->progress = progress;
  convert->progress_data = progress_data;
  g_task_set_task_data (task, convert, (GDestroyNotify) free_convert);
  g_task_set_check_cancellable (task, FALSE);
  if (out == NULL || convert->path != NULL)
    g_task_run_in_thread (task, run_convert);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                             _("The file can only be saved in a folder of this computer"));
}

OpDataFile *
op_convert_finish (GAsyncResult *result, guint64 *n_records, GError **error)
{
  const Convert *convert = g_task_get_task_data (G_TASK (result));

  if (n_records != NULL)
    *n_records = convert->n_records;
  return g_task_propagate_pointer (G_TASK (result), error);
}
