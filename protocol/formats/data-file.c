/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/data-file.h"

#include "protocol/formats/toa5-reader.h"
#include "protocol/formats/tob1-reader.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#define MAX_PROBLEMS 100
/* A stream that cannot be gone back in is kept in pieces of so many bytes. */
#define KEPT_BYTES   (1024 * 1024)

typedef struct
{
  GFileProgressCallback callback;
  gpointer              data;
} Progress;

OpDataFile *
op_data_file_new (void)
{
  OpDataFile *file = g_new0 (OpDataFile, 1);

  file->problems = g_ptr_array_new_with_free_func (g_free);
  return file;
}

void
op_data_file_free (OpDataFile *file)
{
  g_clear_pointer (&file->origin, op_data_origin_free);
  g_clear_pointer (&file->table, op_table_unref);
  g_clear_pointer (&file->batch, op_batch_unref);
  g_clear_pointer (&file->problems, g_ptr_array_unref);
  g_free (file);
}

void
op_data_file_add_problem (OpDataFile *file, char *text)
{
  if (file->n_problems++ < MAX_PROBLEMS)
    g_ptr_array_add (file->problems, text);
  else
    g_free (text);
}

gboolean
op_read_watch_tell (const OpReadWatch *watch, goffset position, goffset size, GError **error)
{
  if (watch == NULL)
    return TRUE;
  if (watch->callback != NULL)
    watch->callback (position, size, watch->data);
  return !g_cancellable_set_error_if_cancelled (watch->cancellable, error);
}

/** More than half of this computer's memory for one file would bring it to a halt. */
static gboolean
check_size (guint64 n_bytes, GError **error)
{
  guint64 memory = (guint64) sysconf (_SC_PHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE);

  if (n_bytes <= memory / 2)
    return TRUE;
  g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_SIZE,
               _("The file is too large: its records take %lu MB of memory"), (gulong) (n_bytes / 1000000));
  return FALSE;
}

static goffset
query_size (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInfo) info
      = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, cancellable, error);

  return info != NULL ? MAX (g_file_info_get_size (info), 0) : -1;
}

/** Opens a file once, as a pipe can be read only once, and looks at its beginning. */
static GInputStream *
open_file (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GInputStream) buffered = NULL;
  gssize n;

  if (stream == NULL)
    return NULL;
  buffered = g_buffered_input_stream_new (G_INPUT_STREAM (stream));
  n = g_buffered_input_stream_fill (G_BUFFERED_INPUT_STREAM (buffered), -1, cancellable, error);
  if (n == 0)
    g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_UNKNOWN, _("The file is empty"));
  return n > 0 ? g_steal_pointer (&buffered) : NULL;
}

static gboolean
is_binary (GInputStream *stream)
{
  gsize       n;
  const char *begin = g_buffered_input_stream_peek_buffer (G_BUFFERED_INPUT_STREAM (stream), &n);

  return op_tob1_is_header (begin, n);
}

/** Keeps all of a stream in memory, such as a pipe's, which can be read only once; @size becomes its size. */
static GInputStream *
keep_stream (GInputStream *stream, goffset *size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GInputStream) kept = g_memory_input_stream_new ();
  gsize n = KEPT_BYTES;

  for (*size = 0; n == KEPT_BYTES; *size += (goffset) n)
    {
      g_autofree char *piece = g_malloc (KEPT_BYTES);

      if (!check_size ((guint64) *size, error)
          || !g_input_stream_read_all (stream, piece, KEPT_BYTES, &n, cancellable, error))
        return NULL;
      g_memory_input_stream_add_data (G_MEMORY_INPUT_STREAM (kept), g_steal_pointer (&piece), (gssize) n, g_free);
    }
  return g_steal_pointer (&kept);
}

