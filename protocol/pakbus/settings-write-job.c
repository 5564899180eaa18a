/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/settings-private.h"

#include "protocol/pakbus/answer-private.h"
#include "protocol/pakbus/pak-logger-private.h"

#include <glib/gi18n-lib.h>

#define COMMAND_HEAD  4  /* type, number and security code */
#define SETTING_HEAD  4  /* number and length of one setting in it */
#define FRAGMENT_HEAD 12 /* of a command with a fragment */
#define MAX_ROUNDS    3  /* of setting again what was found not set */

typedef struct
{
  GPtrArray *settings;
  GPtrArray *outcomes; /* of those before next */
  guint      next;
  guint      n_sent;   /* of the running command */
  guint      offset;   /* of the running fragment */
  guint      n_rounds;
  GError    *lost;     /* why the last answer did not come */
} WriteJob;

static void write_next (GTask *task);
static void write_fragment (GTask *task);

static void
write_job_free (WriteJob *job)
{
  g_ptr_array_unref (job->settings);
  g_clear_pointer (&job->outcomes, g_ptr_array_unref);
  g_clear_error (&job->lost);
  g_free (job);
}

void
pak_setting_outcome_free (PakSettingOutcome *outcome)
{
  g_clear_error (&outcome->error);
  g_free (outcome);
}

/* Takes @error. */
static void
fail (GTask *task, GError *error)
{
  g_task_return_error (task, pak_logger_explain (g_task_get_source_object (task), error, _ ("Changing settings")));
}

/* What became of the next setting. Takes @error. */
static void
note_outcome (WriteJob *job, GError *error)
{
  const PakSetting *setting = g_ptr_array_index (job->settings, job->next++);
  PakSettingOutcome *outcome = g_new (PakSettingOutcome, 1);

  outcome->id = setting->id;
  outcome->error = error;
  g_ptr_array_add (job->outcomes, outcome);
}

static gboolean
is_held (const PakSetting *setting, const PakDeviceSettings *device)
{
  const PakSetting *held = pak_device_settings_find (device, setting->id);

  return held != NULL && g_bytes_equal (held->value, setting->value);
}

gboolean
pak_settings_are_held (GPtrArray *settings, const PakDeviceSettings *device)
{
  for (guint i = 0; i < settings->len; i++)
    if (!is_held (g_ptr_array_index (settings, i), device))
      return FALSE;
  return TRUE;
}

/* After a lost answer */

static void
on_read_back_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WriteJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (PakDeviceSettings) device = pak_settings_read_finish (PAK_LOGGER (source), result, &error);
  guint end = job->next + job->n_sent;

  if (device == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  while (job->next < end && is_held (g_ptr_array_index (job->settings, job->next), device))
    note_outcome (job, NULL);
  if (job->next < end && ++job->n_rounds == MAX_ROUNDS)
    fail (task, pak_answer_not_done (g_steal_pointer (&job->lost)));
  else
    write_next (task);
}

static void
read_back (GTask *task, GError *lost)
{
  WriteJob *job = g_task_get_task_data (task);
  guint16 id = ((const PakSetting *) g_ptr_array_index (job->settings, job->next))->id;
  gboolean is_one = job->n_sent == 1;

  g_clear_error (&job->lost);
  job->lost = lost;
  /* Ranges of several may mean places in the device's own order: only one setting or all are the same to all. */
  pak_settings_read_async (g_task_get_source_object (task), is_one ? id : 0, is_one ? id : G_MAXUINT16,
                           g_task_get_cancellable (task), on_read_back_cb, g_object_ref (task));
}

/* Several settings in a packet */

/* The error of one setting, by what the device said of it. */
static GError *
find_setting_error (const PakMessage *response, guint16 id)
{
  g_autofree char *name = pak_setting_dup_name (id);
  GError *error = NULL;

  for (guint i = 0; i < pak_message_get_n_groups (response, "Settings"); i++)
    {
      const PakMessage *group = pak_message_get_group (response, "Settings", i);
      guint outcome = pak_message_get_uint (group, "SettingsOutcome");

      if (pak_message_get_uint (group, "SettingId") != id)
        continue;
      if (outcome != 1)
        pak_settings_set_outcome_error (&error, PAK_MSG_DEVCONFIG_SET_ONE, outcome, name);
      return error;
    }
  return g_error_new (PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_OUTCOME,
                      _ ("%s: the device does not say what became of it"), name);
}

static gboolean
take_outcomes (WriteJob *job, GBytes *answer, GError **error)
{
  g_autoptr (PakMessage) response = pak_settings_decode (answer, error);
  guint end = job->next + job->n_sent;

  if (response == NULL)
    return FALSE;
  if (pak_message_get_uint (response, "Outcome") != 1)
    {
      pak_settings_set_outcome_error (error, PAK_MSG_DEVCONFIG_SET, pak_message_get_uint (response, "Outcome"), NULL);
      return FALSE;
    }
  while (job->next < end)
    note_outcome (job,
                  find_setting_error (response, ((PakSetting *) g_ptr_array_index (job->settings, job->next))->id));
  return TRUE;
}

