/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Reading settings by number (manual 2.2.6.1 and 2.2.6.3). A device that has more to tell than fits one answer says
 * so, but neither gives them in the order of their numbers, nor does the manual tell whether "begin" is the number
 * that the rest begin at or the setting to go on from. So it is asked to go on from the last one that it gave; and
 * then for each range of numbers that it did not give, unless it has shown to go on in its own order.
 */

#include "protocol/pakbus/pak-settings.h"

#include "protocol/pakbus/pak-logger-private.h"
#include "protocol/pakbus/settings-private.h"

#include <glib/gi18n-lib.h>

#define MAX_SETTINGS 1024u
#define MAX_VALUE    (64 * 1024)

typedef enum
{
  PHASE_START,
  PHASE_GO_ON, /* from the last setting that was given */
  PHASE_GAPS,
} Phase;

typedef struct
{
  guint              first;
  guint              last;
  PakDeviceSettings *device;
  guint8            *given;         /* a byte a number */
  Phase              phase;
  gboolean           has_own_order; /* seen from what came behind "begin" */
  guint              begin;         /* of the running request */
  guint              end;
  GArray            *large;    /* indices of settings whose values are not complete */
  GByteArray        *value;    /* of the first of them, as far as it came */
} ReadJob;

static void on_page_cb (GObject *source, GAsyncResult *result, gpointer data);
static void ask_next_fragment (GTask *task);

static void
read_job_free (ReadJob *job)
{
  g_clear_pointer (&job->device, pak_device_settings_free);
  g_array_unref (job->large);
  g_clear_pointer (&job->value, g_byte_array_unref);
  g_free (job->given);
  g_free (job);
}

/* Takes @error. */
static void
fail (GTask *task, GError *error)
{
  g_task_return_error (task, pak_logger_explain (g_task_get_source_object (task), error, _ ("Reading settings")));
}

static void
ask_page (GTask *task, guint begin, guint end)
{
  ReadJob *job = g_task_get_task_data (task);
  const PakTarget *target = pak_logger_get_target (g_task_get_source_object (task));
  PakMessage *command = pak_message_new (PAK_PROTOCOL_PAKCTRL, PAK_MSG_DEVCONFIG_GET, 0);

  job->begin = begin;
  job->end = end;
  pak_message_set_uint (command, "SecurityCode", target->security);
  if (begin > 0 || end < G_MAXUINT16)
    {
      pak_message_set_uint (command, "BeginSettingId", begin);
      pak_message_set_uint (command, "EndSettingId", end);
    }
  pak_session_transact_async (target->session, target->node, command, PAK_REPEAT_NEW_NUMBER,
                              g_task_get_cancellable (task), on_page_cb, g_object_ref (task));
}

/* The next range of numbers from @from on that the device did not give. */
static gboolean
find_gap (const ReadJob *job, guint from, guint *begin, guint *end)
{
  for (*begin = from; *begin <= job->last; (*begin)++)
    if (!job->given[*begin])
      {
        for (*end = *begin; *end < job->last && !job->given[*end + 1]; (*end)++)
          ;
        return TRUE;
      }
  return FALSE;
}

/* Long values */

static void
finish_value (ReadJob *job)
{
  PakSetting *setting = g_ptr_array_index (job->device->settings, g_array_index (job->large, guint, 0));

  g_bytes_unref (setting->value);
  setting->value = g_byte_array_free_to_bytes (g_steal_pointer (&job->value));
  g_array_remove_index (job->large, 0);
}

static gboolean
take_fragment (ReadJob *job, GBytes *answer, gboolean *more, GError **error)
{
  g_autoptr (PakMessage) response = pak_settings_decode (answer, error);
  const guint8 *fragment;
  gsize length;

  if (response == NULL)
    return FALSE;
  if (pak_message_get_uint (response, "Outcome") != 1)
    {
      pak_settings_set_outcome_error (error, PAK_MSG_DEVCONFIG_GET_FRAGMENT,
                                      pak_message_get_uint (response, "Outcome"), NULL);
      return FALSE;
    }
  fragment = pak_message_get_bytes (response, "FragmentData", &length);
  *more = pak_message_get_uint (response, "MoreFragments") != 0;
  if (job->value->len + length > MAX_VALUE || (*more && length == 0))
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE,
                   "DevConfig Get Setting Fragment Response: %" G_GSIZE_FORMAT " bytes at %u, and more to come",
                   length, job->value->len);
      return FALSE;
    }
  if (length > 0)
    g_byte_array_append (job->value, fragment, (guint) length);
  return TRUE;
}

static void
on_fragment_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ReadJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);
  gboolean more;

  if (answer == NULL || !take_fragment (job, answer, &more, &error))
    {
      fail (task, error);
      return;
    }
  if (!more)
    finish_value (job);
  ask_next_fragment (task);
}

static void
ask_next_fragment (GTask *task)
{
  ReadJob *job = g_task_get_task_data (task);
  const PakTarget *target = pak_logger_get_target (g_task_get_source_object (task));
  const PakSetting *setting;
  PakMessage *command;

  if (job->large->len == 0)
    {
      g_task_return_pointer (task, g_steal_pointer (&job->device), (GDestroyNotify) pak_device_settings_free);
      return;
    }
  setting = g_ptr_array_index (job->device->settings, g_array_index (job->large, guint, 0));
  if (job->value == NULL)
    {
      job->value = g_byte_array_new ();
      g_byte_array_append (job->value, g_bytes_get_data (setting->value, NULL),
                           (guint) g_bytes_get_size (setting->value));
    }
  command = pak_message_new (PAK_PROTOCOL_PAKCTRL, PAK_MSG_DEVCONFIG_GET_FRAGMENT, 0);
  pak_message_set_uint (command, "SecurityCode", target->security);
  pak_message_set_uint (command, "SettingId", setting->id);
  pak_message_set_uint (command, "Offset", job->value->len);
  pak_session_transact_async (target->session, target->node, command, PAK_REPEAT_NEW_NUMBER,
                              g_task_get_cancellable (task), on_fragment_cb, g_object_ref (task));
}

