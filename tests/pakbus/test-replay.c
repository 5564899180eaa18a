/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One conversation for each kind of transaction, kept in tests/fixtures/conversations: the client has to send the
 * very bytes of the trace and to make of its answers what the emulator meant. With OUTPOST_RECORD=1 in the
 * environment, the traces are recorded anew.
 */

#include "protocol/emulator/emulator.h"
#include "protocol/logger-changes.h"
#include "protocol/pakbus/echo.h"
#include "protocol/pakbus/settings-session.h"
#include "protocol/transport/memory-transport.h"
#include "protocol/transport/trace.h"

#include <glib/gstdio.h>
#include <string.h>

#define WATCHDOG_S 60
#define SEED 4079 /* of the first transaction number */

#define STATION_NAME 2
#define ADDRESS      3
#define CERTIFICATE  200 /* the emulator's setting that no packet can hold */
#define N_SETTINGS   74

typedef struct
{
  const char *name; /* of the trace */
  const char *model;
  void      (*run) (OpLogger *logger);
} Conversation;

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

/* The requests, each awaited */

static void
open_logger (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_logger_open_async (logger, NULL, on_result_cb, &result);
  op_logger_open_finish (logger, await (&result), &error);
  g_assert_no_error (error);
}

static OpIdentity *
identify (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OpIdentity *identity;

  op_logger_identify_async (logger, NULL, on_result_cb, &result);
  identity = op_logger_identify_finish (logger, await (&result), &error);
  g_assert_no_error (error);
  return identity;
}

static GPtrArray *
read_tables (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *tables;

  op_logger_read_tables_async (logger, NULL, on_result_cb, &result);
  tables = op_logger_read_tables_finish (logger, await (&result), &error);
  g_assert_no_error (error);
  return tables;
}

static OpTable *
find_table (GPtrArray *tables, const char *name)
{
  for (guint i = 0; i < tables->len; i++)
    if (g_str_equal (((OpTable *) tables->pdata[i])->name, name))
      return tables->pdata[i];
  g_assert_not_reached ();
}

static OpClockReading *
read_clock (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OpClockReading *reading;

  op_logger_read_clock_async (logger, NULL, on_result_cb, &result);
  reading = op_logger_read_clock_finish (logger, await (&result), &error);
  g_assert_no_error (error);
  return reading;
}

static gboolean
append_chunk (const OpChunk *chunk, gpointer batch, GError **error)
{
  return op_batch_append_chunk (batch, chunk, error);
}

static OpBatch *
collect_last (OpLogger *logger, const char *name, guint32 n)
{
  g_autoptr (GPtrArray) tables = read_tables (logger);
  OpTable *table = find_table (tables, name);
  OpBatch *batch = op_batch_new (table, NULL, 0, n);
  OpCollectRange range = { .mode = OP_COLLECT_LAST, .a = n };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_logger_collect_async (logger, table, &range, append_chunk, NULL, batch, NULL, on_result_cb, &result);
  op_logger_collect_finish (logger, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (op_batch_get_n_records (batch), ==, n);
  return batch;
}

static OpProgramState *
read_program (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OpProgramState *state;

  op_logger_read_program_async (logger, NULL, on_result_cb, &result);
  state = op_logger_read_program_finish (logger, await (&result), &error);
  g_assert_no_error (error);
  return state;
}

/* The file of that name among those that the logger lists, or NULL. */
static const OpDeviceFile *
list_file (OpLogger *logger, const char *name, GPtrArray **files)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_logger_list_files_async (logger, NULL, on_result_cb, &result);
  *files = op_logger_list_files_finish (logger, await (&result), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < (*files)->len; i++)
    if (g_str_equal (((OpDeviceFile *) (*files)->pdata[i])->name, name))
      return (*files)->pdata[i];
  return NULL;
}

static char *
get_file (OpLogger *logger, const char *name)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_logger_get_file_async (logger, name, content, 0, NULL, NULL, NULL, on_result_cb, &result);
  op_logger_get_file_finish (logger, await (&result), &error);
  g_assert_no_error (error);
  return g_strndup ((const char *) content->data, content->len);
}

static void
put_file (OpLogger *logger, const char *name, const char *text)
{
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean verified;

  op_logger_put_file_async (logger, name, content, NULL, NULL, NULL, on_result_cb, &result);
  op_logger_put_file_finish (logger, await (&result), &verified, &error);
  g_assert_no_error (error);
  g_assert_true (verified);
}

