/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files to and from the logger, and what File Control does with them (manual 2.3.3). */

#include "tests/emulator/peer.h"

#include "protocol/pakbus/directory.h"

static const char program[] = "Public Level\r\nBeginProg\r\nEndProg\r\n";

static OpEmulator *
make_emulator (guint16 security)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  OpEmulator *emulator;

  options->security[0] = security;
  options->compile_us = 20000;
  emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  return emulator;
}

static PakMessage *
fragment_command (const char *name, guint32 offset, gboolean closes, const char *data, gsize length)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1C);

  pak_message_set_text (command, "FileName", name);
  pak_message_set_uint (command, "CloseFlag", closes);
  pak_message_set_uint (command, "FileOffset", offset);
  if (length > 0)
    pak_message_set_bytes (command, "FileData", (const guint8 *) data, length);
  return command;
}

/* One fragment of the transfer @transaction; returns the response code and checks the offset. */
static guint
send_fragment (Peer *peer, guint8 transaction, const char *name, guint32 offset, gboolean closes, const char *data,
               gsize length)
{
  PakMessage *command = fragment_command (name, offset, closes, data, length);
  g_autoptr (PakMessage) answer = peer_ask_with (peer, transaction, command);

  g_assert_cmpuint (pak_message_get_uint (answer, "FileOffset"), ==, offset);
  return pak_message_get_uint (answer, "RespCode");
}

static guint
send_file (Peer *peer, const char *name, const char *text)
{
  return send_fragment (peer, 200, name, 0, TRUE, text, strlen (text));
}

static guint
control_with (Peer *peer, guint what, const char *name, guint16 security)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1E);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_uint (command, "SecurityCode", security);
  pak_message_set_text (command, "FileName", name);
  pak_message_set_uint (command, "FileCmd", what);
  answer = peer_ask (peer, command);
  /* On a refusal as well (pakbus-facts G3). */
  g_assert_true (pak_message_has (answer, "HoldOff"));
  return pak_message_get_uint (answer, "RespCode");
}

static guint
control (Peer *peer, guint what, const char *name)
{
  return control_with (peer, what, name, 0);
}

static void
assert_file (Peer *peer, const char *name, const char *content, gsize length)
{
  g_autoptr (GByteArray) file = peer_read_file (peer, name, 64);

  g_assert_cmpmem (file->data, file->len, content, length);
}

static guint
ask_file (Peer *peer, const char *name)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1D);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_text (command, "FileName", name);
  pak_message_set_uint (command, "Swath", 10);
  answer = peer_ask (peer, command);
  return pak_message_get_uint (answer, "RespCode");
}

static GPtrArray *
read_directory (Peer *peer)
{
  g_autoptr (GByteArray) file = peer_read_file (peer, "CPU:.DIR", 512);
  g_autoptr (GError) error = NULL;
  GPtrArray *entries = pak_directory_parse (file->data, file->len, &error);

  g_assert_no_error (error);
  return entries;
}

static const PakDirectoryEntry *
find_entry (GPtrArray *entries, const char *name)
{
  for (guint i = 0; i < entries->len; i++)
    if (g_str_equal (((PakDirectoryEntry *) entries->pdata[i])->name, name))
      return entries->pdata[i];
  return NULL;
}

static gboolean
has_attribute (Peer *peer, const char *name, PakFileAttribute attribute)
{
  g_autoptr (GPtrArray) entries = read_directory (peer);
  const PakDirectoryEntry *entry = find_entry (entries, name);

  return entry != NULL && pak_directory_entry_has_attribute (entry, attribute);
}

static PakMessage *
read_statistics (Peer *peer)
{
  return peer_ask (peer, peer_command (PAK_PROTOCOL_BMP5, 0x18));
}

static void
assert_program (Peer *peer, guint state, const char *name, const char *power_up)
{
  g_autoptr (PakMessage) statistics = read_statistics (peer);

  g_assert_cmpuint (pak_message_get_uint (statistics, "CompState"), ==, state);
  g_assert_cmpstr (pak_message_get_text (statistics, "ProgName"), ==, name);
  g_assert_cmpstr (pak_message_get_text (statistics, "PowUpProg"), ==, power_up);
}

static guint
get_n_applied (OpEmulator *emulator)
{
  return op_emulator_get_n_applied (emulator, "files");
}

