/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Conversations of a PakBus logger's driver with a scripted logger. Requests and answers are bytes written after the
 * BMP5 manual, sections 2.2 and 2.3, and pakbus-facts; our address is 4079 = FEF, the logger's is 1.
 */

#include "peer.h"

#include "protocol/pakbus/pak-logger.h"
#include "protocol/pakbus/error.h"

#include <string.h>

#define MS 1000

#define RING           "90 01 0F EF"
#define READY          "AF EF 00 01"
#define HELLO          "A0 01 5F EF 00 01 0F EF 09 TT 00 02 FF FE"
#define HELLO_RESPONSE "AF EF 00 01 0F EF 00 01 89 TT 00 02 FF FE"
#define TO_LOGGER      "A0 01 5F EF 10 01 0F EF "
#define FROM_LOGGER    "AF EF 00 01 1F EF 00 01 "

/* 2026-02-19 00:00:00, a time of day that every table here keeps to. */
#define BASE_S 1140307200

typedef struct
{
  Peer     *peer;
  OpLogger *logger;
  GString  *steps; /* "connect+ connect! …": + running, ! done, x failed */
  OpTable  *table;
  GString  *records; /* "first*count@seconds since BASE_S " of what was collected */
  guint64   done;
  guint64   expected;
  gboolean  refuses;
} Fixture;

typedef struct
{
  gboolean        done;
  gboolean        succeeded;
  OpIdentity     *identity;
  OpClockReading *clock;
  OpTableState   *state;
  GPtrArray      *tables;
  GError         *error;
} Outcome;

static void
clear_outcome (Outcome *outcome)
{
  g_clear_pointer (&outcome->identity, op_identity_free);
  g_clear_pointer (&outcome->clock, g_free);
  g_clear_pointer (&outcome->state, g_free);
  g_clear_pointer (&outcome->tables, g_ptr_array_unref);
  g_clear_error (&outcome->error);
  *outcome = (Outcome) { 0 };
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, clear_outcome)

static void
on_step_cb (OpLogger *logger, OpLoggerStep step, OpStepState state, const char *detail, gpointer data)
{
  static const char *const names[] = { "connect", "answer", "address", "security", "identity", "clock", "tables" };

  g_assert_nonnull (detail);
  g_string_append_printf (data, "%s%c ", names[step], "+!x"[state]);
}

#define DEFINE_CALLBACK(name, statement)                                                                            \
  static void on_##name##_cb (GObject *source, GAsyncResult *result, gpointer data)                                 \
  {                                                                                                                 \
    OpLogger *logger = OP_LOGGER (source);                                                                          \
    Outcome *outcome = data;                                                                                        \
                                                                                                                    \
    g_assert_false (outcome->done);                                                                                 \
    statement;                                                                                                      \
    outcome->done = TRUE;                                                                                           \
  }

DEFINE_CALLBACK (opened, outcome->succeeded = op_logger_open_finish (logger, result, &outcome->error))
DEFINE_CALLBACK (identified, outcome->identity = op_logger_identify_finish (logger, result, &outcome->error))
DEFINE_CALLBACK (clock_read, outcome->clock = op_logger_read_clock_finish (logger, result, &outcome->error))
DEFINE_CALLBACK (tables_read, outcome->tables = op_logger_read_tables_finish (logger, result, &outcome->error))
DEFINE_CALLBACK (state_read, outcome->state = op_logger_read_table_state_finish (logger, result, &outcome->error))
DEFINE_CALLBACK (collected, outcome->succeeded = op_logger_collect_finish (logger, result, &outcome->error))

/* A table of one UInt2; a record's value is its number's low half. */
static OpTable *
new_table (guint32 size, OpTime interval)
{
  OpTableBuilder *builder = op_table_builder_new ("T", size, OP_TYPE_NSEC, 0, interval);
  g_autoptr (GError) error = NULL;
  OpTable *table;

  op_table_builder_add_field (builder, OP_TYPE_UINT2, FALSE, "V", "Smp", "", NULL, 0);
  table = op_table_builder_finish (builder, 2, &error);
  g_assert_no_error (error);
  return table;
}

static void
set_up_closed (Fixture *f, gconstpointer data)
{
  f->peer = peer_new ();
  f->logger = pak_logger_new (f->peer->near_end, 1, 0, 0x1234);
  f->steps = g_string_new (NULL);
  f->records = g_string_new (NULL);
  f->table = new_table (1000, 60 * OP_SECOND);
  g_signal_connect (f->logger, "step", G_CALLBACK (on_step_cb), f->steps);
  pak_logger_set_first_timeout (PAK_LOGGER (f->logger), 60 * MS);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  set_up_closed (f, data);
  op_logger_open_async (f->logger, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, RING);
  peer_send (f->peer, READY);
  peer_expect (f->peer, HELLO);
  peer_send (f->peer, HELLO_RESPONSE);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_true (outcome.succeeded);
  g_assert_cmpstr (f->steps->str, ==, "connect+ connect! answer+ answer! address+ answer! address! ");
  g_string_truncate (f->steps, 0);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_true (peer_is_idle (f->peer));
  g_object_add_weak_pointer (G_OBJECT (f->logger), (gpointer *) &f->logger);
  g_object_unref (f->logger);
  g_assert_null (f->logger);
  g_string_free (f->steps, TRUE);
  g_string_free (f->records, TRUE);
  op_table_unref (f->table);
  peer_free (f->peer);
}

