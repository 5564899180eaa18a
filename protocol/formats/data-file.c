/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/toa5.h"

void
op_data_file_free (OpDataFile *file)
{
  g_clear_pointer (&file->origin, op_data_origin_free);
  g_clear_pointer (&file->table, op_table_unref);
  g_clear_pointer (&file->batch, op_batch_unref);
  g_clear_pointer (&file->problems, g_ptr_array_unref);
  g_free (file);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autofree char *text = NULL;
  gsize            length;
  GError          *error = NULL;
  OpDataFile      *file = NULL;

  if (g_file_load_contents (source, cancellable, &text, &length, NULL, &error))
    file = op_toa5_parse (text, length, &error);
  if (file != NULL)
    g_task_return_pointer (task, file, (GDestroyNotify) op_data_file_free);
  else
    g_task_return_error (task, error);
}

void
op_data_file_read_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (file, cancellable, callback, data);

  g_task_set_source_tag (task, op_data_file_read_async);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, read_in_thread);
}

OpDataFile *
op_data_file_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
