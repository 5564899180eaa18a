/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The changing half of PakLogger: each call is a job of its own; here its errors become those for people. */

#include "protocol/pakbus/pak-logger-private.h"

#include "protocol/pakbus/clock-job-private.h"
#include "protocol/pakbus/directory.h"
#include "protocol/pakbus/file-control-job-private.h"
#include "protocol/pakbus/file-job-private.h"
#include "protocol/pakbus/file-put-job-private.h"
#include "protocol/pakbus/program-job-private.h"
#include "protocol/pakbus/table-control-job-private.h"
#include "protocol/pakbus/values-job-private.h"

#include <glib/gi18n-lib.h>

#include <string.h>

/* Manual 2.3.3. */
#define MAX_FILE_NAME 64

/* Ends @task with what a job came to: a pointer, or @error (taken) of what was tried. */
static void
return_pointer (GTask *task, gpointer value, GDestroyNotify free_value, GError *error, const char *what)
{
  if (value != NULL)
    g_task_return_pointer (task, value, free_value);
  else
    g_task_return_error (task, pak_logger_explain (g_task_get_source_object (task), error, what));
}

static void
return_done (GTask *task, gboolean done, GError *error, const char *what)
{
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, pak_logger_explain (g_task_get_source_object (task), error, what));
}

/* Clock */

static void
on_clock_adjusted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  OpClockAdjustment *done = pak_adjust_clock_finish (PAK_SESSION (source), result, &error);

  return_pointer (task, done, g_free, error, _ ("Setting the clock"));
}

static void
adjust_clock_async (OpLogger *logger, gint64 adjustment, const OpClockReading *before, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (logger, cancellable, callback, data);

  pak_adjust_clock_async (pak_logger_get_target (PAK_LOGGER (logger)), adjustment, before, cancellable,
                          on_clock_adjusted_cb, task);
}

/* Program */

static void
on_program_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  OpProgramState *state = pak_read_program_finish (PAK_SESSION (source), result, &error);

  return_pointer (task, state, (GDestroyNotify) op_program_state_free, error, _ ("Asking for the program"));
}

static void
read_program_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (logger, cancellable, callback, data);

  pak_read_program_async (pak_logger_get_target (PAK_LOGGER (logger)), cancellable, on_program_read_cb, task);
}

/* Files */

static OpDeviceFile *
new_device_file (const PakDirectoryEntry *entry)
{
  static const struct
  {
    PakFileAttribute attribute;
    OpFileFlags      flag;
  } flags[] = {
    { PAK_FILE_RUNNING, OP_FILE_RUNNING },     { PAK_FILE_RUN_ON_POWER_UP, OP_FILE_POWER_UP },
    { PAK_FILE_READ_ONLY, OP_FILE_READ_ONLY }, { PAK_FILE_HIDDEN, OP_FILE_HIDDEN },
    { PAK_FILE_PAUSED, OP_FILE_PAUSED },
  };
  OpDeviceFile *file = g_new0 (OpDeviceFile, 1);

  file->name = g_utf8_make_valid (entry->name, -1);
  file->size = entry->size;
  file->date = g_utf8_make_valid (entry->date, -1);
  file->is_drive = pak_directory_entry_is_drive (entry);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (pak_directory_entry_has_attribute (entry, flags[i].attribute))
      file->flags |= flags[i].flag;
  return file;
}

static GPtrArray *
parse_directory (GBytes *directory, GError **error)
{
  g_autoptr (GPtrArray) entries
      = pak_directory_parse (g_bytes_get_data (directory, NULL), g_bytes_get_size (directory), error);
  GPtrArray *files;

  if (entries == NULL)
    return NULL;
  files = g_ptr_array_new_with_free_func ((GDestroyNotify) op_device_file_free);
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (files, new_device_file (g_ptr_array_index (entries, i)));
  return files;
}

static void
on_directory_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GBytes) directory = pak_read_file_finish (PAK_SESSION (source), result, &error);
  GPtrArray *files = directory != NULL ? parse_directory (directory, &error) : NULL;

  return_pointer (task, files, (GDestroyNotify) g_ptr_array_unref, error, _ ("Listing the files"));
}

static void
list_files_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (logger, cancellable, callback, data);

  pak_read_file_async (pak_logger_get_target (PAK_LOGGER (logger)), ".DIR", cancellable, on_directory_read_cb, task);
}

