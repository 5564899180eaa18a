/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A PakBus logger's driver opens a scripted logger, and asks for its identity, clock and tables. Requests and answers
 * are bytes written after the BMP5 manual, sections 2.2 and 2.3, and pakbus-facts; our address is 4079 = FEF, the
 * logger's is 1.
 */

#include "logger-fixture.h"

#include <string.h>

#define MS 1000

/* Opening */

static void
test_open_wrong_address (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  gint64 begin = g_get_monotonic_time ();

  op_logger_open_async (f->base.logger, NULL, on_opened_cb, &outcome);
  peer_expect (f->base.peer, RING);
  peer_send (f->base.peer, "9F EF 50 2A 0F EF 00 2A 09 07 00 02 07 08");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_NODE);
  g_assert_nonnull (strstr (outcome.error->message, "42"));
  g_assert_cmpstr (f->steps->str, ==, "connect+ connect! answer+ address+ answer! addressx ");
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_USEC_PER_SEC);
  g_queue_clear_full (&f->base.peer->packets, (GDestroyNotify) g_bytes_unref);
}

static void
test_open_silence (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  gint64 begin = g_get_monotonic_time ();

  op_logger_open_async (f->base.logger, NULL, on_opened_cb, &outcome);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
  g_assert_cmpstr (f->steps->str, ==, "connect+ connect! answer+ address+ answerx ");
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 3 * G_USEC_PER_SEC);
  g_queue_clear_full (&f->base.peer->packets, (GDestroyNotify) g_bytes_unref);
}

static void
test_open_garbage (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  op_logger_open_async (f->base.logger, NULL, on_opened_cb, &outcome);
  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (GBytes) packet = peer_take (f->base.peer);

      peer_send_raw (f->base.peer, "BD 00 78 F8 80 F8 78 BD");
    }
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
  g_queue_clear_full (&f->base.peer->packets, (GDestroyNotify) g_bytes_unref);
}

static void
test_open_hang_up (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  op_logger_open_async (f->base.logger, NULL, on_opened_cb, &outcome);
  peer_expect (f->base.peer, RING);
  op_transport_close (f->base.peer->far_end);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK);
}

static void
test_open_cancelled (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gint64 begin;

  op_logger_open_async (f->base.logger, cancellable, on_opened_cb, &outcome);
  peer_expect (f->base.peer, RING);
  peer_send (f->base.peer, READY);
  peer_expect (f->base.peer, HELLO);
  begin = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 200 * MS);
  peer_expect (f->base.peer, "AF FF 1F EF 0F FF 0F EF 0D 00");
  peer_expect (f->base.peer, "B0 01 0F EF");
}

/* Identity: the text of a real CR1000's answer (issue of PyCampbellCR1000) in a shorter form */

#define STATISTICS_COMMAND TO_LOGGER "18 TT 12 34"
#define NAME_COMMAND                                                                                                \
  TO_LOGGER "1A TT 12 34 53 74 61 74 75 73 00 0B 53 74 61 74 69 6F 6E 4E 61 6D 65 00 00 40"

static void
send_statistics (Fixture *f)
{
  peer_send (f->base.peer, FROM_LOGGER "98 TT 00 "
                                  "43 52 31 30 30 30 2E 53 74 64 2E 32 34 00 " /* CR1000.Std.24 */
                                  "8D 09 34 36 36 38 00 43 50 55 3A 61 2E 43 52 31 00 01 "
                                  "43 50 55 3A 61 2E 43 52 31 00 AB CD 2A 72 AB 30 00 00 00 00 "
                                  "4F 4B 0D 0A 00");
}

static void
test_identify (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  op_logger_identify_async (f->base.logger, NULL, on_identified_cb, &outcome);
  peer_expect (f->base.peer, STATISTICS_COMMAND);
  send_statistics (f);
  peer_expect (f->base.peer, NAME_COMMAND);
  peer_send (f->base.peer, FROM_LOGGER "9A TT 00 48 75 74 00 00 00 00");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (outcome.identity->family, ==, "pakbus");
  g_assert_cmpstr (outcome.identity->model, ==, "CR1000");
  g_assert_cmpstr (outcome.identity->os_version, ==, "CR1000.Std.24");
  g_assert_cmpstr (outcome.identity->serial_number, ==, "4668");
  g_assert_cmpstr (outcome.identity->station_name, ==, "Hut");
  g_assert_cmpstr (outcome.identity->program, ==, "CPU:a.CR1");
  g_assert_cmpuint (outcome.identity->program_signature, ==, 0xABCD);
  g_assert_cmpuint (outcome.identity->compile_state, ==, 1);
  g_assert_cmpstr (outcome.identity->compile_result, ==, "OK\r\n");
  g_assert_cmpuint (outcome.identity->pakbus_address, ==, 1);
  g_assert_cmpstr (f->steps->str, ==, "security+ security! identity! ");
}