/* Pages */

static gboolean
is_any_given_above (const ReadJob *job, guint id)
{
  for (guint i = id + 1; i <= job->last; i++)
    if (job->given[i])
      return TRUE;
  return FALSE;
}

/* Adds what is new. Returns how many that are; *last is the last one of all. */
static guint
take_settings (ReadJob *job, const PakMessage *response, guint *last)
{
  GPtrArray *settings = job->device->settings;
  guint n_before = settings->len;
  guint n_repeated = 0;
  gboolean should_repeat = is_any_given_above (job, job->begin);

  for (guint i = 0; i < pak_message_get_n_groups (response, "Settings"); i++)
    {
      const PakMessage *group = pak_message_get_group (response, "Settings", i);
      guint16 id = (guint16) pak_message_get_uint (group, "SettingId");
      gsize length;
      const guint8 *value = pak_message_get_bytes (group, "SettingValue", &length);

      if (job->phase == PHASE_GO_ON && id < job->begin)
        job->has_own_order = TRUE;
      n_repeated += job->given[id] && id != job->begin;
      *last = id;
      if (job->given[id] || id < job->first || id > job->last)
        continue;
      job->given[id] = TRUE;
      if (pak_message_get_uint (group, "LargeValue") != 0)
        g_array_append_val (job->large, settings->len);
      g_ptr_array_add (settings, pak_setting_new (id, pak_message_get_uint (group, "ReadOnly") != 0, value, length));
    }
  /* Who went by numbers would give again what is above "begin". */
  if (job->phase == PHASE_GO_ON && should_repeat && n_repeated == 0)
    job->has_own_order = TRUE;
  return settings->len - n_before;
}

static gboolean
take_page (ReadJob *job, GBytes *answer, guint *n_new, guint *last, gboolean *more, GError **error)
{
  g_autoptr (PakMessage) response = pak_settings_decode (answer, error);

  if (response == NULL)
    return FALSE;
  if (pak_message_get_uint (response, "Outcome") != 1)
    {
      pak_settings_set_outcome_error (error, PAK_MSG_DEVCONFIG_GET, pak_message_get_uint (response, "Outcome"), NULL);
      return FALSE;
    }
  job->device->device_type = pak_message_get_uint (response, "DeviceType");
  job->device->major = pak_message_get_uint (response, "MajorVersion");
  job->device->minor = pak_message_get_uint (response, "MinorVersion");
  *more = pak_message_get_uint (response, "MoreSettings") != 0;
  *n_new = take_settings (job, response, last);
  if (job->device->settings->len <= MAX_SETTINGS)
    return TRUE;
  g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "DevConfig Get Settings Response: over %u settings", MAX_SETTINGS);
  return FALSE;
}

/* Asks for what may still be missing behind an answer, or ends. */
static void
ask_next_page (GTask *task, guint n_new, guint last, gboolean more)
{
  ReadJob *job = g_task_get_task_data (task);
  gboolean is_useful = more && n_new > 0;
  guint from = job->first;
  guint begin, end;

  if (job->phase != PHASE_GAPS && is_useful && find_gap (job, job->first, &begin, &end))
    {
      job->phase = PHASE_GO_ON;
      ask_page (task, last, job->last);
      return;
    }
  if (!more && (job->phase == PHASE_START || job->has_own_order))
    {
      ask_next_fragment (task);
      return;
    }
  /* A range is done with when nothing new is in it, or nothing more. */
  if (job->phase == PHASE_GAPS)
    from = is_useful ? job->begin : job->end + 1;
  job->phase = PHASE_GAPS;
  job->has_own_order = FALSE;
  if (find_gap (job, from, &begin, &end))
    ask_page (task, begin, end);
  else
    ask_next_fragment (task);
}

static void
on_page_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ReadJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);
  guint n_new = 0, last = 0;
  gboolean more = FALSE;

  if (answer == NULL || !take_page (job, answer, &n_new, &last, &more, &error))
    fail (task, error);
  else
    ask_next_page (task, n_new, last, more);
}

void
pak_settings_read_async (PakLogger *logger, guint16 first, guint16 last, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (PAK_IS_LOGGER (logger));
  g_return_if_fail (first <= last);

  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  ReadJob *job = g_new0 (ReadJob, 1);

  job->first = first;
  job->last = last;
  job->device = g_new0 (PakDeviceSettings, 1);
  job->device->settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_setting_free);
  job->given = g_new0 (guint8, G_MAXUINT16 + 1);
  job->large = g_array_new (FALSE, FALSE, sizeof (guint));
  g_task_set_task_data (task, job, (GDestroyNotify) read_job_free);
  ask_page (task, first, last);
}

PakDeviceSettings *
pak_settings_read_finish (PakLogger *logger, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, logger), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pak_device_settings_free (PakDeviceSettings *settings)
{
  g_ptr_array_unref (settings->settings);
  g_free (settings);
}

const PakSetting *
pak_device_settings_find (const PakDeviceSettings *settings, guint16 id)
{
  for (guint i = 0; i < settings->settings->len; i++)
    {
      const PakSetting *setting = g_ptr_array_index (settings->settings, i);

      if (setting->id == id)
        return setting;
    }
  return NULL;
}
