/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/exchange-parts-private.h"

/* Message types, by the manual's section 2. */
#define MSG_DELIVERY_FAILURE 0x81
#define MSG_PLEASE_WAIT      0xA1

/* Codes of a delivery failure (manual 2.2.1). */
#define QUEUE_OVERFLOW    3
#define MALFORMED_MESSAGE 5

/* Answers come in order: what was sent after @answered has not had its turn until now. */
static void
put_off_later (PakExchange *self, const PakTry *answered, gint64 now)
{
  for (GList *link = self->in_flight.tail; link != NULL; link = link->prev)
    {
      PakTransaction *transaction = link->data;

      if (transaction->n_rings == 0 && pak_transaction_get_last_try (transaction)->sent_at >= answered->sent_at)
        transaction->deadline = MAX (transaction->deadline, now + pak_exchange_get_timeout (self, transaction));
    }
}

static void
take_answer (PakExchange *self, PakTransaction *transaction, const PakPacket *packet)
{
  gint64 now = g_get_monotonic_time ();
  const PakTry *answered = pak_transaction_take_answer (transaction, packet, now);
  g_autoptr (GTask) task = pak_exchange_release (self, transaction);

  if (answered != NULL && answered->was_alone && !transaction->was_delayed)
    {
      gsize length = answered->length + packet->length + PAK_HEADER_SIZE;

      pak_node_times_take_answer (pak_exchange_get_times (self, transaction->node), transaction,
                                  pak_exchange_get_line_time (self, length), packet->length);
    }
  if (answered != NULL)
    put_off_later (self, answered, now);
  g_task_return_boolean (task, TRUE);
  pak_exchange_give_turns (self);
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
  pak_flow_set_back (&transaction->caller->flow, g_get_monotonic_time ());
  pak_exchange_give_turns (self);
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
  pak_flow_set_back (&transaction->caller->flow, now);
  if (self->in_flight.length > 1 && g_queue_find (&self->in_flight, transaction) != NULL
      && transaction->n_rings == 0 && pak_exchange_may_try_again (self, transaction, now))
    pak_exchange_put_back (self, transaction, now);
}

/* On a noisy link the request may have come as another one whose signature is right: then it is sent again. */
static gboolean
take_malformed (PakExchange *self, PakTransaction *transaction)
{
  gint64 now = g_get_monotonic_time ();

  if (!pak_link_is_noisy (self->link) || transaction->n_rings > 0
      || g_queue_find (&self->in_flight, transaction) == NULL)
    return FALSE;
  transaction->n_spoiled++;
  if (!pak_exchange_may_try_again (self, transaction, now))
    return FALSE;
  pak_exchange_put_back (self, transaction, now);
  pak_exchange_give_turns (self);
  return TRUE;
}

static void
take_delivery_failure (PakExchange *self, const PakPacket *packet)
{
  g_autoptr (PakMessage) failure = pak_message_decode (packet->protocol, packet->message, packet->length, NULL);
  PakTransaction *transaction = failure != NULL ? find_undelivered (self, failure) : NULL;
  g_autofree char *what = NULL;
  GError *error = NULL;
  guint code;

  if (transaction == NULL)
    return;
  code = pak_message_get_uint (failure, "ErrCode");
  if (code == QUEUE_OVERFLOW)
    {
      take_overflow (self, transaction);
      return;
    }
  if (code == MALFORMED_MESSAGE && take_malformed (self, transaction))
    return;
  what = pak_transaction_describe (transaction);
  pak_set_delivery_error (&error, code, what);
  pak_exchange_fail (self, transaction, error);
}

void
pak_exchange_take_response (PakExchange *self, const PakPacket *packet)
{
  PakTransaction *transaction = self->numbers.users[packet->transaction];

  if (packet->protocol == PAK_PROTOCOL_PAKCTRL && packet->type == MSG_DELIVERY_FAILURE)
    take_delivery_failure (self, packet);
  else if (transaction == NULL || packet->src_phy != transaction->neighbour)
    return;
  else if (packet->protocol == PAK_PROTOCOL_BMP5 && packet->type == MSG_PLEASE_WAIT)
    take_please_wait (self, packet);
  else if (pak_transaction_is_answered_by (transaction, packet))
    take_answer (self, transaction, packet);
}

void
pak_exchange_take_damage (PakExchange *self)
{
  PakTransaction *transaction = g_queue_peek_head (&self->in_flight);
  gint64 now = g_get_monotonic_time ();
  gint64 shortest = transaction != NULL ? pak_exchange_get_times (self, transaction->node)->all.shortest : 0;
  const PakTry *try;

  if (shortest == 0 || transaction->n_rings > 0 || !pak_exchange_may_try_again (self, transaction, now))
    return;
  /* What comes sooner is the rest of something else. */
  try = pak_transaction_get_last_try (transaction);
  if (now - try->sent_at < shortest / 2 + pak_exchange_get_line_time (self, try->length))
    return;
  transaction->n_spoiled++;
  if (!pak_exchange_may_try_again (self, transaction, now))
    return;
  pak_exchange_put_back (self, transaction, now);
  pak_exchange_give_turns (self);
}
