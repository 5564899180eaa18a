/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The CR200 as the manual's section 3 has it. */

#include "tests/emulator/peer.h"

static OpEmulator *
make_emulator (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr200");
  g_autoptr (GError) error = NULL;
  OpEmulator *emulator;

  options->security[0] = 5;
  options->security[2] = 5;
  options->compile_us = 20000;
  emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  return emulator;
}

/* The manual's own example, both ways; the date aside: vectors/pakbus.json: manual_ring, manual_clock_check_cmd,
 * manual_clock_response. */
static void
test_manual_example (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *ready = NULL, *clock = NULL;

  peer_send_hex (peer, "90 01 0F FE");
  ready = peer_next_hex (peer);
  g_assert_cmpstr (ready, ==, "AF FE 00 01");
  peer_send_hex (peer, "A0 01 4F FE 10 01 0F FE 17 17 00 00 00 00 00 00 00 00 00 00");
  clock = peer_next_hex (peer);
  g_assert_true (g_str_has_prefix (clock, "AF FE 00 01 1F FE 00 01 97 17 00 "));
  g_assert_true (g_str_has_suffix (clock, " C8 00 00 00"));
  g_assert_cmpuint (strlen (clock), ==, 3 * 19 - 1);
}

/* vectors/pakbus.json: manual_upload_tdf_resp: the first 128 bytes of a CR200's definitions. */
static void
test_definitions (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GByteArray) file = peer_read_file (peer, ".TDF", 128);
  g_autoptr (GPtrArray) tables = peer_read_tables (peer);
  static const guint8 captured[] = {
    0x01, 0x53, 0x74, 0x61, 0x74, 0x75, 0x73, 0x00, 0x00, 0x00, 0x00, 0x01, 0x0C, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x8B, 0x4F, 0x53, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6F,
    0x6E, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x08, 0x00,
    0x00, 0x00, 0x00, 0x8B, 0x4F, 0x53, 0x44, 0x61, 0x74, 0x65, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
    0x00, 0x00, 0x00, 0x0A, 0x00, 0x00, 0x00, 0x0A, 0x00, 0x00, 0x00, 0x00, 0x8B, 0x50, 0x72, 0x6F, 0x67, 0x4E, 0x61,
    0x6D, 0x65, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x10,
    0x00, 0x00, 0x00, 0x00, 0x95, 0x50, 0x72, 0x6F, 0x67, 0x53, 0x69, 0x67, 0x00, 0x00,
  };

  g_assert_cmpuint (sizeof captured, ==, 128);
  g_assert_cmpmem (file->data, sizeof captured, captured, sizeof captured);
  /* Status, Public and up to four others (manual 3.6). */
  g_assert_cmpuint (tables->len, <=, 6);
  for (guint i = 0; i < tables->len; i++)
    g_assert_cmpint (((OpTable *) tables->pdata[i])->time_type, ==, OP_TYPE_SEC);
  g_assert_nonnull (peer_find_table (tables, "Public"));
}

static void
test_collect (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GPtrArray) tables = peer_read_tables (peer);
  OpTable *table = peer_find_table (tables, "OneMin");
  g_autoptr (OpBatch) batch = peer_collect_all (peer, table);
  const OpTime *times = op_batch_get_times (batch);

  g_assert_cmpuint (op_batch_get_n_records (batch), >=, 1440);
  for (gsize i = 1; i < op_batch_get_n_records (batch); i++)
    g_assert_cmpint (times[i] - times[i - 1], ==, 60 * OP_SECOND);
  g_assert_cmpuint (op_batch_get_records (batch)[0], ==, 0);
  g_assert_cmpfloat (op_batch_get_numbers (batch, 3)[0], >, 10);
}