/* The name stands in the first fragment only, the number stays the same (manual 2.3.3.1; pakbus-facts G2). */
static void
test_fragments (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);

  g_assert_cmpuint (send_fragment (peer, 77, "CPU:a.txt", 0, FALSE, "Hello ", 6), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 77, "", 6, FALSE, "big ", 4), ==, 0);
  g_assert_cmpuint (ask_file (peer, "CPU:a.txt"), ==, 0x0D);
  g_assert_cmpuint (get_n_applied (emulator), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 77, "", 10, TRUE, "world", 5), ==, 0);
  assert_file (peer, "CPU:a.txt", "Hello big world", 15);
  g_assert_cmpuint (get_n_applied (emulator), ==, 1);

  /* Some clients repeat the name, some close with an empty fragment. */
  g_assert_cmpuint (send_fragment (peer, 78, "USR:b", 0, FALSE, "ab", 2), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 78, "usr:B", 2, FALSE, "cd", 2), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 78, "USR:b", 4, TRUE, "", 0), ==, 0);
  assert_file (peer, "USR:b", "abcd", 4);
  /* Without a drive: on the first. */
  g_assert_cmpuint (send_file (peer, "c.txt", "c"), ==, 0);
  assert_file (peer, "CPU:c.txt", "c", 1);
}

/* A client that got no answer sends the same again. */
static void
test_repeated_fragments (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);

  for (guint i = 0; i < 2; i++)
    g_assert_cmpuint (send_fragment (peer, 9, "CPU:a.txt", 0, FALSE, "12345", 5), ==, 0);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (send_fragment (peer, 9, "", 5, FALSE, "67890", 5), ==, 0);
  /* One that was underway for long. */
  g_assert_cmpuint (send_fragment (peer, 9, "CPU:a.txt", 0, FALSE, "12345", 5), ==, 0);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (send_fragment (peer, 9, "", 10, TRUE, "abc", 3), ==, 0);
  assert_file (peer, "CPU:a.txt", "1234567890abc", 13);
  g_assert_cmpuint (get_n_applied (emulator), ==, 1);
  g_assert_cmpuint (send_file (peer, "CPU:b.txt", "x"), ==, 0);
  g_assert_cmpuint (send_file (peer, "CPU:b.txt", "x"), ==, 0);
  g_assert_cmpuint (get_n_applied (emulator), ==, 2);
}

/* An empty file, and one that is closed again with nothing left to say. */
static void
test_empty_file (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);

  for (guint i = 0; i < 2; i++)
    g_assert_cmpuint (send_fragment (peer, 9, "CPU:a.txt", 0, TRUE, "", 0), ==, 0);
  g_assert_cmpuint (ask_file (peer, "CPU:a.txt"), ==, 0);
  g_assert_cmpuint (get_n_applied (emulator), ==, 1);
}

/* The number comes around: another file, or the same again after it was deleted. */
static void
test_transaction_used_again (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);

  g_assert_cmpuint (send_fragment (peer, 5, "CPU:a.txt", 0, FALSE, "left behind", 11), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 5, "CPU:b.txt", 0, TRUE, "b", 1), ==, 0);
  g_assert_cmpuint (ask_file (peer, "CPU:a.txt"), ==, 0x0D);
  g_assert_cmpuint (control (peer, 4, "CPU:b.txt"), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 5, "CPU:b.txt", 0, TRUE, "b", 1), ==, 0);
  assert_file (peer, "CPU:b.txt", "b", 1);
  /* Begun anew with other content, but the same first bytes. */
  g_assert_cmpuint (send_fragment (peer, 6, "CPU:d.txt", 0, FALSE, "same", 4), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 6, "", 4, FALSE, "long old tail", 13), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 6, "CPU:d.txt", 0, FALSE, "same", 4), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 6, "", 4, TRUE, "new", 3), ==, 0);
  assert_file (peer, "CPU:d.txt", "samenew", 7);
}

static void
test_download_goes_on_after_the_link (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) first = peer_new (emulator);
  g_autoptr (Peer) second = NULL;

  g_assert_cmpuint (send_fragment (first, 5, "CPU:a.txt", 0, FALSE, "one ", 4), ==, 0);
  g_clear_pointer (&first, peer_free);
  second = peer_new (emulator);
  g_assert_cmpuint (send_fragment (second, 5, "", 4, TRUE, "two", 3), ==, 0);
  assert_file (second, "CPU:a.txt", "one two", 7);
}

