/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a reboot in the middle leaves as it was, and what not; and what the dump says of tables that begin anew. */

#include "tests/emulator/peer.h"

#include <glib/gstdio.h>

static guint
ask_code (Peer *peer, PakMessage *command)
{
  g_autoptr (PakMessage) answer = peer_ask (peer, command);

  return pak_message_get_uint (answer, "RespCode");
}

static guint
send_fragment (Peer *peer, guint8 transaction, const char *name, guint32 offset, gboolean closes, const char *text)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1C);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_text (command, "FileName", name);
  pak_message_set_uint (command, "FileOffset", offset);
  pak_message_set_uint (command, "CloseFlag", closes);
  pak_message_set_bytes (command, "FileData", (const guint8 *) text, strlen (text));
  answer = peer_ask_with (peer, transaction, command);
  return pak_message_get_uint (answer, "RespCode");
}

static guint
control_file (Peer *peer, guint what, const char *name)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1E);

  pak_message_set_text (command, "FileName", name);
  pak_message_set_uint (command, "FileCmd", what);
  return ask_code (peer, command);
}

static guint
reset_table (Peer *peer, const char *table)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x19);

  pak_message_set_uint (command, "CtrlOption", 1);
  pak_message_set_text (command, "TableName", table);
  return ask_code (peer, command);
}

static PakMessage *
setpoint_command (guint8 type)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, type);

  pak_message_set_text (command, "TableName", "Public");
  pak_message_set_text (command, "FieldName", "Setpoint");
  pak_message_set_uint (command, "TypeCode", OP_TYPE_BYTE);
  pak_message_set_uint (command, "Swath", 1);
  return command;
}

static gboolean
is_answering (gpointer data)
{
  Peer *peer = data;

  if (peer_get_n_waiting (peer) > 0)
    return TRUE;
  peer_send_hex (peer, "90 01 0F EF");
  return FALSE;
}

/* By DevConfig's control; returns a link to the logger that is back. */
static Peer *
reboot (OpEmulator *emulator, Peer *peer)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_PAKCTRL, 0x13);
  g_autoptr (PakMessage) answer = NULL;
  g_autofree char *greeting = NULL;
  Peer *after;

  pak_message_set_uint (command, "Action", 5);
  answer = peer_ask (peer, command);
  g_assert_cmpuint (pak_message_get_uint (answer, "Outcome"), ==, 4);
  peer_wait_closed (peer);
  after = peer_new (emulator);
  greeting = peer_next_hex (after);
  wait_until (is_answering, after);
  return after;
}

static OpEmulator *
make_emulator (OpTime interval, const char *dump)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  OpEmulator *emulator;

  options->interval = interval;
  options->compile_us = 20000;
  options->dump_path = g_strdup (dump);
  emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  return emulator;
}

static void
test_state_stays (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (OP_SECOND / 10, NULL);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (Peer) after = NULL;
  PakMessage *set = setpoint_command (0x1B);
  g_autoptr (PakMessage) value = NULL;
  g_autoptr (GByteArray) file = NULL;
  g_autoptr (GPtrArray) tables = NULL;
  g_autoptr (OpBatch) records = NULL;
  guint64 stored;
  gsize length;

  pak_message_set_bytes (set, "Values", (const guint8 *) "\x17", 1);
  g_assert_cmpuint (ask_code (peer, set), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 5, "CPU:a.txt", 0, TRUE, "kept"), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 6, "CPU:b.txt", 0, FALSE, "half a "), ==, 0);
  stored = op_emulator_get_n_records (emulator, "OneMin");
  after = reboot (emulator, peer);

  value = peer_ask (after, setpoint_command (0x1A));
  g_assert_cmpuint (*pak_message_get_bytes (value, "Values", &length), ==, 0x17);
  file = peer_read_file (after, "CPU:a.txt", 100);
  g_assert_cmpmem (file->data, file->len, "kept", 4);
  /* What was underway is to be sent from its beginning. */
  g_assert_cmpuint (send_fragment (after, 6, "", 7, TRUE, "file"), ==, 9);
  g_assert_cmpuint (send_fragment (after, 6, "CPU:b.txt", 0, TRUE, "half a file"), ==, 0);

  tables = peer_read_tables (after);
  records = peer_collect_all (after, peer_find_table (tables, "OneMin"));
  g_assert_cmpuint (op_batch_get_n_records (records), >=, stored);
  g_assert_cmpuint (op_batch_get_records (records)[0], ==, 0);
}

/* It runs what is to run on power-up, not what ran before. */
static void
test_program_on_power_up (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (60 * OP_SECOND, NULL);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (Peer) second = NULL, third = NULL;
  g_autoptr (PakMessage) running = NULL, stopped = NULL;

  g_assert_cmpuint (send_fragment (peer, 5, "CPU:new.CR1", 0, TRUE, "Public X\r\n"), ==, 0);
  g_assert_cmpuint (control_file (peer, 6, "CPU:new.CR1"), ==, 0);
  second = reboot (emulator, peer);
  running = peer_ask (second, peer_command (PAK_PROTOCOL_BMP5, 0x18));
  g_assert_cmpstr (pak_message_get_text (running, "ProgName"), ==, "CPU:weather.CR1");
  g_assert_cmpuint (pak_message_get_uint (running, "CompState"), ==, 1);
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), >=, 1440);
  g_assert_cmpuint (control_file (second, 2, ""), ==, 0);
  third = reboot (emulator, second);
  stopped = peer_ask (third, peer_command (PAK_PROTOCOL_BMP5, 0x18));
  g_assert_cmpuint (pak_message_get_uint (stopped, "CompState"), ==, 0);
}

static gboolean
has_three_records (gpointer data)
{
  return op_emulator_get_n_records (data, "OneMin") >= 3;
}

/* All that the logger ever stored: behind a reset the numbers begin with 0 again. */
static void
test_dump_of_reset (void)
{
  g_autofree char *folder = g_dir_make_tmp ("outpost-restart-XXXXXX", NULL);
  g_autofree char *dump = g_build_filename (folder, "d.dat", NULL);
  g_autoptr (OpEmulator) emulator = make_emulator (OP_SECOND / 10, dump);
  g_autoptr (Peer) peer = peer_new (emulator);
  guint64 expected = 0;
  guint n_starts = 0;
  g_autofree char *path = g_build_filename (folder, "d.OneMin.dat", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_cmpuint (reset_table (peer, "OneMin"), ==, 0);
  wait_until (has_three_records, emulator);
  op_emulator_flush_dump (emulator);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\r\n", -1);
  for (guint i = 4; *lines[i] != '\0'; i++)
    {
      guint64 number = g_ascii_strtoull (strchr (lines[i], ',') + 1, NULL, 10);

      if (number == 0)
        {
          g_assert_true (n_starts == 0 || expected >= 1440);
          expected = 0;
          n_starts++;
        }
      g_assert_cmpuint (number, ==, expected++);
    }
  g_assert_cmpuint (n_starts, ==, 2);
  g_assert_cmpuint (expected, >=, 3);
  g_clear_object (&emulator);
  g_assert_cmpint (g_unlink (path), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *other = g_build_filename (folder, i == 0 ? "d.Daily.dat" : "d.Events.dat", NULL);

      g_assert_cmpint (g_unlink (other), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/restart/state-stays", test_state_stays);
  g_test_add_func ("/emulator/restart/program-on-power-up", test_program_on_power_up);
  g_test_add_func ("/emulator/restart/dump-of-reset", test_dump_of_reset);
  return g_test_run ();
}