static void
use_table (Fixture *f, OpTable *table)
{
  op_table_unref (f->table);
  f->table = table;
}

/* Collecting: what is expected and sent */

/* A Collect Data Command of @mode with P1 and P2 as hex. */
static void
expect_collect (Fixture *f, guint mode, const char *parameters)
{
  g_autofree char *hex
      = g_strdup_printf (TO_LOGGER "09 TT 12 34 %02X 00 02 %02X %02X %s 00 00", mode, (guint) f->table->signature >> 8,
                         (guint) f->table->signature & 0xFF, parameters);

  peer_expect (f->peer, hex);
}

static void
append_uint4 (GString *hex, guint32 value)
{
  g_string_append_printf (hex, "%02X %02X %02X %02X ", value >> 24, value >> 16 & 0xFF, value >> 8 & 0xFF, value & 0xFF);
}

static void
append_stamp (GString *hex, guint32 seconds)
{
  append_uint4 (hex, BASE_S + seconds);
  append_uint4 (hex, 0);
}

/* Records of the table in use, @seconds after BASE_S. */
static void
send_records (Fixture *f, guint32 first, guint count, guint32 seconds)
{
  g_autoptr (GString) hex = g_string_new (FROM_LOGGER "89 TT 00 00 02 ");
  gboolean is_event = op_table_is_event (f->table);

  append_uint4 (hex, first);
  g_string_append_printf (hex, "%02X %02X ", count >> 8, count & 0xFF);
  for (guint i = 0; i < count; i++)
    {
      if (i == 0 || is_event)
        append_stamp (hex, seconds + 7 * i);
      g_string_append_printf (hex, "%02X %02X ", (first + i) >> 8 & 0xFF, (first + i) & 0xFF);
    }
  g_string_append (hex, "FF");
  peer_send (f->peer, hex->str);
}

static void
send_nothing (Fixture *f)
{
  peer_send (f->peer, FROM_LOGGER "89 TT 00 00 02 00 00 00 00 00 00 00");
}

static gboolean
take_records (const OpChunk *chunk, gpointer data, GError **error)
{
  Fixture *f = data;
  const guint8 *bytes = g_bytes_get_data (chunk->payload, NULL);
  gboolean is_event = op_table_is_event (f->table);

  if (f->refuses)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The disk is full");
      return FALSE;
    }
  g_string_append_printf (f->records, "%u*%u@%" G_GINT64_FORMAT " ", chunk->first, chunk->count,
                          chunk->first_time / OP_SECOND - BASE_S);
  for (guint32 i = 0; i < chunk->count; i++)
    {
      const guint8 *value = bytes + (is_event ? i * 10 + 8 : i * 2);

      g_assert_cmpuint (value[0] << 8 | value[1], ==, (chunk->first + i) & 0xFFFF);
    }
  return TRUE;
}

static void
take_progress (guint64 done, guint64 expected, gpointer data)
{
  Fixture *f = data;

  g_assert_cmpuint (done, <=, expected);
  f->done = done;
  f->expected = expected;
}

static void
collect (Fixture *f, const OpCollectRange *range, GCancellable *cancellable, Outcome *outcome)
{
  op_logger_collect_async (f->logger, f->table, range, take_records, take_progress, f, cancellable, on_collected_cb,
                           outcome);
}

/* The newest record is asked for first, and is number 9 at 540 s if nothing else is said. */
static void
send_newest (Fixture *f, guint32 newest, guint32 seconds)
{
  expect_collect (f, 5, "00 00 00 01");
  send_records (f, newest, 1, seconds);
}

static void
assert_collected (Fixture *f, Outcome *outcome, const char *records)
{
  wait_for (&outcome->done);
  g_assert_no_error (outcome->error);
  g_assert_true (outcome->succeeded);
  g_assert_cmpstr (f->records->str, ==, records);
  g_assert_cmpuint (f->done, ==, f->expected);
}

static const OpCollectRange all = { .mode = OP_COLLECT_ALL };

/* A frame that is damaged makes the link noisy. */
static void
make_noise (Fixture *f)
{
  peer_send_raw (f->peer, "BD AF EF 00 01 00 00 BD");
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Opening */

static void
test_open_wrong_address (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  gint64 begin = g_get_monotonic_time ();

  op_logger_open_async (f->logger, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, RING);
  peer_send (f->peer, "9F EF 50 2A 0F EF 00 2A 09 07 00 02 07 08");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_NODE);
  g_assert_nonnull (strstr (outcome.error->message, "42"));
  g_assert_cmpstr (f->steps->str, ==, "connect+ connect! answer+ address+ answer! addressx ");
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_USEC_PER_SEC);
  g_queue_clear_full (&f->peer->packets, (GDestroyNotify) g_bytes_unref);
}

