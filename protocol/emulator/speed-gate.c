/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/speed-gate.h"

#include "protocol/transport/wrapped-private.h"

struct _OpSpeedGate
{
  OpTransport parent_instance;

  OpTransport *inner;
  guint        baud;
};

G_DEFINE_FINAL_TYPE (OpSpeedGate, op_speed_gate, OP_TYPE_TRANSPORT)

/* Bits sampled at wrong times: neither sync bytes nor what stood between them come through. */
static GBytes *
pass (OpSpeedGate *self, GBytes *bytes)
{
  gsize length;
  const guint8 *in = g_bytes_get_data (bytes, &length);
  guint8 *out;

  if (op_transport_get_baud (self->inner) == self->baud)
    return g_bytes_ref (bytes);
  out = g_malloc (length);
  for (gsize i = 0; i < length; i++)
    out[i] = (guint8) (in[i] ^ (0x51 + 2 * (i % 16)));
  return g_bytes_new_take (out, length);
}

static void
on_received_cb (OpTransport *inner, GBytes *bytes, gpointer data)
{
  g_autoptr (GBytes) heard = pass (data, bytes);

  op_transport_emit_received (data, heard);
}

static void
on_closed_cb (OpTransport *inner, GError *error, gpointer data)
{
  op_transport_emit_closed (data, error);
}

static void
op_speed_gate_open_async (OpTransport *transport, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer data)
{
  op_wrapped_open_async (OP_SPEED_GATE (transport)->inner, g_task_new (transport, cancellable, callback, data));
}

static gboolean
op_speed_gate_open_finish (OpTransport *transport, GAsyncResult *result, GError **error)
{
  if (!op_wrapped_open_finish (OP_SPEED_GATE (transport)->inner, result, error))
    return FALSE;
  op_transport_set_is_open (transport, TRUE);
  return TRUE;
}

static void
op_speed_gate_send (OpTransport *transport, GBytes *bytes)
{
  OpSpeedGate *self = OP_SPEED_GATE (transport);
  g_autoptr (GBytes) sent = pass (self, bytes);

  op_transport_send (self->inner, sent);
}

static void
op_speed_gate_close (OpTransport *transport)
{
  op_transport_close (OP_SPEED_GATE (transport)->inner);
}

static guint
op_speed_gate_get_baud (OpTransport *transport)
{
  return OP_SPEED_GATE (transport)->baud;
}

static void
op_speed_gate_dispose (GObject *object)
{
  OpSpeedGate *self = OP_SPEED_GATE (object);

  G_OBJECT_CLASS (op_speed_gate_parent_class)->dispose (object);
  if (self->inner != NULL)
    g_signal_handlers_disconnect_by_data (self->inner, self);
  g_clear_object (&self->inner);
}

static void
op_speed_gate_class_init (OpSpeedGateClass *klass)
{
  OpTransportClass *transport_class = OP_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_speed_gate_dispose;
  transport_class->open_async = op_speed_gate_open_async;
  transport_class->open_finish = op_speed_gate_open_finish;
  transport_class->send = op_speed_gate_send;
  transport_class->close = op_speed_gate_close;
  transport_class->get_baud = op_speed_gate_get_baud;
}

static void
op_speed_gate_init (OpSpeedGate *self)
{
}

OpTransport *
op_speed_gate_new (OpTransport *inner, guint baud)
{
  OpSpeedGate *self = g_object_new (OP_TYPE_SPEED_GATE, NULL);

  self->inner = g_object_ref (inner);
  self->baud = baud;
  op_transport_set_name (OP_TRANSPORT (self), op_transport_get_name (inner));
  g_signal_connect (inner, "received", G_CALLBACK (on_received_cb), self);
  g_signal_connect (inner, "closed", G_CALLBACK (on_closed_cb), self);
  return OP_TRANSPORT (self);
}
