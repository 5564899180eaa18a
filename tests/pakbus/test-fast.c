/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Fast collection: several windows of records by number wait for their answers at a time. The logger's side is
 * scripted: requests and answers are bytes after the BMP5 manual, sections 2.2 and 2.3.4; our address is 4079 = FEF,
 * the logger's is 1. Record n of its table holds the lower half of n and was stored n minutes after the first.
 */

#include "peer.h"

#include "protocol/pakbus/collect-job-private.h"
#include "protocol/pakbus/pak-logger-private.h"

#define MS 1000

#define FROM_LOGGER "AF EF 00 01 1F EF 00 01 "

/* 2026-02-19 00:00:00 */
#define BASE_S 1140307200

#define DEPTH     8
#define N_RECORDS 9800
/* As many records of 2 bytes as a packet holds: 1000 bytes less type, number, code, head, time stamp and end. */
#define PER_ANSWER 490

typedef struct
{
  Peer     *peer;
  OpLogger *logger;
  OpTable  *table;
  guint32   next;   /* record to come */
  gboolean  done;
  gboolean  succeeded;
  GError   *error;
} Fixture;

/* A Collect Data Command as it came. */
typedef struct
{
  guint8  number;
  guint8  mode;
  guint32 p1;
  guint32 p2;
} Request;

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *f = data;

  f->succeeded = op_logger_open_finish (OP_LOGGER (source), result, &f->error);
  f->done = TRUE;
}

static void
on_collected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *f = data;

  g_assert_false (f->done);
  f->succeeded = op_logger_collect_finish (OP_LOGGER (source), result, &f->error);
  f->done = TRUE;
}

static OpTable *
new_table (void)
{
  OpTableBuilder *builder = op_table_builder_new ("T", N_RECORDS, OP_TYPE_NSEC, 0, 60 * OP_SECOND);
  g_autoptr (GError) error = NULL;
  OpTable *table;

  op_table_builder_add_field (builder, OP_TYPE_UINT2, FALSE, "V", "Smp", "", NULL, 0);
  table = op_table_builder_finish (builder, 2, &error);
  g_assert_no_error (error);
  return table;
}

static void
set_up_with_timeout (Fixture *f, gint64 timeout)
{
  f->peer = peer_new ();
  f->logger = pak_logger_new (f->peer->near_end, 1, 0, 0x1234);
  f->table = new_table ();
  pak_logger_set_first_timeout (PAK_LOGGER (f->logger), timeout);
  pak_logger_set_fast (PAK_LOGGER (f->logger), TRUE);

  op_logger_open_async (f->logger, NULL, on_opened_cb, f);
  peer_expect (f->peer, RING);
  peer_send (f->peer, READY);
  peer_expect (f->peer, HELLO);
  peer_send (f->peer, HELLO_RESPONSE);
  wait_for (&f->done);
  g_assert_no_error (f->error);
  f->done = FALSE;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  set_up_with_timeout (f, 150 * MS);
}

static void
set_up_quick (Fixture *f, gconstpointer data)
{
  set_up_with_timeout (f, 50 * MS);
}

/* Whatever is asked for again within the test's time is not because of a time-out. */
static void
set_up_patient (Fixture *f, gconstpointer data)
{
  set_up_with_timeout (f, 10 * G_USEC_PER_SEC);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (f->logger), (gpointer *) &f->logger);
  g_object_unref (f->logger);
  /* What was given up ends in the next turn of the main loop. */
  while (f->logger != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_clear_error (&f->error);
  op_table_unref (f->table);
  peer_free (f->peer);
}

static guint32
get_uint4 (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

static void
parse_request (Fixture *f, GBytes *packet, Request *request)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (packet, &length);

  /* Header, type, number, security code, mode, table number and signature. */
  g_assert_cmpuint (length, >=, 19);
  g_assert_cmpuint (bytes[8], ==, 0x09);
  g_assert_cmpuint (bytes[10] << 8 | bytes[11], ==, 0x1234);
  g_assert_cmpuint (bytes[13] << 8 | bytes[14], ==, 2);
  *request = (Request) { .number = bytes[9], .mode = bytes[12] };
  if (length >= 23)
    request->p1 = get_uint4 (bytes + 17);
  if (length >= 27)
    request->p2 = get_uint4 (bytes + 21);
}

static Request
take_request (Fixture *f)
{
  g_autoptr (GBytes) packet = peer_take (f->peer);
  Request request;

  parse_request (f, packet, &request);
  return request;
}

static void
send_records (Fixture *f, const Request *request, guint32 first, guint count)
{
  g_autoptr (GString) hex = g_string_new (FROM_LOGGER);

  g_string_append_printf (hex, "89 %02X 00 00 02 %02X %02X %02X %02X %02X %02X ", request->number, first >> 24,
                          first >> 16 & 0xFF, first >> 8 & 0xFF, first & 0xFF, count >> 8, count & 0xFF);
  if (count > 0)
    {
      guint32 seconds = BASE_S + 60 * first;

      g_string_append_printf (hex, "%02X %02X %02X %02X 00 00 00 00 ", seconds >> 24, seconds >> 16 & 0xFF,
                              seconds >> 8 & 0xFF, seconds & 0xFF);
    }
  for (guint i = 0; i < count; i++)
    g_string_append_printf (hex, "%02X %02X ", (first + i) >> 8 & 0xFF, (first + i) & 0xFF);
  g_string_append (hex, "00");
  peer_send (f->peer, hex->str);
}

