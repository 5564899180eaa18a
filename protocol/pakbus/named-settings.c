/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/pak-settings.h"

#include "protocol/pakbus/answer-private.h"
#include "protocol/pakbus/pak-logger-private.h"
#include "protocol/pakbus/settings-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MESSAGE_OVERHEAD 3 /* type, number and the string's zero */
#define MAX_ROUNDS       3 /* of setting again what was found not set */

PakNamedSetting *
pak_named_setting_new (const char *name, const char *value)
{
  PakNamedSetting *setting = g_new (PakNamedSetting, 1);

  setting->name = g_strdup (name);
  setting->value = g_strdup (value);
  return setting;
}

void
pak_named_setting_free (PakNamedSetting *setting)
{
  g_free (setting->name);
  g_free (setting->value);
  g_free (setting);
}

GPtrArray *
pak_named_settings_parse (const char *text)
{
  g_auto (GStrv) pairs = g_strsplit (text, ";", -1);
  GPtrArray *settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_named_setting_free);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (g_strstrip (pairs[i]), "=", 2);

      if (parts[0] != NULL && *parts[0] != '\0')
        g_ptr_array_add (settings, pak_named_setting_new (parts[0], parts[1] != NULL ? parts[1] : ""));
    }
  return settings;
}

const char *
pak_named_settings_find (GPtrArray *settings, const char *name)
{
  for (guint i = 0; i < settings->len; i++)
    {
      const PakNamedSetting *setting = g_ptr_array_index (settings, i);

      if (g_ascii_strcasecmp (setting->name, name) == 0)
        return setting->value;
    }
  return NULL;
}

static gsize
get_room (PakLogger *logger)
{
  return pak_target_get_max_message (pak_logger_get_target (logger)) - MESSAGE_OVERHEAD;
}

/* Getting */

typedef struct
{
  GPtrArray *lists; /* of names, a request each */
  guint      next;
  GPtrArray *settings;
} GetJob;

static void ask_next_list (GTask *task);

static void
get_job_free (GetJob *job)
{
  g_ptr_array_unref (job->lists);
  g_clear_pointer (&job->settings, g_ptr_array_unref);
  g_free (job);
}

/* Joins @names by ";" into texts of at most @room bytes. NULL: one of them is too long by itself. */
static GPtrArray *
join_names (const char *const *names, gsize room)
{
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) list = g_string_new (NULL);

  for (; names != NULL && *names != NULL; names++)
    {
      gsize length = strlen (*names);

      if (length > room)
        return NULL;
      if (list->len > 0 && list->len + 1 + length > room)
        {
          g_ptr_array_add (lists, g_strdup (list->str));
          g_string_truncate (list, 0);
        }
      g_string_append_printf (list, "%s%s", list->len > 0 ? ";" : "", *names);
    }
  g_ptr_array_add (lists, g_strdup (list->str));
  return g_steal_pointer (&lists);
}

static gboolean
take_named (GetJob *job, GBytes *answer, GError **error)
{
  g_autoptr (PakMessage) response = pak_settings_decode (answer, error);
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) settings = NULL;

  if (response == NULL)
    return FALSE;
  text = g_utf8_make_valid (pak_message_get_text (response, "Settings"), -1);
  settings = pak_named_settings_parse (text);
  g_ptr_array_extend_and_steal (job->settings, g_steal_pointer (&settings));
  return TRUE;
}

static void
on_named_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GetJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);

  if (answer != NULL && take_named (job, answer, &error))
    ask_next_list (task);
  else
    g_task_return_error (task, pak_logger_explain (g_task_get_source_object (task), error, _ ("Reading settings")));
}

static void
ask_next_list (GTask *task)
{
  GetJob *job = g_task_get_task_data (task);
  const PakTarget *target = pak_logger_get_target (g_task_get_source_object (task));
  PakMessage *command;

  if (job->next == job->lists->len)
    {
      g_task_return_pointer (task, g_steal_pointer (&job->settings), (GDestroyNotify) g_ptr_array_unref);
      return;
    }
  command = pak_message_new (PAK_PROTOCOL_PAKCTRL, PAK_MSG_GET_NAMED, 0);
  pak_message_set_text (command, "NameList", g_ptr_array_index (job->lists, job->next++));
  pak_session_transact_async (target->session, target->node, command, PAK_REPEAT_NEW_NUMBER,
                              g_task_get_cancellable (task), on_named_cb, g_object_ref (task));
}

void
pak_settings_get_named_async (PakLogger *logger, const char *const *names, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (PAK_IS_LOGGER (logger));

  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  g_autoptr (GPtrArray) lists = join_names (names, get_room (logger));
  GetJob *job;

  if (lists == NULL)
    {
      g_task_return_new_error (task, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_UNKNOWN,
                               _ ("The name of a setting is longer than the device can take"));
      return;
    }
  job = g_new0 (GetJob, 1);
  job->lists = g_steal_pointer (&lists);
  job->settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_named_setting_free);
  g_task_set_task_data (task, job, (GDestroyNotify) get_job_free);
  ask_next_list (task);
}

GPtrArray *
pak_settings_get_named_finish (PakLogger *logger, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, logger), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Setting */

typedef struct
{
  GPtrArray *settings;
  guint      first; /* of the running command */
  guint      n;     /* in it */
  guint      n_rounds;
  GError    *lost;  /* why the last answer did not come */
} SetJob;

static void set_next (GTask *task);

static void
set_job_free (SetJob *job)
{
  g_ptr_array_unref (job->settings);
  g_clear_error (&job->lost);
  g_free (job);
}