/* Manual 2.3.3.1, response codes; 20 is pakbus-facts G2. */
static void
test_download_refused (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *long_name = g_strnfill (70, 'x');
  g_autofree char *large = g_strnfill (900, 'x');
  guint code = 0;

  g_assert_cmpuint (send_fragment (peer, 1, "", 0, TRUE, "x", 1), ==, 0x0D);
  g_assert_cmpuint (send_fragment (peer, 1, "CPU:", 0, TRUE, "x", 1), ==, 0x0D);
  g_assert_cmpuint (send_fragment (peer, 1, "XYZ:a", 0, TRUE, "x", 1), ==, 0x0D);
  g_assert_cmpuint (send_fragment (peer, 1, "CPU:a?b", 0, TRUE, "x", 1), ==, 0x0D);
  g_assert_cmpuint (send_fragment (peer, 1, long_name, 0, TRUE, "x", 1), ==, 0x0D);
  g_assert_cmpuint (send_fragment (peer, 1, ".TDF", 0, TRUE, "x", 1), ==, 0x0E);
  g_assert_cmpuint (send_fragment (peer, 1, "CPU:x.dir", 0, TRUE, "x", 1), ==, 0x0E);
  /* Not begun, and with a hole. */
  g_assert_cmpuint (send_fragment (peer, 1, "CPU:a", 5, FALSE, "x", 1), ==, 9);
  g_assert_cmpuint (send_fragment (peer, 1, "", 5, FALSE, "x", 1), ==, 9);
  g_assert_cmpuint (send_fragment (peer, 1, "CPU:a", 0, FALSE, "x", 1), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 1, "", 2, FALSE, "x", 1), ==, 9);
  g_assert_cmpuint (send_fragment (peer, 1, "CPU:b", 1, FALSE, "x", 1), ==, 9);

  for (guint32 offset = 0; code == 0; offset += 900)
    code = send_fragment (peer, 2, offset == 0 ? "USR:large" : "", offset, FALSE, large, 900);
  g_assert_cmpuint (code, ==, 2);
  g_assert_cmpuint (ask_file (peer, "USR:large"), ==, 0x0D);

  code = 0;
  for (guint i = 0; code == 0; i++)
    {
      g_autofree char *name = g_strdup_printf ("CRD:%u", i);

      g_assert_cmpuint (i, <=, 64);
      code = send_fragment (peer, 3, name, 0, TRUE, "x", 1);
    }
  g_assert_cmpuint (code, ==, 20);
  g_assert_cmpuint (get_n_applied (emulator), ==, 64);
}

static void
test_security (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (11);
  g_autoptr (Peer) peer = peer_new (emulator);

  g_assert_cmpuint (send_file (peer, "CPU:a", "x"), ==, 1);
  g_assert_cmpuint (control (peer, 7, ""), ==, 1);
  g_assert_cmpuint (control_with (peer, 7, "", 11), ==, 0);
  g_assert_cmpuint (get_n_applied (emulator), ==, 1);
}

static void
test_directory (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GPtrArray) before = read_directory (peer);
  g_autoptr (GPtrArray) after = NULL;

  g_assert_cmpuint (find_entry (before, "USR:")->size, ==, 65536);
  g_assert_cmpuint (send_file (peer, "USR:a.txt", "0123456789"), ==, 0);
  after = read_directory (peer);
  g_assert_cmpuint (find_entry (after, "USR:")->size, ==, 65526);
  g_assert_cmpuint (find_entry (after, "USR:a.txt")->size, ==, 10);
  g_assert_cmpuint (strlen (find_entry (after, "USR:a.txt")->date), ==, 19);
  g_assert_cmpuint (find_entry (after, "CPU:")->size + find_entry (after, "CPU:weather.CR1")->size, ==, 486912);
}

