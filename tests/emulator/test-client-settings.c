/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The client's settings, and programs for a CR200, with emulated loggers: on good links and on bad ones. */

#include "protocol/emulator/emulator.h"
#include "protocol/pakbus/program-job-200.h"
#include "protocol/pakbus/settings-session.h"
#include "protocol/transport/memory-transport.h"

#include <string.h>

#define WATCHDOG_S 100
#define MS 1000
#define N_ROUNDS 4 /* on a bad line: each restarts the logger */

#define STATION_NAME 2
#define NODES        6
#define OS_VERSION   0
#define CERTIFICATE  200 /* the emulator's setting that no packet can hold */

/* A logger, and a client of it that connects anew when the logger restarts. */
typedef struct
{
  OpEmulator         *emulator;
  OpLogger           *logger;
  PakSettingsSession *session;
} Fixture;

static gboolean
on_watchdog_cb (gpointer data)
{
  g_error ("Nothing happened for %d s", WATCHDOG_S);
  return G_SOURCE_REMOVE;
}

static GAsyncResult *
await (GAsyncResult **result)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog_cb, NULL);

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
  return *result;
}

static void
on_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
on_time_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, on_time_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Fixture *f, const char *model, const char *faults, gint64 session_us)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new (model);
  g_autoptr (GError) error = NULL;

  options->history = 10;
  options->hold_off = 0;
  options->compile_us = 0;
  options->faults = g_strdup (faults);
  options->settings_session_us = session_us;
  f->emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
}

static gboolean
identify (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (OpIdentity) identity = NULL;

  op_logger_identify_async (logger, NULL, on_result_cb, &result);
  identity = op_logger_identify_finish (logger, await (&result), NULL);
  return identity != NULL;
}

static gboolean
try_to_connect (Fixture *f)
{
  g_autoptr (OpTransport) near_end = NULL;
  g_autoptr (OpTransport) far_end = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  g_clear_object (&f->session);
  g_clear_object (&f->logger);
  op_memory_transport_new_pair (&near_end, &far_end);
  op_emulator_serve (f->emulator, far_end);
  f->logger = pak_logger_new (near_end, 1, 0, 0);
  pak_logger_set_first_timeout (PAK_LOGGER (f->logger), 100 * MS);
  op_logger_open_async (f->logger, NULL, on_result_cb, &result);
  return op_logger_open_finish (f->logger, await (&result), NULL) && identify (f->logger);
}

/* As often as the line needs, and while the logger restarts. */
static void
connect_again (Fixture *f)
{
  for (guint i = 0; !try_to_connect (f); i++)
    g_assert_cmpuint (i, <, 50);
}

static void
tear_down (Fixture *f)
{
  g_clear_object (&f->session);
  if (f->logger != NULL)
    op_logger_close (f->logger);
  g_clear_object (&f->logger);
  g_clear_object (&f->emulator);
}

static void
begin (Fixture *f, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_clear_object (&f->session);
  pak_settings_session_begin_async (PAK_LOGGER (f->logger), NULL, on_result_cb, &result);
  f->session = pak_settings_session_begin_finish (PAK_LOGGER (f->logger), await (&result), error);
}

static GPtrArray *
new_settings (guint16 id, const char *text, guint16 other, const char *other_text)
{
  GPtrArray *settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_setting_free);

  g_ptr_array_add (settings, pak_setting_from_text (id, text, NULL));
  g_ptr_array_add (settings, pak_setting_from_text (other, other_text, NULL));
  return settings;
}

static GPtrArray *
set (Fixture *f, GPtrArray *settings, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pak_settings_session_set_async (f->session, settings, NULL, on_result_cb, &result);
  return pak_settings_session_set_finish (f->session, await (&result), error);
}

static gboolean
commit (Fixture *f, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pak_settings_session_commit_async (f->session, NULL, on_result_cb, &result);
  return pak_settings_session_commit_finish (f->session, await (&result), error);
}

/* The text of a setting; NULL when the line does not let it through. */
static char *
get (Fixture *f, guint16 id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PakDeviceSettings) device = NULL;
  const PakSetting *setting;

  pak_settings_read_async (PAK_LOGGER (f->logger), 0, G_MAXUINT16, NULL, on_result_cb, &result);
  device = pak_settings_read_finish (PAK_LOGGER (f->logger), await (&result), NULL);
  setting = device != NULL ? pak_device_settings_find (device, id) : NULL;
  return setting != NULL ? pak_setting_to_text (setting) : NULL;
}