static void
test_open_silence (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  gint64 begin = g_get_monotonic_time ();

  op_logger_open_async (f->logger, NULL, on_opened_cb, &outcome);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
  g_assert_cmpstr (f->steps->str, ==, "connect+ connect! answer+ address+ answerx ");
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 3 * G_USEC_PER_SEC);
  g_queue_clear_full (&f->peer->packets, (GDestroyNotify) g_bytes_unref);
}

static void
test_open_garbage (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  op_logger_open_async (f->logger, NULL, on_opened_cb, &outcome);
  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (GBytes) packet = peer_take (f->peer);

      peer_send_raw (f->peer, "BD 00 78 F8 80 F8 78 BD");
    }
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
  g_queue_clear_full (&f->peer->packets, (GDestroyNotify) g_bytes_unref);
}

static void
test_open_hang_up (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  op_logger_open_async (f->logger, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, RING);
  op_transport_close (f->peer->far_end);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK);
}

static void
test_open_cancelled (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gint64 begin;

  op_logger_open_async (f->logger, cancellable, on_opened_cb, &outcome);
  peer_expect (f->peer, RING);
  peer_send (f->peer, READY);
  peer_expect (f->peer, HELLO);
  begin = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 200 * MS);
  peer_expect (f->peer, "AF FF 1F EF 0F FF 0F EF 0D 00");
  peer_expect (f->peer, "B0 01 0F EF");
}

/* Identity: the text of a real CR1000's answer (issue of PyCampbellCR1000) in a shorter form */

#define STATISTICS_COMMAND TO_LOGGER "18 TT 12 34"
#define NAME_COMMAND                                                                                                \
  TO_LOGGER "1A TT 12 34 53 74 61 74 75 73 00 0B 53 74 61 74 69 6F 6E 4E 61 6D 65 00 00 40"

static void
send_statistics (Fixture *f)
{
  peer_send (f->peer, FROM_LOGGER "98 TT 00 "
                                  "43 52 31 30 30 30 2E 53 74 64 2E 32 34 00 " /* CR1000.Std.24 */
                                  "8D 09 34 36 36 38 00 43 50 55 3A 61 2E 43 52 31 00 01 "
                                  "43 50 55 3A 61 2E 43 52 31 00 AB CD 2A 72 AB 30 00 00 00 00 "
                                  "4F 4B 0D 0A 00");
}

static void
test_identify (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  op_logger_identify_async (f->logger, NULL, on_identified_cb, &outcome);
  peer_expect (f->peer, STATISTICS_COMMAND);
  send_statistics (f);
  peer_expect (f->peer, NAME_COMMAND);
  peer_send (f->peer, FROM_LOGGER "9A TT 00 48 75 74 00 00 00 00");
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

      op_logger_identify_async (f->logger, NULL, on_identified_cb, &outcome);
      peer_expect (f->peer, STATISTICS_COMMAND);
      send_statistics (f);
      peer_expect (f->peer, NAME_COMMAND);
      peer_send (f->peer, answers[i]);
      wait_for (&outcome.done);
      g_assert_no_error (outcome.error);
      g_assert_cmpstr (outcome.identity->station_name, ==, "");
    }
}

static void
test_wrong_security (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  op_logger_identify_async (f->logger, NULL, on_identified_cb, &outcome);
  peer_expect (f->peer, STATISTICS_COMMAND);
  peer_send (f->peer, FROM_LOGGER "98 TT 01");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY);
  g_assert_cmpstr (f->steps->str, ==, "security+ securityx ");
}

/* Clock */

static void
read_clock (Fixture *f, const char *answer, Outcome *outcome)
{
  op_logger_read_clock_async (f->logger, NULL, on_clock_read_cb, outcome);
  peer_expect (f->peer, TO_LOGGER "17 TT 12 34 00 00 00 00 00 00 00 00");
  peer_send (f->peer, answer);
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
  peer_send (f->peer, hex->str);
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

  op_logger_read_tables_async (f->logger, NULL, on_tables_read_cb, &outcome);
  peer_expect (f->peer, UPLOAD ("00 00 00 00"));
  number = f->peer->number;
  send_fragment (f, file, 0, 512);
  peer_expect (f->peer, UPLOAD ("00 00 02 00"));
  g_assert_cmpuint (f->peer->number, ==, number);
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
  op_logger_read_tables_async (f->logger, NULL, on_tables_read_cb, &outcome);
  peer_expect (f->peer, UPLOAD ("00 00 00 00"));
  send_fragment (f, file, 0, 512);
  peer_expect (f->peer, UPLOAD ("00 00 02 00"));
  send_fragment (f, file, 512, 512);
  peer_expect (f->peer, UPLOAD ("00 00 04 00"));
  send_fragment (f, file, 1024, 0);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DEFINITIONS);
  g_assert_cmpstr (f->steps->str, ==, "tables+ tablesx ");
}

static void
test_tables_refused (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  op_logger_read_tables_async (f->logger, NULL, on_tables_read_cb, &outcome);
  peer_expect (f->peer, UPLOAD ("00 00 00 00"));
  peer_send (f->peer, FROM_LOGGER "9D TT 01 00 00 00 00");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY);
}

