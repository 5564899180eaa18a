/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A session with a scripted node is opened, keeps an order, is closed and has manners. Requests and answers are bytes
 * written after the BMP5 manual (sections 1.3, 2.1, 2.2) and the captures that pakbus-facts describes; our address is
 * 4079 = FEF.
 */

#include "session-fixture.h"

#define WHO_IS_THERE "9F FF 0F EF 0F FF 0F EF 0E 00"

/* The session works, but the node is rung before. */
static void
assert_rings (Fixture *f)
{
  g_auto (Outcome) outcome = { 0 };

  ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &outcome);
  peer_expect (f->peer, RING);
  peer_send (f->peer, READY);
  peer_expect (f->peer, CLOCK_COMMAND);
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&outcome, f->peer);
}

/* Opening */

static void
test_open_rings_five_times (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_session_open_async (f->session, 1, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, RING);
  for (guint i = 0; i < 4; i++)
    {
      peer_expect (f->peer, RING);
      peer_expect (f->peer, WHO_IS_THERE);
    }
  wait_for (&outcome.done);
  g_assert_cmpuint (outcome.neighbour, ==, 1);
  g_assert_true (peer_is_idle (f->peer));
  assert_works (f);
}

static void
test_open_asks_for_the_address (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_session_open_async (f->session, 0, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, WHO_IS_THERE);
  /* The beacon of a router does not tell who is meant. */
  peer_send (f->peer, "8F FF 8F E9 0F FF 0F E9");
  peer_expect (f->peer, WHO_IS_THERE);
  g_assert_false (outcome.done);
  peer_send (f->peer, "9F EF 50 2A 0F EF 00 2A 09 07 00 02 07 08");
  peer_expect (f->peer, "A0 2A 9F EF 00 2A 0F EF 89 07 00 02 02 D0");
  wait_for (&outcome.done);
  g_assert_cmpuint (outcome.neighbour, ==, 42);
  g_assert_cmpuint (pak_session_get_neighbour (f->session), ==, 42);
  g_assert_cmpstr (f->seen->str, ==, "4073 42 ");
}

static void
test_open_finds_nobody (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_session_open_async (f->session, 0, NULL, on_opened_cb, &outcome);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, PAK_ERROR, PAK_ERROR_TIMED_OUT);
  g_assert_cmpuint (f->peer->packets.length, ==, 5);
}

static void
test_open_hears_garbage (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_session_open_async (f->session, 0, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, WHO_IS_THERE);
  peer_send_raw (f->peer, "00 F8 BD 78 00 F8 80 12 45 13 88 BD");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, PAK_ERROR, PAK_ERROR_NOISE);
}

/* A CR1000 behind an NL115 sends this as soon as one connects (pakbus-facts B1). */
static void
test_open_takes_a_capabilities_frame (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_session_open_async (f->session, 0, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, WHO_IS_THERE);
  peer_send_raw (f->peer, "BD EF FF 10 01 0F FF 00 01 0E 00 DD F0 BD");
  wait_for (&outcome.done);
  g_assert_cmpuint (outcome.neighbour, ==, 1);
  peer_expect (f->peer, "A0 01 5F EF 00 01 0F EF 09 TT 00 02 FF FE");
  g_assert_false (pak_session_is_noisy (f->session));
}

static void
test_open_sees_another_node (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_session_open_async (f->session, 1, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, RING);
  peer_send (f->peer, "9F EF 50 2A 0F EF 00 2A 09 07 00 02 07 08");
  wait_for (&outcome.done);
  g_assert_cmpuint (outcome.neighbour, ==, 1);
  g_assert_cmpstr (f->seen->str, ==, "42 ");
  g_assert_cmpuint (f->peer->packets.length, >=, 8);
}

