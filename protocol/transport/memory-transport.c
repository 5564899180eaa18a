/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/memory-transport.h"

#include "protocol/transport/wake-source-private.h"

#include <glib/gi18n-lib.h>

/* Pieces delivered in one go, before other sources of the main loop have their turn. */
#define MAX_PIECES_A_TURN 64

/*
 * One direction's far side. @queue holds GBytes, and NULL where the sender hung up: what stands after it
 * belongs to the sender's next opening and waits for the receiver's next opening.
 */
typedef struct
{
  GQueue   queue;
  gboolean open;
  gboolean hung_up; /* a NULL is in the queue */
  gboolean gone;
  GSource *wake;
} End;

typedef struct
{
  gatomicrefcount ref_count;
  GMutex          mutex;
  End             ends[2];
} Link;

struct _OpMemoryTransport
{
  OpTransport parent_instance;

  Link *link;
  End  *own;
  End  *far;
};

G_DEFINE_FINAL_TYPE (OpMemoryTransport, op_memory_transport, OP_TYPE_TRANSPORT)

static void
free_piece (gpointer bytes)
{
  g_clear_pointer (&bytes, g_bytes_unref);
}

static void
link_unref (Link *link)
{
  if (!g_atomic_ref_count_dec (&link->ref_count))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (link->ends); i++)
    g_queue_clear_full (&link->ends[i].queue, free_piece);
  g_mutex_clear (&link->mutex);
  g_free (link);
}

/* Forgets what the end has not read of the opening that ends now. */
static void
end_skip_opening (End *end)
{
  gboolean until_hang_up = end->hung_up;

  end->hung_up = FALSE;
  while (!g_queue_is_empty (&end->queue))
    {
      GBytes *bytes = g_queue_pop_head (&end->queue);

      if (bytes == NULL && until_hang_up)
        return;
      free_piece (bytes);
    }
}

/* The other side closed. */
static void
end_hang_up (End *end)
{
  /* Bytes that no opening of this end could read any more. */
  if (!end->open || end->hung_up)
    {
      while (g_queue_peek_tail (&end->queue) != NULL)
        free_piece (g_queue_pop_tail (&end->queue));
      return;
    }

  g_queue_push_tail (&end->queue, NULL);
  end->hung_up = TRUE;
  g_source_set_ready_time (end->wake, 0);
}

/* Returns: FALSE when nothing waits; @bytes is NULL for a hang-up. */
static gboolean
take_piece (OpMemoryTransport *self, GBytes **bytes)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->link->mutex);

  if (g_queue_is_empty (&self->own->queue))
    return FALSE;

  *bytes = g_queue_pop_head (&self->own->queue);
  return TRUE;
}

static void
report_hang_up (OpMemoryTransport *self)
{
  g_autoptr (GError) error = g_error_new (OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP,
                                          _ ("The other side closed the link."));

  g_mutex_lock (&self->link->mutex);
  self->own->open = FALSE;
  self->own->hung_up = FALSE;
  g_mutex_unlock (&self->link->mutex);
  op_transport_emit_closed (OP_TRANSPORT (self), error);
}

static gboolean
on_wake_cb (gpointer data)
{
  g_autoptr (OpMemoryTransport) self = g_object_ref (data);
  GSource *source = g_main_current_source ();

  for (guint i = 0; i < MAX_PIECES_A_TURN; i++)
    {
      GBytes *bytes;

      /* A handler may have closed it, and even opened it anew with another source. */
      if (g_source_is_destroyed (source) || !take_piece (self, &bytes))
        return G_SOURCE_CONTINUE;
      if (bytes == NULL)
        {
          report_hang_up (self);
          return G_SOURCE_CONTINUE;
        }
      op_transport_emit_received (OP_TRANSPORT (self), bytes);
      g_bytes_unref (bytes);
    }

  g_source_set_ready_time (source, 0);
  return G_SOURCE_CONTINUE;
}

static void
op_memory_transport_open_async (OpTransport *transport, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer data)
{
  OpMemoryTransport *self = OP_MEMORY_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  gboolean gone;

  g_mutex_lock (&self->link->mutex);
  gone = self->far->gone;
  g_mutex_unlock (&self->link->mutex);

  if (gone)
    g_task_return_new_error (task, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP,
                             _ ("The other side of the link is gone."));
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
op_memory_transport_open_finish (OpTransport *transport, GAsyncResult *result, GError **error)
{
  OpMemoryTransport *self = OP_MEMORY_TRANSPORT (transport);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  g_mutex_lock (&self->link->mutex);
  self->own->open = TRUE;
  self->own->wake = op_wake_source_attach (on_wake_cb, self);
  if (!g_queue_is_empty (&self->own->queue))
    g_source_set_ready_time (self->own->wake, 0);
  g_mutex_unlock (&self->link->mutex);

  op_transport_set_is_open (transport, TRUE);
  return TRUE;
}

static void
op_memory_transport_send (OpTransport *transport, GBytes *bytes)
{
  OpMemoryTransport *self = OP_MEMORY_TRANSPORT (transport);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->link->mutex);

  if (self->own->hung_up || self->far->gone)
    return;

  g_queue_push_tail (&self->far->queue, g_bytes_ref (bytes));
  if (self->far->wake != NULL)
    g_source_set_ready_time (self->far->wake, 0);
}

static void
op_memory_transport_close (OpTransport *transport)
{
  OpMemoryTransport *self = OP_MEMORY_TRANSPORT (transport);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->link->mutex);
  gboolean ended_by_far = !self->own->open || self->own->hung_up;

  if (self->own->open)
    end_skip_opening (self->own);
  if (!ended_by_far)
    end_hang_up (self->far);

  self->own->open = FALSE;
  g_source_destroy (self->own->wake);
  g_clear_pointer (&self->own->wake, g_source_unref);
}

static void
op_memory_transport_dispose (GObject *object)
{
  OpMemoryTransport *self = OP_MEMORY_TRANSPORT (object);

  G_OBJECT_CLASS (op_memory_transport_parent_class)->dispose (object);
  if (self->link == NULL)
    return;

  g_mutex_lock (&self->link->mutex);
  self->own->gone = TRUE;
  g_queue_clear_full (&self->own->queue, free_piece);
  g_mutex_unlock (&self->link->mutex);
  g_clear_pointer (&self->link, link_unref);
}

static void
op_memory_transport_class_init (OpMemoryTransportClass *klass)
{
  OpTransportClass *transport_class = OP_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_memory_transport_dispose;
  transport_class->open_async = op_memory_transport_open_async;
  transport_class->open_finish = op_memory_transport_open_finish;
  transport_class->send = op_memory_transport_send;
  transport_class->close = op_memory_transport_close;
}

static void
op_memory_transport_init (OpMemoryTransport *self)
{
}

static OpTransport *
end_transport_new (Link *link, guint own)
{
  OpMemoryTransport *self = g_object_new (OP_TYPE_MEMORY_TRANSPORT, NULL);

  self->link = link;
  self->own = &link->ends[own];
  self->far = &link->ends[1 - own];
  op_transport_set_name (OP_TRANSPORT (self), "memory");
  return OP_TRANSPORT (self);
}

void
op_memory_transport_new_pair (OpTransport **a, OpTransport **b)
{
  Link *link = g_new0 (Link, 1);

  g_atomic_ref_count_init (&link->ref_count);
  g_atomic_ref_count_inc (&link->ref_count);
  g_mutex_init (&link->mutex);
  *a = end_transport_new (link, 0);
  *b = end_transport_new (link, 1);
}
