/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/session.h"

#include "protocol/pakbus/frame.h"
#include "protocol/pakbus/link-private.h"
#include "protocol/pakbus/node-private.h"
#include "protocol/pakbus/opening-private.h"
#include "protocol/pakbus/round-trip-private.h"
#include "protocol/pakbus/transaction-private.h"

#define FIRST_TIMEOUT (2500 * 1000)
#define CALL_INTERVAL (1000 * 1000)
#define LIMIT_IN_FLIGHT 32

/* Message types, by the manual's section 2. */
#define MSG_DELIVERY_FAILURE 0x81
#define MSG_PLEASE_WAIT      0xA1
#define RESPONSE_BIT         0x80

struct _PakSession
{
  GObject parent_instance;

  OpTransport *transport;
  gulong       received_handler;
  gulong       closed_handler;
  PakLink     *link;
  guint16      own_address;
  guint16      neighbour;
  gboolean     is_open; /* the transport is; requests are taken once the neighbour is known */

  GTask      *opening_task;
  PakOpening *opening;
  GSource    *opening_cancelled;

  PakNumbers   numbers;
  GQueue       waiting;   /* PakTransaction, not sent yet */
  GQueue       in_flight; /* PakTransaction */
  guint        max_in_flight;
  GSource     *timer;     /* for the soonest deadline, or an earlier one that is past */
  GSource     *cancelled; /* made ready from any thread */
  PakRoundTrip round_trip;
  gint64       first_timeout;

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

static void start_waiting (PakSession *self);

/* Times */

static gint64
get_line_time (PakSession *self, gsize n_bytes)
{
  guint baud = op_transport_get_baud (self->transport);

  return baud == 0 ? 0 : (gint64) n_bytes * 10 * G_USEC_PER_SEC / baud;
}

static gint64
get_timeout (PakSession *self, const PakTransaction *transaction, gsize length)
{
  gint64 line_time = get_line_time (self, length + PAK_FRAME_MAX);
  gint64 timeout = pak_round_trip_get_timeout (&self->round_trip, self->first_timeout, line_time,
                                               transaction->n_tries);

  /* Who may not ask again does well to be patient. */
  return transaction->repeat == PAK_REPEAT_NEVER ? MAX (timeout, self->first_timeout + line_time) : timeout;
}

/* Setting a ready time wakes the main loop: a timer that goes off too early is cheaper than one set each time. */
static void
arm_timer (PakSession *self, gint64 deadline)
{
  gint64 ready = g_source_get_ready_time (self->timer);

  if (ready < 0 || deadline < ready)
    g_source_set_ready_time (self->timer, deadline);
}

/* Transactions */

/* Makes @transaction nobody's; what completes it comes after. */
static GTask *
release (PakSession *self, PakTransaction *transaction)
{
  GTask *task = g_steal_pointer (&transaction->task);

  if (!g_queue_remove (&self->in_flight, transaction))
    g_queue_remove (&self->waiting, transaction);
  pak_numbers_release (&self->numbers, transaction, g_get_monotonic_time ());
  if (transaction->cancel_handler != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), transaction->cancel_handler);
  transaction->cancel_handler = 0;
  return task;
}

static void
fail (PakSession *self, PakTransaction *transaction, GError *error)
{
  g_autoptr (GTask) task = release (self, transaction);

  g_task_return_error (task, error);
  start_waiting (self);
}

static void
fail_without_answer (PakSession *self, PakTransaction *transaction)
{
  guint64 n_damaged = pak_link_get_n_damaged (self->link) - transaction->n_damaged;
  g_autofree char *what = pak_transaction_describe (transaction);

  if (n_damaged > 0)
    fail (self, transaction,
          g_error_new (PAK_ERROR, PAK_ERROR_NOISE,
                       "%s: no readable answer in %u tries; %" G_GUINT64_FORMAT " damaged frames came", what,
                       transaction->n_tries, n_damaged));
  else
    fail (self, transaction,
          g_error_new (PAK_ERROR, PAK_ERROR_TIMED_OUT, "%s: no answer in %u tries", what, transaction->n_tries));
}

