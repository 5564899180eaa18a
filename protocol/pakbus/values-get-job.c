/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/values-job-private.h"

#include "protocol/pakbus/answer-private.h"

#include <string.h>

#define MSG_GET_VALUES 0x1A

/* What an answer has before the values: type, number and response code. */
#define RESPONSE_HEAD_SIZE 3

typedef struct
{
  PakTarget    target;
  OpValueSpan *span;
  OpValueSpan *slice; /* that is asked for now */
  guint        n_done;
  GByteArray  *values;
} GetJob;

static void ask_next_slice (GTask *task);

static void
get_job_free (GetJob *job)
{
  op_value_span_free (job->span);
  g_clear_pointer (&job->slice, op_value_span_free);
  g_byte_array_unref (job->values);
  g_free (job);
}

OpValueSpan *
pak_values_slice (const OpValueSpan *span, guint first, gsize room, GError **error)
{
  gsize size = op_value_span_element_size (span);
  /* How many texts without a length of their own fit cannot be told. */
  gsize n_fit = size > 0 ? room / size : span->count;

  if (n_fit == 0)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_BOUNDS, "%s.%s: a value of %" G_GSIZE_FORMAT " bytes fits in no message",
                   span->table, span->field, size);
      return NULL;
    }
  return op_value_span_slice (span, first, (guint) MIN (n_fit, span->count - first), error);
}

/* A swath of text counts characters. */
static guint
get_swath (const OpValueSpan *span)
{
  return span->type == OP_TYPE_ASCII ? span->count * span->text_size : span->count;
}

void
pak_values_name (const PakTarget *target, const OpValueSpan *span, PakMessage *command)
{
  pak_message_set_uint (command, "SecurityCode", target->security);
  pak_message_set_text (command, "TableName", span->table);
  pak_message_set_uint (command, "TypeCode", span->type);
  pak_message_set_text (command, "FieldName", span->field);
  pak_message_set_uint (command, "Swath", get_swath (span));
}

/* A logger may leave out what follows the end of a text. */
static GBytes *
pad_text (const OpValueSpan *slice, const guint8 *bytes, gsize length)
{
  gsize whole = op_value_span_element_size (slice) * slice->count;
  g_autofree guint8 *padded = NULL;

  if (slice->type != OP_TYPE_ASCII || length == 0 || length >= whole)
    return g_bytes_new (bytes, length);
  padded = g_malloc0 (whole);
  memcpy (padded, bytes, length);
  return g_bytes_new_take (g_steal_pointer (&padded), whole);
}

static gboolean
take_values (GetJob *job, GBytes *answer, GError **error)
{
  g_autofree char *what = g_strdup_printf ("Reading %s.%s", job->slice->table, job->slice->field);
  g_autoptr (PakMessage) response = pak_answer_accept (answer, what, error);
  g_autoptr (GBytes) values = NULL;
  g_autoptr (GError) cause = NULL;
  const guint8 *bytes;
  gsize length;

  if (response == NULL)
    return FALSE;
  bytes = pak_message_get_bytes (response, "Values", &length);
  values = pad_text (job->slice, bytes, length);
  if (!op_value_span_check (job->slice, values, &cause))
    {
      g_set_error_literal (error, PAK_ERROR, PAK_ERROR_MESSAGE, cause->message);
      return FALSE;
    }
  g_byte_array_append (job->values, g_bytes_get_data (values, NULL), (guint) g_bytes_get_size (values));
  job->n_done += job->slice->count;
  return TRUE;
}

static void
on_values_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GetJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);

  if (answer == NULL || !take_values (job, answer, &error))
    g_task_return_error (task, error);
  else if (job->n_done < job->span->count)
    ask_next_slice (g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_bytes_new (job->values->data, job->values->len), (GDestroyNotify) g_bytes_unref);
}

/* Takes @task. */
static void
ask_next_slice (GTask *task)
{
  GetJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  PakMessage *command;

  g_clear_pointer (&job->slice, op_value_span_free);
  job->slice = pak_values_slice (job->span, job->n_done, PAK_MESSAGE_MAX - RESPONSE_HEAD_SIZE, &error);
  if (job->slice == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  command = pak_message_new (PAK_PROTOCOL_BMP5, MSG_GET_VALUES, 0);
  pak_values_name (&job->target, job->slice, command);
  pak_session_transact_async (job->target.session, job->target.node, command, PAK_REPEAT_NEW_NUMBER,
                              g_task_get_cancellable (task), on_values_cb, task);
}

void
pak_get_values_async (const PakTarget *target, const OpValueSpan *span, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  GetJob *job = g_new0 (GetJob, 1);

  job->target = *target;
  job->span = op_value_span_copy (span);
  job->values = g_byte_array_new ();
  g_task_set_task_data (task, job, (GDestroyNotify) get_job_free);
  ask_next_slice (task);
}

GBytes *
pak_get_values_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