static void
control_file (OpLogger *logger, const char *name, OpFileCommand command)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint hold_off_s;

  op_logger_control_file_async (logger, name, command, NULL, on_result_cb, &result);
  op_logger_control_file_finish (logger, await (&result), &hold_off_s, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (hold_off_s, ==, 0);
}

static GBytes *
get_values (OpLogger *logger, const OpValueSpan *span)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GBytes *values;

  op_logger_get_values_async (logger, span, NULL, on_result_cb, &result);
  values = op_logger_get_values_finish (logger, await (&result), &error);
  g_assert_no_error (error);
  return values;
}

/* Sets values and reads them again. */
static void
set_values (OpLogger *logger, const OpValueSpan *span, const char *const *texts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) values = op_value_span_parse (span, texts, &error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree OpSetOutcome *outcome = NULL;
  g_autoptr (GBytes) held = NULL;

  g_assert_no_error (error);
  op_logger_set_values_async (logger, span, values, NULL, on_result_cb, &result);
  outcome = op_logger_set_values_finish (logger, await (&result), &error);
  g_assert_no_error (error);
  g_assert_false (outcome->reboots);
  held = get_values (logger, span);
  for (guint i = 0; i < span->count; i++)
    {
      g_autofree char *text = op_value_span_dup_text (span, held, i);

      g_assert_cmpstr (text, ==, texts[i]);
    }
}

static PakDeviceSettings *
read_settings (OpLogger *logger, guint16 first, guint16 last)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PakDeviceSettings *settings;

  pak_settings_read_async (PAK_LOGGER (logger), first, last, NULL, on_result_cb, &result);
  settings = pak_settings_read_finish (PAK_LOGGER (logger), await (&result), &error);
  g_assert_no_error (error);
  return settings;
}

