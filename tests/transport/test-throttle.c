/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/memory-transport.h"
#include "protocol/transport/throttle.h"
#include "tests/transport/ear.h"

/* A throttled end and the bare other end, both open. */
typedef struct
{
  Ear *slow;
  Ear *peer;
} Pair;

static void
pair_open (Pair *pair, guint baud, gint64 delay_us)
{
  OpTransport *inner, *peer;

  op_memory_transport_new_pair (&inner, &peer);
  pair->slow = ear_new (op_throttle_new (inner, baud, delay_us));
  pair->peer = ear_new (peer);
  g_object_unref (inner);
  g_assert_true (ear_open (pair->slow));
  g_assert_true (ear_open (pair->peer));
}

static void
pair_clear (Pair *pair)
{
  g_clear_pointer (&pair->slow, ear_free);
  g_clear_pointer (&pair->peer, ear_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static gint64
time_transfer (Ear *from, Ear *to, GBytes *bytes)
{
  gint64 start = g_get_monotonic_time ();
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  g_byte_array_set_size (to->heard, 0);
  op_transport_send (from->transport, bytes);
  ear_wait_heard (to, length);
  g_assert_cmpmem (to->heard->data, to->heard->len, data, length);
  return g_get_monotonic_time () - start;
}

/* A busy machine may lengthen a try, never shorten it. */
static void
assert_takes (Ear *from, Ear *to, GBytes *bytes, gint64 expected)
{
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < 5 && best > expected * 11 / 10; i++)
    {
      gint64 taken = time_transfer (from, to, bytes);

      g_test_message ("%" G_GINT64_FORMAT " us, expected %" G_GINT64_FORMAT, taken, expected);
      g_assert_cmpint (taken, >, expected * 99 / 100);
      best = MIN (best, taken);
    }
  g_assert_cmpint (best, <=, expected * 11 / 10);
}

/* 480 bytes of 10 bits each at 9600 bits a second take half a second, each way. */
static void
test_rate (void)
{
  g_auto (Pair) pair = { NULL, NULL };
  g_autoptr (GBytes) pattern = pattern_new (480);

  pair_open (&pair, 9600, 0);
  g_assert_cmpuint (op_transport_get_baud (pair.slow->transport), ==, 9600);
  assert_takes (pair.slow, pair.peer, pattern, 500 * 1000);
  /* They came bit by bit, not at the end. */
  g_assert_cmpuint (pair.peer->n_received, >, 20);
  assert_takes (pair.peer, pair.slow, pattern, 500 * 1000);
}

/* Delays of sends that follow one another overlap. */
static void
test_delay (void)
{
  g_auto (Pair) pair = { NULL, NULL };
  gint64 start, taken;

  pair_open (&pair, 0, 200 * 1000);
  start = g_get_monotonic_time ();
  ear_send_text (pair.slow, "one");
  ear_send_text (pair.slow, "two");
  ear_send_text (pair.slow, "three");
  ear_assert_heard (pair.peer, "onetwothree");
  taken = g_get_monotonic_time () - start;
  g_assert_cmpint (taken, >=, 200 * 1000);
  g_assert_cmpint (taken, <, 500 * 1000);

  pair.peer->echo = TRUE;
  start = g_get_monotonic_time ();
  ear_send_text (pair.slow, "there and back");
  ear_assert_heard (pair.slow, "there and back");
  taken = g_get_monotonic_time () - start;
  g_assert_cmpint (taken, >=, 400 * 1000);
  g_assert_cmpint (taken, <, 750 * 1000);
}

/* Two sends in a row share the line: the second begins when the first has left. */
static void
test_rate_and_delay (void)
{
  g_auto (Pair) pair = { NULL, NULL };
  g_autoptr (GBytes) pattern = pattern_new (192);
  gint64 taken, start = g_get_monotonic_time ();

  pair_open (&pair, 19200, 100 * 1000);
  op_transport_send (pair.slow->transport, pattern);
  op_transport_send (pair.slow->transport, pattern);
  ear_wait_heard (pair.peer, 384);
  taken = g_get_monotonic_time () - start;
  g_assert_cmpint (taken, >=, 299 * 1000);
  g_assert_cmpint (taken, <, 390 * 1000);
}

/* What was under way when the other side hung up still arrives, before that is told. */
static void
test_hang_up (void)
{
  g_auto (Pair) pair = { NULL, NULL };

  pair_open (&pair, 9600, 20 * 1000);
  ear_send_text (pair.peer, "last words");
  op_transport_close (pair.peer->transport);
  ear_wait_closed (pair.slow);
  g_assert_error (pair.slow->closed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
  ear_assert_heard (pair.slow, "last words");
}

static void
test_close_and_reopen (void)
{
  g_auto (Pair) pair = { NULL, NULL };

  pair_open (&pair, 1200, 0);
  ear_send_text (pair.slow, "this takes a quarter of a second");
  op_transport_close (pair.slow->transport);
  ear_wait_closed (pair.peer);
  g_byte_array_set_size (pair.peer->heard, 0);

  g_assert_true (ear_open (pair.slow));
  g_assert_true (ear_open (pair.peer));
  ear_send_text (pair.slow, "new");
  ear_assert_heard (pair.peer, "new");
  g_assert_cmpuint (pair.slow->n_closed, ==, 0);
}

static void
on_first_bytes_cb (OpTransport *transport, GBytes *bytes, gpointer data)
{
  op_transport_close (transport);
}

static void
test_close_in_handler (void)
{
  g_auto (Pair) pair = { NULL, NULL };

  pair_open (&pair, 0, 0);
  g_signal_connect (pair.slow->transport, "received", G_CALLBACK (on_first_bytes_cb), NULL);
  ear_send_text (pair.peer, "one");
  ear_send_text (pair.peer, "two");
  ear_wait_closed (pair.peer);
  ear_assert_heard (pair.slow, "one");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transport/throttle/rate", test_rate);
  g_test_add_func ("/transport/throttle/delay", test_delay);
  g_test_add_func ("/transport/throttle/rate-and-delay", test_rate_and_delay);
  g_test_add_func ("/transport/throttle/hang-up", test_hang_up);
  g_test_add_func ("/transport/throttle/close-and-reopen", test_close_and_reopen);
  g_test_add_func ("/transport/throttle/close-in-handler", test_close_in_handler);

  return g_test_run ();
}