static guint8
choose_number (PakSession *self, PakTransaction *transaction)
{
  guint8 number = pak_message_get_transaction (transaction->command);

  if (transaction->repeat == PAK_REPEAT_SAME_NUMBER && number != 0)
    return number;
  return pak_numbers_take (&self->numbers, g_get_monotonic_time ());
}

static void
send_try (PakSession *self, PakTransaction *transaction)
{
  guint8 number = choose_number (self, transaction);
  PakTry *try = &transaction->tries[transaction->n_tries];

  pak_message_set_transaction (transaction->command, number);
  self->numbers.users[number] = transaction;
  try->number = number;
  try->length = pak_link_send_message (self->link, PAK_LINK_READY, self->neighbour, transaction->node,
                                       PAK_EXPECT_MORE, transaction->command);
  try->sent_at = g_get_monotonic_time ();
  transaction->deadline = try->sent_at + get_timeout (self, transaction, try->length);
  transaction->n_tries++;
  arm_timer (self, transaction->deadline);
}

static void
start_waiting (PakSession *self)
{
  while (self->is_open && self->in_flight.length < self->max_in_flight && self->waiting.length > 0)
    {
      PakTransaction *transaction = g_queue_pop_head (&self->waiting);

      transaction->n_damaged = pak_link_get_n_damaged (self->link);
      g_queue_push_tail (&self->in_flight, transaction);
      send_try (self, transaction);
    }
}

static void
expire (PakSession *self, PakTransaction *transaction)
{
  if (transaction->repeat != PAK_REPEAT_NEVER && transaction->n_tries < PAK_MAX_TRIES)
    send_try (self, transaction);
  else
    fail_without_answer (self, transaction);
}

static PakTransaction *
find_expired (PakSession *self, gint64 now)
{
  for (GList *link = self->in_flight.head; link != NULL; link = link->next)
    {
      PakTransaction *transaction = link->data;

      if (transaction->deadline <= now)
        return transaction;
    }
  return NULL;
}

static gboolean
on_timer_cb (gpointer data)
{
  g_autoptr (PakSession) self = g_object_ref (data);
  gint64 now = g_get_monotonic_time ();
  PakTransaction *transaction;

  g_source_set_ready_time (self->timer, -1);
  while ((transaction = find_expired (self, now)) != NULL)
    expire (self, transaction);
  for (GList *link = self->in_flight.head; link != NULL; link = link->next)
    arm_timer (self, ((PakTransaction *) link->data)->deadline);
  return G_SOURCE_CONTINUE;
}

static PakTransaction *
find_cancelled (GQueue *transactions)
{
  for (GList *link = transactions->head; link != NULL; link = link->next)
    {
      PakTransaction *transaction = link->data;

      if (g_cancellable_is_cancelled (g_task_get_cancellable (transaction->task)))
        return transaction;
    }
  return NULL;
}

static gboolean
on_some_cancelled_cb (gpointer data)
{
  g_autoptr (PakSession) self = g_object_ref (data);
  PakTransaction *transaction;

  /* First this, then looking: a cancel in between makes it ready again. */
  g_source_set_ready_time (self->cancelled, -1);
  while ((transaction = find_cancelled (&self->waiting)) != NULL
         || (transaction = find_cancelled (&self->in_flight)) != NULL)
    fail (self, transaction, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
  return G_SOURCE_CONTINUE;
}

/* May run in any thread. */
static void
on_cancelled_cb (GCancellable *cancellable, gpointer data)
{
  PakSession *self = data;

  g_source_set_ready_time (self->cancelled, 0);
}

static void
on_disconnected_cb (gpointer data, GClosure *closure)
{
  g_object_unref (data);
}

static void
watch_cancellable (PakSession *self, PakTransaction *transaction, GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;
  transaction->cancel_handler = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_cancelled_cb),
                                                       g_object_ref (self), on_disconnected_cb, 0);
  if (g_cancellable_is_cancelled (cancellable))
    on_cancelled_cb (cancellable, self);
}

