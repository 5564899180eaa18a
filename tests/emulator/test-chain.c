/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Loggers behind a logger (pakbus-facts K). */

#include "tests/emulator/peer.h"

#include <glib/gstdio.h>

static OpEmulator *
make_emulator (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  OpEmulator *emulator;

  options->hops = 2;
  options->compile_us = 20000;
  emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  return emulator;
}

/* The next frame that is no Hello of the router. */
static char *
next_but_hello (Peer *peer)
{
  for (;;)
    {
      g_autofree char *frame = peer_next_hex (peer);

      if (strstr (frame, " 00 01 09 DC 01 ") == NULL)
        return g_steal_pointer (&frame);
    }
}

/* DstPhy is the router and DstNode the logger; back come the router as SrcPhy, the logger as SrcNode, and the hops. */
static void
test_addresses (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *greeting = peer_next_hex (peer);
  static const struct
  {
    const char *request;
    const char *answer;
  } cases[] = {
    { "A0 01 98 02 10 01 08 02 17 04 00 00 00 00 00 00 00 00 00 00", "A8 02 10 01 18 02 00 01 97 04 00 " },
    { "A0 01 98 02 10 02 08 02 17 05 00 00 00 00 00 00 00 00 00 00", "A8 02 10 01 18 02 10 02 97 05 00 " },
    { "A0 01 98 02 10 03 08 02 17 06 00 00 00 00 00 00 00 00 00 00", "A8 02 10 01 18 02 20 03 97 06 00 " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *answer = NULL;

      peer_send_hex (peer, cases[i].request);
      answer = next_but_hello (peer);
      g_assert_true (g_str_has_prefix (answer, cases[i].answer));
    }
}

/* A stranger is greeted with the router's own Hello until it answers (vectors/pakbus.json:
 * issue1_hello_cmd_from_router). */
static void
test_stranger (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *greeting = peer_next_hex (peer);
  g_autofree char *hello = NULL, *first = NULL, *second = NULL;

  peer_send_hex (peer, "A0 01 98 02 10 03 08 02 17 04 00 00 00 00 00 00 00 00 00 00");
  hello = peer_next_hex (peer);
  g_assert_cmpstr (hello, ==, "A8 02 70 01 08 02 00 01 09 DC 01 02 07 08");
  first = peer_next_hex (peer);
  g_assert_true (g_str_has_prefix (first, "A8 02 10 01 18 02 20 03 97 04"));
  peer_send_hex (peer, "A0 01 98 02 00 01 08 02 89 DC 00 02 07 08");
  peer_send_hex (peer, "A0 01 98 02 10 03 08 02 17 05 00 00 00 00 00 00 00 00 00 00");
  second = peer_next_hex (peer);
  g_assert_true (g_str_has_prefix (second, "A8 02 10 01 18 02 20 03 97 05"));
}

/* A Hello does not get further than the router, which sends its own (pakbus-facts K2). */
static void
test_hello_for_another (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *greeting = peer_next_hex (peer);
  g_autofree char *hello = NULL;

  peer_send_hex (peer, "A0 01 98 02 00 02 08 02 09 33 00 02 07 08");
  hello = peer_next_hex (peer);
  g_assert_cmpstr (hello, ==, "A8 02 70 01 08 02 00 01 09 DC 01 02 07 08");
  g_assert_cmpuint (peer_get_n_waiting (peer), ==, 0);
}

/* Codes 1 and 6 with the first 16 bytes of the message (manual 2.2.1). */
static void
test_delivery_failures (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *greeting = peer_next_hex (peer);
  g_autofree char *unknown = NULL, *down = NULL, *near = NULL, *mended = NULL;

  peer_send_hex (peer, "A0 01 98 02 10 09 08 02 17 04 00 00 00 00 00 00 00 00 00 00");
  unknown = next_but_hello (peer);
  g_assert_cmpstr (unknown, ==,
                   "A8 02 10 01 08 02 00 01 81 00 01 10 09 08 02 17 04 00 00 00 00 00 00 00 00 00 00");
  op_emulator_cut_hop (emulator, 2, TRUE);
  peer_send_hex (peer, "A0 01 98 02 10 03 08 02 18 05 00 00");
  down = next_but_hello (peer);
  g_assert_cmpstr (down, ==, "A8 02 10 01 08 02 00 01 81 00 06 10 03 08 02 18 05 00 00");
  peer_send_hex (peer, "A0 01 98 02 10 02 08 02 17 06 00 00 00 00 00 00 00 00 00 00");
  near = next_but_hello (peer);
  g_assert_true (g_str_has_prefix (near, "A8 02 10 01 18 02 10 02 97 06 00"));
  op_emulator_cut_hop (emulator, 2, FALSE);
  peer_send_hex (peer, "A0 01 98 02 10 03 08 02 17 07 00 00 00 00 00 00 00 00 00 00");
  mended = next_but_hello (peer);
  g_assert_true (g_str_has_prefix (mended, "A8 02 10 01 18 02 20 03 97 07 00"));
}

/* Passed on 14 times, a packet reaches the next logger, but not the one behind it: the count ends at 15. */
static void
test_hop_count_ends (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *greeting = peer_next_hex (peer);
  g_autofree char *answer = NULL;

  peer_send_hex (peer, "A0 01 98 02 10 03 E8 02 17 04 00 00 00 00 00 00 00 00 00 00");
  peer_send_hex (peer, "A0 01 98 02 10 02 E8 02 17 05 00 00 00 00 00 00 00 00 00 00");
  answer = next_but_hello (peer);
  g_assert_true (g_str_has_prefix (answer, "A8 02 10 01 18 02 10 02 97 05 00"));
}

static PakMessage *
ask_node (Peer *peer, guint16 node, PakMessage *command)
{
  PakPacket header = peer_make_header (peer);

  header.dst_node = node;
  peer_send_as (peer, command, &header);
  return peer_receive (peer, header.transaction);
}

static void
get_station_name (Peer *peer, guint16 node, char name[64])
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1A);
  g_autoptr (PakMessage) answer = NULL;
  const guint8 *values;
  gsize length;

  pak_message_set_text (command, "TableName", "Status");
  pak_message_set_text (command, "FieldName", "StationName");
  pak_message_set_uint (command, "TypeCode", OP_TYPE_ASCII);
  pak_message_set_uint (command, "Swath", 64);
  answer = ask_node (peer, node, command);
  values = pak_message_get_bytes (answer, "Values", &length);
  g_assert_cmpuint (length, ==, 64);
  memcpy (name, values, 64);
}

