/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fast-fixture.h"

#include "protocol/pakbus/pak-logger-private.h"

#define MS 1000

/* 2026-02-19 00:00:00 */
#define BASE_S 1140307200

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

void
set_up (Fixture *f, gconstpointer data)
{
  set_up_with_timeout (f, 150 * MS);
}

void
set_up_quick (Fixture *f, gconstpointer data)
{
  set_up_with_timeout (f, 50 * MS);
}

/* Whatever is asked for again within the test's time is not because of a time-out. */
void
set_up_patient (Fixture *f, gconstpointer data)
{
  set_up_with_timeout (f, 10 * G_USEC_PER_SEC);
}

void
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

Request
take_request (Fixture *f)
{
  g_autoptr (GBytes) packet = peer_take (f->peer);
  Request request;

  parse_request (f, packet, &request);
  return request;
}

void
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

void
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

void
send_to (Fixture *f, const Request *request, const char *hex)
{
  f->peer->number = request->number;
  peer_send (f->peer, hex);
}

gboolean
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

void
collect (Fixture *f, GCancellable *cancellable)
{
  static const OpCollectRange all = { .mode = OP_COLLECT_ALL };

  op_logger_collect_async (f->logger, f->table, &all, take_records, NULL, f, cancellable, on_collected_cb, f);
}

void
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

void
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

guint
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
