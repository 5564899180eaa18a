/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/dissect.h"
#include "tests/fuzz/fuzz.h"
#include "tests/pakbus/vectors.h"

/* Packets between a program, 4094, and logger 1. */
#define COMMAND  "A0014FFE10010FFE "
#define RESPONSE "AFFE00011FFE0001 "

#define UNQUOTED_BIT 0x80

static void
check_frame (GVariant *frame)
{
  g_autofree char *text = pak_dissector_to_text (frame);

  g_assert_true (g_variant_is_normal_form (frame));
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

/* One after the other, two bytes of the length and a frame's body: what passed by decides how later ones are read. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();

  while (size >= 2)
    {
      gsize length = MIN ((gsize) (data[0] & ~UNQUOTED_BIT) << 8 | data[1], size - 2);
      gboolean unquoted = (data[0] & UNQUOTED_BIT) != 0 && length >= PAK_HEADER_SIZE;
      g_autofree guint8 *body = g_memdup2 (data + 2, length);
      g_autoptr (GVariant) frame = unquoted ? pak_dissector_unquoted_frame (dissector, body, length)
                                            : pak_dissector_frame (dissector, PAK_FRAME_OK, body, length);

      check_frame (frame);
      data += 2 + length;
      size -= 2 + length;
    }
  return 0;
}

static void
append (GByteArray *seed, const char *header, const char *hex)
{
  g_autofree char *all = g_strconcat (header, hex, NULL);
  g_autoptr (GByteArray) body = pak_vector_bytes (all);
  const guint8 length[] = { (guint8) (body->len >> 8), body->len & 0xFF };

  g_byte_array_append (seed, length, sizeof length);
  g_byte_array_append (seed, body->data, body->len);
}

static GByteArray *
begin_with_definition (GPtrArray *seeds)
{
  g_autofree char *definition = g_strconcat ("2000 0002 ", pak_table1_definition_hex, NULL);
  GByteArray *seed = g_byte_array_new ();

  append (seed, RESPONSE, definition);
  g_ptr_array_add (seeds, seed);
  return seed;
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  g_autofree char *collected = g_strconcat ("8904 00 ", pak_collect_body_hex, NULL);
  g_autofree char *file = g_strconcat ("9D08 00 00000000 01 ", pak_table1_definition_hex, NULL);
  g_autofree char *directory = g_strconcat ("9D08 00 00000000 ", pak_directory_hex, NULL);
  GByteArray *seed = begin_with_definition (seeds);

  append (seed, COMMAND, "0904 0000 05 0002 9EA7 00000006 0000");
  append (seed, RESPONSE, collected);
  seed = begin_with_definition (seeds);
  append (seed, COMMAND, "0905 0000 05 0002 9EA7 00000002 0003 0001 0000 0002 9EA7 00000001 0000");
  append (seed, RESPONSE, "8905 00 0002 00015BDC 0002 2A72AB30 00000000 4551 09CA 4550 09CB 00");
  append (seed, RESPONSE, "8905 00 0002 00015BDC 0001 2A72AB30 00000000 4551 09CA 0002 00000007 800001F4 41 00");
  seed = begin_with_definition (seeds);
  append (seed, RESPONSE, "1400 0002 9EA7 00015BDC 8000000A 4551139009CA");
  append (seed, RESPONSE, "1400 0002 9EA7 00015BDC 0001 2A72AB30 00000000 4551139009CA09B109CB09DEA7E0BEAC477424BD");
  seed = g_byte_array_new ();
  append (seed, COMMAND, "1D08 0000 2E54444600 00 00000000 03E0");
  append (seed, RESPONSE, file);
  append (seed, COMMAND, "1D08 0000 2E44495200 00 00000000 03E0");
  append (seed, RESPONSE, directory);
  g_ptr_array_add (seeds, seed);
  seed = g_byte_array_new ();
  append (seed, "AFFE00010FFE0001", "8F01 01 000C 05 00 00 0002 0005 4861757300 0000 4000 0030 0007 01080208021388");
  append (seed, "F2", "1002 0000 0003 0002 0007");
  append (seed, COMMAND, "1A1A 0000 5461626C653100 0E 4100 0002");
  append (seed, RESPONSE, "9A1A 00 2A72AB30 00000000 2A72AB30 00000001");
  g_ptr_array_add (seeds, seed);
}
