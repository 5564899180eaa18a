/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The life of links, with scripted nodes: states and reactions after the BMP5 manual's section 2.1 and pakbus-facts
 * A5, A6, C1, K1; several nodes on one line. Our address is 4079 = FEF.
 */

#include "peer.h"

#include "protocol/pakbus/session.h"

#define MS 1000

#define OFF_LINE "8F EF 00 01"
#define PAUSE    "CF EF 00 01"
/* header only, "last" */
#define FINISHED       "B0 01 1F EF 10 01 0F EF"
#define BARE_FINISHED  "B0 01 0F EF"
#define CLOCK_COMMAND  "A0 01 5F EF 10 01 0F EF 17 TT 00 00 00 00 00 00 00 00 00 00"
#define CLOCK_RESPONSE "AF EF 00 01 1F EF 10 01 97 TT 00 1B FA 2A 61 05 F5 E1 00"
#define BEACON         "8F FF 80 01 0F FF 00 01"
#define BYE_TO_ALL     "AF FF 1F EF 0F FF 0F EF 0D 00"

typedef struct
{
  gboolean done;
  guint    neighbour;
  GBytes  *answer;
  GError  *error;
} Outcome;

static void
clear_outcome (Outcome *outcome)
{
  g_clear_pointer (&outcome->answer, g_bytes_unref);
  g_clear_error (&outcome->error);
  *outcome = (Outcome) { 0 };
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, clear_outcome)

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->neighbour = pak_session_open_finish (PAK_SESSION (source), result, &outcome->error);
  outcome->done = TRUE;
}

static void
on_transacted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &outcome->error);
  outcome->done = TRUE;
}

static void
on_closed_cb (PakSession *session, GError *error, gpointer data)
{
  g_assert_error (error, PAK_ERROR, PAK_ERROR_TIMED_OUT);
  *(gboolean *) data = TRUE;
}

static void
deliver (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static PakSession *
new_session (OpTransport *transport)
{
  PakSession *session = pak_session_new (transport, PAK_DEFAULT_ADDRESS);

  pak_session_set_first_timeout (session, 60 * MS);
  return session;
}

static PakSession *
new_open_session (Peer *peer)
{
  PakSession *session = new_session (peer->near_end);
  g_auto (Outcome) outcome = { 0 };

  pak_session_open_async (session, 1, NULL, on_opened_cb, &outcome);
  peer_expect (peer, RING);
  peer_send (peer, READY);
  wait_for (&outcome.done);
  g_assert_cmpuint (outcome.neighbour, ==, 1);
  return session;
}

static void
ask (PakSession *session, guint16 node, guint8 protocol, guint8 type, Outcome *outcome)
{
  PakMessage *command = pak_message_new (protocol, type, 0);

  if (type == 0x09)
    {
      pak_message_set_uint (command, "HopMetric", 2);
      pak_message_set_uint (command, "VerifyIntv", 0xFFFE);
    }
  pak_session_transact_async (session, node, command, PAK_REPEAT_NEW_NUMBER, NULL, on_transacted_cb, outcome);
}

static void
ask_clock (PakSession *session, guint16 node, Outcome *outcome)
{
  ask (session, node, PAK_PROTOCOL_BMP5, 0x17, outcome);
}

static void
answer_clock (Peer *peer, Outcome *outcome)
{
  peer_expect (peer, CLOCK_COMMAND);
  peer_send (peer, CLOCK_RESPONSE);
  wait_for (&outcome->done);
  g_assert_no_error (outcome->error);
}

/* Link states */

static void
test_idle (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) session = new_open_session (peer);
  gint64 since = g_get_monotonic_time ();

  for (guint i = 0; i < 2; i++)
    {
      g_auto (Outcome) outcome = { 0 };

      /* Finished about a second after the last word, and not twice. */
      peer_expect (peer, FINISHED);
      g_assert_cmpint (g_get_monotonic_time () - since, >=, 990 * MS);
      peer_send (peer, i == 0 ? OFF_LINE : BEACON);
      run_for (1200);
      g_assert_true (peer_is_idle (peer));

      ask_clock (session, 1, &outcome);
      peer_expect (peer, RING);
      peer_send (peer, READY);
      since = g_get_monotonic_time ();
      answer_clock (peer, &outcome);
    }
}

static void
test_open_request_is_not_idle (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) session = new_open_session (peer);
  g_auto (Outcome) outcome = { 0 };

  ask_clock (session, 1, &outcome);
  peer_expect (peer, CLOCK_COMMAND);
  /* Please Wait, for 4 seconds */
  peer_send (peer, "AF EF 00 01 1F EF 10 01 A1 TT 17 00 04");
  run_for (2300);
  g_assert_true (peer_is_idle (peer));
  peer_send (peer, CLOCK_RESPONSE);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
}

