/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/table-control-job-private.h"

#include "protocol/pakbus/answer-private.h"
#include "protocol/pakbus/collect-job-private.h"
#include "protocol/pakbus/reading-private.h"

#define MSG_TABLE_CONTROL 0x19

typedef struct
{
  PakTarget      target;
  OpTable       *table;
  OpTableCommand command;
  OpChunk       *before; /* the newest record; NULL: it was empty */
  GError        *lost;
} ControlJob;

static void
control_job_free (ControlJob *job)
{
  op_table_unref (job->table);
  g_clear_pointer (&job->before, op_chunk_free);
  g_clear_error (&job->lost);
  g_free (job);
}

/* The record that was the newest is still there, with its time: the table was not reset. */
static void
on_record_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ControlJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (OpChunk) record = pak_read_records_finish (PAK_SESSION (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, pak_answer_unseen (error, g_steal_pointer (&job->lost)));
  else if (record == NULL || record->first_time != job->before->first_time)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, pak_answer_not_done (g_steal_pointer (&job->lost)));
}

/* Takes @task. */
static void
look (GTask *task)
{
  ControlJob *job = g_task_get_task_data (task);
  PakCollectRequest request = { .mode = PAK_COLLECT_RECORDS };

  if (job->command != OP_TABLE_COMMAND_RESET || job->before == NULL)
    {
      g_task_return_error (task, pak_answer_uncertain (g_steal_pointer (&job->lost)));
      g_object_unref (task);
      return;
    }
  request.p1 = job->before->first;
  request.p2 = job->before->first + 1;
  pak_read_records_async (&job->target, job->table, &request, g_task_get_cancellable (task), on_record_cb, task);
}

static void
on_answer_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ControlJob *job = g_task_get_task_data (task);
  g_autofree char *what = g_strdup_printf ("Table Control Command %d for %s", (gint) job->command, job->table->name);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);
  g_autoptr (PakMessage) response = answer != NULL ? pak_answer_accept (answer, what, &error) : NULL;

  if (response != NULL)
    g_task_return_boolean (task, TRUE);
  else if (pak_answer_is_lost (error))
    {
      job->lost = error;
      look (g_steal_pointer (&task));
    }
  else
    g_task_return_error (task, error);
}

/* Takes @task. */
static void
send_command (GTask *task)
{
  ControlJob *job = g_task_get_task_data (task);
  PakMessage *command = pak_message_new (PAK_PROTOCOL_BMP5, MSG_TABLE_CONTROL, 0);

  pak_message_set_uint (command, "SecurityCode", job->target.security);
  pak_message_set_uint (command, "CtrlOption", (guint32) job->command);
  pak_message_set_text (command, "TableName", job->table->name);
  pak_session_transact_async (job->target.session, job->target.node, command, PAK_REPEAT_NEVER,
                              g_task_get_cancellable (task), on_answer_cb, task);
}

static void
on_before_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ControlJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->before = pak_read_newest_finish (PAK_SESSION (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    send_command (g_steal_pointer (&task));
}

void
pak_control_table_async (const PakTarget *target, OpTable *table, OpTableCommand command, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  ControlJob *job = g_new0 (ControlJob, 1);

  job->target = *target;
  job->table = op_table_ref (table);
  job->command = command;
  g_task_set_task_data (task, job, (GDestroyNotify) control_job_free);
  if (command == OP_TABLE_COMMAND_RESET)
    pak_read_newest_async (target, table, cancellable, on_before_cb, task);
  else
    send_command (task);
}

gboolean
pak_control_table_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
