/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Loggers that call in. */

#include "client.h"

#include "protocol/families.h"
#include "protocol/pakbus/pak-listener.h"
#include "protocol/pakbus/pak-logger.h"
#include "protocol/transport/tcp-transport.h"

#define N 3

/* One that nobody has; it is not given away again for a while. */
static guint16
find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);
  g_assert_cmpuint (port, !=, 0);
  return port;
}

static OpLogger *
new_logger (guint16 port, guint address, const char *query)
{
  g_autofree char *uri = g_strdup_printf ("listen:127.0.0.1:%u?pakbus=%u%s", (guint) port, address, query);
  g_autoptr (OpAddress) parsed = op_address_parse (uri, NULL);

  g_assert_nonnull (parsed);
  return op_logger_new (parsed, -1, NULL, NULL);
}

static void
call_in (OpEmulator *emulator, guint16 port)
{
  g_autoptr (OpTransport) transport = op_tcp_transport_new ("127.0.0.1", port, 0);

  op_emulator_serve (emulator, transport);
}

static void
test_three_at_once (void)
{
  guint16 port = find_port ();
  OpEmulator *emulators[N];
  Collection collections[N];

  for (guint i = 0; i < N; i++)
    {
      g_autoptr (OpLogger) logger = new_logger (port, i + 11, "");

      collection_start (&collections[i], logger);
    }
  for (guint i = N; i > 0; i--)
    {
      emulators[i - 1] = new_emulator (i + 10, NULL);
      call_in (emulators[i - 1], port);
    }
  for (guint i = 0; i < N; i++)
    {
      collection_assert (&collections[i], emulators[i], i + 11);
      op_logger_close (collections[i].logger);
      collection_clear (&collections[i]);
      g_object_unref (emulators[i]);
    }
}

/* A CR200 does not greet: it is asked who it is. */
static void
test_silent_caller (void)
{
  guint16 port = find_port ();
  g_autoptr (OpEmulator) emulator = new_emulator (21, op_emulator_options_new ("cr200"));
  g_autoptr (OpTransport) station = pak_listener_new_transport ("127.0.0.1", port, 21, 30);
  g_autoptr (OpLogger) logger = pak_logger_new (station, 21, 0, 0);
  g_autoptr (OpLogger) first = NULL;

  /* Another one waits for the other address. */
  first = new_logger (port, 22, "&wait=20");
  op_logger_open_async (first, NULL, NULL, NULL);
  call_in (emulator, port);
  g_assert_no_error (open_logger (logger, NULL));
  op_logger_close (logger);
  op_logger_close (first);
}

static void
on_closed_cb (OpLogger *logger, GError *error, gpointer data)
{
  g_assert_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
  *(gboolean *) data = TRUE;
}

/* The second call of a logger takes the place of the first. */
static void
test_calls_again (void)
{
  guint16 port = find_port ();
  g_autoptr (OpEmulator) emulator = new_emulator (31, NULL);
  g_autoptr (OpLogger) logger = new_logger (port, 31, "");

  for (guint i = 0; i < 5; i++)
    {
      g_auto (Collection) collection = { 0 };
      gboolean closed = FALSE;
      gulong handler = g_signal_connect (logger, "closed", G_CALLBACK (on_closed_cb), &closed);

      collection_start (&collection, logger);
      if (i == 0)
        call_in (emulator, port);
      collection_assert (&collection, emulator, 31);
      call_in (emulator, port);
      wait_for (&closed);
      g_signal_handler_disconnect (logger, handler);
    }
  /* The last call is still there. */
  g_assert_no_error (open_logger (logger, NULL));
  op_logger_close (logger);
}

static gboolean
list_has (OpTransport *station, guint16 address)
{
  g_autoptr (GPtrArray) callers = pak_listener_list_callers (station);

  for (guint i = 0; i < callers->len; i++)
    if (((const PakListenerCaller *) callers->pdata[i])->address == address)
      return TRUE;
  return FALSE;
}

