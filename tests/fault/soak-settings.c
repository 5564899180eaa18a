/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fault/soak.h"

#include "protocol/pakbus/settings-session.h"

#define STATION_NAME 2
#define HTTP_PORT    63
#define RESTART_S    5

static gboolean
read_setting (Soak *soak, guint16 id)
{
  const char *expected = g_hash_table_lookup (soak->model.settings, GUINT_TO_POINTER ((guint) id));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PakDeviceSettings) settings = NULL;
  const PakSetting *setting;
  g_autofree char *text = NULL;
  GError *error = NULL;

  pak_settings_read_async (PAK_LOGGER (soak->logger), id, id, NULL, soak_await_cb, &result);
  settings = pak_settings_read_finish (PAK_LOGGER (soak->logger), soak_await (&result), &error);
  if (soak_has_failed (soak, "read setting", error))
    return FALSE;
  setting = pak_device_settings_find (settings, id);
  g_assert_nonnull (setting);
  text = pak_setting_to_text (setting);
  if (expected != NULL)
    g_assert_cmpstr (text, ==, expected);
  return TRUE;
}

void
soak_read_settings (Soak *soak)
{
  read_setting (soak, soak_pick (soak, 2) == 0 ? STATION_NAME : HTTP_PORT);
}

void
soak_check_settings (Soak *soak)
{
  g_assert_true (read_setting (soak, STATION_NAME));
  g_assert_true (read_setting (soak, HTTP_PORT));
}

/* Another client, which this one was before its link was cut, may be in the middle of its changes. */
static PakSettingsSession *
begin (Soak *soak)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  PakSettingsSession *session;

  pak_settings_session_begin_async (PAK_LOGGER (soak->logger), NULL, soak_await_cb, &result);
  session = pak_settings_session_begin_finish (PAK_LOGGER (soak->logger), soak_await (&result), &error);
  if (g_error_matches (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_OTHER_CLIENT))
    g_error_free (error);
  else
    soak_has_failed (soak, "begin session", error);
  return session;
}

static gboolean
set (Soak *soak, PakSettingsSession *session, guint16 id, const char *text)
{
  g_autoptr (GPtrArray) settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_setting_free);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) outcomes = NULL;
  GError *error = NULL;

  g_ptr_array_add (settings, pak_setting_from_text (id, text, &error));
  g_assert_no_error (error);
  pak_settings_session_set_async (session, settings, NULL, soak_await_cb, &result);
  outcomes = pak_settings_session_set_finish (session, soak_await (&result), &error);
  if (soak_has_failed (soak, "set setting", error))
    return FALSE;
  g_assert_no_error (((PakSettingOutcome *) outcomes->pdata[0])->error);
  return TRUE;
}

void
soak_set_settings (Soak *soak)
{
  guint16 id = soak_pick (soak, 2) == 0 ? STATION_NAME : HTTP_PORT;
  g_autofree char *text = g_strdup_printf (id == STATION_NAME ? "Station %u" : "%u", 1 + soak_pick (soak, 60000));
  g_autoptr (PakSettingsSession) session = begin (soak);
  guint n_before = op_emulator_get_n_applied (soak->emulator, "settings");
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  gboolean done;
  guint n;

  if (session == NULL || !set (soak, session, id, text))
    return;
  pak_settings_session_commit_async (session, NULL, soak_await_cb, &result);
  done = pak_settings_session_commit_finish (session, soak_await (&result), &error);
  n = op_emulator_get_n_applied (soak->emulator, "settings") - n_before;
  soak_has_failed (soak, "commit", error);
  g_assert_cmpuint (n, <=, 1);
  if (done)
    g_assert_cmpuint (n, ==, 1);
  if (n == 1)
    g_hash_table_replace (soak->model.settings, GUINT_TO_POINTER ((guint) id), g_steal_pointer (&text));
  /* The logger restarts. */
  soak_disconnect (soak);
  soak_wait (RESTART_S);
}
