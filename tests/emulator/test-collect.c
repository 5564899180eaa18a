/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Collect modes 3 to 8 (BMP5 manual 2.3.4.3). */

#include "tests/emulator/peer.h"

typedef struct
{
  OpEmulator *emulator;
  Peer       *peer;
  GPtrArray  *tables;
  OpTable    *one_min;
} Fixture;

static void
fixture_init (Fixture *fixture, const OpEmulatorOptions *options)
{
  g_autoptr (GError) error = NULL;

  fixture->emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  fixture->peer = peer_new (fixture->emulator);
  fixture->tables = peer_read_tables (fixture->peer);
  fixture->one_min = peer_find_table (fixture->tables, "OneMin");
}

static void
fixture_clear (Fixture *fixture)
{
  peer_free (fixture->peer);
  g_ptr_array_unref (fixture->tables);
  g_object_unref (fixture->emulator);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* Hours, so that hardly ever a record comes while a test runs. */
static OpEmulatorOptions *
make_options (void)
{
  OpEmulatorOptions *options = op_emulator_options_new ("cr1000");

  options->history = 2000;
  options->interval = 3600 * OP_SECOND;
  return options;
}

typedef struct
{
  PakMessage     *response;
  PakCollectBlock block;
  gboolean        more;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->response, pak_message_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static Answer
ask (Fixture *fixture, const OpTable *table, guint mode, guint32 p1, guint32 p2)
{
  Answer answer;

  answer.more = peer_collect (fixture->peer, table, peer_collect_command (table, mode, p1, p2), &answer.response,
                              &answer.block);
  return answer;
}

static Answer
ask_times (Fixture *fixture, const OpTable *table, OpTime begin, OpTime end)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x09);
  PakMessage *group;
  Answer answer;

  pak_message_set_uint (command, "CollectMode", 7);
  group = pak_message_add_group (command, "Tables");
  pak_message_set_uint (group, "TableNbr", table->number);
  pak_message_set_uint (group, "TableDefSig", table->signature);
  pak_message_set_time (group, "P1", begin);
  pak_message_set_time (group, "P2", end);
  answer.more = peer_collect (fixture->peer, table, command, &answer.response, &answer.block);
  return answer;
}

static void
test_all (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (OpBatch) batch = NULL;
  const OpTime *times;

  fixture_init (&fixture, options);
  batch = peer_collect_all (fixture.peer, fixture.one_min);
  times = op_batch_get_times (batch);
  g_assert_cmpuint (op_batch_get_n_records (batch), >=, 2000);
  for (gsize i = 0; i < op_batch_get_n_records (batch); i++)
    {
      g_assert_cmpuint (op_batch_get_records (batch)[i], ==, i);
      g_assert_cmpint (times[i] % options->interval, ==, 0);
      g_assert_cmpint (times[i], ==, times[0] + (OpTime) i * options->interval);
    }
  /* The newest one is not of the future, nor an interval old. */
  g_assert_cmpint (times[1999], <=, op_time_from_unix_us (g_get_real_time (), 0));
  g_assert_cmpint (times[1999] + 2 * options->interval, >, op_time_from_unix_us (g_get_real_time (), 0));
}

/* At most 512 bytes of records, and at least one record. */
static void
test_response_limit (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };

  fixture_init (&fixture, options);
  {
    g_auto (Answer) answer = ask (&fixture, fixture.one_min, 3, 0, 0);

    g_assert_cmpuint (answer.block.count, ==, (512 - 8) / fixture.one_min->record_size);
    g_assert_true (answer.more);
  }
  g_clear_pointer (&fixture.peer, peer_free);
  g_clear_pointer (&fixture.tables, g_ptr_array_unref);
  g_clear_object (&fixture.emulator);

  options->max_response = 990;
  fixture_init (&fixture, options);
  {
    g_auto (Answer) answer = ask (&fixture, fixture.one_min, 3, 0, 0);

    g_assert_cmpuint (answer.block.count, ==, (988 - 8) / fixture.one_min->record_size);
  }
}

