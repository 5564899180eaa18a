/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/link.h"

#include "protocol/emulator/one-way.h"
#include "protocol/emulator/route.h"
#include "protocol/emulator/server.h"
#include "protocol/pakbus/frame.h"
#include "protocol/transport/wake-source-private.h"

/* Longer than this, the logger says so first (manual 2.3.1), and never for longer than the other. */
#define PATIENCE_US       G_USEC_PER_SEC
#define MAX_WAIT_SECONDS  30

/* A CR200 takes at least so long for an answer. */
#define SMALL_TURNAROUND_US 5000

/* So long an answer has to leave before the station restarts. */
#define RESTART_DELAY_US  (G_USEC_PER_SEC / 5)

/* While so many answers wait, further messages are lost: who asks and asks shall not fill the memory. */
#define MAX_WAITING       1000

/* A beacon goes out after so many answers. */
#define ANSWERS_A_BEACON  64

#define MAX_HOP_COUNT     15
#define HELLO_HOP_METRIC  2
#define HELLO_VERIFY      1800
#define CAPABILITY_UNQUOTED 1

#define TYPE_HELLO          0x09
#define TYPE_HELLO_RESPONSE 0x89
#define TYPE_HELLO_REQUEST  0x0E
#define TYPE_BYE            0x0D
#define TYPE_PLEASE_WAIT    0xA1

/* Of a captured Hello (pakbus-facts B3). */
#define PRIORITY_HELLO   3
#define PRIORITY_ONE_WAY 1

struct _OpLink
{
  OpVirtualStation   *station;
  OpTransport *transport;
  gint64       turnaround_us;
  OpLinkFuncs  funcs;
  gpointer     data;

  PakFrameParser *parser;
  gulong          received_id;
  gulong          closed_id;

  GQueue   outbox; /* Outgoing, by their time */
  GSource *outbox_source;
  gint64   busy_until;

  OpOneWay *one_way; /* NULL until it is asked for */

  guint8  hello_transaction;
  guint16 known_neighbour; /* that answered our Hello */
  guint   n_answers;
};

typedef struct
{
  gint64  due; /* monotonic, µs */
  GBytes *frame; /* NULL: none, but the station restarts */
} Outgoing;

static void
outgoing_free (Outgoing *outgoing)
{
  g_clear_pointer (&outgoing->frame, g_bytes_unref);
  g_free (outgoing);
}

static gint
compare_due (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 due_a = ((const Outgoing *) a)->due, due_b = ((const Outgoing *) b)->due;

  return (due_a > due_b) - (due_a < due_b);
}

static void
schedule_outbox (OpLink *self)
{
  const Outgoing *first = g_queue_peek_head (&self->outbox);

  g_source_set_ready_time (self->outbox_source, first != NULL ? first->due : -1);
}

static gboolean
on_outbox_due_cb (gpointer data)
{
  OpLink *self = data;
  const Outgoing *first;

  while ((first = g_queue_peek_head (&self->outbox)) != NULL && first->due <= g_get_monotonic_time ())
    {
      if (first->frame == NULL)
        {
          self->funcs.restart (self->data);
          return G_SOURCE_CONTINUE;
        }
      op_transport_send (self->transport, first->frame);
      outgoing_free (g_queue_pop_head (&self->outbox));
    }
  schedule_outbox (self);
  return G_SOURCE_CONTINUE;
}

/* Takes @frame. */
static void
enqueue (OpLink *self, GBytes *frame, gint64 due)
{
  Outgoing *outgoing = g_new (Outgoing, 1);

  *outgoing = (Outgoing) { due, frame };
  g_queue_insert_sorted (&self->outbox, outgoing, compare_due, NULL);
  schedule_outbox (self);
}

static void
send_packet (OpLink *self, const PakPacket *packet, gint64 due)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GBytes) frame = NULL;

  pak_packet_append (packet, body);
  frame = pak_frame_new (body->data, body->len, 1);
  if (due <= g_get_monotonic_time () && g_queue_is_empty (&self->outbox))
    op_transport_send (self->transport, frame);
  else
    enqueue (self, g_steal_pointer (&frame), due);
}

