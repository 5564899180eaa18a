/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/file-control-job-private.h"

#include "protocol/pakbus/answer-private.h"
#include "protocol/pakbus/directory.h"
#include "protocol/pakbus/file-job-private.h"
#include "protocol/pakbus/program-job-private.h"

#include <string.h>

#define MSG_FILE_CONTROL 0x1E

/* CompState (manual 2.3.3.5). */
#define STATE_NONE    0
#define STATE_RUNNING 1
#define STATE_PAUSED  3

/* Where a command leaves its mark, for when its answer is lost. */
typedef enum
{
  MARK_DIRECTORY,
  MARK_PROGRAM,          /* its state tells, whatever it was before */
  MARK_PROGRAM_COMPILED, /* the time of compiling must have changed */
} Mark;

typedef struct
{
  PakTarget       target;
  char           *name;
  OpFileCommand   command;
  OpProgramState *before; /* MARK_PROGRAM_COMPILED */
  GError         *lost;   /* why no answer came */
} ControlJob;

static void
control_job_free (ControlJob *job)
{
  g_free (job->name);
  g_clear_pointer (&job->before, op_program_state_free);
  g_clear_error (&job->lost);
  g_free (job);
}

static Mark
get_mark (OpFileCommand command)
{
  switch (command)
    {
    case OP_FILE_COMMAND_SET_POWER_UP:
    case OP_FILE_COMMAND_HIDE:
    case OP_FILE_COMMAND_DELETE:
    case OP_FILE_COMMAND_FORMAT:
      return MARK_DIRECTORY;
    case OP_FILE_COMMAND_STOP:
    case OP_FILE_COMMAND_STOP_DELETE:
    case OP_FILE_COMMAND_PAUSE:
    case OP_FILE_COMMAND_RESUME:
      return MARK_PROGRAM;
    default:
      return MARK_PROGRAM_COMPILED;
    }
}

/* After a lost answer */

static const PakDirectoryEntry *
find_entry (const GPtrArray *entries, const char *name)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const PakDirectoryEntry *entry = g_ptr_array_index (entries, i);

      if (g_ascii_strcasecmp (entry->name, name) == 0)
        return entry;
    }
  return NULL;
}

static gboolean
is_drive_empty (const GPtrArray *entries, const char *drive)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const PakDirectoryEntry *entry = g_ptr_array_index (entries, i);

      if (!pak_directory_entry_is_drive (entry) && g_ascii_strncasecmp (entry->name, drive, strlen (drive)) == 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
runs_on_power_up (const GPtrArray *entries, const char *name)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const PakDirectoryEntry *entry = g_ptr_array_index (entries, i);

      if (pak_directory_entry_has_attribute (entry, PAK_FILE_RUN_ON_POWER_UP)
          && (*name == '\0' || g_ascii_strcasecmp (entry->name, name) == 0))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_done_by_directory (const ControlJob *job, const GPtrArray *entries)
{
  switch (job->command)
    {
    case OP_FILE_COMMAND_FORMAT:
      return is_drive_empty (entries, job->name);
    case OP_FILE_COMMAND_SET_POWER_UP:
      return runs_on_power_up (entries, job->name) == (*job->name != '\0');
    default:
      return find_entry (entries, job->name) == NULL;
    }
}

static gboolean
is_done_by_program (const ControlJob *job, const OpProgramState *now)
{
  switch (job->command)
    {
    case OP_FILE_COMMAND_STOP:
    case OP_FILE_COMMAND_STOP_DELETE:
      return now->compile_state == STATE_NONE;
    case OP_FILE_COMMAND_PAUSE:
      return now->compile_state == STATE_PAUSED;
    case OP_FILE_COMMAND_RESUME:
      return now->compile_state == STATE_RUNNING;
    case OP_FILE_COMMAND_NEW_OS:
      return now->os_signature != job->before->os_signature;
    default:
      return now->compile_time != job->before->compile_time && g_ascii_strcasecmp (now->program, job->name) == 0;
    }
}

/* Looking itself went wrong. Takes @task and @error. */
static void
fail_looking (GTask *task, GError *error)
{
  ControlJob *job = g_task_get_task_data (task);

  g_task_return_error (task, pak_answer_unseen (error, g_steal_pointer (&job->lost)));
  g_object_unref (task);
}

/* Takes @task. How long to hold off was in the answer that is lost: the looking has waited. */
static void
conclude (GTask *task, gboolean is_done)
{
  ControlJob *job = g_task_get_task_data (task);

  if (is_done)
    g_task_return_int (task, 0);
  else
    g_task_return_error (task, pak_answer_not_done (g_steal_pointer (&job->lost)));
  g_object_unref (task);
}

static void
on_directory_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  ControlJob *job = g_task_get_task_data (data);
  GError *error = NULL;
  g_autoptr (GBytes) file = pak_read_file_finish (PAK_SESSION (source), result, &error);
  g_autoptr (GPtrArray) entries = NULL;

  if (file != NULL)
    entries = pak_directory_parse (g_bytes_get_data (file, NULL), g_bytes_get_size (file), &error);
  if (entries == NULL)
    fail_looking (data, error);
  else
    conclude (data, is_done_by_directory (job, entries));
}