static void
test_from (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };
  guint32 next;

  options->ring_size = 500;
  fixture_init (&fixture, options);
  next = op_emulator_get_n_records (fixture.emulator, "OneMin");
  {
    g_auto (Answer) held = ask (&fixture, fixture.one_min, 4, next - 3, 0);
    g_auto (Answer) gone = ask (&fixture, fixture.one_min, 4, 7, 0);
    g_auto (Answer) to_come = ask (&fixture, fixture.one_min, 4, next, 0);
    g_auto (Answer) never = ask (&fixture, fixture.one_min, 4, next + 1, 0);

    g_assert_cmpuint (held.block.first, ==, next - 3);
    g_assert_cmpuint (held.block.count, ==, 3);
    g_assert_false (held.more);
    g_assert_cmpuint (gone.block.first, ==, next - 500);
    g_assert_true (gone.more);
    g_assert_cmpuint (to_come.block.count, ==, 0);
    g_assert_false (to_come.more);
    g_assert_cmpuint (never.block.first, ==, next - 500);
  }
}

static void
test_newest (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };
  guint32 next;

  fixture_init (&fixture, options);
  next = op_emulator_get_n_records (fixture.emulator, "OneMin");
  {
    g_auto (Answer) one = ask (&fixture, fixture.one_min, 5, 1, 0);
    g_auto (Answer) many = ask (&fixture, fixture.one_min, 5, 100, 0);
    g_auto (Answer) too_many = ask (&fixture, fixture.one_min, 5, 100000, 0);
    g_auto (Answer) none = ask (&fixture, fixture.one_min, 5, 0, 0);

    g_assert_cmpuint (one.block.first, ==, next - 1);
    g_assert_cmpuint (one.block.count, ==, 1);
    g_assert_false (one.more);
    g_assert_cmpuint (many.block.first, ==, next - 100);
    g_assert_true (many.more);
    g_assert_cmpuint (too_many.block.first, ==, 0);
    g_assert_cmpuint (none.block.count, ==, 0);
  }
}

static void
test_between (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };

  fixture_init (&fixture, options);
  {
    g_auto (Answer) some = ask (&fixture, fixture.one_min, 6, 10, 15);
    g_auto (Answer) one = ask (&fixture, fixture.one_min, 6, 10, 11);
    g_auto (Answer) none = ask (&fixture, fixture.one_min, 6, 10, 10);
    g_auto (Answer) backwards = ask (&fixture, fixture.one_min, 6, 10, 5);
    g_auto (Answer) beyond = ask (&fixture, fixture.one_min, 6, 5000, 6000);
    g_auto (Answer) long_one = ask (&fixture, fixture.one_min, 6, 0, 4000);

    g_assert_cmpuint (some.block.first, ==, 10);
    g_assert_cmpuint (some.block.count, ==, 5);
    g_assert_false (some.more);
    g_assert_cmpuint (one.block.count, ==, 1);
    g_assert_cmpuint (none.block.count, ==, 0);
    g_assert_cmpuint (backwards.block.count, ==, 0);
    g_assert_cmpuint (beyond.block.count, ==, 0);
    g_assert_cmpuint (long_one.block.first, ==, 0);
    g_assert_true (long_one.more);
  }
}

static void
test_times (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };

  fixture_init (&fixture, options);
  {
    g_auto (Answer) reference = ask (&fixture, fixture.one_min, 6, 100, 101);
    OpTime time = reference.block.first_time;
    g_auto (Answer) exact = ask_times (&fixture, fixture.one_min, time, time + 3 * options->interval);
    g_auto (Answer) after = ask_times (&fixture, fixture.one_min, time + 1, time + options->interval + 1);
    g_auto (Answer) none = ask_times (&fixture, fixture.one_min, time + 1, time + 2);
    g_auto (Answer) early = ask_times (&fixture, fixture.one_min, 0, time);

    g_assert_cmpuint (exact.block.first, ==, 100);
    g_assert_cmpuint (exact.block.count, ==, 3);
    g_assert_false (exact.more);
    g_assert_cmpuint (after.block.first, ==, 101);
    g_assert_cmpuint (after.block.count, ==, 1);
    g_assert_cmpuint (none.block.count, ==, 0);
    g_assert_cmpuint (early.block.first, ==, 0);
    g_assert_true (early.more);
  }
}