static void
test_ring_is_lost (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) session = new_open_session (peer);
  g_auto (Outcome) outcome = { 0 };

  peer_send (peer, OFF_LINE);
  deliver ();
  ask_clock (session, 1, &outcome);
  for (guint i = 0; i < 5; i++)
    peer_expect (peer, RING);
  /* Ring and ready are not required (manual 4.2). */
  answer_clock (peer, &outcome);
}

static void
test_no_rings_for_who_does_not_know_them (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) session = new_session (peer->near_end);
  g_auto (Outcome) opened = { 0 };
  g_auto (Outcome) outcome = { 0 };

  pak_session_open_async (session, 1, NULL, on_opened_cb, &opened);
  peer_expect (peer, RING);
  peer_send (peer, "AF EF 50 01 0F EF 00 01 0E 00"); /* a Hello Request instead of Ready */
  peer_expect (peer, HELLO);
  wait_for (&opened.done);
  run_for (1300);
  g_assert_true (peer_is_idle (peer));
  ask_clock (session, 1, &outcome);
  answer_clock (peer, &outcome);
}

static void
test_pause (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) session = new_open_session (peer);
  g_auto (Outcome) first = { 0 };
  g_auto (Outcome) second = { 0 };

  ask_clock (session, 1, &first);
  peer_expect (peer, CLOCK_COMMAND);
  peer_send (peer, PAUSE);
  peer_expect (peer, BARE_FINISHED);
  peer_send (peer, CLOCK_RESPONSE);
  wait_for (&first.done);
  g_assert_no_error (first.error);

  /* The answer has ended the pause; another one begins. */
  peer_send (peer, PAUSE);
  peer_expect (peer, BARE_FINISHED);
  ask_clock (session, 1, &second);
  peer_expect (peer, RING);
  peer_send (peer, READY);
  answer_clock (peer, &second);
}

static void
test_they_ring_while_we_ring (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) session = new_open_session (peer);
  g_auto (Outcome) outcome = { 0 };

  peer_send (peer, OFF_LINE);
  deliver ();
  ask_clock (session, 1, &outcome);
  peer_expect (peer, RING);
  peer_send (peer, "9F EF 00 01");
  /* The message says that we are ready. */
  answer_clock (peer, &outcome);
  g_assert_true (peer_is_idle (peer));
}

static void
test_keep_alive (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) session = new_open_session (peer);
  g_auto (Outcome) hello = { 0 };
  gboolean closed = FALSE;
  gint64 since;

  g_signal_connect (session, "closed", G_CALLBACK (on_closed_cb), &closed);
  ask (session, 1, PAK_PROTOCOL_PAKCTRL, 0x09, &hello);
  peer_expect (peer, HELLO);
  peer_send (peer, "AF EF 00 01 0F EF 00 01 89 TT 00 02 00 01"); /* to be verified each second */
  wait_for (&hello.done);
  peer_expect (peer, FINISHED);
  peer_send (peer, BEACON);
  deliver ();
  since = g_get_monotonic_time ();

  /* 2.5 intervals after it was heard last, be it in a beacon. */
  peer_expect (peer, RING);
  g_assert_cmpint (g_get_monotonic_time () - since, >=, 2400 * MS);
  peer_send (peer, READY);
  peer_expect (peer, HELLO);
  peer_send (peer, "AF EF 00 01 0F EF 00 01 89 TT 00 02 00 01");
  peer_expect (peer, FINISHED);
  g_assert_false (closed);

  /* And when it does not answer any more, that is the end. */
  wait_for (&closed);
  g_assert_cmpuint (pak_session_get_neighbour (session), ==, 0);
}

/* An adapter to a pair of wires hears itself. */
static void
test_echo (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) session = new_session (peer->near_end);
  g_auto (Outcome) opened = { 0 };
  g_auto (Outcome) outcome = { 0 };

  pak_session_open_async (session, 0, NULL, on_opened_cb, &opened);
  peer_expect (peer, "9F FF 0F EF 0F FF 0F EF 0E 00");
  peer_send (peer, "9F FF 0F EF 0F FF 0F EF 0E 00");
  deliver ();
  g_assert_true (peer_is_idle (peer));
  g_assert_false (opened.done);
  peer_send (peer, "AF EF 50 01 0F EF 00 01 09 07 00 02 07 08");
  peer_expect (peer, "A0 01 9F EF 00 01 0F EF 89 07 00 02 02 D0");
  peer_send (peer, "A0 01 9F EF 00 01 0F EF 89 07 00 02 02 D0");
  wait_for (&opened.done);
  g_assert_cmpuint (opened.neighbour, ==, 1);
  ask_clock (session, 1, &outcome);
  answer_clock (peer, &outcome);
}

/* Nodes and neighbours */

