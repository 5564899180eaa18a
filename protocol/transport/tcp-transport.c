/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/tcp-transport.h"

#include "protocol/transport/fd-pump-private.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#define DEFAULT_TIMEOUT_MS 10000

struct _OpTcpTransport
{
  OpTransport parent_instance;

  char              *host;
  guint16            port;
  guint              timeout_ms;
  GSocketConnection *connection;
  OpFdPump          *pump;
};

/* An opening under way. */
typedef struct
{
  GCancellable *connecting; /* follows the task's cancellable and the time-out */
  GSource      *timeout;
  GSource      *cancelled;
  gboolean      timed_out;
} Attempt;

G_DEFINE_FINAL_TYPE (OpTcpTransport, op_tcp_transport, OP_TYPE_TRANSPORT)

static void
attempt_free (Attempt *attempt)
{
  g_source_destroy (attempt->timeout);
  g_source_unref (attempt->timeout);
  g_source_destroy (attempt->cancelled);
  g_source_unref (attempt->cancelled);
  g_object_unref (attempt->connecting);
  g_free (attempt);
}

static gboolean
on_timeout_cb (gpointer data)
{
  Attempt *attempt = data;

  attempt->timed_out = TRUE;
  g_cancellable_cancel (attempt->connecting);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_cancelled_cb (GCancellable *cancellable, gpointer data)
{
  Attempt *attempt = data;

  g_cancellable_cancel (attempt->connecting);
  return G_SOURCE_CONTINUE;
}

static Attempt *
attempt_new (guint timeout_ms, GCancellable *cancellable)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  Attempt *attempt = g_new0 (Attempt, 1);

  attempt->connecting = g_cancellable_new ();
  attempt->timeout = g_timeout_source_new (timeout_ms);
  g_source_set_callback (attempt->timeout, on_timeout_cb, attempt, NULL);
  g_source_attach (attempt->timeout, context);
  attempt->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (attempt->cancelled, G_SOURCE_FUNC (on_cancelled_cb), attempt, NULL);
  g_source_attach (attempt->cancelled, context);
  return attempt;
}

static OpTransportError
code_of_connect_error (const GError *error)
{
  if (error->domain == G_RESOLVER_ERROR)
    return OP_TRANSPORT_ERROR_RESOLVE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return OP_TRANSPORT_ERROR_REFUSED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    return OP_TRANSPORT_ERROR_UNREACHABLE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return OP_TRANSPORT_ERROR_TIMED_OUT;
  return OP_TRANSPORT_ERROR_FAILED;
}

static GError *
describe_connect_error (OpTcpTransport *self, const GError *error)
{
  const char *name = op_transport_get_name (OP_TRANSPORT (self));
  OpTransportError code = code_of_connect_error (error);

  switch (code)
    {
    case OP_TRANSPORT_ERROR_RESOLVE:
      return g_error_new (OP_TRANSPORT_ERROR, code,
                          _ ("No host called “%s” was found. Check the address and the network."),
                          self->host);
    case OP_TRANSPORT_ERROR_REFUSED:
      return g_error_new (OP_TRANSPORT_ERROR, code,
                          _ ("%s refused the connection: the host answers, but nothing listens on port %u."),
                          name, (guint) self->port);
    case OP_TRANSPORT_ERROR_UNREACHABLE:
      return g_error_new (OP_TRANSPORT_ERROR, code,
                          _ ("%s cannot be reached: there is no way to this host from here."), name);
    case OP_TRANSPORT_ERROR_TIMED_OUT:
      return g_error_new (OP_TRANSPORT_ERROR, code, _ ("%s did not answer within %.3g s."), name,
                          self->timeout_ms / 1000.0);
    default:
      return g_error_new (OP_TRANSPORT_ERROR, code, _ ("Connecting to %s failed: %s"), name, error->message);
    }
}

static void
on_received_cb (GBytes *bytes, gpointer data)
{
  op_transport_emit_received (data, bytes);
}

static void
on_ended_cb (int error_number, gpointer data)
{
  const char *name = op_transport_get_name (data);
  g_autoptr (GError) error = NULL;

  if (error_number == 0)
    error
        = g_error_new (OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP, _ ("%s closed the connection."), name);
  else
    error = g_error_new (OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP,
                         _ ("The connection to %s was lost: %s."), name, g_strerror (error_number));
  op_transport_emit_closed (data, error);
}