static void
test_open_cancelled (Fixture *f, gconstpointer data)
{
  for (guint moment = 0; moment < 3; moment++)
    {
      g_auto (Outcome) outcome = { 0 };
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();

      if (moment == 0)
        g_cancellable_cancel (cancellable);
      pak_session_open_async (f->session, 1, cancellable, on_opened_cb, &outcome);
      if (moment == 2)
        peer_expect (f->peer, RING);
      g_cancellable_cancel (cancellable);
      wait_for (&outcome.done);
      g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpuint (pak_session_get_neighbour (f->session), ==, 0);
    }
}

/* Order, cancelling, closing */

static void
test_one_at_a_time (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) first = { 0 };
  g_auto (Outcome) second = { 0 };

  ask_clock (f, PAK_REPEAT_NEVER, NULL, &first);
  ask_clock (f, PAK_REPEAT_NEVER, NULL, &second);
  peer_expect (f->peer, CLOCK_COMMAND);
  run_for (20);
  g_assert_true (peer_is_idle (f->peer));
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&first, f->peer);
  g_assert_false (second.done);
  peer_expect (f->peer, CLOCK_COMMAND);
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&second, f->peer);
}

static void
test_several_in_flight (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) first = { 0 };
  g_auto (Outcome) second = { 0 };
  guint8 number;

  pak_session_set_max_in_flight (f->session, 2);
  ask_clock (f, PAK_REPEAT_NEVER, NULL, &first);
  ask_clock (f, PAK_REPEAT_NEVER, NULL, &second);
  peer_expect (f->peer, CLOCK_COMMAND);
  number = f->peer->number;
  peer_expect (f->peer, CLOCK_COMMAND);
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&second, f->peer);
  g_assert_false (first.done);
  f->peer->number = number;
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&first, f->peer);
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  /* before, at once, soon (queued behind another), after send */
  for (guint moment = 0; moment < 4; moment++)
    {
      g_auto (Outcome) outcome = { 0 };
      g_auto (Outcome) other = { 0 };
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();

      if (moment == 0)
        g_cancellable_cancel (cancellable);
      if (moment == 2)
        {
          ask_clock (f, PAK_REPEAT_NEVER, NULL, &other);
          peer_expect (f->peer, CLOCK_COMMAND);
        }
      ask_clock (f, PAK_REPEAT_NEVER, cancellable, &outcome);
      g_assert_false (outcome.done);
      if (moment == 1 || moment == 3)
        peer_expect (f->peer, CLOCK_COMMAND);
      g_cancellable_cancel (cancellable);
      wait_for (&outcome.done);
      g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      if (moment == 2)
        {
          peer_send (f->peer, CLOCK_RESPONSE);
          assert_clock_answered (&other, f->peer);
        }
      /* A late answer to what was cancelled does no harm. */
      if (moment == 3)
        peer_send (f->peer, CLOCK_RESPONSE);
      g_assert_true (peer_is_idle (f->peer));
      assert_works (f);
    }
}

static gpointer
cancel_in_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel_from_another_thread (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 50; i++)
    {
      g_auto (Outcome) outcome = { 0 };
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      GThread *thread = g_thread_new ("cancel", cancel_in_thread, cancellable);

      ask_clock (f, PAK_REPEAT_NEVER, cancellable, &outcome);
      /* The thread's time is the real one: the main loop must not skip it. */
      while (!outcome.done)
        if (!g_main_context_iteration (NULL, FALSE))
          g_thread_yield ();
      g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_thread_join (thread);
    }
  g_queue_clear_full (&f->peer->packets, (GDestroyNotify) g_bytes_unref);
  assert_works (f);
}

static void
test_close_under_request (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  g_auto (Outcome) queued = { 0 };
  g_auto (Outcome) late = { 0 };

  ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &outcome);
  ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &queued);
  peer_expect (f->peer, CLOCK_COMMAND);
  pak_session_close (f->session);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, PAK_ERROR, PAK_ERROR_CLOSED);
  wait_for (&queued.done);
  g_assert_error (queued.error, PAK_ERROR, PAK_ERROR_CLOSED);
  peer_expect (f->peer, "AF FF 1F EF 0F FF 0F EF 0D 00");
  peer_expect (f->peer, "B0 01 0F EF");
  wait_for (&f->peer->closed);
  pak_session_close (f->session);

  ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &late);
  wait_for (&late.done);
  g_assert_error (late.error, PAK_ERROR, PAK_ERROR_CLOSED);
}

