/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a session takes for the answer of a scripted node, and what it does where none comes. Requests and answers are
 * bytes written after the BMP5 manual (sections 2.1, 2.2, 2.3) and the captures that pakbus-facts describes.
 */

#include "session-fixture.h"

#define MS 1000

static void
test_answer (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  ask_clock (f, PAK_REPEAT_NEVER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  g_assert_cmpuint (f->peer->number, !=, 0);
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&outcome, f->peer);
  g_assert_cmpint (outcome.round_trip, >, 0);
  g_assert_cmpint (pak_session_get_round_trip (f->session), ==, outcome.round_trip);
}

/* What fits in all but one respect is not the answer. */
static void
test_answer_must_fit (Fixture *f, gconstpointer data)
{
  static const char *const others[] = {
    "AF EE 00 01 1F EE 00 01 97 TT 00 00 00 00 00 00 00 00 00", /* to 4078 */
    "AF EF 00 01 1F EE 00 01 97 TT 00 00 00 00 00 00 00 00 00", /* to node 4078 */
    "AF EF 00 02 1F EF 00 01 97 TT 00 00 00 00 00 00 00 00 00", /* through another neighbour */
    "AF EF 00 01 1F EF 00 02 97 TT 00 00 00 00 00 00 00 00 00", /* of another node */
    "AF EF 00 01 0F EF 00 01 97 TT 00 00 00 00 00 00 00 00 00", /* of another protocol */
    "AF EF 00 01 1F EF 00 01 98 TT 00 00 00 00 00 00 00 00 00", /* of another type */
    "AF EF 00 01 1F EF 00 01 97 00 00 00 00 00 00 00 00 00 00", /* of no number */
    "AF EF 00 01", "AF EF 00 01 1F EF 00 01",                   /* of no message */
  };
  g_auto (Outcome) outcome = { 0 };

  ask_clock (f, PAK_REPEAT_NEVER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    peer_send (f->peer, others[i]);
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&outcome, f->peer);
  g_assert_true (peer_is_idle (f->peer));
}

static void
test_doubled_answer (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  peer_send (f->peer, CLOCK_RESPONSE);
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&outcome, f->peer);
  assert_works (f);
}

static void
test_retry_with_new_number (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  guint8 first;

  ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  first = f->peer->number;
  peer_expect (f->peer, CLOCK_COMMAND);
  g_assert_cmpuint (f->peer->number, !=, first);
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&outcome, f->peer);
  assert_works (f);
}

static void
test_late_answer (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  guint8 first;

  ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  first = f->peer->number;
  peer_expect (f->peer, CLOCK_COMMAND);
  /* The answer to the first try is as good, and is what the round trip is measured by. */
  f->peer->number = first;
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&outcome, f->peer);
  g_assert_cmpint (outcome.round_trip, >=, 60 * MS);
}

static void
test_no_answer (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &outcome);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, PAK_ERROR, PAK_ERROR_TIMED_OUT);
  g_assert_cmpuint (f->peer->packets.length, ==, 4);
  g_queue_clear_full (&f->peer->packets, (GDestroyNotify) g_bytes_unref);
  assert_works (f);
}

static void
test_never_repeated (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  ask_clock (f, PAK_REPEAT_NEVER, NULL, &outcome);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, PAK_ERROR, PAK_ERROR_TIMED_OUT);
  g_assert_cmpuint (f->peer->packets.length, ==, 1);
}

static void
test_same_number (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  PakMessage *command = new_clock_command ();
  guint8 number = pak_session_reserve_number (f->session);

  g_assert_cmpuint (number, !=, 0);
  pak_message_set_transaction (command, number);
  pak_session_transact_async (f->session, 1, command, PAK_REPEAT_SAME_NUMBER, NULL, on_transacted_cb, &outcome);
  for (guint i = 0; i < 3; i++)
    {
      peer_expect (f->peer, CLOCK_COMMAND);
      g_assert_cmpuint (f->peer->number, ==, number);
    }
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&outcome, f->peer);
  /* Which of the three was answered nobody knows. */
  g_assert_cmpint (outcome.round_trip, ==, 0);

  /* The number stays reserved until it is given back. */
  for (guint i = 0; i < 256; i++)
    {
      assert_works (f);
      g_assert_cmpuint (f->peer->number, !=, number);
    }
  pak_session_release_number (f->session, number);
}

