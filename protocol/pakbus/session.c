/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/session.h"

#include "protocol/pakbus/exchange-private.h"
#include "protocol/pakbus/node-private.h"
#include "protocol/pakbus/opening-private.h"

#define CALL_INTERVAL   (1000 * 1000)
#define LIMIT_IN_FLIGHT 32
#define RESPONSE_BIT    0x80 /* of a message type */

struct _PakSession
{
  GObject parent_instance;

  OpTransport *transport;
  gulong       received_handler;
  gulong       closed_handler;
  PakLink     *link;
  guint16      own_address;
  gboolean     is_open; /* the transport is; requests are taken once the neighbour is known */

  GTask      *opening_task;
  PakOpening *opening;
  GSource    *opening_cancelled;

  PakExchange *exchange;

  guint8 seen[(PAK_BROADCAST + 1) / 8]; /* a bit an address */
};

enum
{
  SIGNAL_CLOSED,
  SIGNAL_NODE_SEEN,
  SIGNAL_CONNECTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PakSession, pak_session, G_TYPE_OBJECT)

/* What comes in */

static void
note_source (PakSession *self, guint16 address)
{
  guint8 bit = (guint8) (1 << address % 8);

  if (address == 0 || address >= PAK_BROADCAST || (self->seen[address / 8] & bit) != 0)
    return;
  self->seen[address / 8] |= bit;
  g_signal_emit (self, signals[SIGNAL_NODE_SEEN], 0, (guint) address);
}

static gboolean
is_for_us (PakSession *self, const PakPacket *packet)
{
  if (packet->dst_phy != self->own_address && packet->dst_phy != PAK_BROADCAST)
    return FALSE;
  return !packet->has_header || packet->dst_node == self->own_address || packet->dst_node == PAK_BROADCAST;
}

static void
on_packet_cb (const PakPacket *packet, gpointer data)
{
  PakSession *self = data;

  if (!self->is_open)
    return;
  if (packet == NULL)
    {
      pak_exchange_take_damage (self->exchange);
      return;
    }
  note_source (self, packet->src_phy);
  if (packet->has_header)
    note_source (self, packet->src_node);
  if (!is_for_us (self, packet))
    return;

  if (packet->message == NULL)
    pak_node_answer_state (self->link, self->own_address, self->exchange->in_flight.length > 0, packet);
  else if ((packet->type & RESPONSE_BIT) != 0)
    pak_exchange_take_response (self->exchange, packet);
  else
    pak_node_answer_command (self->link, self->own_address, &self->exchange->numbers, packet);
  if (self->opening != NULL)
    pak_opening_packet (self->opening, packet);
}

/* Opening and closing */

static void
end_opening (PakSession *self, guint16 neighbour, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->opening_task);

  g_clear_pointer (&self->opening, pak_opening_free);
  if (self->opening_cancelled != NULL)
    g_source_destroy (self->opening_cancelled);
  g_clear_pointer (&self->opening_cancelled, g_source_unref);
  pak_exchange_begin (self->exchange, neighbour);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, neighbour);
}

/* Leaves nothing open: each caller hears why. */
static void
shut_down (PakSession *self, const char *why)
{
  self->is_open = FALSE;
  if (self->opening_task != NULL)
    end_opening (self, 0, g_error_new_literal (PAK_ERROR, PAK_ERROR_CLOSED, why));
  pak_exchange_end (self->exchange, why);
}

static void
on_received_cb (OpTransport *transport, GBytes *bytes, gpointer data)
{
  /* Who is answered may drop the session. */
  g_autoptr (PakSession) self = g_object_ref (data);

  pak_link_receive (self->link, bytes);
}

static void
on_closed_cb (OpTransport *transport, GError *error, gpointer data)
{
  g_autoptr (PakSession) self = g_object_ref (data);

  if (!self->is_open)
    return;
  shut_down (self, error->message);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error);
}

