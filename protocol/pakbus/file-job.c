/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/file-job-private.h"

#include "protocol/pakbus/answer-private.h"

#define MSG_FILE_UPLOAD 0x1D

#define CLOSE_FLAG 1
#define MAX_FILE_SIZE (1024u * 1024 * 1024)
#define MAX_READINGS 8

typedef struct
{
  PakTarget      target;
  char          *name;
  guint8         number; /* one for the whole file, or the logger loses its place */
  GByteArray    *content;
  guint          begin;  /* what @content held before */
  guint64        expected;
  OpProgressFunc progress;
  gpointer       func_data;
  gboolean       is_over;    /* the logger has closed the file */
  GBytes        *doubted;    /* the fragment as it was read before, when the link is noisy */
  guint          n_readings; /* of this fragment */
} FileJob;

static void ask_next_fragment (GTask *task);

static PakMessage *
new_command (const FileJob *job, guint close_flag, guint swath)
{
  PakMessage *command = pak_message_new (PAK_PROTOCOL_BMP5, MSG_FILE_UPLOAD, job->number);

  pak_message_set_uint (command, "SecurityCode", job->target.security);
  pak_message_set_text (command, "FileName", job->name);
  pak_message_set_uint (command, "CloseFlag", close_flag);
  pak_message_set_uint (command, "FileOffset", job->content->len);
  pak_message_set_uint (command, "Swath", swath);
  return command;
}

/* Who ends before the end closes the file; whether it arrives does not matter. */
static void
close_early (FileJob *job)
{
  if (!job->is_over && job->content->len > job->begin)
    pak_session_transact_async (job->target.session, job->target.node, new_command (job, CLOSE_FLAG, 0),
                                PAK_REPEAT_NEVER, NULL, NULL, NULL);
}

static void
file_job_free (FileJob *job)
{
  pak_session_release_number (job->target.session, job->number);
  g_object_unref (job->target.session);
  g_free (job->name);
  g_byte_array_unref (job->content);
  g_clear_pointer (&job->doubted, g_bytes_unref);
  g_free (job);
}

/* A late answer to the fragment before has the same number and type: only its offset tells. */
static gboolean
is_of_this_fragment (const guint8 *answer, gsize length, gpointer data)
{
  FileJob *job = data;
  g_autoptr (PakMessage) response = pak_message_decode (PAK_PROTOCOL_BMP5, answer, length, NULL);

  /* What cannot be read, or refuses, is for the job to judge. */
  return response == NULL || pak_message_get_uint (response, "RespCode") != 0
         || pak_message_get_uint (response, "FileOffset") == job->content->len;
}

static GBytes *
parse_fragment (FileJob *job, GBytes *answer, GError **error)
{
  g_autofree char *what = g_strdup_printf ("Reading file %s", job->name);
  g_autoptr (PakMessage) response = pak_answer_accept (answer, what, error);
  const guint8 *fragment;
  gsize length;

  if (response == NULL)
    return NULL;
  fragment = pak_message_get_bytes (response, "FileData", &length);
  if (length > pak_target_get_swath (&job->target) || job->content->len + length > MAX_FILE_SIZE)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "%s: %" G_GSIZE_FORMAT " bytes came at %u, too many", what,
                   length, job->content->len);
      return NULL;
    }
  return g_bytes_new (fragment, length);
}

/*
 * A signature of 16 bits lets damage pass now and then: where there is any, two readings must agree (design.md,
 * Collection).
 */
static gboolean
is_believable (FileJob *job, GBytes *fragment)
{
  gboolean agrees = job->doubted != NULL && g_bytes_equal (job->doubted, fragment);

  if (agrees || !pak_session_is_noisy (job->target.session))
    return TRUE;
  g_clear_pointer (&job->doubted, g_bytes_unref);
  job->doubted = g_bytes_ref (fragment);
  return FALSE;
}

/* Takes @task. */
static void
take_fragment (GTask *task, GBytes *fragment)
{
  FileJob *job = g_task_get_task_data (task);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (fragment, &length);

  g_clear_pointer (&job->doubted, g_bytes_unref);
  job->n_readings = 0;
  if (length > 0)
    g_byte_array_append (job->content, bytes, (guint) length);
  if (job->progress != NULL)
    job->progress (job->content->len, MAX (job->expected, job->content->len), job->func_data);

  job->is_over = length < pak_target_get_swath (&job->target);
  if (!job->is_over)
    {
      ask_next_fragment (task);
      return;
    }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* Takes @task and @error. */
static void
fail (GTask *task, GError *error)
{
  close_early (g_task_get_task_data (task));
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
on_fragment_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FileJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);
  g_autoptr (GBytes) fragment = answer != NULL ? parse_fragment (job, answer, &error) : NULL;

  if (fragment == NULL)
    fail (task, error);
  else if (is_believable (job, fragment))
    take_fragment (task, fragment);
  else if (++job->n_readings < MAX_READINGS)
    ask_next_fragment (task);
  else
    fail (task, g_error_new (PAK_ERROR, PAK_ERROR_NOISE, "Reading file %s: what comes at byte %u differs every time",
                             job->name, job->content->len));
}

/* Takes @task. */
static void
ask_next_fragment (GTask *task)
{
  FileJob *job = g_task_get_task_data (task);

  pak_session_transact_matching_async (job->target.session, job->target.node,
                                       new_command (job, 0, pak_target_get_swath (&job->target)),
                                       PAK_REPEAT_SAME_NUMBER, is_of_this_fragment, job,
                                       g_task_get_cancellable (task), on_fragment_cb, task);
}

void
pak_get_file_async (const PakTarget *target, const char *name, GByteArray *content, guint64 expected,
                    OpProgressFunc progress, gpointer func_data, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  FileJob *job = g_new0 (FileJob, 1);

  job->target = *target;
  g_object_ref (job->target.session);
  job->name = g_strdup (name);
  job->number = pak_session_reserve_number (target->session);
  job->content = g_byte_array_ref (content);
  job->begin = content->len;
  job->expected = expected;
  job->progress = progress;
  job->func_data = func_data;
  g_task_set_task_data (task, job, (GDestroyNotify) file_job_free);
  ask_next_fragment (task);
}

gboolean
pak_get_file_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_whole_file_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GByteArray *content = g_task_get_task_data (task);
  GError *error = NULL;

  if (pak_get_file_finish (PAK_SESSION (source), result, &error))
    g_task_return_pointer (task, g_bytes_new (content->data, content->len), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

void
pak_read_file_async (const PakTarget *target, const char *name, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  GByteArray *content = g_byte_array_new ();

  g_task_set_task_data (task, content, (GDestroyNotify) g_byte_array_unref);
  pak_get_file_async (target, name, content, 0, NULL, NULL, cancellable, on_whole_file_cb, task);
}

GBytes *
pak_read_file_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
