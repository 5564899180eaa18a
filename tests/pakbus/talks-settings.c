/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/pakbus/talks.h"

#include "tests/pakbus/calls.h"

#define STATION_NAME 2
#define ADDRESS      3
#define CERTIFICATE  200 /* the emulator's setting that no packet can hold */
#define N_SETTINGS   74

/* Sets @setting and thinks better of it. */
static void
set_and_cancel (OpLogger *logger, const PakSetting *setting)
{
  g_autoptr (PakSettingsSession) session = calls_set_setting (logger, setting);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pak_settings_session_cancel_async (session, NULL, calls_result_cb, &result);
  pak_settings_session_cancel_finish (session, calls_await (&result), &error);
  g_assert_no_error (error);
}

void
talk_devconfig_get (OpLogger *logger)
{
  g_autoptr (PakDeviceSettings) settings = calls_read_settings (logger, 0, G_MAXUINT16);

  g_assert_cmpuint (settings->device_type, ==, 12);
  g_assert_cmpuint (settings->settings->len, ==, N_SETTINGS);
  calls_assert_setting (settings, STATION_NAME, "Weather");
  calls_assert_setting (settings, ADDRESS, "1");
}

void
talk_devconfig_set (OpLogger *logger)
{
  g_autoptr (PakSetting) setting = pak_setting_from_text (STATION_NAME, "Mast 7", NULL);
  g_autoptr (PakDeviceSettings) settings = NULL;

  set_and_cancel (logger, setting);
  settings = calls_read_settings (logger, STATION_NAME, STATION_NAME);
  g_assert_cmpuint (settings->settings->len, ==, 1);
  calls_assert_setting (settings, STATION_NAME, "Weather");
}

void
talk_devconfig_fragments (OpLogger *logger)
{
  g_autofree char *text = g_strnfill (2000, 'x');
  g_autoptr (PakSetting) setting = pak_setting_new (CERTIFICATE, FALSE, (const guint8 *) text, 2001);
  g_autoptr (PakDeviceSettings) settings = calls_read_settings (logger, CERTIFICATE, CERTIFICATE);
  const PakSetting *held = pak_device_settings_find (settings, CERTIFICATE);
  const char *value;
  gsize length;

  g_assert_nonnull (held);
  value = g_bytes_get_data (held->value, &length);
  /* Twenty lines of 64 letters, a line before and one behind, and a NUL. */
  g_assert_cmpuint (length, ==, 20 * 65 + 28 + 26 + 1);
  g_assert_true (g_str_has_prefix (value, "-----BEGIN CERTIFICATE-----\nMIIBszCC"));
  g_assert_true (g_str_has_suffix (value, "\n-----END CERTIFICATE-----\n"));
  set_and_cancel (logger, setting);
}

/* Committed, it stays; the answer is all that is known of the restart. */
void
talk_devconfig_commit (OpLogger *logger)
{
  g_autoptr (PakSetting) setting = pak_setting_from_text (STATION_NAME, "Mast 7", NULL);
  g_autoptr (PakSettingsSession) session = calls_set_setting (logger, setting);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pak_settings_session_commit_async (session, NULL, calls_result_cb, &result);
  g_assert_true (pak_settings_session_commit_finish (session, calls_await (&result), &error));
  g_assert_no_error (error);
}
