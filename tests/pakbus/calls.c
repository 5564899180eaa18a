/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/pakbus/calls.h"

#include <string.h>

#define WATCHDOG_S 60

static gboolean
on_watchdog_cb (gpointer data)
{
  g_error ("Nothing happened for %d s", WATCHDOG_S);
  return G_SOURCE_REMOVE;
}

GAsyncResult *
calls_await (GAsyncResult **result)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog_cb, NULL);

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
  return *result;
}

void
calls_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

void
calls_open_logger (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_logger_open_async (logger, NULL, calls_result_cb, &result);
  op_logger_open_finish (logger, calls_await (&result), &error);
  g_assert_no_error (error);
}

OpIdentity *
calls_identify (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OpIdentity *identity;

  op_logger_identify_async (logger, NULL, calls_result_cb, &result);
  identity = op_logger_identify_finish (logger, calls_await (&result), &error);
  g_assert_no_error (error);
  return identity;
}

GPtrArray *
calls_read_tables (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *tables;

  op_logger_read_tables_async (logger, NULL, calls_result_cb, &result);
  tables = op_logger_read_tables_finish (logger, calls_await (&result), &error);
  g_assert_no_error (error);
  return tables;
}

OpTable *
calls_find_table (GPtrArray *tables, const char *name)
{
  for (guint i = 0; i < tables->len; i++)
    if (g_str_equal (((OpTable *) tables->pdata[i])->name, name))
      return tables->pdata[i];
  g_assert_not_reached ();
}

OpClockReading *
calls_read_clock (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OpClockReading *reading;

  op_logger_read_clock_async (logger, NULL, calls_result_cb, &result);
  reading = op_logger_read_clock_finish (logger, calls_await (&result), &error);
  g_assert_no_error (error);
  return reading;
}

static gboolean
append_chunk (const OpChunk *chunk, gpointer batch, GError **error)
{
  return op_batch_append_chunk (batch, chunk, error);
}

OpBatch *
calls_collect_last (OpLogger *logger, const char *name, guint32 n)
{
  g_autoptr (GPtrArray) tables = calls_read_tables (logger);
  OpTable *table = calls_find_table (tables, name);
  OpBatch *batch = op_batch_new (table, NULL, 0, n);
  OpCollectRange range = { .mode = OP_COLLECT_LAST, .a = n };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_logger_collect_async (logger, table, &range, append_chunk, NULL, batch, NULL, calls_result_cb, &result);
  op_logger_collect_finish (logger, calls_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (op_batch_get_n_records (batch), ==, n);
  return batch;
}

OpProgramState *
calls_read_program (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OpProgramState *state;

  op_logger_read_program_async (logger, NULL, calls_result_cb, &result);
  state = op_logger_read_program_finish (logger, calls_await (&result), &error);
  g_assert_no_error (error);
  return state;
}

const OpDeviceFile *
calls_list_file (OpLogger *logger, const char *name, GPtrArray **files)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_logger_list_files_async (logger, NULL, calls_result_cb, &result);
  *files = op_logger_list_files_finish (logger, calls_await (&result), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < (*files)->len; i++)
    if (g_str_equal (((OpDeviceFile *) (*files)->pdata[i])->name, name))
      return (*files)->pdata[i];
  return NULL;
}

char *
calls_get_file (OpLogger *logger, const char *name)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_logger_get_file_async (logger, name, content, 0, NULL, NULL, NULL, calls_result_cb, &result);
  op_logger_get_file_finish (logger, calls_await (&result), &error);
  g_assert_no_error (error);
  return g_strndup ((const char *) content->data, content->len);
}

void
calls_put_file (OpLogger *logger, const char *name, const char *text)
{
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean verified;

  op_logger_put_file_async (logger, name, content, NULL, NULL, NULL, calls_result_cb, &result);
  op_logger_put_file_finish (logger, calls_await (&result), &verified, &error);
  g_assert_no_error (error);
  g_assert_true (verified);
}

void
calls_control_file (OpLogger *logger, const char *name, OpFileCommand command)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint hold_off_s;

  op_logger_control_file_async (logger, name, command, NULL, calls_result_cb, &result);
  op_logger_control_file_finish (logger, calls_await (&result), &hold_off_s, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (hold_off_s, ==, 0);
}

GBytes *
calls_get_values (OpLogger *logger, const OpValueSpan *span)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GBytes *values;

  op_logger_get_values_async (logger, span, NULL, calls_result_cb, &result);
  values = op_logger_get_values_finish (logger, calls_await (&result), &error);
  g_assert_no_error (error);
  return values;
}

void
calls_set_values (OpLogger *logger, const OpValueSpan *span, const char *const *texts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) values = op_value_span_parse (span, texts, &error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree OpSetOutcome *outcome = NULL;
  g_autoptr (GBytes) held = NULL;

  g_assert_no_error (error);
  op_logger_set_values_async (logger, span, values, NULL, calls_result_cb, &result);
  outcome = op_logger_set_values_finish (logger, calls_await (&result), &error);
  g_assert_no_error (error);
  g_assert_false (outcome->reboots);
  held = calls_get_values (logger, span);
  for (guint i = 0; i < span->count; i++)
    {
      g_autofree char *text = op_value_span_dup_text (span, held, i);

      g_assert_cmpstr (text, ==, texts[i]);
    }
}

PakDeviceSettings *
calls_read_settings (OpLogger *logger, guint16 first, guint16 last)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PakDeviceSettings *settings;

  pak_settings_read_async (PAK_LOGGER (logger), first, last, NULL, calls_result_cb, &result);
  settings = pak_settings_read_finish (PAK_LOGGER (logger), calls_await (&result), &error);
  g_assert_no_error (error);
  return settings;
}

void
calls_assert_setting (const PakDeviceSettings *settings, guint16 id, const char *expected)
{
  const PakSetting *setting = pak_device_settings_find (settings, id);
  g_autofree char *text = setting != NULL ? pak_setting_to_text (setting) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

PakSettingsSession *
calls_set_setting (OpLogger *logger, const PakSetting *setting)
{
  g_autoptr (GPtrArray) settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_setting_free);
  g_autoptr (GAsyncResult) begin_result = NULL, set_result = NULL;
  g_autoptr (GPtrArray) outcomes = NULL;
  g_autoptr (GError) error = NULL;
  PakSettingsSession *session;

  pak_settings_session_begin_async (PAK_LOGGER (logger), NULL, calls_result_cb, &begin_result);
  session = pak_settings_session_begin_finish (PAK_LOGGER (logger), calls_await (&begin_result), &error);
  g_assert_no_error (error);
  g_ptr_array_add (settings, pak_setting_copy (setting));
  pak_settings_session_set_async (session, settings, NULL, calls_result_cb, &set_result);
  outcomes = pak_settings_session_set_finish (session, calls_await (&set_result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (outcomes->len, ==, 1);
  g_assert_cmpuint (((PakSettingOutcome *) outcomes->pdata[0])->id, ==, setting->id);
  g_assert_no_error (((PakSettingOutcome *) outcomes->pdata[0])->error);
  return session;
}

void
calls_assert_consecutive (const OpBatch *batch, OpTime interval)
{
  const guint32 *records = op_batch_get_records (batch);
  const OpTime *times = op_batch_get_times (batch);

  for (gsize i = 1; i < op_batch_get_n_records (batch); i++)
    {
      g_assert_cmpuint (records[i], ==, records[i - 1] + 1);
      g_assert_cmpint (times[i] - times[i - 1], ==, interval);
    }
  g_assert_cmpint (times[0] % interval, ==, 0);
}
