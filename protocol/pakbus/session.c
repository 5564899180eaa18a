/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/session.h"

#include "protocol/pakbus/one-way-private.h"
#include "protocol/pakbus/opening-private.h"
#include "protocol/pakbus/port-private.h"

#define CALL_INTERVAL   (1000 * 1000)
#define LIMIT_IN_FLIGHT 32

struct _PakSession
{
  GObject parent_instance;

  guint16     own_address;
  PakPort    *own_port;
  char       *line;      /* by which the port is shared; NULL: it is not */
  PakPort    *port;      /* the one in use, or used last */
  PakPortUser user;
  gboolean    is_open;   /* the port is; requests are taken once the neighbour is known */
  guint16     node;      /* that told itself, or that the last request went to */

  GTask      *opening_task;
  PakOpening *opening;
  GSource    *opening_cancelled;
  gboolean    is_connected; /* "connected" was emitted */

  guint64 sent_before;     /* on the port, before this session opened it */
  guint64 received_before;

  guint8 seen[(PAK_BROADCAST + 1) / 8]; /* a bit an address */
};

enum
{
  SIGNAL_CLOSED,
  SIGNAL_NODE_SEEN,
  SIGNAL_CONNECTED,
  SIGNAL_TRYING_BAUD,
  SIGNAL_ONE_WAY,
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

/* Such messages are outside of any transaction (manual 2.3.4.4); with another number it is a command. */
static gboolean
is_one_way (const PakPacket *packet)
{
  return packet->has_header && packet->message != NULL && packet->protocol == PAK_PROTOCOL_BMP5
         && (packet->type == PAK_MSG_ONE_WAY_DATA || packet->type == PAK_MSG_ONE_WAY_TABLE)
         && packet->transaction == 0;
}

static void
emit_one_way (PakSession *self, const PakPacket *packet)
{
  g_autoptr (GBytes) message = g_bytes_new (packet->message, packet->length);

  g_signal_emit (self, signals[SIGNAL_ONE_WAY], 0, (guint) packet->src_node, message);
}

static void
on_packet_cb (const PakPacket *packet, gboolean for_us, gpointer data)
{
  g_autoptr (PakSession) self = g_object_ref (data);

  note_source (self, packet->src_phy);
  if (packet->has_header)
    note_source (self, packet->src_node);
  if (for_us && self->opening != NULL)
    pak_opening_packet (self->opening, packet);
  if (for_us && is_one_way (packet))
    emit_one_way (self, packet);
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

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  pak_caller_begin (&self->user.caller, neighbour);
  g_task_return_int (task, neighbour);
}

/* Leaves nothing open: each caller hears why. */
static void
shut_down (PakSession *self, const char *why)
{
  self->is_open = FALSE;
  if (self->opening_task != NULL)
    end_opening (self, 0, g_error_new_literal (PAK_ERROR, PAK_ERROR_CLOSED, why));
  pak_port_leave (self->port, &self->user, why);
}

static void
fail_opening (PakSession *self, GError *error)
{
  self->is_open = FALSE;
  end_opening (self, 0, error);
  pak_port_leave (self->port, &self->user, "The link was not opened");
}

static void
on_closed_cb (const GError *error, gpointer data)
{
  g_autoptr (PakSession) self = g_object_ref (data);

  shut_down (self, error->message);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error);
}

static void
on_opening_done_cb (guint16 neighbour, guint16 node, gpointer data)
{
  g_autoptr (PakSession) self = g_object_ref (data);

  self->node = node;
  if (neighbour != 0)
    end_opening (self, neighbour, NULL);
  else if (pak_link_get_n_damaged (pak_port_get_link (self->port)) > 0)
    fail_opening (self, g_error_new_literal (PAK_ERROR, PAK_ERROR_NOISE,
                                             "Nobody told a PakBus address; damaged frames came"));
  else
    fail_opening (self, g_error_new_literal (PAK_ERROR, PAK_ERROR_TIMED_OUT, "Nobody told a PakBus address"));
}

static gboolean
on_opening_cancelled_cb (GCancellable *cancellable, gpointer data)
{
  g_autoptr (PakSession) self = g_object_ref (data);

  fail_opening (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
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
on_connected_cb (gpointer data)
{
  PakSession *self = data;

  self->is_connected = TRUE;
  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0);
}

static void
on_trying_baud_cb (guint baud, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_TRYING_BAUD], 0, baud);
}

static void
on_port_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (PakSession) self = g_object_ref (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  gboolean opened = pak_port_open_finish (self->port, result, &error);

  if (self->opening_task != task) /* closed meanwhile */
    return;
  if (!opened)
    {
      fail_opening (self, g_steal_pointer (&error));
      return;
    }

  self->is_open = TRUE;
  if (!self->is_connected)
    on_connected_cb (self);
  if (self->opening_task != task)
    return;
  self->opening = pak_opening_new (pak_port_get_link (self->port), &self->user.caller, self->own_address,
                                   self->user.wanted, MIN (self->user.caller.first_timeout, CALL_INTERVAL),
                                   on_opening_done_cb, self);
}

static const PakPortFuncs port_funcs = { on_connected_cb, on_trying_baud_cb, on_packet_cb, on_closed_cb };

static void
pak_session_dispose (GObject *object)
{
  PakSession *self = PAK_SESSION (object);

  pak_session_close (self);
  G_OBJECT_CLASS (pak_session_parent_class)->dispose (object);
}

