/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/fault-transport.h"

#include "protocol/pakbus/frame.h"
#include "protocol/transport/wake-source-private.h"
#include "protocol/transport/wrapped-private.h"

#include <glib/gi18n-lib.h>

/* Longer than any client waits for an ordinary answer. */
#define DELAY_US (3 * G_USEC_PER_SEC)
/* Bytes without a sync byte go on as they are when there are so many. */
#define MAX_FRAME (2 * PAK_FRAME_MAX)

typedef struct
{
  gint64  due;
  GBytes *frame;
} Delayed;

struct _OpFaultTransport
{
  OpTransport parent_instance;

  OpTransport *inner;
  OpFaults     faults;
  GRand       *rand;
  guint        counts[OP_N_FAULTS];

  GByteArray *incoming;  /* of a frame that is not complete */
  gboolean    in_frame;  /* something but sync bytes came */
  GBytes     *held_back; /* until the next frame was sent */
  GQueue      delayed;
  GSource    *wake;
  gboolean    disconnects; /* at the next turn of the main loop */
  gboolean    reboots;
};

G_DEFINE_FINAL_TYPE (OpFaultTransport, op_fault_transport, OP_TYPE_TRANSPORT)

enum
{
  REBOOT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
delayed_free (Delayed *delayed)
{
  g_bytes_unref (delayed->frame);
  g_free (delayed);
}

static gboolean
strikes (OpFaultTransport *self, OpFault fault)
{
  if (self->faults.rates[fault] <= 0 || g_rand_double (self->rand) >= self->faults.rates[fault])
    return FALSE;
  self->counts[fault]++;
  return TRUE;
}

static gboolean
damages_bytes (const OpFaultTransport *self)
{
  return self->faults.rates[OP_FAULT_BIT_FLIP] > 0 || self->faults.rates[OP_FAULT_BYTE_DROP] > 0
         || self->faults.rates[OP_FAULT_BYTE_DUP] > 0;
}

static GBytes *
damage_bytes (OpFaultTransport *self, const guint8 *bytes, gsize length)
{
  GByteArray *damaged;

  if (!damages_bytes (self))
    return g_bytes_new (bytes, length);
  damaged = g_byte_array_sized_new (length + 8);
  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = bytes[i];

      if (strikes (self, OP_FAULT_BYTE_DROP))
        continue;
      if (strikes (self, OP_FAULT_BIT_FLIP))
        byte ^= 1 << g_rand_int_range (self->rand, 0, 8);
      g_byte_array_append (damaged, &byte, 1);
      if (strikes (self, OP_FAULT_BYTE_DUP))
        g_byte_array_append (damaged, &byte, 1);
    }
  return g_byte_array_free_to_bytes (damaged);
}

static void
send_damaged (OpFaultTransport *self, GBytes *frame)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (frame, &length);
  g_autoptr (GBytes) damaged = damage_bytes (self, bytes, length);

  op_transport_send (self->inner, damaged);
}

static void
schedule (OpFaultTransport *self)
{
  const Delayed *first = g_queue_peek_head (&self->delayed);

  if (self->disconnects || self->reboots)
    g_source_set_ready_time (self->wake, 0);
  else
    g_source_set_ready_time (self->wake, first != NULL ? first->due : -1);
}

static void
delay_frame (OpFaultTransport *self, GBytes *frame)
{
  Delayed *delayed = g_new (Delayed, 1);

  *delayed = (Delayed) { g_get_monotonic_time () + DELAY_US, g_bytes_ref (frame) };
  g_queue_push_tail (&self->delayed, delayed);
  schedule (self);
}

static void
send_now (OpFaultTransport *self, GBytes *frame)
{
  g_autoptr (GBytes) held_back = g_steal_pointer (&self->held_back);

  send_damaged (self, frame);
  if (strikes (self, OP_FAULT_FRAME_DUP))
    send_damaged (self, frame);
  if (held_back != NULL)
    send_damaged (self, held_back);
}

static void
op_fault_transport_send (OpTransport *transport, GBytes *frame)
{
  OpFaultTransport *self = OP_FAULT_TRANSPORT (transport);

  if (strikes (self, OP_FAULT_DISCONNECT))
    self->disconnects = TRUE;
  if (strikes (self, OP_FAULT_REBOOT))
    self->reboots = TRUE;
  /* What was to be sent is lost with the link. */
  if (self->disconnects || self->reboots)
    {
      schedule (self);
      return;
    }
  if (strikes (self, OP_FAULT_FRAME_DROP))
    return;
  if (strikes (self, OP_FAULT_FRAME_DELAY))
    delay_frame (self, frame);
  else if (self->held_back == NULL && strikes (self, OP_FAULT_FRAME_REORDER))
    self->held_back = g_bytes_ref (frame);
  else
    send_now (self, frame);
}

static gboolean
on_wake_cb (gpointer data)
{
  g_autoptr (OpFaultTransport) self = g_object_ref (data);
  const Delayed *first;

  while ((first = g_queue_peek_head (&self->delayed)) != NULL && first->due <= g_get_monotonic_time ())
    {
      send_damaged (self, first->frame);
      delayed_free (g_queue_pop_head (&self->delayed));
    }
  if (self->reboots)
    {
      self->reboots = FALSE;
      g_signal_emit (self, signals[REBOOT], 0);
    }
  else if (self->disconnects)
    {
      g_autoptr (GError) error = g_error_new (OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP,
                                              _ ("The link was cut, as faults were asked for."));

      op_transport_emit_closed (OP_TRANSPORT (self), error);
    }
  else
    schedule (self);
  return G_SOURCE_CONTINUE;
}

