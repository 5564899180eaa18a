/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/data-file.h"

#include "protocol/formats/toa5.h"
#include "protocol/formats/tob1-reader.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#define MAX_PROBLEMS 100
/* Text and what is read of it are in memory together. */
#define BYTES_A_BYTE_OF_TEXT 3

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

static OpDataFile *
read_text (GFile *file, goffset size, const OpReadWatch *watch, GError **error)
{
  g_autofree char *text = NULL;
  gsize            length;

  if (!check_size (BYTES_A_BYTE_OF_TEXT * (guint64) size, error)
      || !g_file_load_contents (file, watch->cancellable, &text, &length, NULL, error))
    return NULL;
  /* Only now is it known: the size of a pipe is 0 as well. */
  if (length == 0)
    {
      g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_UNKNOWN, _("The file is empty"));
      return NULL;
    }
  return op_toa5_parse_watched (text, length, watch, error);
}

/** The reader of a TOB1 file. NULL without an error for a file that is read as text. */
static OpTob1Reader *
open_binary (GFile *file, goffset size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GInputStream) buffered = NULL;
  gsize       n;
  const char *begin;

  if (stream == NULL)
    return NULL;
  buffered = g_buffered_input_stream_new (G_INPUT_STREAM (stream));
  if (g_buffered_input_stream_fill (G_BUFFERED_INPUT_STREAM (buffered), -1, cancellable, error) < 0)
    return NULL;
  begin = g_buffered_input_stream_peek_buffer (G_BUFFERED_INPUT_STREAM (buffered), &n);
  return op_tob1_is_header (begin, n) ? op_tob1_reader_new (buffered, size, cancellable, error) : NULL;
}

OpDataFile *
op_data_file_stream (GFile *file, const OpReadWatch *watch, OpDataSink sink, gpointer data, GError **error)
{
  goffset size = query_size (file, watch->cancellable, error);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (OpTob1Reader) reader = size >= 0 ? open_binary (file, size, watch->cancellable, &local_error) : NULL;
  g_autoptr (OpDataFile) content = NULL;

  if (reader != NULL)
    {
      if (op_tob1_reader_run (reader, watch, sink, data, error))
        return op_tob1_reader_take_file (reader);
    }
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (size >= 0 && (content = read_text (file, size, watch, error)) != NULL
           && sink (content, content->batch, data, error))
    {
      g_clear_pointer (&content->batch, op_batch_unref);
      return g_steal_pointer (&content);
    }
  return NULL;
}

static OpDataFile *
read_whole (GFile *file, const OpReadWatch *watch, GError **error)
{
  goffset size = query_size (file, watch->cancellable, error);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (OpTob1Reader) reader = size >= 0 ? open_binary (file, size, watch->cancellable, &local_error) : NULL;

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (reader != NULL)
    {
      if (check_size (op_tob1_reader_estimate (reader), error))
        return op_tob1_reader_read_all (reader, watch, error);
    }
  else if (size >= 0)
    return read_text (file, size, watch, error);
  return NULL;
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