static void
test_delete_hide_format (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GPtrArray) entries = NULL;

  g_assert_cmpuint (send_file (peer, "CPU:a", "a"), ==, 0);
  g_assert_cmpuint (send_file (peer, "CPU:b", "b"), ==, 0);
  g_assert_cmpuint (send_file (peer, "USR:c", "c"), ==, 0);
  g_assert_cmpuint (control (peer, 3, "CPU:a"), ==, 0);
  entries = read_directory (peer);
  g_assert_null (find_entry (entries, "CPU:a"));
  g_assert_nonnull (find_entry (entries, "CPU:b"));
  g_assert_cmpuint (control (peer, 4, "CPU:a"), ==, 0);
  g_assert_cmpuint (control (peer, 4, "CPU:a"), ==, 0x0D);
  g_assert_cmpuint (control (peer, 3, "CPU:a"), ==, 0x0D);
  /* Open: pakbus-facts H5. */
  g_assert_cmpuint (control (peer, 4, "CPU:weather.CR1"), ==, 22);
  g_assert_cmpuint (control (peer, 5, "CPU:"), ==, 23);
  g_assert_cmpuint (control (peer, 5, "XYZ:"), ==, 0x0D);
  g_assert_cmpuint (control (peer, 5, "USR:"), ==, 0);
  g_assert_cmpuint (ask_file (peer, "USR:c"), ==, 0x0D);
  g_assert_cmpuint (ask_file (peer, "CPU:b"), ==, 0);
  g_assert_cmpuint (control (peer, 7, ""), ==, 0);
  g_assert_cmpuint (control (peer, 5, "cpu:"), ==, 0);
  g_assert_cmpuint (ask_file (peer, "CPU:weather.CR1"), ==, 0x0D);
  g_assert_cmpuint (control (peer, 0, "CPU:b"), ==, 0x13);
  g_assert_cmpuint (control (peer, 15, "CPU:b"), ==, 0x13);
  g_assert_cmpuint (control (peer, 99, ""), ==, 0x13);
}

static void
test_run (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (PakMessage) statistics = NULL;

  assert_program (peer, 1, "CPU:weather.CR1", "CPU:weather.CR1");
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), ==, 1440);
  g_assert_cmpuint (control (peer, 1, "CPU:new.CR1"), ==, 0x0D);
  g_assert_cmpuint (send_file (peer, "CPU:new.CR1", program), ==, 0);
  g_assert_cmpuint (control (peer, 6, "CPU:new.CR1"), ==, 0);
  assert_program (peer, 1, "CPU:new.CR1", "CPU:weather.CR1");
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), >=, 1440);
  g_assert_true (has_attribute (peer, "CPU:new.CR1", PAK_FILE_RUNNING));
  g_assert_false (has_attribute (peer, "CPU:weather.CR1", PAK_FILE_RUNNING));
  g_assert_true (has_attribute (peer, "CPU:weather.CR1", PAK_FILE_RUN_ON_POWER_UP));

  g_assert_cmpuint (control (peer, 1, "CPU:new.CR1"), ==, 0);
  assert_program (peer, 1, "CPU:new.CR1", "CPU:new.CR1");
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), <=, 1);
  g_assert_cmpuint (control (peer, 10, "CPU:weather.CR1"), ==, 0);
  assert_program (peer, 1, "CPU:weather.CR1", "CPU:new.CR1");
  g_assert_cmpuint (control (peer, 2, "CPU:weather.CR1"), ==, 0);
  assert_program (peer, 1, "CPU:weather.CR1", "CPU:weather.CR1");
  g_assert_cmpuint (control (peer, 2, ""), ==, 0);
  assert_program (peer, 1, "CPU:weather.CR1", "");
  g_assert_cmpuint (control (peer, 2, "CPU:none"), ==, 0x0D);
  statistics = read_statistics (peer);
  g_assert_cmpstr (pak_message_get_text (statistics, "CompResult"), ==,
                   "CPU:weather.CR1 -- Compiled in PipelineMode.\r\n");
}

static void
test_stop_pause_resume (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);

  g_assert_cmpuint (control (peer, 11, ""), ==, 0);
  assert_program (peer, 3, "CPU:weather.CR1", "CPU:weather.CR1");
  g_assert_true (has_attribute (peer, "CPU:weather.CR1", PAK_FILE_PAUSED));
  g_assert_cmpuint (control (peer, 12, ""), ==, 0);
  assert_program (peer, 1, "CPU:weather.CR1", "CPU:weather.CR1");
  g_assert_false (has_attribute (peer, "CPU:weather.CR1", PAK_FILE_PAUSED));
  g_assert_cmpuint (control (peer, 7, ""), ==, 0);
  assert_program (peer, 0, "", "CPU:weather.CR1");
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), >=, 1440);
  /* What is stopped does not go on. */
  g_assert_cmpuint (control (peer, 12, ""), ==, 0);
  assert_program (peer, 0, "", "CPU:weather.CR1");
  g_assert_cmpuint (control (peer, 8, ""), ==, 0);
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), ==, 0);
}