static void
hand_on (OpFaultTransport *self)
{
  g_autoptr (GBytes) bytes = damage_bytes (self, self->incoming->data, self->incoming->len);

  g_byte_array_set_size (self->incoming, 0);
  self->in_frame = FALSE;
  op_transport_emit_received (OP_TRANSPORT (self), bytes);
}

static void
take_frame (OpFaultTransport *self)
{
  if (!strikes (self, OP_FAULT_FRAME_DROP))
    {
      hand_on (self);
      return;
    }
  g_byte_array_set_size (self->incoming, 0);
  self->in_frame = FALSE;
}

static void
on_received_cb (OpTransport *inner, GBytes *bytes, gpointer data)
{
  g_autoptr (OpFaultTransport) self = g_object_ref (data);
  gsize length;
  const guint8 *received = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length && op_transport_is_open (data); i++)
    {
      gboolean is_sync = received[i] == PAK_SYNC_BYTE;

      g_byte_array_append (self->incoming, &received[i], 1);
      if (is_sync && self->in_frame)
        take_frame (self);
      else if (self->incoming->len >= MAX_FRAME)
        hand_on (self);
      else
        self->in_frame |= !is_sync;
    }
}

static void
on_closed_cb (OpTransport *inner, GError *error, gpointer data)
{
  op_transport_emit_closed (data, error);
}

static void
op_fault_transport_open_async (OpTransport *transport, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer data)
{
  op_wrapped_open_async (OP_FAULT_TRANSPORT (transport)->inner, g_task_new (transport, cancellable, callback, data));
}

static gboolean
op_fault_transport_open_finish (OpTransport *transport, GAsyncResult *result, GError **error)
{
  OpFaultTransport *self = OP_FAULT_TRANSPORT (transport);

  if (!op_wrapped_open_finish (self->inner, result, error))
    return FALSE;

  self->wake = op_wake_source_attach (on_wake_cb, self);
  op_transport_set_is_open (transport, TRUE);
  return TRUE;
}

static void
op_fault_transport_close (OpTransport *transport)
{
  OpFaultTransport *self = OP_FAULT_TRANSPORT (transport);

  g_source_destroy (self->wake);
  g_clear_pointer (&self->wake, g_source_unref);
  g_queue_clear_full (&self->delayed, (GDestroyNotify) delayed_free);
  g_clear_pointer (&self->held_back, g_bytes_unref);
  g_byte_array_set_size (self->incoming, 0);
  self->in_frame = FALSE;
  self->disconnects = FALSE;
  self->reboots = FALSE;
  op_transport_close (self->inner);
}

static guint
op_fault_transport_get_baud (OpTransport *transport)
{
  return op_transport_get_baud (OP_FAULT_TRANSPORT (transport)->inner);
}

static void
op_fault_transport_dispose (GObject *object)
{
  OpFaultTransport *self = OP_FAULT_TRANSPORT (object);

  G_OBJECT_CLASS (op_fault_transport_parent_class)->dispose (object);
  if (self->inner != NULL)
    g_signal_handlers_disconnect_by_data (self->inner, self);
  g_clear_object (&self->inner);
}

static void
op_fault_transport_finalize (GObject *object)
{
  OpFaultTransport *self = OP_FAULT_TRANSPORT (object);

  g_byte_array_unref (self->incoming);
  g_rand_free (self->rand);
  G_OBJECT_CLASS (op_fault_transport_parent_class)->finalize (object);
}

static void
op_fault_transport_class_init (OpFaultTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  OpTransportClass *transport_class = OP_TRANSPORT_CLASS (klass);

  object_class->dispose = op_fault_transport_dispose;
  object_class->finalize = op_fault_transport_finalize;
  transport_class->open_async = op_fault_transport_open_async;
  transport_class->open_finish = op_fault_transport_open_finish;
  transport_class->send = op_fault_transport_send;
  transport_class->close = op_fault_transport_close;
  transport_class->get_baud = op_fault_transport_get_baud;

  signals[REBOOT] = g_signal_new ("reboot", OP_TYPE_FAULT_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void
op_fault_transport_init (OpFaultTransport *self)
{
  self->incoming = g_byte_array_new ();
}

OpTransport *
op_fault_transport_new (OpTransport *inner, const OpFaults *faults, guint32 seed)
{
  OpFaultTransport *self = g_object_new (OP_TYPE_FAULT_TRANSPORT, NULL);

  self->inner = g_object_ref (inner);
  self->faults = *faults;
  self->rand = g_rand_new_with_seed (seed);
  op_transport_set_name (OP_TRANSPORT (self), op_transport_get_name (inner));
  g_signal_connect (inner, "received", G_CALLBACK (on_received_cb), self);
  g_signal_connect (inner, "closed", G_CALLBACK (on_closed_cb), self);
  return OP_TRANSPORT (self);
}

guint
op_fault_transport_get_count (OpFaultTransport *self, OpFault fault)
{
  g_return_val_if_fail (OP_IS_FAULT_TRANSPORT (self), 0);

  return self->counts[fault];
}
