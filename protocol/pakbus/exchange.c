/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/exchange-private.h"

#include "protocol/pakbus/frame.h"

#define FIRST_TIMEOUT (2500 * 1000)
/* Most time that a logger is left alone because it asks to. */
#define MAX_HOLD_OFF_SECONDS (10 * 60)

/* Message types, by the manual's section 2. */
#define MSG_DELIVERY_FAILURE 0x81
#define MSG_PLEASE_WAIT      0xA1

#define QUEUE_OVERFLOW 3 /* code of a delivery failure (manual 2.2.1) */

static void start_waiting (PakExchange *self);

/* Times */

static gint64
get_line_time (PakExchange *self, gsize n_bytes)
{
  guint baud = op_transport_get_baud (self->transport);

  return baud == 0 ? 0 : (gint64) n_bytes * 10 * G_USEC_PER_SEC / baud;
}

/* What is known of requests as this one. */
static PakRoundTrip *
get_kind (PakExchange *self, const PakTransaction *transaction)
{
  gpointer key = GUINT_TO_POINTER ((guint) transaction->protocol << 8 | transaction->type);
  PakRoundTrip *kind = g_hash_table_lookup (self->round_trips, key);

  if (kind == NULL)
    {
      kind = g_new0 (PakRoundTrip, 1);
      g_hash_table_insert (self->round_trips, key, kind);
    }
  return kind;
}

static PakWait
get_wait (PakExchange *self, const PakTransaction *transaction)
{
  gsize length = pak_transaction_get_last_try (transaction)->length;

  return (PakWait) { .first_timeout = self->first_timeout,
                     .line_time = get_line_time (self, length + PAK_FRAME_MAX),
                     .n_expired = transaction->n_expired };
}

/* How long the last try of @transaction waits. */
static gint64
get_timeout (PakExchange *self, const PakTransaction *transaction)
{
  const PakWait wait = get_wait (self, transaction);
  gint64 timeout = pak_round_trip_get_timeout (&self->round_trip, get_kind (self, transaction), &wait);

  /* Who may not ask again does well to be patient. */
  return transaction->repeat == PAK_REPEAT_NEVER ? MAX (timeout, self->first_timeout + wait.line_time) : timeout;
}

static void
add_sample (PakExchange *self, const PakTransaction *transaction, const PakTry *try, gsize length)
{
  gint64 line_time = get_line_time (self, try->length + length + PAK_HEADER_SIZE);

  pak_round_trip_add (&self->round_trip, transaction->round_trip, line_time, length);
  pak_round_trip_add (get_kind (self, transaction), transaction->round_trip, line_time, length);
}

/* Setting a ready time wakes the main loop: a timer that goes off too early is cheaper than one set each time. */
static void
arm_timer (PakExchange *self, gint64 deadline)
{
  gint64 ready = g_source_get_ready_time (self->timer);

  if (ready < 0 || deadline < ready)
    g_source_set_ready_time (self->timer, deadline);
}

/* Transactions */

/* Makes @transaction nobody's; what completes it comes after. */
static GTask *
release (PakExchange *self, PakTransaction *transaction)
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
fail (PakExchange *self, PakTransaction *transaction, GError *error)
{
  g_autoptr (GTask) task = release (self, transaction);

  g_task_return_error (task, error);
  start_waiting (self);
}

static void
fail_without_answer (PakExchange *self, PakTransaction *transaction)
{
  guint64 n_damaged = pak_link_get_n_damaged (self->link) - transaction->n_damaged;
  g_autofree char *what = pak_transaction_describe (transaction);

  if (n_damaged > 0)
    fail (self, transaction,
          g_error_new (PAK_ERROR, PAK_ERROR_NOISE,
                       "%s: no readable answer in %u tries; %" G_GUINT64_FORMAT " damaged frames came", what,
                       transaction->n_tries, n_damaged));
  else if (transaction->found_no_room)
    {
      GError *error = NULL;

      pak_set_delivery_error (&error, QUEUE_OVERFLOW, what);
      fail (self, transaction, error);
    }
  else
    fail (self, transaction,
          g_error_new (PAK_ERROR, PAK_ERROR_TIMED_OUT, "%s: no answer in %u tries", what, transaction->n_tries));
}