/* State */

static void
test_state (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  g_auto (Outcome) empty = { 0 };

  op_logger_read_table_state_async (f->logger, f->table, NULL, on_state_read_cb, &outcome);
  send_newest (f, 70000, 600);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_false (outcome.state->empty);
  g_assert_cmpuint (outcome.state->newest, ==, 70000);
  g_assert_cmpint (outcome.state->newest_time, ==, (BASE_S + 600) * OP_SECOND);

  op_logger_read_table_state_async (f->logger, f->table, NULL, on_state_read_cb, &empty);
  expect_collect (f, 5, "00 00 00 01");
  send_nothing (f);
  wait_for (&empty.done);
  g_assert_no_error (empty.error);
  g_assert_true (empty.state->empty);
}

/* Collecting */

static void
test_collect_all (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  collect (f, &all, NULL, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 3, "");
  send_records (f, 2, 3, 120);
  expect_collect (f, 6, "00 00 00 05 00 00 00 0A");
  send_records (f, 5, 4, 300);
  expect_collect (f, 6, "00 00 00 09 00 00 00 0A");
  send_records (f, 9, 1, 540);
  assert_collected (f, &outcome, "2*3@120 5*4@300 9*1@540 ");
  g_assert_cmpuint (f->done, ==, 8);
}

static void
test_collect_windows (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  /* 490 records of two bytes and what goes with them fill a packet of 1000 bytes. */
  collect (f, &all, NULL, &outcome);
  send_newest (f, 999, 60 * 999);
  expect_collect (f, 3, "");
  send_records (f, 0, 100, 0);
  expect_collect (f, 6, "00 00 00 64 00 00 02 4E");
  send_records (f, 100, 490, 6000);
  expect_collect (f, 6, "00 00 02 4E 00 00 03 E8");
  send_records (f, 590, 410, 60 * 590);
  assert_collected (f, &outcome, "0*100@0 100*490@6000 590*410@35400 ");
}

static void
test_collect_empty (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  collect (f, &all, NULL, &outcome);
  expect_collect (f, 5, "00 00 00 01");
  /* Some send no block at all (pakbus-facts E4). */
  peer_send (f->peer, FROM_LOGGER "89 TT 00 00");
  assert_collected (f, &outcome, "");
}

static void
test_collect_from (Fixture *f, gconstpointer data)
{
  const OpCollectRange from = { .mode = OP_COLLECT_FROM, .a = 7 };
  const OpCollectRange newer = { .mode = OP_COLLECT_FROM, .a = 10 };
  g_auto (Outcome) outcome = { 0 };
  g_auto (Outcome) nothing = { 0 };

  collect (f, &from, NULL, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 4, "00 00 00 07");
  send_records (f, 7, 3, 420);
  assert_collected (f, &outcome, "7*3@420 ");

  collect (f, &newer, NULL, &nothing);
  send_newest (f, 9, 540);
  assert_collected (f, &nothing, "7*3@420 ");
}

/* The ring memory has overwritten 7 to 39: this is read twice, as it is not what was expected. */
static void
test_collect_overwritten (Fixture *f, gconstpointer data)
{
  const OpCollectRange from = { .mode = OP_COLLECT_FROM, .a = 7 };
  g_auto (Outcome) outcome = { 0 };

  collect (f, &from, NULL, &outcome);
  send_newest (f, 49, 49 * 60);
  expect_collect (f, 4, "00 00 00 07");
  send_records (f, 40, 5, 40 * 60);
  expect_collect (f, 6, "00 00 00 28 00 00 00 2D");
  send_records (f, 40, 5, 40 * 60);
  expect_collect (f, 6, "00 00 00 2D 00 00 00 32");
  send_records (f, 45, 5, 45 * 60);
  assert_collected (f, &outcome, "40*5@2400 45*5@2700 ");
}

/* While one collects slowly, memory is overwritten right behind: what both readings have is taken. */
static void
test_collect_overwritten_meanwhile (Fixture *f, gconstpointer data)
{
  const OpCollectRange range = { .mode = OP_COLLECT_RECORDS, .a = 10, .b = 2000 };
  g_auto (Outcome) outcome = { 0 };

  collect (f, &range, NULL, &outcome);
  send_newest (f, 999, 999 * 60);
  expect_collect (f, 6, "00 00 00 0A 00 00 03 E8");
  send_records (f, 10, 10, 600);
  /* 20 to 509 are gone: no records, read twice; then all there are. */
  expect_collect (f, 6, "00 00 00 14 00 00 01 FE");
  send_nothing (f);
  expect_collect (f, 6, "00 00 00 14 00 00 01 FE");
  send_nothing (f);
  expect_collect (f, 6, "00 00 00 14 00 00 03 E8");
  send_records (f, 600, 200, 36000);
  expect_collect (f, 6, "00 00 02 58 00 00 03 20");
  send_records (f, 605, 195, 36300);
  expect_collect (f, 6, "00 00 03 20 00 00 03 E8");
  send_records (f, 800, 200, 48000);
  assert_collected (f, &outcome, "10*10@600 605*195@36300 800*200@48000 ");
}

