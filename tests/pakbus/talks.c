/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/pakbus/talks.h"

#include "tests/pakbus/calls.h"

#include "protocol/pakbus/echo.h"

#include <stdio.h>
#include <string.h>

void
talk_identify (OpLogger *logger)
{
  g_autoptr (OpIdentity) identity = calls_identify (logger);

  g_assert_cmpstr (identity->family, ==, "pakbus");
  g_assert_cmpstr (identity->model, ==, "CR1000");
  g_assert_cmpstr (identity->os_version, ==, "CR1000.Std.32.05");
  g_assert_cmpstr (identity->serial_number, ==, "21043");
  g_assert_cmpstr (identity->station_name, ==, "Weather");
  g_assert_cmpstr (identity->program, ==, "CPU:weather.CR1");
  g_assert_cmpuint (identity->pakbus_address, ==, 1);
  g_assert_false (pak_logger_has_named_settings (PAK_LOGGER (logger)));
}

void
talk_tables (OpLogger *logger)
{
  static const char *const names[] = { "Status", "OneMin", "Daily", "Events", "Public" };
  g_autoptr (GPtrArray) tables = calls_read_tables (logger);

  g_assert_cmpuint (tables->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < tables->len; i++)
    g_assert_cmpstr (((OpTable *) tables->pdata[i])->name, ==, names[i]);
  g_assert_cmpint (calls_find_table (tables, "OneMin")->interval, ==, 60 * OP_SECOND);
  g_assert_cmpuint (calls_find_table (tables, "OneMin")->n_columns, ==, 14);
  g_assert_true (op_table_is_event (calls_find_table (tables, "Events")));
}

void
talk_clock_read (OpLogger *logger)
{
  g_autofree OpClockReading *first = calls_read_clock (logger);
  g_autofree OpClockReading *second = calls_read_clock (logger);

  g_assert_cmpint (first->resolution_us, ==, 0);
  g_assert_cmpint (second->logger_time, >, first->logger_time);
  g_assert_cmpint (second->logger_time - first->logger_time, <, OP_SECOND);
}

/* An hour ahead. */
void
talk_clock_adjust (OpLogger *logger)
{
  const gint64 hour = 3600 * OP_SECOND;
  g_autofree OpClockReading *before = calls_read_clock (logger);
  g_autofree OpClockReading *after = NULL;
  g_autofree OpClockAdjustment *adjustment = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_logger_adjust_clock_async (logger, hour, before, NULL, calls_result_cb, &result);
  adjustment = op_logger_adjust_clock_finish (logger, calls_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (adjustment->old_time, >, before->logger_time);
  after = calls_read_clock (logger);
  g_assert_cmpint (after->logger_time - adjustment->old_time, >, hour);
  g_assert_cmpint (after->logger_time - adjustment->old_time, <, hour + OP_SECOND);
}

void
talk_collect (OpLogger *logger)
{
  g_autoptr (OpBatch) batch = calls_collect_last (logger, "OneMin", 20);
  const double *battery = op_batch_get_numbers (batch, op_table_find_column (op_batch_get_table (batch), "BattV_Min"));

  calls_assert_consecutive (batch, 60 * OP_SECOND);
  for (gsize i = 0; i < 20; i++)
    {
      g_assert_cmpfloat (battery[i], >, 10);
      g_assert_cmpfloat (battery[i], <, 16);
    }
}

/* Codes are those of the names, in this order from 100 on. */
void
talk_collect_events (OpLogger *logger)
{
  static const char *const names[] = { "Gust", "Lightning", "Battery low", "Frost", "Mast vibrates" };
  g_autoptr (OpBatch) batch = calls_collect_last (logger, "Events", 10);
  const double *codes = op_batch_get_numbers (batch, 0);

  for (gsize i = 0; i < 10; i++)
    {
      g_assert_cmpfloat (codes[i], >=, 100);
      g_assert_cmpfloat (codes[i], <, 100 + G_N_ELEMENTS (names));
      g_assert_cmpstr (op_batch_get_text (batch, 1, i), ==, names[(guint) codes[i] - 100]);
    }
}

/* A record that fits no answer comes in pieces. */
void
talk_collect_fragments (OpLogger *logger)
{
  g_autoptr (OpBatch) batch = calls_collect_last (logger, "Status", 1);
  const OpTable *table = op_batch_get_table (batch);

  g_assert_cmpuint (table->record_size, >, 990);
  g_assert_cmpstr (op_batch_get_text (batch, op_table_find_column (table, "OSVersion"), 0), ==, "CR1000.Std.32.05");
  g_assert_cmpstr (op_batch_get_text (batch, op_table_find_column (table, "StationName"), 0), ==, "Weather");
  g_assert_cmpstr (op_batch_get_text (batch, op_table_find_column (table, "DataTableName(3)"), 0), ==, "Events");
  g_assert_cmpfloat (op_batch_get_numbers (batch, op_table_find_column (table, "TCPPort"))[0], ==, 6785);
}

void
talk_values_get (OpLogger *logger)
{
  g_autoptr (OpValueSpan) span = op_value_span_new ("Status", "MemorySize", OP_TYPE_INT4, 1, 0);
  g_autoptr (OpValueSpan) name_span = op_value_span_new ("Status", "StationName", OP_TYPE_ASCII, 1, 64);
  g_autoptr (GBytes) size = calls_get_values (logger, span);
  g_autoptr (GBytes) name = calls_get_values (logger, name_span);
  g_autofree char *text = op_value_span_dup_text (name_span, name, 0);

  g_assert_cmpfloat (op_value_span_get_number (span, size, 0), ==, 4194304);
  g_assert_cmpstr (text, ==, "Weather");
}

void
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

      calls_set_values (logger, span, cases[i].texts);
    }
}

