/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/exchange-parts-private.h"

#include "protocol/pakbus/frame.h"
#include "protocol/transport/wake-source-private.h"

/* Rings that a neighbour who answered earlier ones may miss, and the most time for each (pakbus-facts A5). */
#define MAX_RINGS    5
#define RING_TIMEOUT (2 * G_USEC_PER_SEC)

/* Most time that a logger is left alone because it asks to. */
#define MAX_HOLD_OFF_SECONDS (10 * 60)

#define QUEUE_OVERFLOW 3 /* code of a delivery failure (manual 2.2.1) */

/* An answer that has come, but was not read yet as the main loop was held, is in time. */
#define TIMER_PRIORITY (G_PRIORITY_DEFAULT + 10)

/* Nodes */

PakNodeTimes *
pak_exchange_get_times (PakExchange *self, guint16 address)
{
  gpointer key = GUINT_TO_POINTER (address);
  PakNodeTimes *node = g_hash_table_lookup (self->nodes, key);

  if (node == NULL)
    {
      node = pak_node_times_new ();
      g_hash_table_insert (self->nodes, key, node);
    }
  return node;
}

PakNeighbour *
pak_exchange_find_neighbour (PakExchange *self, guint16 address)
{
  return g_hash_table_lookup (self->neighbours, GUINT_TO_POINTER (address));
}

/* Times */

gint64
pak_exchange_get_line_time (PakExchange *self, gsize n_bytes)
{
  guint baud = op_transport_get_baud (self->transport);

  return baud == 0 ? 0 : (gint64) n_bytes * 10 * G_USEC_PER_SEC / baud;
}

/* Of the last try of @transaction and the longest answer. */
static gint64
get_longest_line_time (PakExchange *self, const PakTransaction *transaction)
{
  return pak_exchange_get_line_time (self, pak_transaction_get_last_try (transaction)->length + PAK_FRAME_MAX);
}

gint64
pak_exchange_get_timeout (PakExchange *self, const PakTransaction *transaction)
{
  return pak_node_times_get_timeout (pak_exchange_get_times (self, transaction->node), transaction,
                                     get_longest_line_time (self, transaction));
}

gboolean
pak_exchange_may_try_again (PakExchange *self, const PakTransaction *transaction, gint64 now)
{
  return pak_node_times_may_try_again (pak_exchange_get_times (self, transaction->node), transaction,
                                       get_longest_line_time (self, transaction), now);
}

static gint64
get_ring_timeout (PakExchange *self, const PakTransaction *transaction)
{
  const PakRoundTrip *neighbour = &pak_exchange_get_times (self, transaction->neighbour)->all;
  const PakWait wait = { .first_timeout = transaction->caller->first_timeout,
                         .line_time = pak_exchange_get_line_time (self, 4 * PAK_HEADER_SIZE),
                         .n_expired = transaction->n_rings };

  return MIN (pak_round_trip_get_timeout (neighbour, neighbour, &wait), RING_TIMEOUT);
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

static void
stop_flight (PakExchange *self, PakTransaction *transaction)
{
  if (g_queue_remove (&self->in_flight, transaction))
    transaction->caller->n_in_flight--;
}

/* Makes @transaction nobody's; what completes it comes after. */
GTask *
pak_exchange_release (PakExchange *self, PakTransaction *transaction)
{
  GTask *task = g_steal_pointer (&transaction->task);

  stop_flight (self, transaction);
  g_queue_remove (&transaction->caller->waiting, transaction);
  pak_numbers_release (&self->numbers, transaction, g_get_monotonic_time ());
  if (transaction->cancel_handler != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), transaction->cancel_handler);
  transaction->cancel_handler = 0;
  return task;
}

void
pak_exchange_fail (PakExchange *self, PakTransaction *transaction, GError *error)
{
  g_autoptr (GTask) task = pak_exchange_release (self, transaction);

  g_task_return_error (task, error);
  pak_exchange_give_turns (self);
}

