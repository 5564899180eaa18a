/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/packet.h"

/* Bits of the four words of a header (manual 1.3). */
#define ADDRESS_BITS 12
#define ADDRESS_MASK 0xFFF

static guint16
get_word (const guint8 *bytes)
{
  return (guint16) (bytes[0] << 8 | bytes[1]);
}

static void
append_word (GByteArray *out, guint nibble, guint address)
{
  guint word = nibble << ADDRESS_BITS | (address & ADDRESS_MASK);
  const guint8 bytes[] = { (word >> 8) & 0xFF, word & 0xFF };

  g_byte_array_append (out, bytes, sizeof bytes);
}

/* In ring and capabilities frames the second word begins with a capability mask (pakbus-facts A2). */
static gboolean
tells_capabilities (PakLinkState state)
{
  return state == PAK_LINK_RING || state == PAK_LINK_CAPABILITIES;
}

static gboolean
is_link_state (guint nibble)
{
  return (nibble >= PAK_LINK_OFF_LINE && nibble <= PAK_LINK_PAUSE) || nibble == PAK_LINK_CAPABILITIES;
}

static gboolean
parse_link_state (const guint8 *body, PakPacket *packet, GError **error)
{
  guint nibble = body[2] >> 4;

  if (!is_link_state (body[0] >> 4))
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_FRAME, "Packet with unknown link state %X", (guint) body[0] >> 4);
      return FALSE;
    }
  packet->link_state = body[0] >> 4;
  packet->dst_phy = get_word (body) & ADDRESS_MASK;
  packet->src_phy = get_word (body + 2) & ADDRESS_MASK;
  packet->expect_more = nibble >> 2;
  packet->priority = nibble & 3;
  packet->capabilities = tells_capabilities (packet->link_state) ? nibble : 0;
  return TRUE;
}

static void
parse_nodes (const guint8 *bytes, PakPacket *packet)
{
  packet->has_header = TRUE;
  packet->protocol = bytes[0] >> 4;
  packet->dst_node = get_word (bytes) & ADDRESS_MASK;
  packet->hop_count = bytes[2] >> 4;
  packet->src_node = get_word (bytes + 2) & ADDRESS_MASK;
}

gboolean
pak_packet_parse (const guint8 *body, gsize length, PakPacket *packet, GError **error)
{
  *packet = (PakPacket) { 0 };
  if (length < 4 || length == PAK_HEADER_SIZE + 1 || length > PAK_HEADER_SIZE + PAK_MESSAGE_MAX)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_FRAME, "Packet of %" G_GSIZE_FORMAT " bytes", length);
      return FALSE;
    }
  if (!parse_link_state (body, packet, error))
    return FALSE;
  /* 4 to 7 bytes tell the link state only (pakbus-facts A8). */
  if (length < PAK_HEADER_SIZE)
    return TRUE;

  parse_nodes (body + 4, packet);
  if (length > PAK_HEADER_SIZE)
    {
      packet->message = body + PAK_HEADER_SIZE;
      packet->length = length - PAK_HEADER_SIZE;
      packet->type = packet->message[0];
      packet->transaction = packet->message[1];
    }
  return TRUE;
}

void
pak_packet_append (const PakPacket *packet, GByteArray *out)
{
  guint nibble = tells_capabilities (packet->link_state) ? packet->capabilities
                                                         : packet->expect_more << 2 | (packet->priority & 3);

  append_word (out, packet->link_state, packet->dst_phy);
  append_word (out, nibble, packet->src_phy);
  if (!packet->has_header)
    return;
  append_word (out, packet->protocol, packet->dst_node);
  append_word (out, packet->hop_count, packet->src_node);
  if (packet->message != NULL)
    g_byte_array_append (out, packet->message, (guint) packet->length);
}

const char *
pak_link_state_to_string (PakLinkState state)
{
  switch (state)
    {
    case PAK_LINK_OFF_LINE:
      return "off-line";
    case PAK_LINK_RING:
      return "ring";
    case PAK_LINK_READY:
      return "ready";
    case PAK_LINK_FINISHED:
      return "finished";
    case PAK_LINK_PAUSE:
      return "pause";
    case PAK_LINK_CAPABILITIES:
      return "capabilities";
    default:
      return "unknown";
    }
}

const char *
pak_protocol_to_string (PakProtocol protocol)
{
  switch (protocol)
    {
    case PAK_PROTOCOL_PAKCTRL:
      return "PakCtrl";
    case PAK_PROTOCOL_BMP5:
      return "BMP5";
    default:
      return "unknown";
    }
}

const char *
pak_expect_more_to_string (PakExpectMore expect_more)
{
  switch (expect_more)
    {
    case PAK_EXPECT_LAST:
      return "last";
    case PAK_EXPECT_MORE:
      return "more";
    case PAK_EXPECT_NEUTRAL:
      return "neutral";
    case PAK_EXPECT_REVERSE:
      return "reverse";
    default:
      return "unknown";
    }
}