/* The same values whichever fields are asked for, in the table's order whatever the list's (pakbus-facts E6). */
static void
test_fields (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };
  const guint wanted[] = { 11, 8, 1 };
  PakMessage *command, *group;
  g_autoptr (PakMessage) answer = NULL;
  const guint8 *body;
  gsize length;

  fixture_init (&fixture, options);
  command = peer_collect_command (fixture.one_min, 6, 40, 42);
  group = (PakMessage *) pak_message_get_group (command, "Tables", 0);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    pak_message_set_uint (pak_message_add_group (group, "Fields"), "FieldNbr", wanted[i]);
  answer = peer_ask (fixture.peer, command);
  body = pak_message_get_bytes (answer, "Records", &length);
  g_assert_cmpuint (length, ==, 8 + 8 + 2 * (2 + 8 + 8) + 1);
  {
    g_auto (Answer) whole = ask (&fixture, fixture.one_min, 6, 40, 42);
    const OpField *fields = fixture.one_min->fields;

    for (guint i = 0; i < 2; i++)
      {
        const guint8 *record = whole.block.payload + i * fixture.one_min->record_size;
        const guint8 *part = body + 16 + i * 18;

        g_assert_cmpmem (part, 2, record + fields[0].offset, 2);
        g_assert_cmpmem (part + 2, 8, record + fields[7].offset, 8);
        g_assert_cmpmem (part + 10, 8, record + fields[10].offset, 8);
      }
  }
}

static guint
ask_code (Fixture *fixture, PakMessage *command)
{
  g_autoptr (PakMessage) answer = peer_ask (fixture->peer, command);

  return pak_message_get_uint (answer, "RespCode");
}

static void
test_refused (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };
  OpTable table;
  PakMessage *command;

  fixture_init (&fixture, options);
  table = *fixture.one_min;
  table.signature ^= 1;
  g_assert_cmpuint (ask_code (&fixture, peer_collect_command (&table, 3, 0, 0)), ==, 7);
  table.signature ^= 1;
  table.number = 99;
  g_assert_cmpuint (ask_code (&fixture, peer_collect_command (&table, 3, 0, 0)), ==, 7);
  table.number = 0;
  g_assert_cmpuint (ask_code (&fixture, peer_collect_command (&table, 3, 0, 0)), ==, 7);

  command = peer_collect_command (fixture.one_min, 3, 0, 0);
  pak_message_set_uint (pak_message_add_group ((PakMessage *) pak_message_get_group (command, "Tables", 0), "Fields"),
                        "FieldNbr", 12);
  g_assert_cmpuint (ask_code (&fixture, command), ==, 16);
}

/* Two tables in one command: blocks one after the other as long as there is room. */
static void
test_two_tables (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };
  const OpTable *daily;
  PakMessage *command, *group;
  g_autoptr (PakMessage) answer = NULL;
  g_autoptr (GError) error = NULL;
  const guint8 *body;
  gsize length, first_size;
  PakCollectBlock block;
  gboolean more;

  fixture_init (&fixture, options);
  daily = peer_find_table (fixture.tables, "Daily");
  command = peer_collect_command (fixture.one_min, 5, 2, 0);
  group = pak_message_add_group (command, "Tables");
  pak_message_set_uint (group, "TableNbr", daily->number);
  pak_message_set_uint (group, "TableDefSig", daily->signature);
  pak_message_set_uint (group, "P1", 3);
  answer = peer_ask (fixture.peer, command);
  g_assert_cmpuint (pak_message_get_uint (answer, "RespCode"), ==, 0);
  body = pak_message_get_bytes (answer, "Records", &length);
  first_size = 8 + 8 + 2 * fixture.one_min->record_size;
  g_assert_true (pak_collect_parse (daily, body + first_size, length - first_size, &block, &more, &error));
  g_assert_cmpuint (block.count, ==, 3);
  g_assert_false (more);
}