/* What comes in */

static void
take_answer (PakSession *self, PakTransaction *transaction, const PakPacket *packet)
{
  g_autoptr (GTask) task = NULL;

  pak_transaction_take_answer (transaction, packet, g_get_monotonic_time ());
  if (transaction->round_trip > 0 && !transaction->was_delayed)
    pak_round_trip_add (&self->round_trip, transaction->round_trip,
                        get_line_time (self, transaction->tries[0].length + packet->length + PAK_HEADER_SIZE),
                        packet->length);
  task = release (self, transaction);
  g_task_return_boolean (task, TRUE);
  start_waiting (self);
}

static void
take_please_wait (PakSession *self, const PakPacket *packet)
{
  g_autoptr (PakMessage) message = pak_message_decode (packet->protocol, packet->message, packet->length, NULL);
  PakTransaction *transaction = self->numbers.users[packet->transaction];

  if (message == NULL || transaction == NULL || packet->src_node != transaction->node
      || transaction->protocol != PAK_PROTOCOL_BMP5
      || pak_message_get_uint (message, "CmdMsgType") != transaction->type)
    return;
  pak_transaction_wait (transaction, pak_message_get_uint (message, "WaitSec"), g_get_monotonic_time ());
}

/* The transaction whose request could not be delivered (pakbus-facts C5), or NULL. */
static PakTransaction *
find_undelivered (PakSession *self, const PakMessage *failure)
{
  gsize length;
  const guint8 *original = pak_message_get_bytes (failure, "MsgData", &length);
  PakTransaction *transaction;

  if (length < 2 || pak_message_get_uint (failure, "SrcPBAddr") != self->own_address)
    return NULL;
  transaction = self->numbers.users[original[1]];
  if (transaction == NULL || transaction->type != original[0]
      || pak_message_get_uint (failure, "HiProtoCode") != transaction->protocol
      || pak_message_get_uint (failure, "DstPBAddr") != transaction->node)
    return NULL;
  return transaction;
}

static void
take_delivery_failure (PakSession *self, const PakPacket *packet)
{
  g_autoptr (PakMessage) failure = pak_message_decode (packet->protocol, packet->message, packet->length, NULL);
  PakTransaction *transaction = failure != NULL ? find_undelivered (self, failure) : NULL;
  g_autofree char *what = NULL;
  GError *error = NULL;

  /* Where a queue was full, the next try may find room. */
  if (transaction == NULL || pak_message_get_uint (failure, "ErrCode") == 3)
    return;
  what = pak_transaction_describe (transaction);
  pak_set_delivery_error (&error, pak_message_get_uint (failure, "ErrCode"), what);
  fail (self, transaction, error);
}

static void
take_response (PakSession *self, const PakPacket *packet)
{
  PakTransaction *transaction = self->numbers.users[packet->transaction];

  if (packet->protocol == PAK_PROTOCOL_PAKCTRL && packet->type == MSG_DELIVERY_FAILURE)
    take_delivery_failure (self, packet);
  else if (packet->src_phy != self->neighbour)
    return;
  else if (packet->protocol == PAK_PROTOCOL_BMP5 && packet->type == MSG_PLEASE_WAIT)
    take_please_wait (self, packet);
  else if (transaction != NULL && pak_transaction_is_answered_by (transaction, packet))
    take_answer (self, transaction, packet);
}

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
  note_source (self, packet->src_phy);
  if (packet->has_header)
    note_source (self, packet->src_node);
  if (!is_for_us (self, packet))
    return;

  if (packet->message == NULL)
    pak_node_answer_state (self->link, self->own_address, self->in_flight.length > 0, packet);
  else if ((packet->type & RESPONSE_BIT) != 0)
    take_response (self, packet);
  else
    pak_node_answer_command (self->link, self->own_address, &self->numbers, packet);
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
  self->neighbour = neighbour;

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, neighbour);
}