static void
on_opening_done_cb (guint16 neighbour, gpointer data)
{
  g_autoptr (PakSession) self = g_object_ref (data);
  GError *error = NULL;

  if (neighbour == 0 && pak_link_get_n_damaged (self->link) > 0)
    error = g_error_new_literal (PAK_ERROR, PAK_ERROR_NOISE, "Nobody told a PakBus address; damaged frames came");
  else if (neighbour == 0)
    error = g_error_new_literal (PAK_ERROR, PAK_ERROR_TIMED_OUT, "Nobody told a PakBus address");

  if (error != NULL)
    {
      self->is_open = FALSE;
      op_transport_close (self->transport);
    }
  end_opening (self, neighbour, error);
}

static gboolean
on_opening_cancelled_cb (GCancellable *cancellable, gpointer data)
{
  g_autoptr (PakSession) self = g_object_ref (data);

  self->is_open = FALSE;
  op_transport_close (self->transport);
  end_opening (self, 0, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
  return G_SOURCE_REMOVE;
}

static void
watch_opening_cancellable (PakSession *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->opening_task);

  if (cancellable == NULL)
    return;
  self->opening_cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->opening_cancelled, G_SOURCE_FUNC (on_opening_cancelled_cb), self, NULL);
  g_source_attach (self->opening_cancelled, g_main_context_get_thread_default ());
}

static void
on_transport_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (PakSession) self = g_object_ref (g_task_get_source_object (task));
  GError *error = NULL;
  gboolean opened = op_transport_open_finish (OP_TRANSPORT (source), result, &error);

  if (self->opening_task != task) /* closed meanwhile */
    {
      g_clear_error (&error);
      return;
    }
  if (!opened)
    {
      end_opening (self, 0, error);
      return;
    }

  self->is_open = TRUE;
  pak_link_reset (self->link);
  memset (self->seen, 0, sizeof self->seen);
  pak_exchange_forget_times (self->exchange);
  watch_opening_cancellable (self);
  self->opening = pak_opening_new (self->link, self->own_address,
                                   (guint16) GPOINTER_TO_UINT (g_task_get_task_data (task)),
                                   MIN (self->exchange->first_timeout, CALL_INTERVAL), on_opening_done_cb, self);
  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0);
}

static void
pak_session_dispose (GObject *object)
{
  PakSession *self = PAK_SESSION (object);

  pak_session_close (self);
  g_clear_signal_handler (&self->received_handler, self->transport);
  g_clear_signal_handler (&self->closed_handler, self->transport);
  G_OBJECT_CLASS (pak_session_parent_class)->dispose (object);
}

static void
pak_session_finalize (GObject *object)
{
  PakSession *self = PAK_SESSION (object);

  pak_exchange_unref (self->exchange);
  pak_link_free (self->link);
  g_object_unref (self->transport);
  G_OBJECT_CLASS (pak_session_parent_class)->finalize (object);
}

static void
pak_session_class_init (PakSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pak_session_dispose;
  object_class->finalize = pak_session_finalize;

  signals[SIGNAL_CLOSED] = g_signal_new ("closed", PAK_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_NODE_SEEN] = g_signal_new ("node-seen", PAK_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                            G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_CONNECTED] = g_signal_new ("connected", PAK_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                            G_TYPE_NONE, 0);
}

static void
pak_session_init (PakSession *self)
{
}

PakSession *
pak_session_new (OpTransport *transport, guint16 own_address)
{
  g_return_val_if_fail (OP_IS_TRANSPORT (transport), NULL);

  PakSession *self = g_object_new (PAK_TYPE_SESSION, NULL);

  self->transport = g_object_ref (transport);
  self->own_address = own_address;
  self->link = pak_link_new (transport, own_address, on_packet_cb, self);
  self->exchange = pak_exchange_new (self->link, transport, own_address);
  self->received_handler = g_signal_connect (transport, "received", G_CALLBACK (on_received_cb), self);
  self->closed_handler = g_signal_connect (transport, "closed", G_CALLBACK (on_closed_cb), self);
  return self;
}

void
pak_session_open_async (PakSession *self, guint16 neighbour, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (PAK_IS_SESSION (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  g_task_set_task_data (task, GUINT_TO_POINTER (neighbour), NULL);
  /* What is open is open, or nobody would close it. */
  g_task_set_check_cancellable (task, FALSE);
  if (self->opening_task != NULL || self->is_open)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "The session is already open");
      return;
    }
  self->opening_task = g_object_ref (task);
  op_transport_open_async (self->transport, cancellable, on_transport_opened_cb, g_steal_pointer (&task));
}

