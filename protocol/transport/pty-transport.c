/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/serial-transport.h"

#include "protocol/transport/fd-pump-private.h"
#include "protocol/transport/serial-line-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* A line that nobody listens to loses what is sent; here it does so when this much waits. */
#define MAX_QUEUED (1024 * 1024)

/*
 * The master side of a pty. The slave is held open here, so that the pty survives clients that come and go;
 * inotify tells of them, for a real line keeps nothing from one to the next.
 */
struct _OpPtyTransport
{
  OpTransport parent_instance;

  char     *link_path;
  char     *slave_path; /* NULL when there is no pty */
  int       master;
  int       slave;
  int       visits;     /* inotify */
  gboolean  in_use;     /* bytes came since the last client left */
  OpFdPump *pump;
  GSource  *visits_source;
};

#define OP_TYPE_PTY_TRANSPORT (op_pty_transport_get_type ())
G_DECLARE_FINAL_TYPE (OpPtyTransport, op_pty_transport, OP, PTY_TRANSPORT, OpTransport)
G_DEFINE_FINAL_TYPE (OpPtyTransport, op_pty_transport, OP_TYPE_TRANSPORT)

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_FAILED, "%s: %s.", what, g_strerror (errno));
  return FALSE;
}

static gboolean
is_link (const char *path)
{
  struct stat status;

  return lstat (path, &status) == 0 && S_ISLNK (status.st_mode);
}

static gboolean
make_link (OpPtyTransport *self, GError **error)
{
  if (symlink (self->slave_path, self->link_path) == 0)
    return TRUE;

  /* A link may be left of an emulator that was killed. */
  if (errno == EEXIST && is_link (self->link_path) && unlink (self->link_path) == 0
      && symlink (self->slave_path, self->link_path) == 0)
    return TRUE;

  g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_FAILED,
               _ ("%s cannot be made a link to %s: %s."), self->link_path, self->slave_path,
               g_strerror (errno));
  return FALSE;
}

