/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include "tests/fault/virtual-time.h"

#include <string.h>

#define WATCHDOG_S 20

static gboolean
on_timeout_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_until (gboolean (*is_done) (gconstpointer data), gconstpointer data)
{
  gboolean too_late = FALSE;
  guint watchdog = g_timeout_add_seconds (WATCHDOG_S, on_timeout_cb, &too_late);

  while (!is_done (data))
    {
      g_main_context_iteration (NULL, TRUE);
      if (too_late)
        g_error ("Nothing happened for %d s", WATCHDOG_S);
    }
  g_source_remove (watchdog);
}

static gboolean
is_set (gconstpointer data)
{
  return *(const gboolean *) data;
}

void
wait_for (const gboolean *flag)
{
  run_until (is_set, flag);
}

void
run_for (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, on_timeout_cb, &over);
  run_until (is_set, &over);
}

static gboolean
has_packet (gconstpointer data)
{
  return ((const Peer *) data)->packets.length > 0;
}

static void
on_frame_cb (PakFrameVerdict verdict, const guint8 *body, gsize length, guint64 offset, gpointer data)
{
  Peer *peer = data;

  g_assert_cmpint (verdict, ==, PAK_FRAME_OK);
  g_queue_push_tail (&peer->packets, g_bytes_new (body, length));
}

static void
on_received_cb (OpTransport *transport, GBytes *bytes, gpointer data)
{
  Peer *peer = data;

  pak_frame_parser_push (peer->parser, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
on_closed_cb (OpTransport *transport, GError *error, gpointer data)
{
  ((Peer *) data)->closed = TRUE;
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  op_transport_open_finish (OP_TRANSPORT (source), result, NULL);
  *(gboolean *) data = TRUE;
}

Peer *
peer_new (void)
{
  Peer *peer = g_new0 (Peer, 1);
  gboolean opened = FALSE;

  /* Time-outs are for what is not sent, however busy the computer is. */
  virtual_time_install ();
  g_queue_init (&peer->packets);
  peer->parser = pak_frame_parser_new (on_frame_cb, peer);
  op_memory_transport_new_pair (&peer->near_end, &peer->far_end);
  g_signal_connect (peer->far_end, "received", G_CALLBACK (on_received_cb), peer);
  g_signal_connect (peer->far_end, "closed", G_CALLBACK (on_closed_cb), peer);
  op_transport_open_async (peer->far_end, NULL, on_opened_cb, &opened);
  wait_for (&opened);
  return peer;
}

void
peer_free (Peer *peer)
{
  g_signal_handlers_disconnect_by_data (peer->far_end, peer);
  op_transport_close (peer->far_end);
  g_object_unref (peer->near_end);
  g_object_unref (peer->far_end);
  pak_frame_parser_free (peer->parser);
  g_queue_clear_full (&peer->packets, (GDestroyNotify) g_bytes_unref);
  g_free (peer);
}

static GByteArray *
parse_hex (const char *hex, guint8 number)
{
  GByteArray *bytes = g_byte_array_new ();

  for (const char *p = hex; *p != '\0';)
    {
      guint8 byte = number;

      if (*p == ' ')
        {
          p++;
          continue;
        }
      if (!g_str_has_prefix (p, "TT"))
        byte = (guint8) (g_ascii_xdigit_value (p[0]) << 4 | g_ascii_xdigit_value (p[1]));
      g_byte_array_append (bytes, &byte, 1);
      p += 2;
    }
  return bytes;
}

static char *
to_hex (const guint8 *bytes, gsize length)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%s%02X", i == 0 ? "" : " ", bytes[i]);
  return g_string_free (text, FALSE);
}

GBytes *
peer_take (Peer *peer)
{
  run_until (has_packet, peer);
  return g_queue_pop_head (&peer->packets);
}

void
peer_expect (Peer *peer, const char *hex)
{
  g_autoptr (GBytes) packet = peer_take (peer);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (packet, &length);
  const char *wildcard = strstr (hex, "TT");
  g_autoptr (GByteArray) expected = NULL;
  g_autofree char *got = to_hex (bytes, length);
  g_autofree char *want = NULL;

  if (wildcard != NULL && (gsize) (wildcard - hex) / 3 < length)
    peer->number = bytes[(wildcard - hex) / 3];
  expected = parse_hex (hex, peer->number);
  want = to_hex (expected->data, expected->len);
  g_assert_cmpstr (got, ==, want);
}

gboolean
peer_is_idle (Peer *peer)
{
  return peer->packets.length == 0;
}

void
peer_send (Peer *peer, const char *hex)
{
  g_autoptr (GByteArray) body = parse_hex (hex, peer->number);
  g_autoptr (GBytes) frame = pak_frame_new (body->data, body->len, 1);

  op_transport_send (peer->far_end, frame);
}

void
peer_send_raw (Peer *peer, const char *hex)
{
  g_autoptr (GByteArray) bytes = parse_hex (hex, peer->number);
  g_autoptr (GBytes) frame = g_bytes_new (bytes->data, bytes->len);

  op_transport_send (peer->far_end, frame);
}
