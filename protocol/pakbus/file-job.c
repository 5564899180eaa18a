/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/file-job-private.h"

#define MSG_FILE_UPLOAD          0x1D
#define MSG_FILE_UPLOAD_RESPONSE 0x9D

#define MAX_FILE_SIZE (16 * 1024 * 1024)

typedef struct
{
  PakTarget   target;
  char       *name;
  guint8      number; /* one for the whole file, or the logger loses its place */
  GByteArray *content;
} FileJob;

static void ask_next_fragment (GTask *task);

static void
file_job_free (FileJob *job)
{
  pak_session_release_number (job->target.session, job->number);
  g_object_unref (job->target.session);
  g_free (job->name);
  g_byte_array_unref (job->content);
  g_free (job);
}

static PakMessage *
decode_response (const guint8 *bytes, gsize length, GError **error)
{
  return pak_message_decode (PAK_PROTOCOL_BMP5, bytes, length, error);
}

/* A late answer to the fragment before has the same number and type: only its offset tells. */
static gboolean
is_of_this_fragment (const guint8 *answer, gsize length, gpointer data)
{
  FileJob *job = data;
  g_autoptr (PakMessage) response = decode_response (answer, length, NULL);

  /* What cannot be read, or refuses, is for the job to judge. */
  return response == NULL || pak_message_get_uint (response, "RespCode") != 0
         || pak_message_get_uint (response, "FileOffset") == job->content->len;
}

/* Appends the fragment. Returns whether it was the last. */
static gboolean
take_fragment (FileJob *job, GBytes *answer, gboolean *is_last, GError **error)
{
  g_autofree char *what = g_strdup_printf ("Reading file %s", job->name);
  g_autoptr (PakMessage) response = NULL;
  const guint8 *fragment;
  gsize length;

  response = decode_response (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), error);
  if (response == NULL)
    return FALSE;
  if (pak_message_get_uint (response, "RespCode") != 0)
    {
      pak_set_response_error (error, pak_message_get_uint (response, "RespCode"), what);
      return FALSE;
    }
  fragment = pak_message_get_bytes (response, "FileData", &length);
  if (length > pak_target_get_swath (&job->target) || job->content->len + length > MAX_FILE_SIZE)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "%s: %" G_GSIZE_FORMAT " bytes came at %u, too many", what,
                   length, job->content->len);
      return FALSE;
    }
  if (length > 0)
    g_byte_array_append (job->content, fragment, (guint) length);
  *is_last = length < pak_target_get_swath (&job->target);
  return TRUE;
}

static void
on_fragment_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FileJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);
  gboolean is_last;

  if (answer == NULL || !take_fragment (job, answer, &is_last, &error))
    g_task_return_error (task, error);
  else if (!is_last)
    ask_next_fragment (g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_bytes_new (job->content->data, job->content->len),
                           (GDestroyNotify) g_bytes_unref);
}

/* Takes @task. */
static void
ask_next_fragment (GTask *task)
{
  FileJob *job = g_task_get_task_data (task);
  PakMessage *command = pak_message_new (PAK_PROTOCOL_BMP5, MSG_FILE_UPLOAD, job->number);

  pak_message_set_uint (command, "SecurityCode", job->target.security);
  pak_message_set_text (command, "FileName", job->name);
  pak_message_set_uint (command, "CloseFlag", 0);
  pak_message_set_uint (command, "FileOffset", job->content->len);
  pak_message_set_uint (command, "Swath", pak_target_get_swath (&job->target));
  pak_session_transact_matching_async (job->target.session, job->target.node, command, PAK_REPEAT_SAME_NUMBER,
                                       is_of_this_fragment, job, g_task_get_cancellable (task), on_fragment_cb,
                                       task);
}

void
pak_read_file_async (const PakTarget *target, const char *name, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  FileJob *job = g_new0 (FileJob, 1);

  job->target = *target;
  g_object_ref (job->target.session);
  job->name = g_strdup (name);
  job->number = pak_session_reserve_number (target->session);
  job->content = g_byte_array_new ();
  g_task_set_task_data (task, job, (GDestroyNotify) file_job_free);
  ask_next_fragment (task);
}

GBytes *
pak_read_file_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