/* A task for work with a file; NULL, and the call ended, when the name is longer than a message has room for. */
static GTask *
new_file_task (OpLogger *logger, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback,
               gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);

  if (strlen (name) <= MAX_FILE_NAME)
    return g_steal_pointer (&task);
  g_task_return_new_error (task, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NAME,
                           _ ("The file name “%s” is too long: a logger takes %d characters"), name, MAX_FILE_NAME);
  return NULL;
}

static void
on_file_got_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gboolean done = pak_get_file_finish (PAK_SESSION (source), result, &error);

  return_done (task, done, error, _ ("Getting the file"));
}

static void
get_file_async (OpLogger *logger, const char *name, GByteArray *content, guint64 expected, OpProgressFunc progress,
                gpointer func_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = new_file_task (logger, name, cancellable, callback, data);

  if (task != NULL)
    pak_get_file_async (pak_logger_get_target (PAK_LOGGER (logger)), name, content, expected, progress, func_data,
                        cancellable, on_file_got_cb, task);
}

static void
on_file_put_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gboolean verified;

  if (pak_put_file_finish (PAK_SESSION (source), result, &verified, &error))
    g_task_return_int (task, verified);
  else
    return_done (task, FALSE, error, _ ("Sending the file"));
}

static void
put_file_async (OpLogger *logger, const char *name, GBytes *content, OpProgressFunc progress, gpointer func_data,
                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = new_file_task (logger, name, cancellable, callback, data);

  if (task != NULL)
    pak_put_file_async (pak_logger_get_target (PAK_LOGGER (logger)), name, content, progress, func_data, cancellable,
                        on_file_put_cb, task);
}

static void
on_file_controlled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gssize hold_off = pak_control_file_finish (PAK_SESSION (source), result, &error);

  if (hold_off >= 0)
    g_task_return_int (task, hold_off);
  else
    return_done (task, FALSE, error, _ ("Changing files or the program"));
}

static void
control_file_async (OpLogger *logger, const char *name, OpFileCommand command, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = new_file_task (logger, name, cancellable, callback, data);

  if (task != NULL)
    pak_control_file_async (pak_logger_get_target (PAK_LOGGER (logger)), name, command, cancellable,
                            on_file_controlled_cb, task);
}

/* Values */

static void
on_values_got_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  GBytes *values = pak_get_values_finish (PAK_SESSION (source), result, &error);

  return_pointer (task, values, (GDestroyNotify) g_bytes_unref, error, _ ("Reading values"));
}

static void
get_values_async (OpLogger *logger, const OpValueSpan *span, GCancellable *cancellable, GAsyncReadyCallback callback,
                  gpointer data)
{
  GTask *task = g_task_new (logger, cancellable, callback, data);

  pak_get_values_async (pak_logger_get_target (PAK_LOGGER (logger)), span, cancellable, on_values_got_cb, task);
}

static void
on_values_set_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  OpSetOutcome *outcome = pak_set_values_finish (PAK_SESSION (source), result, &error);

  return_pointer (task, outcome, g_free, error, _ ("Setting values"));
}

static void
set_values_async (OpLogger *logger, const OpValueSpan *span, GBytes *values, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (logger, cancellable, callback, data);

  pak_set_values_async (pak_logger_get_target (PAK_LOGGER (logger)), span, values, cancellable, on_values_set_cb, task);
}

/* Tables */

static void
on_table_controlled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gboolean done = pak_control_table_finish (PAK_SESSION (source), result, &error);

  return_done (task, done, error, _ ("Changing the table"));
}

static void
control_table_async (OpLogger *logger, OpTable *table, OpTableCommand command, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (logger, cancellable, callback, data);

  pak_control_table_async (pak_logger_get_target (PAK_LOGGER (logger)), table, command, cancellable,
                           on_table_controlled_cb, task);
}

void
pak_logger_class_init_changes (OpLoggerClass *klass)
{
  klass->adjust_clock_async = adjust_clock_async;
  klass->read_program_async = read_program_async;
  klass->list_files_async = list_files_async;
  klass->get_file_async = get_file_async;
  klass->put_file_async = put_file_async;
  klass->control_file_async = control_file_async;
  klass->get_values_async = get_values_async;
  klass->set_values_async = set_values_async;
  klass->control_table_async = control_table_async;
}
