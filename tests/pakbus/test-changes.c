/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Changes of clock, program and tables, with a scripted logger whose answers get lost: nothing is sent twice, and
 * what is said afterwards is what the logger shows. Messages are written after the BMP5 manual, 2.3.2 to 2.3.4.
 */

#include "conversation.h"
#include "outcome.h"

#include "protocol/logger-changes.h"

#include <string.h>

#define MS 1000

/* 2026-02-19 00:00:00 */
#define BASE_S 1140307200

/* Clock */

static char *
hex_of_time (OpTime time)
{
  gint32 sec, nsec;

  op_time_to_parts (time, &sec, &nsec);
  return g_strdup_printf ("%02X %02X %02X %02X %02X %02X %02X %02X", (guint) sec >> 24 & 0xFF, (guint) sec >> 16 & 0xFF,
                          (guint) sec >> 8 & 0xFF, (guint) sec & 0xFF, (guint) nsec >> 24 & 0xFF,
                          (guint) nsec >> 16 & 0xFF, (guint) nsec >> 8 & 0xFF, (guint) nsec & 0xFF);
}

#define READ_CLOCK  "17 TT 12 34 00 00 00 00 00 00 00 00"
/* -10 s: floored seconds (pakbus-facts H3). */
#define TEN_BACK    "17 TT 12 34 FF FF FF F6 00 00 00 00"

static const OpTime clock_base = BASE_S * OP_SECOND + 123456789;

static OpClockReading
read_before (void)
{
  return (OpClockReading) { .logger_time = clock_base, .host_unix_us = g_get_real_time (), .round_trip_us = 1000 };
}

static void
adjust (Conversation *c, gint64 adjustment, const OpClockReading *before, Outcome *outcome)
{
  op_logger_adjust_clock_async (c->logger, adjustment, before, NULL, on_clock_adjusted_cb, outcome);
}

/* The clock as it is when @step has been added since @before. */
static void
send_clock (Conversation *c, const OpClockReading *before, gint64 step)
{
  OpTime now = before->logger_time + (g_get_real_time () - before->host_unix_us) * 1000 + step;
  g_autofree char *time = hex_of_time (now);

  send_message (c, "97 TT 00 %s", time);
}

static void
test_clock_adjusted (Conversation *c, gconstpointer data)
{
  OpClockReading before = read_before ();
  Outcome outcome = { 0 };

  /* -1.5 s is -2 s and 500,000,000 ns. */
  adjust (c, -3 * OP_SECOND / 2, &before, &outcome);
  expect_message (c, "17 TT 12 34 FF FF FF FE 1D CD 65 00");
  send_message (c, "97 TT 00 43 F7 94 00 00 00 00 05");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (((OpClockAdjustment *) outcome.pointer)->old_time, ==, 0x43F79400 * OP_SECOND + 5);
  clear_outcome (&outcome, g_free);
}

static void
test_clock_refused (Conversation *c, gconstpointer data)
{
  OpClockReading before = read_before ();
  Outcome outcome = { 0 };

  adjust (c, -10 * OP_SECOND, &before, &outcome);
  expect_message (c, TEN_BACK);
  send_message (c, "97 TT 01");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY);
  clear_outcome (&outcome, g_free);
}

/* What the clock shows after a lost answer, and what is said of it. */
typedef struct
{
  gint64 step; /* s that it moved */
  gint   error; /* -1: none */
} LostClock;

static const LostClock lost_clocks[] = {
  { -10, -1 },                          /* applied */
  { 0, OP_LOGGER_ERROR_NOT_DONE },
  { -20, OP_LOGGER_ERROR_UNCERTAIN },   /* the command came twice */
  { 3600, OP_LOGGER_ERROR_UNCERTAIN },  /* somebody else set it */
};

static void
test_clock_lost (Conversation *c, gconstpointer data)
{
  const LostClock *lost = data;
  OpClockReading before = read_before ();
  Outcome outcome = { 0 };
  guint8 number;

  adjust (c, -10 * OP_SECOND, &before, &outcome);
  expect_message (c, TEN_BACK);
  number = c->peer->number;
  expect_message (c, READ_CLOCK);
  /* The lost answer comes after all, too late: it is no answer to the reading. */
  send_message (c, "97 %02X 00 43 F7 94 00 00 00 00 05", number);
  send_clock (c, &before, lost->step * OP_SECOND);
  wait_for (&outcome.done);
  if (lost->error < 0)
    {
      g_assert_no_error (outcome.error);
      g_assert_cmpint (((OpClockAdjustment *) outcome.pointer)->old_time, ==, OP_TIME_UNKNOWN);
    }
  else
    g_assert_error (outcome.error, OP_LOGGER_ERROR, lost->error);
  clear_outcome (&outcome, g_free);
}