static OpToa5Reader *
open_text (GInputStream *stream, goffset size, const OpReadWatch *watch, GError **error)
{
  g_autoptr (GInputStream) kept = g_seekable_can_seek (G_SEEKABLE (stream))
                                      ? g_object_ref (stream)
                                      : keep_stream (stream, &size, watch->cancellable, error);

  return kept != NULL ? op_toa5_reader_new (kept, size, OP_TOA5_WINDOW_BYTES, watch, error) : NULL;
}

static OpDataFile *
stream_binary (GInputStream *stream, goffset size, const OpReadWatch *watch, OpDataSink sink, gpointer data,
               GError **error)
{
  g_autoptr (OpTob1Reader) reader = op_tob1_reader_new (stream, size, watch->cancellable, error);

  return reader != NULL && op_tob1_reader_run (reader, watch, sink, data, error)
             ? op_tob1_reader_take_file (reader)
             : NULL;
}

static OpDataFile *
stream_text (GInputStream *stream, goffset size, const OpReadWatch *watch, OpDataSink sink, gpointer data,
             GError **error)
{
  g_autoptr (OpToa5Reader) reader = open_text (stream, size, watch, error);

  return reader != NULL && op_toa5_reader_run (reader, sink, data, error) ? op_toa5_reader_take_file (reader) : NULL;
}

OpDataFile *
op_data_file_stream (GFile *file, const OpReadWatch *watch, OpDataSink sink, gpointer data, GError **error)
{
  goffset size = query_size (file, watch->cancellable, error);
  g_autoptr (GInputStream) stream = size >= 0 ? open_file (file, watch->cancellable, error) : NULL;

  if (stream == NULL)
    return NULL;
  return is_binary (stream) ? stream_binary (stream, size, watch, sink, data, error)
                            : stream_text (stream, size, watch, sink, data, error);
}

static OpDataFile *
read_binary (GInputStream *stream, goffset size, const OpReadWatch *watch, GError **error)
{
  g_autoptr (OpTob1Reader) reader = op_tob1_reader_new (stream, size, watch->cancellable, error);

  return reader != NULL && check_size (op_tob1_reader_estimate (reader), error)
             ? op_tob1_reader_read_all (reader, watch, error)
             : NULL;
}

/** Values take about as much as their text, which tells early; how much exactly is known when it has been walked. */
static OpDataFile *
read_text (GInputStream *stream, goffset size, const OpReadWatch *watch, GError **error)
{
  g_autoptr (OpToa5Reader) reader
      = check_size ((guint64) size, error) ? open_text (stream, size, watch, error) : NULL;

  return reader != NULL && check_size (op_toa5_reader_estimate (reader), error)
             ? op_toa5_reader_read_all (reader, error)
             : NULL;
}

static OpDataFile *
read_whole (GFile *file, const OpReadWatch *watch, GError **error)
{
  goffset size = query_size (file, watch->cancellable, error);
  g_autoptr (GInputStream) stream = size >= 0 ? open_file (file, watch->cancellable, error) : NULL;

  if (stream == NULL)
    return NULL;
  return is_binary (stream) ? read_binary (stream, size, watch, error) : read_text (stream, size, watch, error);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Progress *progress = data;
  OpReadWatch     watch = { progress->callback, progress->data, cancellable };
  GError         *error = NULL;
  OpDataFile     *file = read_whole (source, &watch, &error);

  if (file != NULL)
    g_task_return_pointer (task, file, (GDestroyNotify) op_data_file_free);
  else
    g_task_return_error (task, error);
}

void
op_data_file_read_async (GFile *file, GCancellable *cancellable, GFileProgressCallback progress, gpointer progress_data,
                         GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (file, cancellable, callback, data);
  Progress *kept = g_new (Progress, 1);

  *kept = (Progress){ progress, progress_data };
  g_task_set_task_data (task, kept, g_free);
  g_task_set_source_tag (task, op_data_file_read_async);
  g_task_run_in_thread (task, read_in_thread);
}

OpDataFile *
op_data_file_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