static void
test_identify_without_name (Fixture *f, gconstpointer data)
{
  static const char *const answers[] = {
    FROM_LOGGER "9A TT 10",
    FROM_LOGGER "9A TT 01",
    FROM_LOGGER "9A TT",
    "AF EF 00 01 0F EF 00 01 81 00 04 10 01 0F EF 1A TT",
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      op_logger_identify_async (f->base.logger, NULL, on_identified_cb, &outcome);
      peer_expect (f->base.peer, STATISTICS_COMMAND);
      send_statistics (f);
      peer_expect (f->base.peer, NAME_COMMAND);
      peer_send (f->base.peer, answers[i]);
      wait_for (&outcome.done);
      g_assert_no_error (outcome.error);
      g_assert_cmpstr (outcome.identity->station_name, ==, "");
    }
}

static void
test_wrong_security (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  op_logger_identify_async (f->base.logger, NULL, on_identified_cb, &outcome);
  peer_expect (f->base.peer, STATISTICS_COMMAND);
  peer_send (f->base.peer, FROM_LOGGER "98 TT 01");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY);
  g_assert_cmpstr (f->steps->str, ==, "security+ securityx ");
}

/* Clock */

static void
read_clock (Fixture *f, const char *answer, Outcome *outcome)
{
  op_logger_read_clock_async (f->base.logger, NULL, on_clock_read_cb, outcome);
  peer_expect (f->base.peer, TO_LOGGER "17 TT 12 34 00 00 00 00 00 00 00 00");
  peer_send (f->base.peer, answer);
  wait_for (&outcome->done);
}

static void
test_clock (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  gint64 before = g_get_real_time ();

  /* pyc_clock_resp_rx: 712143626 s and 990000000 ns */
  read_clock (f, FROM_LOGGER "97 TT 00 2A 72 73 0A 3B 02 33 80", &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (outcome.clock->logger_time, ==, 712143626 * OP_SECOND + 990000000);
  g_assert_cmpint (outcome.clock->resolution_us, ==, 0);
  g_assert_cmpint (outcome.clock->round_trip_us, >, 0);
  g_assert_cmpint (outcome.clock->host_unix_us, >=, before);
  g_assert_cmpint (outcome.clock->host_unix_us, <=, g_get_real_time ());
  g_assert_cmpstr (f->steps->str, ==, "clock+ clock! ");
}

static void
test_clock_of_whole_seconds (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  /* manual_clock_response: the nanoseconds are nonsense */
  read_clock (f, FROM_LOGGER "97 TT 00 1B FA 2A 61 C8 00 00 00", &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (outcome.clock->logger_time, ==, 0x1BFA2A61 * OP_SECOND);
  g_assert_cmpint (outcome.clock->resolution_us, ==, G_USEC_PER_SEC);
}

static void
test_clock_errors (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char   *answer;
    OpLoggerError error;
  } cases[] = {
    { FROM_LOGGER "97 TT 01", OP_LOGGER_ERROR_SECURITY },
    { FROM_LOGGER "97 TT 00 1B FA", OP_LOGGER_ERROR_DATA },
    { FROM_LOGGER "97 TT 02", OP_LOGGER_ERROR_NO_ROOM },
    { "AF EF 00 01 0F EF 00 01 81 00 01 10 01 0F EF 17 TT", OP_LOGGER_ERROR_NO_NODE },
    { "AF EF 00 01 0F EF 00 01 81 00 02 10 01 0F EF 17 TT", OP_LOGGER_ERROR_UNSUPPORTED },
    { "AF EF 00 01 0F EF 00 01 81 00 04 10 01 0F EF 17 TT", OP_LOGGER_ERROR_UNSUPPORTED },
    { "AF EF 00 01 0F EF 00 01 81 00 05 10 01 0F EF 17 TT", OP_LOGGER_ERROR_REFUSED },
    { "AF EF 00 01 0F EF 00 01 81 00 06 10 01 0F EF 17 TT", OP_LOGGER_ERROR_LINK },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      read_clock (f, cases[i].answer, &outcome);
      g_assert_error (outcome.error, OP_LOGGER_ERROR, (gint) cases[i].error);
    }
}

/* Table definitions */

#define UPLOAD(offset) TO_LOGGER "1D TT 12 34 2E 54 44 46 00 00 " offset " 02 00"

/* @length bytes of a definitions file from @offset on, as an answer. */
static void
send_fragment (Fixture *f, const GByteArray *file, guint32 offset, gsize length)
{
  g_autoptr (GString) hex = g_string_new (FROM_LOGGER "9D TT 00 ");

  append_uint4 (hex, offset);
  for (gsize i = offset; i < offset + length; i++)
    g_string_append_printf (hex, "%02X ", file->data[i]);
  peer_send (f->base.peer, hex->str);
}

/* A file that takes two fragments. */
static GByteArray *
new_definitions_file (void)
{
  OpTableBuilder *builder = op_table_builder_new ("Long", 10, OP_TYPE_NSEC, 0, OP_SECOND);
  g_autoptr (OpTable) table = NULL;
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) "\1", 1);
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("Field_%02u", i);

      op_table_builder_add_field (builder, OP_TYPE_FP2, FALSE, name, "", "", NULL, 0);
    }
  table = op_table_builder_finish (builder, 1, NULL);
  g_byte_array_append (file, g_bytes_get_data (table->definition, NULL), (guint) g_bytes_get_size (table->definition));
  g_assert_cmpuint (file->len, >, 512);
  g_assert_cmpuint (file->len, <, 1000);
  return file;
}

