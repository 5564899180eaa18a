/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/incoming-call-private.h"

/* A logger greets at once (pakbus-facts B1); the silent are asked, so often. */
#define ASK_INTERVAL_MS 1500
#define MAX_QUESTIONS   5
/* How long who told its address is kept. */
#define KEEP_MS         (5 * 60 * 1000)
/* What came is handed on; who says more than this, and nobody listens, is not remembered from the beginning. */
#define MAX_RECEIVED    4096

struct _PakIncomingCall
{
  OpTransport         *connection; /* NULL: taken */
  char                *name;
  PakIncomingCallFuncs funcs;
  gpointer             data;
  GCancellable        *opening;
  gulong               received_handler;
  gulong               closed_handler;

  PakLink    *link;
  GByteArray *received;
  guint16     address;
  gint64      unix_us;
  guint       n_questions;
  GSource    *timer;
};

static void
set_timer (PakIncomingCall *self, guint milliseconds, GSourceFunc func)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (milliseconds == 0)
    return;
  self->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static gboolean
on_kept_cb (gpointer data)
{
  PakIncomingCall *self = data;

  self->funcs.ended (self, self->data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_silent_cb (gpointer data)
{
  PakIncomingCall *self = data;

  if (self->n_questions++ < MAX_QUESTIONS)
    {
      pak_link_ask_who_is_there (self->link);
      return G_SOURCE_CONTINUE;
    }
  self->funcs.ended (self, self->data);
  return G_SOURCE_REMOVE;
}

static void
on_packet_cb (const PakPacket *packet, gpointer data)
{
  PakIncomingCall *self = data;
  guint16 address;

  if (packet == NULL || self->address != 0)
    return;
  address = packet->has_header ? packet->src_node : packet->src_phy;
  if (address < PAK_BROADCAST)
    self->address = address;
}

static void
on_received_cb (OpTransport *connection, GBytes *bytes, gpointer data)
{
  PakIncomingCall *self = data;
  gboolean was_known = self->address != 0;

  if (self->received->len + g_bytes_get_size (bytes) > MAX_RECEIVED)
    g_byte_array_set_size (self->received, 0);
  else
    g_byte_array_append (self->received, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  pak_link_receive (self->link, bytes);
  if (was_known || self->address == 0)
    return;
  set_timer (self, KEEP_MS, on_kept_cb);
  self->funcs.identified (self, self->data);
}

static void
on_closed_cb (OpTransport *connection, GError *error, gpointer data)
{
  PakIncomingCall *self = data;

  self->funcs.ended (self, self->data);
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PakIncomingCall *self = data;
  g_autoptr (GError) error = NULL;
  gboolean opened = op_transport_open_finish (OP_TRANSPORT (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* it was freed */
  if (!opened)
    self->funcs.ended (self, self->data);
  else
    set_timer (self, ASK_INTERVAL_MS, on_silent_cb);
}

PakIncomingCall *
pak_incoming_call_new (OpTransport *connection, guint16 own_address, const PakIncomingCallFuncs *funcs, gpointer data)
{
  PakIncomingCall *self = g_new0 (PakIncomingCall, 1);

  self->connection = g_object_ref (connection);
  self->name = g_strdup (op_transport_get_name (connection));
  self->funcs = *funcs;
  self->data = data;
  self->link = pak_link_new (connection, own_address, on_packet_cb, self);
  self->received = g_byte_array_new ();
  self->unix_us = g_get_real_time ();
  self->received_handler = g_signal_connect (connection, "received", G_CALLBACK (on_received_cb), self);
  self->closed_handler = g_signal_connect (connection, "closed", G_CALLBACK (on_closed_cb), self);
  self->opening = g_cancellable_new ();
  op_transport_open_async (connection, self->opening, on_opened_cb, self);
  return self;
}

static void
let_go (PakIncomingCall *self)
{
  g_clear_signal_handler (&self->received_handler, self->connection);
  g_clear_signal_handler (&self->closed_handler, self->connection);
  set_timer (self, 0, NULL);
}

void
pak_incoming_call_free (PakIncomingCall *self)
{
  if (self->connection != NULL)
    {
      let_go (self);
      g_cancellable_cancel (self->opening);
      op_transport_close (self->connection);
      g_object_unref (self->connection);
    }
  g_object_unref (self->opening);
  pak_link_free (self->link);
  g_byte_array_unref (self->received);
  g_free (self->name);
  g_free (self);
}

guint16
pak_incoming_call_get_address (PakIncomingCall *self)
{
  return self->address;
}

const char *
pak_incoming_call_get_name (PakIncomingCall *self)
{
  return self->name;
}

gint64
pak_incoming_call_get_time (PakIncomingCall *self)
{
  return self->unix_us;
}

OpTransport *
pak_incoming_call_take (PakIncomingCall *self, GBytes **received)
{
  let_go (self);
  *received = g_bytes_new (self->received->data, self->received->len);
  return g_steal_pointer (&self->connection);
}
