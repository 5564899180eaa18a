/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/memory-transport.h"
#include "tests/transport/ear.h"

typedef struct
{
  Ear *a;
  Ear *b;
} Pair;

static void
pair_set_up (Pair *pair, gconstpointer data)
{
  OpTransport *a, *b;

  op_memory_transport_new_pair (&a, &b);
  pair->a = ear_new (a);
  pair->b = ear_new (b);
}

static void
pair_tear_down (Pair *pair, gconstpointer data)
{
  g_clear_pointer (&pair->a, ear_free);
  g_clear_pointer (&pair->b, ear_free);
}

static void
test_both_ways (Pair *pair, gconstpointer data)
{
  g_assert_true (ear_open (pair->a));
  g_assert_true (ear_open (pair->b));

  ear_send_text (pair->a, "to b");
  ear_send_text (pair->a, ", more");
  ear_send_text (pair->b, "to a");
  ear_assert_heard (pair->b, "to b, more");
  ear_assert_heard (pair->a, "to a");
  g_assert_cmpuint (op_transport_get_baud (pair->a->transport), ==, 0);
}

static void
test_early_bytes_wait (Pair *pair, gconstpointer data)
{
  ear_send_text (pair->a, "before own opening: ignored");
  g_assert_true (ear_open (pair->a));
  ear_send_text (pair->a, "early");
  settle ();
  g_assert_true (ear_open (pair->b));
  ear_assert_heard (pair->b, "early");
}