static void
test_tables (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) file = new_definitions_file ();
  g_auto (Outcome) outcome = { 0 };
  guint8 number;

  op_logger_read_tables_async (f->base.logger, NULL, on_tables_read_cb, &outcome);
  peer_expect (f->base.peer, UPLOAD ("00 00 00 00"));
  number = f->base.peer->number;
  send_fragment (f, file, 0, 512);
  peer_expect (f->base.peer, UPLOAD ("00 00 02 00"));
  g_assert_cmpuint (f->base.peer->number, ==, number);
  /* The first fragment once more, as after a retry: it does not count. */
  send_fragment (f, file, 0, 512);
  send_fragment (f, file, 512, file->len - 512);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (outcome.tables->len, ==, 1);
  g_assert_cmpstr (((OpTable *) outcome.tables->pdata[0])->name, ==, "Long");
  g_assert_cmpuint (((OpTable *) outcome.tables->pdata[0])->n_fields, ==, 30);
  g_assert_cmpstr (f->steps->str, ==, "tables+ tables! ");
}

static void
test_tables_of_full_fragments (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) file = new_definitions_file ();
  g_auto (Outcome) outcome = { 0 };

  /* Two fragments that are full, then an empty one; the file is damaged by what fills it up. */
  g_byte_array_set_size (file, 1024);
  memset (file->data + 1000, 'x', 24);
  op_logger_read_tables_async (f->base.logger, NULL, on_tables_read_cb, &outcome);
  peer_expect (f->base.peer, UPLOAD ("00 00 00 00"));
  send_fragment (f, file, 0, 512);
  peer_expect (f->base.peer, UPLOAD ("00 00 02 00"));
  send_fragment (f, file, 512, 512);
  peer_expect (f->base.peer, UPLOAD ("00 00 04 00"));
  send_fragment (f, file, 1024, 0);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DEFINITIONS);
  g_assert_cmpstr (f->steps->str, ==, "tables+ tablesx ");
}

static void
test_tables_refused (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  op_logger_read_tables_async (f->base.logger, NULL, on_tables_read_cb, &outcome);
  peer_expect (f->base.peer, UPLOAD ("00 00 00 00"));
  peer_send (f->base.peer, FROM_LOGGER "9D TT 01 00 00 00 00");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY);
}

#define ADD(name, setup, test) g_test_add ("/logger/" name, Fixture, NULL, setup, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("open/wrong-address", set_up_closed, test_open_wrong_address);
  ADD ("open/silence", set_up_closed, test_open_silence);
  ADD ("open/garbage", set_up_closed, test_open_garbage);
  ADD ("open/hang-up", set_up_closed, test_open_hang_up);
  ADD ("open/cancelled", set_up_closed, test_open_cancelled);
  ADD ("identify", set_up, test_identify);
  ADD ("identify/no-name", set_up, test_identify_without_name);
  ADD ("identify/security", set_up, test_wrong_security);
  ADD ("clock", set_up, test_clock);
  ADD ("clock/seconds", set_up, test_clock_of_whole_seconds);
  ADD ("clock/errors", set_up, test_clock_errors);
  ADD ("tables", set_up, test_tables);
  ADD ("tables/full-fragments", set_up, test_tables_of_full_fragments);
  ADD ("tables/refused", set_up, test_tables_refused);
  return g_test_run ();
}