static void
fail_without_answer (PakExchange *self, PakTransaction *transaction)
{
  guint64 n_damaged = pak_link_get_n_damaged (self->link) - transaction->n_damaged;
  g_autofree char *what = pak_transaction_describe (transaction);

  if (n_damaged > 0)
    pak_exchange_fail (self, transaction,
          g_error_new (PAK_ERROR, PAK_ERROR_NOISE,
                       "%s: no readable answer in %u tries; %" G_GUINT64_FORMAT " damaged frames came", what,
                       transaction->n_tries, n_damaged));
  else if (transaction->found_no_room)
    {
      GError *error = NULL;

      pak_set_delivery_error (&error, QUEUE_OVERFLOW, what);
      pak_exchange_fail (self, transaction, error);
    }
  else
    pak_exchange_fail (self, transaction,
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
  try->length = pak_link_send_message (self->link, PAK_LINK_READY, transaction->neighbour, transaction->node,
                                       PAK_EXPECT_MORE, transaction->command);
  try->sent_at = g_get_monotonic_time ();
  try->was_alone = self->in_flight.length == 1;
  transaction->n_tries++;
  transaction->n_rings = 0;
  transaction->found_no_room = FALSE;
  transaction->deadline = try->sent_at + pak_exchange_get_timeout (self, transaction);
  arm_timer (self, transaction->deadline);
}

static void
ring (PakExchange *self, PakTransaction *transaction, PakNeighbour *neighbour)
{
  neighbour->state = PAK_LINK_RING;
  pak_link_send_state (self->link, PAK_LINK_RING, neighbour->address);
  transaction->deadline = g_get_monotonic_time () + get_ring_timeout (self, transaction);
  transaction->n_rings++;
  arm_timer (self, transaction->deadline);
}

static void
take_off (PakExchange *self, PakTransaction *transaction)
{
  PakNeighbour *neighbour = pak_exchange_find_neighbour (self, transaction->neighbour);

  if (transaction->n_tries == 0)
    transaction->n_damaged = pak_link_get_n_damaged (self->link);
  transaction->caller->n_in_flight++;
  g_queue_push_tail (&self->in_flight, transaction);
  if (neighbour != NULL && pak_neighbour_must_ring (neighbour))
    ring (self, transaction, neighbour);
  else
    send_try (self, transaction);
}

/* Sends @transaction again before those that wait, once it is its turn. */
void
pak_exchange_put_back (PakExchange *self, PakTransaction *transaction, gint64 now)
{
  stop_flight (self, transaction);
  transaction->waited += now - pak_transaction_get_last_try (transaction)->sent_at;
  g_queue_push_head (&transaction->caller->waiting, transaction);
}

static gboolean
is_cancelled (const PakTransaction *transaction)
{
  return g_cancellable_is_cancelled (g_task_get_cancellable (transaction->task));
}

/* Turns */

/* The caller's next request that may be sent now, or NULL. */
static PakTransaction *
find_waiting (PakExchange *self, PakCaller *caller, gint64 now)
{
  if (caller->n_in_flight >= pak_flow_get_room (&caller->flow, now))
    return NULL;
  for (GList *link = caller->waiting.head; link != NULL; link = link->next)
    {
      PakTransaction *transaction = link->data;
      gint64 held_until = pak_exchange_get_times (self, transaction->node)->held_until;

      if (is_cancelled (transaction))
        continue;
      if (now >= held_until)
        return transaction;
      arm_timer (self, held_until);
    }
  return NULL;
}

/* Whether nobody else uses it. Who has been told to wait listens only. */
static gboolean
is_line_free (PakExchange *self, const PakCaller *caller)
{
  for (GList *link = self->in_flight.head; link != NULL; link = link->next)
    {
      const PakTransaction *transaction = link->data;

      if (!transaction->was_delayed && transaction->caller != caller)
        return FALSE;
    }
  return TRUE;
}

/* Lets @caller do one thing. */
static void
give_turn (PakExchange *self, PakCaller *caller, PakTransaction *transaction)
{
  PakTurnFunc turn = g_steal_pointer (&caller->turn);

  g_queue_remove (&self->callers, caller);
  g_queue_push_tail (&self->callers, caller);
  if (turn != NULL)
    {
      self->holder = caller;
      turn (caller->turn_data);
      return;
    }
  g_queue_remove (&caller->waiting, transaction);
  take_off (self, transaction);
}

/* Returns: whether anybody got a turn. */
static gboolean
give_next_turn (PakExchange *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->holder != NULL)
    return FALSE;
  for (GList *link = self->callers.head; link != NULL; link = link->next)
    {
      PakCaller *caller = link->data;
      PakTransaction *transaction = caller->turn == NULL ? find_waiting (self, caller, now) : NULL;

      if (caller->turn == NULL && transaction == NULL)
        continue;
      /* Nobody overtakes the next one, or those who talk much would keep the line for ever. */
      if (!is_line_free (self, caller))
        return FALSE;
      give_turn (self, caller, transaction);
      return TRUE;
    }
  return FALSE;
}

void
pak_exchange_give_turns (PakExchange *self)
{
  while (give_next_turn (self))
    ;
}

/* Time */

static void
ring_again (PakExchange *self, PakTransaction *transaction)
{
  PakNeighbour *neighbour = pak_exchange_find_neighbour (self, transaction->neighbour);

  /* Ring and ready are not required (manual 4.2). */
  if (neighbour == NULL || transaction->n_rings == MAX_RINGS)
    send_try (self, transaction);
  else
    ring (self, transaction, neighbour);
}

static PakTransaction *
find_to_give_up (PakExchange *self, gint64 now)
{
  for (GList *link = self->in_flight.head; link != NULL; link = link->next)
    {
      PakTransaction *transaction = link->data;

      if (transaction->deadline <= now && transaction->n_rings == 0
          && !pak_exchange_may_try_again (self, transaction, now))
        return transaction;
    }
  return NULL;
}