static void
test_collect_last (Fixture *f, gconstpointer data)
{
  const OpCollectRange last = { .mode = OP_COLLECT_LAST, .a = 3 };
  const OpCollectRange more_than_there_are = { .mode = OP_COLLECT_LAST, .a = 100 };
  g_auto (Outcome) outcome = { 0 };
  g_auto (Outcome) whole = { 0 };

  collect (f, &last, NULL, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 4, "00 00 00 07");
  send_records (f, 7, 3, 420);
  assert_collected (f, &outcome, "7*3@420 ");

  collect (f, &more_than_there_are, NULL, &whole);
  send_newest (f, 2, 120);
  expect_collect (f, 4, "FF FF FF 9F");
  send_records (f, 0, 3, 0);
  expect_collect (f, 6, "00 00 00 00 00 00 00 03");
  send_records (f, 0, 3, 0);
  assert_collected (f, &whole, "7*3@420 0*3@0 ");
}

static void
test_collect_records (Fixture *f, gconstpointer data)
{
  static const OpCollectRange nothing[] = {
    { .mode = OP_COLLECT_RECORDS, .a = 10, .b = 20 },
    { .mode = OP_COLLECT_RECORDS, .a = 5, .b = 5 },
    { .mode = OP_COLLECT_RECORDS, .a = 5, .b = 4 },
    { .mode = OP_COLLECT_LAST, .a = 0 },
    { .mode = OP_COLLECT_TIMES, .time_a = 5, .time_b = 5 },
  };
  const OpCollectRange range = { .mode = OP_COLLECT_RECORDS, .a = 3, .b = 6 };
  g_auto (Outcome) outcome = { 0 };

  collect (f, &range, NULL, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 6, "00 00 00 03 00 00 00 06");
  send_records (f, 3, 2, 180);
  expect_collect (f, 6, "00 00 00 05 00 00 00 06");
  send_records (f, 5, 1, 300);
  assert_collected (f, &outcome, "3*2@180 5*1@300 ");

  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    {
      g_auto (Outcome) none = { 0 };

      collect (f, &nothing[i], NULL, &none);
      send_newest (f, 9, 540);
      assert_collected (f, &none, "3*2@180 5*1@300 ");
    }
}

static void
test_collect_times (Fixture *f, gconstpointer data)
{
  const OpCollectRange range = {
    .mode = OP_COLLECT_TIMES, .time_a = (BASE_S + 100) * OP_SECOND, .time_b = (BASE_S + 301) * OP_SECOND
  };
  g_auto (Outcome) outcome = { 0 };

  collect (f, &range, NULL, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 7, "43 F7 B5 64 00 00 00 00 43 F7 B6 2D 00 00 00 00");
  send_records (f, 2, 2, 120);
  expect_collect (f, 6, "00 00 00 04 00 00 00 0A");
  send_records (f, 4, 6, 240);
  assert_collected (f, &outcome, "2*2@120 4*2@240 ");
  g_assert_cmpuint (f->done, ==, 4);
}

static void
test_collect_wrapping_numbers (Fixture *f, gconstpointer data)
{
  const OpCollectRange from = { .mode = OP_COLLECT_FROM, .a = 0xFFFFFFFE };
  g_auto (Outcome) outcome = { 0 };

  collect (f, &from, NULL, &outcome);
  send_newest (f, 2, 240);
  expect_collect (f, 4, "FF FF FF FE");
  send_records (f, 0xFFFFFFFE, 1, 0);
  expect_collect (f, 6, "FF FF FF FF 00 00 00 03");
  send_records (f, 0xFFFFFFFF, 2, 60);
  expect_collect (f, 6, "00 00 00 01 00 00 00 03");
  send_records (f, 1, 2, 180);
  assert_collected (f, &outcome, "4294967294*1@0 4294967295*2@60 1*2@180 ");
}

/* The record counter went back, as after a new program: all that is there is new. */
static void
test_collect_after_reset (Fixture *f, gconstpointer data)
{
  const OpCollectRange from = { .mode = OP_COLLECT_FROM, .a = 500 };
  g_auto (Outcome) outcome = { 0 };

  collect (f, &from, NULL, &outcome);
  send_newest (f, 1, 60);
  expect_collect (f, 3, "");
  send_records (f, 0, 2, 0);
  assert_collected (f, &outcome, "0*2@0 ");
}

static void
test_collect_events (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  use_table (f, new_table (50, 0));
  collect (f, &all, NULL, &outcome);
  send_newest (f, 4, 77);
  expect_collect (f, 3, "");
  send_records (f, 0, 3, 11);
  expect_collect (f, 6, "00 00 00 03 00 00 00 05");
  send_records (f, 3, 2, 50);
  assert_collected (f, &outcome, "0*3@11 3*2@50 ");
}

static void
test_collect_live (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  use_table (f, new_table (1, 0));
  make_noise (f);
  collect (f, &all, NULL, &outcome);
  send_newest (f, 4000, 77);
  assert_collected (f, &outcome, "4000*1@77 ");
}

