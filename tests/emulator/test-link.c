/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Link states, hellos and framing, against frames of the manual and of real loggers. */

#include "protocol/emulator/link.h"
#include "protocol/transport/memory-transport.h"
#include "tests/emulator/peer.h"

static OpEmulator *
make_emulator (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  OpEmulator *emulator = op_emulator_new (options, &error);

  g_assert_no_error (error);
  return emulator;
}

static void
assert_next (Peer *peer, const char *expected)
{
  g_autofree char *got = peer_next_hex (peer);

  g_assert_cmpstr (got, ==, expected);
}

/* vectors/pakbus.json: issue1_hello_request_on_connect */
#define GREETING "EF FF 10 01 0F FF 00 01 0E 00"

static void
test_greeting (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);

  assert_next (peer, GREETING);
}

/* BMP5 manual 3.2: Ring, Ready; its section 2.1 for the others. */
static void
test_link_states (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);

  assert_next (peer, GREETING);
  peer_send_hex (peer, "90 01 0F FE");
  assert_next (peer, "AF FE 00 01");
  peer_send_hex (peer, "B0 01 0F FE");
  assert_next (peer, "8F FE 00 01");
  peer_send_hex (peer, "C0 01 0F FE");
  assert_next (peer, "BF FE 00 01");
  /* Finished as a header without message (pakbus-facts B5, C7). */
  peer_send_hex (peer, "B0 01 3F FE 00 01 0F FE");
  assert_next (peer, "8F FE 00 01");
}

static void
test_other_addresses (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);

  assert_next (peer, GREETING);
  peer_send_hex (peer, "90 02 0F FE");
  peer_send_hex (peer, "A0 02 98 02 00 02 08 02 09 01 00 02 07 08");
  peer_send_hex (peer, "A0 01 98 02 00 02 08 02 09 01 00 02 07 08");
  /* Broadcast is for everybody; what came before would stand before this answer. */
  peer_send_hex (peer, "9F FF 0F FE");
  assert_next (peer, "AF FE 00 01");
}

static void
test_hello (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);

  assert_next (peer, GREETING);
  /* vectors/pakbus.json: issue1_hello_cmd_tx, with link state Ring; the answer as issue #1 shows it. */
  peer_send_hex (peer, "90 01 58 02 00 01 08 02 09 01 00 02 07 08");
  assert_next (peer, "A8 02 10 01 08 02 00 01 89 01 00 02 07 08");
  /* Hello Request, when the address is not known (manual 3.3): a Hello comes. */
  peer_send_hex (peer, "AF FF 1F EF 0F FF 0F EF 0E 00");
  assert_next (peer, "AF EF 70 01 0F EF 00 01 09 DC 00 02 07 08");
  /* Bye asks for nothing. */
  peer_send_hex (peer, "AF FF 1F EF 0F FF 0F EF 0D 00");
  peer_send_hex (peer, "90 01 0F FE");
  assert_next (peer, "AF FE 00 01");
}

static void
test_delivery_failure (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);

  assert_next (peer, GREETING);
  /* vectors/pakbus.json: guide_xtd_clock_cmd, the CR10X-PB's clock command: code 4, not implemented. */
  peer_send_hex (peer, "A0 01 6F FE 10 01 0F FE 03 2E 00 00 00 00");
  assert_next (peer, "AF FE 20 01 0F FE 00 01 81 00 04 10 01 0F FE 03 2E 00 00 00 00");
  /* Reset Router (pakbus-facts C8), which a logger does not do. */
  peer_send_hex (peer, "A0 01 98 02 00 01 08 02 0C 02");
  assert_next (peer, "A8 02 10 01 08 02 00 01 81 00 04 00 01 08 02 0C 02");
  /* A clock command that ends too soon: 5, malformed. */
  peer_send_hex (peer, "A0 01 98 02 10 01 08 02 17 04 00 00 00");
  assert_next (peer, "A8 02 10 01 08 02 00 01 81 00 05 10 01 08 02 17 04 00 00 00");
  /* No protocol 3: 2. */
  peer_send_hex (peer, "A0 01 98 02 30 01 08 02 17 04");
  assert_next (peer, "A8 02 10 01 08 02 00 01 81 00 02 30 01 08 02 17 04");
  /* A failure, an unknown answer and an unknown broadcast bring no failure. */
  peer_send_hex (peer, "A0 01 98 02 00 01 08 02 81 00 04 00 01 08 02 0F 02");
  peer_send_hex (peer, "A0 01 98 02 10 01 08 02 97 00 01");
  peer_send_hex (peer, "AF FF 98 02 1F FF 08 02 55 01");
  peer_send_hex (peer, "90 01 0F FE");
  assert_next (peer, "AF FE 00 01");
}

