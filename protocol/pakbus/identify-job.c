/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/identify-job-private.h"

#include "protocol/pakbus/answer-private.h"
#include "protocol/pakbus/program-job-private.h"
#include "protocol/pakbus/settings-private.h"
#include "protocol/pakbus/small-logger-private.h"
#include "protocol/value.h"

#include <string.h>

#define MSG_GET_VALUES 0x1A
#define NAME_LENGTH    64

typedef struct
{
  PakTarget   target;
  OpIdentity *identity;
  guint16     max_packet;
} IdentifyJob;

static void
identify_job_free (IdentifyJob *job)
{
  g_clear_pointer (&job->identity, op_identity_free);
  g_free (job);
}

static OpIdentity *
new_identity (OpProgramState *state, guint16 node)
{
  OpIdentity *identity = g_new0 (OpIdentity, 1);

  identity->family = g_strdup ("pakbus");
  identity->os_version = g_steal_pointer (&state->os_version);
  /* "CR1000.Std.24" */
  identity->model = g_strndup (identity->os_version, strcspn (identity->os_version, "."));
  identity->serial_number = g_steal_pointer (&state->serial_number);
  identity->station_name = g_strdup ("");
  identity->pakbus_address = node;
  identity->program = g_steal_pointer (&state->program);
  identity->program_signature = state->program_signature;
  identity->compile_state = state->compile_state;
  identity->compile_result = g_steal_pointer (&state->compile_result);
  return identity;
}

/* The name is nice to have: who may not read it goes without. */
static void
take_station_name (IdentifyJob *job, GBytes *answer)
{
  g_autoptr (PakMessage) message = pak_answer_decode (answer, NULL);
  const guint8 *name;
  gsize length;

  if (message == NULL || pak_message_get_uint (message, "RespCode") != 0)
    return;
  name = pak_message_get_bytes (message, "Values", &length);
  if (length == 0)
    return;
  g_free (job->identity->station_name);
  job->identity->station_name = g_utf8_make_valid ((const char *) name, (gssize) strnlen ((const char *) name, length));
}

static void
on_station_name_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  IdentifyJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);

  if (answer != NULL)
    take_station_name (job, answer);
  if (answer == NULL && !g_error_matches (error, PAK_ERROR, PAK_ERROR_UNIMPLEMENTED))
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_error (&error);
  g_task_return_pointer (task, g_steal_pointer (&job->identity), (GDestroyNotify) op_identity_free);
}

/* Takes @task. */
static void
ask_station_name (GTask *task)
{
  IdentifyJob *job = g_task_get_task_data (task);
  PakMessage *command = pak_message_new (PAK_PROTOCOL_BMP5, MSG_GET_VALUES, 0);

  pak_message_set_uint (command, "SecurityCode", job->target.security);
  pak_message_set_text (command, "TableName", "Status");
  pak_message_set_uint (command, "TypeCode", OP_TYPE_ASCII);
  pak_message_set_text (command, "FieldName", "StationName");
  pak_message_set_uint (command, "Swath", NAME_LENGTH);
  pak_session_transact_async (job->target.session, job->target.node, command, PAK_REPEAT_NEW_NUMBER,
                              g_task_get_cancellable (task), on_station_name_cb, task);
}

static void
take_text (char **text, const char *value)
{
  if (value == NULL)
    return;
  g_free (*text);
  *text = g_strdup (value);
}

/* A CR200's program statistics may name no model. */
static void
take_settings (IdentifyJob *job, GBytes *answer)
{
  g_autoptr (PakMessage) message = pak_settings_decode (answer, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) settings = NULL;
  const char *model;

  if (message == NULL)
    return;
  text = g_utf8_make_valid (pak_message_get_text (message, "Settings"), -1);
  settings = pak_named_settings_parse (text);
  model = pak_named_settings_find (settings, "Model");
  take_text (&job->identity->model, model);
  if (*job->identity->serial_number == '\0')
    take_text (&job->identity->serial_number, pak_named_settings_find (settings, "SerialNbr"));
  take_text (&job->identity->station_name, pak_named_settings_find (settings, "StationName"));
  if (pak_model_is_small (job->identity->model))
    job->max_packet = pak_small_get_max_packet (settings);
}

static void
on_settings_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  IdentifyJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);

  if (answer == NULL && !g_error_matches (error, PAK_ERROR, PAK_ERROR_UNIMPLEMENTED))
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_error (&error);
  if (answer != NULL)
    take_settings (job, answer);
  if (job->max_packet == 0)
    ask_station_name (g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_steal_pointer (&job->identity), (GDestroyNotify) op_identity_free);
}

/* Takes @task. Which names it knows is not known: it gives all when none is named (manual 2.2.5). */
static void
ask_settings (GTask *task)
{
  IdentifyJob *job = g_task_get_task_data (task);
  PakMessage *command = pak_message_new (PAK_PROTOCOL_PAKCTRL, PAK_MSG_GET_NAMED, 0);

  pak_message_set_text (command, "NameList", "");
  pak_session_transact_async (job->target.session, job->target.node, command, PAK_REPEAT_NEW_NUMBER,
                              g_task_get_cancellable (task), on_settings_cb, task);
}

static void
on_program_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  IdentifyJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (OpProgramState) state = pak_read_program_finish (PAK_SESSION (source), result, &error);

  if (state == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  job->identity = new_identity (state, job->target.node);
  if (pak_os_may_be_small (job->identity->os_version))
    ask_settings (g_steal_pointer (&task));
  else
    ask_station_name (g_steal_pointer (&task));
}

void
pak_identify_async (const PakTarget *target, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  IdentifyJob *job = g_new0 (IdentifyJob, 1);

  job->target = *target;
  g_task_set_task_data (task, job, (GDestroyNotify) identify_job_free);
  pak_read_program_async (target, cancellable, on_program_cb, task);
}

OpIdentity *
pak_identify_finish (PakSession *session, GAsyncResult *result, guint16 *max_packet, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  const IdentifyJob *job = g_task_get_task_data (G_TASK (result));

  *max_packet = job->max_packet;

  return g_task_propagate_pointer (G_TASK (result), error);
}