static void
on_program_after_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  ControlJob *job = g_task_get_task_data (data);
  GError *error = NULL;
  g_autoptr (OpProgramState) now = pak_read_program_finish (PAK_SESSION (source), result, &error);

  if (now == NULL)
    fail_looking (data, error);
  else
    conclude (data, is_done_by_program (job, now));
}

/* Takes @task. */
static void
look (GTask *task)
{
  ControlJob *job = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (get_mark (job->command) == MARK_DIRECTORY)
    pak_read_file_async (&job->target, ".DIR", cancellable, on_directory_cb, task);
  else
    pak_read_program_async (&job->target, cancellable, on_program_after_cb, task);
}

/* The command */

static void
on_answer_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ControlJob *job = g_task_get_task_data (task);
  g_autofree char *what = g_strdup_printf ("File Control Command %d for %s", (gint) job->command, job->name);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);
  g_autoptr (PakMessage) response = answer != NULL ? pak_answer_decode (answer, &error) : NULL;
  guint code, hold_off;

  if (response == NULL && pak_answer_is_lost (error))
    {
      job->lost = error;
      look (g_steal_pointer (&task));
      return;
    }
  if (response == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* It is there when the command failed, too (pakbus-facts G3). */
  hold_off = pak_message_get_uint (response, "HoldOff");
  if (hold_off > 0)
    pak_session_hold_off (PAK_SESSION (source), job->target.node, hold_off);
  code = pak_message_get_uint (response, "RespCode");
  if (code == 0)
    g_task_return_int (task, (gssize) hold_off);
  else
    {
      pak_set_response_error (&error, code, what);
      g_task_return_error (task, error);
    }
}

/* Takes @task. */
static void
send_command (GTask *task)
{
  ControlJob *job = g_task_get_task_data (task);
  PakMessage *command = pak_message_new (PAK_PROTOCOL_BMP5, MSG_FILE_CONTROL, 0);

  pak_message_set_uint (command, "SecurityCode", job->target.security);
  pak_message_set_text (command, "FileName", job->name);
  pak_message_set_uint (command, "FileCmd", (guint32) job->command);
  pak_session_transact_async (job->target.session, job->target.node, command, PAK_REPEAT_NEVER,
                              g_task_get_cancellable (task), on_answer_cb, task);
}

static void
on_program_before_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ControlJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->before = pak_read_program_finish (PAK_SESSION (source), result, &error);
  if (job->before == NULL)
    g_task_return_error (task, error);
  else
    send_command (g_steal_pointer (&task));
}

/* A file that is no operating system would leave the logger without one (pakbus-facts H4). */
static gboolean
is_safe (const char *name, OpFileCommand command)
{
  gsize length = strlen (name);

  return command != OP_FILE_COMMAND_NEW_OS || (length > 4 && g_ascii_strcasecmp (name + length - 4, ".OBJ") == 0);
}

void
pak_control_file_async (const PakTarget *target, const char *name, OpFileCommand command, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (target->session, cancellable, callback, data);
  ControlJob *job = g_new0 (ControlJob, 1);

  job->target = *target;
  job->name = g_strdup (name);
  job->command = command;
  g_task_set_task_data (task, job, (GDestroyNotify) control_job_free);
  if (!is_safe (name, command))
    g_task_return_new_error (task, PAK_ERROR, PAK_ERROR_INCOMPATIBLE_FORMAT, "%s is no operating system (.OBJ)", name);
  else if (get_mark (command) == MARK_PROGRAM_COMPILED)
    pak_read_program_async (target, cancellable, on_program_before_cb, g_steal_pointer (&task));
  else
    send_command (g_steal_pointer (&task));
}

gssize
pak_control_file_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), -1);

  return g_task_propagate_int (G_TASK (result), error);
}