/* Frames of 100 and 101 bytes, header included, and padded with a text that is none. */
static void
test_long_packets (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);

  for (guint extra = 0; extra < 2; extra++)
    {
      PakMessage *command = peer_command (PAK_PROTOCOL_PAKCTRL, 0x07);
      g_autofree char *names = g_strnfill (100 - 8 - 2 - 1 + extra, ';');
      g_autofree char *next = NULL;

      pak_message_set_text (command, "NameList", names);
      if (extra == 0)
        {
          pak_message_free (peer_ask (peer, command));
          continue;
        }
      peer_send (peer, command);
      peer_send_hex (peer, "90 01 0F FE");
      next = peer_next_hex (peer);
      g_assert_cmpstr (next, ==, "AF FE 00 01");
    }
}

/* It works at one thing and does not hear another. */
static void
test_one_at_a_time (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (PakMessage) first_answer = NULL, last_answer = NULL;
  guint8 first = peer_send (peer, peer_command (PAK_PROTOCOL_BMP5, 0x18));
  guint8 second = peer_send (peer, peer_command (PAK_PROTOCOL_BMP5, 0x18));

  first_answer = peer_receive (peer, first);
  last_answer = peer_ask (peer, peer_command (PAK_PROTOCOL_BMP5, 0x18));
  g_assert_cmpuint (second, !=, first);
  g_assert_cmpuint (peer_get_n_waiting (peer), ==, 0);
}

static guint
upload (Peer *peer, const char *name, guint swath)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1D);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_text (command, "FileName", name);
  pak_message_set_uint (command, "Swath", swath);
  answer = peer_ask (peer, command);
  return pak_message_get_uint (answer, "RespCode");
}

static guint
download (Peer *peer, guint8 transaction, const char *name, guint32 offset, gboolean closes, const char *text)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1C);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_text (command, "FileName", name);
  pak_message_set_uint (command, "CloseFlag", closes);
  pak_message_set_uint (command, "FileOffset", offset);
  pak_message_set_bytes (command, "FileData", (const guint8 *) text, strlen (text));
  answer = peer_ask_with (peer, transaction, command);
  return pak_message_get_uint (answer, "RespCode");
}

static guint
control (Peer *peer, guint what, const char *name)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1E);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_text (command, "FileName", name);
  pak_message_set_uint (command, "FileCmd", what);
  answer = peer_ask (peer, command);
  return pak_message_get_uint (answer, "RespCode");
}

static guint
get_state (Peer *peer)
{
  g_autoptr (PakMessage) statistics = peer_ask (peer, peer_command (PAK_PROTOCOL_BMP5, 0x18));

  g_assert_cmpstr (pak_message_get_text (statistics, "OSVer"), ==, "CR200.v03A");
  return pak_message_get_uint (statistics, "CompState");
}

/* No permission is missing: the swath fits no packet (manual 3.7.4). */
static void
test_swath (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);

  g_assert_cmpuint (upload (peer, ".TDF", 1001), ==, 1);
  g_assert_cmpuint (upload (peer, ".TDF", 400), ==, 0);
}

/* Stop and delete, download, run, statistics (manual 3.7.2). */
static void
test_program (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);

  g_assert_cmpuint (get_state (peer), ==, 1);
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), >=, 1440);
  /* There is no room beside the old program. */
  g_assert_cmpuint (download (peer, 9, "CPU:new.bin", 0, FALSE, "v03A "), ==, 2);
  g_assert_cmpuint (control (peer, 8, ""), ==, 0);
  g_assert_cmpuint (get_state (peer), ==, 0);
  g_assert_cmpuint (upload (peer, ".TDF", 400), ==, 14);
  g_assert_cmpuint (download (peer, 9, "CPU:new.CR2", 0, FALSE, "v03A "), ==, 13);
  g_assert_cmpuint (download (peer, 9, "CPU:new.bin", 0, FALSE, "v03A "), ==, 0);
  g_assert_cmpuint (download (peer, 9, "", 5, TRUE, "code"), ==, 0);
  g_assert_cmpuint (download (peer, 9, "", 5, TRUE, "code"), ==, 0);
  g_assert_cmpuint (control (peer, 1, "CPU:new.bin"), ==, 0);
  g_assert_cmpuint (get_state (peer), ==, 1);
  g_assert_cmpuint (upload (peer, ".TDF", 400), ==, 0);
  /* All data are erased (manual 3.6). */
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), <=, 1);
}

