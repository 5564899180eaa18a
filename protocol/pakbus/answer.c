/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/answer-private.h"

PakMessage *
pak_answer_decode (GBytes *answer, GError **error)
{
  return pak_message_decode (PAK_PROTOCOL_BMP5, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), error);
}

PakMessage *
pak_answer_accept (GBytes *answer, const char *what, GError **error)
{
  g_autoptr (PakMessage) response = pak_answer_decode (answer, error);

  if (response == NULL || pak_message_get_uint (response, "RespCode") == 0)
    return g_steal_pointer (&response);
  pak_set_response_error (error, pak_message_get_uint (response, "RespCode"), what);
  return NULL;
}

gboolean
pak_answer_is_lost (const GError *error)
{
  return g_error_matches (error, PAK_ERROR, PAK_ERROR_TIMED_OUT) || g_error_matches (error, PAK_ERROR, PAK_ERROR_NOISE)
         || g_error_matches (error, PAK_ERROR, PAK_ERROR_MESSAGE);
}

static GError *
change_code (GError *error, PakError code)
{
  GError *changed = g_error_new_literal (PAK_ERROR, (gint) code, error->message);

  g_error_free (error);
  return changed;
}

GError *
pak_answer_not_done (GError *lost)
{
  return change_code (lost, PAK_ERROR_NOT_DONE);
}

GError *
pak_answer_uncertain (GError *lost)
{
  return change_code (lost, PAK_ERROR_UNCERTAIN);
}

GError *
pak_answer_unseen (GError *error, GError *lost)
{
  gboolean is_link_there = pak_answer_is_lost (error);

  g_error_free (is_link_there ? error : lost);
  return is_link_there ? pak_answer_uncertain (lost) : error;
}