/* What the link state says without a message. */
static void
send_link_state (OpLink *self, PakLinkState state, guint16 destination)
{
  PakPacket packet = { .link_state = state, .dst_phy = destination, .src_phy = self->station->address };

  send_packet (self, &packet, 0);
}

static PakPacket
make_packet (OpLink *self, guint16 destination, PakExpectMore expect_more, guint8 priority, PakProtocol protocol)
{
  return (PakPacket) { .link_state = PAK_LINK_READY, .dst_phy = destination, .expect_more = expect_more,
                       .priority = priority, .src_phy = self->station->address, .has_header = TRUE,
                       .protocol = protocol, .dst_node = destination, .src_node = self->station->address };
}

static void
send_message (OpLink *self, PakPacket *packet, const PakMessage *message, gint64 due)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  pak_message_encode (message, bytes);
  packet->message = bytes->data;
  packet->length = bytes->len;
  send_packet (self, packet, due);
}

/* EF FF 10 01 0F FF 00 01 0E 00: capabilities and Hello Request in one, as captured (pakbus-facts B1). */
static void
send_greeting (OpLink *self)
{
  g_autoptr (PakMessage) request = pak_message_new (PAK_PROTOCOL_PAKCTRL, TYPE_HELLO_REQUEST, 0);
  PakPacket packet = make_packet (self, PAK_BROADCAST, 0, 0, PAK_PROTOCOL_PAKCTRL);

  packet.link_state = PAK_LINK_CAPABILITIES;
  packet.capabilities = CAPABILITY_UNQUOTED;
  send_message (self, &packet, request, 0);
}

/* 8F FF 8F E9 0F FF 0F E9: header only, as captured (pakbus-facts B2). */
static void
send_beacon (OpLink *self)
{
  PakPacket packet = make_packet (self, PAK_BROADCAST, PAK_EXPECT_NEUTRAL, 0, PAK_PROTOCOL_PAKCTRL);

  packet.link_state = PAK_LINK_OFF_LINE;
  send_packet (self, &packet, 0);
}

/* A8 02 70 01 08 02 00 01 09 DC 01 02 07 08, as captured from a router (pakbus-facts B3). */
static void
send_hello (OpLink *self, guint16 destination)
{
  g_autoptr (PakMessage) hello = pak_message_new (PAK_PROTOCOL_PAKCTRL, TYPE_HELLO, self->hello_transaction);
  PakPacket packet = make_packet (self, destination, PAK_EXPECT_MORE, PRIORITY_HELLO, PAK_PROTOCOL_PAKCTRL);

  pak_message_set_uint (hello, "IsRouter", self->station->is_router);
  pak_message_set_uint (hello, "HopMetric", HELLO_HOP_METRIC);
  pak_message_set_uint (hello, "VerifyIntv", HELLO_VERIFY);
  send_message (self, &packet, hello, 0);
}

static void
send_please_wait (OpLink *self, const PakPacket *command, const OpAnswer *answer, gint64 wait_us)
{
  g_autoptr (PakMessage) message = pak_message_new (PAK_PROTOCOL_BMP5, TYPE_PLEASE_WAIT, command->transaction);
  PakPacket packet = make_packet (self, command->src_node, PAK_EXPECT_MORE, command->priority, PAK_PROTOCOL_BMP5);

  packet.dst_phy = command->src_phy;
  packet.src_node = answer->node;
  packet.hop_count = answer->n_hops;
  pak_message_set_uint (message, "CmdMsgType", command->type);
  pak_message_set_uint (message, "WaitSec", MIN (wait_us / G_USEC_PER_SEC + 2, MAX_WAIT_SECONDS));
  send_message (self, &packet, message, 0);
}

/* The logger does one thing after the other, and each takes its turnaround. */
static void
send_answer (OpLink *self, const PakPacket *command, const OpAnswer *answer)
{
  PakPacket packet = make_packet (self, command->src_node, PAK_EXPECT_LAST, command->priority, answer->protocol);
  gint64 now = g_get_monotonic_time ();
  gint64 due = MAX (now, self->busy_until) + self->turnaround_us * (1 + answer->n_hops) + answer->work_us;

  self->busy_until = due;
  if (due - now > PATIENCE_US && command->protocol == PAK_PROTOCOL_BMP5)
    send_please_wait (self, command, answer, due - now);
  packet.dst_phy = command->src_phy;
  packet.src_node = answer->node;
  packet.hop_count = answer->n_hops;
  packet.message = answer->message->data;
  packet.length = answer->message->len;
  send_packet (self, &packet, due);

  if (++self->n_answers % ANSWERS_A_BEACON == 0)
    send_beacon (self);
}