static void
test_program_for_another_system (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);

  g_assert_cmpuint (control (peer, 8, ""), ==, 0);
  g_assert_cmpuint (download (peer, 9, "CPU:new.bin", 0, TRUE, "v02B code"), ==, 0);
  g_assert_cmpuint (control (peer, 1, "CPU:new.bin"), ==, 0);
  g_assert_cmpuint (get_state (peer), ==, 2);
  g_assert_cmpuint (control (peer, 5, "CPU:"), ==, 0x13);
  g_assert_cmpuint (control (peer, 13, "CPU:new.bin"), ==, 0x13);
}

static void
test_settings (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  PakMessage *command = peer_command (PAK_PROTOCOL_PAKCTRL, 0x07);
  PakMessage *set = peer_command (PAK_PROTOCOL_PAKCTRL, 0x08);
  g_autoptr (PakMessage) answer = NULL, set_answer = NULL;
  g_autofree char *ready = NULL, *failure = NULL;

  pak_message_set_text (command, "NameList", "");
  answer = peer_ask (peer, command);
  g_assert_true (g_str_has_prefix (pak_message_get_text (answer, "Settings"),
                                   "Model=CR200;Version=CR200.v03A;SerialNbr=10417;PakBusAddress=1;MaxPktSize=100;"));
  /* What a CR1000 has instead is not implemented: code 4. */
  peer_send_hex (peer, "A0 01 98 02 00 01 08 02 0F 02");
  failure = peer_next_hex (peer);
  g_assert_cmpstr (failure, ==, "A8 02 10 01 08 02 00 01 81 00 04 00 01 08 02 0F 02");
  pak_message_set_text (set, "Settings", "PakBusAddress=9;");
  set_answer = peer_ask (peer, set);
  g_assert_cmpuint (pak_message_get_uint (set_answer, "RespCode"), ==, 0);
  peer_send_hex (peer, "90 09 0F EF");
  ready = peer_next_hex (peer);
  g_assert_cmpstr (ready, ==, "AF EF 00 09");
}

/* A clock of whole seconds is set by whole seconds. */
static void
test_clock (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  OpTime times[2];

  for (guint i = 0; i < 2; i++)
    {
      PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x17);
      g_autoptr (PakMessage) answer = NULL;

      pak_message_set_time (command, "Adjustment", i == 0 ? 100 * OP_SECOND + OP_SECOND / 2 : OP_SECOND / 2);
      answer = peer_ask (peer, command);
      g_assert_cmpuint (pak_message_get_uint (answer, "RespCode"), ==, 0);
      times[i] = pak_message_get_time (answer, "OldTime");
      g_assert_cmpint (times[i] % OP_SECOND, ==, 0);
    }
  g_assert_cmpint (times[1] - times[0], >=, 100 * OP_SECOND);
  g_assert_cmpint (times[1] - times[0], <=, 102 * OP_SECOND);
  g_assert_cmpuint (op_emulator_get_n_applied (emulator, "clock"), ==, 1);
}

static void
test_options (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr200");
  g_autoptr (GError) error = NULL;

  options->interval = OP_SECOND / 2;
  g_assert_null (op_emulator_new (options, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/cr200/manual-example", test_manual_example);
  g_test_add_func ("/emulator/cr200/definitions", test_definitions);
  g_test_add_func ("/emulator/cr200/collect", test_collect);
  g_test_add_func ("/emulator/cr200/long-packets", test_long_packets);
  g_test_add_func ("/emulator/cr200/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/emulator/cr200/swath", test_swath);
  g_test_add_func ("/emulator/cr200/program", test_program);
  g_test_add_func ("/emulator/cr200/program-for-another-system", test_program_for_another_system);
  g_test_add_func ("/emulator/cr200/settings", test_settings);
  g_test_add_func ("/emulator/cr200/clock", test_clock);
  g_test_add_func ("/emulator/cr200/options", test_options);
  return g_test_run ();
}
