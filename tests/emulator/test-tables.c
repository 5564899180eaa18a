/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Table Control and Set Values (manual 2.3.4.5 and 2.3.4.6). */

#include "tests/emulator/peer.h"

static OpEmulator *
make_emulator (guint16 security)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  OpEmulator *emulator;

  options->security[0] = security;
  emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  return emulator;
}

static guint
control (Peer *peer, guint option, const char *table)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x19);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_uint (command, "CtrlOption", option);
  if (table != NULL)
    pak_message_set_text (command, "TableName", table);
  answer = peer_ask (peer, command);
  return pak_message_get_uint (answer, "RespCode");
}

static void
test_reset (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GPtrArray) tables = peer_read_tables (peer);
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (OpBatch) records = NULL;

  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), ==, 1440);
  g_assert_cmpuint (control (peer, 1, "OneMin"), ==, 0);
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), <=, 1);
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "Events"), >=, 15);
  g_assert_cmpuint (op_emulator_get_n_applied (emulator, "tables"), ==, 1);
  /* The definition is what it was. */
  after = peer_read_tables (peer);
  g_assert_cmpuint (peer_find_table (after, "OneMin")->signature, ==, peer_find_table (tables, "OneMin")->signature);
  records = peer_collect_all (peer, peer_find_table (tables, "OneMin"));
  g_assert_cmpuint (op_batch_get_n_records (records), <=, 1);
}

/* Numbers begin with 0 again, and go on from there. */
static void
test_reset_goes_on (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = NULL;
  g_autoptr (Peer) peer = NULL;
  g_autoptr (GPtrArray) tables = NULL;
  g_autoptr (OpBatch) records = NULL;

  options->interval = OP_SECOND / 20;
  emulator = op_emulator_new (options, NULL);
  peer = peer_new (emulator);
  tables = peer_read_tables (peer);
  g_assert_cmpuint (control (peer, 1, "onemin"), ==, 0);
  while (op_emulator_get_n_records (emulator, "OneMin") < 4)
    g_main_context_iteration (NULL, FALSE);
  records = peer_collect_all (peer, peer_find_table (tables, "OneMin"));
  g_assert_cmpuint (op_batch_get_n_records (records), >=, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (op_batch_get_records (records)[i], ==, i);
  g_assert_cmpint (op_batch_get_times (records)[3] - op_batch_get_times (records)[0], ==, 3 * OP_SECOND / 20);
}

static void
test_roll_over (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  guint64 n_events = op_emulator_get_n_records (emulator, "Events");
  g_autoptr (GByteArray) file = NULL;
  guint n_lines = 0;

  g_assert_cmpuint (control (peer, 2, "Events"), ==, 0);
  file = peer_read_file (peer, "CRD:Events0.dat", 900);
  for (guint i = 0; i < file->len; i++)
    n_lines += file->data[i] == '\n';
  g_assert_cmpuint (n_lines, ==, 4 + n_events);
  g_assert_cmpmem (file->data, 16, "\"TOA5\",\"Weather\"", 16);
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "Events"), >=, n_events);
  g_assert_cmpuint (control (peer, 2, "Events"), ==, 0);
  g_clear_pointer (&file, g_byte_array_unref);
  file = peer_read_file (peer, "CRD:Events1.dat", 900);
  g_assert_cmpuint (op_emulator_get_n_applied (emulator, "tables"), ==, 2);
}

static void
test_control_refused (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (OpEmulator) locked = make_emulator (11);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (Peer) stranger = peer_new (locked);

  g_assert_cmpuint (control (peer, 1, "Nothing"), ==, 0x10);
  g_assert_cmpuint (control (peer, 1, NULL), ==, 0x10);
  g_assert_cmpuint (control (peer, 1, "Status"), ==, 0x0F);
  g_assert_cmpuint (control (peer, 1, "Public"), ==, 0x0F);
  g_assert_cmpuint (control (peer, 2, "OneMin"), ==, 0x0F);
  g_assert_cmpuint (control (peer, 3, "OneMin"), ==, 0x0F);
  g_assert_cmpuint (control (peer, 0, "Events"), ==, 0x0F);
  g_assert_cmpuint (control (stranger, 1, "OneMin"), ==, 1);
  g_assert_cmpuint (op_emulator_get_n_applied (emulator, "tables"), ==, 0);
}

static guint
set (Peer *peer, const char *table, const char *field, guint type, guint swath, const void *values, gsize length)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1B);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_text (command, "TableName", table);
  pak_message_set_text (command, "FieldName", field);
  pak_message_set_uint (command, "TypeCode", type);
  pak_message_set_uint (command, "Swath", swath);
  pak_message_set_bytes (command, "Values", values, length);
  answer = peer_ask (peer, command);
  return pak_message_get_uint (answer, "RespCode");
}