static void
test_echo (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *answer = NULL;

  assert_next (peer, GREETING);
  peer_send_hex (peer, "A0 01 98 02 00 01 08 02 05 07 01 02 03 04 05 06 07 08 61 62 63");
  answer = peer_next_hex (peer);
  g_assert_true (g_str_has_prefix (answer, "A8 02 10 01 08 02 00 01 85 07 "));
  g_assert_true (g_str_has_suffix (answer, " 61 62 63"));
  g_assert_cmpuint (strlen (answer), ==, 3 * (8 + 2 + 8 + 3) - 1);
}

static void
test_noise (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GBytes) noise = g_bytes_new_static ("\x00garbage\xBD\xBD\xBC\x00\xBD\x90\x01\x0F\xFE\x71\xD3\xBD", 20);

  assert_next (peer, GREETING);
  peer_send_bytes (peer, noise);
  peer_send_hex (peer, "90 01 0F FD");
  assert_next (peer, "AF FD 00 01");
}

static gboolean
has_two (gpointer data)
{
  return peer_get_n_waiting (data) >= 2;
}

static void
test_beacon (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) peer = peer_new (emulator);
  guint n_beacons = 0;

  assert_next (peer, GREETING);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *answer = NULL;

      peer_send_hex (peer, "A0 01 98 02 00 01 08 02 09 01 00 02 07 08");
      answer = peer_next_hex (peer);
      /* Of the form of vectors/pakbus.json: issue18_beacon_8_bytes */
      if (g_str_equal (answer, "8F FF 80 01 0F FF 00 01"))
        {
          n_beacons++;
          g_clear_pointer (&answer, g_free);
          answer = peer_next_hex (peer);
        }
      g_assert_cmpstr (answer, ==, "A8 02 10 01 08 02 00 01 89 01 00 02 07 08");
    }
  g_assert_cmpuint (n_beacons, ==, 3);
}

static void
test_several_links (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator ();
  g_autoptr (Peer) first = peer_new (emulator);
  g_autoptr (Peer) second = peer_new (emulator);

  assert_next (first, GREETING);
  assert_next (second, GREETING);
  peer_send_hex (first, "90 01 0F FE");
  peer_send_hex (second, "90 01 0F FD");
  assert_next (first, "AF FE 00 01");
  assert_next (second, "AF FD 00 01");
  g_clear_pointer (&first, peer_free);
  peer_send_hex (second, "B0 01 0F FD");
  assert_next (second, "8F FD 00 01");
}

/* A slow logger says so first (manual 2.3.1), answers in order, and does not do two things at a time. */
static void
test_turnaround (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = NULL;
  g_autoptr (Peer) peer = NULL;
  gint64 begin;

  options->turnaround_us = 600000;
  emulator = op_emulator_new (options, NULL);
  peer = peer_new (emulator);
  assert_next (peer, GREETING);
  begin = g_get_monotonic_time ();
  peer_send_hex (peer, "A0 01 98 02 10 01 08 02 18 05 00 01");
  peer_send_hex (peer, "A0 01 98 02 10 01 08 02 18 06 00 01");
  assert_next (peer, "A8 02 50 01 18 02 00 01 A1 06 18 00 03");
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 500000);
  wait_until (has_two, peer);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 1200000);
}

/* Who asks without waiting for answers, much faster than they come, is no longer heard at some point. */
static void
test_flood (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = NULL;
  g_autoptr (Peer) peer = NULL;

  options->turnaround_us = 60 * G_USEC_PER_SEC;
  emulator = op_emulator_new (options, NULL);
  peer = peer_new (emulator);
  for (guint i = 0; i < 1500; i++)
    {
      PakMessage *command = peer_command (PAK_PROTOCOL_PAKCTRL, 0x08);

      pak_message_set_text (command, "Settings", "StationName=Mast;");
      peer_send (peer, command);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (op_emulator_get_n_applied (emulator, "settings"), >=, 900);
  g_assert_cmpuint (op_emulator_get_n_applied (emulator, "settings"), <=, 1000);
}

/* A link to a station that the test has in hand. */
typedef struct
{
  OpVirtualStation   *station;
  OpLink      *link;
  OpTransport *far_end;
  Peer        *peer;
} Port;

static void
ignore_asked (gpointer data)
{
}

static void
ignore_closed (OpLink *link, gpointer data)
{
}

static void
on_far_end_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  static const OpLinkFuncs funcs = { ignore_asked, ignore_closed, NULL };
  Port *port = data;

  g_assert_true (op_transport_open_finish (port->far_end, result, NULL));
  port->link = op_link_new (port->station, port->far_end, FALSE, 0, &funcs, NULL);
}

