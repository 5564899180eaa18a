/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fault/soak.h"

#include "protocol/pakbus/pak-settings.h"
#include "protocol/pakbus/program-job-200.h"

#include <string.h>

/* What only the CR200 series does: settings as strings, compiled programs. */

#define MAX_PROGRAM 600
#define MAX_TRIES   50
/* What the emulator takes for a program of its operating system. */
#define PROGRAM_MAGIC "v03A"

static gboolean
read_name (Soak *soak)
{
  static const char *const names[] = { "StationName", NULL };
  const char *expected = g_hash_table_lookup (soak->model.settings, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) settings = NULL;
  GError *error = NULL;

  pak_settings_get_named_async (PAK_LOGGER (soak->logger), names, NULL, soak_await_cb, &result);
  settings = pak_settings_get_named_finish (PAK_LOGGER (soak->logger), soak_await (&result), &error);
  if (soak_has_failed (soak, "read settings", error))
    return FALSE;
  if (expected != NULL)
    g_assert_cmpstr (pak_named_settings_find (settings, "StationName"), ==, expected);
  return TRUE;
}

void
soak_read_named_settings (Soak *soak)
{
  read_name (soak);
}

void
soak_check_named_settings (Soak *soak)
{
  g_assert_true (read_name (soak));
}

/* The same name set twice is no harm. */
void
soak_set_named_settings (Soak *soak)
{
  g_autofree char *name = g_strdup_printf ("Station %u", soak_pick (soak, 10000));
  g_autofree char *text = g_strdup_printf ("StationName=%s;", name);
  g_autoptr (GPtrArray) settings = pak_named_settings_parse (text);
  guint n_before = op_emulator_get_n_applied (soak->emulator, "settings");
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  gboolean done;
  guint n;

  pak_settings_set_named_async (PAK_LOGGER (soak->logger), settings, NULL, soak_await_cb, &result);
  done = pak_settings_set_named_finish (PAK_LOGGER (soak->logger), soak_await (&result), &error);
  n = op_emulator_get_n_applied (soak->emulator, "settings") - n_before;
  soak_has_failed (soak, "set settings", error);
  if (done)
    g_assert_cmpuint (n, >=, 1);
  if (n > 0)
    g_hash_table_replace (soak->model.settings, NULL, g_steal_pointer (&name));
}

static GBytes *
pick_program (Soak *soak)
{
  GByteArray *program = g_byte_array_new ();

  g_byte_array_append (program, (const guint8 *) PROGRAM_MAGIC, strlen (PROGRAM_MAGIC));
  for (guint size = soak_pick (soak, MAX_PROGRAM); size > 0; size--)
    {
      guint8 byte = soak_pick (soak, 4) == 0 ? 0xBC + soak_pick (soak, 2) : soak_pick (soak, 256);

      g_byte_array_append (program, &byte, 1);
    }
  return g_byte_array_free_to_bytes (program);
}

/* After a failure the logger may be without a program, so that it is sent until it runs; its data are gone then. */
void
soak_send_program (Soak *soak)
{
  g_autoptr (GBytes) program = pick_program (soak);

  for (guint i = 0; i < MAX_TRIES; i++)
    {
      g_autoptr (PakProgramJob200) job = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (OpProgramState) state = NULL;
      GError *error = NULL;

      if (soak->lost)
        soak_disconnect (soak);
      soak_connect (soak);
      job = pak_program_job_200_new (PAK_LOGGER (soak->logger), "CPU:soak.bin", program);
      pak_program_job_200_run_async (job, NULL, soak_await_cb, &result);
      state = pak_program_job_200_run_finish (job, soak_await (&result), &error);
      if (soak_has_failed (soak, "send program", error))
        continue;
      g_assert_cmpstr (state->program, ==, "CPU:soak.bin");
      g_assert_cmpuint (state->compile_state, ==, 1);
      g_hash_table_remove_all (soak->model.records);
      g_hash_table_remove_all (soak->model.values);
      return;
    }
  g_error ("The program cannot be sent over link %s", soak->link.name);
}
