/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/opening-private.h"

/* As many rings as Campbell's own software sends (pakbus-facts A5). */
#define MAX_CALLS 5

#define MSG_HELLO         0x09
#define MSG_HELLO_REQUEST 0x0E

struct _PakOpening
{
  PakLink       *link;
  PakCaller     *caller;
  guint16        own_address;
  guint16        neighbour;
  gint64         interval;
  PakOpeningFunc func;
  gpointer       data;

  guint16  router; /* that told itself instead of the neighbour; 0: none */
  guint    n_calls;
  GSource *timer;  /* while a call waits for its answer */
};

static void on_turn_cb (gpointer data);

static void
clear_timer (PakOpening *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static gboolean
on_timer_cb (gpointer data)
{
  PakOpening *self = data;

  clear_timer (self);
  if (self->n_calls < MAX_CALLS)
    {
      pak_caller_end_turn (self->caller);
      pak_caller_ask_turn (self->caller, on_turn_cb, self);
    }
  else if (self->router != 0)
    /* Behind a router there may be a node that cannot hear us. */
    self->func (self->router, self->neighbour, self->data);
  else
    self->func (self->neighbour, self->neighbour, self->data);
  return G_SOURCE_REMOVE;
}

static void
on_turn_cb (gpointer data)
{
  PakOpening *self = data;

  self->n_calls++;
  if (self->neighbour != 0)
    pak_link_send_state (self->link, PAK_LINK_RING, self->neighbour);
  /* Whoever answers to this when the neighbour keeps silent tells that the address is wrong, or is its router. */
  if (self->neighbour == 0 || self->n_calls > 1)
    pak_link_ask_who_is_there (self->link);
  self->timer = g_timeout_source_new ((guint) (self->interval / 1000));
  g_source_set_callback (self->timer, on_timer_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static gboolean
is_hello (const PakPacket *packet)
{
  return packet->message != NULL && packet->protocol == PAK_PROTOCOL_PAKCTRL
         && (packet->type == MSG_HELLO || packet->type == MSG_HELLO_REQUEST);
}

static gboolean
is_hello_of_router (const PakPacket *packet)
{
  g_autoptr (PakMessage) hello = NULL;

  if (!is_hello (packet) || packet->type != MSG_HELLO || packet->src_phy != packet->src_node)
    return FALSE;
  hello = pak_message_decode (packet->protocol, packet->message, packet->length, NULL);
  return hello != NULL && pak_message_get_uint (hello, "IsRouter") != 0;
}

PakOpening *
pak_opening_new (PakLink *link, PakCaller *caller, guint16 own_address, guint16 neighbour, gint64 interval,
                 PakOpeningFunc func, gpointer data)
{
  PakOpening *self = g_new0 (PakOpening, 1);

  self->link = link;
  self->caller = caller;
  self->own_address = own_address;
  self->neighbour = neighbour;
  self->interval = interval;
  self->func = func;
  self->data = data;
  pak_caller_ask_turn (caller, on_turn_cb, self);
  return self;
}

void
pak_opening_free (PakOpening *self)
{
  clear_timer (self);
  pak_caller_end_turn (self->caller);
  g_free (self);
}

void
pak_opening_packet (PakOpening *self, const PakPacket *packet)
{
  gboolean tells_itself = self->neighbour == 0 && packet->src_phy != 0 && packet->src_phy < PAK_BROADCAST
                          && (packet->dst_phy == self->own_address || is_hello (packet));

  if (self->neighbour != 0 && packet->src_phy == self->neighbour)
    self->func (self->neighbour, self->neighbour, self->data);
  else if (tells_itself)
    self->func (packet->src_phy, is_hello (packet) ? packet->src_node : packet->src_phy, self->data);
  else if (is_hello_of_router (packet))
    self->router = packet->src_phy;
}