static gboolean
has_link (gpointer data)
{
  return ((Port *) data)->link != NULL;
}

static void
port_init (Port *port, const OpEmulatorOptions *options)
{
  g_autoptr (OpTransport) near_end = NULL;

  port->station = op_virtual_station_new (options, NULL);
  op_memory_transport_new_pair (&near_end, &port->far_end);
  op_transport_open_async (port->far_end, NULL, on_far_end_opened_cb, port);
  wait_until (has_link, port);
  port->peer = peer_new_for_transport (near_end);
}

static void
port_clear (Port *port)
{
  op_link_free (port->link);
  g_object_unref (port->far_end);
  peer_free (port->peer);
  op_virtual_station_free (port->station);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Port, port_clear)

/* pakbus-facts B3: a router's own Hello comes with each answer until it is answered. */
static void
test_router (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_auto (Port) port = { NULL };

  port_init (&port, options);
  port.station->is_router = TRUE;
  for (guint i = 0; i < 2; i++)
    {
      peer_send_hex (port.peer, "A0 01 98 02 00 01 08 02 09 01 00 02 07 08");
      assert_next (port.peer, "A8 02 70 01 08 02 00 01 09 DC 01 02 07 08");
      assert_next (port.peer, "A8 02 10 01 08 02 00 01 89 01 01 02 07 08");
    }
  peer_send_hex (port.peer, "A0 01 98 02 00 01 08 02 89 DC 00 02 07 08");
  peer_send_hex (port.peer, "A0 01 98 02 00 01 08 02 09 02 00 02 07 08");
  assert_next (port.peer, "A8 02 10 01 08 02 00 01 89 02 01 02 07 08");
}

static gboolean
is_running (gpointer data)
{
  return op_virtual_clock_is_running (((Port *) data)->station->clock);
}

/* Without power it is deaf; then it compiles, which it says by Please Wait; records go on counting. */
static void
test_reboot (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_auto (Port) port = { NULL };
  OpVirtualTable *table;
  guint64 oldest, before, after;
  OpTime gap;

  options->interval = OP_SECOND / 10;
  port_init (&port, options);
  table = port.station->main_table;
  op_virtual_station_reboot (port.station);
  op_virtual_station_update (port.station);
  op_virtual_table_get_span (table, &oldest, &before);

  g_assert_false (is_running (&port));
  peer_send_hex (port.peer, "90 01 0F FD");
  wait_until (is_running, &port);
  g_assert_cmpuint (peer_get_n_waiting (port.peer), ==, 0);
  peer_send_hex (port.peer, "A0 01 98 02 10 01 08 02 18 05 00 00");
  assert_next (port.peer, "A8 02 50 01 18 02 00 01 A1 05 18 00 03");
  {
    g_autofree char *answer = peer_next_hex (port.peer);

    g_assert_true (g_str_has_prefix (answer, "A8 02 10 01 18 02 00 01 98 05 00 43 52 31 30 30 30 2E"));
  }
  op_virtual_station_update (port.station);
  op_virtual_table_get_span (table, &oldest, &after);
  g_assert_cmpuint (after, >, before + 10);
  gap = op_virtual_table_get_time (table, before) - op_virtual_table_get_time (table, before - 1);
  g_assert_cmpint (gap, >=, 3 * OP_SECOND);
  g_assert_cmpint (gap, <, 4 * OP_SECOND);
  g_assert_cmpuint (op_virtual_table_get_run (table, before - 5, 100), ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/link/greeting", test_greeting);
  g_test_add_func ("/emulator/link/states", test_link_states);
  g_test_add_func ("/emulator/link/other-addresses", test_other_addresses);
  g_test_add_func ("/emulator/link/hello", test_hello);
  g_test_add_func ("/emulator/link/delivery-failure", test_delivery_failure);
  g_test_add_func ("/emulator/link/echo", test_echo);
  g_test_add_func ("/emulator/link/noise", test_noise);
  g_test_add_func ("/emulator/link/beacon", test_beacon);
  g_test_add_func ("/emulator/link/several", test_several_links);
  g_test_add_func ("/emulator/link/turnaround", test_turnaround);
  g_test_add_func ("/emulator/link/flood", test_flood);
  g_test_add_func ("/emulator/link/router", test_router);
  g_test_add_func ("/emulator/link/reboot", test_reboot);
  return g_test_run ();
}