static guint
set_number (Peer *peer, const char *table, const char *field, OpType type, double number)
{
  guint8 bytes[8];

  g_assert_true (op_value_set_number (type, number, bytes, NULL));
  return set (peer, table, field, type, 1, bytes, op_type_size (type));
}

static void
get (Peer *peer, const char *table, const char *field, guint type, guint swath, guint8 *values, gsize length)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1A);
  g_autoptr (PakMessage) answer = NULL;
  const guint8 *got;
  gsize got_length;

  pak_message_set_text (command, "TableName", table);
  pak_message_set_text (command, "FieldName", field);
  pak_message_set_uint (command, "TypeCode", type);
  pak_message_set_uint (command, "Swath", swath);
  answer = peer_ask (peer, command);
  g_assert_cmpuint (pak_message_get_uint (answer, "RespCode"), ==, 0);
  got = pak_message_get_bytes (answer, "Values", &got_length);
  g_assert_cmpuint (got_length, ==, length);
  memcpy (values, got, length);
}

static double
get_number (Peer *peer, const char *field)
{
  guint8 bytes[8];

  get (peer, "Public", field, OP_TYPE_IEEE8, 1, bytes, sizeof bytes);
  return op_value_get_number (OP_TYPE_IEEE8, bytes);
}

/* Whatever type the client likes, to whatever type the variable has. */
static void
test_numbers (void)
{
  static const OpType types[] = { OP_TYPE_BYTE, OP_TYPE_UINT2, OP_TYPE_UINT4, OP_TYPE_INT1, OP_TYPE_INT2, OP_TYPE_INT4,
                                  OP_TYPE_FP2, OP_TYPE_FP4, OP_TYPE_IEEE4, OP_TYPE_IEEE8, OP_TYPE_SHORT, OP_TYPE_LONG,
                                  OP_TYPE_USHORT, OP_TYPE_ULONG, OP_TYPE_IEEE4L, OP_TYPE_IEEE8L };
  static const char *const fields[] = { "Setpoint", "Counter", "Volume", "Codes(2)", "Grid(2,1)" };
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  guint n_set = 0;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    for (guint j = 0; j < G_N_ELEMENTS (types); j++)
      {
        double number = 1 + i * G_N_ELEMENTS (types) + j;

        g_assert_cmpuint (set_number (peer, "Public", fields[i], types[j], number), ==, 0);
        g_assert_cmpfloat (get_number (peer, fields[i]), ==, number);
        g_assert_cmpuint (op_emulator_get_n_applied (emulator, "values"), ==, ++n_set);
      }
  g_assert_cmpuint (set_number (peer, "Public", "Volume", OP_TYPE_IEEE8, 0.1), ==, 0);
  g_assert_cmpfloat (get_number (peer, "Volume"), ==, 0.1);
  g_assert_cmpuint (set_number (peer, "Public", "Counter", OP_TYPE_IEEE8, -2147483648.0), ==, 0);
  g_assert_cmpfloat (get_number (peer, "Counter"), ==, -2147483648.0);
  /* What the variable cannot hold. */
  g_assert_cmpuint (set_number (peer, "Public", "Counter", OP_TYPE_IEEE8, 2147483648.0), ==, 0x11);
  g_assert_cmpuint (set_number (peer, "Public", "Codes(1)", OP_TYPE_INT2, -1), ==, 0x11);
  g_assert_cmpfloat (get_number (peer, "Counter"), ==, -2147483648.0);
}

