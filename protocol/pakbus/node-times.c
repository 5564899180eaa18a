/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/node-times-private.h"

#include "protocol/pakbus/exchange-private.h"

PakNodeTimes *
pak_node_times_new (void)
{
  PakNodeTimes *self = g_new0 (PakNodeTimes, 1);

  self->kinds = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return self;
}

void
pak_node_times_free (PakNodeTimes *self)
{
  g_hash_table_unref (self->kinds);
  g_free (self);
}

/* What is known of requests as this one. */
static PakRoundTrip *
get_kind (PakNodeTimes *self, const PakTransaction *transaction)
{
  gpointer key = GUINT_TO_POINTER ((guint) transaction->protocol << 8 | transaction->type);
  PakRoundTrip *kind = g_hash_table_lookup (self->kinds, key);

  if (kind == NULL)
    {
      kind = g_new0 (PakRoundTrip, 1);
      g_hash_table_insert (self->kinds, key, kind);
    }
  return kind;
}

static PakWait
get_wait (const PakTransaction *transaction, gint64 line_time)
{
  return (PakWait) { .first_timeout = transaction->caller->first_timeout,
                     .line_time = line_time,
                     .n_expired = transaction->n_expired };
}

gint64
pak_node_times_get_timeout (PakNodeTimes *self, const PakTransaction *transaction, gint64 line_time)
{
  const PakWait wait = get_wait (transaction, line_time);
  gint64 timeout = pak_round_trip_get_timeout (&self->all, get_kind (self, transaction), &wait);

  /* Who may not ask again does well to be patient. */
  return transaction->repeat == PAK_REPEAT_NEVER ? MAX (timeout, wait.first_timeout + line_time) : timeout;
}

gboolean
pak_node_times_may_try_again (PakNodeTimes *self, const PakTransaction *transaction, gint64 line_time, gint64 now)
{
  const PakWait wait = get_wait (transaction, line_time);
  gint64 waited = transaction->waited + now - pak_transaction_get_last_try (transaction)->sent_at;

  if (transaction->repeat == PAK_REPEAT_NEVER || transaction->n_tries == PAK_MAX_TRIES
      || transaction->n_spoiled == PAK_MAX_SPOILED_TRIES)
    return FALSE;
  return transaction->n_tries < PAK_MIN_TRIES || waited < pak_round_trip_get_patience (&self->all, &wait);
}

void
pak_node_times_take_answer (PakNodeTimes *self, const PakTransaction *transaction, gint64 line_time, gsize length)
{
  pak_round_trip_add (&self->all, transaction->round_trip, line_time, length);
  pak_round_trip_add (get_kind (self, transaction), transaction->round_trip, line_time, length);
}

void
pak_node_times_take_silence (PakNodeTimes *self, const PakTransaction *transaction)
{
  PakRoundTrip *kind = get_kind (self, transaction);

  kind->n_unanswered = MAX (kind->n_unanswered, transaction->n_expired);
}