/* A program that is replaced takes its data files with it; those of others stay. */
static void
test_replace (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);

  g_assert_cmpuint (send_file (peer, "CRD:Events7.dat", "data"), ==, 0);
  g_assert_cmpuint (send_file (peer, "CRD:photo.jpg", "photo"), ==, 0);
  g_assert_cmpuint (send_file (peer, "CPU:new.CR1", program), ==, 0);
  g_assert_cmpuint (control (peer, 14, "CPU:new.CR1"), ==, 0);
  assert_program (peer, 1, "CPU:new.CR1", "CPU:weather.CR1");
  g_assert_cmpuint (ask_file (peer, "CRD:Events7.dat"), ==, 0x0D);
  g_assert_cmpuint (ask_file (peer, "CRD:photo.jpg"), ==, 0);
  g_assert_cmpuint (control (peer, 13, "CPU:new.CR1"), ==, 0);
  assert_program (peer, 1, "CPU:new.CR1", "CPU:new.CR1");
}

/* A program may be called as data files are; it is none. */
static void
test_replace_by_data_file (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);

  g_assert_cmpuint (send_file (peer, "CRD:Events7.dat", "data"), ==, 0);
  g_assert_cmpuint (send_file (peer, "CRD:program.dat", program), ==, 0);
  g_assert_cmpuint (control (peer, 13, "CRD:program.dat"), ==, 0);
  assert_program (peer, 1, "CRD:program.dat", "CRD:program.dat");
  g_assert_cmpuint (ask_file (peer, "CRD:program.dat"), ==, 0);
  g_assert_cmpuint (ask_file (peer, "CRD:Events7.dat"), ==, 0x0D);
}

static void
test_compile_error (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (PakMessage) marked = NULL, wrong = NULL;

  g_assert_cmpuint (send_file (peer, "CPU:bad.CR1", "'note\r\nPublic Level\r\n'ERROR\r\n"), ==, 0);
  g_assert_cmpuint (control (peer, 1, "CPU:bad.CR1"), ==, 0);
  marked = read_statistics (peer);
  g_assert_cmpuint (pak_message_get_uint (marked, "CompState"), ==, 2);
  g_assert_cmpstr (pak_message_get_text (marked, "ProgName"), ==, "CPU:bad.CR1");
  g_assert_cmpstr (pak_message_get_text (marked, "CompResult"), ==,
                   "CPU:bad.CR1 -- Compile failed!\r\nline 3: Syntax error.\r\n");
  g_assert_cmpuint (send_file (peer, "CPU:bad.CR1", "\r\n  Level = 3\r\n"), ==, 0);
  g_assert_cmpuint (control (peer, 1, "CPU:bad.CR1"), ==, 0);
  wrong = read_statistics (peer);
  g_assert_cmpstr (pak_message_get_text (wrong, "CompResult"), ==,
                   "CPU:bad.CR1 -- Compile failed!\r\nline 2: Level: Undeclared variable.\r\n");
  g_assert_cmpuint (control (peer, 1, "CPU:weather.CR1"), ==, 0);
  assert_program (peer, 1, "CPU:weather.CR1", "CPU:weather.CR1");
}

/* Nothing but line ends: who looks for a statement in them does not begin anew at each. */
static void
test_program_of_empty_lines (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *lines = g_strnfill (900, '\r');
  guint32 offset = strlen (program);

  g_assert_cmpuint (send_fragment (peer, 3, "CPU:e.CR1", 0, FALSE, program, offset), ==, 0);
  for (guint i = 0; i < 200; i++, offset += 900)
    g_assert_cmpuint (send_fragment (peer, 3, "", offset, FALSE, lines, 900), ==, 0);
  g_assert_cmpuint (send_fragment (peer, 3, "", offset, TRUE, "DataTable (OneMin, True, 500)", 29), ==, 0);
  g_assert_cmpuint (control (peer, 6, "CPU:e.CR1"), ==, 0);
  assert_program (peer, 1, "CPU:e.CR1", "CPU:weather.CR1");
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), <=, 1);
}