static guint8
choose_number (PakExchange *self, PakTransaction *transaction)
{
  guint8 number = pak_message_get_transaction (transaction->command);

  if (transaction->repeat != PAK_REPEAT_NEW_NUMBER && number != 0)
    return number;
  return pak_numbers_take (&self->numbers, g_get_monotonic_time ());
}

static void
send_try (PakExchange *self, PakTransaction *transaction)
{
  guint8 number = choose_number (self, transaction);
  PakTry *try = &transaction->tries[transaction->n_tries];

  pak_message_set_transaction (transaction->command, number);
  self->numbers.users[number] = transaction;
  try->number = number;
  try->length = pak_link_send_message (self->link, PAK_LINK_READY, self->neighbour, transaction->node,
                                       PAK_EXPECT_MORE, transaction->command);
  try->sent_at = g_get_monotonic_time ();
  try->was_alone = self->in_flight.length == 1;
  transaction->n_tries++;
  transaction->found_no_room = FALSE;
  transaction->deadline = try->sent_at + get_timeout (self, transaction);
  arm_timer (self, transaction->deadline);
}

static gboolean
is_cancelled (const PakTransaction *transaction)
{
  return g_cancellable_is_cancelled (g_task_get_cancellable (transaction->task));
}

/* The next to be sent, or NULL. */
static PakTransaction *
pop_waiting (PakExchange *self)
{
  gint64 now = g_get_monotonic_time ();

  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    {
      PakTransaction *transaction = link->data;

      if (is_cancelled (transaction))
        continue;
      if (transaction->node != self->held_node || now >= self->held_until)
        {
          g_queue_delete_link (&self->waiting, link);
          return transaction;
        }
      arm_timer (self, self->held_until);
    }
  return NULL;
}

static void
start_waiting (PakExchange *self)
{
  PakTransaction *transaction;

  while (self->neighbour != 0
         && self->in_flight.length < pak_flow_get_room (&self->flow, g_get_monotonic_time ())
         && (transaction = pop_waiting (self)) != NULL)
    {
      if (transaction->n_tries == 0)
        transaction->n_damaged = pak_link_get_n_damaged (self->link);
      g_queue_push_tail (&self->in_flight, transaction);
      send_try (self, transaction);
    }
}

/* Sends @transaction again before those that wait, once there is room. */
static void
put_back (PakExchange *self, PakTransaction *transaction)
{
  g_queue_remove (&self->in_flight, transaction);
  g_queue_push_head (&self->waiting, transaction);
}

static gboolean
may_try_again (PakExchange *self, const PakTransaction *transaction, gint64 now)
{
  const PakWait wait = get_wait (self, transaction);

  if (transaction->repeat == PAK_REPEAT_NEVER || transaction->n_tries == PAK_MAX_TRIES
      || transaction->n_spoiled == PAK_MAX_SPOILED_TRIES)
    return FALSE;
  return transaction->n_tries < PAK_MIN_TRIES
         || now - transaction->tries[0].sent_at < pak_round_trip_get_patience (&self->round_trip, &wait);
}

static PakTransaction *
find_to_give_up (PakExchange *self, gint64 now)
{
  for (GList *link = self->in_flight.head; link != NULL; link = link->next)
    {
      PakTransaction *transaction = link->data;

      if (transaction->deadline <= now && !may_try_again (self, transaction, now))
        return transaction;
    }
  return NULL;
}

/* Whose answers did not come in time are asked for again, in their order. */
static void
put_back_expired (PakExchange *self, gint64 now)
{
  for (GList *link = self->in_flight.tail, *previous; link != NULL; link = previous)
    {
      PakTransaction *transaction = link->data;
      PakRoundTrip *kind;

      previous = link->prev;
      if (transaction->deadline > now)
        continue;
      kind = get_kind (self, transaction);
      transaction->n_expired++;
      kind->n_unanswered = MAX (kind->n_unanswered, transaction->n_expired);
      pak_flow_set_back (&self->flow, now);
      put_back (self, transaction);
    }
}