/* A power failure: the number goes on, the time jumps. It is read twice and then believed. */
static void
test_collect_time_jump (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  collect (f, &all, NULL, &outcome);
  send_newest (f, 3, 7200);
  expect_collect (f, 3, "");
  send_records (f, 0, 2, 0);
  expect_collect (f, 6, "00 00 00 02 00 00 00 04");
  send_records (f, 2, 2, 7140);
  expect_collect (f, 6, "00 00 00 02 00 00 00 04");
  send_records (f, 2, 2, 7140);
  assert_collected (f, &outcome, "0*2@0 2*2@7140 ");
}

/* Two fields of 600 and 2 bytes: a record is longer than this logger sends at a time. */
static OpTable *
new_long_table (void)
{
  const guint32 length = 600;
  OpTableBuilder *builder = op_table_builder_new ("T", 100, OP_TYPE_NSEC, 0, 60 * OP_SECOND);

  op_table_builder_add_field (builder, OP_TYPE_ASCII, FALSE, "Text", "", "", &length, 1);
  op_table_builder_add_field (builder, OP_TYPE_UINT2, FALSE, "V", "Smp", "", NULL, 0);
  return op_table_builder_finish (builder, 2, NULL);
}

/* @length bytes from @offset on of record 5: stamp, 600 letters, FF FE. */
static void
send_record_fragment (Fixture *f, guint32 offset, guint32 length)
{
  g_autoptr (GString) record = g_string_new (NULL);
  g_autoptr (GString) hex = g_string_new (FROM_LOGGER "89 TT 00 00 02 00 00 00 05 ");

  append_stamp (record, 300);
  for (guint i = 0; i < 600; i++)
    g_string_append (record, "61 ");
  g_string_append (record, "FF FE ");
  append_uint4 (hex, 0x80000000 | offset);
  g_string_append_len (hex, record->str + offset * 3, length * 3);
  g_string_append (hex, "FF");
  peer_send (f->peer, hex->str);
}

static gboolean
take_long_record (const OpChunk *chunk, gpointer data, GError **error)
{
  const guint8 *bytes = g_bytes_get_data (chunk->payload, NULL);

  g_assert_cmpuint (chunk->first, ==, 5);
  g_assert_cmpuint (chunk->count, ==, 1);
  g_assert_cmpint (chunk->first_time, ==, (BASE_S + 300) * OP_SECOND);
  g_assert_cmpuint (g_bytes_get_size (chunk->payload), ==, 602);
  g_assert_cmpuint (bytes[0], ==, 'a');
  g_assert_cmpuint (bytes[599], ==, 'a');
  g_assert_cmpuint (bytes[600], ==, 0xFF);
  (*(guint *) data)++;
  return TRUE;
}

static void
collect_long_record (Fixture *f, guint *n_taken, Outcome *outcome)
{
  const OpCollectRange range = { .mode = OP_COLLECT_RECORDS, .a = 5, .b = 6 };

  use_table (f, new_long_table ());
  op_logger_collect_async (f->logger, f->table, &range, take_long_record, NULL, n_taken, NULL, on_collected_cb, outcome);
}

/* The newest record is asked for first, then the one of the range, again as often as that is read; in two fragments. */
static void
answer_long_record (Fixture *f, guint n_times)
{
  for (guint i = 0; i < n_times; i++)
    {
      expect_collect (f, i == 0 ? 5 : 6, i == 0 ? "00 00 00 01" : "00 00 00 05 00 00 00 06");
      send_record_fragment (f, 0, 600);
      expect_collect (f, 8, "00 00 00 05 00 00 02 58");
      send_record_fragment (f, 600, 10);
    }
}

static void
test_collect_fragments (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  guint n_taken = 0;

  collect_long_record (f, &n_taken, &outcome);
  for (guint i = 0; i < 2; i++)
    {
      expect_collect (f, i == 0 ? 5 : 6, i == 0 ? "00 00 00 01" : "00 00 00 05 00 00 00 06");
      send_record_fragment (f, 0, 200);
      expect_collect (f, 8, "00 00 00 05 00 00 00 C8");
      send_record_fragment (f, 200, 400);
      expect_collect (f, 8, "00 00 00 05 00 00 02 58");
      send_record_fragment (f, 600, 10);
    }
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (n_taken, ==, 1);
}

/* The table went on before all of its newest record had come: that is asked for anew, and is not nothing. */
static void
test_collect_overwritten_fragment (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  guint n_taken = 0;

  collect_long_record (f, &n_taken, &outcome);
  expect_collect (f, 5, "00 00 00 01");
  send_record_fragment (f, 0, 200);
  expect_collect (f, 8, "00 00 00 05 00 00 00 C8");
  send_nothing (f);
  answer_long_record (f, 2);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (n_taken, ==, 1);
}

/* A fragment of another place in the record: the record is read anew, and twice, as the link is not to be trusted. */
static void
test_collect_wrong_fragment (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  guint n_taken = 0;

  collect_long_record (f, &n_taken, &outcome);
  expect_collect (f, 5, "00 00 00 01");
  send_record_fragment (f, 0, 200);
  expect_collect (f, 8, "00 00 00 05 00 00 00 C8");
  send_record_fragment (f, 300, 200);
  answer_long_record (f, 4);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (n_taken, ==, 1);
}

