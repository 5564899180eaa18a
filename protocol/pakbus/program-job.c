/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/program-job-private.h"

#include "protocol/pakbus/answer-private.h"

#define MSG_STATISTICS 0x18

static char *
dup_text (const PakMessage *message, const char *field)
{
  const char *text = pak_message_get_text (message, field);

  return text != NULL ? g_utf8_make_valid (text, -1) : g_strdup ("");
}

static OpProgramState *
parse_statistics (GBytes *answer, GError **error)
{
  g_autoptr (PakMessage) message = pak_answer_accept (answer, "Get Programming Statistics Command", error);
  OpProgramState *state;

  if (message == NULL)
    return NULL;
  state = g_new0 (OpProgramState, 1);
  state->os_version = dup_text (message, "OSVer");
  state->os_signature = (guint16) pak_message_get_uint (message, "OSSig");
  state->serial_number = dup_text (message, "SerialNbr");
  state->power_up_program = dup_text (message, "PowUpProg");
  state->compile_state = pak_message_get_uint (message, "CompState");
  state->program = dup_text (message, "ProgName");
  state->program_signature = (guint16) pak_message_get_uint (message, "ProgSig");
  state->compile_time = pak_message_get_time (message, "CompTime");
  state->compile_result = dup_text (message, "CompResult");
  return state;
}

static void
on_statistics_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);
  OpProgramState *state = answer != NULL ? parse_statistics (answer, &error) : NULL;

  if (state != NULL)
    g_task_return_pointer (task, state, (GDestroyNotify) op_program_state_free);
  else
    g_task_return_error (task, error);
}

void
pak_read_program_async (const PakTarget *target, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  PakMessage *command = pak_message_new (PAK_PROTOCOL_BMP5, MSG_STATISTICS, 0);

  pak_message_set_uint (command, "SecurityCode", target->security);
  pak_session_transact_async (target->session, target->node, command, PAK_REPEAT_NEW_NUMBER, cancellable,
                              on_statistics_cb, task);
}

OpProgramState *
pak_read_program_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