static void
test_each_its_own (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  char names[3][64];

  for (guint i = 0; i < 3; i++)
    get_station_name (peer, 1 + i, names[i]);
  g_assert_cmpstr (names[0], ==, "Weather");
  g_assert_cmpstr (names[1], ==, "Weather 2");
  g_assert_cmpstr (names[2], ==, "Weather 3");
}

static gboolean
is_answering (gpointer data)
{
  Peer *peer = data;

  if (peer_get_n_waiting (peer) > 0)
    return TRUE;
  peer_send_hex (peer, "A0 01 9F EF 10 03 0F EF 18 44 00 00");
  return FALSE;
}

/* A logger behind restarts; the link to the router does not take notice, and what is sent to it meanwhile is lost. */
static void
test_restart_behind (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  PakMessage *command = peer_command (PAK_PROTOCOL_PAKCTRL, 0x13);
  g_autoptr (PakMessage) answer = NULL, clock = NULL;
  g_autofree char *greeting = peer_next_hex (peer);
  gint64 begin = g_get_monotonic_time ();

  peer_send_hex (peer, "A0 01 9F EF 00 01 0F EF 89 DC 00 02 07 08");
  pak_message_set_uint (command, "Action", 5);
  answer = ask_node (peer, 3, command);
  g_assert_cmpuint (pak_message_get_uint (answer, "Outcome"), ==, 4);
  clock = ask_node (peer, 2, peer_command (PAK_PROTOCOL_BMP5, 0x17));
  g_assert_cmpuint (pak_message_get_uint (clock, "RespCode"), ==, 0);
  wait_until (is_answering, peer);
  g_assert_cmpint (g_get_monotonic_time () - begin, >, 2 * G_USEC_PER_SEC);
  g_assert_false (peer_is_closed (peer));
}

static void
test_dumps (void)
{
  g_autofree char *folder = g_dir_make_tmp ("outpost-chain-XXXXXX", NULL);
  g_autofree char *dump = g_build_filename (folder, "dump.dat", NULL);
  static const char *const names[] = { "dump.OneMin.dat", "dump.Daily.dat", "dump.Events.dat", "dump.2.OneMin.dat",
                                       "dump.2.Daily.dat", "dump.2.Events.dat" };
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = NULL;
  char *contents[G_N_ELEMENTS (names)] = { NULL };

  options->hops = 1;
  options->dump_path = g_strdup (dump);
  emulator = op_emulator_new (options, NULL);
  g_assert_nonnull (emulator);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_assert_true (g_file_get_contents (path, &contents[i], NULL, NULL));
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpstr (contents[0], !=, contents[3]);
  g_assert_nonnull (strstr (contents[3], "\"Weather 2\""));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_free (contents[i]);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_options (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulatorOptions) small = op_emulator_options_new ("cr200");
  g_autoptr (GError) error = NULL;

  options->pakbus_address = 4093;
  options->hops = 2;
  g_assert_null (op_emulator_new (options, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  small->hops = 1;
  g_assert_null (op_emulator_new (small, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/chain/addresses", test_addresses);
  g_test_add_func ("/emulator/chain/stranger", test_stranger);
  g_test_add_func ("/emulator/chain/hello-for-another", test_hello_for_another);
  g_test_add_func ("/emulator/chain/delivery-failures", test_delivery_failures);
  g_test_add_func ("/emulator/chain/hop-count-ends", test_hop_count_ends);
  g_test_add_func ("/emulator/chain/each-its-own", test_each_its_own);
  g_test_add_func ("/emulator/chain/restart-behind", test_restart_behind);
  g_test_add_func ("/emulator/chain/dumps", test_dumps);
  g_test_add_func ("/emulator/chain/options", test_options);
  return g_test_run ();
}