/* No response bridges a gap in time: an interval table's block has one time stamp for all. */
static void
test_outage (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (OpBatch) batch = NULL;
  const OpTime *times;
  guint n_gaps = 0;

  options->outage = TRUE;
  options->interval = 60 * OP_SECOND;
  fixture_init (&fixture, options);
  batch = peer_collect_all (fixture.peer, fixture.one_min);
  times = op_batch_get_times (batch);
  g_assert_cmpuint (op_batch_get_n_records (batch), >=, 2000);
  for (gsize i = 1; i < 2000; i++)
    {
      OpTime step = times[i] - times[i - 1];

      g_assert_cmpuint (op_batch_get_records (batch)[i], ==, i);
      if (step == options->interval)
        continue;
      n_gaps++;
      g_assert_cmpint (step, >=, 2 * 3600 * OP_SECOND);
      g_assert_cmpint (step, <=, 10 * 3600 * OP_SECOND);
    }
  g_assert_cmpuint (n_gaps, ==, 1);
}

static void
test_empty (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };

  options->history = 0;
  fixture_init (&fixture, options);
  for (guint mode = 3; mode <= 8; mode++)
    {
      g_auto (Answer) answer = mode == 7 ? ask_times (&fixture, fixture.one_min, 0, G_MAXINT32 * OP_SECOND)
                                         : ask (&fixture, fixture.one_min, mode, 0, 1);

      g_assert_cmpuint (answer.block.count, ==, 0);
      g_assert_false (answer.more);
    }
}

static void
test_events (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (OpBatch) batch = NULL;
  const OpTime *times;
  gsize n;
  guint n_steps = 0;

  options->history = 20000;
  options->interval = 60 * OP_SECOND;
  options->outage = TRUE;
  fixture_init (&fixture, options);
  batch = peer_collect_all (fixture.peer, peer_find_table (fixture.tables, "Events"));
  n = op_batch_get_n_records (batch);
  times = op_batch_get_times (batch);
  g_assert_cmpuint (n, >, 150);
  for (gsize i = 1; i < n; i++)
    {
      g_assert_cmpuint (op_batch_get_records (batch)[i], ==, i);
      g_assert_cmpint (times[i], >, times[i - 1]);
      if (i > 1 && times[i] - times[i - 1] != times[i - 1] - times[i - 2])
        n_steps++;
    }
  g_assert_cmpuint (n_steps, >, n / 2);
  {
    /* By time, in the middle of it. */
    const OpTable *events = peer_find_table (fixture.tables, "Events");
    g_auto (Answer) answer = ask_times (&fixture, events, times[50] + 1, times[52] + 1);

    g_assert_cmpuint (answer.block.first, ==, 51);
    g_assert_cmpuint (answer.block.count, ==, 2);
    g_assert_cmpint (answer.block.first_time, ==, times[51]);
  }
}

/* Records longer than a packet come in pieces: peer_collect_all() joins them by mode 8. */
static void
test_fragments (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };
  OpTable *big;
  g_autoptr (OpBatch) batch = NULL;

  options->history = 2000;
  options->interval = 60 * OP_SECOND;
  options->plain_columns = 3;
  fixture_init (&fixture, options);
  big = peer_find_table (fixture.tables, "Big");
  g_assert_cmpuint (big->record_size, ==, 1600);
  batch = peer_collect_all (fixture.peer, big);
  g_assert_cmpuint (op_batch_get_n_records (batch), >=, 33);
  for (guint column = 0; column < 400; column++)
    for (gsize row = 0; row < op_batch_get_n_records (batch); row++)
      {
        g_assert_cmpfloat (op_batch_get_numbers (batch, column)[row], >=, 0);
        g_assert_cmpfloat (op_batch_get_numbers (batch, column)[row], <=, 1);
      }
  {
    g_auto (Answer) begin = ask (&fixture, big, 6, 3, 4);
    g_auto (Answer) end = ask (&fixture, big, 8, 3, 1600);
    g_auto (Answer) past_end = ask (&fixture, big, 8, 3, 1608);

    g_assert_true (begin.block.is_offset);
    g_assert_cmpuint (begin.block.length, ==, 512);
    g_assert_true (begin.more);
    g_assert_true (end.block.is_offset);
    g_assert_cmpuint (end.block.length, ==, 8);
    g_assert_false (end.more);
    g_assert_cmpuint (past_end.block.count, ==, 0);
    g_assert_false (past_end.more);
  }
}