guint16
pak_session_open_finish (PakSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), 0);

  gssize neighbour = g_task_propagate_int (G_TASK (result), error);

  return neighbour > 0 ? (guint16) neighbour : 0;
}

void
pak_session_close (PakSession *self)
{
  g_return_if_fail (PAK_IS_SESSION (self));

  if (self->is_open && self->exchange->neighbour != 0)
    pak_node_take_leave (self->link, self->exchange->neighbour);
  shut_down (self, "The link was closed");
  op_transport_close (self->transport);
}

void
pak_session_transact_matching_async (PakSession *self, guint16 node, PakMessage *command, PakRepeat repeat,
                                     PakAcceptFunc accept, gpointer accept_data, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (PAK_IS_SESSION (self));
  g_return_if_fail (command != NULL);

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  PakTransaction *transaction = pak_transaction_new (command, node, repeat);

  transaction->accept = accept;
  transaction->accept_data = accept_data;
  g_task_set_task_data (task, transaction, (GDestroyNotify) pak_transaction_free);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (!self->is_open || self->exchange->neighbour == 0)
    {
      g_task_return_new_error (task, PAK_ERROR, PAK_ERROR_CLOSED, "The link is not open");
      return;
    }
  pak_exchange_add (self->exchange, transaction, g_steal_pointer (&task));
}

void
pak_session_transact_async (PakSession *self, guint16 node, PakMessage *command, PakRepeat repeat,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  pak_session_transact_matching_async (self, node, command, repeat, NULL, NULL, cancellable, callback, data);
}

GBytes *
pak_session_transact_finish (PakSession *self, GAsyncResult *result, gint64 *round_trip_us, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  PakTransaction *transaction = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  if (round_trip_us != NULL)
    *round_trip_us = transaction->round_trip;
  return g_steal_pointer (&transaction->answer);
}

void
pak_session_hold_off (PakSession *self, guint16 node, guint seconds)
{
  g_return_if_fail (PAK_IS_SESSION (self));

  pak_exchange_hold_off (self->exchange, node, seconds);
}

guint8
pak_session_reserve_number (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 0);

  guint8 number = pak_numbers_take (&self->exchange->numbers, g_get_monotonic_time ());

  self->exchange->numbers.kept_until[number] = G_MAXINT64;
  return number;
}

void
pak_session_release_number (PakSession *self, guint8 number)
{
  g_return_if_fail (PAK_IS_SESSION (self));

  self->exchange->numbers.kept_until[number] = 0;
  pak_numbers_keep (&self->exchange->numbers, number, g_get_monotonic_time ());
}

guint16
pak_session_get_neighbour (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 0);

  return self->exchange->neighbour;
}

gint64
pak_session_get_round_trip (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 0);

  return self->exchange->round_trip.smoothed;
}

gboolean
pak_session_is_noisy (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), FALSE);

  return pak_link_is_noisy (self->link);
}

void
pak_session_note_damage (PakSession *self)
{
  g_return_if_fail (PAK_IS_SESSION (self));

  pak_link_note_damage (self->link);
}

void
pak_session_get_traffic (PakSession *self, guint64 *sent, guint64 *received)
{
  g_return_if_fail (PAK_IS_SESSION (self));

  pak_link_get_traffic (self->link, sent, received);
}

void
pak_session_set_first_timeout (PakSession *self, gint64 timeout_us)
{
  g_return_if_fail (PAK_IS_SESSION (self));
  g_return_if_fail (timeout_us >= 1000);

  self->exchange->first_timeout = timeout_us;
}

void
pak_session_set_max_in_flight (PakSession *self, guint max_in_flight)
{
  g_return_if_fail (PAK_IS_SESSION (self));
  g_return_if_fail (max_in_flight > 0 && max_in_flight <= LIMIT_IN_FLIGHT);

  self->exchange->flow.max = max_in_flight;
}

guint
pak_session_get_max_in_flight (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 1);

  return self->exchange->flow.max;
}
