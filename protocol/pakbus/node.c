/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/node-private.h"

/* Message types of PakCtrl, by the manual's section 2.2. */
#define MSG_HELLO            0x09
#define MSG_HELLO_RESPONSE   0x89
#define MSG_BYE              0x0D
#define MSG_HELLO_REQUEST    0x0E
#define MSG_DELIVERY_FAILURE 0x81

#define HOP_METRIC 2 /* 5 s or less, "default for RS232 or TCP/IP" (manual 2.2.2) */
/* We live as long as the link: "drop my neighbour record when the link closes" (pakbus-facts C1). */
#define VERIFY_INTERVAL 0xFFFE

#define UNIMPLEMENTED    4
#define MAX_FAILURE_DATA 16 /* manual 2.2.1 */

PakMessage *
pak_node_new_hello (void)
{
  PakMessage *hello = pak_message_new (PAK_PROTOCOL_PAKCTRL, MSG_HELLO, 0);

  pak_message_set_uint (hello, "IsRouter", 0);
  pak_message_set_uint (hello, "HopMetric", HOP_METRIC);
  pak_message_set_uint (hello, "VerifyIntv", VERIFY_INTERVAL);
  return hello;
}

static void
send_hello_response (PakLink *link, const PakPacket *packet)
{
  g_autoptr (PakMessage) hello = pak_message_decode (packet->protocol, packet->message, packet->length, NULL);
  g_autoptr (PakMessage) response = NULL;

  if (hello == NULL)
    return;
  response = pak_message_new (PAK_PROTOCOL_PAKCTRL, MSG_HELLO_RESPONSE, packet->transaction);
  pak_message_set_uint (response, "IsRouter", 0);
  pak_message_set_uint (response, "HopMetric", pak_message_get_uint (hello, "HopMetric"));
  /* Divided by 2.5, as the manual wants it. */
  pak_message_set_uint (response, "VerifyIntv", pak_message_get_uint (hello, "VerifyIntv") * 2 / 5);
  pak_link_send_message (link, PAK_LINK_READY, packet->src_phy, packet->src_node, PAK_EXPECT_NEUTRAL,
                         response);
}

/* The answer to it is not waited for: the node wanted to hear of us. */
static void
send_hello (PakLink *link, PakNumbers *numbers, const PakPacket *packet)
{
  gint64 now = g_get_monotonic_time ();
  guint8 number = pak_numbers_take (numbers, now);
  g_autoptr (PakMessage) hello = pak_node_new_hello ();

  pak_numbers_keep (numbers, number, now);
  pak_message_set_transaction (hello, number);
  pak_link_send_message (link, PAK_LINK_READY, packet->src_phy, packet->src_node, PAK_EXPECT_MORE, hello);
}

static void
send_delivery_failure (PakLink *link, const PakPacket *packet)
{
  g_autoptr (PakMessage) failure = pak_message_new (PAK_PROTOCOL_PAKCTRL, MSG_DELIVERY_FAILURE, 0);

  pak_message_set_uint (failure, "ErrCode", UNIMPLEMENTED);
  pak_message_set_uint (failure, "HiProtoCode", packet->protocol);
  pak_message_set_uint (failure, "DstPBAddr", packet->dst_node);
  pak_message_set_uint (failure, "HopCnt", packet->hop_count);
  pak_message_set_uint (failure, "SrcPBAddr", packet->src_node);
  pak_message_set_bytes (failure, "MsgData", packet->message, MIN (packet->length, MAX_FAILURE_DATA));
  pak_link_send_message (link, PAK_LINK_READY, packet->src_phy, packet->src_node, PAK_EXPECT_NEUTRAL,
                         failure);
}

/* The table of reactions is pakbus-facts A6. */
void
pak_node_answer_state (PakLink *link, guint16 own_address, gboolean is_busy, const PakPacket *packet)
{
  if (packet->dst_phy != own_address)
    return;
  if (packet->link_state == PAK_LINK_RING)
    pak_link_send_state (link, PAK_LINK_READY, packet->src_phy);
  else if (packet->link_state == PAK_LINK_FINISHED)
    pak_link_send_state (link, is_busy ? PAK_LINK_RING : PAK_LINK_OFF_LINE, packet->src_phy);
  else if (packet->link_state == PAK_LINK_PAUSE)
    pak_link_send_state (link, PAK_LINK_FINISHED, packet->src_phy);
}

void
pak_node_answer_command (PakLink *link, guint16 own_address, PakNumbers *numbers, const PakPacket *packet)
{
  gboolean is_control = packet->protocol == PAK_PROTOCOL_PAKCTRL;

  if (is_control && packet->type == MSG_HELLO)
    send_hello_response (link, packet);
  else if (is_control && packet->type == MSG_HELLO_REQUEST)
    send_hello (link, numbers, packet);
  /* One-way messages have number 0; and what was sent to all nobody need refuse. */
  else if (packet->transaction != 0 && packet->dst_node == own_address)
    send_delivery_failure (link, packet);
}

void
pak_node_take_leave (PakLink *link, guint16 neighbour, guint16 audience)
{
  g_autoptr (PakMessage) bye = pak_message_new (PAK_PROTOCOL_PAKCTRL, MSG_BYE, 0);

  pak_link_send_message (link, PAK_LINK_READY, audience, audience, PAK_EXPECT_LAST, bye);
  pak_link_send_state (link, PAK_LINK_FINISHED, neighbour);
}
