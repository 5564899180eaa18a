/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How collecting from a scripted logger goes on, or ends, where answers are damaged, lie, refuse or do not come.
 * Requests and answers are bytes written after the BMP5 manual, section 2.3, and pakbus-facts.
 */

#include "logger-fixture.h"

/* After a damaged frame each window is read until two readings agree. */
static void
test_collect_on_noisy_link (Fixture *f, gconstpointer data)
{
  const OpCollectRange from = { .mode = OP_COLLECT_FROM, .a = 7 };
  g_auto (Outcome) outcome = { 0 };

  make_noise (&f->base);
  collect (f, &from, NULL, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 6, "00 00 00 09 00 00 00 0A");
  send_records (f, 9, 1, 540);
  expect_collect (f, 4, "00 00 00 07");
  send_records (f, 7, 3, 420);
  expect_collect (f, 6, "00 00 00 07 00 00 00 0A");
  /* A value is another: neither is believed, and it begins again. */
  peer_send (f->base.peer, FROM_LOGGER "89 TT 00 00 02 00 00 00 07 00 03 43 F7 B6 A4 00 00 00 00 00 07 01 08 00 09 00");
  expect_collect (f, 4, "00 00 00 07");
  send_records (f, 7, 3, 420);
  expect_collect (f, 6, "00 00 00 07 00 00 00 0A");
  send_records (f, 7, 3, 420);
  assert_collected (f, &outcome, "7*3@420 ");
}

/* Each answer's signature is right, and each lies in another way. */
static void
test_collect_lies (Fixture *f, gconstpointer data)
{
  static const char *const lies[] = {
    /* table 3; number 4, not asked for; number 7, behind the end; 6 records; 4 where 5 fit */
    "89 TT 00 00 03 00 00 00 05 00 02 43 F7 B6 2C 00 00 00 00 00 05 00 06 00",
    "89 TT 00 00 02 00 00 00 04 00 02 43 F7 B5 F0 00 00 00 00 00 04 00 05 00",
    "89 TT 00 00 02 00 00 00 07 00 01 43 F7 B6 A4 00 00 00 00 00 07 00",
    "89 TT 00 00 02 00 00 00 05 00 03 43 F7 B6 2C 00 00 00 00 00 05 00 06 00 07 00",
    "89 TT 00 00 02 00 00 00 05 00 02 43 F7 B6 2C 00 00 00 00 00 05 00 06 00 00",
    "89 TT 00 00 02 00 00 00 05 00 02 43 F7 B6 2C 00 00 00 00 00 05 00 00",
    "89 TT 00 00 02 00 00 00 05 80 02",
    "89 TT 00",
    "89 TT",
  };
  const OpCollectRange range = { .mode = OP_COLLECT_RECORDS, .a = 5, .b = 7 };

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *lie = g_strconcat (FROM_LOGGER, lies[i], NULL);
      g_auto (Outcome) outcome = { 0 };

      g_string_truncate (f->records, 0);
      collect (f, &range, NULL, &outcome);
      send_newest (f, 9, 540);
      if (i > 0) /* noise of the lie before */
        {
          expect_collect (f, 6, "00 00 00 09 00 00 00 0A");
          send_records (f, 9, 1, 540);
        }
      expect_collect (f, 6, "00 00 00 05 00 00 00 07");
      peer_send (f->base.peer, lie);
      for (guint k = 0; k < 2; k++)
        {
          expect_collect (f, 6, "00 00 00 05 00 00 00 07");
          send_records (f, 5, 2, 300);
        }
      assert_collected (f, &outcome, "5*2@300 ");
    }
}

static void
test_collect_never_agrees (Fixture *f, gconstpointer data)
{
  const OpCollectRange range = { .mode = OP_COLLECT_RECORDS, .a = 5, .b = 7 };
  g_auto (Outcome) outcome = { 0 };

  collect (f, &range, NULL, &outcome);
  send_newest (f, 9, 540);
  for (guint i = 0; i < 8; i++)
    {
      /* Half a minute past: not what the table's interval allows, and never twice the same. */
      expect_collect (f, 6, "00 00 00 05 00 00 00 07");
      send_records (f, 5, 2, 30 + 60 * i);
    }
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DATA);
  g_assert_cmpstr (f->records->str, ==, "");
}

static void
test_collect_never_fits (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  collect (f, &all, NULL, &outcome);
  for (guint i = 0; i < 8; i++)
    {
      expect_collect (f, 5, "00 00 00 01");
      send_records (f, 8, 2, 480);
    }
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DATA);
}

