/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/emulator/peer.h"

#include "protocol/pakbus/frame.h"
#include "protocol/transport/memory-transport.h"

#define WATCHDOG_S 10

struct _Peer
{
  OpTransport    *transport;
  PakFrameParser *parser;
  GQueue          frames; /* GBytes */
  guint8          transaction;
  gboolean        opened;
  gboolean        closed;
};

static gboolean
on_watchdog_cb (gpointer data)
{
  g_error ("nothing came within %d s", WATCHDOG_S);
  return G_SOURCE_REMOVE;
}

static gboolean
on_tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
wait_until (gboolean (*condition) (gpointer data), gpointer data)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog_cb, NULL);
  /* Some conditions come true without an event. */
  guint tick = g_timeout_add (5, on_tick_cb, NULL);

  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
  g_source_remove (tick);
}

static void
on_frame_cb (PakFrameVerdict verdict, const guint8 *body, gsize length, guint64 offset, gpointer data)
{
  Peer *peer = data;

  if (verdict == PAK_FRAME_OK)
    g_queue_push_tail (&peer->frames, g_bytes_new (body, length));
}

static void
on_received_cb (OpTransport *transport, GBytes *bytes, Peer *peer)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  pak_frame_parser_push (peer->parser, data, length);
}

static void
on_closed_cb (OpTransport *transport, const GError *error, Peer *peer)
{
  peer->closed = TRUE;
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  op_transport_open_finish (OP_TRANSPORT (source), result, &error);
  g_assert_no_error (error);
  ((Peer *) data)->opened = TRUE;
}

static gboolean
is_opened (gpointer data)
{
  return ((Peer *) data)->opened;
}

Peer *
peer_new_for_transport (OpTransport *transport)
{
  Peer *peer = g_new0 (Peer, 1);

  peer->transport = g_object_ref (transport);
  peer->parser = pak_frame_parser_new (on_frame_cb, peer);
  g_signal_connect (transport, "received", G_CALLBACK (on_received_cb), peer);
  g_signal_connect (transport, "closed", G_CALLBACK (on_closed_cb), peer);
  op_transport_open_async (transport, NULL, on_opened_cb, peer);
  wait_until (is_opened, peer);
  return peer;
}

Peer *
peer_new (OpEmulator *emulator)
{
  g_autoptr (OpTransport) near_end = NULL;
  g_autoptr (OpTransport) far_end = NULL;

  op_memory_transport_new_pair (&near_end, &far_end);
  op_emulator_serve (emulator, far_end);
  return peer_new_for_transport (near_end);
}

