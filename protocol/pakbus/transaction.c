/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/transaction-private.h"

/* How long an answer may be on its way over networks that store and forward. */
#define LATE_ANSWER (60 * G_USEC_PER_SEC)
/* The limit of one Please Wait (manual 2.3.1), and ours of all that may follow each other. */
#define MAX_WAIT_SECONDS 30
#define MAX_WAIT_TOTAL (5 * 60 * G_USEC_PER_SEC)

PakTransaction *
pak_transaction_new (PakMessage *command, guint16 neighbour, guint16 node, PakRepeat repeat)
{
  PakTransaction *transaction = g_new0 (PakTransaction, 1);
  const PakMessageDesc *desc = pak_message_get_desc (command);

  transaction->command = command;
  transaction->protocol = pak_message_desc_get_protocol (desc);
  transaction->type = pak_message_desc_get_type (desc);
  transaction->neighbour = neighbour;
  transaction->node = node;
  transaction->repeat = repeat;
  return transaction;
}

void
pak_transaction_free (PakTransaction *transaction)
{
  pak_message_free (transaction->command);
  g_clear_pointer (&transaction->answer, g_bytes_unref);
  g_free (transaction);
}

gboolean
pak_transaction_is_answered_by (const PakTransaction *transaction, const PakPacket *packet)
{
  return packet->protocol == transaction->protocol
         && packet->type == (transaction->type | 0x80)
         && packet->src_node == transaction->node
         && (transaction->accept == NULL
             || transaction->accept (packet->message, packet->length, transaction->accept_data));
}

const PakTry *
pak_transaction_take_answer (PakTransaction *transaction, const PakPacket *packet, gint64 now)
{
  gboolean is_ambiguous = transaction->repeat == PAK_REPEAT_SAME_NUMBER && transaction->n_tries > 1;

  transaction->answer = g_bytes_new (packet->message, packet->length);
  for (guint i = 0; i < transaction->n_tries; i++)
    {
      const PakTry *try = &transaction->tries[i];

      if (try->number != packet->transaction || is_ambiguous)
        continue;
      transaction->round_trip = MAX (now - try->sent_at, 1);
      return try;
    }
  return NULL;
}

const PakTry *
pak_transaction_get_last_try (const PakTransaction *transaction)
{
  g_assert (transaction->n_tries > 0);

  return &transaction->tries[transaction->n_tries - 1];
}

void
pak_transaction_wait (PakTransaction *transaction, guint seconds, gint64 now)
{
  gint64 asked = now + MIN (seconds, MAX_WAIT_SECONDS) * G_USEC_PER_SEC;
  gint64 last = transaction->tries[0].sent_at + MAX_WAIT_TOTAL;

  transaction->was_delayed = TRUE;
  transaction->deadline = MAX (transaction->deadline, MIN (asked, last));
}

char *
pak_transaction_describe (const PakTransaction *transaction)
{
  return g_strdup_printf ("%s to PakBus address %u",
                          pak_message_desc_get_name (pak_message_get_desc (transaction->command)),
                          (guint) transaction->node);
}

void
pak_numbers_init (PakNumbers *numbers)
{
  /* A start of its own keeps answers to an earlier program on the same link apart. */
  numbers->last = (guint8) g_random_int_range (0, 255);
}

guint8
pak_numbers_take (PakNumbers *numbers, gint64 now)
{
  guint8 oldest = 0;

  /* 0 belongs to one-way messages (pakbus-facts C3). */
  for (guint i = 0; i < 255; i++)
    {
      guint8 number = (guint8) ((numbers->last + i) % 255 + 1);

      if (numbers->users[number] != NULL || numbers->kept_until[number] == G_MAXINT64)
        continue;
      if (numbers->kept_until[number] <= now)
        {
          numbers->last = number;
          return number;
        }
      if (oldest == 0 || numbers->kept_until[number] < numbers->kept_until[oldest])
        oldest = number;
    }
  numbers->last = oldest;
  return oldest;
}

void
pak_numbers_keep (PakNumbers *numbers, guint8 number, gint64 now)
{
  numbers->kept_until[number] = MAX (numbers->kept_until[number], now + LATE_ANSWER);
}

void
pak_numbers_release (PakNumbers *numbers, const PakTransaction *transaction, gint64 now)
{
  for (guint i = 0; i < transaction->n_tries; i++)
    {
      guint8 number = transaction->tries[i].number;

      numbers->users[number] = NULL;
      if (transaction->answer == NULL || transaction->n_tries > 1)
        pak_numbers_keep (numbers, number, now);
    }
}