/* As a logger would that holds everything. */
static void
answer (Fixture *f, const Request *request)
{
  switch (request->mode)
    {
    case 5:
      send_records (f, request, N_RECORDS - 1, 1);
      break;
    case 3:
      send_records (f, request, 0, PER_ANSWER);
      break;
    default:
      g_assert_cmpuint (request->mode, ==, 6);
      send_records (f, request, request->p1, MIN (request->p2 - request->p1, PER_ANSWER));
      break;
    }
}

static void
send_to (Fixture *f, const Request *request, const char *hex)
{
  f->peer->number = request->number;
  peer_send (f->peer, hex);
}

static void
overflow (Fixture *f, const Request *request)
{
  send_to (f, request, "AF EF 00 01 0F EF 00 01 81 00 03 10 01 0F EF 09 TT");
}

static gboolean
take_records (const OpChunk *chunk, gpointer data, GError **error)
{
  Fixture *f = data;
  const guint8 *bytes = g_bytes_get_data (chunk->payload, NULL);

  /* In order, each once. */
  g_assert_cmpuint (chunk->first, ==, f->next);
  g_assert_cmpint (chunk->first_time / OP_SECOND, ==, BASE_S + 60 * (gint64) chunk->first);
  for (guint32 i = 0; i < chunk->count; i++)
    g_assert_cmpuint (bytes[2 * i] << 8 | bytes[2 * i + 1], ==, (chunk->first + i) & 0xFFFF);
  f->next = chunk->first + chunk->count;
  return TRUE;
}

static void
collect (Fixture *f, GCancellable *cancellable)
{
  static const OpCollectRange all = { .mode = OP_COLLECT_ALL };

  op_logger_collect_async (f->logger, f->table, &all, take_records, NULL, f, cancellable, on_collected_cb, f);
}

/* Answers the newest record, the first ones, and the window that shows how many an answer holds. */
static void
let_learn (Fixture *f)
{
  static const guint8 modes[] = { 5, 3, 6 };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      const Request request = take_request (f);

      g_assert_cmpuint (request.mode, ==, modes[i]);
      answer (f, &request);
    }
}

static void
take_eight (Fixture *f, Request *requests)
{
  for (guint i = 0; i < DEPTH; i++)
    {
      requests[i] = take_request (f);
      g_assert_cmpuint (requests[i].p1, ==, (2 + i) * PER_ANSWER);
      g_assert_cmpuint (requests[i].p2, ==, (3 + i) * PER_ANSWER);
    }
  run_for (20);
  g_assert_true (peer_is_idle (f->peer));
}

/* Answers everything until the collection ends. Returns: how many requests came at most before an answer. */
static guint
answer_the_rest (Fixture *f)
{
  guint most = 0;

  while (!f->done)
    {
      g_autoptr (GArray) requests = g_array_new (FALSE, FALSE, sizeof (Request));

      while (!f->done && peer_is_idle (f->peer))
        g_main_context_iteration (NULL, TRUE);
      /* All that is sent before an answer comes. */
      while (g_main_context_iteration (NULL, FALSE))
        ;
      while (!peer_is_idle (f->peer))
        {
          const Request request = take_request (f);

          g_array_append_val (requests, request);
        }
      most = MAX (most, requests->len);
      for (guint i = 0; i < requests->len; i++)
        answer (f, &g_array_index (requests, Request, i));
    }
  g_assert_no_error (f->error);
  g_assert_true (f->succeeded);
  g_assert_cmpuint (f->next, ==, N_RECORDS);
  return most;
}

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

/* One request at a time follows, in all the time that this takes. */
static void
assert_slow (Fixture *f)
{
  g_assert_cmpuint (answer_the_rest (f), ==, 1);
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
  ADD ("order", set_up_patient, test_order);
  ADD ("off", set_up_patient, test_off);
  ADD ("small", set_up_patient, test_small);
  ADD ("overflow", set_up_patient, test_overflow);
  ADD ("please-wait", set_up_patient, test_please_wait);
  ADD ("loss", set_up, test_loss);
  ADD ("silence", set_up, test_silence);
  ADD ("dead", set_up_quick, test_dead);
  ADD ("recovery", set_up_patient, test_recovery);
  ADD ("partial", set_up_patient, test_partial);
  ADD ("short-answers", set_up_patient, test_short_answers);
  ADD ("overwritten", set_up_patient, test_overwritten);
  ADD ("damage", set_up_patient, test_damage);
  ADD ("cancelled", set_up_patient, test_cancelled);
  ADD ("closed", set_up_patient, test_closed);
#undef ADD
  g_test_add ("/fast/chance/clean", Fixture, GUINT_TO_POINTER (0), set_up, test_chance, tear_down);
  g_test_add ("/fast/chance/noisy", Fixture, GUINT_TO_POINTER (50), set_up, test_chance, tear_down);
  g_test_add ("/fast/chance/bad", Fixture, GUINT_TO_POINTER (333), set_up, test_chance, tear_down);
  return g_test_run ();
}