static gboolean
on_timer_cb (gpointer data)
{
  g_autoptr (PakExchange) self = pak_exchange_ref (data);
  gint64 now = g_get_monotonic_time ();
  PakTransaction *transaction;

  g_source_set_ready_time (self->timer, -1);
  while ((transaction = find_to_give_up (self, now)) != NULL)
    fail_without_answer (self, transaction);
  put_back_expired (self, now);
  for (GList *link = self->in_flight.head; link != NULL; link = link->next)
    arm_timer (self, ((PakTransaction *) link->data)->deadline);
  start_waiting (self);
  return G_SOURCE_CONTINUE;
}

static PakTransaction *
find_cancelled (GQueue *transactions)
{
  for (GList *link = transactions->head; link != NULL; link = link->next)
    {
      PakTransaction *transaction = link->data;

      if (is_cancelled (transaction))
        return transaction;
    }
  return NULL;
}

static gboolean
on_some_cancelled_cb (gpointer data)
{
  g_autoptr (PakExchange) self = pak_exchange_ref (data);
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
  PakExchange *self = data;

  g_source_set_ready_time (self->cancelled, 0);
}

static void
on_disconnected_cb (gpointer data, GClosure *closure)
{
  pak_exchange_unref (data);
}

static void
watch_cancellable (PakExchange *self, PakTransaction *transaction, GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;
  transaction->cancel_handler = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_cancelled_cb),
                                                       pak_exchange_ref (self), on_disconnected_cb, 0);
  if (g_cancellable_is_cancelled (cancellable))
    on_cancelled_cb (cancellable, self);
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

/* Answers come in order: what was sent after @answered has not had its turn until now. */
static void
put_off_later (PakExchange *self, const PakTry *answered, gint64 now)
{
  for (GList *link = self->in_flight.tail; link != NULL; link = link->prev)
    {
      PakTransaction *transaction = link->data;

      if (pak_transaction_get_last_try (transaction)->sent_at >= answered->sent_at)
        transaction->deadline = MAX (transaction->deadline, now + get_timeout (self, transaction));
    }
}

static void
take_answer (PakExchange *self, PakTransaction *transaction, const PakPacket *packet)
{
  gint64 now = g_get_monotonic_time ();
  const PakTry *answered = pak_transaction_take_answer (transaction, packet, now);
  g_autoptr (GTask) task = release (self, transaction);

  if (answered != NULL && answered->was_alone && !transaction->was_delayed)
    add_sample (self, transaction, answered, packet->length);
  if (answered != NULL)
    put_off_later (self, answered, now);
  g_task_return_boolean (task, TRUE);
  start_waiting (self);
}

static void
take_please_wait (PakExchange *self, const PakPacket *packet)
{
  g_autoptr (PakMessage) message = pak_message_decode (packet->protocol, packet->message, packet->length, NULL);
  PakTransaction *transaction = self->numbers.users[packet->transaction];

  if (message == NULL || transaction == NULL || packet->src_node != transaction->node
      || transaction->protocol != PAK_PROTOCOL_BMP5
      || pak_message_get_uint (message, "CmdMsgType") != transaction->type)
    return;
  pak_transaction_wait (transaction, pak_message_get_uint (message, "WaitSec"), g_get_monotonic_time ());
  pak_flow_set_back (&self->flow, g_get_monotonic_time ());
}

/* The transaction whose request could not be delivered (pakbus-facts C5), or NULL. */
static PakTransaction *
find_undelivered (PakExchange *self, const PakMessage *failure)
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

/* Where a queue was full, there may be room once the others in flight are answered, or after a time. */
static void
take_overflow (PakExchange *self, PakTransaction *transaction)
{
  gint64 now = g_get_monotonic_time ();

  transaction->found_no_room = TRUE;
  pak_flow_set_back (&self->flow, now);
  if (self->in_flight.length > 1 && g_queue_find (&self->in_flight, transaction) != NULL
      && may_try_again (self, transaction, now))
    put_back (self, transaction);
}

