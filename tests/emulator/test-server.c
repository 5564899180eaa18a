/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Clock, files, programming statistics, values and security. */

#include "tests/emulator/peer.h"

#include "protocol/pakbus/directory.h"
#include "protocol/signature.h"

#include <math.h>

static OpEmulator *
make_emulator (guint16 security1, guint16 security2, guint16 security3)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  OpEmulator *emulator;

  options->security[0] = security1;
  options->security[1] = security2;
  options->security[2] = security3;
  options->clock_offset_ns = 90 * OP_SECOND;
  options->program_text = g_strdup ("'message");
  emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  return emulator;
}

static PakMessage *
clock_command (guint16 security, OpTime adjustment)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x17);

  pak_message_set_uint (command, "SecurityCode", security);
  pak_message_set_time (command, "Adjustment", adjustment);
  return command;
}

static OpTime
read_clock (Peer *peer)
{
  g_autoptr (PakMessage) answer = peer_ask (peer, clock_command (0, 0));

  g_assert_cmpuint (pak_message_get_uint (answer, "RespCode"), ==, 0);
  return pak_message_get_time (answer, "OldTime");
}

static void
assert_near (OpTime a, OpTime b)
{
  g_assert_cmpint (ABS (a - b), <, OP_SECOND / 2);
}

static void
test_clock (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (PakMessage) answer = NULL;
  /* The tests run with TZ=UTC. */
  OpTime expected = op_time_from_unix_us (g_get_real_time (), 0) + 90 * OP_SECOND;

  assert_near (read_clock (peer), expected);
  answer = peer_ask (peer, clock_command (0, -90 * OP_SECOND - OP_SECOND / 4));
  g_assert_cmpuint (pak_message_get_uint (answer, "RespCode"), ==, 0);
  /* The time before adjusting. */
  assert_near (pak_message_get_time (answer, "OldTime"), expected);
  assert_near (read_clock (peer), expected - 90 * OP_SECOND - OP_SECOND / 4);
}

/* -2.5 s with both parts negative, as Campbell's own programs send it (pakbus-facts H3). */
static void
test_clock_both_negative (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  OpTime before = read_clock (peer), after;

  peer_send_hex (peer, "A0 01 98 02 10 01 08 02 17 F0 00 00 FF FF FF FE E2 32 9B 00");
  after = read_clock (peer);
  g_assert_cmpint (after - before, <, -2.3 * OP_SECOND);
  g_assert_cmpint (after - before, >=, -2.5 * OP_SECOND);
}

static void
test_drift (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = NULL;
  g_autoptr (Peer) peer = NULL;
  gint64 host;
  OpTime first;

  options->drift_ppm = 1e6; /* two seconds a second */
  emulator = op_emulator_new (options, NULL);
  peer = peer_new (emulator);
  host = g_get_monotonic_time ();
  first = read_clock (peer);
  while (g_get_monotonic_time () - host < 100000)
    read_clock (peer);
  g_assert_cmpfloat ((double) (read_clock (peer) - first) / 1000 / (double) (g_get_monotonic_time () - host), >, 1.6);
}

static void
test_definitions (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GByteArray) whole = peer_read_file (peer, "CPU:Def.TDF", 512);
  g_autoptr (GByteArray) by_large = peer_read_file (peer, ".tdf", 993);
  g_autoptr (GByteArray) by_small = peer_read_file (peer, ".TDF", 13);
  g_autoptr (GPtrArray) tables = peer_read_tables (peer);
  const char *names[] = { "Status", "OneMin", "Daily", "Events", "Public" };

  g_assert_cmpuint (whole->data[0], ==, 1);
  g_assert_cmpmem (whole->data, whole->len, by_large->data, by_large->len);
  g_assert_cmpmem (whole->data, whole->len, by_small->data, by_small->len);
  g_assert_cmpuint (tables->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < tables->len; i++)
    g_assert_cmpstr (((OpTable *) tables->pdata[i])->name, ==, names[i]);
  /* As in a real CR1000's definitions (vectors/cr1000-os24-tdf-fields.json): Status is an event table of one record. */
  g_assert_cmpuint (((OpTable *) tables->pdata[0])->size, ==, 1);
  g_assert_cmpint (((OpTable *) tables->pdata[0])->interval, ==, 0);
  g_assert_cmpstr (((OpTable *) tables->pdata[0])->fields[8].name, ==, "StartTime");
  g_assert_cmpint (((OpTable *) tables->pdata[0])->fields[8].type, ==, OP_TYPE_NSEC);
  g_assert_cmpint (((OpTable *) tables->pdata[1])->interval, ==, 60 * OP_SECOND);
  g_assert_cmpint (((OpTable *) tables->pdata[2])->interval, ==, 86400 * OP_SECOND);
}