static void
test_router_instead (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) session = new_session (peer->near_end);
  g_auto (Outcome) opened = { 0 };
  g_auto (Outcome) outcome = { 0 };

  pak_session_open_async (session, 12, NULL, on_opened_cb, &opened);
  peer_expect (peer, "90 0C 0F EF");
  peer_expect (peer, "90 0C 0F EF");
  peer_expect (peer, "9F FF 0F EF 0F FF 0F EF 0E 00");
  /* the Hello of router 1 */
  peer_send (peer, "AF EF 70 01 0F EF 00 01 09 07 01 02 07 08");
  wait_for (&opened.done);
  g_assert_no_error (opened.error);
  g_assert_cmpuint (opened.neighbour, ==, 1);
  g_assert_cmpuint (pak_session_get_node (session), ==, 12);

  g_queue_clear_full (&peer->packets, (GDestroyNotify) g_bytes_unref);
  ask_clock (session, 12, &outcome);
  peer_expect (peer, "A0 01 5F EF 10 0C 0F EF 17 TT 00 00 00 00 00 00 00 00 00 00");
  /* after two hops */
  peer_send (peer, "AF EF 00 01 1F EF 20 0C 97 TT 00 1B FA 2A 61 05 F5 E1 00");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
}

/* A logger that tells itself through a router. */
static void
test_learns_router (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) session = new_session (peer->near_end);
  g_auto (Outcome) opened = { 0 };

  pak_session_open_async (session, 0, NULL, on_opened_cb, &opened);
  peer_expect (peer, "9F FF 0F EF 0F FF 0F EF 0E 00");
  peer_send (peer, "AF EF 70 01 0F EF 10 0C 09 07 00 02 07 08");
  wait_for (&opened.done);
  g_assert_cmpuint (opened.neighbour, ==, 1);
  g_assert_cmpuint (pak_session_get_node (session), ==, 12);
}

static void
test_times_of_a_node (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) session = new_open_session (peer);
  gint64 near_by, far_off;

  pak_session_set_first_timeout (session, 2000 * MS);
  for (guint i = 0; i < 4; i++)
    {
      g_auto (Outcome) first = { 0 };
      g_auto (Outcome) second = { 0 };

      ask_clock (session, 1, &first);
      answer_clock (peer, &first);
      near_by = pak_session_get_round_trip (session);
      ask_clock (session, 9, &second);
      peer_expect (peer, "A0 01 5F EF 10 09 0F EF 17 TT 00 00 00 00 00 00 00 00 00 00");
      run_for (150);
      peer_send (peer, "AF EF 00 01 1F EF 10 09 97 TT 00 1B FA 2A 61 05 F5 E1 00");
      wait_for (&second.done);
      g_assert_no_error (second.error);
      far_off = pak_session_get_round_trip (session);
      g_assert_cmpint (near_by, <, 100 * MS);
      g_assert_cmpint (far_off, >=, 150 * MS);
    }
}

/* Several sessions on a line */

static PakSession *
new_sharing_session (Peer *peer, guint16 node)
{
  PakSession *session = new_session (peer->near_end);
  g_autofree char *ring = g_strdup_printf ("90 %02X 0F EF", node);
  g_autofree char *ready = g_strdup_printf ("AF EF 00 %02X", node);
  g_auto (Outcome) outcome = { 0 };

  pak_session_share (session, "a line");
  pak_session_open_async (session, node, NULL, on_opened_cb, &outcome);
  peer_expect (peer, ring);
  peer_send (peer, ready);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  return session;
}

static void
expect_clock_of (Peer *peer, guint16 node)
{
  g_autofree char *command = g_strdup_printf ("A0 %02X 5F EF 10 %02X 0F EF 17 TT 00 00 00 00 00 00 00 00 00 00",
                                              node, node);

  peer_expect (peer, command);
}

static void
send_clock_of (Peer *peer, guint16 node)
{
  g_autofree char *response = g_strdup_printf ("AF EF 00 %02X 1F EF 10 %02X 97 TT 00 1B FA 2A 61 05 F5 E1 00", node,
                                               node);

  peer_send (peer, response);
}

static void
test_turns (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) one = new_sharing_session (peer, 1);
  g_autoptr (PakSession) two = new_sharing_session (peer, 2);
  g_autoptr (PakSession) three = new_sharing_session (peer, 3);
  /* Each may have several in flight, but not while others wait. */
  PakSession *askers[] = { one, one, one, two, two, three };
  static const guint16 order[] = { 1, 2, 3, 1, 2, 1 };
  Outcome outcomes[G_N_ELEMENTS (askers)] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (askers); i++)
    ask_clock (askers[i], i < 3 ? 1 : i < 5 ? 2 : 3, &outcomes[i]);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      expect_clock_of (peer, order[i]);
      deliver ();
      g_assert_true (peer_is_idle (peer));
      send_clock_of (peer, order[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (askers); i++)
    {
      wait_for (&outcomes[i].done);
      g_assert_no_error (outcomes[i].error);
      clear_outcome (&outcomes[i]);
    }
}