static void
assert_held (Fixture *f, guint16 id, const char *expected)
{
  g_autofree char *text = get (f, id);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_commit (void)
{
  Fixture f = { 0 };
  g_autoptr (GPtrArray) settings = new_settings (STATION_NAME, "Mast 7", OS_VERSION, "Mine");
  g_autoptr (GPtrArray) outcomes = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&f, "cr1000", NULL, 40 * G_USEC_PER_SEC);
  connect_again (&f);
  begin (&f, &error);
  g_assert_no_error (error);
  outcomes = set (&f, settings, &error);
  g_assert_no_error (error);
  g_assert_no_error (((PakSettingOutcome *) g_ptr_array_index (outcomes, 0))->error);
  g_assert_error (((PakSettingOutcome *) g_ptr_array_index (outcomes, 1))->error, PAK_SETTINGS_ERROR,
                  PAK_SETTINGS_ERROR_READ_ONLY);
  g_assert_cmpuint (op_emulator_get_n_applied (f.emulator, "settings"), ==, 0);
  g_assert_true (commit (&f, &error));
  g_assert_no_error (error);
  connect_again (&f);
  assert_held (&f, STATION_NAME, "Mast 7");
  g_assert_cmpuint (op_emulator_get_n_applied (f.emulator, "settings"), ==, 1);
  tear_down (&f);
}

/* Dropping the session takes its changes back: the next commit has none. */
static void
test_dropped (void)
{
  Fixture f = { 0 };
  g_autoptr (GPtrArray) settings = new_settings (STATION_NAME, "Mast 7", NODES, "77");
  g_autoptr (GPtrArray) outcomes = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&f, "cr1000", NULL, 40 * G_USEC_PER_SEC);
  connect_again (&f);
  begin (&f, &error);
  outcomes = set (&f, settings, &error);
  g_assert_no_error (error);
  begin (&f, &error);
  g_assert_no_error (error);
  g_assert_false (commit (&f, &error));
  g_assert_error (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_NO_CHANGES);
  assert_held (&f, NODES, "50");
  tear_down (&f);
}

/* The device forgets after 300 ms; a person takes longer. */
static void
run_slow_person (guint refresh_ms, GError **error)
{
  Fixture f = { 0 };
  g_autoptr (GPtrArray) settings = new_settings (STATION_NAME, "Mast 7", NODES, "77");
  g_autoptr (GPtrArray) outcomes = NULL;
  gboolean is_kept;

  set_up (&f, "cr1000", NULL, 300 * MS);
  connect_again (&f);
  begin (&f, NULL);
  pak_settings_session_set_refresh_interval (f.session, refresh_ms);
  outcomes = set (&f, settings, NULL);
  g_assert_nonnull (outcomes);
  run_for (900);
  is_kept = commit (&f, error);
  connect_again (&f);
  assert_held (&f, NODES, is_kept ? "77" : "50");
  tear_down (&f);
}

static void
test_kept_alive (void)
{
  g_autoptr (GError) error = NULL;

  run_slow_person (50, &error);
  g_assert_no_error (error);
}

static void
test_forgotten (void)
{
  g_autoptr (GError) error = NULL;

  run_slow_person (60 * 1000, &error);
  g_assert_error (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_ENDED);
}

static void
test_long_value (void)
{
  Fixture f = { 0 };
  g_autofree char *text = g_strnfill (2000, 'x');
  g_autoptr (GPtrArray) settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_setting_free);
  g_autoptr (GPtrArray) outcomes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) hex = g_string_new ("hex:");

  for (guint i = 0; i < 2000; i++)
    g_string_append (hex, "78");
  g_string_append (hex, "00");
  set_up (&f, "cr1000", NULL, 40 * G_USEC_PER_SEC);
  connect_again (&f);
  begin (&f, &error);
  g_ptr_array_add (settings, pak_setting_new (CERTIFICATE, FALSE, (const guint8 *) text, 2001));
  outcomes = set (&f, settings, &error);
  g_assert_no_error (((PakSettingOutcome *) g_ptr_array_index (outcomes, 0))->error);
  g_assert_true (commit (&f, &error));
  connect_again (&f);
  assert_held (&f, CERTIFICATE, hex->str);
  tear_down (&f);
}