/* An adjustment within what can be measured: nobody can tell. */
static void
test_clock_lost_tiny (Conversation *c, gconstpointer data)
{
  OpClockReading before = read_before ();
  Outcome outcome = { 0 };

  before.round_trip_us = 3 * G_USEC_PER_SEC;
  adjust (c, OP_SECOND / 10, &before, &outcome);
  expect_message (c, "17 TT 12 34 00 00 00 00 05 F5 E1 00");
  expect_message (c, READ_CLOCK);
  send_clock (c, &before, 0);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNCERTAIN);
  clear_outcome (&outcome, g_free);
}

/* Silence: the adjustment is sent once, the reading as often as any. */
static void
test_clock_silence (Conversation *c, gconstpointer data)
{
  OpClockReading before = read_before ();
  Outcome outcome = { 0 };

  adjust (c, -10 * OP_SECOND, &before, &outcome);
  expect_message (c, TEN_BACK);
  for (guint i = 0; i < PEER_TRIES; i++)
    expect_message (c, READ_CLOCK);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNCERTAIN);
  clear_outcome (&outcome, g_free);
}

static void
test_clock_hang_up (Conversation *c, gconstpointer data)
{
  OpClockReading before = read_before ();
  Outcome outcome = { 0 };

  adjust (c, -10 * OP_SECOND, &before, &outcome);
  expect_message (c, TEN_BACK);
  op_transport_close (c->peer->far_end);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK);
  clear_outcome (&outcome, g_free);
}

/* Program */

#define STATISTICS "18 TT 12 34"

/* @state, @program and when it was compiled, s since 1990. */
static void
send_statistics (Conversation *c, guint state, const char *program, guint32 compiled)
{
  g_autofree char *name = hex_of_text (program);
  g_autofree char *time = hex_of_time (compiled * OP_SECOND);

  send_message (c, "98 TT 00 43 52 31 00 8D 09 34 36 00 %s %02X %s AB CD %s 4F 4B 00", name, state, name, time);
}

static void
test_program (Conversation *c, gconstpointer data)
{
  Outcome outcome = { 0 };
  OpProgramState *state;

  op_logger_read_program_async (c->logger, NULL, on_program_read_cb, &outcome);
  expect_message (c, STATISTICS);
  send_statistics (c, 2, "CPU:a.CR1", BASE_S);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  state = outcome.pointer;
  g_assert_cmpstr (state->os_version, ==, "CR1");
  g_assert_cmphex (state->os_signature, ==, 0x8D09);
  g_assert_cmpstr (state->serial_number, ==, "46");
  g_assert_cmpstr (state->power_up_program, ==, "CPU:a.CR1");
  g_assert_cmpuint (state->compile_state, ==, 2);
  g_assert_cmpstr (state->program, ==, "CPU:a.CR1");
  g_assert_cmphex (state->program_signature, ==, 0xABCD);
  g_assert_cmpint (state->compile_time, ==, BASE_S * OP_SECOND);
  g_assert_cmpstr (state->compile_result, ==, "OK");
  clear_outcome (&outcome, (GDestroyNotify) op_program_state_free);
}

/* "CPU:a.CR1" */
#define PROGRAM_HEX "43 50 55 3A 61 2E 43 52 31 00"

static void
control (Conversation *c, const char *name, OpFileCommand command, Outcome *outcome)
{
  op_logger_control_file_async (c->logger, name, command, NULL, on_file_controlled_cb, outcome);
}

