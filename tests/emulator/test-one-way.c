/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records and definitions that come unasked (manual 2.3.4.4). */

#include "tests/emulator/peer.h"

static OpEmulator *
make_emulator (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  OpEmulator *emulator;

  options->one_way = PEER_ADDRESS;
  options->interval = OP_SECOND / 20;
  options->plain_columns = 1;
  emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  return emulator;
}

static guint
get_type (const PakMessage *message)
{
  return pak_message_desc_get_type (pak_message_get_desc (message));
}

/* The next One-Way Data for @table, whose definition must have come before. Their transaction is always zero. */
static PakMessage *
next_record (Peer *peer, const OpTable *table, gboolean *is_defined)
{
  for (;;)
    {
      g_autoptr (PakMessage) message = peer_receive (peer, 0);

      if (get_type (message) == 0x20 && g_str_equal (pak_message_get_text (message, "TableName"), table->name))
        {
          g_assert_cmpuint (pak_message_get_uint (message, "TableNbr"), ==, table->number);
          g_assert_cmpuint (pak_message_get_uint (message, "TableSize"), ==, table->size);
          g_assert_cmpuint (pak_message_get_n_groups (message, "Fields"), ==, table->n_fields);
          *is_defined = TRUE;
        }
      if (get_type (message) != 0x14 || pak_message_get_uint (message, "TableNbr") != table->number)
        continue;
      g_assert_true (*is_defined);
      g_assert_cmpuint (pak_message_get_uint (message, "TableDefSig"), ==, table->signature);
      return g_steal_pointer (&message);
    }
}

/* What comes is what is collected. */
static void
test_records (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  guint64 stored = op_emulator_get_n_records (emulator, "OneMin");
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GPtrArray) tables = peer_read_tables (peer);
  OpTable *table = peer_find_table (tables, "OneMin");
  PakMessage *received[20];
  gboolean is_defined = FALSE;
  guint32 first;

  for (guint i = 0; i < G_N_ELEMENTS (received); i++)
    received[i] = next_record (peer, table, &is_defined);
  first = pak_message_get_uint (received[0], "RecNbr");
  for (guint i = 0; i < G_N_ELEMENTS (received); i++)
    {
      g_autoptr (PakMessage) one_way = received[i];
      g_autoptr (PakMessage) response = NULL;
      PakCollectBlock block;
      const guint8 *bytes;
      gsize length;

      g_assert_cmpuint (pak_message_get_uint (one_way, "RecNbr"), ==, first + i);
      g_assert_cmpuint (pak_message_get_uint (one_way, "NbrOfRecs"), ==, 1);
      bytes = pak_message_get_bytes (one_way, "RecFrag", &length);
      g_assert_cmpuint (length, ==, 8 + table->record_size);
      peer_collect (peer, table, peer_collect_command (table, 6, first + i, first + i + 1), &response, &block);
      g_assert_cmpint (op_value_get_time (OP_TYPE_NSEC, bytes), ==, block.first_time);
      g_assert_cmpmem (bytes + 8, length - 8, block.payload, block.length);
    }
  /* None that was there before. */
  g_assert_cmpuint (first, >=, stored);
}

/* The definition comes again after a while, for who did not hear the first. */
static void
test_definitions_repeat (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  guint n_definitions = 0, n_records = 0;

  while (n_definitions < 2)
    {
      g_autoptr (PakMessage) message = peer_receive (peer, 0);

      if (get_type (message) == 0x20 && g_str_equal (pak_message_get_text (message, "TableName"), "OneMin"))
        n_definitions++;
      if (get_type (message) == 0x14)
        n_records++;
    }
  g_assert_cmpuint (n_records, >=, 16);
}

/* A record that no packet holds: its time begins the first fragment, offsets count from there. */
static void
test_fragments (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GPtrArray) tables = peer_read_tables (peer);
  OpTable *table = peer_find_table (tables, "Big");
  g_autoptr (GByteArray) record = g_byte_array_new ();
  gboolean is_defined = FALSE;
  guint32 number = 0;

  while (record->len < 8 + table->record_size)
    {
      g_autoptr (PakMessage) one_way = next_record (peer, table, &is_defined);
      const guint8 *bytes;
      gsize length;

      g_assert_true (pak_message_get_uint (one_way, "IsOffset"));
      g_assert_cmpuint (pak_message_get_uint (one_way, "ByteOffset"), ==, record->len);
      if (record->len == 0)
        number = pak_message_get_uint (one_way, "RecNbr");
      g_assert_cmpuint (pak_message_get_uint (one_way, "RecNbr"), ==, number);
      bytes = pak_message_get_bytes (one_way, "RecFrag", &length);
      g_byte_array_append (record, bytes, length);
    }
  g_assert_cmpuint (record->len, ==, 8 + table->record_size);
  g_assert_cmpint (op_value_get_time (OP_TYPE_NSEC, record->data) % (3 * OP_SECOND), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/one-way/records", test_records);
  g_test_add_func ("/emulator/one-way/definitions-repeat", test_definitions_repeat);
  g_test_add_func ("/emulator/one-way/fragments", test_fragments);
  return g_test_run ();
}
