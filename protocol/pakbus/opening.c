/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/opening-private.h"

/* As many rings as Campbell's own software sends (pakbus-facts A5). */
#define MAX_CALLS 5

struct _PakOpening
{
  PakLink       *link;
  guint16        own_address;
  guint16        neighbour;
  PakOpeningFunc func;
  gpointer       data;

  guint    n_calls;
  GSource *timer;
};

static void
ask_who_is_there (PakOpening *self)
{
  g_autoptr (PakMessage) request = pak_message_new (PAK_PROTOCOL_PAKCTRL, 0x0E, 0);

  pak_link_send_message (self->link, PAK_LINK_RING, PAK_BROADCAST, PAK_BROADCAST, PAK_EXPECT_LAST, request);
}

static void
call (PakOpening *self)
{
  self->n_calls++;
  if (self->neighbour != 0)
    pak_link_send_state (self->link, PAK_LINK_RING, self->neighbour);
  /* Whoever answers to this when the neighbour keeps silent tells that the address is wrong. */
  if (self->neighbour == 0 || self->n_calls > 1)
    ask_who_is_there (self);
}

static gboolean
on_timer_cb (gpointer data)
{
  PakOpening *self = data;

  if (self->n_calls < MAX_CALLS)
    {
      call (self);
      return G_SOURCE_CONTINUE;
    }
  self->func (self->neighbour, self->data);
  return G_SOURCE_REMOVE;
}

static gboolean
is_hello (const PakPacket *packet)
{
  return packet->message != NULL && packet->protocol == PAK_PROTOCOL_PAKCTRL
         && (packet->type == 0x09 || packet->type == 0x0E);
}

PakOpening *
pak_opening_new (PakLink *link, guint16 own_address, guint16 neighbour, gint64 interval, PakOpeningFunc func,
                 gpointer data)
{
  PakOpening *self = g_new0 (PakOpening, 1);

  self->link = link;
  self->own_address = own_address;
  self->neighbour = neighbour;
  self->func = func;
  self->data = data;
  self->timer = g_timeout_source_new ((guint) (interval / 1000));
  g_source_set_callback (self->timer, on_timer_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  call (self);
  return self;
}

void
pak_opening_free (PakOpening *self)
{
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_free (self);
}

void
pak_opening_packet (PakOpening *self, const PakPacket *packet)
{
  gboolean is_neighbour = self->neighbour == packet->src_phy;
  gboolean tells_itself = self->neighbour == 0 && packet->src_phy != 0 && packet->src_phy < PAK_BROADCAST
                          && (packet->dst_phy == self->own_address || is_hello (packet));

  if (is_neighbour || tells_itself)
    self->func (packet->src_phy, self->data);
}