/* Each of the fourteen goes out under its number of the manual. */
static void
test_control_numbers (Conversation *c, gconstpointer data)
{
  for (guint command = 1; command <= 14; command++)
    {
      gboolean is_run = command == 1 || command == 6 || command == 9 || command == 10 || command >= 13;
      const char *name = command == 9 ? "C.OBJ" : "CPU:a.CR1";
      g_autofree char *name_hex = hex_of_text (name);
      Outcome outcome = { 0 };

      control (c, name, command, &outcome);
      if (is_run)
        {
          expect_message (c, STATISTICS);
          send_statistics (c, 1, "CPU:old.CR1", BASE_S);
        }
      expect_message (c, "1E TT 12 34 %s %02X", name_hex, command);
      send_message (c, "9E TT 00 00 00");
      wait_for (&outcome.done);
      g_assert_no_error (outcome.error);
      g_assert_cmpuint (outcome.number, ==, 0);
    }
}

static void
test_control_refused (Conversation *c, gconstpointer data)
{
  static const struct
  {
    guint       code;
    gint        error;
    const char *words;
  } cases[] = {
    { 0x01, OP_LOGGER_ERROR_SECURITY, "permission denied" },
    { 0x0D, OP_LOGGER_ERROR_NAME, "invalid file name" },
    { 0x13, OP_LOGGER_ERROR_UNSUPPORTED, "unsupported FileCmd" },
    { 0x14, OP_LOGGER_ERROR_NO_ROOM, "directory full" },
    { 0x16, OP_LOGGER_ERROR_IN_USE, "file open" },
    { 0x17, OP_LOGGER_ERROR_IN_USE, "files open" },
    { 0x18, OP_LOGGER_ERROR_REFUSED, "incompatible format" },
    { 0x63, OP_LOGGER_ERROR_REFUSED, "code 99" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Outcome outcome = { 0 };

      control (c, "CPU:a.CR1", OP_FILE_COMMAND_DELETE, &outcome);
      expect_message (c, "1E TT 12 34 " PROGRAM_HEX " 04");
      send_message (c, "9E TT %02X 00 00", cases[i].code);
      wait_for (&outcome.done);
      g_assert_error (outcome.error, OP_LOGGER_ERROR, cases[i].error);
      g_assert_nonnull (strstr (outcome.error->message, cases[i].words));
      clear_outcome (&outcome, g_free);
    }
}

static void
test_hold_off (Conversation *c, gconstpointer data)
{
  Outcome outcome = { 0 };
  Outcome program = { 0 };
  gint64 begin;

  control (c, "CPU:a.CR1", OP_FILE_COMMAND_DELETE, &outcome);
  expect_message (c, "1E TT 12 34 " PROGRAM_HEX " 04");
  begin = g_get_monotonic_time ();
  send_message (c, "9E TT 00 00 01");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (outcome.number, ==, 1);
  op_logger_read_program_async (c->logger, NULL, on_program_read_cb, &program);
  expect_message (c, STATISTICS);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 990 * MS);
  send_statistics (c, 1, "CPU:a.CR1", BASE_S);
  wait_for (&program.done);
  clear_outcome (&program, (GDestroyNotify) op_program_state_free);
}

