/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session-fixture.h"

#define MS 1000

void
clear_outcome (Outcome *outcome)
{
  g_clear_pointer (&outcome->answer, g_bytes_unref);
  g_clear_error (&outcome->error);
  *outcome = (Outcome) { 0 };
}

static void
on_node_seen_cb (PakSession *session, guint address, gpointer data)
{
  g_string_append_printf (data, "%u ", address);
}

void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->neighbour = pak_session_open_finish (PAK_SESSION (source), result, &outcome->error);
  outcome->done = TRUE;
}

void
on_transacted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  g_assert_false (outcome->done);
  outcome->answer = pak_session_transact_finish (PAK_SESSION (source), result, &outcome->round_trip,
                                                 &outcome->error);
  outcome->done = TRUE;
}

void
set_up_closed (Fixture *f, gconstpointer data)
{
  f->peer = peer_new ();
  f->session = pak_session_new (f->peer->near_end, PAK_DEFAULT_ADDRESS);
  f->seen = g_string_new (NULL);
  g_signal_connect (f->session, "node-seen", G_CALLBACK (on_node_seen_cb), f->seen);
  pak_session_set_first_timeout (f->session, 60 * MS);
}

void
set_up (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  set_up_closed (f, data);
  pak_session_open_async (f->session, 1, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, RING);
  peer_send (f->peer, READY);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (outcome.neighbour, ==, 1);
}

void
tear_down (Fixture *f, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (f->session, f->seen);
  g_object_add_weak_pointer (G_OBJECT (f->session), (gpointer *) &f->session);
  g_object_unref (f->session);
  g_assert_null (f->session);
  g_string_free (f->seen, TRUE);
  peer_free (f->peer);
}

PakMessage *
new_clock_command (void)
{
  PakMessage *command = pak_message_new (PAK_PROTOCOL_BMP5, 0x17, 0);

  pak_message_set_uint (command, "SecurityCode", 0);
  pak_message_set_time (command, "Adjustment", 0);
  return command;
}

void
ask_clock (Fixture *f, PakRepeat repeat, GCancellable *cancellable, Outcome *outcome)
{
  pak_session_transact_async (f->session, 1, new_clock_command (), repeat, cancellable, on_transacted_cb, outcome);
}

void
assert_clock_answered (Outcome *outcome, Peer *peer)
{
  const guint8 expected[] = { 0x97, peer->number, 0, 0x1B, 0xFA, 0x2A, 0x61, 0x05, 0xF5, 0xE1, 0x00 };

  wait_for (&outcome->done);
  g_assert_no_error (outcome->error);
  g_assert_cmpmem (g_bytes_get_data (outcome->answer, NULL), g_bytes_get_size (outcome->answer), expected,
                   sizeof expected);
}

void
assert_works (Fixture *f)
{
  g_auto (Outcome) outcome = { 0 };

  ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&outcome, f->peer);
}
