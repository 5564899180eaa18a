/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/serial-transport.h"

#include "protocol/transport/fd-pump-private.h"
#include "protocol/transport/serial-line-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

struct _OpSerialTransport
{
  OpTransport parent_instance;

  char     *path;
  guint     baud;
  int       fd; /* while open */
  OpFdPump *pump;
};

/* What opening in another thread needs. */
typedef struct
{
  char *path;
  guint baud;
} Request;

G_DEFINE_FINAL_TYPE (OpSerialTransport, op_serial_transport, OP_TYPE_TRANSPORT)

static void
request_free (Request *request)
{
  g_free (request->path);
  g_free (request);
}

static void
free_unused_line (gpointer data)
{
  int *fd = data;

  op_serial_line_close (*fd);
  g_free (fd);
}

static void
set_baud_and_name (OpSerialTransport *self, guint baud)
{
  g_autofree char *name = g_strdup_printf (_ ("%s at %u baud"), self->path, baud);

  self->baud = baud;
  op_transport_set_name (OP_TRANSPORT (self), name);
}

static void
on_received_cb (GBytes *bytes, gpointer data)
{
  op_transport_emit_received (data, bytes);
}

static void
on_ended_cb (int error_number, gpointer data)
{
  OpSerialTransport *self = data;
  g_autoptr (GError) error = NULL;

  /* What reading gives when an adapter is pulled out or a pty loses its master. */
  if (error_number == 0 || error_number == EIO)
    error = g_error_new (OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP,
                         _ ("%s hung up. Was its cable pulled out?"), self->path);
  else
    error = g_error_new (OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP, _ ("%s was lost: %s."), self->path,
                         g_strerror (error_number));
  op_transport_emit_closed (data, error);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Request *request = data;
  GError *error = NULL;
  int fd;

  if (g_task_return_error_if_cancelled (task))
    return;

  fd = op_serial_line_open (request->path, request->baud, &error);
  if (fd < 0)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_memdup2 (&fd, sizeof fd), free_unused_line);
}

/* Some drivers talk to their device when it is opened, and a device may be stuck: hence the thread. */
static void
op_serial_transport_open_async (OpTransport *transport, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer data)
{
  OpSerialTransport *self = OP_SERIAL_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Request *request = g_new0 (Request, 1);

  request->path = g_strdup (self->path);
  request->baud = self->baud;
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, open_in_thread);
}

static gboolean
op_serial_transport_open_finish (OpTransport *transport, GAsyncResult *result, GError **error)
{
  OpSerialTransport *self = OP_SERIAL_TRANSPORT (transport);
  g_autofree int *fd = g_task_propagate_pointer (G_TASK (result), error);

  if (fd == NULL)
    return FALSE;

  self->fd = *fd;
  self->pump = op_fd_pump_new (self->fd, on_received_cb, on_ended_cb, self);
  op_transport_set_is_open (transport, TRUE);
  return TRUE;
}

static void
op_serial_transport_send (OpTransport *transport, GBytes *bytes)
{
  op_fd_pump_send (OP_SERIAL_TRANSPORT (transport)->pump, bytes);
}

static void
op_serial_transport_close (OpTransport *transport)
{
  OpSerialTransport *self = OP_SERIAL_TRANSPORT (transport);

  g_clear_pointer (&self->pump, op_fd_pump_free);
  op_serial_line_close (self->fd);
}

static guint
op_serial_transport_get_baud (OpTransport *transport)
{
  return OP_SERIAL_TRANSPORT (transport)->baud;
}

static gboolean
op_serial_transport_set_baud (OpTransport *transport, guint baud, GError **error)
{
  OpSerialTransport *self = OP_SERIAL_TRANSPORT (transport);

  if (op_transport_is_open (transport) && !op_serial_line_set_baud (self->fd, self->path, baud, error))
    return FALSE;

  set_baud_and_name (self, baud);
  return TRUE;
}

static void
op_serial_transport_finalize (GObject *object)
{
  g_free (OP_SERIAL_TRANSPORT (object)->path);
  G_OBJECT_CLASS (op_serial_transport_parent_class)->finalize (object);
}

static void
op_serial_transport_class_init (OpSerialTransportClass *klass)
{
  OpTransportClass *transport_class = OP_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = op_serial_transport_finalize;
  transport_class->open_async = op_serial_transport_open_async;
  transport_class->open_finish = op_serial_transport_open_finish;
  transport_class->send = op_serial_transport_send;
  transport_class->close = op_serial_transport_close;
  transport_class->get_baud = op_serial_transport_get_baud;
  transport_class->set_baud = op_serial_transport_set_baud;
}

static void
op_serial_transport_init (OpSerialTransport *self)
{
}

OpTransport *
op_serial_transport_new (const char *path, guint baud)
{
  OpSerialTransport *self = g_object_new (OP_TYPE_SERIAL_TRANSPORT, NULL);

  self->path = g_strdup (path);
  set_baud_and_name (self, baud);
  return OP_TRANSPORT (self);
}