/* Leaves nothing open: each caller hears why. */
static void
shut_down (PakSession *self, const char *why)
{
  PakTransaction *transaction;

  self->is_open = FALSE;
  if (self->opening_task != NULL)
    end_opening (self, 0, g_error_new_literal (PAK_ERROR, PAK_ERROR_CLOSED, why));
  self->neighbour = 0;
  while ((transaction = g_queue_peek_head (&self->in_flight)) != NULL
         || (transaction = g_queue_peek_head (&self->waiting)) != NULL)
    fail (self, transaction, g_error_new_literal (PAK_ERROR, PAK_ERROR_CLOSED, why));
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
  self->round_trip = (PakRoundTrip) { 0 };
  watch_opening_cancellable (self);
  self->opening = pak_opening_new (self->link, self->own_address,
                                   (guint16) GPOINTER_TO_UINT (g_task_get_task_data (task)),
                                   MIN (self->first_timeout, CALL_INTERVAL), on_opening_done_cb, self);
  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0);
}

/* Sources whose time is set when there is something to do. */

static gboolean
dispatch_source (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

static GSource *
add_source (GSourceFunc callback, gpointer data)
{
  static GSourceFuncs funcs = { .dispatch = dispatch_source };
  GSource *source = g_source_new (&funcs, sizeof (GSource));

  g_source_set_callback (source, callback, data, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

static void
remove_source (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
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

  remove_source (self->timer);
  remove_source (self->cancelled);
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
  pak_numbers_init (&self->numbers);
  g_queue_init (&self->waiting);
  g_queue_init (&self->in_flight);
  self->max_in_flight = 1;
  self->first_timeout = FIRST_TIMEOUT;
  self->timer = add_source (on_timer_cb, self);
  self->cancelled = add_source (on_some_cancelled_cb, self);
}

PakSession *
pak_session_new (OpTransport *transport, guint16 own_address)
{
  g_return_val_if_fail (OP_IS_TRANSPORT (transport), NULL);

  PakSession *self = g_object_new (PAK_TYPE_SESSION, NULL);

  self->transport = g_object_ref (transport);
  self->own_address = own_address;
  self->link = pak_link_new (transport, own_address, on_packet_cb, self);
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

  if (self->is_open && self->neighbour != 0)
    pak_node_take_leave (self->link, self->neighbour);
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
  if (!self->is_open || self->neighbour == 0)
    {
      g_task_return_new_error (task, PAK_ERROR, PAK_ERROR_CLOSED, "The link is not open");
      return;
    }
  transaction->task = g_steal_pointer (&task);
  g_queue_push_tail (&self->waiting, transaction);
  watch_cancellable (self, transaction, cancellable);
  start_waiting (self);
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

guint8
pak_session_reserve_number (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 0);

  guint8 number = pak_numbers_take (&self->numbers, g_get_monotonic_time ());

  self->numbers.kept_until[number] = G_MAXINT64;
  return number;
}

void
pak_session_release_number (PakSession *self, guint8 number)
{
  g_return_if_fail (PAK_IS_SESSION (self));

  self->numbers.kept_until[number] = 0;
  pak_numbers_keep (&self->numbers, number, g_get_monotonic_time ());
}

guint16
pak_session_get_neighbour (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 0);

  return self->neighbour;
}

gint64
pak_session_get_round_trip (PakSession *self)
{
  g_return_val_if_fail (PAK_IS_SESSION (self), 0);

  return self->round_trip.smoothed;
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

  self->first_timeout = timeout_us;
}

void
pak_session_set_max_in_flight (PakSession *self, guint max_in_flight)
{
  g_return_if_fail (PAK_IS_SESSION (self));
  g_return_if_fail (max_in_flight > 0 && max_in_flight <= LIMIT_IN_FLIGHT);

  self->max_in_flight = max_in_flight;
}
