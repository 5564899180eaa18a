/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/fd-pump-private.h"

#include <errno.h>
#include <glib-unix.h>
#include <unistd.h>

#define READ_SIZE (64 * 1024)
/* In one turn of the main loop, all links together are read from for so long; the rest waits for the next turn, so
   that a thousand links with something to say do not hold up everybody else. */
#define TURN_US 2000

struct _OpFdPump
{
  int              fd;
  OpFdReceivedFunc received;
  OpFdEndedFunc    ended;
  gpointer         data;
  GSource         *read_source;
  GSource         *write_source; /* while bytes are queued */
  GQueue           queue;        /* of GBytes */
  gsize            queued;
  gsize            offset;       /* of the head's first byte not yet written */
};

static void
stop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static GSource *
start_source (OpFdPump *pump, GIOCondition condition, GUnixFDSourceFunc func)
{
  GSource *source = g_unix_fd_source_new (pump->fd, condition);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_source_set_callback (source, G_SOURCE_FUNC (func), pump, NULL);
  g_source_attach (source, context);
  return source;
}

static void
end (OpFdPump *pump, int error_number)
{
  stop_source (&pump->read_source);
  stop_source (&pump->write_source);
  op_fd_pump_drop (pump);
  pump->ended (error_number, pump->data);
}

static gboolean
must_wait (int error_number)
{
  return error_number == EAGAIN || error_number == EINTR;
}

/* The first to ask in a turn begins it, and so may always read: other work cannot starve the links. */
static gboolean
is_turn_over (OpFdPump *pump)
{
  static _Thread_local gint64 turn, begun;
  gint64 now = g_get_monotonic_time ();

  if (turn != g_source_get_time (pump->read_source))
    {
      turn = g_source_get_time (pump->read_source);
      begun = now;
      return FALSE;
    }
  return now - begun > TURN_US;
}

static gboolean
on_readable_cb (int fd, GIOCondition condition, gpointer data)
{
  OpFdPump *pump = data;
  guint8 buffer[READ_SIZE];
  gssize n;

  if (is_turn_over (pump))
    return G_SOURCE_CONTINUE;

  n = read (fd, buffer, sizeof buffer);
  if (n > 0)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (buffer, n);

      pump->received (bytes, pump->data);
    }
  else if (n == 0)
    {
      end (pump, 0);
    }
  else if (!must_wait (errno))
    {
      end (pump, errno);
    }
  return G_SOURCE_CONTINUE;
}

/* Returns: 0, or the number of the error that ended it. */
static int
write_queue (OpFdPump *pump)
{
  while (!g_queue_is_empty (&pump->queue))
    {
      GBytes *head = g_queue_peek_head (&pump->queue);
      gsize size;
      const guint8 *bytes = g_bytes_get_data (head, &size);
      gssize n = write (pump->fd, bytes + pump->offset, size - pump->offset);

      if (n < 0)
        return must_wait (errno) ? 0 : errno;

      pump->offset += n;
      pump->queued -= n;
      if (pump->offset == size)
        {
          g_bytes_unref (g_queue_pop_head (&pump->queue));
          pump->offset = 0;
        }
    }
  return 0;
}

static gboolean
on_writable_cb (int fd, GIOCondition condition, gpointer data)
{
  OpFdPump *pump = data;
  int error_number = write_queue (pump);

  if (error_number != 0)
    end (pump, error_number);
  else if (g_queue_is_empty (&pump->queue))
    stop_source (&pump->write_source);
  return G_SOURCE_CONTINUE;
}

OpFdPump *
op_fd_pump_new (int fd, OpFdReceivedFunc received, OpFdEndedFunc ended, gpointer data)
{
  OpFdPump *pump = g_new0 (OpFdPump, 1);

  pump->fd = fd;
  pump->received = received;
  pump->ended = ended;
  pump->data = data;
  pump->read_source = start_source (pump, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable_cb);
  return pump;
}

void
op_fd_pump_send (OpFdPump *pump, GBytes *bytes)
{
  if (pump->read_source == NULL)
    return;

  g_queue_push_tail (&pump->queue, g_bytes_ref (bytes));
  pump->queued += g_bytes_get_size (bytes);
  if (pump->write_source != NULL)
    return;

  /* An error is left to on_writable_cb(), as a sender does not expect the link to end before it returns. */
  write_queue (pump);
  if (!g_queue_is_empty (&pump->queue))
    pump->write_source = start_source (pump, G_IO_OUT | G_IO_HUP | G_IO_ERR, on_writable_cb);
}

void
op_fd_pump_drop (OpFdPump *pump)
{
  g_queue_clear_full (&pump->queue, (GDestroyNotify) g_bytes_unref);
  pump->queued = 0;
  pump->offset = 0;
  stop_source (&pump->write_source);
}

gsize
op_fd_pump_get_queued (OpFdPump *pump)
{
  return pump->queued;
}

void
op_fd_pump_free (OpFdPump *pump)
{
  stop_source (&pump->read_source);
  op_fd_pump_drop (pump);
  g_free (pump);
}
