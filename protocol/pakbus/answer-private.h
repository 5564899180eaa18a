/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/error.h"
#include "protocol/pakbus/message.h"

G_BEGIN_DECLS

/* What jobs do with answers, and with their absence. */

/* Errors: PAK_ERROR_MESSAGE. */
PakMessage *pak_answer_decode (GBytes *answer, GError **error);
/* As pak_answer_decode(), and fails when the response code is not 0: then with @what as context. */
PakMessage *pak_answer_accept (GBytes *answer, const char *what, GError **error);
/* Whether @error leaves open what became of the request, and the link is still there to look. */
gboolean    pak_answer_is_lost (const GError *error);
/* What looking again showed: PAK_ERROR_NOT_DONE, PAK_ERROR_UNCERTAIN. Take @lost. */
GError     *pak_answer_not_done  (GError *lost);
GError     *pak_answer_uncertain (GError *lost);
/* Looking again failed with @error: that of the whole, as long as the link is there, is that nobody knows. Takes both. */
GError     *pak_answer_unseen    (GError *error, GError *lost);

G_END_DECLS