static void
take_delivery_failure (PakExchange *self, const PakPacket *packet)
{
  g_autoptr (PakMessage) failure = pak_message_decode (packet->protocol, packet->message, packet->length, NULL);
  PakTransaction *transaction = failure != NULL ? find_undelivered (self, failure) : NULL;
  g_autofree char *what = NULL;
  GError *error = NULL;

  if (transaction == NULL)
    return;
  if (pak_message_get_uint (failure, "ErrCode") == QUEUE_OVERFLOW)
    {
      take_overflow (self, transaction);
      return;
    }
  what = pak_transaction_describe (transaction);
  pak_set_delivery_error (&error, pak_message_get_uint (failure, "ErrCode"), what);
  fail (self, transaction, error);
}

static void
exchange_clear (gpointer data)
{
  PakExchange *self = data;

  remove_source (self->timer);
  remove_source (self->cancelled);
  g_hash_table_unref (self->round_trips);
  g_object_unref (self->transport);
}

PakExchange *
pak_exchange_new (PakLink *link, OpTransport *transport, guint16 own_address)
{
  PakExchange *self = g_atomic_rc_box_new0 (PakExchange);

  self->link = link;
  self->transport = g_object_ref (transport);
  self->own_address = own_address;
  pak_numbers_init (&self->numbers);
  g_queue_init (&self->waiting);
  g_queue_init (&self->in_flight);
  self->flow.max = 1;
  self->round_trips = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->first_timeout = FIRST_TIMEOUT;
  self->timer = add_source (on_timer_cb, self);
  self->cancelled = add_source (on_some_cancelled_cb, self);
  return self;
}

PakExchange *
pak_exchange_ref (PakExchange *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pak_exchange_unref (PakExchange *self)
{
  g_atomic_rc_box_release_full (self, exchange_clear);
}

void
pak_exchange_begin (PakExchange *self, guint16 neighbour)
{
  self->neighbour = neighbour;
  self->held_until = 0;
}

void
pak_exchange_end (PakExchange *self, const char *why)
{
  PakTransaction *transaction;

  self->neighbour = 0;
  while ((transaction = g_queue_peek_head (&self->in_flight)) != NULL
         || (transaction = g_queue_peek_head (&self->waiting)) != NULL)
    fail (self, transaction, g_error_new_literal (PAK_ERROR, PAK_ERROR_CLOSED, why));
}

void
pak_exchange_add (PakExchange *self, PakTransaction *transaction, GTask *task)
{
  transaction->task = task;
  g_queue_push_tail (&self->waiting, transaction);
  watch_cancellable (self, transaction, g_task_get_cancellable (task));
  start_waiting (self);
}

void
pak_exchange_hold_off (PakExchange *self, guint16 node, guint seconds)
{
  self->held_node = node;
  self->held_until = g_get_monotonic_time () + MIN (seconds, MAX_HOLD_OFF_SECONDS) * G_USEC_PER_SEC;
}

void
pak_exchange_take_response (PakExchange *self, const PakPacket *packet)
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

void
pak_exchange_forget_times (PakExchange *self)
{
  self->round_trip = (PakRoundTrip) { 0 };
  g_hash_table_remove_all (self->round_trips);
}

void
pak_exchange_take_damage (PakExchange *self)
{
  PakTransaction *transaction = g_queue_peek_head (&self->in_flight);
  gint64 now = g_get_monotonic_time ();
  const PakTry *try;

  if (transaction == NULL || self->round_trip.smoothed == 0 || !may_try_again (self, transaction, now))
    return;
  /* What comes sooner is the rest of something else. */
  try = pak_transaction_get_last_try (transaction);
  if (now - try->sent_at < self->round_trip.smoothed / 2 + get_line_time (self, try->length))
    return;
  transaction->n_spoiled++;
  if (!may_try_again (self, transaction, now))
    return;
  put_back (self, transaction);
  start_waiting (self);
}