/* A request that waits because the logger asked for peace can still be cancelled. */
static void
test_hold_off_cancelled (Conversation *c, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { 0 };
  Outcome program = { 0 };

  control (c, "CPU:a.CR1", OP_FILE_COMMAND_DELETE, &outcome);
  expect_message (c, "1E TT 12 34 " PROGRAM_HEX " 04");
  send_message (c, "9E TT 00 00 3C");
  wait_for (&outcome.done);
  op_logger_read_program_async (c->logger, cancellable, on_program_read_cb, &program);
  g_cancellable_cancel (cancellable);
  wait_for (&program.done);
  g_assert_error (program.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  clear_outcome (&program, g_free);
}

/* A directory as the logger shows it after the answer was lost, and what is said then. */
typedef struct
{
  const char   *name;
  OpFileCommand command;
  const char   *entries; /* hex behind the version */
  gboolean      is_done;
} LostCommand;

#define DRIVE    "43 50 55 3A 00 00 07 6A 70 00 00 "
#define A_PLAIN  PROGRAM_HEX " 00 00 00 10 00 00 "
#define A_POWER  PROGRAM_HEX " 00 00 00 10 00 02 00 "

static const LostCommand lost_commands[] = {
  { "CPU:a.CR1", OP_FILE_COMMAND_DELETE, DRIVE, TRUE },
  { "CPU:a.CR1", OP_FILE_COMMAND_DELETE, DRIVE A_PLAIN, FALSE },
  { "CPU:A.cr1", OP_FILE_COMMAND_DELETE, DRIVE A_PLAIN, FALSE },
  { "CPU:a.CR1", OP_FILE_COMMAND_HIDE, DRIVE, TRUE },
  { "CPU:a.CR1", OP_FILE_COMMAND_HIDE, DRIVE A_PLAIN, FALSE },
  { "CPU:", OP_FILE_COMMAND_FORMAT, DRIVE, TRUE },
  { "CPU:", OP_FILE_COMMAND_FORMAT, DRIVE A_PLAIN, FALSE },
  { "USR:", OP_FILE_COMMAND_FORMAT, DRIVE A_PLAIN, TRUE },
  { "CPU:a.CR1", OP_FILE_COMMAND_SET_POWER_UP, DRIVE A_POWER, TRUE },
  { "CPU:a.CR1", OP_FILE_COMMAND_SET_POWER_UP, DRIVE A_PLAIN, FALSE },
  { "", OP_FILE_COMMAND_SET_POWER_UP, DRIVE A_PLAIN, TRUE },
  { "", OP_FILE_COMMAND_SET_POWER_UP, DRIVE A_POWER, FALSE },
};

static void
assert_decided (Outcome *outcome, gboolean is_done)
{
  wait_for (&outcome->done);
  if (is_done)
    g_assert_no_error (outcome->error);
  else
    g_assert_error (outcome->error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE);
  clear_outcome (outcome, g_free);
}

static void
test_directory_decides (Conversation *c, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (lost_commands); i++)
    {
      const LostCommand *lost = &lost_commands[i];
      g_autofree char *name = hex_of_text (lost->name);
      Outcome outcome = { 0 };

      control (c, lost->name, lost->command, &outcome);
      expect_message (c, "1E TT 12 34 %s %02X", name, (guint) lost->command);
      expect_message (c, "1D TT 12 34 2E 44 49 52 00 00 00 00 00 00 02 00");
      send_message (c, "9D TT 00 00 00 00 00 01 %s", lost->entries);
      assert_decided (&outcome, lost->is_done);
    }
}

