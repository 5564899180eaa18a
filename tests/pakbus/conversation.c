/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conversation.h"

#include <string.h>

#define MS 1000

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_assert_true (op_logger_open_finish (OP_LOGGER (source), result, NULL));
  *(gboolean *) data = TRUE;
}

void
conversation_set_up_closed (Conversation *c, gconstpointer data)
{
  c->peer = peer_new ();
  c->logger = pak_logger_new (c->peer->near_end, 1, 0, 0x1234);
  pak_logger_set_first_timeout (PAK_LOGGER (c->logger), 60 * MS);
}

void
conversation_open (Conversation *c)
{
  gboolean opened = FALSE;

  op_logger_open_async (c->logger, NULL, on_opened_cb, &opened);
  peer_expect (c->peer, RING);
  peer_send (c->peer, READY);
  peer_expect (c->peer, HELLO);
  peer_send (c->peer, HELLO_RESPONSE);
  wait_for (&opened);
}

void
conversation_set_up (Conversation *c, gconstpointer data)
{
  conversation_set_up_closed (c, data);
  conversation_open (c);
}

void
conversation_tear_down (Conversation *c, gconstpointer data)
{
  g_assert_true (peer_is_idle (c->peer));
  g_object_add_weak_pointer (G_OBJECT (c->logger), (gpointer *) &c->logger);
  g_object_unref (c->logger);
  g_assert_null (c->logger);
  peer_free (c->peer);
}

char *
hex_of_bytes (const guint8 *bytes, gsize length)
{
  GString *hex = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%s%02X", i > 0 ? " " : "", bytes[i]);
  return g_string_free (hex, FALSE);
}

char *
hex_of_text (const char *text)
{
  return hex_of_bytes ((const guint8 *) text, strlen (text) + 1);
}

void
expect_message (Conversation *c, const char *format, ...)
{
  g_autofree char *message = NULL;
  g_autofree char *hex = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  hex = g_strconcat (TO_LOGGER, g_strchomp (message), NULL);
  peer_expect (c->peer, hex);
}

void
send_message (Conversation *c, const char *format, ...)
{
  g_autofree char *message = NULL;
  g_autofree char *hex = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  hex = g_strconcat (FROM_LOGGER, message, NULL);
  peer_send (c->peer, hex);
}

void
make_noise (Conversation *c)
{
  peer_send_raw (c->peer, "BD AF EF 00 01 00 00 BD");
  /* It comes before what is asked next, which it could otherwise have been the answer to. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}