static void
test_collect_refused (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char   *answer;
    OpLoggerError error;
  } cases[] = {
    { FROM_LOGGER "89 TT 01", OP_LOGGER_ERROR_SECURITY },
    { FROM_LOGGER "89 TT 07", OP_LOGGER_ERROR_DEFINITIONS },
    { FROM_LOGGER "89 TT 02", OP_LOGGER_ERROR_NO_ROOM },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      collect (f, &all, NULL, &outcome);
      expect_collect (f, 5, "00 00 00 01");
      peer_send (f->base.peer, cases[i].answer);
      wait_for (&outcome.done);
      g_assert_error (outcome.error, OP_LOGGER_ERROR, (gint) cases[i].error);
    }
}

/* Answers get lost to noise: less is asked for at a time, until they come through. */
static void
test_collect_through_noise (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  collect (f, &all, NULL, &outcome);
  send_newest (f, 600, 36000);
  expect_collect (f, 3, "");
  send_records (f, 0, 1, 0);
  for (guint i = 0; i < 4; i++)
    {
      expect_collect (f, 6, "00 00 00 01 00 00 01 EB");
      /* Much sooner than an answer, it would be taken for the rest of something else. */
      run_for (20);
      make_noise (&f->base);
    }
  for (guint i = 0; i < 2; i++)
    {
      expect_collect (f, 6, "00 00 00 01 00 00 00 F6");
      send_records (f, 1, 245, 60);
    }
  for (guint i = 0; i < 2; i++)
    {
      expect_collect (f, 6, "00 00 00 F6 00 00 02 59");
      send_records (f, 246, 355, 246 * 60);
    }
  assert_collected (f, &outcome, "0*1@0 1*245@60 246*355@14760 ");
}

static void
test_collect_silence (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  gint64 begin = g_get_monotonic_time ();

  collect (f, &all, NULL, &outcome);
  send_newest (f, 9, 540);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 8 * G_USEC_PER_SEC);
  g_queue_clear_full (&f->base.peer->packets, (GDestroyNotify) g_bytes_unref);
}

static void
test_collect_function_refuses (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  f->refuses = TRUE;
  collect (f, &all, NULL, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 3, "");
  send_records (f, 0, 5, 0);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_collect_cancelled (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  g_auto (Outcome) again = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  collect (f, &all, cancellable, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 3, "");
  send_records (f, 0, 5, 0);
  expect_collect (f, 6, "00 00 00 05 00 00 00 0A");
  g_cancellable_cancel (cancellable);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (f->records->str, ==, "0*5@0 ");

  collect (f, &(OpCollectRange) { .mode = OP_COLLECT_FROM, .a = 5 }, NULL, &again);
  send_newest (f, 9, 540);
  expect_collect (f, 4, "00 00 00 05");
  send_records (f, 5, 5, 300);
  assert_collected (f, &again, "0*5@0 5*5@300 ");
}

static void
on_closed_cb (OpLogger *logger, GError *error, gpointer data)
{
  g_assert_nonnull (error);
  *(gboolean *) data = TRUE;
}

static void
test_collect_hang_up (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  gboolean closed = FALSE;

  g_signal_connect (f->base.logger, "closed", G_CALLBACK (on_closed_cb), &closed);
  collect (f, &all, NULL, &outcome);
  send_newest (f, 9, 540);
  expect_collect (f, 3, "");
  op_transport_close (f->base.peer->far_end);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK);
  wait_for (&closed);
}

static void
test_collect_closed (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  collect (f, &all, NULL, &outcome);
  expect_collect (f, 5, "00 00 00 01");
  op_logger_close (f->base.logger);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK);
  peer_expect (f->base.peer, "AF FF 1F EF 0F FF 0F EF 0D 00");
  peer_expect (f->base.peer, "B0 01 0F EF");
}

#define ADD(name, setup, test) g_test_add ("/logger/" name, Fixture, NULL, setup, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("collect/noisy", set_up, test_collect_on_noisy_link);
  ADD ("collect/lies", set_up, test_collect_lies);
  ADD ("collect/never-agrees", set_up, test_collect_never_agrees);
  ADD ("collect/never-fits", set_up, test_collect_never_fits);
  ADD ("collect/refused", set_up, test_collect_refused);
  ADD ("collect/through-noise", set_up, test_collect_through_noise);
  ADD ("collect/silence", set_up, test_collect_silence);
  ADD ("collect/function-refuses", set_up, test_collect_function_refuses);
  ADD ("collect/cancelled", set_up, test_collect_cancelled);
  ADD ("collect/hang-up", set_up, test_collect_hang_up);
  ADD ("collect/closed", set_up, test_collect_closed);
  return g_test_run ();
}