/* After a damaged frame each window is read until two readings agree. */
static void
test_collect_on_noisy_link (Fixture *f, gconstpointer data)
{
  const OpCollectRange from = { .mode = OP_COLLECT_FROM, .a = 7 };
  g_auto (Outcome) outcome = { 0 };

  make_noise (f);
  collect (f, &from, NULL, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 6, "00 00 00 09 00 00 00 0A");
  send_records (f, 9, 1, 540);
  expect_collect (f, 4, "00 00 00 07");
  send_records (f, 7, 3, 420);
  expect_collect (f, 6, "00 00 00 07 00 00 00 0A");
  /* A value is another: neither is believed, and it begins again. */
  peer_send (f->peer, FROM_LOGGER "89 TT 00 00 02 00 00 00 07 00 03 43 F7 B6 A4 00 00 00 00 00 07 01 08 00 09 00");
  expect_collect (f, 4, "00 00 00 07");
  send_records (f, 7, 3, 420);
  expect_collect (f, 6, "00 00 00 07 00 00 00 0A");
  send_records (f, 7, 3, 420);
  assert_collected (f, &outcome, "7*3@420 ");
}

/* Each answer's signature is right, and each lies in another way. */
static void
test_collect_lies (Fixture *f, gconstpointer data)
{
  static const char *const lies[] = {
    /* table 3; number 4, not asked for; number 7, behind the end; 6 records; 4 where 5 fit */
    "89 TT 00 00 03 00 00 00 05 00 02 43 F7 B6 2C 00 00 00 00 00 05 00 06 00",
    "89 TT 00 00 02 00 00 00 04 00 02 43 F7 B5 F0 00 00 00 00 00 04 00 05 00",
    "89 TT 00 00 02 00 00 00 07 00 01 43 F7 B6 A4 00 00 00 00 00 07 00",
    "89 TT 00 00 02 00 00 00 05 00 03 43 F7 B6 2C 00 00 00 00 00 05 00 06 00 07 00",
    "89 TT 00 00 02 00 00 00 05 00 02 43 F7 B6 2C 00 00 00 00 00 05 00 06 00 00",
    "89 TT 00 00 02 00 00 00 05 00 02 43 F7 B6 2C 00 00 00 00 00 05 00 00",
    "89 TT 00 00 02 00 00 00 05 80 02",
    "89 TT 00",
    "89 TT",
  };
  const OpCollectRange range = { .mode = OP_COLLECT_RECORDS, .a = 5, .b = 7 };

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *lie = g_strconcat (FROM_LOGGER, lies[i], NULL);
      g_auto (Outcome) outcome = { 0 };

      g_string_truncate (f->records, 0);
      collect (f, &range, NULL, &outcome);
      send_newest (f, 9, 540);
      if (i > 0) /* noise of the lie before */
        {
          expect_collect (f, 6, "00 00 00 09 00 00 00 0A");
          send_records (f, 9, 1, 540);
        }
      expect_collect (f, 6, "00 00 00 05 00 00 00 07");
      peer_send (f->peer, lie);
      for (guint k = 0; k < 2; k++)
        {
          expect_collect (f, 6, "00 00 00 05 00 00 00 07");
          send_records (f, 5, 2, 300);
        }
      assert_collected (f, &outcome, "5*2@300 ");
    }
}

static void
test_collect_never_agrees (Fixture *f, gconstpointer data)
{
  const OpCollectRange range = { .mode = OP_COLLECT_RECORDS, .a = 5, .b = 7 };
  g_auto (Outcome) outcome = { 0 };

  collect (f, &range, NULL, &outcome);
  send_newest (f, 9, 540);
  for (guint i = 0; i < 8; i++)
    {
      /* Half a minute past: not what the table's interval allows, and never twice the same. */
      expect_collect (f, 6, "00 00 00 05 00 00 00 07");
      send_records (f, 5, 2, 30 + 60 * i);
    }
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DATA);
  g_assert_cmpstr (f->records->str, ==, "");
}

static void
test_collect_never_fits (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  collect (f, &all, NULL, &outcome);
  for (guint i = 0; i < 8; i++)
    {
      expect_collect (f, 5, "00 00 00 01");
      send_records (f, 8, 2, 480);
    }
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DATA);
}

static void
test_collect_refused (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char   *answer;
    OpLoggerError error;
  } cases[] = {
    { FROM_LOGGER "89 TT 01", OP_LOGGER_ERROR_SECURITY },
    { FROM_LOGGER "89 TT 07", OP_LOGGER_ERROR_DEFINITIONS },
    { FROM_LOGGER "89 TT 02", OP_LOGGER_ERROR_NO_ROOM },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      collect (f, &all, NULL, &outcome);
      expect_collect (f, 5, "00 00 00 01");
      peer_send (f->peer, cases[i].answer);
      wait_for (&outcome.done);
      g_assert_error (outcome.error, OP_LOGGER_ERROR, (gint) cases[i].error);
    }
}