/* Sets and commits on a line that loses frames: what is said to be done is done, once; what is not said may be. */
static void
test_bad_line (void)
{
  Fixture f = { 0 };
  guint n_done = 0, n_unknown = 0;

  set_up (&f, "cr1000", "frame-drop:0.1", 40 * G_USEC_PER_SEC);
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autofree char *nodes = g_strdup_printf ("%u", 100 + i);
      g_autoptr (GPtrArray) settings = new_settings (STATION_NAME, nodes, NODES, nodes);
      g_autoptr (GPtrArray) outcomes = NULL;
      g_autofree char *held = NULL;
      g_autofree char *name = NULL;

      connect_again (&f);
      begin (&f, NULL);
      outcomes = f.session != NULL ? set (&f, settings, NULL) : NULL;
      if (outcomes == NULL)
        continue;
      if (!commit (&f, NULL))
        {
          n_unknown++;
          continue;
        }
      n_done++;
      while (held == NULL || name == NULL)
        {
          connect_again (&f);
          g_free (held);
          g_free (name);
          held = get (&f, NODES);
          name = get (&f, STATION_NAME);
        }
      g_assert_cmpstr (held, ==, nodes);
      g_assert_cmpstr (name, ==, nodes);
    }
  g_assert_cmpuint (n_done, >, 0);
  g_assert_cmpuint (op_emulator_get_n_applied (f.emulator, "settings"), >=, n_done);
  g_assert_cmpuint (op_emulator_get_n_applied (f.emulator, "settings"), <=, n_done + n_unknown);
  tear_down (&f);
}

/* CR200 */

/* @version: of the operating system that it is compiled for; the emulator wants it first. */
static OpProgramState *
send_program (Fixture *f, const char *version, GError **error)
{
  g_autofree char *code = g_strnfill (1500, 'p');
  g_autofree char *text = g_strconcat (version, code, NULL);
  g_autoptr (GBytes) program = g_bytes_new (text, strlen (text));
  g_autoptr (PakProgramJob200) job = pak_program_job_200_new (PAK_LOGGER (f->logger), "CPU:new.bin", program);
  g_autoptr (GAsyncResult) result = NULL;

  pak_program_job_200_run_async (job, NULL, on_result_cb, &result);
  return pak_program_job_200_run_finish (job, await (&result), error);
}

static void
test_program (gconstpointer faults)
{
  Fixture f = { 0 };
  g_autoptr (OpProgramState) state = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&f, "cr200", faults, 40 * G_USEC_PER_SEC);
  connect_again (&f);
  g_assert_true (pak_logger_has_named_settings (PAK_LOGGER (f.logger)));
  for (guint i = 0; state == NULL && i < 10; i++)
    {
      g_clear_error (&error);
      state = send_program (&f, "v03A", &error);
      if (state == NULL && faults != NULL)
        connect_again (&f);
    }
  g_assert_no_error (error);
  g_assert_cmpstr (state->program, ==, "CPU:new.bin");
  g_assert_cmpuint (state->compile_state, ==, 1);
  tear_down (&f);
}

static void
test_program_for_another_os (void)
{
  Fixture f = { 0 };
  g_autoptr (OpProgramState) state = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&f, "cr200", NULL, 40 * G_USEC_PER_SEC);
  connect_again (&f);
  state = send_program (&f, "v02B", &error);
  g_assert_null (state);
  g_assert_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "v03A"));
  tear_down (&f);
}

static void
test_named (void)
{
  Fixture f = { 0 };
  g_autoptr (GPtrArray) settings = pak_named_settings_parse ("StationName=Mast 7;Model=CR1000");
  g_autoptr (GPtrArray) held = NULL;
  g_autoptr (GAsyncResult) set_result = NULL;
  g_autoptr (GAsyncResult) get_result = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&f, "cr200", NULL, 40 * G_USEC_PER_SEC);
  connect_again (&f);
  pak_settings_set_named_async (PAK_LOGGER (f.logger), settings, NULL, on_result_cb, &set_result);
  g_assert_false (pak_settings_set_named_finish (PAK_LOGGER (f.logger), await (&set_result), &error));
  g_assert_error (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_READ_ONLY);
  g_assert_true (g_str_has_prefix (error->message, "Model:"));

  /* Those before the one that is refused are set (manual 2.2.5). */
  pak_settings_get_named_async (PAK_LOGGER (f.logger), NULL, NULL, on_result_cb, &get_result);
  held = pak_settings_get_named_finish (PAK_LOGGER (f.logger), await (&get_result), NULL);
  g_assert_cmpstr (pak_named_settings_find (held, "StationName"), ==, "Mast 7");
  g_assert_cmpstr (pak_named_settings_find (held, "Model"), ==, "CR200");
  tear_down (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client-settings/commit", test_commit);
  g_test_add_func ("/client-settings/dropped", test_dropped);
  g_test_add_func ("/client-settings/kept-alive", test_kept_alive);
  g_test_add_func ("/client-settings/forgotten", test_forgotten);
  g_test_add_func ("/client-settings/long-value", test_long_value);
  g_test_add_func ("/client-settings/bad-line", test_bad_line);
  g_test_add_data_func ("/client-settings/program", NULL, test_program);
  g_test_add_data_func ("/client-settings/program-on-a-bad-line", "frame-drop:0.05", test_program);
  g_test_add_func ("/client-settings/program-for-another-os", test_program_for_another_os);
  g_test_add_func ("/client-settings/named", test_named);
  return g_test_run ();
}