/* Status is longer than a packet, as a real one is; its newest record is what is now. */
static void
test_status (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (OpBatch) batch = NULL;
  OpTable *status;

  fixture_init (&fixture, options);
  status = peer_find_table (fixture.tables, "Status");
  g_assert_cmpuint (status->record_size, >, 988);
  batch = peer_collect_all (fixture.peer, status);
  g_assert_cmpuint (op_batch_get_n_records (batch), ==, 1);
  g_assert_cmpstr (op_batch_get_text (batch, op_table_find_column (status, "StationName"), 0), ==, "Weather");
  g_assert_cmpfloat (op_batch_get_numbers (batch, op_table_find_column (status, "PakBusAddress"))[0], ==, 1);
  g_assert_cmpstr (op_batch_get_text (batch, op_table_find_column (status, "DataTableName(2)"), 0), ==, "Daily");
}

typedef struct
{
  OpEmulator *emulator;
  guint64     wanted;
} Wanted;

static gboolean
has_records (gpointer data)
{
  return op_emulator_get_n_records (((Wanted *) data)->emulator, "OneMin") >= ((Wanted *) data)->wanted;
}

/* The ring memory loses its oldest records to new ones, numbers go on. */
static void
test_ring (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };
  Wanted wanted;

  options->history = 90;
  options->interval = OP_SECOND / 100;
  options->ring_size = 100;
  fixture_init (&fixture, options);
  g_assert_cmpuint (fixture.one_min->size, ==, 100);
  wanted = (Wanted) { fixture.emulator, 110 };
  wait_until (has_records, &wanted);
  {
    g_auto (Answer) answer = ask (&fixture, fixture.one_min, 3, 0, 0);

    g_assert_cmpuint (answer.block.first, >=, 10);
    g_assert_cmpuint (answer.block.first, <=, op_emulator_get_n_records (fixture.emulator, "OneMin") - 100);
  }
}

/* A clock set forward or back begins anew in time; numbers go on, and a time may come twice. */
static void
test_clock_set (void)
{
  g_autoptr (OpEmulatorOptions) options = make_options ();
  g_auto (Fixture) fixture = { NULL };
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x17);
  g_autoptr (PakMessage) answer = NULL;
  guint64 before;
  Wanted wanted;
  g_autoptr (OpBatch) batch = NULL;
  const OpTime *times;

  options->history = 50;
  options->interval = OP_SECOND / 20;
  fixture_init (&fixture, options);
  pak_message_set_time (command, "Adjustment", -10 * OP_SECOND);
  answer = peer_ask (fixture.peer, command);
  before = op_emulator_get_n_records (fixture.emulator, "OneMin");
  wanted = (Wanted) { fixture.emulator, before + 3 };
  wait_until (has_records, &wanted);
  batch = peer_collect_all (fixture.peer, fixture.one_min);
  times = op_batch_get_times (batch);
  g_assert_cmpint (times[before - 1] - times[before + 2], >, 9 * OP_SECOND);
  for (gsize i = 0; i < op_batch_get_n_records (batch); i++)
    g_assert_cmpuint (op_batch_get_records (batch)[i], ==, i);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/collect/all", test_all);
  g_test_add_func ("/emulator/collect/response-limit", test_response_limit);
  g_test_add_func ("/emulator/collect/from", test_from);
  g_test_add_func ("/emulator/collect/newest", test_newest);
  g_test_add_func ("/emulator/collect/between", test_between);
  g_test_add_func ("/emulator/collect/times", test_times);
  g_test_add_func ("/emulator/collect/fields", test_fields);
  g_test_add_func ("/emulator/collect/refused", test_refused);
  g_test_add_func ("/emulator/collect/two-tables", test_two_tables);
  g_test_add_func ("/emulator/collect/outage", test_outage);
  g_test_add_func ("/emulator/collect/empty", test_empty);
  g_test_add_func ("/emulator/collect/events", test_events);
  g_test_add_func ("/emulator/collect/fragments", test_fragments);
  g_test_add_func ("/emulator/collect/status", test_status);
  g_test_add_func ("/emulator/collect/ring", test_ring);
  g_test_add_func ("/emulator/collect/clock-set", test_clock_set);
  return g_test_run ();
}
