/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/tcp-transport.h"
#include "tests/transport/ear.h"

#include <netinet/in.h>
#include <sys/socket.h>

/* A listener and the two ends of a connection to it. */
typedef struct
{
  GSocketListener *listener;
  guint16          port;
  Ear             *client;
  Ear             *server;
} Pair;

static void
on_accepted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GSocketConnection **connection = data;

  *connection = g_socket_listener_accept_finish (G_SOCKET_LISTENER (source), result, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
pair_connect (Pair *pair)
{
  g_autoptr (GSocketConnection) accepted = NULL;

  g_socket_listener_accept_async (pair->listener, NULL, on_accepted_cb, &accepted);
  g_assert_true (ear_open (pair->client));
  wait_until (is_set, &accepted);
  pair->server = ear_new (op_tcp_transport_new_for_connection (accepted));
  g_assert_true (ear_open (pair->server));
}

static void
pair_set_up (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;

  pair->listener = g_socket_listener_new ();
  g_socket_listener_add_address (pair->listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &address, &error);
  g_assert_no_error (error);
  pair->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  pair->client = ear_new (op_tcp_transport_new ("127.0.0.1", pair->port, 0));
}

static void
pair_tear_down (Pair *pair, gconstpointer data)
{
  g_clear_pointer (&pair->client, ear_free);
  g_clear_pointer (&pair->server, ear_free);
  g_socket_listener_close (pair->listener);
  g_clear_object (&pair->listener);
}

static void
test_both_ways (Pair *pair, gconstpointer data)
{
  g_autofree char *name = g_strdup_printf ("127.0.0.1:%u", (guint) pair->port);

  pair_connect (pair);
  ear_send_text (pair->client, "ring");
  ear_assert_heard (pair->server, "ring");
  ear_send_text (pair->server, "ready");
  ear_assert_heard (pair->client, "ready");
  g_assert_cmpstr (op_transport_get_name (pair->client->transport), ==, name);
}

static void
test_big_data (Pair *pair, gconstpointer data)
{
  const gsize length = 1024 * 1024;
  g_autoptr (GBytes) pattern = pattern_new (length);

  pair_connect (pair);
  pair->server->echo = TRUE;
  op_transport_send (pair->client->transport, pattern);
  ear_wait_heard (pair->client, length);
  g_assert_cmpmem (pair->client->heard->data, pair->client->heard->len, g_bytes_get_data (pattern, NULL),
                   length);
}

static void
test_peer_closes (Pair *pair, gconstpointer data)
{
  pair_connect (pair);
  ear_send_text (pair->server, "bye");
  op_transport_close (pair->server->transport);
  ear_wait_closed (pair->client);
  g_assert_error (pair->client->closed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
  ear_assert_heard (pair->client, "bye");
  ear_send_text (pair->client, "ignored");

  /* A transport that wraps an accepted connection has only that one. */
  g_assert_false (ear_open (pair->server));
  g_assert_error (pair->server->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
  g_assert_cmpuint (pair->server->n_closed, ==, 0);
}

/* What was handed over before closing still goes out. */
static void
test_last_words (Pair *pair, gconstpointer data)
{
  pair_connect (pair);
  ear_send_text (pair->client, "bye");
  op_transport_close (pair->client->transport);
  ear_wait_closed (pair->server);
  ear_assert_heard (pair->server, "bye");
}

/* The other side is gone without a word, be it while we only listen or while much waits to be sent. */
static void
test_reset (Pair *pair, gconstpointer data)
{
  const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
  const gsize waiting[] = { 0, 32 * 1024 * 1024 };

  for (guint i = 0; i < G_N_ELEMENTS (waiting); i++)
    {
      g_autoptr (GSocketConnection) accepted = NULL;
      g_autoptr (GBytes) bytes = pattern_new (waiting[i]);
      int fd;

      g_socket_listener_accept_async (pair->listener, NULL, on_accepted_cb, &accepted);
      g_assert_true (ear_open (pair->client));
      wait_until (is_set, &accepted);
      op_transport_send (pair->client->transport, bytes);
      fd = g_socket_get_fd (g_socket_connection_get_socket (accepted));
      g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), ==, 0);
      g_io_stream_close (G_IO_STREAM (accepted), NULL, NULL);
      ear_wait_closed (pair->client);
      g_assert_error (pair->client->closed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
      g_assert_nonnull (strstr (pair->client->closed->message, g_strerror (ECONNRESET)));
      settle ();
      g_assert_cmpuint (pair->client->n_closed, ==, 1);
      pair->client->n_closed = 0;
    }
}

static void
test_reopen (Pair *pair, gconstpointer data)
{
  pair_connect (pair);
  op_transport_close (pair->client->transport);
  g_clear_pointer (&pair->server, ear_free);

  pair_connect (pair);
  ear_send_text (pair->client, "again");
  ear_assert_heard (pair->server, "again");
}

static void
test_refused (Pair *pair, gconstpointer data)
{
  g_autofree char *port = g_strdup_printf ("%u", (guint) pair->port);

  g_socket_listener_close (pair->listener);
  g_assert_false (ear_open (pair->client));
  g_assert_error (pair->client->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_REFUSED);
  g_assert_nonnull (strstr (pair->client->failed->message, port));
}

static void
test_no_such_host (void)
{
  /* RFC 6761, section 6.4: "invalid" never resolves. */
  g_autoptr (Ear) ear = ear_new (op_tcp_transport_new ("logger.invalid", 6785, 0));

  g_assert_false (ear_open (ear));
  if (g_error_matches (ear->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_TIMED_OUT))
    g_test_skip ("The resolver here does not answer");
  else
    g_assert_error (ear->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_RESOLVE);
}

/*
 * A host that stays silent: a listening socket whose queue of connections is full, so that the kernel drops
 * every further SYN.
 */
typedef struct
{
  int     listener;
  int     fillers[2];
  guint16 port;
} SilentHost;

static void
silent_host_start (SilentHost *host)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;

  host->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (host->listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (host->listener, 0), ==, 0);
  g_assert_cmpint (getsockname (host->listener, (struct sockaddr *) &address, &length), ==, 0);
  host->port = ntohs (address.sin_port);
  for (guint i = 0; i < G_N_ELEMENTS (host->fillers); i++)
    {
      host->fillers[i] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      connect (host->fillers[i], (struct sockaddr *) &address, sizeof address);
    }
}

static void
silent_host_stop (SilentHost *host)
{
  for (guint i = 0; i < G_N_ELEMENTS (host->fillers); i++)
    close (host->fillers[i]);
  close (host->listener);
}

static void
test_silent_host (void)
{
  SilentHost host;
  g_autoptr (Ear) ear = NULL;
  gint64 start = g_get_monotonic_time (), taken;

  silent_host_start (&host);
  ear = ear_new (op_tcp_transport_new ("127.0.0.1", host.port, 300));
  g_assert_false (ear_open (ear));
  taken = g_get_monotonic_time () - start;
  g_assert_error (ear->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (ear->failed->message, "0.3 s"));
  g_assert_cmpint (taken, >=, 290 * 1000);
  g_assert_cmpint (taken, <, 2000 * 1000);
  silent_host_stop (&host);
}

static gboolean
on_cancel_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

/* Cancelled before, at once, soon and while the host stays silent: the answer comes within 200 ms, no
 * descriptor stays. */
static void
test_cancelled (void)
{
  SilentHost host;
  guint fds;

  silent_host_start (&host);
  fds = count_fds ();
  for (gint delay = -2; delay < 30; delay += 1)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (Ear) ear = ear_new (op_tcp_transport_new ("127.0.0.1", host.port, 0));
      gint64 start = g_get_monotonic_time ();

      if (delay == -2)
        g_cancellable_cancel (cancellable);
      ear_start_open (ear, cancellable);
      if (delay == -1)
        g_cancellable_cancel (cancellable);
      if (delay >= 0)
        g_timeout_add (delay, on_cancel_cb, cancellable);
      ear_wait_opened (ear, 1);
      g_assert_error (ear->failed, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 200 * 1000);
      settle ();
    }
  g_assert_cmpuint (count_fds (), ==, fds);
  silent_host_stop (&host);
}

