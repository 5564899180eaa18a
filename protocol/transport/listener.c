/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/listener.h"

#include "protocol/transport/tcp-transport.h"

#include <glib/gi18n-lib.h>

struct _OpListener
{
  GObject parent_instance;

  char           *host;
  guint16         port;
  GSocketService *service; /* while it listens */
  guint16         effective_port;
};

enum
{
  INCOMING,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OpListener, op_listener, G_TYPE_OBJECT)

static gboolean
on_incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  g_autoptr (OpTransport) transport = op_tcp_transport_new_for_connection (connection);

  g_signal_emit (data, signals[INCOMING], 0, transport);
  return TRUE;
}

static OpTransportError
code_of_bind_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    return OP_TRANSPORT_ERROR_BUSY;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return OP_TRANSPORT_ERROR_PERMISSION;
  return OP_TRANSPORT_ERROR_FAILED;
}

static void
set_bind_error (OpListener *self, const GError *cause, GError **error)
{
  OpTransportError code = code_of_bind_error (cause);

  switch (code)
    {
    case OP_TRANSPORT_ERROR_BUSY:
      g_set_error (error, OP_TRANSPORT_ERROR, code, _ ("Another program listens at port %u of %s already."),
                   (guint) self->port, self->host);
      break;
    case OP_TRANSPORT_ERROR_PERMISSION:
      g_set_error (error, OP_TRANSPORT_ERROR, code,
                   _ ("No permission to listen at port %u: choose one above 1023."), (guint) self->port);
      break;
    default:
      g_set_error (error, OP_TRANSPORT_ERROR, code, _ ("Listening at port %u of %s failed: %s"), (guint) self->port,
                   self->host, cause->message);
      break;
    }
}

static void
op_listener_dispose (GObject *object)
{
  OpListener *self = OP_LISTENER (object);

  if (self->service != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->service, self);
      g_socket_service_stop (self->service);
      g_socket_listener_close (G_SOCKET_LISTENER (self->service));
    }
  g_clear_object (&self->service);
  G_OBJECT_CLASS (op_listener_parent_class)->dispose (object);
}

static void
op_listener_finalize (GObject *object)
{
  g_free (OP_LISTENER (object)->host);
  G_OBJECT_CLASS (op_listener_parent_class)->finalize (object);
}

static void
op_listener_class_init (OpListenerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = op_listener_dispose;
  object_class->finalize = op_listener_finalize;
  signals[INCOMING] = g_signal_new ("incoming", OP_TYPE_LISTENER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                    1, OP_TYPE_TRANSPORT);
}

static void
op_listener_init (OpListener *self)
{
}

OpListener *
op_listener_new (const char *host, guint16 port)
{
  OpListener *self = g_object_new (OP_TYPE_LISTENER, NULL);

  self->host = g_strdup (host);
  self->port = port;
  return self;
}

gboolean
op_listener_start (OpListener *self, GError **error)
{
  g_return_val_if_fail (OP_IS_LISTENER (self), FALSE);

  g_autoptr (GInetAddress) inet = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GSocketService) service = NULL;
  g_autoptr (GError) cause = NULL;

  if (self->service != NULL)
    return TRUE;
  inet = g_inet_address_new_from_string (g_str_equal (self->host, "localhost") ? "127.0.0.1" : self->host);
  if (inet == NULL)
    {
      g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_ADDRESS,
                   _ ("“%s” is no address to listen at: write an IP address of this computer, or 0.0.0.0."),
                   self->host);
      return FALSE;
    }
  service = g_socket_service_new ();
  address = g_inet_socket_address_new (inet, self->port);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &effective, &cause))
    {
      set_bind_error (self, cause, error);
      return FALSE;
    }
  self->effective_port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  self->service = g_steal_pointer (&service);
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming_cb), self);
  return TRUE;
}

guint16
op_listener_get_port (OpListener *self)
{
  g_return_val_if_fail (OP_IS_LISTENER (self), 0);

  return self->effective_port;
}