void
peer_free (Peer *peer)
{
  g_signal_handlers_disconnect_by_data (peer->transport, peer);
  op_transport_close (peer->transport);
  g_object_unref (peer->transport);
  pak_frame_parser_free (peer->parser);
  g_queue_clear_full (&peer->frames, (GDestroyNotify) g_bytes_unref);
  g_free (peer);
  /* The emulator notices. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

gboolean
peer_is_closed (Peer *peer)
{
  return peer->closed;
}

static gboolean
is_closed (gpointer data)
{
  return ((Peer *) data)->closed;
}

void
peer_wait_closed (Peer *peer)
{
  wait_until (is_closed, peer);
}

void
peer_send_bytes (Peer *peer, GBytes *bytes)
{
  op_transport_send (peer->transport, bytes);
}

void
peer_send_hex (Peer *peer, const char *body)
{
  g_auto (GStrv) texts = g_strsplit (body, " ", -1);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GBytes) frame = NULL;

  for (guint i = 0; texts[i] != NULL; i++)
    {
      guint8 byte = g_ascii_strtoull (texts[i], NULL, 16);

      g_byte_array_append (bytes, &byte, 1);
    }
  frame = pak_frame_new (bytes->data, bytes->len, 1);
  peer_send_bytes (peer, frame);
}

static gboolean
has_frame (gpointer data)
{
  return !g_queue_is_empty (&((Peer *) data)->frames);
}

static GBytes *
next_frame (Peer *peer)
{
  wait_until (has_frame, peer);
  return g_queue_pop_head (&peer->frames);
}

char *
peer_next_hex (Peer *peer)
{
  g_autoptr (GBytes) frame = next_frame (peer);
  GString *text = g_string_new (NULL);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (frame, &length);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, i > 0 ? " %02X" : "%02X", (guint) bytes[i]);
  return g_string_free (text, FALSE);
}

guint
peer_get_n_waiting (Peer *peer)
{
  return g_queue_get_length (&peer->frames);
}

PakMessage *
peer_command (PakProtocol protocol, guint8 type)
{
  return pak_message_new (protocol, type, 0);
}

void
peer_send_as (Peer *peer, PakMessage *command, const PakPacket *header)
{
  g_autoptr (PakMessage) owned = command;
  g_autoptr (GByteArray) message = g_byte_array_new ();
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GBytes) frame = NULL;
  PakPacket packet = *header;

  pak_message_set_transaction (command, header->transaction);
  pak_message_encode (command, message);
  packet.protocol = pak_message_desc_get_protocol (pak_message_get_desc (command));
  packet.message = message->data;
  packet.length = message->len;
  pak_packet_append (&packet, body);
  frame = pak_frame_new (body->data, body->len, 1);
  peer_send_bytes (peer, frame);
}

PakPacket
peer_make_header (Peer *peer)
{
  peer->transaction = peer->transaction % 255 + 1;
  return (PakPacket) { .link_state = PAK_LINK_READY, .dst_phy = 1, .expect_more = PAK_EXPECT_MORE, .priority = 1,
                       .src_phy = PEER_ADDRESS, .has_header = TRUE, .dst_node = 1, .src_node = PEER_ADDRESS,
                       .transaction = peer->transaction };
}

guint8
peer_send (Peer *peer, PakMessage *command)
{
  PakPacket header = peer_make_header (peer);

  peer_send_as (peer, command, &header);
  return header.transaction;
}

PakMessage *
peer_receive_as (Peer *peer, guint8 transaction, guint16 address)
{
  for (;;)
    {
      g_autoptr (GBytes) frame = next_frame (peer);
      g_autoptr (GError) error = NULL;
      gsize length;
      const guint8 *body = g_bytes_get_data (frame, &length);
      PakPacket packet;
      PakMessage *message;

      g_assert_true (pak_packet_parse (body, length, &packet, NULL));
      if (packet.message == NULL || packet.transaction != transaction || packet.dst_node == PAK_BROADCAST)
        continue;
      g_assert_cmpuint (packet.dst_node, ==, address);
      message = pak_message_decode (packet.protocol, packet.message, packet.length, &error);
      g_assert_no_error (error);
      return message;
    }
}

PakMessage *
peer_receive (Peer *peer, guint8 transaction)
{
  return peer_receive_as (peer, transaction, PEER_ADDRESS);
}

static PakMessage *
receive_patiently (Peer *peer, guint8 transaction)
{
  for (;;)
    {
      PakMessage *answer = peer_receive (peer, transaction);

      if (pak_message_desc_get_type (pak_message_get_desc (answer)) != 0xA1)
        return answer;
      pak_message_free (answer);
    }
}

PakMessage *
peer_ask (Peer *peer, PakMessage *command)
{
  return receive_patiently (peer, peer_send (peer, command));
}

PakMessage *
peer_ask_with (Peer *peer, guint8 transaction, PakMessage *command)
{
  PakPacket header = peer_make_header (peer);

  header.transaction = transaction;
  peer_send_as (peer, command, &header);
  return receive_patiently (peer, transaction);
}

GByteArray *
peer_read_file (Peer *peer, const char *name, guint swath)
{
  GByteArray *file = g_byte_array_new ();

  for (;;)
    {
      PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x1D);
      g_autoptr (PakMessage) answer = NULL;
      const guint8 *data;
      gsize length;

      pak_message_set_text (command, "FileName", name);
      pak_message_set_uint (command, "FileOffset", file->len);
      pak_message_set_uint (command, "Swath", swath);
      answer = peer_ask (peer, command);
      g_assert_cmpuint (pak_message_get_uint (answer, "RespCode"), ==, 0);
      g_assert_cmpuint (pak_message_get_uint (answer, "FileOffset"), ==, file->len);
      data = pak_message_get_bytes (answer, "FileData", &length);
      if (data != NULL)
        g_byte_array_append (file, data, length);
      if (data == NULL || length < swath)
        return file;
    }
}

GPtrArray *
peer_read_tables (Peer *peer)
{
  g_autoptr (GByteArray) file = peer_read_file (peer, ".TDF", 512);
  g_autoptr (GError) error = NULL;
  GPtrArray *tables = op_table_parse_file (file->data, file->len, &error);

  g_assert_no_error (error);
  return tables;
}

OpTable *
peer_find_table (GPtrArray *tables, const char *name)
{
  for (guint i = 0; i < tables->len; i++)
    if (g_str_equal (((OpTable *) tables->pdata[i])->name, name))
      return tables->pdata[i];
  g_error ("no table %s", name);
}

PakMessage *
peer_collect_command (const OpTable *table, guint mode, guint32 p1, guint32 p2)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_BMP5, 0x09);
  PakMessage *group;

  pak_message_set_uint (command, "CollectMode", mode);
  group = pak_message_add_group (command, "Tables");
  pak_message_set_uint (group, "TableNbr", table->number);
  pak_message_set_uint (group, "TableDefSig", table->signature);
  if (mode == 4 || mode == 5 || mode == 6 || mode == 8)
    pak_message_set_uint (group, "P1", p1);
  if (mode == 6 || mode == 8)
    pak_message_set_uint (group, "P2", p2);
  return command;
}

gboolean
peer_collect (Peer *peer, const OpTable *table, PakMessage *command, PakMessage **response, PakCollectBlock *block)
{
  g_autoptr (GError) error = NULL;
  gboolean more = FALSE;
  const guint8 *body;
  gsize length;

  *response = peer_ask (peer, command);
  g_assert_cmpuint (pak_message_get_uint (*response, "RespCode"), ==, 0);
  body = pak_message_get_bytes (*response, "Records", &length);
  pak_collect_parse (table, body, length, block, &more, &error);
  g_assert_no_error (error);
  return more;
}

/* The rest of a record that began in @block, by mode 8. */
static void
append_fragments (Peer *peer, OpTable *table, const PakCollectBlock *begin, OpBatch *batch)
{
  gsize whole = table->stamp_size + table->record_size;
  g_autoptr (GByteArray) record = g_byte_array_new ();
  OpTime time = begin->first_time;
  g_autoptr (GError) error = NULL;
  gsize skipped = op_table_is_event (table) ? 0 : table->stamp_size;

  g_byte_array_append (record, begin->payload, begin->length);
  while (record->len < whole)
    {
      PakCollectBlock block;
      g_autoptr (PakMessage) response = NULL;
      gboolean more = peer_collect (peer, table, peer_collect_command (table, 8, begin->first, record->len), &response,
                                    &block);

      g_assert_true (block.is_offset);
      g_assert_cmpuint (block.byte_offset, ==, record->len);
      g_byte_array_append (record, block.payload, block.length);
      g_assert_cmpint (more, ==, record->len < whole);
    }
  op_batch_append_payload (batch, begin->first, 1, time, record->data + skipped, record->len - skipped, &error);
  g_assert_no_error (error);
}

OpBatch *
peer_collect_all (Peer *peer, OpTable *table)
{
  OpBatch *batch = op_batch_new (table, NULL, 0, 1000);
  PakMessage *command = peer_collect_command (table, 3, 0, 0);
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr (PakMessage) response = NULL;
      g_autoptr (GError) error = NULL;
      PakCollectBlock block;

      more = peer_collect (peer, table, command, &response, &block);
      if (block.count == 0)
        break;
      if (block.is_offset)
        append_fragments (peer, table, &block, batch);
      else
        op_batch_append_payload (batch, block.first, block.count, block.first_time, block.payload, block.length,
                                 &error);
      g_assert_no_error (error);
      if (more)
        command = peer_collect_command (table, 4, block.first + block.count, 0);
    }
  return batch;
}