static guint
ask_file (Peer *peer, const char *name, guint32 offset, guint swath, gsize *length)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1D);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_text (command, "FileName", name);
  pak_message_set_uint (command, "CloseFlag", 1);
  pak_message_set_uint (command, "FileOffset", offset);
  pak_message_set_uint (command, "Swath", swath);
  answer = peer_ask (peer, command);
  g_assert_cmpuint (pak_message_get_uint (answer, "FileOffset"), ==, offset);
  *length = 0;
  pak_message_get_bytes (answer, "FileData", length);
  return pak_message_get_uint (answer, "RespCode");
}

static void
test_files (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GByteArray) program = peer_read_file (peer, "CPU:weather.CR1", 512);
  g_autoptr (GByteArray) directory = peer_read_file (peer, ".DIR", 512);
  g_autoptr (GPtrArray) entries = pak_directory_parse (directory->data, directory->len, NULL);
  const PakDirectoryEntry *drive, *file;
  g_autofree char *refusal = NULL;
  gsize length;

  g_assert_cmpmem (program->data, program->len, "'message", 8);
  /* Three drives, and the program behind the first one. */
  g_assert_cmpuint (entries->len, ==, 4);
  drive = entries->pdata[0];
  file = entries->pdata[1];
  g_assert_true (pak_directory_entry_is_drive (drive));
  g_assert_cmpstr (file->name, ==, "CPU:weather.CR1");
  g_assert_cmpuint (file->size, ==, 8);
  g_assert_true (pak_directory_entry_has_attribute (file, PAK_FILE_RUNNING));

  /* Past the end, and nothing at all: empty, but no error (manual 2.3.3.2). */
  g_assert_cmpuint (ask_file (peer, ".DIR", 100000, 512, &length), ==, 0);
  g_assert_cmpuint (length, ==, 0);
  g_assert_cmpuint (ask_file (peer, ".DIR", 0, 0, &length), ==, 0);
  g_assert_cmpuint (length, ==, 0);
  g_assert_cmpuint (ask_file (peer, ".TDF", 7, 65535, &length), ==, 0);
  g_assert_cmpuint (length, ==, 993);
}

/* vectors/pakbus.json: pyc_upload_resp_empty: a refusal carries the offset. */
static void
test_no_such_file (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *greeting = peer_next_hex (peer);
  g_autofree char *refusal = NULL;

  peer_send_hex (peer, "A0 01 98 02 10 01 08 02 1D 05 00 00 46 69 6C 65 6E 61 6D 65 00 01 00 00 00 6C 02 00");
  refusal = peer_next_hex (peer);
  g_assert_cmpstr (refusal, ==, "A8 02 10 01 18 02 00 01 9D 05 0D 00 00 00 6C");
}

static void
test_programming_statistics (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (PakMessage) answer = peer_ask (peer, peer_command (PAK_PROTOCOL_BMP5, 0x18));

  g_assert_cmpuint (pak_message_get_uint (answer, "RespCode"), ==, 0);
  g_assert_true (g_str_has_prefix (pak_message_get_text (answer, "OSVer"), "CR1000.Std."));
  g_assert_cmpuint (pak_message_get_uint (answer, "CompState"), ==, 1);
  g_assert_cmpstr (pak_message_get_text (answer, "ProgName"), ==, "CPU:weather.CR1");
  g_assert_cmpuint (pak_message_get_uint (answer, "ProgSig"), ==,
                    op_signature ((const guint8 *) "'message", 8, OP_SIGNATURE_SEED));
  g_assert_true (g_str_has_suffix (pak_message_get_text (answer, "CompResult"), "\r\n"));
}