/* Who calls when nobody waits is kept, and served later. */
static void
test_unknown_caller (void)
{
  guint16 port = find_port ();
  g_autoptr (OpEmulator) emulator = new_emulator (41, NULL);
  g_autoptr (OpTransport) station = pak_listener_new_transport ("127.0.0.1", port, 42, 60);
  g_autoptr (OpLogger) other = pak_logger_new (station, 42, 0, 0);
  g_autoptr (OpLogger) logger = new_logger (port, 41, "");
  g_autoptr (GPtrArray) callers = NULL;
  const PakListenerCaller *caller;

  op_logger_open_async (other, NULL, NULL, NULL);
  call_in (emulator, port);
  while (!list_has (station, 41))
    g_main_context_iteration (NULL, TRUE);
  callers = pak_listener_list_callers (station);
  g_assert_cmpuint (callers->len, ==, 1);
  caller = callers->pdata[0];
  g_assert_true (g_str_has_prefix (caller->name, "127.0.0.1:"));
  g_assert_cmpint (ABS (g_get_real_time () - caller->unix_us), <, 60 * G_USEC_PER_SEC);

  g_assert_no_error (open_logger (logger, NULL));
  g_assert_false (list_has (station, 41));
  op_logger_close (logger);
  op_logger_close (other);
}

/* Without an address the first to call is taken. */
static void
test_any_caller (void)
{
  guint16 port = find_port ();
  g_autofree char *uri = g_strdup_printf ("listen:127.0.0.1:%u", (guint) port);
  g_autoptr (OpAddress) address = op_address_parse (uri, NULL);
  g_autoptr (OpLogger) logger = op_logger_new (address, -1, NULL, NULL);
  g_autoptr (OpEmulator) emulator = new_emulator (51, NULL);
  g_auto (Collection) collection = { 0 };

  collection_start (&collection, logger);
  call_in (emulator, port);
  collection_assert (&collection, emulator, 51);
  op_logger_close (logger);
}

static void
test_nobody_calls (void)
{
  guint16 port = find_port ();
  g_autoptr (OpLogger) logger = new_logger (port, 1, "&wait=1");
  g_autoptr (OpLogger) cancelled = new_logger (port, 2, "");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = open_logger (logger, NULL);
  g_autoptr (GError) cancel_error = NULL;

  g_assert_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_TIMED_OUT);
  g_assert_null (strstr (error->message, "PakBus"));
  g_cancellable_cancel (cancellable);
  cancel_error = open_logger (cancelled, cancellable);
  g_assert_error (cancel_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Who called instead is told. */
static void
test_other_calls (void)
{
  guint16 port = find_port ();
  g_autoptr (OpEmulator) emulator = new_emulator (7, NULL);
  g_autoptr (OpLogger) logger = new_logger (port, 8, "&wait=2");
  g_auto (Collection) collection = { 0 };

  collection_start (&collection, logger);
  call_in (emulator, port);
  wait_for (&collection.done);
  g_assert_error (collection.error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (collection.error->message, "PakBus address 7 "));
}

static void
test_port_taken (void)
{
  g_autoptr (OpEmulator) emulator = new_emulator (1, NULL);
  guint16 port = op_emulator_listen (emulator, "127.0.0.1", 0, NULL);
  g_autoptr (OpLogger) logger = new_logger (port, 1, "");
  g_autoptr (GError) error = open_logger (logger, NULL);

  g_assert_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_BUSY);
}

/* A router that calls in, and two stations behind it. */
static void
test_router_calls (void)
{
  guint16 port = find_port ();
  OpEmulatorOptions *options = op_emulator_options_new ("cr1000");
  g_autoptr (OpLogger) near_by = new_logger (port, 61, "");
  g_autoptr (OpLogger) behind = new_logger (port, 62, "&via=61");
  g_autoptr (OpEmulator) emulator = NULL;
  g_auto (Collection) first = { 0 };
  g_auto (Collection) second = { 0 };

  options->hops = 1;
  emulator = new_emulator (61, options);
  collection_start (&first, near_by);
  collection_start (&second, behind);
  call_in (emulator, port);
  collection_assert (&first, emulator, 61);
  wait_for (&second.done);
  g_assert_no_error (second.error);
  g_assert_cmpuint (second.n_records, ==, 300);
  op_logger_close (near_by);
  op_logger_close (behind);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/line/listen/three", test_three_at_once);
  g_test_add_func ("/line/listen/silent", test_silent_caller);
  g_test_add_func ("/line/listen/again", test_calls_again);
  g_test_add_func ("/line/listen/unknown", test_unknown_caller);
  g_test_add_func ("/line/listen/any", test_any_caller);
  g_test_add_func ("/line/listen/nobody", test_nobody_calls);
  g_test_add_func ("/line/listen/other", test_other_calls);
  g_test_add_func ("/line/listen/port-taken", test_port_taken);
  g_test_add_func ("/line/listen/router", test_router_calls);
  return g_test_run ();
}
