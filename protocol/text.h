/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Copies @bytes up to the first NUL as UTF-8; bytes that are not UTF-8 are taken as Windows-1252. */
char *op_text_dup_utf8    (const char *bytes, gsize length);
/** The same, behind what @text holds. */
void  op_text_append_utf8 (GString *text, const char *bytes, gsize length);

G_END_DECLS