/* Who keeps silent does not keep the others from the line for longer than one try. */
static void
test_silent_node (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) one = new_sharing_session (peer, 1);
  g_autoptr (PakSession) two = new_sharing_session (peer, 2);
  g_auto (Outcome) silent = { 0 };
  Outcome outcomes[3] = { 0 };

  ask_clock (one, 1, &silent);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    ask_clock (two, 2, &outcomes[i]);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      expect_clock_of (peer, 1);
      expect_clock_of (peer, 2);
      send_clock_of (peer, 2);
      wait_for (&outcomes[i].done);
      g_assert_no_error (outcomes[i].error);
      clear_outcome (&outcomes[i]);
    }
  wait_for (&silent.done);
  g_assert_error (silent.error, PAK_ERROR, PAK_ERROR_TIMED_OUT);
}

static void
test_leaving (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) one = new_sharing_session (peer, 1);
  g_autoptr (PakSession) two = new_sharing_session (peer, 2);
  g_auto (Outcome) dropped = { 0 };
  g_auto (Outcome) kept = { 0 };

  ask_clock (one, 1, &dropped);
  ask_clock (two, 2, &kept);
  expect_clock_of (peer, 1);
  pak_session_close (one);
  wait_for (&dropped.done);
  g_assert_error (dropped.error, PAK_ERROR, PAK_ERROR_CLOSED);
  /* Bye to the one only, as the line stays open. */
  peer_expect (peer, "A0 01 1F EF 00 01 0F EF 0D 00");
  peer_expect (peer, BARE_FINISHED);
  expect_clock_of (peer, 2);
  send_clock_of (peer, 2);
  wait_for (&kept.done);
  g_assert_no_error (kept.error);
  g_assert_false (peer->closed);

  pak_session_close (two);
  peer_expect (peer, BYE_TO_ALL);
  peer_expect (peer, "B0 02 0F EF");
  wait_for (&peer->closed);
}

static void
test_line_ends_for_all (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) one = new_sharing_session (peer, 1);
  g_autoptr (PakSession) two = new_sharing_session (peer, 2);
  g_auto (Outcome) first = { 0 };
  g_auto (Outcome) second = { 0 };

  ask_clock (one, 1, &first);
  ask_clock (two, 2, &second);
  op_transport_close (peer->far_end);
  wait_for (&first.done);
  wait_for (&second.done);
  g_assert_error (first.error, PAK_ERROR, PAK_ERROR_CLOSED);
  g_assert_error (second.error, PAK_ERROR, PAK_ERROR_CLOSED);
}

/* Two that open at once, and one that thinks better of it. */
static void
test_opening_together (void)
{
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (PakSession) one = new_session (peer->near_end);
  g_autoptr (PakSession) two = new_session (peer->near_end);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Outcome) first = { 0 };
  g_auto (Outcome) second = { 0 };

  pak_session_share (one, "a line");
  pak_session_share (two, "a line");
  pak_session_open_async (one, 1, cancellable, on_opened_cb, &first);
  pak_session_open_async (two, 2, NULL, on_opened_cb, &second);
  g_cancellable_cancel (cancellable);
  wait_for (&first.done);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  peer_expect (peer, "90 02 0F EF");
  peer_send (peer, "AF EF 00 02");
  wait_for (&second.done);
  g_assert_no_error (second.error);
  g_assert_cmpuint (second.neighbour, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/links/idle", test_idle);
  g_test_add_func ("/links/not-idle", test_open_request_is_not_idle);
  g_test_add_func ("/links/ring-lost", test_ring_is_lost);
  g_test_add_func ("/links/no-rings", test_no_rings_for_who_does_not_know_them);
  g_test_add_func ("/links/pause", test_pause);
  g_test_add_func ("/links/both-ring", test_they_ring_while_we_ring);
  g_test_add_func ("/links/keep-alive", test_keep_alive);
  g_test_add_func ("/links/echo", test_echo);
  g_test_add_func ("/links/router/instead", test_router_instead);
  g_test_add_func ("/links/router/learned", test_learns_router);
  g_test_add_func ("/links/times", test_times_of_a_node);
  g_test_add_func ("/links/share/turns", test_turns);
  g_test_add_func ("/links/share/silent", test_silent_node);
  g_test_add_func ("/links/share/leaving", test_leaving);
  g_test_add_func ("/links/share/end", test_line_ends_for_all);
  g_test_add_func ("/links/share/opening", test_opening_together);
  return g_test_run ();
}