static void
assert_setting (const PakDeviceSettings *settings, guint16 id, const char *expected)
{
  const PakSetting *setting = pak_device_settings_find (settings, id);
  g_autofree char *text = setting != NULL ? pak_setting_to_text (setting) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

/* Begins a session, sets @setting and thinks better of it. */
static void
set_and_cancel (OpLogger *logger, const PakSetting *setting)
{
  g_autoptr (GPtrArray) settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_setting_free);
  g_autoptr (GAsyncResult) begin_result = NULL, set_result = NULL, cancel_result = NULL;
  g_autoptr (PakSettingsSession) session = NULL;
  g_autoptr (GPtrArray) outcomes = NULL;
  g_autoptr (GError) error = NULL;

  pak_settings_session_begin_async (PAK_LOGGER (logger), NULL, on_result_cb, &begin_result);
  session = pak_settings_session_begin_finish (PAK_LOGGER (logger), await (&begin_result), &error);
  g_assert_no_error (error);
  g_ptr_array_add (settings, pak_setting_copy (setting));
  pak_settings_session_set_async (session, settings, NULL, on_result_cb, &set_result);
  outcomes = pak_settings_session_set_finish (session, await (&set_result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (outcomes->len, ==, 1);
  g_assert_cmpuint (((PakSettingOutcome *) outcomes->pdata[0])->id, ==, setting->id);
  g_assert_no_error (((PakSettingOutcome *) outcomes->pdata[0])->error);
  pak_settings_session_cancel_async (session, NULL, on_result_cb, &cancel_result);
  pak_settings_session_cancel_finish (session, await (&cancel_result), &error);
  g_assert_no_error (error);
}

/* The conversations */

static void
talk_identify (OpLogger *logger)
{
  g_autoptr (OpIdentity) identity = identify (logger);

  g_assert_cmpstr (identity->family, ==, "pakbus");
  g_assert_cmpstr (identity->model, ==, "CR1000");
  g_assert_cmpstr (identity->os_version, ==, "CR1000.Std.32.05");
  g_assert_cmpstr (identity->serial_number, ==, "21043");
  g_assert_cmpstr (identity->station_name, ==, "Weather");
  g_assert_cmpstr (identity->program, ==, "CPU:weather.CR1");
  g_assert_cmpuint (identity->pakbus_address, ==, 1);
  g_assert_false (pak_logger_has_named_settings (PAK_LOGGER (logger)));
}

static void
talk_tables (OpLogger *logger)
{
  static const char *const names[] = { "Status", "OneMin", "Daily", "Events", "Public" };
  g_autoptr (GPtrArray) tables = read_tables (logger);

  g_assert_cmpuint (tables->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < tables->len; i++)
    g_assert_cmpstr (((OpTable *) tables->pdata[i])->name, ==, names[i]);
  g_assert_cmpint (find_table (tables, "OneMin")->interval, ==, 60 * OP_SECOND);
  g_assert_cmpuint (find_table (tables, "OneMin")->n_columns, ==, 14);
  g_assert_true (op_table_is_event (find_table (tables, "Events")));
}

static void
talk_clock_read (OpLogger *logger)
{
  g_autofree OpClockReading *first = read_clock (logger);
  g_autofree OpClockReading *second = read_clock (logger);

  g_assert_cmpint (first->resolution_us, ==, 0);
  g_assert_cmpint (second->logger_time, >, first->logger_time);
  g_assert_cmpint (second->logger_time - first->logger_time, <, OP_SECOND);
}

/* An hour ahead. */
static void
talk_clock_adjust (OpLogger *logger)
{
  const gint64 hour = 3600 * OP_SECOND;
  g_autofree OpClockReading *before = read_clock (logger);
  g_autofree OpClockReading *after = NULL;
  g_autofree OpClockAdjustment *adjustment = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_logger_adjust_clock_async (logger, hour, before, NULL, on_result_cb, &result);
  adjustment = op_logger_adjust_clock_finish (logger, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (adjustment->old_time, >, before->logger_time);
  after = read_clock (logger);
  g_assert_cmpint (after->logger_time - adjustment->old_time, >, hour);
  g_assert_cmpint (after->logger_time - adjustment->old_time, <, hour + OP_SECOND);
}

static void
assert_consecutive (const OpBatch *batch, OpTime interval)
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

static void
talk_collect (OpLogger *logger)
{
  g_autoptr (OpBatch) batch = collect_last (logger, "OneMin", 20);
  const double *battery = op_batch_get_numbers (batch, op_table_find_column (op_batch_get_table (batch), "BattV_Min"));

  assert_consecutive (batch, 60 * OP_SECOND);
  for (gsize i = 0; i < 20; i++)
    {
      g_assert_cmpfloat (battery[i], >, 10);
      g_assert_cmpfloat (battery[i], <, 16);
    }
}

/* Codes are those of the names, in this order from 100 on. */
static void
talk_collect_events (OpLogger *logger)
{
  static const char *const names[] = { "Gust", "Lightning", "Battery low", "Frost", "Mast vibrates" };
  g_autoptr (OpBatch) batch = collect_last (logger, "Events", 10);
  const double *codes = op_batch_get_numbers (batch, 0);

  for (gsize i = 0; i < 10; i++)
    {
      g_assert_cmpfloat (codes[i], >=, 100);
      g_assert_cmpfloat (codes[i], <, 100 + G_N_ELEMENTS (names));
      g_assert_cmpstr (op_batch_get_text (batch, 1, i), ==, names[(guint) codes[i] - 100]);
    }
}

/* A record that fits no answer comes in pieces. */
static void
talk_collect_fragments (OpLogger *logger)
{
  g_autoptr (OpBatch) batch = collect_last (logger, "Status", 1);
  const OpTable *table = op_batch_get_table (batch);

  g_assert_cmpuint (table->record_size, >, 990);
  g_assert_cmpstr (op_batch_get_text (batch, op_table_find_column (table, "OSVersion"), 0), ==, "CR1000.Std.32.05");
  g_assert_cmpstr (op_batch_get_text (batch, op_table_find_column (table, "StationName"), 0), ==, "Weather");
  g_assert_cmpstr (op_batch_get_text (batch, op_table_find_column (table, "DataTableName(3)"), 0), ==, "Events");
  g_assert_cmpfloat (op_batch_get_numbers (batch, op_table_find_column (table, "TCPPort"))[0], ==, 6785);
}

static void
talk_values_get (OpLogger *logger)
{
  g_autoptr (OpValueSpan) span = op_value_span_new ("Status", "MemorySize", OP_TYPE_INT4, 1, 0);
  g_autoptr (OpValueSpan) name_span = op_value_span_new ("Status", "StationName", OP_TYPE_ASCII, 1, 64);
  g_autoptr (GBytes) size = get_values (logger, span);
  g_autoptr (GBytes) name = get_values (logger, name_span);
  g_autofree char *text = op_value_span_dup_text (name_span, name, 0);

  g_assert_cmpfloat (op_value_span_get_number (span, size, 0), ==, 4194304);
  g_assert_cmpstr (text, ==, "Weather");
}

static void
talk_values_set (OpLogger *logger)
{
  static const struct
  {
    const char *field;
    OpType      type;
    guint       count;
    guint       text_size;
    const char *texts[4];
  } cases[] = {
    { "Setpoint", OP_TYPE_IEEE4, 1, 0, { "21.5" } },
    { "Counter", OP_TYPE_INT4, 1, 0, { "-123456" } },
    { "Note", OP_TYPE_ASCII, 1, 32, { "Mast 7" } },
    { "Codes(2)", OP_TYPE_UINT2, 3, 0, { "7", "0", "65535" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (OpValueSpan) span = op_value_span_new ("Public", cases[i].field, cases[i].type, cases[i].count,
                                                        cases[i].text_size);

      set_values (logger, span, cases[i].texts);
    }
}

static void
talk_files_list (OpLogger *logger)
{
  g_autoptr (GPtrArray) files = NULL;
  const OpDeviceFile *file = list_file (logger, "CPU:weather.CR1", &files);

  /* Three drives and the program. */
  g_assert_cmpuint (files->len, ==, 4);
  g_assert_nonnull (file);
  g_assert_cmpuint (file->flags, ==, OP_FILE_RUNNING | OP_FILE_POWER_UP);
  g_assert_false (file->is_drive);
}

static void
talk_file_get (OpLogger *logger)
{
  g_autofree char *text = get_file (logger, "CPU:weather.CR1");

  g_assert_cmpuint (strlen (text), ==, 873);
  g_assert_true (g_str_has_prefix (text, "'Weather station: what the emulated logger runs\r\n"));
  g_assert_true (g_str_has_suffix (text, "  NextScan\r\nEndProg\r\n"));
}

/* Longer than a packet, both ways. */
static void
talk_file_put (OpLogger *logger)
{
  g_autofree char *text = g_strnfill (1200, 'x');
  g_autofree char *held = NULL;

  put_file (logger, "USR:notes.txt", text);
  held = get_file (logger, "USR:notes.txt");
  g_assert_cmpstr (held, ==, text);
}

static void
talk_file_delete (OpLogger *logger)
{
  g_autoptr (GPtrArray) before = NULL, after = NULL;
  const OpDeviceFile *file;

  put_file (logger, "USR:notes.txt", "Bring the ladder.\n");
  file = list_file (logger, "USR:notes.txt", &before);
  g_assert_nonnull (file);
  g_assert_cmpuint (file->size, ==, strlen ("Bring the ladder.\n"));
  control_file (logger, "USR:notes.txt", OP_FILE_COMMAND_DELETE);
  g_assert_null (list_file (logger, "USR:notes.txt", &after));
  g_assert_cmpuint (after->len, ==, before->len - 1);
}

/* Runs another program; the old one goes on being the one of the power-up. */
static void
talk_file_run (OpLogger *logger)
{
  g_autoptr (OpProgramState) state = NULL;

  put_file (logger, "CPU:other.CR1", "BeginProg\r\nEndProg\r\n");
  control_file (logger, "CPU:other.CR1", OP_FILE_COMMAND_RUN_ONCE);
  state = read_program (logger);
  g_assert_cmpstr (state->program, ==, "CPU:other.CR1");
  g_assert_cmpstr (state->power_up_program, ==, "CPU:weather.CR1");
  g_assert_cmpuint (state->compile_state, ==, 1);
}

static void
talk_file_power_up (OpLogger *logger)
{
  g_autoptr (OpProgramState) state = NULL;

  put_file (logger, "CPU:other.CR1", "BeginProg\r\nEndProg\r\n");
  control_file (logger, "CPU:other.CR1", OP_FILE_COMMAND_SET_POWER_UP);
  state = read_program (logger);
  g_assert_cmpstr (state->program, ==, "CPU:weather.CR1");
  g_assert_cmpstr (state->power_up_program, ==, "CPU:other.CR1");
}

static void
talk_program (OpLogger *logger)
{
  g_autoptr (OpProgramState) state = read_program (logger);

  g_assert_cmpstr (state->os_version, ==, "CR1000.Std.32.05");
  g_assert_cmphex (state->os_signature, ==, 0x6D3A);
  g_assert_cmpstr (state->serial_number, ==, "21043");
  g_assert_cmpstr (state->program, ==, "CPU:weather.CR1");
  g_assert_cmpuint (state->compile_state, ==, 1);
  g_assert_cmpstr (g_strchomp (state->compile_result), ==, "CPU:weather.CR1 -- Compiled in PipelineMode.");
}

static void
talk_devconfig_get (OpLogger *logger)
{
  g_autoptr (PakDeviceSettings) settings = read_settings (logger, 0, G_MAXUINT16);

  g_assert_cmpuint (settings->device_type, ==, 12);
  g_assert_cmpuint (settings->settings->len, ==, N_SETTINGS);
  assert_setting (settings, STATION_NAME, "Weather");
  assert_setting (settings, ADDRESS, "1");
}

static void
talk_devconfig_set (OpLogger *logger)
{
  g_autoptr (PakSetting) setting = pak_setting_from_text (STATION_NAME, "Mast 7", NULL);
  g_autoptr (PakDeviceSettings) settings = NULL;

  set_and_cancel (logger, setting);
  settings = read_settings (logger, STATION_NAME, STATION_NAME);
  g_assert_cmpuint (settings->settings->len, ==, 1);
  assert_setting (settings, STATION_NAME, "Weather");
}

static void
talk_devconfig_fragments (OpLogger *logger)
{
  g_autofree char *text = g_strnfill (2000, 'x');
  g_autoptr (PakSetting) setting = pak_setting_new (CERTIFICATE, FALSE, (const guint8 *) text, 2001);
  g_autoptr (PakDeviceSettings) settings = read_settings (logger, CERTIFICATE, CERTIFICATE);
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

static void
talk_table_reset (OpLogger *logger)
{
  g_autoptr (GPtrArray) tables = read_tables (logger);
  g_autoptr (GAsyncResult) result = NULL, state_result = NULL;
  g_autofree OpTableState *state = NULL;
  g_autoptr (GError) error = NULL;

  op_logger_control_table_async (logger, find_table (tables, "Daily"), OP_TABLE_COMMAND_RESET, NULL, on_result_cb,
                                 &result);
  op_logger_control_table_finish (logger, await (&result), &error);
  g_assert_no_error (error);
  op_logger_read_table_state_async (logger, find_table (tables, "Daily"), NULL, on_result_cb, &state_result);
  state = op_logger_read_table_state_finish (logger, await (&state_result), &error);
  g_assert_no_error (error);
  g_assert_true (state->empty);
}

static void
talk_echo (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree PakEcho *echo = NULL;
  g_autoptr (GError) error = NULL;

  pak_echo_async (PAK_LOGGER (logger), 64, NULL, on_result_cb, &result);
  echo = pak_echo_finish (PAK_LOGGER (logger), await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (echo->n_bytes, ==, 64);
}

/* CR200 */

static void
talk_small_collect (OpLogger *logger)
{
  g_autoptr (OpIdentity) identity = identify (logger);
  g_autoptr (OpBatch) batch = collect_last (logger, "OneMin", 10);

  g_assert_cmpstr (identity->model, ==, "CR200");
  g_assert_cmpstr (identity->os_version, ==, "CR200.v03A");
  g_assert_cmpstr (identity->serial_number, ==, "10417");
  g_assert_true (pak_logger_has_named_settings (PAK_LOGGER (logger)));
  g_assert_cmpuint (op_batch_get_n_columns (batch), ==, 4);
  assert_consecutive (batch, 60 * OP_SECOND);
}

static void
talk_small_settings (OpLogger *logger)
{
  static const char *const names[] = { "StationName", "MaxPktSize", NULL };
  g_autoptr (OpIdentity) identity = identify (logger);
  g_autoptr (GPtrArray) settings = pak_named_settings_parse ("StationName=Mast 7;");
  g_autoptr (GPtrArray) held = NULL;
  g_autoptr (GAsyncResult) set_result = NULL, get_result = NULL;
  g_autoptr (GError) error = NULL;

  pak_settings_set_named_async (PAK_LOGGER (logger), settings, NULL, on_result_cb, &set_result);
  pak_settings_set_named_finish (PAK_LOGGER (logger), await (&set_result), &error);
  g_assert_no_error (error);
  pak_settings_get_named_async (PAK_LOGGER (logger), names, NULL, on_result_cb, &get_result);
  held = pak_settings_get_named_finish (PAK_LOGGER (logger), await (&get_result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (held->len, ==, 2);
  g_assert_cmpstr (pak_named_settings_find (held, "StationName"), ==, "Mast 7");
  g_assert_cmpstr (pak_named_settings_find (held, "MaxPktSize"), ==, "100");
}

static const Conversation conversations[] = {
  { "identify", "cr1000", talk_identify },
  { "tables", "cr1000", talk_tables },
  { "clock-read", "cr1000", talk_clock_read },
  { "clock-adjust", "cr1000", talk_clock_adjust },
  { "collect", "cr1000", talk_collect },
  { "collect-events", "cr1000", talk_collect_events },
  { "collect-fragments", "cr1000", talk_collect_fragments },
  { "values-get", "cr1000", talk_values_get },
  { "values-set", "cr1000", talk_values_set },
  { "files-list", "cr1000", talk_files_list },
  { "file-get", "cr1000", talk_file_get },
  { "file-put", "cr1000", talk_file_put },
  { "file-delete", "cr1000", talk_file_delete },
  { "file-run", "cr1000", talk_file_run },
  { "file-power-up", "cr1000", talk_file_power_up },
  { "program", "cr1000", talk_program },
  { "devconfig-get", "cr1000", talk_devconfig_get },
  { "devconfig-set", "cr1000", talk_devconfig_set },
  { "devconfig-fragments", "cr1000", talk_devconfig_fragments },
  { "table-reset", "cr1000", talk_table_reset },
  { "echo", "cr1000", talk_echo },
  { "cr200-collect", "cr200", talk_small_collect },
  { "cr200-settings", "cr200", talk_small_settings },
};

/* Recording and playing */

static char *
get_path (const Conversation *conversation)
{
  g_autofree char *name = g_strconcat (conversation->name, ".trace", NULL);

  return g_test_build_filename (G_TEST_DIST, "fixtures", "conversations", name, NULL);
}

static void
talk (const Conversation *conversation, OpTransport *transport)
{
  g_autoptr (OpLogger) logger = NULL;

  g_random_set_seed (SEED);
  logger = pak_logger_new (transport, 1, 0, 0);
  /* Nothing is to be asked twice, however busy the computer is. */
  pak_logger_set_first_timeout (PAK_LOGGER (logger), 30 * G_USEC_PER_SEC);
  open_logger (logger);
  conversation->run (logger);
  op_logger_close (logger);
}

static void
record (gconstpointer data)
{
  const Conversation *conversation = data;
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new (conversation->model);
  g_autofree char *path = get_path (conversation);
  g_autoptr (OpEmulator) emulator = NULL;
  g_autoptr (OpTransport) near_end = NULL, far_end = NULL, recorder = NULL;
  g_autoptr (GError) error = NULL;

  options->hold_off = 0;
  options->compile_us = 0;
  emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  op_memory_transport_new_pair (&near_end, &far_end);
  op_emulator_serve (emulator, far_end);
  /* It would append. */
  g_remove (path);
  recorder = op_recorder_new (near_end, path);
  talk (conversation, recorder);
}

static void
on_event_cb (OpRecorder *recorder, const OpTraceEvent *event, GByteArray *sent)
{
  if (event->kind == OP_TRACE_SENT)
    g_byte_array_append (sent, g_bytes_get_data (event->bytes, NULL), g_bytes_get_size (event->bytes));
}

static GByteArray *
read_sent (const char *path)
{
  GByteArray *sent = g_byte_array_new ();
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  events = op_trace_parse (text, length, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < events->len; i++)
    on_event_cb (NULL, events->pdata[i], sent);
  return sent;
}

/* The replay refuses other bytes; that all of the trace was said, up to the farewell, is for us to see. */
static void
play (gconstpointer data)
{
  const Conversation *conversation = data;
  g_autofree char *path = get_path (conversation);
  g_autoptr (GByteArray) expected = read_sent (path);
  g_autoptr (GByteArray) sent = g_byte_array_new ();
  g_autoptr (OpTransport) replay = op_replay_new_for_file (path);
  g_autoptr (OpTransport) recorder = op_recorder_new (replay, NULL);

  g_signal_connect (recorder, "event", G_CALLBACK (on_event_cb), sent);
  talk (conversation, recorder);
  g_assert_cmpmem (sent->data, sent->len, expected->data, expected->len);
}

int
main (int argc, char **argv)
{
  gboolean records = g_strcmp0 (g_getenv ("OUTPOST_RECORD"), "1") == 0;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (conversations); i++)
    {
      g_autofree char *path = g_strconcat ("/replay/", conversations[i].name, NULL);

      g_test_add_data_func (path, &conversations[i], records ? record : play);
    }
  return g_test_run ();
}