static void
pak_session_finalize (GObject *object)
{
  PakSession *self = PAK_SESSION (object);

  pak_port_unref (self->port);
  pak_port_unref (self->own_port);
  g_free (self->line);
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
  signals[SIGNAL_TRYING_BAUD] = g_signal_new ("trying-baud", PAK_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                              G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_ONE_WAY] = g_signal_new ("one-way", PAK_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BYTES);
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

  self->own_address = own_address;
  self->own_port = pak_port_new (transport, own_address);
  self->port = pak_port_ref (self->own_port);
  self->user.funcs = &port_funcs;
  self->user.data = self;
  pak_caller_init (&self->user.caller);
  return self;
}

void
pak_session_share (PakSession *self, const char *line)
{
  g_return_if_fail (PAK_IS_SESSION (self));
  g_return_if_fail (!self->is_open && self->opening_task == NULL);

  g_free (self->line);
  self->line = g_strdup (line);
}

void
pak_session_set_find_baud (PakSession *self, gboolean find_baud)
{
  g_return_if_fail (PAK_IS_SESSION (self));

  pak_port_set_find_baud (self->own_port, find_baud);
}

/* Where the session opens now. */
static void
choose_port (PakSession *self)
{
  pak_port_unref (self->port);
  self->port = self->line != NULL ? pak_port_share (self->own_port, self->line) : pak_port_ref (self->own_port);
  self->sent_before = 0;
  self->received_before = 0;
  if (pak_port_is_open (self->port))
    pak_link_get_traffic (pak_port_get_link (self->port), &self->sent_before, &self->received_before);
}

void
pak_session_open_async (PakSession *self, guint16 neighbour, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (PAK_IS_SESSION (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  /* What is open is open, or nobody would close it. */
  g_task_set_check_cancellable (task, FALSE);
  if (self->opening_task != NULL || self->is_open)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "The session is already open");
      return;
    }
  self->opening_task = g_object_ref (task);
  self->user.wanted = neighbour;
  self->node = neighbour;
  self->is_connected = FALSE;
  memset (self->seen, 0, sizeof self->seen);
  choose_port (self);
  watch_opening_cancellable (self);
  pak_port_open_async (self->port, &self->user, on_port_opened_cb, g_steal_pointer (&task));
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

  shut_down (self, "The link was closed");
}

void
pak_session_transact_matching_async (PakSession *self, guint16 node, PakMessage *command, PakRepeat repeat,
                                     PakAcceptFunc accept, gpointer accept_data, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (PAK_IS_SESSION (self));
  g_return_if_fail (command != NULL);

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  PakTransaction *transaction = pak_transaction_new (command, self->user.caller.neighbour, node, repeat);

  transaction->accept = accept;
  transaction->accept_data = accept_data;
  g_task_set_task_data (task, transaction, (GDestroyNotify) pak_transaction_free);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (!self->is_open || self->user.caller.neighbour == 0)
    {
      g_task_return_new_error (task, PAK_ERROR, PAK_ERROR_CLOSED, "The link is not open");
      return;
    }
  self->node = node;
  pak_exchange_add (pak_port_get_exchange (self->port), &self->user.caller, transaction, g_steal_pointer (&task));
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

  pak_exchange_hold_off (pak_port_get_exchange (self->port), node, seconds);
}

guint8
pak_session_reserve_number (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 0);

  PakNumbers *numbers = &pak_port_get_exchange (self->port)->numbers;
  guint8 number = pak_numbers_take (numbers, g_get_monotonic_time ());

  numbers->kept_until[number] = G_MAXINT64;
  return number;
}

void
pak_session_release_number (PakSession *self, guint8 number)
{
  g_return_if_fail (PAK_IS_SESSION (self));

  PakNumbers *numbers = &pak_port_get_exchange (self->port)->numbers;

  numbers->kept_until[number] = 0;
  pak_numbers_keep (numbers, number, g_get_monotonic_time ());
}

guint16
pak_session_get_neighbour (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 0);

  return self->user.caller.neighbour;
}

guint16
pak_session_get_node (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 0);

  return self->node;
}

guint
pak_session_get_baud (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 0);

  return op_transport_get_baud (pak_port_get_transport (self->port));
}

gint64
pak_session_get_round_trip (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 0);

  return pak_exchange_get_round_trip (pak_port_get_exchange (self->port), self->node);
}

gboolean
pak_session_is_noisy (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), FALSE);

  return pak_link_is_noisy (pak_port_get_link (self->port));
}

void
pak_session_note_damage (PakSession *self)
{
  g_return_if_fail (PAK_IS_SESSION (self));

  pak_link_note_damage (pak_port_get_link (self->port));
}

void
pak_session_get_traffic (PakSession *self, guint64 *sent, guint64 *received)
{
  g_return_if_fail (PAK_IS_SESSION (self));

  pak_link_get_traffic (pak_port_get_link (self->port), sent, received);
  *sent -= MIN (self->sent_before, *sent);
  *received -= MIN (self->received_before, *received);
}

void
pak_session_set_first_timeout (PakSession *self, gint64 timeout_us)
{
  g_return_if_fail (PAK_IS_SESSION (self));
  g_return_if_fail (timeout_us >= 1000);

  self->user.caller.first_timeout = timeout_us;
}

void
pak_session_set_max_in_flight (PakSession *self, guint max_in_flight)
{
  g_return_if_fail (PAK_IS_SESSION (self));
  g_return_if_fail (max_in_flight > 0 && max_in_flight <= LIMIT_IN_FLIGHT);

  self->user.caller.flow.max = max_in_flight;
}

guint
pak_session_get_max_in_flight (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 1);

  return self->user.caller.flow.max;
}
