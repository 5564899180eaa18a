/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/throttle.h"

#include "protocol/transport/wake-source-private.h"
#include "protocol/transport/wrapped-private.h"

#define BITS_A_BYTE 10 /* with start and stop bit */
/* Bytes travel on together for so long, as a main loop cannot turn for each one. */
#define SLICE_US    5000

/* Bytes that were sent together. */
typedef struct
{
  GBytes *bytes;
  gsize   offset; /* of what has not yet arrived */
  gint64  start;  /* monotonic, when the first bit left */
} Run;

/* One direction. */
typedef struct
{
  GQueue runs;
  gint64 free_at; /* when the last bit will have left */
} Lane;

struct _OpThrottle
{
  OpTransport parent_instance;

  OpTransport *inner;
  guint        baud;
  gint64       delay_us;
  Lane         out;
  Lane         in;
  GError      *hang_up; /* reported when all that came before it has arrived */
  GSource     *wake;
};

typedef void (*DeliverFunc) (OpTransport *transport, GBytes *bytes);

G_DEFINE_FINAL_TYPE (OpThrottle, op_throttle, OP_TYPE_TRANSPORT)

static void
run_free (Run *run)
{
  g_bytes_unref (run->bytes);
  g_free (run);
}

static void
lane_clear (Lane *lane)
{
  g_queue_clear_full (&lane->runs, (GDestroyNotify) run_free);
  lane->free_at = 0;
}

static gint64
time_of_bytes (OpThrottle *self, gsize n)
{
  return self->baud != 0 ? (gint64) n * BITS_A_BYTE * G_USEC_PER_SEC / self->baud : 0;
}

static void
lane_push (OpThrottle *self, Lane *lane, GBytes *bytes)
{
  Run *run = g_new0 (Run, 1);

  run->bytes = g_bytes_ref (bytes);
  run->start = MAX (g_get_monotonic_time (), lane->free_at);
  lane->free_at = run->start + time_of_bytes (self, g_bytes_get_size (bytes));
  g_queue_push_tail (&lane->runs, run);
  if (g_queue_get_length (&lane->runs) == 1)
    g_source_set_ready_time (self->wake, 0);
}

/* How many of the run's bytes have arrived by @now. */
static gsize
count_arrived (OpThrottle *self, const Run *run, gint64 now)
{
  gint64 since = now - run->start - self->delay_us;
  gsize size = g_bytes_get_size (run->bytes);

  if (since < 0)
    return 0;
  if (since >= time_of_bytes (self, size))
    return size;
  return (gsize) (since * self->baud / (BITS_A_BYTE * G_USEC_PER_SEC));
}

/* Returns: when something more arrives, G_MAXINT64 for nothing. */
static gint64
lane_get_next_time (OpThrottle *self, Lane *lane, gint64 now)
{
  const Run *run = g_queue_peek_head (&lane->runs);
  gint64 first, last;

  if (run == NULL)
    return G_MAXINT64;

  first = run->start + self->delay_us + time_of_bytes (self, run->offset + 1);
  last = run->start + self->delay_us + time_of_bytes (self, g_bytes_get_size (run->bytes));
  return MIN (last, MAX (first, now + SLICE_US));
}

/* Hands on what has arrived. Returns: FALSE when that closed the throttle. */
static gboolean
lane_deliver (OpThrottle *self, Lane *lane, OpTransport *to, DeliverFunc deliver, gint64 now)
{
  GSource *wake = self->wake;
  Run *run;

  while ((run = g_queue_peek_head (&lane->runs)) != NULL)
    {
      gsize arrived = count_arrived (self, run, now);
      gboolean whole = arrived == g_bytes_get_size (run->bytes);
      g_autoptr (GBytes) slice = NULL;

      if (arrived > run->offset)
        slice = g_bytes_new_from_bytes (run->bytes, run->offset, arrived - run->offset);
      run->offset = arrived;
      if (whole)
        run_free (g_queue_pop_head (&lane->runs));
      if (slice != NULL)
        deliver (to, slice);
      /* Compared as a value only: a handler may even have opened it anew. */
      if (self->wake != wake)
        return FALSE;
      if (!whole)
        break;
    }
  return TRUE;
}