static void
test_state_decides (Conversation *c, gconstpointer data)
{
  static const struct
  {
    OpFileCommand command;
    guint         state;
    gboolean      is_done;
  } cases[] = {
    { OP_FILE_COMMAND_STOP, 0, TRUE },         { OP_FILE_COMMAND_STOP, 1, FALSE },
    { OP_FILE_COMMAND_STOP_DELETE, 0, TRUE },  { OP_FILE_COMMAND_STOP_DELETE, 3, FALSE },
    { OP_FILE_COMMAND_PAUSE, 3, TRUE },        { OP_FILE_COMMAND_PAUSE, 1, FALSE },
    { OP_FILE_COMMAND_RESUME, 1, TRUE },       { OP_FILE_COMMAND_RESUME, 3, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Outcome outcome = { 0 };

      control (c, "", cases[i].command, &outcome);
      expect_message (c, "1E TT 12 34 00 %02X", (guint) cases[i].command);
      expect_message (c, STATISTICS);
      send_statistics (c, cases[i].state, "CPU:a.CR1", BASE_S);
      assert_decided (&outcome, cases[i].is_done);
    }
}

/* That a program runs says nothing: it must have been compiled since. */
static void
test_compiling_decides (Conversation *c, gconstpointer data)
{
  static const struct
  {
    const char *program;
    guint32     compiled;
    gboolean    is_done;
  } cases[] = {
    { "CPU:a.CR1", BASE_S + 5, TRUE },
    { "CPU:a.CR1", BASE_S, FALSE },
    { "CPU:b.CR1", BASE_S + 5, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Outcome outcome = { 0 };

      control (c, "CPU:a.CR1", OP_FILE_COMMAND_REPLACE, &outcome);
      expect_message (c, STATISTICS);
      send_statistics (c, 1, "CPU:a.CR1", BASE_S);
      expect_message (c, "1E TT 12 34 " PROGRAM_HEX " 0D");
      expect_message (c, STATISTICS);
      send_statistics (c, 1, cases[i].program, cases[i].compiled);
      assert_decided (&outcome, cases[i].is_done);
    }
}

static void
test_no_operating_system (Conversation *c, gconstpointer data)
{
  Outcome outcome = { 0 };

  control (c, "CPU:a.CR1", OP_FILE_COMMAND_NEW_OS, &outcome);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_REFUSED);
  g_assert_true (peer_is_idle (c->peer));
  clear_outcome (&outcome, g_free);
}

/* Tables */

static OpTable *
new_table (void)
{
  OpTableBuilder *builder = op_table_builder_new ("T", 1000, OP_TYPE_NSEC, 0, 60 * OP_SECOND);

  op_table_builder_add_field (builder, OP_TYPE_UINT2, FALSE, "V", "Smp", "", NULL, 0);
  return op_table_builder_finish (builder, 2, NULL);
}

static void
expect_collect (Conversation *c, const OpTable *table, guint mode, const char *parameters)
{
  expect_message (c, "09 TT 12 34 %02X 00 02 %02X %02X %s 00 00", mode, (guint) table->signature >> 8,
                  (guint) table->signature & 0xFF, parameters);
}

/* Record @number with @seconds after BASE_S. */
static void
send_record (Conversation *c, guint number, guint seconds)
{
  g_autofree char *time = hex_of_time ((BASE_S + seconds) * OP_SECOND);

  send_message (c, "89 TT 00 00 02 00 00 00 %02X 00 01 %s 00 07 00", number, time);
}

static void
send_no_record (Conversation *c)
{
  send_message (c, "89 TT 00 00 02 00 00 00 00 00 00 00");
}

static void
begin_reset (Conversation *c, OpTable *table, Outcome *outcome)
{
  op_logger_control_table_async (c->logger, table, OP_TABLE_COMMAND_RESET, NULL, on_table_controlled_cb, outcome);
  expect_collect (c, table, 5, "00 00 00 01");
  send_record (c, 9, 540);
  expect_message (c, "19 TT 12 34 01 54 00");
}

static void
test_reset (Conversation *c, gconstpointer data)
{
  g_autoptr (OpTable) table = new_table ();
  Outcome outcome = { 0 };

  begin_reset (c, table, &outcome);
  send_message (c, "99 TT 00");
  assert_decided (&outcome, TRUE);
}

static void
test_reset_refused (Conversation *c, gconstpointer data)
{
  static const struct
  {
    guint code;
    gint  error;
  } cases[] = {
    { 0x01, OP_LOGGER_ERROR_SECURITY },
    { 0x0F, OP_LOGGER_ERROR_REFUSED },
    { 0x10, OP_LOGGER_ERROR_NAME },
  };
  g_autoptr (OpTable) table = new_table ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Outcome outcome = { 0 };

      begin_reset (c, table, &outcome);
      send_message (c, "99 TT %02X", cases[i].code);
      wait_for (&outcome.done);
      g_assert_error (outcome.error, OP_LOGGER_ERROR, cases[i].error);
      clear_outcome (&outcome, g_free);
    }
}

static void
test_records_decide (Conversation *c, gconstpointer data)
{
  g_autoptr (OpTable) table = new_table ();
  Outcome outcome = { 0 };

  begin_reset (c, table, &outcome);
  expect_collect (c, table, 6, "00 00 00 09 00 00 00 0A");
  send_no_record (c);
  assert_decided (&outcome, TRUE);

  begin_reset (c, table, &outcome);
  expect_collect (c, table, 6, "00 00 00 09 00 00 00 0A");
  send_record (c, 9, 540);
  assert_decided (&outcome, FALSE);

  /* The same number, but of another time: counted anew. */
  begin_reset (c, table, &outcome);
  expect_collect (c, table, 6, "00 00 00 09 00 00 00 0A");
  send_record (c, 9, 1200);
  assert_decided (&outcome, TRUE);
}

static void
test_roll_over (Conversation *c, gconstpointer data)
{
  g_autoptr (OpTable) table = new_table ();
  Outcome outcome = { 0 };

  op_logger_control_table_async (c->logger, table, OP_TABLE_COMMAND_ROLL_OVER, NULL, on_table_controlled_cb, &outcome);
  expect_message (c, "19 TT 12 34 02 54 00");
  send_message (c, "99 TT 00");
  assert_decided (&outcome, TRUE);

  op_logger_control_table_async (c->logger, table, OP_TABLE_COMMAND_ROLL_OVER, NULL, on_table_controlled_cb, &outcome);
  expect_message (c, "19 TT 12 34 02 54 00");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNCERTAIN);
  clear_outcome (&outcome, g_free);
}