static void
test_arrays (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  guint8 codes[8], grid[24], text[36];

  g_assert_cmpuint (set (peer, "Public", "Codes(2)", OP_TYPE_BYTE, 3, "\1\2\3", 3), ==, 0);
  get (peer, "Public", "Codes", OP_TYPE_UINT2, 4, codes, sizeof codes);
  g_assert_cmpmem (codes, 8, "\0\0\0\1\0\2\0\3", 8);
  g_assert_cmpuint (set (peer, "Public", "Codes(2)", OP_TYPE_BYTE, 4, "\1\2\3\4", 4), ==, 0x12);
  /* All or nothing: the second does not fit. */
  g_assert_cmpuint (set (peer, "Public", "Codes", OP_TYPE_INT1, 3, "\x07\xFF\x09", 3), ==, 0x11);
  get (peer, "Public", "Codes", OP_TYPE_UINT2, 4, codes, sizeof codes);
  g_assert_cmpmem (codes, 8, "\0\0\0\1\0\2\0\3", 8);

  /* Row by row. */
  g_assert_cmpuint (set (peer, "Public", "Grid(1,3)", OP_TYPE_BYTE, 2, "\x05\x06", 2), ==, 0);
  get (peer, "Public", "Grid(1,1)", OP_TYPE_INT4, 6, grid, sizeof grid);
  g_assert_cmpmem (grid, 24, "\0\0\0\0\0\0\0\0\0\0\0\5\0\0\0\6\0\0\0\0\0\0\0\0", 24);

  g_assert_cmpuint (set (peer, "Public", "Labels(2)", OP_TYPE_ASCII, 6, "middle", 6), ==, 0);
  get (peer, "Public", "Labels(1)", OP_TYPE_ASCII, 36, text, sizeof text);
  g_assert_cmpmem (text, 19, "\0\0\0\0\0\0\0\0\0\0\0\0middle\0", 19);
  g_assert_cmpuint (set (peer, "Public", "Labels(3)", OP_TYPE_ASCII, 13, "thirteen char", 13), ==, 0x12);
  g_assert_cmpuint (set (peer, "Public", "Setpoint", OP_TYPE_ASCII, 1, "1", 1), ==, 0x11);
  g_assert_cmpuint (set (peer, "Public", "Labels(1)", OP_TYPE_IEEE4, 1, "\0\0\0\0", 4), ==, 0x11);
  g_assert_cmpuint (set (peer, "Public", "Setpoint", OP_TYPE_NSEC, 1, "\0\0\0\0\0\0\0\0", 8), ==, 0x11);
}

static void
test_station_name (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  guint8 name[64];

  g_assert_cmpuint (set (peer, "Status", "StationName", OP_TYPE_ASCII, 8, "Glacier\0", 8), ==, 0);
  get (peer, "Status", "StationName", OP_TYPE_ASCII, 64, name, sizeof name);
  g_assert_cmpstr ((const char *) name, ==, "Glacier");
  g_assert_cmpuint (set (peer, "Status", "StationName", OP_TYPE_ASCII, 8, "shorter", 7), ==, 0x12);
  g_assert_cmpuint (set_number (peer, "Status", "OSSignature", OP_TYPE_INT4, 1), ==, 1);
  g_assert_cmpuint (set_number (peer, "Status", "TCPPort", OP_TYPE_INT4, 1), ==, 1);
  g_assert_cmpuint (set_number (peer, "OneMin", "RH", OP_TYPE_INT4, 1), ==, 1);
}

/* Done, but the logger starts anew, and only then has its new address (pakbus-facts H2). */
static void
test_address (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (Peer) after = NULL;
  g_autofree char *greeting = NULL;

  g_assert_cmpuint (set_number (peer, "Status", "PakBusAddress", OP_TYPE_INT4, 4095), ==, 0x12);
  g_assert_cmpuint (set_number (peer, "Status", "PakBusAddress", OP_TYPE_INT4, 0), ==, 0x12);
  g_assert_cmpuint (set_number (peer, "Status", "PakBusAddress", OP_TYPE_IEEE4, 7.5), ==, 0x12);
  g_assert_cmpuint (set_number (peer, "Status", "PakBusAddress", OP_TYPE_INT4, 7), ==, 21);
  peer_wait_closed (peer);
  after = peer_new (emulator);
  greeting = peer_next_hex (after);
  g_assert_cmpstr (greeting, ==, "EF FF 10 07 0F FF 00 07 0E 00");
  g_assert_cmpuint (op_emulator_get_n_applied (emulator, "values"), ==, 1);
}

static void
test_clock_is_counted (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0);
  g_autoptr (Peer) peer = peer_new (emulator);

  for (guint i = 0; i < 3; i++)
    {
      PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x17);

      pak_message_set_time (command, "Adjustment", i * OP_SECOND);
      pak_message_free (peer_ask (peer, command));
    }
  g_assert_cmpuint (op_emulator_get_n_applied (emulator, "clock"), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/tables/reset", test_reset);
  g_test_add_func ("/emulator/tables/reset-goes-on", test_reset_goes_on);
  g_test_add_func ("/emulator/tables/roll-over", test_roll_over);
  g_test_add_func ("/emulator/tables/control-refused", test_control_refused);
  g_test_add_func ("/emulator/values/numbers", test_numbers);
  g_test_add_func ("/emulator/values/arrays", test_arrays);
  g_test_add_func ("/emulator/values/station-name", test_station_name);
  g_test_add_func ("/emulator/values/address", test_address);
  g_test_add_func ("/emulator/values/clock-is-counted", test_clock_is_counted);
  return g_test_run ();
}
