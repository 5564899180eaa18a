/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/packet.h"
#include "protocol/pakbus/sniffer.h"
#include "tests/fuzz/fuzz.h"
#include "tests/pakbus/vectors.h"

static void
note_frame_cb (PakFrameVerdict verdict, gboolean unquoted, const guint8 *body, gsize length, gpointer data)
{
  const guint8 head[] = { verdict, unquoted, length >> 8, length & 0xFF };

  g_assert_cmpuint (length, <=, MAX (PAK_FRAME_MAX, PAK_HEADER_SIZE + PAK_MESSAGE_MAX));
  g_assert_true (!unquoted || length >= PAK_HEADER_SIZE);
  g_byte_array_append (data, head, sizeof head);
  g_byte_array_append (data, body, (guint) length);
}

static GByteArray *
sniff_in_cuts (const uint8_t *data, size_t size, gsize cut)
{
  GByteArray *told = g_byte_array_new ();
  g_autoptr (PakSniffer) sniffer = pak_sniffer_new (note_frame_cb, told);

  for (gsize i = 0; i < size; i += cut)
    pak_sniffer_push (sniffer, data + i, MIN (cut, size - i));
  pak_sniffer_finish (sniffer);
  return told;
}

/* However the bytes are cut, the frames are the same. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GByteArray) whole = sniff_in_cuts (data, size, MAX (size, 1));
  g_autoptr (GByteArray) in_cuts = sniff_in_cuts (data, size, 1 + size % 13);

  g_assert_cmpmem (whole->data, whole->len, in_cuts->data, in_cuts->len);
  return 0;
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const char *const captures[] = {
    "BD AFFE0001 5A89 BD BD F0 000E 0FFE 0001 0FFE 0001 8903 01 02 BCBD BD AFFE0001 5A89 BD",
    "BD F0 0008 0FFE 0001 0FFE 0001 BD F0 0009 00 BD F0 FFFF 00 BD BD F0 000A 00 BD F0 0008 BD",
  };

  for (guint i = 0; i < G_N_ELEMENTS (captures); i++)
    g_ptr_array_add (seeds, pak_vector_bytes (captures[i]));
}