/* A family that can change nothing */

typedef OpLogger      DumbLogger;
typedef OpLoggerClass DumbLoggerClass;
static GType dumb_logger_get_type (void);
G_DEFINE_FINAL_TYPE (DumbLogger, dumb_logger, OP_TYPE_LOGGER)

static void
dumb_logger_class_init (DumbLoggerClass *klass)
{
}

static void
dumb_logger_init (DumbLogger *self)
{
}

static void
assert_unsupported (Outcome *outcome)
{
  wait_for (&outcome->done);
  g_assert_error (outcome->error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNSUPPORTED);
  clear_outcome (outcome, g_free);
}

static void
test_unsupported (void)
{
  g_autoptr (OpLogger) logger = g_object_new (dumb_logger_get_type (), NULL);
  g_autoptr (OpTable) table = new_table ();
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (GBytes) bytes = g_bytes_new ("\0\0\0\0", 4);
  g_autoptr (OpValueSpan) span = op_value_span_new ("T", "A", OP_TYPE_IEEE4, 1, 0);
  OpClockReading before = read_before ();
  Outcome outcome = { 0 };

  op_logger_adjust_clock_async (logger, OP_SECOND, &before, NULL, on_clock_adjusted_cb, &outcome);
  assert_unsupported (&outcome);
  op_logger_read_program_async (logger, NULL, on_program_read_cb, &outcome);
  assert_unsupported (&outcome);
  op_logger_list_files_async (logger, NULL, on_files_listed_cb, &outcome);
  assert_unsupported (&outcome);
  op_logger_get_file_async (logger, "f", content, 0, NULL, NULL, NULL, on_file_got_cb, &outcome);
  assert_unsupported (&outcome);
  op_logger_put_file_async (logger, "f", bytes, NULL, NULL, NULL, on_file_put_cb, &outcome);
  assert_unsupported (&outcome);
  op_logger_control_file_async (logger, "f", OP_FILE_COMMAND_DELETE, NULL, on_file_controlled_cb, &outcome);
  assert_unsupported (&outcome);
  op_logger_get_values_async (logger, span, NULL, on_values_got_cb, &outcome);
  assert_unsupported (&outcome);
  op_logger_set_values_async (logger, span, bytes, NULL, on_values_set_cb, &outcome);
  assert_unsupported (&outcome);
  op_logger_control_table_async (logger, table, OP_TABLE_COMMAND_RESET, NULL, on_table_controlled_cb, &outcome);
  assert_unsupported (&outcome);
}

#define ADD(name, test)                                                                                             \
  g_test_add ("/changes/" name, Conversation, NULL, conversation_set_up, test, conversation_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("clock/adjusted", test_clock_adjusted);
  ADD ("clock/refused", test_clock_refused);
  for (guint i = 0; i < G_N_ELEMENTS (lost_clocks); i++)
    {
      g_autofree char *name = g_strdup_printf ("/changes/clock/lost/%u", i);

      g_test_add (name, Conversation, &lost_clocks[i], conversation_set_up, test_clock_lost, conversation_tear_down);
    }
  ADD ("clock/lost-tiny", test_clock_lost_tiny);
  ADD ("clock/silence", test_clock_silence);
  ADD ("clock/hang-up", test_clock_hang_up);
  ADD ("program", test_program);
  ADD ("control/numbers", test_control_numbers);
  ADD ("control/refused", test_control_refused);
  ADD ("control/hold-off", test_hold_off);
  ADD ("control/hold-off-cancelled", test_hold_off_cancelled);
  ADD ("control/directory-decides", test_directory_decides);
  ADD ("control/state-decides", test_state_decides);
  ADD ("control/compiling-decides", test_compiling_decides);
  ADD ("control/no-operating-system", test_no_operating_system);
  ADD ("table/reset", test_reset);
  ADD ("table/reset-refused", test_reset_refused);
  ADD ("table/records-decide", test_records_decide);
  ADD ("table/roll-over", test_roll_over);
  g_test_add_func ("/changes/unsupported", test_unsupported);
  return g_test_run ();
}