static gboolean
ends_with_zero (const guint8 *answer, gsize length, gpointer data)
{
  return answer[length - 1] == *(guint8 *) data;
}

static void
test_answer_matched_by_content (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  guint8 last = 0;

  pak_session_transact_matching_async (f->session, 1, new_clock_command (), PAK_REPEAT_NEW_NUMBER, ends_with_zero,
                                       &last, NULL, on_transacted_cb, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  peer_send (f->peer, "AF EF 00 01 1F EF 00 01 97 TT 00 1B FA 2A 61 05 F5 E1 01");
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&outcome, f->peer);
}

static void
test_noise_instead_of_answer (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  g_assert_false (pak_session_is_noisy (f->session));
  ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  /* manual_clock_response with a bit turned over */
  peer_send_raw (f->peer, "BD AF FE 00 01 1F FE 00 01 97 17 00 1B FA 2A 60 C8 00 00 00 04 FA BD");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, PAK_ERROR, PAK_ERROR_NOISE);
  g_assert_true (pak_session_is_noisy (f->session));
}

static void
test_noise_passes (Fixture *f, gconstpointer data)
{
  peer_send_raw (f->peer, "BD AF FE 00 01 5A 88 BD"); /* manual's Ready with a wrong signature */
  assert_works (f);
  g_assert_true (pak_session_is_noisy (f->session));
  for (guint i = 0; i < 64; i++)
    assert_works (f);
  /* Enough good frames, but the time is not up. */
  g_assert_true (pak_session_is_noisy (f->session));
}

static void
test_please_wait (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  ask_clock (f, PAK_REPEAT_NEVER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  /* These are for others. */
  peer_send (f->peer, "AF EF 00 01 1F EF 00 01 A1 TT 18 00 01");
  peer_send (f->peer, "AF EF 00 01 1F EF 00 02 A1 TT 17 00 01");
  peer_send (f->peer, "AF EF 00 01 1F EF 00 01 A1 TT 17 00 01");
  run_for (300);
  g_assert_false (outcome.done);
  peer_send (f->peer, "AF EF 00 01 1F EF 00 01 A1 TT 17 00 01");
  run_for (900);
  g_assert_false (outcome.done);
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&outcome, f->peer);
  /* The logger's thinking is not the line's time. */
  g_assert_cmpint (pak_session_get_round_trip (f->session), ==, 0);
}

static void
test_please_wait_for_others (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  gint64 begin = g_get_monotonic_time ();

  ask_clock (f, PAK_REPEAT_NEVER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  peer_send (f->peer, "AF EF 00 01 1F EF 00 01 A1 TT 18 00 05");
  peer_send (f->peer, "AF EF 00 01 1F EF 00 02 A1 TT 17 00 05");
  peer_send (f->peer, "AF EF 00 01 1F EF 00 01 A1 00 17 00 05");
  peer_send (f->peer, "AF EF 00 01 1F EF 00 01 A1 TT 17");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, PAK_ERROR, PAK_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 3 * G_USEC_PER_SEC);
}

static void
test_please_wait_runs_out (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  gint64 begin = g_get_monotonic_time ();

  ask_clock (f, PAK_REPEAT_NEVER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  peer_send (f->peer, "AF EF 00 01 1F EF 00 01 A1 TT 17 00 01");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, PAK_ERROR, PAK_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, G_USEC_PER_SEC);
}

static void
test_delivery_failures (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *hex;
    PakError    error;
  } failures[] = {
    { "AF EF 00 01 0F EF 00 01 81 00 01 10 01 0F EF 17 TT 00 00", PAK_ERROR_UNREACHABLE },
    { "AF EF 00 01 0F EF 00 01 81 00 02 10 01 0F EF 17 TT 00 00", PAK_ERROR_PROTOCOL_UNREACHABLE },
    { "AF EF 00 01 0F EF 00 01 81 00 04 10 01 0F EF 17 TT 00 00", PAK_ERROR_UNIMPLEMENTED },
    { "AF EF 00 01 0F EF 00 01 81 00 05 10 01 0F EF 17 TT", PAK_ERROR_MALFORMED },
    /* A router on the way reports it, too. */
    { "AF EF 00 02 0F EF 00 02 81 00 06 10 01 1F EF 17 TT 00 00", PAK_ERROR_LINK_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &outcome);
      peer_expect (f->peer, CLOCK_COMMAND);
      peer_send (f->peer, failures[i].hex);
      wait_for (&outcome.done);
      g_assert_error (outcome.error, PAK_ERROR, (gint) failures[i].error);
    }
}

