/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/pakbus/talks.h"

#include "tests/pakbus/calls.h"

#include "protocol/pakbus/program-job-200.h"

#include <string.h>

void
talk_small_collect (OpLogger *logger)
{
  g_autoptr (OpIdentity) identity = calls_identify (logger);
  g_autoptr (OpBatch) batch = calls_collect_last (logger, "OneMin", 10);

  g_assert_cmpstr (identity->model, ==, "CR200");
  g_assert_cmpstr (identity->os_version, ==, "CR200.v03A");
  g_assert_cmpstr (identity->serial_number, ==, "10417");
  g_assert_true (pak_logger_has_named_settings (PAK_LOGGER (logger)));
  g_assert_cmpuint (op_batch_get_n_columns (batch), ==, 4);
  calls_assert_consecutive (batch, 60 * OP_SECOND);
}

void
talk_small_settings (OpLogger *logger)
{
  static const char *const names[] = { "StationName", "MaxPktSize", NULL };
  g_autoptr (OpIdentity) identity = calls_identify (logger);
  g_autoptr (GPtrArray) settings = pak_named_settings_parse ("StationName=Mast 7;");
  g_autoptr (GPtrArray) held = NULL;
  g_autoptr (GAsyncResult) set_result = NULL, get_result = NULL;
  g_autoptr (GError) error = NULL;

  pak_settings_set_named_async (PAK_LOGGER (logger), settings, NULL, calls_result_cb, &set_result);
  pak_settings_set_named_finish (PAK_LOGGER (logger), calls_await (&set_result), &error);
  g_assert_no_error (error);
  pak_settings_get_named_async (PAK_LOGGER (logger), names, NULL, calls_result_cb, &get_result);
  held = pak_settings_get_named_finish (PAK_LOGGER (logger), calls_await (&get_result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (held->len, ==, 2);
  g_assert_cmpstr (pak_named_settings_find (held, "StationName"), ==, "Mast 7");
  g_assert_cmpstr (pak_named_settings_find (held, "MaxPktSize"), ==, "100");
}

/* Stop and delete, send, run, see what became of it (manual 3.7.2). */
void
talk_small_program (OpLogger *logger)
{
  g_autoptr (OpIdentity) identity = calls_identify (logger);
  /* What the emulator takes for a program of its operating system. */
  g_autofree char *filling = g_strnfill (300, 'Z');
  g_autofree char *content = g_strconcat ("v03A", filling, NULL);
  g_autoptr (GBytes) program = g_bytes_new (content, strlen (content));
  g_autoptr (PakProgramJob200) job = pak_program_job_200_new (PAK_LOGGER (logger), "CPU:other.bin", program);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (OpProgramState) state = NULL;
  g_autoptr (GError) error = NULL;

  pak_program_job_200_run_async (job, NULL, calls_result_cb, &result);
  state = pak_program_job_200_run_finish (job, calls_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (state->program, ==, "CPU:other.bin");
  g_assert_cmpuint (state->compile_state, ==, 1);
}
