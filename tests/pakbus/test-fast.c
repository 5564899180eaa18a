/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fast-fixture.h"

#include "protocol/pakbus/collect-job-private.h"
#include "protocol/pakbus/pak-logger-private.h"

/* Windows in flight, while all goes well. */

static void
test_order (Fixture *f, gconstpointer data)
{
  Request requests[DEPTH];

  collect (f, NULL);
  let_learn (f);
  take_eight (f, requests);
  for (guint i = DEPTH - 1; i > 0; i--)
    answer (f, &requests[i]);
  run_for (20);
  g_assert_cmpuint (f->next, ==, 2 * PER_ANSWER);
  answer (f, &requests[0]);
  g_assert_cmpuint (answer_the_rest (f), >, 1);
}

static void
test_off (Fixture *f, gconstpointer data)
{
  pak_logger_set_fast (PAK_LOGGER (f->logger), FALSE);
  collect (f, NULL);
  let_learn (f);
  for (guint i = 0; i < 3; i++)
    {
      const Request request = take_request (f);

      run_for (20);
      g_assert_true (peer_is_idle (f->peer));
      answer (f, &request);
    }
  g_assert_cmpuint (answer_the_rest (f), ==, 1);
}

static void
on_small_collected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *f = data;

  f->succeeded = pak_collect_finish (PAK_SESSION (source), result, &f->error);
  f->done = TRUE;
}

/* A logger with a small buffer answers one request at a time, whatever the session may do. */
static void
test_small (Fixture *f, gconstpointer data)
{
  const OpCollectRange all = { .mode = OP_COLLECT_ALL };
  PakTarget target = *pak_logger_get_target (PAK_LOGGER (f->logger));

  target.max_packet = 108;
  pak_session_set_max_in_flight (target.session, DEPTH);
  pak_collect_async (&target, f->table, &all, take_records, NULL, f, NULL, on_small_collected_cb, f);
  g_assert_cmpuint (answer_the_rest (f), ==, 1);
}

static void
test_partial (Fixture *f, gconstpointer data)
{
  Request requests[DEPTH];
  Request rest;

  collect (f, NULL);
  let_learn (f);
  take_eight (f, requests);
  for (guint i = 1; i < DEPTH; i++)
    answer (f, &requests[i]);
  send_records (f, &requests[0], requests[0].p1, 100);
  rest = take_request (f);
  while (rest.p1 > requests[0].p2)
    {
      answer (f, &rest);
      rest = take_request (f);
    }
  g_assert_cmpuint (rest.p1, ==, requests[0].p1 + 100);
  g_assert_cmpuint (rest.p2, ==, requests[0].p2);
  answer (f, &rest);
  answer_the_rest (f);
}

/* A logger of short answers: what is asked for is what one holds. */
static void
test_short_answers (Fixture *f, gconstpointer data)
{
  Request request;

  collect (f, NULL);
  request = take_request (f);
  answer (f, &request);
  request = take_request (f);
  send_records (f, &request, 0, 200);
  request = take_request (f);
  g_assert_cmpuint (request.p1, ==, 200);
  send_records (f, &request, 200, 200);
  for (guint i = 0; i < DEPTH; i++)
    {
      request = take_request (f);
      g_assert_cmpuint (request.p1, ==, 400 + 200 * i);
      g_assert_cmpuint (request.p2, ==, 600 + 200 * i);
      answer (f, &request);
    }
  answer_the_rest (f);
}

/* The ring memory overwrites all that is in flight: what is left is asked for alone. */
static void
test_overwritten (Fixture *f, gconstpointer data)
{
  Request requests[DEPTH];
  Request request;

  collect (f, NULL);
  let_learn (f);
  take_eight (f, requests);
  send_records (f, &requests[0], 0, 0);
  request = take_request (f);
  g_assert_cmpuint (request.p1, ==, requests[0].p1);
  send_records (f, &request, 0, 0);
  request = take_request (f);
  g_assert_cmpuint (request.p1, ==, requests[0].p1);
  g_assert_cmpuint (request.p2, ==, N_RECORDS);
  f->next = 9000;
  for (guint i = 0; i < 2; i++)
    {
      send_records (f, &request, 9000, PER_ANSWER);
      request = take_request (f);
    }
  answer (f, &request);
  answer_the_rest (f);
}

static void
test_cancelled (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Request requests[DEPTH];

  collect (f, cancellable);
  let_learn (f);
  take_eight (f, requests);
  g_cancellable_cancel (cancellable);
  wait_for (&f->done);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  answer (f, &requests[0]);
  run_for (20);
  g_assert_cmpuint (f->next, ==, 2 * PER_ANSWER);
  g_assert_true (peer_is_idle (f->peer));
}

static void
test_closed (Fixture *f, gconstpointer data)
{
  Request requests[DEPTH];

  collect (f, NULL);
  let_learn (f);
  take_eight (f, requests);
  op_logger_close (f->logger);
  wait_for (&f->done);
  g_assert_error (f->error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, setup, test) g_test_add ("/fast/" name, Fixture, NULL, setup, test, tear_down)
  ADD ("order", set_up_patient, test_order);
  ADD ("off", set_up_patient, test_off);
  ADD ("small", set_up_patient, test_small);
  ADD ("partial", set_up_patient, test_partial);
  ADD ("short-answers", set_up_patient, test_short_answers);
  ADD ("overwritten", set_up_patient, test_overwritten);
  ADD ("cancelled", set_up_patient, test_cancelled);
  ADD ("closed", set_up_patient, test_closed);
#undef ADD
  return g_test_run ();
}