static PakMessage *
values_command (guint8 type, const char *table, const char *field, guint type_code, guint swath)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, type);

  pak_message_set_text (command, "TableName", table);
  pak_message_set_text (command, "FieldName", field);
  pak_message_set_uint (command, "TypeCode", type_code);
  pak_message_set_uint (command, "Swath", swath);
  return command;
}

static guint
get_values (Peer *peer, const char *table, const char *field, guint type, guint swath, GByteArray *values)
{
  g_autoptr (PakMessage) answer = peer_ask (peer, values_command (0x1A, table, field, type, swath));
  gsize length = 0;
  const guint8 *bytes = pak_message_get_bytes (answer, "Values", &length);

  g_byte_array_set_size (values, 0);
  if (length > 0)
    g_byte_array_append (values, bytes, length);
  return pak_message_get_uint (answer, "RespCode");
}

static guint
set_values (Peer *peer, guint16 security, const char *table, const char *field, guint type, guint swath,
            const char *values, gsize length)
{
  PakMessage *command = values_command (0x1B, table, field, type, swath);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_uint (command, "SecurityCode", security);
  pak_message_set_bytes (command, "Values", (const guint8 *) values, length);
  answer = peer_ask (peer, command);
  return pak_message_get_uint (answer, "RespCode");
}

static void
test_get_values (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GByteArray) values = g_byte_array_new ();
  double as_float;

  g_assert_cmpuint (get_values (peer, "Status", "StationName", OP_TYPE_ASCII, 64, values), ==, 0);
  g_assert_cmpuint (values->len, ==, 64);
  g_assert_cmpstr ((const char *) values->data, ==, "Weather");
  g_assert_cmpuint (get_values (peer, "Status", "StationName(1)", OP_TYPE_ASCII, 64, values), ==, 0);
  g_assert_cmpuint (get_values (peer, "Status", "PakBusAddress", OP_TYPE_IEEE4, 1, values), ==, 0);
  g_assert_cmpmem (values->data, values->len, "\x3F\x80\x00\x00", 4);
  g_assert_cmpuint (get_values (peer, "Status", "PakBusAddress", OP_TYPE_UINT2, 1, values), ==, 0);
  g_assert_cmpmem (values->data, values->len, "\x00\x01", 2);
  g_assert_cmpuint (get_values (peer, "Status", "StartTime", OP_TYPE_NSEC, 1, values), ==, 0);
  g_assert_cmpuint (values->len, ==, 8);

  g_assert_cmpuint (get_values (peer, "public", "BattV", OP_TYPE_IEEE4, 1, values), ==, 0);
  as_float = op_value_get_number (OP_TYPE_IEEE4, values->data);
  g_assert_cmpfloat (as_float, >, 11);
  g_assert_cmpuint (get_values (peer, "Public", "Soil_T(2)", OP_TYPE_IEEE8, 3, values), ==, 0);
  g_assert_cmpuint (values->len, ==, 24);
  g_assert_cmpuint (get_values (peer, "OneMin", "BattV_Min", OP_TYPE_IEEE4, 1, values), ==, 0);
  g_assert_cmpfloat (fabs (op_value_get_number (OP_TYPE_IEEE4, values->data) - as_float), <, 1);
}