static void
test_close_hangs_up (Pair *pair, gconstpointer data)
{
  g_assert_true (ear_open (pair->a));
  g_assert_true (ear_open (pair->b));

  ear_send_text (pair->a, "last words");
  op_transport_close (pair->a->transport);
  op_transport_close (pair->a->transport);
  ear_send_text (pair->a, "after closing: ignored");
  ear_wait_closed (pair->b);
  g_assert_error (pair->b->closed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
  ear_assert_heard (pair->b, "last words");

  op_transport_close (pair->b->transport);
  settle ();
  g_assert_cmpuint (pair->a->n_closed, ==, 0);
  g_assert_cmpuint (pair->b->n_closed, ==, 1);
}

/* The side that closed opens again before the other one noticed: nothing of one opening reaches another. */
static void
test_reopen_at_once (Pair *pair, gconstpointer data)
{
  g_assert_true (ear_open (pair->a));
  g_assert_true (ear_open (pair->b));
  ear_send_text (pair->a, "old");
  op_transport_close (pair->a->transport);
  ear_send_text (pair->b, "stale");

  ear_start_open (pair->a, NULL);
  ear_wait_opened (pair->a, 2);
  ear_send_text (pair->a, "new");
  ear_wait_closed (pair->b);
  ear_assert_heard (pair->b, "old");
  settle ();
  g_assert_cmpuint (pair->b->heard->len, ==, 0);

  g_assert_true (ear_open (pair->b));
  ear_assert_heard (pair->b, "new");
  ear_send_text (pair->b, "hello again");
  ear_assert_heard (pair->a, "hello again");
  g_assert_cmpuint (pair->a->n_closed, ==, 0);
}

static void
test_unread_is_forgotten (Pair *pair, gconstpointer data)
{
  g_assert_true (ear_open (pair->a));
  ear_send_text (pair->a, "nobody listens");
  op_transport_close (pair->a->transport);

  g_assert_true (ear_open (pair->b));
  settle ();
  g_assert_cmpuint (pair->b->heard->len, ==, 0);
  g_assert_cmpuint (pair->b->n_closed, ==, 0);
}

static void
test_other_end_gone (Pair *pair, gconstpointer data)
{
  g_assert_true (ear_open (pair->a));
  g_assert_true (ear_open (pair->b));
  g_clear_pointer (&pair->b, ear_free);
  ear_wait_closed (pair->a);
  g_assert_error (pair->a->closed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);

  g_assert_false (ear_open (pair->a));
  g_assert_error (pair->a->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
}

static void
test_open_twice (Pair *pair, gconstpointer data)
{
  ear_start_open (pair->a, NULL);
  ear_start_open (pair->a, NULL);
  ear_wait_opened (pair->a, 2);
  g_assert_true (op_transport_is_open (pair->a->transport));

  g_assert_true (ear_open (pair->a));
  g_assert_error (pair->a->failed, G_IO_ERROR, G_IO_ERROR_PENDING);
}

static void
test_close_while_opening (Pair *pair, gconstpointer data)
{
  ear_start_open (pair->a, NULL);
  op_transport_close (pair->a->transport);
  ear_wait_opened (pair->a, 1);
  g_assert_error (pair->a->failed, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (op_transport_is_open (pair->a->transport));

  /* Opening anew need not wait for the end of the cancelled opening. */
  ear_start_open (pair->a, NULL);
  op_transport_close (pair->a->transport);
  ear_start_open (pair->a, NULL);
  ear_wait_opened (pair->a, 3);
  g_assert_true (op_transport_is_open (pair->a->transport));
}

static void
test_cancelled (Pair *pair, gconstpointer data)
{
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GCancellable) soon = g_cancellable_new ();

  g_cancellable_cancel (before);
  ear_start_open (pair->a, before);
  ear_wait_opened (pair->a, 1);
  g_assert_error (pair->a->failed, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  ear_start_open (pair->a, soon);
  g_cancellable_cancel (soon);
  ear_wait_opened (pair->a, 2);
  g_assert_error (pair->a->failed, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (op_transport_is_open (pair->a->transport));
}

static void
close_at_once_cb (OpTransport *transport, GBytes *bytes, gpointer data)
{
  op_transport_close (transport);
}

static void
test_close_in_handler (Pair *pair, gconstpointer data)
{
  g_assert_true (ear_open (pair->a));
  ear_send_text (pair->a, "one");
  ear_send_text (pair->a, "two");
  g_signal_connect (pair->b->transport, "received", G_CALLBACK (close_at_once_cb), NULL);
  g_assert_true (ear_open (pair->b));
  ear_wait_closed (pair->a);
  ear_assert_heard (pair->b, "one");
  g_assert_cmpuint (pair->b->n_closed, ==, 0);
}

static void
test_no_speed (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (op_transport_set_baud (pair->a->transport, 9600, &error));
  g_assert_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_FAILED);
}

static gpointer
echo_thread (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Ear) ear = NULL;

  g_main_context_push_thread_default (context);
  ear = ear_new (data);
  ear->echo = TRUE;
  g_assert_true (ear_open (ear));
  ear_wait_closed (ear);
  g_assert_error (ear->closed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
  g_clear_pointer (&ear, ear_free);
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* A megabyte in small messages goes to another thread's main context and back, whole and in order. */
static void
test_two_threads (void)
{
  const gsize length = 1024 * 1024, piece = 61;
  g_autoptr (GBytes) pattern = pattern_new (length);
  g_autoptr (Ear) ear = NULL;
  OpTransport *here, *there;
  GThread *thread;

  op_memory_transport_new_pair (&here, &there);
  thread = g_thread_new ("echo", echo_thread, there);
  ear = ear_new (here);
  g_assert_true (ear_open (ear));
  for (gsize i = 0; i < length; i += piece)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_from_bytes (pattern, i, MIN (piece, length - i));

      op_transport_send (ear->transport, bytes);
    }
  ear_wait_heard (ear, length);
  g_assert_cmpmem (ear->heard->data, ear->heard->len, g_bytes_get_data (pattern, NULL), length);
  op_transport_close (ear->transport);
  g_thread_join (thread);
}

#define ADD(name, func) g_test_add ("/transport/memory/" name, Pair, NULL, pair_set_up, func, pair_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("both-ways", test_both_ways);
  ADD ("early-bytes-wait", test_early_bytes_wait);
  ADD ("close-hangs-up", test_close_hangs_up);
  ADD ("reopen-at-once", test_reopen_at_once);
  ADD ("unread-is-forgotten", test_unread_is_forgotten);
  ADD ("other-end-gone", test_other_end_gone);
  ADD ("open-twice", test_open_twice);
  ADD ("close-while-opening", test_close_while_opening);
  ADD ("cancelled", test_cancelled);
  ADD ("close-in-handler", test_close_in_handler);
  ADD ("no-speed", test_no_speed);
  g_test_add_func ("/transport/memory/two-threads", test_two_threads);

  return g_test_run ();
}
