/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/convert.h"

#include "app/engine/new-file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* Text is made of so many records at a time, in as many threads as there are processors, and then written. */
#define PART_RECORDS 4096
#define MAX_PARTS    8

typedef struct
{
  const OpDataWriter   *writer;
  char                 *path; /* NULL: standard output */
  GFileProgressCallback progress;
  gpointer              progress_data;
  guint64               n_records;
} Convert;

/* Consecutive records, and the text that one thread makes of them. */
typedef struct
{
  const OpBatch *batch;
  gsize          first, count;
  GString       *text;
} Part;

/* While writing. */
typedef struct
{
  Convert     *convert;
  OpNewFile   *file;
  gboolean     begun;
  Part         parts[MAX_PARTS];
  guint        n_parts;
  GThreadPool *pool;
  GMutex       mutex;
  GCond        made;     /* when no part is awaited any more */
  guint        n_awaited;
} Writing;

static void
free_convert (Convert *convert)
{
  g_free (convert->path);
  g_free (convert);
}

static void
make_part (gpointer item, gpointer data)
{
  Part    *part = item;
  Writing *writing = data;

  writing->convert->writer->append_records (part->text, part->batch, part->first, part->count);
  g_mutex_lock (&writing->mutex);
  if (--writing->n_awaited == 0)
    g_cond_signal (&writing->made);
  g_mutex_unlock (&writing->mutex);
}

static void
writing_init (Writing *writing, Convert *convert)
{
  *writing = (Writing){ .convert = convert, .n_parts = CLAMP (g_get_num_processors (), 1, MAX_PARTS) };
  for (guint i = 0; i < writing->n_parts; i++)
    writing->parts[i].text = g_string_new (NULL);
  g_mutex_init (&writing->mutex);
  g_cond_init (&writing->made);
  writing->pool = g_thread_pool_new (make_part, writing, -1, FALSE, NULL);
}

static void
writing_clear (Writing *writing)
{
  g_thread_pool_free (writing->pool, FALSE, TRUE);
  g_cond_clear (&writing->made);
  g_mutex_clear (&writing->mutex);
  for (guint i = 0; i < writing->n_parts; i++)
    g_string_free (writing->parts[i].text, TRUE);
  g_clear_pointer (&writing->file, op_new_file_close);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writing, writing_clear)

/** Makes the text of @count records, each thread its part of them, and writes it. */
static gboolean
write_piece (Writing *writing, const OpBatch *batch, gsize first, gsize count, GError **error)
{
  writing->n_awaited = writing->n_parts;
  for (guint i = writing->n_parts; i-- > 0;)
    {
      Part *part = &writing->parts[i];

      part->batch = batch;
      part->first = first + count * i / writing->n_parts;
      part->count = first + count * (i + 1) / writing->n_parts - part->first;
      if (i > 0)
        g_thread_pool_push (writing->pool, part, NULL);
      else
        make_part (part, writing);
    }
  g_mutex_lock (&writing->mutex);
  while (writing->n_awaited > 0)
    g_cond_wait (&writing->made, &writing->mutex);
  g_mutex_unlock (&writing->mutex);
  for (guint i = 0; i < writing->n_parts; i++)
    if (!op_new_file_write (writing->file, writing->parts[i].text, error))
      return FALSE;
  return TRUE;
}

static gboolean
write_batch (const OpDataFile *content, const OpBatch *batch, gpointer data, GError **error)
{
  Writing *writing = data;
  gsize    n = op_batch_get_n_records (batch), piece = PART_RECORDS * writing->n_parts;

  if (!writing->begun)
    writing->convert->writer->append_header (writing->parts[0].text, content->origin, content->table);
  writing->begun = TRUE;
  for (gsize i = 0; i < n; i += piece)
    if (!write_piece (writing, batch, i, MIN (piece, n - i), error))
      return FALSE;
  writing->convert->n_records += n;
  return op_new_file_write (writing->file, writing->parts[0].text, error);
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
  g_autoptr (OpDataFile) content = NULL;
  g_auto (Writing) writing;

  writing_init (&writing, convert);
  if (is_same_file (file, convert->path))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("%s is the file that is read: it stays as it is"),
                   convert->path);
      return NULL;
    }
  writing.file = op_new_file_open (convert->path, error);
  if (writing.file == NULL)
    return NULL;
  content = op_data_file_stream (file, &watch, write_batch, &writing, error);
  if (content == NULL || !op_new_file_commit (writing.file, error))
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