/* Manual 2.3.4.6, response codes. */
static void
test_get_values_refused (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GByteArray) values = g_byte_array_new ();

  g_assert_cmpuint (get_values (peer, "Nothing", "BattV", OP_TYPE_IEEE4, 1, values), ==, 0x10);
  g_assert_cmpuint (get_values (peer, "Public", "Nothing", OP_TYPE_IEEE4, 1, values), ==, 0x10);
  g_assert_cmpuint (get_values (peer, "Public", "Soil_T(5)", OP_TYPE_IEEE4, 1, values), ==, 0x10);
  g_assert_cmpuint (get_values (peer, "Public", "BattV", OP_TYPE_ASCII, 4, values), ==, 0x11);
  g_assert_cmpuint (get_values (peer, "Public", "BattV", OP_TYPE_NSEC, 1, values), ==, 0x11);
  g_assert_cmpuint (get_values (peer, "Public", "BattV", 99, 1, values), ==, 0x11);
  g_assert_cmpuint (get_values (peer, "Status", "StationName", OP_TYPE_IEEE4, 1, values), ==, 0x11);
  g_assert_cmpuint (get_values (peer, "Status", "StationName", OP_TYPE_ASCII, 65, values), ==, 0x12);
  g_assert_cmpuint (get_values (peer, "Public", "Soil_T(2)", OP_TYPE_IEEE4, 4, values), ==, 0x12);
  g_assert_cmpuint (get_values (peer, "Public", "BattV", OP_TYPE_IEEE4, 65535, values), ==, 0x12);
}

static void
test_set_values (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GByteArray) values = g_byte_array_new ();

  g_assert_cmpuint (set_values (peer, 0, "Public", "Setpoint", OP_TYPE_INT4, 1, "\0\0\0\x15", 4), ==, 0);
  g_assert_cmpuint (get_values (peer, "Public", "Setpoint", OP_TYPE_IEEE4, 1, values), ==, 0);
  g_assert_cmpfloat (op_value_get_number (OP_TYPE_IEEE4, values->data), ==, 21);
  g_assert_cmpuint (set_values (peer, 0, "Public", "Flag(3)", OP_TYPE_BOOL4, 2, "\0\0\0\1\xFF\xFF\xFF\xFF", 8), ==, 0);
  g_assert_cmpuint (get_values (peer, "Public", "Flag", OP_TYPE_BOOL, 8, values), ==, 0);
  g_assert_cmpmem (values->data, values->len, "\0\0\xFF\xFF\0\0\0\0", 8);
  g_assert_cmpuint (set_values (peer, 0, "Public", "Note", OP_TYPE_ASCII, 6, "hello", 6), ==, 0);
  /* No characters change nothing. */
  g_assert_cmpuint (set_values (peer, 0, "Public", "Note", OP_TYPE_ASCII, 0, "", 0), ==, 0);
  g_assert_cmpuint (get_values (peer, "Public", "Note", OP_TYPE_ASCII, 32, values), ==, 0);
  g_assert_cmpstr ((const char *) values->data, ==, "hello");

  g_assert_cmpuint (set_values (peer, 0, "Public", "Setpoint", OP_TYPE_INT4, 1, "\0\0\0", 3), ==, 0x12);
  g_assert_cmpuint (set_values (peer, 0, "Public", "Flag(3)", OP_TYPE_BOOL, 7, "\0\0\0\0\0\0\0", 7), ==, 0x12);
  g_assert_cmpuint (set_values (peer, 0, "Public", "Nothing", OP_TYPE_BOOL, 1, "\0", 1), ==, 0x10);
  g_assert_cmpuint (set_values (peer, 0, "Status", "OSSignature", OP_TYPE_INT4, 1, "\0\0\0\0", 4), ==, 1);
}

/* Whether reading the clock, setting it, and reading the program are allowed with @code. */
static void
assert_allowed (OpEmulator *emulator, guint16 code, gboolean read, gboolean set, gboolean program)
{
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (PakMessage) read_answer = peer_ask (peer, clock_command (code, 0));
  g_autoptr (PakMessage) set_answer = peer_ask (peer, clock_command (code, 1));
  PakMessage *file_command = peer_command (PAK_PROTOCOL_BMP5, 0x1D);
  g_autoptr (PakMessage) file_answer = NULL;

  pak_message_set_uint (file_command, "SecurityCode", code);
  pak_message_set_text (file_command, "FileName", "CPU:weather.CR1");
  file_answer = peer_ask (peer, file_command);
  g_assert_cmpuint (pak_message_get_uint (read_answer, "RespCode"), ==, read ? 0 : 1);
  g_assert_cmpuint (pak_message_get_uint (set_answer, "RespCode"), ==, set ? 0 : 1);
  g_assert_cmpuint (pak_message_get_uint (file_answer, "RespCode"), ==, program ? 0 : 1);
}