static void
on_set_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WriteJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);

  if (answer == NULL && pak_answer_is_lost (error))
    read_back (task, error);
  else if (answer == NULL || !take_outcomes (job, answer, &error))
    fail (task, error);
  else
    write_next (task);
}

static void
write_packet (GTask *task, gsize room)
{
  WriteJob *job = g_task_get_task_data (task);
  const PakTarget *target = pak_logger_get_target (g_task_get_source_object (task));
  PakMessage *command = pak_message_new (PAK_PROTOCOL_PAKCTRL, PAK_MSG_DEVCONFIG_SET, 0);

  pak_message_set_uint (command, "SecurityCode", target->security);
  for (job->n_sent = 0; job->next + job->n_sent < job->settings->len; job->n_sent++)
    {
      const PakSetting *setting = g_ptr_array_index (job->settings, job->next + job->n_sent);
      gsize length;
      const guint8 *value = g_bytes_get_data (setting->value, &length);
      PakMessage *group;

      if (SETTING_HEAD + length > room)
        break;
      room -= SETTING_HEAD + length;
      group = pak_message_add_group (command, "Settings");
      pak_message_set_uint (group, "SettingId", setting->id);
      pak_message_set_bytes (group, "SettingValue", value, length);
    }
  pak_session_transact_async (target->session, target->node, command, PAK_REPEAT_NEVER, g_task_get_cancellable (task),
                              on_set_cb, g_object_ref (task));
}

/* A setting in fragments */

/* Whether the device took the fragment. FALSE with @refusal: it refuses this setting; with @error: all of them. */
static gboolean
take_fragment_answer (const PakSetting *setting, GBytes *answer, GError **refusal, GError **error)
{
  g_autoptr (PakMessage) response = pak_settings_decode (answer, error);
  g_autofree char *name = pak_setting_dup_name (setting->id);
  GError *cause = NULL;

  if (response == NULL)
    return FALSE;
  if (pak_message_get_uint (response, "Outcome") == 1)
    return TRUE;
  pak_settings_set_outcome_error (&cause, PAK_MSG_DEVCONFIG_SET_FRAGMENT, pak_message_get_uint (response, "Outcome"),
                                  name);
  g_propagate_error (cause->domain == PAK_ERROR ? error : refusal, cause);
  return FALSE;
}

static void
on_fragment_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WriteJob *job = g_task_get_task_data (task);
  const PakSetting *setting = g_ptr_array_index (job->settings, job->next);
  GError *refusal = NULL;
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);
  gboolean is_taken = answer != NULL && take_fragment_answer (setting, answer, &refusal, &error);

  if (error != NULL)
    {
      fail (task, error);
      return;
    }
  job->offset += job->n_sent;
  if (is_taken && job->offset < g_bytes_get_size (setting->value))
    {
      write_fragment (task);
      return;
    }
  note_outcome (job, refusal);
  write_next (task);
}

static void
write_fragment (GTask *task)
{
  WriteJob *job = g_task_get_task_data (task);
  const PakTarget *target = pak_logger_get_target (g_task_get_source_object (task));
  const PakSetting *setting = g_ptr_array_index (job->settings, job->next);
  PakMessage *command = pak_message_new (PAK_PROTOCOL_PAKCTRL, PAK_MSG_DEVCONFIG_SET_FRAGMENT, 0);
  gsize length;
  const guint8 *value = g_bytes_get_data (setting->value, &length);

  job->n_sent = (guint) MIN (length - job->offset, pak_target_get_max_message (target) - FRAGMENT_HEAD);
  pak_message_set_uint (command, "SecurityCode", target->security);
  pak_message_set_uint (command, "SettingId", setting->id);
  pak_message_set_uint (command, "FragmentOffset", job->offset);
  pak_message_set_uint (command, "MoreFragments", job->offset + job->n_sent < length);
  pak_message_set_bytes (command, "FragmentData", value + job->offset, job->n_sent);
  /* A fragment says where it belongs, so that it can come twice; its answer does not, so each has its number. */
  pak_session_transact_async (target->session, target->node, command, PAK_REPEAT_SAME_NUMBER,
                              g_task_get_cancellable (task), on_fragment_cb, g_object_ref (task));
}

static void
write_next (GTask *task)
{
  WriteJob *job = g_task_get_task_data (task);
  gsize room = pak_target_get_max_message (pak_logger_get_target (g_task_get_source_object (task))) - COMMAND_HEAD;
  const PakSetting *setting;

  if (job->next == job->settings->len)
    {
      g_task_return_pointer (task, g_steal_pointer (&job->outcomes), (GDestroyNotify) g_ptr_array_unref);
      return;
    }
  setting = g_ptr_array_index (job->settings, job->next);
  job->offset = 0;
  if (SETTING_HEAD + g_bytes_get_size (setting->value) > room)
    write_fragment (task);
  else
    write_packet (task, room);
}

void
pak_settings_write_async (PakLogger *logger, GPtrArray *settings, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  WriteJob *job = g_new0 (WriteJob, 1);

  job->settings = g_ptr_array_ref (settings);
  job->outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_setting_outcome_free);
  g_task_set_task_data (task, job, (GDestroyNotify) write_job_free);
  write_next (task);
}

GPtrArray *
pak_settings_write_finish (PakLogger *logger, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, logger), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
