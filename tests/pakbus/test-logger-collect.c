/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a PakBus logger's driver collects from a scripted logger whose answers come through. Requests and answers are
 * bytes written after the BMP5 manual, section 2.3, and pakbus-facts.
 */

#include "logger-fixture.h"

static void
use_table (Fixture *f, OpTable *table)
{
  op_table_unref (f->table);
  f->table = table;
}

static void
send_nothing (Fixture *f)
{
  peer_send (f->base.peer, FROM_LOGGER "89 TT 00 00 02 00 00 00 00 00 00 00");
}

/* State */

static void
test_state (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  g_auto (Outcome) empty = { 0 };

  op_logger_read_table_state_async (f->base.logger, f->table, NULL, on_state_read_cb, &outcome);
  send_newest (f, 70000, 600);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_false (outcome.state->empty);
  g_assert_cmpuint (outcome.state->newest, ==, 70000);
  g_assert_cmpint (outcome.state->newest_time, ==, (BASE_S + 600) * OP_SECOND);

  op_logger_read_table_state_async (f->base.logger, f->table, NULL, on_state_read_cb, &empty);
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
  peer_send (f->base.peer, FROM_LOGGER "89 TT 00 00");
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
  make_noise (&f->base);
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
  peer_send (f->base.peer, hex->str);
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
  op_logger_collect_async (f->base.logger, f->table, &range, take_long_record, NULL, n_taken, NULL, on_collected_cb,
                           outcome);
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

#define ADD(name, setup, test) g_test_add ("/logger/" name, Fixture, NULL, setup, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

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
  return g_test_run ();
}