/* To a program that was compiled long ago it is nothing that the clock says so no more. */
static void
test_clock_set_back (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x17);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_time (command, "Adjustment", -3 * 86400 * OP_SECOND);
  answer = peer_ask (peer, command);
  g_assert_cmpuint (pak_message_get_uint (answer, "RespCode"), ==, 0);
  assert_program (peer, 1, "CPU:weather.CR1", "CPU:weather.CR1");
}

/* The size that a DataTable statement gives is part of the definition, and so of its signature. */
static void
test_definitions_change (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GPtrArray) before = peer_read_tables (peer);
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (PakMessage) refused = NULL;
  OpTable *old = peer_find_table (before, "OneMin"), *new;

  g_assert_cmpuint (send_file (peer, "CPU:s.CR1", "Public X\r\nDataTable ( onemin,True , 500)\r\n"), ==, 0);
  g_assert_cmpuint (control (peer, 6, "CPU:s.CR1"), ==, 0);
  after = peer_read_tables (peer);
  new = peer_find_table (after, "OneMin");
  g_assert_cmpuint (new->size, ==, 500);
  g_assert_cmpuint (new->signature, !=, old->signature);
  g_assert_cmpuint (peer_find_table (after, "Daily")->signature, ==, peer_find_table (before, "Daily")->signature);
  refused = peer_ask (peer, peer_collect_command (old, 3, 0, 0));
  g_assert_cmpuint (pak_message_get_uint (refused, "RespCode"), ==, 7);
  /* It kept the data of the others. */
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), <=, 1);
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "Events"), >=, 15);
}

static void
test_operating_system (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);

  g_assert_cmpuint (control (peer, 9, "CPU:weather.CR1"), ==, 0x0D);
  g_assert_cmpuint (control (peer, 9, "CPU:none.obj"), ==, 0x0D);
  g_assert_cmpuint (send_file (peer, "CPU:cr1000.obj", "binary"), ==, 0);
  g_assert_cmpuint (control (peer, 9, "CPU:cr1000.obj"), ==, 0);
  peer_wait_closed (peer);
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

/* A new program makes the logger start anew: the link ends, and the logger is deaf for as long as it said. */
static void
test_link_drops (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = NULL;
  g_autoptr (Peer) before = NULL, after = NULL;
  g_autofree char *greeting = NULL;
  gint64 begin;

  options->drops_link = TRUE;
  options->compile_us = 20000;
  emulator = op_emulator_new (options, NULL);
  before = peer_new (emulator);
  g_assert_cmpuint (control (before, 10, "CPU:weather.CR1"), ==, 0);
  peer_wait_closed (before);
  begin = g_get_monotonic_time ();
  after = peer_new (emulator);
  greeting = peer_next_hex (after);
  wait_until (is_answering, after);
  g_assert_cmpint (g_get_monotonic_time () - begin, >, 900000);
  assert_program (after, 1, "CPU:weather.CR1", "CPU:weather.CR1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/files/fragments", test_fragments);
  g_test_add_func ("/emulator/files/repeated-fragments", test_repeated_fragments);
  g_test_add_func ("/emulator/files/empty-file", test_empty_file);
  g_test_add_func ("/emulator/files/transaction-used-again", test_transaction_used_again);
  g_test_add_func ("/emulator/files/goes-on-after-the-link", test_download_goes_on_after_the_link);
  g_test_add_func ("/emulator/files/download-refused", test_download_refused);
  g_test_add_func ("/emulator/files/security", test_security);
  g_test_add_func ("/emulator/files/directory", test_directory);
  g_test_add_func ("/emulator/files/delete-hide-format", test_delete_hide_format);
  g_test_add_func ("/emulator/files/run", test_run);
  g_test_add_func ("/emulator/files/stop-pause-resume", test_stop_pause_resume);
  g_test_add_func ("/emulator/files/replace", test_replace);
  g_test_add_func ("/emulator/files/replace-by-data-file", test_replace_by_data_file);
  g_test_add_func ("/emulator/files/compile-error", test_compile_error);
  g_test_add_func ("/emulator/files/program-of-empty-lines", test_program_of_empty_lines);
  g_test_add_func ("/emulator/files/clock-set-back", test_clock_set_back);
  g_test_add_func ("/emulator/files/definitions-change", test_definitions_change);
  g_test_add_func ("/emulator/files/operating-system", test_operating_system);
  g_test_add_func ("/emulator/files/link-drops", test_link_drops);
  return g_test_run ();
}
