/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/file-put-job-private.h"

#include "protocol/pakbus/answer-private.h"
#include "protocol/pakbus/file-job-private.h"

#include <string.h>

#define MSG_FILE_DOWNLOAD 0x1C

/* Message type, number, security code, the name's NUL, attribute, close flag and offset. */
#define HEAD_SIZE (1 + 1 + 2 + 1 + 1 + 1 + 4)

typedef struct
{
  PakTarget      target;
  char          *name;
  GBytes        *content;
  guint8         number; /* one for the whole file */
  gsize          offset; /* of the fragment that is on its way */
  gsize          length; /* of it */
  OpProgressFunc progress;
  gpointer       func_data;
  GByteArray    *read_back;
  GError        *refusal; /* of a last fragment that may have come twice; NULL: all were taken */
} PutJob;

static void send_fragment (GTask *task);

static void
put_job_free (PutJob *job)
{
  pak_session_release_number (job->target.session, job->number);
  g_object_unref (job->target.session);
  g_free (job->name);
  g_bytes_unref (job->content);
  g_byte_array_unref (job->read_back);
  g_clear_error (&job->refusal);
  g_free (job);
}

static gboolean
is_last (const PutJob *job)
{
  return job->offset + job->length == g_bytes_get_size (job->content);
}

/* Sent, and then read back: each is half of it. */
static void
report (const PutJob *job, gsize n_done)
{
  if (job->progress != NULL)
    job->progress (n_done, 2 * (guint64) g_bytes_get_size (job->content), job->func_data);
}

/* Reading back */

static void
on_reading_progress_cb (guint64 done, guint64 expected, gpointer data)
{
  PutJob *job = data;
  gsize size = g_bytes_get_size (job->content);

  report (job, size + MIN (done, size));
}

static gboolean
is_unreadable (const GError *error)
{
  return error->domain == PAK_ERROR
         && (error->code == PAK_ERROR_PERMISSION || error->code == PAK_ERROR_FILE_NAME
             || error->code == PAK_ERROR_FILE_ACCESS || error->code == PAK_ERROR_UNIMPLEMENTED);
}

static gboolean
is_as_sent (const PutJob *job)
{
  return job->read_back->len == g_bytes_get_size (job->content)
         && (job->read_back->len == 0
             || memcmp (job->read_back->data, g_bytes_get_data (job->content, NULL), job->read_back->len) == 0);
}

static void
on_read_back_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PutJob *job = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gboolean is_read = pak_get_file_finish (PAK_SESSION (source), result, &error);

  if (is_read && is_as_sent (job))
    g_task_return_int (task, TRUE);
  else if (job->refusal != NULL)
    g_task_return_error (task, g_steal_pointer (&job->refusal));
  else if (is_read)
    g_task_return_new_error (task, PAK_ERROR, PAK_ERROR_VERIFY,
                             "Writing file %s: %u bytes read back, which are not the %" G_GSIZE_FORMAT " that were sent",
                             job->name, job->read_back->len, g_bytes_get_size (job->content));
  else if (is_unreadable (error))
    g_task_return_int (task, FALSE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Takes @task. */
static void
read_back (GTask *task)
{
  PutJob *job = g_task_get_task_data (task);

  pak_get_file_async (&job->target, job->name, job->read_back, g_bytes_get_size (job->content),
                      on_reading_progress_cb, job, g_task_get_cancellable (task), on_read_back_cb, task);
}

/* Sending */

/* A late answer to the fragment before has the same number and type: only its offset tells. */
static gboolean
is_of_this_fragment (const guint8 *answer, gsize length, gpointer data)
{
  PutJob *job = data;
  g_autoptr (PakMessage) response = pak_message_decode (PAK_PROTOCOL_BMP5, answer, length, NULL);

  return response == NULL || pak_message_get_uint (response, "RespCode") != 0
         || pak_message_get_uint (response, "FileOffset") == job->offset;
}

static void
on_fragment_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PutJob *job = g_task_get_task_data (task);
  g_autofree char *what = g_strdup_printf ("Writing file %s", job->name);
  GError *error = NULL;
  gint64 round_trip;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, &round_trip, &error);
  g_autoptr (PakMessage) response = answer != NULL ? pak_answer_accept (answer, what, &error) : NULL;
  gboolean may_have_come_twice = answer != NULL && round_trip == 0;

  /* A last fragment that comes twice finds the file closed: whether it is there shows by reading it. */
  if (response == NULL && !(is_last (job) && (may_have_come_twice || pak_answer_is_lost (error))))
    {
      g_task_return_error (task, error);
      return;
    }
  job->refusal = error;
  job->offset += job->length;
  report (job, job->offset);
  if (job->offset == g_bytes_get_size (job->content))
    read_back (g_steal_pointer (&task));
  else
    send_fragment (g_steal_pointer (&task));
}

/* Takes @task. The name goes with the first fragment only. */
static void
send_fragment (GTask *task)
{
  PutJob *job = g_task_get_task_data (task);
  PakMessage *command = pak_message_new (PAK_PROTOCOL_BMP5, MSG_FILE_DOWNLOAD, job->number);
  const char *name = job->offset == 0 ? job->name : "";
  gsize room = pak_target_get_max_message (&job->target) - HEAD_SIZE - strlen (name);
  const guint8 *bytes = g_bytes_get_data (job->content, NULL);

  job->length = MIN (room, g_bytes_get_size (job->content) - job->offset);
  pak_message_set_uint (command, "SecurityCode", job->target.security);
  pak_message_set_text (command, "FileName", name);
  pak_message_set_uint (command, "Attribute", 0);
  pak_message_set_uint (command, "CloseFlag", is_last (job));
  pak_message_set_uint (command, "FileOffset", (guint32) job->offset);
  if (job->length > 0)
    pak_message_set_bytes (command, "FileData", bytes + job->offset, job->length);
  pak_session_transact_matching_async (job->target.session, job->target.node, command, PAK_REPEAT_SAME_NUMBER,
                                       is_of_this_fragment, job, g_task_get_cancellable (task), on_fragment_cb, task);
}

void
pak_put_file_async (const PakTarget *target, const char *name, GBytes *content, OpProgressFunc progress,
                    gpointer func_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  PutJob *job = g_new0 (PutJob, 1);

  job->target = *target;
  g_object_ref (job->target.session);
  job->name = g_strdup (name);
  job->content = g_bytes_ref (content);
  job->number = pak_session_reserve_number (target->session);
  job->progress = progress;
  job->func_data = func_data;
  job->read_back = g_byte_array_new ();
  g_task_set_task_data (task, job, (GDestroyNotify) put_job_free);
  if (g_bytes_get_size (content) > G_MAXUINT32)
    {
      g_task_return_new_error (task, PAK_ERROR, PAK_ERROR_RESOURCES, "Writing file %s: it is too large", name);
      g_object_unref (task);
    }
  else
    send_fragment (task);
}

gboolean
pak_put_file_finish (PakSession *session, GAsyncResult *result, gboolean *verified, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), FALSE);

  gssize value = g_task_propagate_int (G_TASK (result), error);

  *verified = value > 0;
  return value >= 0;
}