static gboolean
on_wake_cb (gpointer data)
{
  g_autoptr (OpThrottle) self = g_object_ref (data);
  g_autoptr (GSource) wake = g_source_ref (self->wake);
  gint64 now = g_get_monotonic_time ();

  if (!lane_deliver (self, &self->out, self->inner, op_transport_send, now)
      || !lane_deliver (self, &self->in, OP_TRANSPORT (self), op_transport_emit_received, now))
    return G_SOURCE_CONTINUE;

  if (self->hang_up != NULL && g_queue_is_empty (&self->in.runs))
    {
      g_autoptr (GError) error = g_steal_pointer (&self->hang_up);

      op_transport_emit_closed (OP_TRANSPORT (self), error);
    }
  else
    {
      gint64 next
          = MIN (lane_get_next_time (self, &self->out, now), lane_get_next_time (self, &self->in, now));

      g_source_set_ready_time (wake, next == G_MAXINT64 ? -1 : next);
    }
  return G_SOURCE_CONTINUE;
}

static void
on_received_cb (OpTransport *inner, GBytes *bytes, gpointer data)
{
  OpThrottle *self = data;

  if (op_transport_is_open (data))
    lane_push (self, &self->in, bytes);
}

static void
on_closed_cb (OpTransport *inner, GError *error, gpointer data)
{
  OpThrottle *self = data;

  if (!op_transport_is_open (data))
    return;

  lane_clear (&self->out);
  self->hang_up = g_error_copy (error);
  g_source_set_ready_time (self->wake, 0);
}

static void
op_throttle_open_async (OpTransport *transport, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer data)
{
  op_wrapped_open_async (OP_THROTTLE (transport)->inner, g_task_new (transport, cancellable, callback, data));
}

static gboolean
op_throttle_open_finish (OpTransport *transport, GAsyncResult *result, GError **error)
{
  OpThrottle *self = OP_THROTTLE (transport);

  if (!op_wrapped_open_finish (self->inner, result, error))
    return FALSE;

  self->wake = op_wake_source_attach (on_wake_cb, self);
  op_transport_set_is_open (transport, TRUE);
  return TRUE;
}

static void
op_throttle_send (OpTransport *transport, GBytes *bytes)
{
  OpThrottle *self = OP_THROTTLE (transport);

  if (self->hang_up == NULL)
    lane_push (self, &self->out, bytes);
}

static void
op_throttle_close (OpTransport *transport)
{
  OpThrottle *self = OP_THROTTLE (transport);

  g_source_destroy (self->wake);
  g_clear_pointer (&self->wake, g_source_unref);
  lane_clear (&self->out);
  lane_clear (&self->in);
  g_clear_error (&self->hang_up);
  op_transport_close (self->inner);
}

static guint
op_throttle_get_baud (OpTransport *transport)
{
  return OP_THROTTLE (transport)->baud;
}

static void
op_throttle_dispose (GObject *object)
{
  OpThrottle *self = OP_THROTTLE (object);

  G_OBJECT_CLASS (op_throttle_parent_class)->dispose (object);
  if (self->inner != NULL)
    g_signal_handlers_disconnect_by_data (self->inner, self);
  g_clear_object (&self->inner);
}

static void
op_throttle_class_init (OpThrottleClass *klass)
{
  OpTransportClass *transport_class = OP_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_throttle_dispose;
  transport_class->open_async = op_throttle_open_async;
  transport_class->open_finish = op_throttle_open_finish;
  transport_class->send = op_throttle_send;
  transport_class->close = op_throttle_close;
  transport_class->get_baud = op_throttle_get_baud;
}

static void
op_throttle_init (OpThrottle *self)
{
}

OpTransport *
op_throttle_new (OpTransport *inner, guint baud, gint64 delay_us)
{
  OpThrottle *self = g_object_new (OP_TYPE_THROTTLE, NULL);

  self->inner = g_object_ref (inner);
  self->baud = baud;
  self->delay_us = delay_us;
  op_transport_set_name (OP_TRANSPORT (self), op_transport_get_name (inner));
  g_signal_connect (inner, "received", G_CALLBACK (on_received_cb), self);
  g_signal_connect (inner, "closed", G_CALLBACK (on_closed_cb), self);
  return OP_TRANSPORT (self);
}