static void
test_delivery_failures_of_others (Fixture *f, gconstpointer data)
{
  static const char *const failures[] = {
    "AF EF 00 01 0F EF 00 01 81 00 03 10 01 0F EF 17 TT 00 00", /* queue overflow: may come through yet */
    "AF EF 00 01 0F EF 00 01 81 00 01 10 01 0F EF 18 TT 00 00", /* another message */
    "AF EF 00 01 0F EF 00 01 81 00 01 10 02 0F EF 17 TT 00 00", /* another node */
    "AF EF 00 01 0F EF 00 01 81 00 01 10 01 0F EE 17 TT 00 00", /* another sender */
    "AF EF 00 01 0F EF 00 01 81 00 01 00 01 0F EF 17 TT 00 00", /* another protocol */
    "AF EF 00 01 0F EF 00 01 81 00 01 10 01 0F EF 17 00 00 00", /* another number */
    "AF EF 00 01 0F EF 00 01 81 00 01 10 01 0F EF 17",          /* which one? */
    "AF EF 00 01 0F EF 00 01 81 00 01 10 01 0F EF",
    "AF EF 00 01 0F EF 00 01 81 00 01",
    "AF EF 00 01 0F EF 00 01 81 00",
  };
  g_auto (Outcome) outcome = { 0 };

  ask_clock (f, PAK_REPEAT_NEVER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    peer_send (f->peer, failures[i]);
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&outcome, f->peer);
  g_assert_true (peer_is_idle (f->peer));
}

/* Damage passes the signature now and then: the request was another one. What changes something is not repeated. */
static void
test_delivery_failure_by_noise (Fixture *f, gconstpointer data)
{
  static const char malformed[] = "AF EF 00 01 0F EF 00 01 81 00 05 10 01 0F EF 17 TT 00 00";
  g_auto (Outcome) read = { 0 };
  g_auto (Outcome) change = { 0 };

  peer_send_raw (f->peer, "BD AF FE 00 01 5A 88 BD"); /* manual's Ready with a wrong signature */
  assert_works (f);
  ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &read);
  peer_expect (f->peer, CLOCK_COMMAND);
  peer_send (f->peer, malformed);
  peer_expect (f->peer, CLOCK_COMMAND);
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&read, f->peer);
  ask_clock (f, PAK_REPEAT_NEVER, NULL, &change);
  peer_expect (f->peer, CLOCK_COMMAND);
  peer_send (f->peer, malformed);
  wait_for (&change.done);
  g_assert_error (change.error, PAK_ERROR, PAK_ERROR_MALFORMED);
}

#define ADD(name, setup, test) g_test_add ("/session/" name, Fixture, NULL, setup, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("answer", set_up, test_answer);
  ADD ("answer/fits", set_up, test_answer_must_fit);
  ADD ("answer/doubled", set_up, test_doubled_answer);
  ADD ("answer/late", set_up, test_late_answer);
  ADD ("answer/content", set_up, test_answer_matched_by_content);
  ADD ("repeat/new-number", set_up, test_retry_with_new_number);
  ADD ("repeat/same-number", set_up, test_same_number);
  ADD ("repeat/never", set_up, test_never_repeated);
  ADD ("no-answer", set_up, test_no_answer);
  ADD ("noise/no-answer", set_up, test_noise_instead_of_answer);
  ADD ("noise/passes", set_up, test_noise_passes);
  ADD ("please-wait", set_up, test_please_wait);
  ADD ("please-wait/others", set_up, test_please_wait_for_others);
  ADD ("please-wait/runs-out", set_up, test_please_wait_runs_out);
  ADD ("delivery-failure", set_up, test_delivery_failures);
  ADD ("delivery-failure/others", set_up, test_delivery_failures_of_others);
  ADD ("delivery-failure/by-noise", set_up, test_delivery_failure_by_noise);
  return g_test_run ();
}