/* Whose answers did not come in time are asked for again, in their order; others may be heard before. */
static void
put_back_expired (PakExchange *self, gint64 now)
{
  for (GList *link = self->in_flight.tail, *previous; link != NULL; link = previous)
    {
      PakTransaction *transaction = link->data;

      previous = link->prev;
      if (transaction->deadline > now)
        continue;
      if (transaction->n_rings > 0)
        {
          ring_again (self, transaction);
          continue;
        }
      transaction->n_expired++;
      pak_node_times_take_silence (pak_exchange_get_times (self, transaction->node), transaction);
      pak_flow_set_back (&transaction->caller->flow, now);
      pak_exchange_put_back (self, transaction, now);
    }
}

static gboolean
on_timer_cb (gpointer data)
{
  g_autoptr (PakExchange) self = pak_exchange_ref (data);
  gint64 now = g_get_monotonic_time ();
  PakTransaction *transaction;

  while ((transaction = find_to_give_up (self, now)) != NULL)
    fail_without_answer (self, transaction);
  put_back_expired (self, now);
  for (GList *link = self->in_flight.head; link != NULL; link = link->next)
    arm_timer (self, ((PakTransaction *) link->data)->deadline);
  pak_exchange_give_turns (self);
  return G_SOURCE_CONTINUE;
}

static PakTransaction *
find_cancelled_among (const GQueue *transactions)
{
  for (GList *link = transactions->head; link != NULL; link = link->next)
    {
      PakTransaction *transaction = link->data;

      if (is_cancelled (transaction))
        return transaction;
    }
  return NULL;
}

static PakTransaction *
find_cancelled (PakExchange *self)
{
  PakTransaction *transaction = find_cancelled_among (&self->in_flight);

  for (GList *link = self->callers.head; link != NULL && transaction == NULL; link = link->next)
    transaction = find_cancelled_among (&((PakCaller *) link->data)->waiting);
  return transaction;
}

static gboolean
on_some_cancelled_cb (gpointer data)
{
  g_autoptr (PakExchange) self = pak_exchange_ref (data);
  PakTransaction *transaction;

  while ((transaction = find_cancelled (self)) != NULL)
    pak_exchange_fail (self, transaction, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
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

static void
exchange_clear (gpointer data)
{
  PakExchange *self = data;

  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_source_destroy (self->cancelled);
  g_source_unref (self->cancelled);
  g_hash_table_unref (self->neighbours);
  g_hash_table_unref (self->nodes);
  g_object_unref (self->transport);
}

PakExchange *
pak_exchange_new (PakLink *link, OpTransport *transport, guint16 own_address)
{
  PakExchange *self = g_atomic_rc_box_new0 (PakExchange);

  self->link = link;
  self->transport = g_object_ref (transport);
  self->own_address = own_address;
  self->neighbours = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->nodes = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) pak_node_times_free);
  pak_numbers_init (&self->numbers);
  g_queue_init (&self->callers);
  g_queue_init (&self->in_flight);
  self->timer = op_wake_source_attach (on_timer_cb, self);
  g_source_set_priority (self->timer, TIMER_PRIORITY);
  self->cancelled = op_wake_source_attach (on_some_cancelled_cb, self);
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
pak_exchange_reset (PakExchange *self)
{
  g_hash_table_remove_all (self->nodes);
}

void
pak_exchange_add (PakExchange *self, PakCaller *caller, PakTransaction *transaction, GTask *task)
{
  transaction->task = task;
  transaction->caller = caller;
  g_queue_push_tail (&caller->waiting, transaction);
  watch_cancellable (self, transaction, g_task_get_cancellable (task));
  pak_exchange_give_turns (self);
}

void
pak_exchange_hold_off (PakExchange *self, guint16 node, guint seconds)
{
  pak_exchange_get_times (self, node)->held_until
      = g_get_monotonic_time () + MIN (seconds, MAX_HOLD_OFF_SECONDS) * G_USEC_PER_SEC;
}

gboolean
pak_exchange_take_ready (PakExchange *self, const PakNeighbour *neighbour)
{
  gboolean sent = FALSE;

  for (GList *link = self->in_flight.head; link != NULL; link = link->next)
    {
      PakTransaction *transaction = link->data;

      if (transaction->n_rings == 0 || transaction->neighbour != neighbour->address)
        continue;
      send_try (self, transaction);
      sent = TRUE;
    }
  return sent;
}

static gboolean
has_neighbour (const GQueue *transactions, guint16 neighbour)
{
  for (GList *link = transactions->head; link != NULL; link = link->next)
    if (((const PakTransaction *) link->data)->neighbour == neighbour)
      return TRUE;
  return FALSE;
}

gboolean
pak_exchange_is_busy (PakExchange *self, guint16 neighbour)
{
  gboolean is_busy = has_neighbour (&self->in_flight, neighbour);

  for (GList *link = self->callers.head; link != NULL && !is_busy; link = link->next)
    is_busy = has_neighbour (&((PakCaller *) link->data)->waiting, neighbour);
  return is_busy;
}

gint64
pak_exchange_get_round_trip (PakExchange *self, guint16 node)
{
  return pak_exchange_get_times (self, node)->all.smoothed;
}