/* Unless someone else put another one there. */
static void
remove_link (OpPtyTransport *self)
{
  g_autofree char *target = g_file_read_link (self->link_path, NULL);

  if (g_strcmp0 (target, self->slave_path) == 0)
    unlink (self->link_path);
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
pty_stop (OpPtyTransport *self)
{
  if (self->slave_path != NULL && self->link_path != NULL)
    remove_link (self);
  g_clear_pointer (&self->slave_path, g_free);
  close_fd (&self->visits);
  close_fd (&self->slave);
  close_fd (&self->master);
}

static gboolean
pty_start (OpPtyTransport *self, GError **error)
{
  char path[128];

  self->master = posix_openpt (O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (self->master < 0 || grantpt (self->master) != 0 || unlockpt (self->master) != 0
      || ptsname_r (self->master, path, sizeof path) != 0)
    return fail (error, _ ("No pseudo terminal could be made"));

  self->slave = open (path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (self->slave < 0 || !op_serial_line_make_raw (self->slave))
    return fail (error, path);

  self->visits = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  if (self->visits < 0 || inotify_add_watch (self->visits, path, IN_OPEN | IN_CLOSE) < 0)
    return fail (error, path);

  self->slave_path = g_strdup (path);
  return self->link_path == NULL || make_link (self, error);
}

static void
greet_client (OpPtyTransport *self)
{
  if (self->in_use)
    return;

  op_fd_pump_drop (self->pump);
  tcflush (self->slave, TCIFLUSH);
}

/* As we hold the slave, what a client did to it would bind the next one: its lock, its terminal settings. */
static void
tidy_after_client (OpPtyTransport *self)
{
  self->in_use = FALSE;
  ioctl (self->slave, TIOCNXCL);
  op_serial_line_make_raw (self->slave);
}

static void
follow_visits (OpPtyTransport *self)
{
  union
  {
    struct inotify_event event;
    char                 bytes[4096];
  } buffer;
  gssize n = read (self->visits, buffer.bytes, sizeof buffer.bytes);

  /* Events of a watched file carry no name: each is the bare structure. */
  for (gssize at = 0; at + (gssize) sizeof (struct inotify_event) <= n; at += sizeof (struct inotify_event))
    {
      struct inotify_event event;

      memcpy (&event, buffer.bytes + at, sizeof event);
      if (event.mask & IN_OPEN)
        greet_client (self);
      if (event.mask & IN_CLOSE)
        tidy_after_client (self);
    }
}

static gboolean
on_visit_cb (int fd, GIOCondition condition, gpointer data)
{
  follow_visits (data);
  return G_SOURCE_CONTINUE;
}

static void
on_received_cb (GBytes *bytes, gpointer data)
{
  OpPtyTransport *self = data;

  /* A client opened before it sent: greet it before anyone answers. */
  follow_visits (self);
  self->in_use = TRUE;
  op_transport_emit_received (data, bytes);
}

static void
on_ended_cb (int error_number, gpointer data)
{
  OpPtyTransport *self = data;
  g_autoptr (GError) error
      = g_error_new (OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP, _ ("%s was lost: %s."), self->slave_path,
                     g_strerror (error_number));

  op_transport_emit_closed (data, error);
}

static void
op_pty_transport_open_async (OpTransport *transport, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer data)
{
  g_autoptr (GTask) task = g_task_new (transport, cancellable, callback, data);

  g_task_return_boolean (task, TRUE);
}

static gboolean
op_pty_transport_open_finish (OpTransport *transport, GAsyncResult *result, GError **error)
{
  OpPtyTransport *self = OP_PTY_TRANSPORT (transport);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (self->slave_path == NULL && !pty_start (self, error))
    {
      pty_stop (self);
      return FALSE;
    }

  self->in_use = FALSE;
  self->pump = op_fd_pump_new (self->master, on_received_cb, on_ended_cb, self);
  self->visits_source = g_unix_fd_source_new (self->visits, G_IO_IN);
  g_source_set_callback (self->visits_source, G_SOURCE_FUNC (on_visit_cb), self, NULL);
  g_source_attach (self->visits_source, context);
  op_transport_set_is_open (transport, TRUE);
  return TRUE;
}

static void
op_pty_transport_send (OpTransport *transport, GBytes *bytes)
{
  OpPtyTransport *self = OP_PTY_TRANSPORT (transport);

  if (op_fd_pump_get_queued (self->pump) < MAX_QUEUED)
    op_fd_pump_send (self->pump, bytes);
}

static void
op_pty_transport_close (OpTransport *transport)
{
  OpPtyTransport *self = OP_PTY_TRANSPORT (transport);

  g_source_destroy (self->visits_source);
  g_clear_pointer (&self->visits_source, g_source_unref);
  g_clear_pointer (&self->pump, op_fd_pump_free);
  pty_stop (self);
}

/* What the client set it to. */
static guint
op_pty_transport_get_baud (OpTransport *transport)
{
  return op_serial_line_get_baud (OP_PTY_TRANSPORT (transport)->master);
}

static void
op_pty_transport_finalize (GObject *object)
{
  OpPtyTransport *self = OP_PTY_TRANSPORT (object);

  pty_stop (self);
  g_free (self->link_path);
  G_OBJECT_CLASS (op_pty_transport_parent_class)->finalize (object);
}

static void
op_pty_transport_class_init (OpPtyTransportClass *klass)
{
  OpTransportClass *transport_class = OP_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = op_pty_transport_finalize;
  transport_class->open_async = op_pty_transport_open_async;
  transport_class->open_finish = op_pty_transport_open_finish;
  transport_class->send = op_pty_transport_send;
  transport_class->close = op_pty_transport_close;
  transport_class->get_baud = op_pty_transport_get_baud;
}

static void
op_pty_transport_init (OpPtyTransport *self)
{
  self->master = self->slave = self->visits = -1;
}

OpTransport *
op_serial_transport_new_pty (const char *link_path, char **slave_path, GError **error)
{
  g_autoptr (OpPtyTransport) self = g_object_new (OP_TYPE_PTY_TRANSPORT, NULL);

  self->link_path = g_strdup (link_path);
  if (!pty_start (self, error))
    return NULL;

  op_transport_set_name (OP_TRANSPORT (self), link_path != NULL ? link_path : self->slave_path);
  if (slave_path != NULL)
    *slave_path = g_strdup (self->slave_path);
  return OP_TRANSPORT (g_steal_pointer (&self));
}