/* A router wants to know whom it carries messages for (pakbus-facts B3, K3). */
static void
greet_stranger (OpLink *self, const PakPacket *packet)
{
  if (self->station->is_router && self->known_neighbour != packet->src_phy)
    send_hello (self, packet->src_phy);
}

static void
answer_message (OpLink *self, const PakPacket *packet)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();
  OpAnswer answer = { .protocol = packet->protocol, .message = message, .node = self->station->address };

  greet_stranger (self, packet);
  self->funcs.asked (self->data);
  op_server_answer (self->station, packet, &answer);
  if (answer.message->len > 0)
    send_answer (self, packet, &answer);
  op_virtual_station_settle (self->station);
  if (self->station->restart != OP_RESTART_NONE)
    enqueue (self, NULL, MAX (g_get_monotonic_time (), self->busy_until) + RESTART_DELAY_US);
}

/* The logger behind answers and starts anew, if it has to, without this link's taking notice. */
static void
pass_on (OpVirtualStation *station, const PakPacket *packet, OpAnswer *answer)
{
  PakPacket passed = *packet;

  /* It has no power, or the packet went around. */
  if (!op_virtual_clock_is_running (station->clock) || packet->hop_count + answer->n_hops > MAX_HOP_COUNT)
    return;
  passed.hop_count += answer->n_hops;
  answer->node = station->address;
  op_server_answer (station, &passed, answer);
  op_virtual_station_settle (station);
  op_virtual_station_restart (station);
}

/*
 * A message for a logger behind. A Hello never gets further than the next router, which greets instead
 * (pakbus-facts K2).
 */
static void
route_message (OpLink *self, const PakPacket *packet)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();
  OpAnswer answer = { .protocol = packet->protocol, .message = message, .node = self->station->address };
  OpVirtualStation *station = NULL;

  if (packet->protocol == PAK_PROTOCOL_PAKCTRL && packet->type == TYPE_HELLO)
    {
      send_hello (self, packet->src_phy);
      return;
    }
  greet_stranger (self, packet);
  self->funcs.asked (self->data);
  switch (op_route_find (self->station, packet->dst_node, &station, &answer.n_hops))
    {
    case OP_ROUTE_FOUND:
      pass_on (station, packet, &answer);
      break;
    case OP_ROUTE_UNKNOWN:
      answer.n_hops = 0;
      op_server_fail (packet, OP_DELIVERY_UNREACHABLE, &answer);
      break;
    case OP_ROUTE_DOWN:
      answer.n_hops = 0;
      op_server_fail (packet, OP_DELIVERY_LINK_FAILED, &answer);
      break;
    }
  if (answer.message->len > 0)
    send_answer (self, packet, &answer);
}

/* Messages of the link itself. Returns: whether it was one. */
static gboolean
take_neighbour_message (OpLink *self, const PakPacket *packet)
{
  if (packet->protocol != PAK_PROTOCOL_PAKCTRL)
    return FALSE;
  switch (packet->type)
    {
    case TYPE_HELLO_REQUEST:
      send_hello (self, packet->src_phy);
      return TRUE;
    case TYPE_HELLO_RESPONSE:
      if (packet->transaction == self->hello_transaction)
        self->known_neighbour = packet->src_phy;
      return TRUE;
    case TYPE_BYE:
      self->known_neighbour = 0;
      return TRUE;
    default:
      return FALSE;
    }
}

/* A packet without message (manual 2.1; pakbus-facts A6). */
static void
answer_link_state (OpLink *self, const PakPacket *packet)
{
  switch (packet->link_state)
    {
    case PAK_LINK_RING:
      send_link_state (self, PAK_LINK_READY, packet->src_phy);
      break;
    case PAK_LINK_FINISHED:
      send_link_state (self, PAK_LINK_OFF_LINE, packet->src_phy);
      break;
    case PAK_LINK_PAUSE:
      send_link_state (self, PAK_LINK_FINISHED, packet->src_phy);
      break;
    case PAK_LINK_OFF_LINE:
    case PAK_LINK_READY:
    case PAK_LINK_CAPABILITIES:
      break;
    }
}

