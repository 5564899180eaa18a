/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/tob1-fixture.h"

#include "protocol/formats/tob1-reader.h"

#include <string.h>

static const char *const header[] = {
  "\"TOB1\",\"Ridge\",\"CR1000X\",\"4668\",\"CR1000X.Std.08.01\",\"CPU:w.CR1X\",\"14472\",\"Fast\"",
  "\"SECONDS\",\"NANOSECONDS\",\"RECORD\",\"F\",\"I\",\"D\",\"U2\",\"U4\",\"L\",\"B\",\"B8\",\"S\",\"T_TMx\"",
  "\"SECONDS\",\"NANOSECONDS\",\"RN\",\"°C\",\"m\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"",
  "\"\",\"\",\"\",\"Avg\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"TMx\"",
  "\"ULONG\",\"ULONG\",\"ULONG\",\"FP2\",\"IEEE4\",\"IEEE8\",\"UINT2\",\"UINT4\",\"LONG\",\"BOOL\",\"BOOL8\",\"ASCII(6)\","
  "\"SecNano\"",
  NULL,
};

void
tob1_fixture_add_lines (GByteArray *bytes, const char *const *lines)
{
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_byte_array_append (bytes, (const guint8 *) lines[i], (guint) strlen (lines[i]));
      g_byte_array_append (bytes, (const guint8 *) "\r\n", 2);
    }
}

void
tob1_fixture_add_header (GByteArray *bytes)
{
  tob1_fixture_add_lines (bytes, header);
}

static void
add_ulong (GByteArray *bytes, guint32 number)
{
  const guint8 little_endian[] = { number & 0xFF, number >> 8 & 0xFF, number >> 16 & 0xFF, number >> 24 };

  g_byte_array_append (bytes, little_endian, sizeof little_endian);
}

void
tob1_fixture_add_record (GByteArray *bytes, guint32 number)
{
  /* Every 4th record has what is none. */
  static const guint8 usual[] = "\x60\xD2" "\x1F\x44\x45\x3E" "\x00\x00\x00\x00\x00\x00\xF4\x3F" "\x81\x46" "\x00\x96\x7F\x58"
                                "\xFE\xFF\xFF\xFF" "\xFF" "\x03" "a\"b\0\xFF\xFF";
  static const guint8 none[] = "\x9F\xFE" "\xFF\xFF\xFF\x7F" "\x00\x00\x00\x00\x00\x00\xF8\x7F" "\x00\x00" "\x00\x00\x00\x00"
                               "\x00\x00\x00\x80" "\x00" "\x80" "\0\0\0\0\0\0";

  add_ulong (bytes, TOB1_FIRST_SECOND + number / 10);
  add_ulong (bytes, number % 10 * 100000000);
  add_ulong (bytes, number);
  g_byte_array_append (bytes, number % 4 == 3 ? none : usual, sizeof usual - 1);
  add_ulong (bytes, TOB1_FIRST_SECOND + number / 10);
  add_ulong (bytes, 50000000);
}

GByteArray *
tob1_fixture_new (guint32 first, guint n)
{
  GByteArray *bytes = g_byte_array_new ();

  tob1_fixture_add_header (bytes);
  for (guint i = 0; i < n; i++)
    tob1_fixture_add_record (bytes, first + i);
  return bytes;
}

char *
tob1_fixture_dup_text (guint32 number)
{
  /* 1140000000 s after 1990-01-01 are 13194 days and 38400 s. */
  guint    second = 38400 + number / 10;
  const char *values = number % 4 == 3 ? "\"NAN\",\"NAN\",\"NAN\",0,0,-2147483648,0,\"00000001\",\"\""
                                       : "0.21,0.1926427,1.25,33094,9863000,-2,-1,\"11000000\",\"a\"\"b\"";
  g_autofree char *time = g_strdup_printf ("2026-02-15 %02u:%02u:%02u", second / 3600, second / 60 % 60, second % 60);
  g_autofree char *tenth = number % 10 > 0 ? g_strdup_printf (".%u", number % 10) : g_strdup ("");

  return g_strdup_printf ("\"%s%s\",%u,%s,\"%s.05\"", time, tenth, number, values, time);
}

OpDataFile *
tob1_fixture_read (const GByteArray *bytes, GError **error)
{
  /* A copy of just its size, so that the sanitizer sees a read beyond it. */
  g_autoptr (GInputStream) stream
      = g_memory_input_stream_new_from_data (g_memdup2 (bytes->data, bytes->len), bytes->len, g_free);
  g_autoptr (OpTob1Reader) reader = op_tob1_reader_new (stream, bytes->len, NULL, error);
  const OpReadWatch watch = { 0 };

  return reader != NULL ? op_tob1_reader_read_all (reader, &watch, error) : NULL;
}