static void
on_session_closed_cb (PakSession *session, GError *error, gpointer data)
{
  g_assert_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
  *(gboolean *) data = TRUE;
}

static void
test_hang_up_under_request (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  gboolean closed = FALSE;

  g_signal_connect (f->session, "closed", G_CALLBACK (on_session_closed_cb), &closed);
  ask_clock (f, PAK_REPEAT_NEW_NUMBER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  op_transport_close (f->peer->far_end);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, PAK_ERROR, PAK_ERROR_CLOSED);
  wait_for (&closed);
}

static void
test_hang_up_while_opening (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_session_open_async (f->session, 1, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, RING);
  op_transport_close (f->peer->far_end);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, PAK_ERROR, PAK_ERROR_CLOSED);
}

static void
test_reopen (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  guint64 sent;
  guint64 received;

  assert_works (f);
  pak_session_close (f->session);
  pak_session_open_async (f->session, 1, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, "AF FF 1F EF 0F FF 0F EF 0D 00");
  peer_expect (f->peer, "B0 01 0F EF");
  wait_for (&f->peer->closed);
  g_assert_false (outcome.done);
  pak_session_close (f->session);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, PAK_ERROR, PAK_ERROR_CLOSED);
  pak_session_get_traffic (f->session, &sent, &received);
  g_assert_cmpuint (received, <=, 40);
}

/* What we owe others (manual 4.1, pakbus-facts A6, B2, B3, C7) */

static void
test_manners (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *from_logger;
    const char *from_us; /* NULL: nothing */
  } manners[] = {
    /* the Hello of a router (issue1_hello_cmd_from_router), to our address */
    { "AF EF 70 01 0F EF 00 01 09 DC 01 02 07 08", "A0 01 9F EF 00 01 0F EF 89 DC 00 02 02 D0" },
    { "AF EF 00 01 0F EF 00 01 0E 00", "A0 01 5F EF 00 01 0F EF 09 TT 00 02 FF FE" },
    { "9F EF 00 01", "A0 01 0F EF" },
    { "AF EF 00 01", NULL },
    { "AF EF 00 01 1F EF 00 01", NULL },
    { "8F FF 8F E9 0F FF 0F E9", NULL },                       /* issue18_beacon_8_bytes */
    { "9F EE 00 01", NULL },                                   /* a ring for 4078 */
    { "AF EE 00 01 0F EE 00 01 09 DC 01 02 07 08", NULL },     /* a Hello for 4078 */
    { "AF EF 00 01 0F EF 00 01 09 DC 01", NULL },              /* a Hello cut short */
    { "AF EF 00 01 0F EF 00 01 0D 00", NULL },                 /* Bye */
    { "AF EF 00 01 1F EF 00 01 14 00 00 01 00 02 00", NULL },  /* one-way data */
    /* Get Settings, and a command of 20 bytes: nothing that we serve */
    { "AF EF 00 01 0F EF 00 01 07 33 00", "A0 01 9F EF 00 01 0F EF 81 00 04 0F EF 00 01 07 33 00" },
    { "AF EF 00 01 1F EF 10 01 1B 34 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 12",
      "A0 01 9F EF 00 01 0F EF 81 00 04 1F EF 10 01 1B 34 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E" },
    { "AF FF 00 01 0F FF 00 01 07 33 00", NULL },              /* asked of everybody */
    { "AF EF 00 01 0F EF 00 01 97 33 00", NULL },              /* an answer that nobody waits for */
    { "AF EF 00 01 0F EF 00 01 81 00 04 10 01 0F EF 17 09", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (manners); i++)
    {
      peer_send (f->peer, manners[i].from_logger);
      if (manners[i].from_us != NULL)
        peer_expect (f->peer, manners[i].from_us);
      assert_works (f); /* and nothing else had come before */
    }
  g_assert_false (pak_session_is_noisy (f->session));
}