void
talk_files_list (OpLogger *logger)
{
  g_autoptr (GPtrArray) files = NULL;
  const OpDeviceFile *file = calls_list_file (logger, "CPU:weather.CR1", &files);

  /* Three drives and the program. */
  g_assert_cmpuint (files->len, ==, 4);
  g_assert_nonnull (file);
  g_assert_cmpuint (file->flags, ==, OP_FILE_RUNNING | OP_FILE_POWER_UP);
  g_assert_false (file->is_drive);
}

void
talk_file_get (OpLogger *logger)
{
  g_autofree char *text = calls_get_file (logger, "CPU:weather.CR1");

  g_assert_cmpuint (strlen (text), ==, 873);
  g_assert_true (g_str_has_prefix (text, "'Weather station: what the emulated logger runs\r\n"));
  g_assert_true (g_str_has_suffix (text, "  NextScan\r\nEndProg\r\n"));
}

/* Longer than a packet, both ways. */
void
talk_file_put (OpLogger *logger)
{
  g_autofree char *text = g_strnfill (1200, 'x');
  g_autofree char *held = NULL;

  calls_put_file (logger, "USR:notes.txt", text);
  held = calls_get_file (logger, "USR:notes.txt");
  g_assert_cmpstr (held, ==, text);
}

void
talk_file_delete (OpLogger *logger)
{
  g_autoptr (GPtrArray) before = NULL, after = NULL;
  const OpDeviceFile *file;

  calls_put_file (logger, "USR:notes.txt", "Bring the ladder.\n");
  file = calls_list_file (logger, "USR:notes.txt", &before);
  g_assert_nonnull (file);
  g_assert_cmpuint (file->size, ==, strlen ("Bring the ladder.\n"));
  calls_control_file (logger, "USR:notes.txt", OP_FILE_COMMAND_DELETE);
  g_assert_null (calls_list_file (logger, "USR:notes.txt", &after));
  g_assert_cmpuint (after->len, ==, before->len - 1);
}

/* Runs another program; the old one goes on being the one of the power-up. */
void
talk_file_run (OpLogger *logger)
{
  g_autoptr (OpProgramState) state = NULL;

  calls_put_file (logger, "CPU:other.CR1", "BeginProg\r\nEndProg\r\n");
  calls_control_file (logger, "CPU:other.CR1", OP_FILE_COMMAND_RUN_ONCE);
  state = calls_read_program (logger);
  g_assert_cmpstr (state->program, ==, "CPU:other.CR1");
  g_assert_cmpstr (state->power_up_program, ==, "CPU:weather.CR1");
  g_assert_cmpuint (state->compile_state, ==, 1);
}

