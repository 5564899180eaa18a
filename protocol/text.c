/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/text.h"

#include <string.h>

/* What Windows-1252 has at 0x80 to 0x9F; zero: not assigned. */
static const guint16 windows_1252[32] = {
  0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
  0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
  0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static gunichar
get_windows_1252 (guint8 byte)
{
  if (byte < 0x80 || byte > 0x9F)
    return byte;
  return windows_1252[byte - 0x80] != 0 ? windows_1252[byte - 0x80] : 0xFFFD;
}

void
op_text_append_utf8 (GString *text, const char *bytes, gsize length)
{
  gsize used = strnlen (bytes, length);

  if (g_utf8_validate_len (bytes, used, NULL))
    {
      g_string_append_len (text, bytes, used);
      return;
    }
  for (gsize i = 0; i < used; i++)
    g_string_append_unichar (text, get_windows_1252 ((guint8) bytes[i]));
}

char *
op_text_dup_utf8 (const char *bytes, gsize length)
{
  GString *text = g_string_new (NULL);

  op_text_append_utf8 (text, bytes, length);
  return g_string_free (text, FALSE);
}
