/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/link-private.h"

#include "protocol/pakbus/frame.h"

/* Sync bytes that wake a logger up and let it find the speed (manual 4.2), sent after so long a silence. */
#define N_WAKING_SYNC_BYTES 6
#define SILENCE (10 * G_USEC_PER_SEC)

/* What a damaged frame takes before the line is trusted again: both must have gone by. */
#define NOISE_TIME (5 * G_USEC_PER_SEC)
#define NOISE_GOOD_FRAMES 64

#define PRIORITY 1 /* of normal communication (manual 1.3) */

struct _PakLink
{
  OpTransport *transport;
  guint16      own_address;
  PakLinkFunc  func;
  gpointer     data;

  PakFrameParser *parser;
  GByteArray     *scratch;
  gint64          last_traffic; /* monotonic µs; 0: none yet */

  guint64 n_sent;
  guint64 n_received;

  guint64 n_damaged;
  guint   n_good_since;
  gint64  damaged_at;
};

static void
on_frame_cb (PakFrameVerdict verdict, const guint8 *body, gsize length, guint64 offset, gpointer data)
{
  PakLink *self = data;
  PakPacket packet;

  if (verdict != PAK_FRAME_OK || !pak_packet_parse (body, length, &packet, NULL))
    {
      pak_link_note_damage (self);
      self->func (NULL, self->data);
      return;
    }
  self->n_good_since++;
  self->func (&packet, self->data);
}

static gsize
send_packet (PakLink *self, const PakPacket *packet, const PakMessage *message)
{
  gint64 now = g_get_monotonic_time ();
  gboolean is_silent = self->last_traffic == 0 || now - self->last_traffic > SILENCE;
  g_autoptr (GBytes) frame = NULL;

  g_byte_array_set_size (self->scratch, 0);
  pak_packet_append (packet, self->scratch);
  if (message != NULL)
    pak_message_encode (message, self->scratch);

  frame = pak_frame_new (self->scratch->data, self->scratch->len,
                         is_silent || packet->link_state == PAK_LINK_RING ? N_WAKING_SYNC_BYTES : 1);
  self->last_traffic = now;
  self->n_sent += g_bytes_get_size (frame);
  op_transport_send (self->transport, frame);
  return g_bytes_get_size (frame);
}

PakLink *
pak_link_new (OpTransport *transport, guint16 own_address, PakLinkFunc func, gpointer data)
{
  PakLink *self = g_new0 (PakLink, 1);

  self->transport = g_object_ref (transport);
  self->own_address = own_address;
  self->func = func;
  self->data = data;
  self->parser = pak_frame_parser_new (on_frame_cb, self);
  self->scratch = g_byte_array_new ();
  return self;
}

void
pak_link_free (PakLink *self)
{
  g_object_unref (self->transport);
  pak_frame_parser_free (self->parser);
  g_byte_array_unref (self->scratch);
  g_free (self);
}

void
pak_link_reset (PakLink *self)
{
  pak_frame_parser_reset (self->parser);
  self->last_traffic = 0;
  self->n_sent = 0;
  self->n_received = 0;
  self->n_damaged = 0;
}

void
pak_link_receive (PakLink *self, GBytes *bytes)
{
  gsize length;
  const guint8 *chars = g_bytes_get_data (bytes, &length);

  self->n_received += length;
  self->last_traffic = g_get_monotonic_time ();
  pak_frame_parser_push (self->parser, chars, length);
}

void
pak_link_send_state (PakLink *self, PakLinkState state, guint16 dst_phy)
{
  const PakPacket packet = { .link_state = state, .dst_phy = dst_phy, .src_phy = self->own_address };

  send_packet (self, &packet, NULL);
}

void
pak_link_ask_who_is_there (PakLink *self)
{
  g_autoptr (PakMessage) request = pak_message_new (PAK_PROTOCOL_PAKCTRL, 0x0E, 0);

  pak_link_send_message (self, PAK_LINK_RING, PAK_BROADCAST, PAK_BROADCAST, PAK_EXPECT_LAST, request);
}

void
pak_link_send_finished (PakLink *self, guint16 neighbour)
{
  const PakPacket packet = {
    .link_state = PAK_LINK_FINISHED,
    .dst_phy = neighbour,
    .src_phy = self->own_address,
    .expect_more = PAK_EXPECT_LAST,
    .priority = PRIORITY,
    .has_header = TRUE,
    .protocol = PAK_PROTOCOL_BMP5,
    .dst_node = neighbour,
    .src_node = self->own_address,
  };

  send_packet (self, &packet, NULL);
}

gsize
pak_link_send_message (PakLink *self, PakLinkState state, guint16 dst_phy, guint16 dst_node,
                       PakExpectMore expect_more, const PakMessage *message)
{
  const PakPacket packet = {
    .link_state = state,
    .dst_phy = dst_phy,
    .src_phy = self->own_address,
    .expect_more = expect_more,
    .priority = PRIORITY,
    .has_header = TRUE,
    .protocol = pak_message_desc_get_protocol (pak_message_get_desc (message)),
    .dst_node = dst_node,
    .src_node = self->own_address,
  };

  return send_packet (self, &packet, message);
}

guint64
pak_link_get_n_damaged (PakLink *self)
{
  return self->n_damaged;
}

void
pak_link_note_damage (PakLink *self)
{
  self->n_damaged++;
  self->n_good_since = 0;
  self->damaged_at = g_get_monotonic_time ();
}

gboolean
pak_link_is_noisy (PakLink *self)
{
  if (self->n_damaged == 0)
    return FALSE;
  return self->n_good_since < NOISE_GOOD_FRAMES || g_get_monotonic_time () - self->damaged_at < NOISE_TIME;
}

void
pak_link_get_traffic (PakLink *self, guint64 *sent, guint64 *received)
{
  *sent = self->n_sent;
  *received = self->n_received;
}
