/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conversation.h"

#include <string.h>

#define MS 1000

#define TO_LOGGER   "A0 01 5F EF 10 01 0F EF "
#define FROM_LOGGER "AF EF 00 01 1F EF 00 01 "

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_assert_true (op_logger_open_finish (OP_LOGGER (source), result, NULL));
  *(gboolean *) data = TRUE;
}

void
conversation_set_up (Conversation *c, gconstpointer data)
{
  gboolean opened = FALSE;

  c->peer = peer_new ();
  c->logger = pak_logger_new (c->peer->near_end, 1, 0, 0x1234);
  /* Long enough for a busy computer, short enough for tests that wait for it. */
  pak_logger_set_first_timeout (PAK_LOGGER (c->logger), 200 * MS);
  op_logger_open_async (c->logger, NULL, on_opened_cb, &opened);
  peer_expect (c->peer, "90 01 0F EF");
  peer_send (c->peer, "AF EF 00 01");
  peer_expect (c->peer, "A0 01 5F EF 00 01 0F EF 09 TT 00 02 FF FE");
  peer_send (c->peer, "AF EF 00 01 0F EF 00 01 89 TT 00 02 FF FE");
  wait_for (&opened);
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

void
clear_outcome (Outcome *outcome, GDestroyNotify free_pointer)
{
  if (outcome->pointer != NULL)
    free_pointer (outcome->pointer);
  g_clear_error (&outcome->error);
  *outcome = (Outcome) { 0 };
}

#define DEFINE_CALLBACK(name, statement)                                                                            \
  void on_##name##_cb (GObject *source, GAsyncResult *result, gpointer data)                                        \
  {                                                                                                                 \
    OpLogger *logger = OP_LOGGER (source);                                                                          \
    Outcome *o = data;                                                                                              \
                                                                                                                    \
    g_assert_false (o->done);                                                                                       \
    statement;                                                                                                      \
    o->succeeded = o->error == NULL;                                                                                \
    o->done = TRUE;                                                                                                 \
  }

DEFINE_CALLBACK (clock_adjusted, o->pointer = op_logger_adjust_clock_finish (logger, result, &o->error))
DEFINE_CALLBACK (program_read, o->pointer = op_logger_read_program_finish (logger, result, &o->error))
DEFINE_CALLBACK (files_listed, o->pointer = op_logger_list_files_finish (logger, result, &o->error))
DEFINE_CALLBACK (file_got, op_logger_get_file_finish (logger, result, &o->error))
DEFINE_CALLBACK (file_put, gboolean verified = FALSE; op_logger_put_file_finish (logger, result, &verified, &o->error);
                 o->number = (guint) verified)
DEFINE_CALLBACK (file_controlled, op_logger_control_file_finish (logger, result, &o->number, &o->error))
DEFINE_CALLBACK (values_got, o->pointer = op_logger_get_values_finish (logger, result, &o->error))
DEFINE_CALLBACK (values_set, o->pointer = op_logger_set_values_finish (logger, result, &o->error))
DEFINE_CALLBACK (table_controlled, op_logger_control_table_finish (logger, result, &o->error))
