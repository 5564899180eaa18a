/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"
#include "protocol/pakbus/error.h"

G_BEGIN_DECLS

/*
 * Takes an error of this layer and returns one for people: what was tried, on what link, what to do, and then the
 * message it had. Errors of other layers pass.
 */
GError *pak_explain_error (GError *error, const char *what, const char *link_name);
/* The node keeps silent, but @other has been heard. Takes @error. */
GError *pak_explain_wrong_address (GError *error, guint address, guint other, const char *link_name);
/* "Permission denied", by a logger that knows no permissions (manual 3.7.4). Takes @error. */
GError *pak_explain_long_packet   (GError *error, const char *what, const char *link_name);

G_END_DECLS
