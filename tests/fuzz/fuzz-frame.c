/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/frame.h"
#include "tests/fuzz/fuzz.h"
#include "tests/pakbus/vectors.h"

/* What a parser told, as bytes that can be compared. */
static void
note_frame_cb (PakFrameVerdict verdict, const guint8 *body, gsize length, guint64 offset, gpointer data)
{
  GByteArray *told = data;

  g_assert_cmpuint (length, <=, verdict == PAK_FRAME_OK ? PAK_FRAME_MAX - 2 : PAK_FRAME_MAX);
  g_assert_true (length > 0 || verdict == PAK_FRAME_BAD_QUOTE);
  g_byte_array_append (told, (const guint8 *) &verdict, sizeof verdict);
  g_byte_array_append (told, (const guint8 *) &offset, sizeof offset);
  g_byte_array_append (told, (const guint8 *) &length, sizeof length);
  g_byte_array_append (told, body, (guint) length);
}

static void
check_again_cb (PakFrameVerdict verdict, const guint8 *body, gsize length, guint64 offset, gpointer data)
{
  GBytes *expected = data;

  g_assert_cmpint (verdict, ==, PAK_FRAME_OK);
  g_assert_cmpmem (body, length, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

/* A body that was accepted is accepted again when it is framed anew. */
static void
check_frame_cb (PakFrameVerdict verdict, const guint8 *body, gsize length, guint64 offset, gpointer data)
{
  g_autoptr (GBytes) expected = g_bytes_new (body, length);
  g_autoptr (PakFrameParser) parser = pak_frame_parser_new (check_again_cb, expected);
  g_autoptr (GBytes) frame = NULL;
  gsize size;
  const guint8 *bytes;

  if (verdict != PAK_FRAME_OK)
    return;
  frame = pak_frame_new (body, length, 1);
  bytes = g_bytes_get_data (frame, &size);
  pak_frame_parser_push (parser, bytes, size);
}

static void
push_in_cuts (const uint8_t *data, size_t size, gsize cut, PakFrameFunc func, gpointer func_data)
{
  g_autoptr (PakFrameParser) parser = pak_frame_parser_new (func, func_data);

  for (gsize i = 0; i < size; i += cut)
    pak_frame_parser_push (parser, data + i, MIN (cut, size - i));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  g_autoptr (GByteArray) in_cuts = g_byte_array_new ();

  push_in_cuts (data, size, MAX (size, 1), note_frame_cb, whole);
  push_in_cuts (data, size, 1 + size % 13, note_frame_cb, in_cuts);
  g_assert_cmpmem (whole->data, whole->len, in_cuts->data, in_cuts->len);
  push_in_cuts (data, size, MAX (size, 1), check_frame_cb, NULL);
  return 0;
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  GByteArray *all = g_byte_array_new ();

  for (guint i = 0; i < pak_n_vectors; i++)
    {
      g_autoptr (GByteArray) body = pak_vector_body (&pak_vectors[i]);
      GByteArray *frame = g_byte_array_new ();

      pak_frame_append (frame, body->data, body->len);
      pak_frame_append (all, body->data, body->len);
      g_ptr_array_add (seeds, frame);
    }
  g_ptr_array_add (seeds, all);
}