/* The CR1000 manual's levels, as pakbus-facts I1 has them. */
static void
test_security (void)
{
  g_autoptr (OpEmulator) open = make_emulator (0, 0, 0);
  g_autoptr (OpEmulator) one = make_emulator (11, 0, 0);
  g_autoptr (OpEmulator) two = make_emulator (11, 22, 0);
  g_autoptr (OpEmulator) three = make_emulator (11, 22, 64425);

  assert_allowed (open, 0, TRUE, TRUE, TRUE);
  assert_allowed (open, 7, TRUE, TRUE, TRUE);
  assert_allowed (one, 0, TRUE, TRUE, FALSE);
  assert_allowed (one, 11, TRUE, TRUE, TRUE);
  assert_allowed (two, 0, TRUE, FALSE, FALSE);
  assert_allowed (two, 22, TRUE, TRUE, FALSE);
  assert_allowed (two, 11, TRUE, TRUE, TRUE);
  assert_allowed (three, 0, FALSE, FALSE, FALSE);
  assert_allowed (three, 64425, TRUE, FALSE, FALSE);
  assert_allowed (three, 22, TRUE, TRUE, FALSE);
  assert_allowed (three, 11, TRUE, TRUE, TRUE);
}

/* The third level locks definitions, statistics, values and records as well. */
static void
test_security_of_reading (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (1, 2, 3);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GByteArray) values = g_byte_array_new ();
  g_autoptr (PakMessage) statistics = peer_ask (peer, peer_command (PAK_PROTOCOL_BMP5, 0x18));
  g_autoptr (PakMessage) hello = peer_ask (peer, peer_command (PAK_PROTOCOL_PAKCTRL, 0x09));
  OpTable table = { .number = 2, .signature = 0 };
  g_autoptr (PakMessage) records = peer_ask (peer, peer_collect_command (&table, 3, 0, 0));
  gsize length;

  g_assert_cmpuint (ask_file (peer, ".TDF", 0, 512, &length), ==, 1);
  g_assert_cmpuint (length, ==, 0);
  g_assert_cmpuint (pak_message_get_uint (statistics, "RespCode"), ==, 1);
  g_assert_cmpuint (get_values (peer, "Public", "BattV", OP_TYPE_IEEE4, 1, values), ==, 1);
  g_assert_cmpuint (set_values (peer, 3, "Public", "Setpoint", OP_TYPE_INT4, 1, "\0\0\0\0", 4), ==, 1);
  g_assert_cmpuint (set_values (peer, 2, "Public", "Setpoint", OP_TYPE_INT4, 1, "\0\0\0\0", 4), ==, 0);
  g_assert_cmpuint (pak_message_get_uint (records, "RespCode"), ==, 1);
  g_assert_true (pak_message_has (hello, "HopMetric"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/server/clock", test_clock);
  g_test_add_func ("/emulator/server/clock-both-negative", test_clock_both_negative);
  g_test_add_func ("/emulator/server/drift", test_drift);
  g_test_add_func ("/emulator/server/definitions", test_definitions);
  g_test_add_func ("/emulator/server/files", test_files);
  g_test_add_func ("/emulator/server/no-such-file", test_no_such_file);
  g_test_add_func ("/emulator/server/programming-statistics", test_programming_statistics);
  g_test_add_func ("/emulator/server/get-values", test_get_values);
  g_test_add_func ("/emulator/server/get-values-refused", test_get_values_refused);
  g_test_add_func ("/emulator/server/set-values", test_set_values);
  g_test_add_func ("/emulator/server/security", test_security);
  g_test_add_func ("/emulator/server/security-of-reading", test_security_of_reading);
  return g_test_run ();
}