static void
on_connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpTcpTransport *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  if (connection != NULL)
    {
      g_task_return_pointer (task, connection, g_object_unref);
      return;
    }

  if (attempt->timed_out)
    {
      g_clear_error (&error);
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_error (task, describe_connect_error (self, error));
}

static void
op_tcp_transport_open_async (OpTransport *transport, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer data)
{
  OpTcpTransport *self = OP_TCP_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  g_autoptr (GSocketConnectable) target = NULL;
  g_autoptr (GSocketClient) client = NULL;
  Attempt *attempt;

  if (self->connection != NULL)
    {
      g_task_return_pointer (task, g_steal_pointer (&self->connection), g_object_unref);
      return;
    }
  if (self->host == NULL)
    {
      g_task_return_new_error (task, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP,
                               _ ("The connection from %s has ended."), op_transport_get_name (transport));
      return;
    }

  attempt = attempt_new (self->timeout_ms, cancellable);
  g_task_set_task_data (task, attempt, (GDestroyNotify) attempt_free);
  target = g_network_address_new (self->host, self->port);
  client = g_socket_client_new ();
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, target, attempt->connecting, on_connected_cb,
                                 g_steal_pointer (&task));
}

static gboolean
op_tcp_transport_open_finish (OpTransport *transport, GAsyncResult *result, GError **error)
{
  OpTcpTransport *self = OP_TCP_TRANSPORT (transport);
  GSocketConnection *connection = g_task_propagate_pointer (G_TASK (result), error);
  GSocket *socket;

  if (connection == NULL)
    return FALSE;

  self->connection = connection;
  socket = g_socket_connection_get_socket (connection);
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  self->pump = op_fd_pump_new (g_socket_get_fd (socket), on_received_cb, on_ended_cb, self);
  op_transport_set_is_open (transport, TRUE);
  return TRUE;
}

static void
op_tcp_transport_send (OpTransport *transport, GBytes *bytes)
{
  op_fd_pump_send (OP_TCP_TRANSPORT (transport)->pump, bytes);
}

static void
op_tcp_transport_close (OpTransport *transport)
{
  OpTcpTransport *self = OP_TCP_TRANSPORT (transport);

  g_clear_pointer (&self->pump, op_fd_pump_free);
  g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
  g_clear_object (&self->connection);
}

static void
op_tcp_transport_finalize (GObject *object)
{
  OpTcpTransport *self = OP_TCP_TRANSPORT (object);

  g_clear_object (&self->connection);
  g_free (self->host);
  G_OBJECT_CLASS (op_tcp_transport_parent_class)->finalize (object);
}

static void
op_tcp_transport_class_init (OpTcpTransportClass *klass)
{
  OpTransportClass *transport_class = OP_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = op_tcp_transport_finalize;
  transport_class->open_async = op_tcp_transport_open_async;
  transport_class->open_finish = op_tcp_transport_open_finish;
  transport_class->send = op_tcp_transport_send;
  transport_class->close = op_tcp_transport_close;
}

static void
op_tcp_transport_init (OpTcpTransport *self)
{
}

static char *
format_endpoint (const char *host, guint port)
{
  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
}

OpTransport *
op_tcp_transport_new (const char *host, guint16 port, guint timeout_ms)
{
  OpTcpTransport *self = g_object_new (OP_TYPE_TCP_TRANSPORT, NULL);
  g_autofree char *name = format_endpoint (host, port);

  self->host = g_strdup (host);
  self->port = port;
  self->timeout_ms = timeout_ms != 0 ? timeout_ms : DEFAULT_TIMEOUT_MS;
  op_transport_set_name (OP_TRANSPORT (self), name);
  return OP_TRANSPORT (self);
}

static char *
name_peer (GSocketConnection *connection)
{
  g_autoptr (GSocketAddress) address = g_socket_connection_get_remote_address (connection, NULL);
  g_autofree char *host = NULL;

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup (_ ("the other side"));

  host = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  return format_endpoint (host, g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

OpTransport *
op_tcp_transport_new_for_connection (GSocketConnection *connection)
{
  OpTcpTransport *self = g_object_new (OP_TYPE_TCP_TRANSPORT, NULL);
  g_autofree char *name = name_peer (connection);

  self->connection = g_object_ref (connection);
  op_transport_set_name (OP_TRANSPORT (self), name);
  return OP_TRANSPORT (self);
}
