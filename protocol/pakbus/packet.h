/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/error.h"

G_BEGIN_DECLS

/** First nibble of a packet (manual 1.3; pakbus-facts A1). */
typedef enum
{
  PAK_LINK_OFF_LINE = 0x8,
  PAK_LINK_RING = 0x9,
  PAK_LINK_READY = 0xA,
  PAK_LINK_FINISHED = 0xB,
  PAK_LINK_PAUSE = 0xC,
  PAK_LINK_CAPABILITIES = 0xE,
} PakLinkState;

typedef enum
{
  PAK_EXPECT_LAST = 0,
  PAK_EXPECT_MORE = 1,
  PAK_EXPECT_NEUTRAL = 2,
  PAK_EXPECT_REVERSE = 3,
} PakExpectMore;

typedef enum
{
  PAK_PROTOCOL_PAKCTRL = 0,
  PAK_PROTOCOL_BMP5 = 1,
} PakProtocol;

#define PAK_BROADCAST   4095
#define PAK_HEADER_SIZE 8
#define PAK_MESSAGE_MAX 1000 /* message type, transaction number and body */

/** PakPacket: header and message of a frame's body. @message points into the bytes parsed. */
typedef struct
{
  PakLinkState  link_state;
  guint16       dst_phy;
  PakExpectMore expect_more;  /* capability bits in ring and capabilities frames: see @capabilities */
  guint8        priority;
  guint16       src_phy;
  guint8        capabilities; /* high nibble of byte 2 in ring and capabilities frames (A2), else 0 */
  gboolean      has_header;   /* FALSE for a four-byte link-state packet: what follows is then unset */
  PakProtocol   protocol;     /* may hold values other than the two named */
  guint16       dst_node;
  guint8        hop_count;
  guint16       src_node;
  const guint8 *message;      /* NULL for a header-only packet (beacon, shut-down; B2, C7) */
  gsize         length;       /* of message: 0, or at least 2 */
  guint8        type;         /* message type and transaction number, when length >= 2 */
  guint8        transaction;
} PakPacket;

/** Reads a frame's body. Errors: PAK_ERROR_FRAME. A single byte after the header is refused. */
gboolean    pak_packet_parse  (const guint8 *body, gsize length, PakPacket *packet, GError **error);
/** Appends header and message (as far as has_header and message say) to @out, unframed. */
void        pak_packet_append (const PakPacket *packet, GByteArray *out);
const char *pak_link_state_to_string  (PakLinkState state);
const char *pak_protocol_to_string    (PakProtocol protocol);
const char *pak_expect_more_to_string (PakExpectMore expect_more);

G_END_DECLS