static void
test_close_while_opening (void)
{
  SilentHost host;
  g_autoptr (Ear) ear = NULL;

  silent_host_start (&host);
  ear = ear_new (op_tcp_transport_new ("127.0.0.1", host.port, 0));
  ear_start_open (ear, NULL);
  ear_start_open (ear, NULL);
  ear_wait_opened (ear, 1);
  g_assert_error (ear->failed, G_IO_ERROR, G_IO_ERROR_PENDING);
  op_transport_close (ear->transport);
  ear_wait_opened (ear, 2);
  g_assert_error (ear->failed, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  silent_host_stop (&host);
}

static void
test_no_leak (Pair *pair, gconstpointer data)
{
  guint fds;

  pair_connect (pair);
  op_transport_close (pair->client->transport);
  g_clear_pointer (&pair->server, ear_free);
  fds = count_fds ();
  for (guint i = 0; i < 1000; i++)
    {
      pair_connect (pair);
      op_transport_close (pair->client->transport);
      g_clear_pointer (&pair->server, ear_free);
    }
  g_assert_cmpuint (count_fds (), ==, fds);
}

#define ADD(name, func) g_test_add ("/transport/tcp/" name, Pair, NULL, pair_set_up, func, pair_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("both-ways", test_both_ways);
  ADD ("big-data", test_big_data);
  ADD ("peer-closes", test_peer_closes);
  ADD ("last-words", test_last_words);
  ADD ("reset", test_reset);
  ADD ("reopen", test_reopen);
  ADD ("refused", test_refused);
  ADD ("no-leak", test_no_leak);
  g_test_add_func ("/transport/tcp/no-such-host", test_no_such_host);
  g_test_add_func ("/transport/tcp/silent-host", test_silent_host);
  g_test_add_func ("/transport/tcp/cancelled", test_cancelled);
  g_test_add_func ("/transport/tcp/close-while-opening", test_close_while_opening);

  return g_test_run ();
}