/* Who ends the link is rung before the next request. */
static void
test_farewells (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *from_logger;
    const char *from_us; /* NULL: nothing */
  } farewells[] = {
    { "BF EF 00 01", "80 01 0F EF" },
    { "BF EF 00 01 1F EF 00 01", "80 01 0F EF" },
    { "CF EF 00 01", "B0 01 0F EF" },
    { "CF EF 00 01 1F EF 00 01", "B0 01 0F EF" },
    { "8F EF 00 01", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (farewells); i++)
    {
      peer_send (f->peer, farewells[i].from_logger);
      if (farewells[i].from_us != NULL)
        peer_expect (f->peer, farewells[i].from_us);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      assert_rings (f);
      assert_works (f);
    }
}

static void
test_finished_under_request (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  ask_clock (f, PAK_REPEAT_NEVER, NULL, &outcome);
  peer_expect (f->peer, CLOCK_COMMAND);
  peer_send (f->peer, "BF EF 00 01");
  peer_expect (f->peer, RING);
  peer_send (f->peer, CLOCK_RESPONSE);
  assert_clock_answered (&outcome, f->peer);
}

/* Through a router: DstPhy and SrcPhy are its, DstNode and SrcNode the logger's (pakbus-facts K1). */
static void
test_through_a_router (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_session_transact_async (f->session, 9, new_clock_command (), PAK_REPEAT_NEVER, NULL, on_transacted_cb,
                              &outcome);
  peer_expect (f->peer, "A0 01 5F EF 10 09 0F EF 17 TT 00 00 00 00 00 00 00 00 00 00");
  peer_send (f->peer, "AF EF 00 01 1F EF 10 09 97 TT 00 1B FA 2A 61 05 F5 E1 00");
  assert_clock_answered (&outcome, f->peer);
  g_assert_cmpstr (f->seen->str, ==, "1 9 ");
}

static void
test_many (Fixture *f, gconstpointer data)
{
  /* Numbers go round without 0. */
  for (guint i = 0; i < 600; i++)
    {
      assert_works (f);
      g_assert_cmpuint (f->peer->number, !=, 0);
    }
  g_assert_cmpint (pak_session_get_round_trip (f->session), >, 0);
}

#define ADD(name, setup, test) g_test_add ("/session/" name, Fixture, NULL, setup, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("open/rings", set_up_closed, test_open_rings_five_times);
  ADD ("open/asks", set_up_closed, test_open_asks_for_the_address);
  ADD ("open/nobody", set_up_closed, test_open_finds_nobody);
  ADD ("open/garbage", set_up_closed, test_open_hears_garbage);
  ADD ("open/capabilities", set_up_closed, test_open_takes_a_capabilities_frame);
  ADD ("open/other", set_up_closed, test_open_sees_another_node);
  ADD ("open/cancelled", set_up_closed, test_open_cancelled);
  ADD ("open/hang-up", set_up_closed, test_hang_up_while_opening);
  ADD ("order/one", set_up, test_one_at_a_time);
  ADD ("order/several", set_up, test_several_in_flight);
  ADD ("cancel", set_up, test_cancel);
  ADD ("cancel/thread", set_up, test_cancel_from_another_thread);
  ADD ("close", set_up, test_close_under_request);
  ADD ("hang-up", set_up, test_hang_up_under_request);
  ADD ("reopen", set_up, test_reopen);
  ADD ("manners", set_up, test_manners);
  ADD ("farewells", set_up, test_farewells);
  ADD ("finished", set_up, test_finished_under_request);
  ADD ("router", set_up, test_through_a_router);
  ADD ("many", set_up, test_many);
  return g_test_run ();
}