/* Answers get lost to noise: less is asked for at a time, until they come through. */
static void
test_collect_through_noise (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  collect (f, &all, NULL, &outcome);
  send_newest (f, 600, 36000);
  expect_collect (f, 3, "");
  send_records (f, 0, 1, 0);
  for (guint i = 0; i < 4; i++)
    {
      expect_collect (f, 6, "00 00 00 01 00 00 01 EB");
      /* Much sooner than an answer, it would be taken for the rest of something else. */
      run_for (20);
      make_noise (f);
    }
  for (guint i = 0; i < 2; i++)
    {
      expect_collect (f, 6, "00 00 00 01 00 00 00 F6");
      send_records (f, 1, 245, 60);
    }
  for (guint i = 0; i < 2; i++)
    {
      expect_collect (f, 6, "00 00 00 F6 00 00 02 59");
      send_records (f, 246, 355, 246 * 60);
    }
  assert_collected (f, &outcome, "0*1@0 1*245@60 246*355@14760 ");
}

static void
test_collect_silence (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  gint64 begin = g_get_monotonic_time ();

  collect (f, &all, NULL, &outcome);
  send_newest (f, 9, 540);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 8 * G_USEC_PER_SEC);
  g_queue_clear_full (&f->peer->packets, (GDestroyNotify) g_bytes_unref);
}

static void
test_collect_function_refuses (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  f->refuses = TRUE;
  collect (f, &all, NULL, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 3, "");
  send_records (f, 0, 5, 0);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_collect_cancelled (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  g_auto (Outcome) again = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  collect (f, &all, cancellable, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 3, "");
  send_records (f, 0, 5, 0);
  expect_collect (f, 6, "00 00 00 05 00 00 00 0A");
  g_cancellable_cancel (cancellable);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (f->records->str, ==, "0*5@0 ");

  collect (f, &(OpCollectRange) { .mode = OP_COLLECT_FROM, .a = 5 }, NULL, &again);
  send_newest (f, 9, 540);
  expect_collect (f, 4, "00 00 00 05");
  send_records (f, 5, 5, 300);
  assert_collected (f, &again, "0*5@0 5*5@300 ");
}

static void
on_closed_cb (OpLogger *logger, GError *error, gpointer data)
{
  g_assert_nonnull (error);
  *(gboolean *) data = TRUE;
}

static void
test_collect_hang_up (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  gboolean closed = FALSE;

  g_signal_connect (f->logger, "closed", G_CALLBACK (on_closed_cb), &closed);
  collect (f, &all, NULL, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 3, "");
  op_transport_close (f->peer->far_end);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK);
  wait_for (&closed);
}

static void
test_collect_closed (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  collect (f, &all, NULL, &outcome);
  expect_collect (f, 5, "00 00 00 01");
  op_logger_close (f->logger);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK);
  peer_expect (f->peer, "AF FF 1F EF 0F FF 0F EF 0D 00");
  peer_expect (f->peer, "B0 01 0F EF");
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
  ADD ("state", set_up, test_state);
  ADD ("collect/all", set_up, test_collect_all);
  ADD ("collect/windows", set_up, test_collect_windows);
  ADD ("collect/empty", set_up, test_collect_empty);
  ADD ("collect/from", set_up, test_collect_from);
  ADD ("collect/overwritten", set_up, test_collect_overwritten);
  ADD ("collect/overwritten-meanwhile", set_up, test_collect_overwritten_meanwhile);
  ADD ("collect/last", set_up, test_collect_last);
  ADD ("collect/records", set_up, test_collect_records);
  ADD ("collect/times", set_up, test_collect_times);
  ADD ("collect/wrap", set_up, test_collect_wrapping_numbers);
  ADD ("collect/reset", set_up, test_collect_after_reset);
  ADD ("collect/events", set_up, test_collect_events);
  ADD ("collect/live", set_up, test_collect_live);
  ADD ("collect/time-jump", set_up, test_collect_time_jump);
  ADD ("collect/fragments", set_up, test_collect_fragments);
  ADD ("collect/overwritten-fragment", set_up, test_collect_overwritten_fragment);
  ADD ("collect/wrong-fragment", set_up, test_collect_wrong_fragment);
  ADD ("collect/noisy", set_up, test_collect_on_noisy_link);
  ADD ("collect/lies", set_up, test_collect_lies);
  ADD ("collect/never-agrees", set_up, test_collect_never_agrees);
  ADD ("collect/never-fits", set_up, test_collect_never_fits);
  ADD ("collect/refused", set_up, test_collect_refused);
  ADD ("collect/through-noise", set_up, test_collect_through_noise);
  ADD ("collect/silence", set_up, test_collect_silence);
  ADD ("collect/function-refuses", set_up, test_collect_function_refuses);
  ADD ("collect/cancelled", set_up, test_collect_cancelled);
  ADD ("collect/hang-up", set_up, test_collect_hang_up);
  ADD ("collect/closed", set_up, test_collect_closed);
  return g_test_run ();
}
