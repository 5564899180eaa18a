/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/trace.h"

G_BEGIN_DECLS

/** What becomes of what a capture holds. */
typedef struct
{
  /** A line of a trace. */
  void (*event)   (const OpTraceEvent *event, gpointer data);
  /** Bytes of no known direction; @is_all: there are no others. */
  void (*bytes)   (const guint8 *bytes, gsize length, gboolean is_all, gpointer data);
  /** Something cannot be read; what follows still is. */
  void (*trouble) (const GError *error, gpointer data);
} CliInspectFuncs;

/**
 * Reads a capture to its end: a trace, hex text, or the bytes themselves, whichever it looks like. Never holds more
 * than a piece of it.
 */
gboolean    cli_inspect_read (const char *path, const CliInspectFuncs *funcs, gpointer data, GError **error);
/**
 * Hex text with any white space, ":" or "," between the bytes; NULL when something else is in it. A digit whose
 * partner is still to come is left in @half, which begins and else is -1.
 */
GByteArray *cli_inspect_parse_hex (const char *text, gsize length, gint *half);

G_END_DECLS