static gsize
get_pair_length (const PakNamedSetting *setting)
{
  return strlen (setting->name) + 1 + strlen (setting->value) + 1;
}

static gboolean
check_pair (const PakNamedSetting *setting, gsize room, GError **error)
{
  if (*setting->name == '\0' || strpbrk (setting->name, "=;") != NULL || strchr (setting->value, ';') != NULL)
    g_set_error (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_VALUE,
                 _ ("%s cannot be “%s”: settings of this device can hold no semicolon"), setting->name,
                 setting->value);
  else if (get_pair_length (setting) > room)
    g_set_error (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_VALUE,
                 _ ("%s cannot be “%s”: that is longer than the device can take"), setting->name, setting->value);
  else
    return TRUE;
  return FALSE;
}

/* The setting that the offset into the running command points to. */
static const char *
find_offender (const SetJob *job, guint offset)
{
  gsize end = 0;

  for (guint i = job->first; i < job->first + job->n; i++)
    {
      const PakNamedSetting *setting = g_ptr_array_index (job->settings, i);

      end += get_pair_length (setting);
      if (offset < end)
        return setting->name;
    }
  return NULL;
}

static gboolean
take_set_answer (const SetJob *job, GBytes *answer, GError **error)
{
  g_autoptr (PakMessage) response = pak_settings_decode (answer, error);

  if (response == NULL)
    return FALSE;
  if (pak_message_get_uint (response, "RespCode") == 0)
    return TRUE;
  pak_settings_set_outcome_error (error, PAK_MSG_SET_NAMED, pak_message_get_uint (response, "RespCode"),
                                  pak_message_has (response, "FailOffset")
                                      ? find_offender (job, pak_message_get_uint (response, "FailOffset"))
                                      : NULL);
  return FALSE;
}

static void
fail_set (GTask *task, GError *error)
{
  g_task_return_error (task, pak_logger_explain (g_task_get_source_object (task), error, _ ("Changing settings")));
}

/* Whether all of the running command are in the device as they should be. */
static gboolean
are_set (const SetJob *job, GPtrArray *read_back)
{
  for (guint i = job->first; i < job->first + job->n; i++)
    {
      const PakNamedSetting *setting = g_ptr_array_index (job->settings, i);

      if (g_strcmp0 (pak_named_settings_find (read_back, setting->name), setting->value) != 0)
        return FALSE;
    }
  return TRUE;
}

static void
on_read_back_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  SetJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) settings = pak_settings_get_named_finish (PAK_LOGGER (source), result, &error);

  if (settings == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (are_set (job, settings))
    job->first += job->n;
  else if (++job->n_rounds == MAX_ROUNDS)
    {
      fail_set (task, pak_answer_not_done (g_steal_pointer (&job->lost)));
      return;
    }
  set_next (task);
}

static void
read_back (GTask *task)
{
  SetJob *job = g_task_get_task_data (task);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = job->first; i < job->first + job->n; i++)
    g_ptr_array_add (names, ((const PakNamedSetting *) g_ptr_array_index (job->settings, i))->name);
  g_ptr_array_add (names, NULL);
  pak_settings_get_named_async (g_task_get_source_object (task), (const char *const *) names->pdata,
                                g_task_get_cancellable (task), on_read_back_cb, g_object_ref (task));
}

static void
on_set_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  SetJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);

  if (answer == NULL && pak_answer_is_lost (error))
    {
      g_clear_error (&job->lost);
      job->lost = error;
      read_back (task);
    }
  else if (answer == NULL || !take_set_answer (job, answer, &error))
    fail_set (task, error);
  else
    {
      job->first += job->n;
      set_next (task);
    }
}

static void
set_next (GTask *task)
{
  SetJob *job = g_task_get_task_data (task);
  PakLogger *logger = g_task_get_source_object (task);
  const PakTarget *target = pak_logger_get_target (logger);
  g_autoptr (GString) text = g_string_new (NULL);
  PakMessage *command;

  if (job->first == job->settings->len)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  for (job->n = 0; job->first + job->n < job->settings->len; job->n++)
    {
      const PakNamedSetting *setting = g_ptr_array_index (job->settings, job->first + job->n);

      if (text->len + get_pair_length (setting) > get_room (logger))
        break;
      g_string_append_printf (text, "%s=%s;", setting->name, setting->value);
    }
  command = pak_message_new (PAK_PROTOCOL_PAKCTRL, PAK_MSG_SET_NAMED, 0);
  pak_message_set_text (command, "Settings", text->str);
  pak_session_transact_async (target->session, target->node, command, PAK_REPEAT_NEVER,
                              g_task_get_cancellable (task), on_set_cb, g_object_ref (task));
}

void
pak_settings_set_named_async (PakLogger *logger, GPtrArray *settings, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (PAK_IS_LOGGER (logger));

  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  SetJob *job = g_new0 (SetJob, 1);
  GError *error = NULL;

  job->settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_named_setting_free);
  g_task_set_task_data (task, job, (GDestroyNotify) set_job_free);
  for (guint i = 0; i < settings->len; i++)
    {
      const PakNamedSetting *setting = g_ptr_array_index (settings, i);

      if (!check_pair (setting, get_room (logger), &error))
        {
          g_task_return_error (task, error);
          return;
        }
      g_ptr_array_add (job->settings, pak_named_setting_new (setting->name, setting->value));
    }
  set_next (task);
}

gboolean
pak_settings_set_named_finish (PakLogger *logger, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, logger), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
