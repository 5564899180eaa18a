/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/values-job-private.h"

#include "protocol/pakbus/answer-private.h"

#include <string.h>

#define MSG_SET_VALUES 0x1B

/* Done, but the logger restarts (pakbus-facts H2). */
#define CODE_REBOOT 21
/* Message type, number, security code, type code, swath, and the names' NULs. */
#define COMMAND_HEAD_SIZE (1 + 1 + 2 + 1 + 2 + 2)
/* Digits and brackets that the index of a later part may add to the name. */
#define INDEX_SIZE 12

typedef struct
{
  PakTarget    target;
  OpValueSpan *span;
  GBytes      *values;
  OpValueSpan *slice; /* that is being set, and its values */
  GBytes      *slice_values;
  guint        n_done;
  gsize        offset; /* of what comes next in @values */
  OpSetOutcome outcome;
  GError      *lost;
} SetJob;

static void send_next_slice (GTask *task);

static void
set_job_free (SetJob *job)
{
  op_value_span_free (job->span);
  g_bytes_unref (job->values);
  g_clear_pointer (&job->slice, op_value_span_free);
  g_clear_pointer (&job->slice_values, g_bytes_unref);
  g_clear_error (&job->lost);
  g_free (job);
}

/* Takes @task. */
static void
go_on (GTask *task)
{
  SetJob *job = g_task_get_task_data (task);

  job->n_done += job->slice->count;
  job->offset += g_bytes_get_size (job->slice_values);
  g_clear_error (&job->lost);
  if (job->n_done < job->span->count)
    {
      send_next_slice (task);
      return;
    }
  g_task_return_pointer (task, g_memdup2 (&job->outcome, sizeof job->outcome), g_free);
  g_object_unref (task);
}

static void
on_read_back_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  SetJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) held = pak_get_values_finish (PAK_SESSION (source), result, &error);

  if (held == NULL)
    g_task_return_error (task, pak_answer_unseen (error, g_steal_pointer (&job->lost)));
  else if (op_value_span_is_equal (job->slice, held, job->slice_values))
    go_on (g_steal_pointer (&task));
  else
    g_task_return_error (task, pak_answer_not_done (g_steal_pointer (&job->lost)));
}

static gboolean
take_answer (SetJob *job, GBytes *answer, GError **error)
{
  g_autofree char *what = g_strdup_printf ("Setting %s.%s", job->slice->table, job->slice->field);
  g_autoptr (PakMessage) response = pak_answer_decode (answer, error);
  guint code;

  if (response == NULL)
    return FALSE;
  code = pak_message_get_uint (response, "RespCode");
  if (code == CODE_REBOOT)
    {
      job->outcome.reboots = TRUE;
      job->outcome.hold_off_s = pak_message_get_uint (response, "HoldOff");
      pak_session_hold_off (job->target.session, job->target.node, job->outcome.hold_off_s);
    }
  else if (code != 0)
    {
      pak_set_response_error (error, code, what);
      return FALSE;
    }
  return TRUE;
}

static void
on_answer_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  SetJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);

  if (answer != NULL && take_answer (job, answer, &error))
    go_on (g_steal_pointer (&task));
  else if (pak_answer_is_lost (error))
    {
      job->lost = error;
      pak_get_values_async (&job->target, job->slice, g_task_get_cancellable (task), on_read_back_cb,
                            g_object_ref (task));
    }
  else
    g_task_return_error (task, error);
}

/* The part that the next message can take, and its values. */
static gboolean
choose_slice (SetJob *job, GError **error)
{
  gsize head = COMMAND_HEAD_SIZE + strlen (job->span->table) + strlen (job->span->field) + INDEX_SIZE;
  gsize room = pak_target_get_max_message (&job->target);
  gsize size;

  g_clear_pointer (&job->slice, op_value_span_free);
  g_clear_pointer (&job->slice_values, g_bytes_unref);
  job->slice = pak_values_slice (job->span, job->n_done, room > head ? room - head : 0, error);
  if (job->slice == NULL)
    return FALSE;
  size = job->slice->count * op_value_span_element_size (job->slice);
  if (job->slice->type == OP_TYPE_ASCIIZ)
    size = g_bytes_get_size (job->values);
  if (head + size > room)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_BOUNDS, "%s.%s: texts of %" G_GSIZE_FORMAT " bytes fit in no message",
                   job->span->table, job->span->field, size);
      return FALSE;
    }
  job->slice_values = g_bytes_new_from_bytes (job->values, job->offset, size);
  return TRUE;
}

/* Takes @task. */
static void
send_next_slice (GTask *task)
{
  SetJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  PakMessage *command;

  if (!choose_slice (job, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  command = pak_message_new (PAK_PROTOCOL_BMP5, MSG_SET_VALUES, 0);
  pak_values_name (&job->target, job->slice, command);
  pak_message_set_bytes (command, "Values", g_bytes_get_data (job->slice_values, NULL),
                         g_bytes_get_size (job->slice_values));
  pak_session_transact_async (job->target.session, job->target.node, command, PAK_REPEAT_NEVER,
                              g_task_get_cancellable (task), on_answer_cb, task);
}

void
pak_set_values_async (const PakTarget *target, const OpValueSpan *span, GBytes *values, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  SetJob *job = g_new0 (SetJob, 1);

  job->target = *target;
  job->span = op_value_span_copy (span);
  job->values = g_bytes_ref (values);
  g_task_set_task_data (task, job, (GDestroyNotify) set_job_free);
  send_next_slice (task);
}

OpSetOutcome *
pak_set_values_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
