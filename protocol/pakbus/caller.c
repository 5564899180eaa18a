/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/exchange-parts-private.h"

#define FIRST_TIMEOUT (2500 * 1000)

static void
add_neighbour_user (PakExchange *self, guint16 address)
{
  PakNeighbour *neighbour = pak_exchange_find_neighbour (self, address);

  if (neighbour == NULL)
    {
      neighbour = pak_neighbour_new (address, g_get_monotonic_time ());
      g_hash_table_insert (self->neighbours, GUINT_TO_POINTER (address), neighbour);
    }
  neighbour->n_users++;
}

static void
remove_neighbour_user (PakExchange *self, guint16 address)
{
  PakNeighbour *neighbour = pak_exchange_find_neighbour (self, address);

  if (neighbour != NULL && --neighbour->n_users == 0)
    g_hash_table_remove (self->neighbours, GUINT_TO_POINTER (address));
}

void
pak_caller_init (PakCaller *caller)
{
  caller->flow.max = 1;
  caller->first_timeout = FIRST_TIMEOUT;
  g_queue_init (&caller->waiting);
}

void
pak_caller_join (PakCaller *caller, PakExchange *self)
{
  caller->exchange = self;
  g_queue_push_tail (&self->callers, caller);
}

static PakTransaction *
find_open (PakExchange *self, PakCaller *caller)
{
  for (GList *link = self->in_flight.head; link != NULL; link = link->next)
    if (((PakTransaction *) link->data)->caller == caller)
      return link->data;
  return g_queue_peek_head (&caller->waiting);
}

void
pak_caller_leave (PakCaller *caller, const char *why)
{
  PakExchange *self = caller->exchange;
  PakTransaction *transaction;

  g_queue_remove (&self->callers, caller);
  pak_caller_end_turn (caller);
  while ((transaction = find_open (self, caller)) != NULL)
    pak_exchange_fail (self, transaction, g_error_new_literal (PAK_ERROR, PAK_ERROR_CLOSED, why));
  pak_caller_begin (caller, 0);
  caller->exchange = NULL;
}

void
pak_caller_begin (PakCaller *caller, guint16 neighbour)
{
  if (caller->neighbour != 0)
    remove_neighbour_user (caller->exchange, caller->neighbour);
  caller->neighbour = neighbour;
  if (neighbour != 0)
    add_neighbour_user (caller->exchange, neighbour);
}

void
pak_caller_ask_turn (PakCaller *caller, PakTurnFunc func, gpointer data)
{
  caller->turn = func;
  caller->turn_data = data;
  pak_exchange_give_turns (caller->exchange);
}

void
pak_caller_end_turn (PakCaller *caller)
{
  PakExchange *self = caller->exchange;

  caller->turn = NULL;
  if (self->holder != caller)
    return;
  self->holder = NULL;
  pak_exchange_give_turns (self);
}
