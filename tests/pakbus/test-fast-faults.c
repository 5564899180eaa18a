/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fast-fixture.h"

/* Windows in flight, of which some get lost, damaged or refused. */

/* One request at a time follows, in all the time that this takes. */
static void
assert_slow (Fixture *f)
{
  g_assert_cmpuint (answer_the_rest (f), ==, 1);
}

static void
overflow (Fixture *f, const Request *request)
{
  send_to (f, request, "AF EF 00 01 0F EF 00 01 81 00 03 10 01 0F EF 09 TT");
}

static void
test_overflow (Fixture *f, gconstpointer data)
{
  Request requests[DEPTH];
  Request again;

  collect (f, NULL);
  let_learn (f);
  take_eight (f, requests);
  overflow (f, &requests[4]);
  for (guint i = 0; i < DEPTH; i++)
    if (i != 4)
      answer (f, &requests[i]);
  again = take_request (f);
  g_assert_cmpuint (again.p1, ==, requests[4].p1);
  g_assert_cmpuint (again.number, !=, requests[4].number);
  g_assert_true (peer_is_idle (f->peer));
  answer (f, &again);
  assert_slow (f);
}

static void
test_please_wait (Fixture *f, gconstpointer data)
{
  Request requests[DEPTH];

  collect (f, NULL);
  let_learn (f);
  take_eight (f, requests);
  send_to (f, &requests[0], FROM_LOGGER "A1 TT 09 00 02");
  for (guint i = 0; i < DEPTH; i++)
    answer (f, &requests[i]);
  assert_slow (f);
}

static void
test_loss (Fixture *f, gconstpointer data)
{
  Request requests[DEPTH];
  Request again;

  collect (f, NULL);
  let_learn (f);
  take_eight (f, requests);
  for (guint i = 0; i < DEPTH; i++)
    if (i != 3)
      answer (f, &requests[i]);
  again = take_request (f);
  /* Those behind it were asked for as the first ones were answered. */
  while (again.p1 > requests[3].p1)
    {
      answer (f, &again);
      again = take_request (f);
    }
  g_assert_cmpuint (again.p1, ==, requests[3].p1);
  answer (f, &again);
  assert_slow (f);
}

/* All eight get lost: the first is asked for alone. */
static void
test_silence (Fixture *f, gconstpointer data)
{
  Request requests[DEPTH];
  Request again;

  collect (f, NULL);
  let_learn (f);
  take_eight (f, requests);
  again = take_request (f);
  g_assert_cmpuint (again.p1, ==, requests[0].p1);
  answer (f, &again);
  assert_slow (f);
}

static void
test_dead (Fixture *f, gconstpointer data)
{
  gint64 begin = g_get_monotonic_time ();
  Request requests[DEPTH];

  collect (f, NULL);
  let_learn (f);
  take_eight (f, requests);
  wait_for (&f->done);
  g_assert_error (f->error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 10 * G_USEC_PER_SEC);
  g_assert_cmpuint (f->next, ==, 2 * PER_ANSWER);
}

/* After a while it is tried again with several. */
static void
test_recovery (Fixture *f, gconstpointer data)
{
  Request requests[DEPTH];
  Request last;

  collect (f, NULL);
  let_learn (f);
  take_eight (f, requests);
  overflow (f, &requests[7]);
  for (guint i = 0; i + 1 < DEPTH; i++)
    answer (f, &requests[i]);
  last = take_request (f);
  g_assert_cmpuint (last.p1, ==, requests[7].p1);
  /* Two seconds of answers that come one by one. */
  send_to (f, &last, FROM_LOGGER "A1 TT 09 00 05");
  run_for (2500);
  answer (f, &last);
  g_assert_cmpuint (answer_the_rest (f), >, 1);
}

/* A damaged frame is the answer that was due: it is asked for again at once, and then all is read twice. */
static void
test_damage (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gint64 begin = g_get_monotonic_time ();
  Request requests[DEPTH];
  Request again;

  collect (f, cancellable);
  let_learn (f);
  take_eight (f, requests);
  answer (f, &requests[0]);
  peer_send_raw (f->peer, "BD AF EF 00 01 00 00 BD");
  do
    again = take_request (f);
  while (again.p1 > requests[1].p1);
  g_assert_cmpuint (again.p1, ==, requests[1].p1);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
  answer (f, &again);
  again = take_request (f);
  g_assert_cmpuint (again.p1, ==, requests[1].p1);
  g_cancellable_cancel (cancellable);
  wait_for (&f->done);
  g_assert_cmpuint (f->next, ==, 3 * PER_ANSWER);
}

/* What a line may do to answers, by chance; @data: how often, in thousandths. */
static void
test_chance (Fixture *f, gconstpointer data)
{
  guint rate = GPOINTER_TO_UINT (data);
  g_autoptr (GRand) rand = g_rand_new_with_seed (rate);

  collect (f, NULL);
  while (!f->done)
    {
      Request request;

      while (!f->done && peer_is_idle (f->peer))
        g_main_context_iteration (NULL, TRUE);
      if (f->done)
        break;
      request = take_request (f);
      if ((guint) g_rand_int_range (rand, 0, 1000) < rate)
        {
          if (g_rand_boolean (rand))
            peer_send_raw (f->peer, "BD AF EF 00 01 00 00 BD");
          continue;
        }
      answer (f, &request);
      if ((guint) g_rand_int_range (rand, 0, 1000) < rate)
        answer (f, &request);
    }
  g_assert_no_error (f->error);
  g_assert_cmpuint (f->next, ==, N_RECORDS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, setup, test) g_test_add ("/fast/" name, Fixture, NULL, setup, test, tear_down)
  ADD ("overflow", set_up_patient, test_overflow);
  ADD ("please-wait", set_up_patient, test_please_wait);
  ADD ("loss", set_up, test_loss);
  ADD ("silence", set_up, test_silence);
  ADD ("dead", set_up_quick, test_dead);
  ADD ("recovery", set_up_patient, test_recovery);
  ADD ("damage", set_up_patient, test_damage);
#undef ADD
  g_test_add ("/fast/chance/clean", Fixture, GUINT_TO_POINTER (0), set_up, test_chance, tear_down);
  g_test_add ("/fast/chance/noisy", Fixture, GUINT_TO_POINTER (50), set_up, test_chance, tear_down);
  g_test_add ("/fast/chance/bad", Fixture, GUINT_TO_POINTER (333), set_up, test_chance, tear_down);
  return g_test_run ();
}