static gboolean
is_for_us (const OpLink *self, guint16 address)
{
  return address == self->station->address || address == PAK_BROADCAST;
}

static gboolean
is_lost (OpLink *self, gsize length)
{
  if (g_queue_get_length (&self->outbox) >= MAX_WAITING)
    return TRUE;
  /* A CR200 has one small buffer: what is too long for it, or comes while it works, is lost. */
  return self->station->model->is_small
         && (length > self->station->model->max_packet || g_get_monotonic_time () < self->busy_until);
}

static void
on_frame_cb (PakFrameVerdict verdict, const guint8 *body, gsize length, guint64 offset, gpointer data)
{
  OpLink *self = data;
  PakPacket packet;

  /* A damaged frame is dropped without a word (pakbus-facts A10). */
  if (verdict != PAK_FRAME_OK || is_lost (self, length) || !pak_packet_parse (body, length, &packet, NULL))
    return;
  if (!is_for_us (self, packet.dst_phy))
    return;
  if (packet.has_header && !is_for_us (self, packet.dst_node))
    {
      if (self->station->is_router && packet.message != NULL)
        route_message (self, &packet);
      return;
    }
  if (!packet.has_header || packet.message == NULL)
    answer_link_state (self, &packet);
  else if (!take_neighbour_message (self, &packet))
    answer_message (self, &packet);
}

static void
on_received_cb (OpTransport *transport, GBytes *bytes, OpLink *self)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  /* While it has no power it hears nothing. */
  if (op_virtual_clock_is_running (self->station->clock))
    pak_frame_parser_push (self->parser, data, length);
}

static void
on_closed_cb (OpTransport *transport, const GError *error, OpLink *self)
{
  self->funcs.closed (self, self->data);
}

OpLink *
op_link_new (OpVirtualStation *station, OpTransport *transport, gboolean greets, gint64 turnaround_us,
             const OpLinkFuncs *funcs, gpointer data)
{
  OpLink *self = g_new0 (OpLink, 1);

  self->station = station;
  self->transport = g_object_ref (transport);
  self->turnaround_us = station->model->is_small ? MAX (turnaround_us, SMALL_TURNAROUND_US) : turnaround_us;
  self->funcs = *funcs;
  self->data = data;
  self->hello_transaction = 220;
  self->parser = pak_frame_parser_new (on_frame_cb, self);
  self->outbox_source = op_wake_source_attach (on_outbox_due_cb, self);
  self->received_id = g_signal_connect (transport, "received", G_CALLBACK (on_received_cb), self);
  self->closed_id = g_signal_connect (transport, "closed", G_CALLBACK (on_closed_cb), self);
  if (greets)
    send_greeting (self);
  return self;
}

void
op_link_free (OpLink *self)
{
  g_clear_signal_handler (&self->received_id, self->transport);
  g_clear_signal_handler (&self->closed_id, self->transport);
  op_transport_close (self->transport);
  g_object_unref (self->transport);
  g_source_destroy (self->outbox_source);
  g_source_unref (self->outbox_source);
  g_queue_clear_full (&self->outbox, (GDestroyNotify) outgoing_free);
  g_clear_pointer (&self->one_way, op_one_way_free);
  pak_frame_parser_free (self->parser);
  g_free (self);
}

typedef struct
{
  OpLink *link;
  guint16 destination;
} OneWayTarget;

static void
on_one_way_cb (const GByteArray *message, gpointer data)
{
  const OneWayTarget *target = data;
  PakPacket packet = make_packet (target->link, target->destination, PAK_EXPECT_LAST, PRIORITY_ONE_WAY,
                                  PAK_PROTOCOL_BMP5);

  packet.message = message->data;
  packet.length = message->len;
  send_packet (target->link, &packet, 0);
}

void
op_link_send_one_way (OpLink *self, guint16 destination)
{
  OneWayTarget target = { self, destination };

  if (self->one_way == NULL)
    self->one_way = op_one_way_new (self->station);
  if (op_virtual_clock_is_running (self->station->clock))
    op_one_way_flush (self->one_way, on_one_way_cb, &target);
}
