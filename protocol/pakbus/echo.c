/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/echo.h"

#include "protocol/pakbus/pak-logger-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Not in the manual: pakbus-facts C8. */
#define MSG_ECHO     0x05
#define MESSAGE_HEAD 2
#define TIME_SIZE    8 /* of the answer, in place of as many bytes of the data */

static PakEcho *
parse_echo (GBytes *answer, GBytes *sent, GError **error)
{
  g_autoptr (PakMessage) response = pak_message_decode (PAK_PROTOCOL_PAKCTRL, g_bytes_get_data (answer, NULL),
                                                        g_bytes_get_size (answer), error);
  const guint8 *data;
  gsize length, n_sent;
  const guint8 *bytes = g_bytes_get_data (sent, &n_sent);
  PakEcho *echo;

  if (response == NULL)
    return NULL;
  data = pak_message_get_bytes (response, "EchoData", &length);
  if (length != n_sent - TIME_SIZE || (length > 0 && memcmp (data, bytes + TIME_SIZE, length) != 0))
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "Echo Response: not the data that were sent");
      return NULL;
    }
  echo = g_new0 (PakEcho, 1);
  echo->n_bytes = n_sent;
  echo->logger_time = pak_message_get_time (response, "Time");
  return echo;
}

static void
on_echo_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gint64 round_trip = 0;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, &round_trip, &error);
  PakEcho *echo = answer != NULL ? parse_echo (answer, g_task_get_task_data (task), &error) : NULL;

  if (echo == NULL)
    {
      g_task_return_error (task, pak_logger_explain (g_task_get_source_object (task), error,
                                                     _ ("Measuring the round trip")));
      return;
    }
  echo->round_trip_us = round_trip;
  g_task_return_pointer (task, echo, g_free);
}

void
pak_echo_async (PakLogger *logger, gsize n_bytes, GCancellable *cancellable, GAsyncReadyCallback callback,
                gpointer data)
{
  g_return_if_fail (PAK_IS_LOGGER (logger));
  g_return_if_fail (n_bytes >= TIME_SIZE && n_bytes <= PAK_ECHO_MAX);

  GTask *task = g_task_new (logger, cancellable, callback, data);
  const PakTarget *target = pak_logger_get_target (logger);
  PakMessage *command = pak_message_new (PAK_PROTOCOL_PAKCTRL, MSG_ECHO, 0);
  gsize length = MIN (n_bytes, pak_target_get_max_message (target) - MESSAGE_HEAD);
  guint8 *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) i;
  pak_message_set_bytes (command, "EchoData", bytes, length);
  g_task_set_task_data (task, g_bytes_new_take (bytes, length), (GDestroyNotify) g_bytes_unref);
  pak_session_transact_async (target->session, target->node, command, PAK_REPEAT_NEW_NUMBER, cancellable, on_echo_cb,
                              task);
}

PakEcho *
pak_echo_finish (PakLogger *logger, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, logger), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