void
talk_file_power_up (OpLogger *logger)
{
  g_autoptr (OpProgramState) state = NULL;

  calls_put_file (logger, "CPU:other.CR1", "BeginProg\r\nEndProg\r\n");
  calls_control_file (logger, "CPU:other.CR1", OP_FILE_COMMAND_SET_POWER_UP);
  state = calls_read_program (logger);
  g_assert_cmpstr (state->program, ==, "CPU:weather.CR1");
  g_assert_cmpstr (state->power_up_program, ==, "CPU:other.CR1");
}

void
talk_program (OpLogger *logger)
{
  g_autoptr (OpProgramState) state = calls_read_program (logger);

  g_assert_cmpstr (state->os_version, ==, "CR1000.Std.32.05");
  g_assert_cmphex (state->os_signature, ==, 0x6D3A);
  g_assert_cmpstr (state->serial_number, ==, "21043");
  g_assert_cmpstr (state->program, ==, "CPU:weather.CR1");
  g_assert_cmpuint (state->compile_state, ==, 1);
  g_assert_cmpstr (g_strchomp (state->compile_result), ==, "CPU:weather.CR1 -- Compiled in PipelineMode.");
}

void
talk_table_reset (OpLogger *logger)
{
  g_autoptr (GPtrArray) tables = calls_read_tables (logger);
  g_autoptr (GAsyncResult) result = NULL, state_result = NULL;
  g_autofree OpTableState *state = NULL;
  g_autoptr (GError) error = NULL;

  op_logger_control_table_async (logger, calls_find_table (tables, "Daily"), OP_TABLE_COMMAND_RESET, NULL, calls_result_cb,
                                 &result);
  op_logger_control_table_finish (logger, calls_await (&result), &error);
  g_assert_no_error (error);
  op_logger_read_table_state_async (logger, calls_find_table (tables, "Daily"), NULL, calls_result_cb, &state_result);
  state = op_logger_read_table_state_finish (logger, calls_await (&state_result), &error);
  g_assert_no_error (error);
  g_assert_true (state->empty);
}

void
talk_echo (OpLogger *logger)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree PakEcho *echo = NULL;
  g_autoptr (GError) error = NULL;

  pak_echo_async (PAK_LOGGER (logger), 64, NULL, calls_result_cb, &result);
  echo = pak_echo_finish (PAK_LOGGER (logger), calls_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (echo->n_bytes, ==, 64);
}

/* Runs another program, now and from the next power-up on. */
void
talk_file_run_always (OpLogger *logger)
{
  g_autoptr (OpProgramState) state = NULL;

  calls_put_file (logger, "CPU:other.CR1", "BeginProg\r\nEndProg\r\n");
  calls_control_file (logger, "CPU:other.CR1", OP_FILE_COMMAND_RUN);
  state = calls_read_program (logger);
  g_assert_cmpstr (state->program, ==, "CPU:other.CR1");
  g_assert_cmpstr (state->power_up_program, ==, "CPU:other.CR1");
}

/* A logger behind a logger. */
void
talk_route (OpLogger *logger)
{
  g_autoptr (OpIdentity) identity = calls_identify (logger);
  g_autoptr (OpBatch) batch = calls_collect_last (logger, "OneMin", 5);

  g_assert_cmpuint (identity->pakbus_address, ==, 2);
  calls_assert_consecutive (batch, 60 * OP_SECOND);
}

/* Several requests wait for their answers at a time: all records come, in order, each once. */
void
talk_fast (OpLogger *logger)
{
  g_autoptr (OpBatch) batch = calls_collect_last (logger, "OneMin", 200);

  calls_assert_consecutive (batch, 60 * OP_SECOND);
}

static void
on_records_cb (OpLogger *logger, OpTable *table, const OpChunk *chunk, GString *records)
{
  if (g_str_equal (table->name, "OneMin"))
    g_string_append_printf (records, "%u+%u ", chunk->first, chunk->count);
}

/* The logger sends its records unasked, the definition before the first. */
void
talk_one_way (OpLogger *logger)
{
  g_autoptr (GString) records = g_string_new (NULL);
  guint first, second;

  g_signal_connect (logger, "records", G_CALLBACK (on_records_cb), records);
  while (g_strrstr (records->str, "+1 ") == strstr (records->str, "+1 "))
    g_main_context_iteration (NULL, TRUE);
  g_signal_handlers_disconnect_by_data (logger, records);
  g_assert_cmpint (sscanf (records->str, "%u+1 %u+1 ", &first, &second), ==, 2);
  g_assert_cmpuint (second, ==, first + 1);
}
