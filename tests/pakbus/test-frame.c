/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/frame.h"
#include "protocol/signature.h"
#include "tests/pakbus/vectors.h"

#include <string.h>

/* Verdicts as one letter each, bodies and offsets in the order in which they came. */
typedef struct
{
  GString   *verdicts;
  GPtrArray *bodies; /* of GBytes */
  GArray    *offsets;
} Heard;

static void
heard_frame_cb (PakFrameVerdict verdict, const guint8 *body, gsize length, guint64 offset, gpointer data)
{
  Heard *heard = data;

  g_string_append_c (heard->verdicts, "+sLlq"[verdict]);
  g_ptr_array_add (heard->bodies, g_bytes_new (body, length));
  g_array_append_val (heard->offsets, offset);
}

static void
heard_init (Heard *heard)
{
  heard->verdicts = g_string_new (NULL);
  heard->bodies = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  heard->offsets = g_array_new (FALSE, FALSE, sizeof (guint64));
}

static void
heard_clear (Heard *heard)
{
  g_string_free (heard->verdicts, TRUE);
  g_ptr_array_unref (heard->bodies);
  g_array_unref (heard->offsets);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Heard, heard_clear)

/* Hears @bytes in cuts of @cut bytes. */
static void
hear (Heard *heard, const guint8 *bytes, gsize length, gsize cut)
{
  g_autoptr (PakFrameParser) parser = pak_frame_parser_new (heard_frame_cb, heard);

  heard_init (heard);
  for (gsize i = 0; i < length; i += cut)
    pak_frame_parser_push (parser, bytes + i, MIN (cut, length - i));
}

static void
hear_hex (Heard *heard, const char *hex)
{
  g_autoptr (GByteArray) bytes = pak_vector_bytes (hex);

  hear (heard, bytes->data, bytes->len, bytes->len);
}

static void
assert_body (const Heard *heard, guint i, const GByteArray *body)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (g_ptr_array_index (heard->bodies, i), &length);

  g_assert_cmpmem (bytes, length, body->data, body->len);
}

static void
test_vectors (void)
{
  for (guint i = 0; i < pak_n_vectors; i++)
    {
      const PakVector *vector = &pak_vectors[i];
      g_autoptr (GByteArray) inside = pak_vector_inside (vector);
      g_autoptr (GByteArray) body = pak_vector_body (vector);
      g_autoptr (GByteArray) framed = g_byte_array_new ();
      g_auto (Heard) heard = { 0 };

      g_test_message ("%s", vector->name);
      g_assert_cmphex (op_signature_nullifier (op_signature (body->data, body->len, 0xAAAA)), ==, vector->nullifier);
      pak_frame_append (framed, body->data, body->len);
      g_assert_cmphex (framed->data[0], ==, 0xBD);
      g_assert_cmphex (framed->data[framed->len - 1], ==, 0xBD);
      if (vector->has_nullifier)
        g_assert_cmpmem (framed->data + 1, framed->len - 2, inside->data, inside->len);
      hear (&heard, framed->data, framed->len, framed->len);
      g_assert_cmpstr (heard.verdicts->str, ==, "+");
      assert_body (&heard, 0, body);
      g_assert_cmpuint (g_array_index (heard.offsets, guint64, 0), ==, 1);
    }
}

/* kf8a/gopak pakbus_test.go: BC 73 79 6E 63 is quoted as BC DC 73 79 6E 63. */
static void
test_quote (void)
{
  static const guint8 body[] = { 0xBC, 0x73, 0x79, 0x6E, 0x63, 0xBD };
  static const guint8 quoted[] = { 0xBD, 0xBC, 0xDC, 0x73, 0x79, 0x6E, 0x63, 0xBC, 0xDD };
  g_autoptr (GByteArray) framed = g_byte_array_new ();
  g_auto (Heard) heard = { 0 };

  pak_frame_append (framed, body, sizeof body);
  g_assert_cmpmem (framed->data, sizeof quoted, quoted, sizeof quoted);
  hear (&heard, framed->data, framed->len, 1);
  g_assert_cmpstr (heard.verdicts->str, ==, "+");
  g_assert_cmpmem (g_bytes_get_data (heard.bodies->pdata[0], NULL), sizeof body, body, sizeof body);
}

/* Every cut of a stream with all kinds of frames tells the same. */
static void
test_cuts (void)
{
  static const char hex[] = "0102 BD90010FFE71D2BD BDBDBD" /* noise, ring, empty runs */
                            "A0017FFE00010FFE092D0102003C19BCDDBD" /* shares the sync byte before it */
                            "BD90010FFE71D3BD 414243BD" /* bad signature; noise */
                            "90BC010FFE71D2BD 90BCBD 90010FFE71D2BD"; /* bad quotes; good one */
  g_autoptr (GByteArray) bytes = pak_vector_bytes (hex);

  for (gsize cut = 1; cut <= bytes->len; cut++)
    {
      g_auto (Heard) heard = { 0 };
      static const guint64 offsets[] = { 3, 13, 32, 39, 43, 51, 54 };

      hear (&heard, bytes->data, bytes->len, cut);
      g_assert_cmpstr (heard.verdicts->str, ==, "++sLqq+");
      g_assert_cmpmem (heard.offsets->data, heard.offsets->len * sizeof (guint64), offsets, sizeof offsets);
    }
}

static void
test_noise (void)
{
  g_auto (Heard) before = { 0 };
  g_auto (Heard) between = { 0 };
  g_auto (Heard) empty = { 0 };

  /* Before the first sync byte it says nothing, behind it it is one frame that is none. */
  hear_hex (&before, "48656C6C6F BD 90010FFE71D2 BD");
  g_assert_cmpstr (before.verdicts->str, ==, "+");
  hear_hex (&between, "BD 90010FFE71D2 BD 48656C6C6F2C20776F726C64 BD 90010FFE71D2 BD");
  g_assert_cmpstr (between.verdicts->str, ==, "+s+");
  hear_hex (&empty, "BDBDBDBDBDBD");
  g_assert_cmpstr (empty.verdicts->str, ==, "");
}

/* The shortest frame is of four bytes and its nullifier. */
static void
test_short (void)
{
  g_auto (Heard) five = { 0 };
  g_auto (Heard) three = { 0 };
  g_autoptr (GByteArray) framed = g_byte_array_new ();

  hear_hex (&five, "BD AFFE00015A BD AFFE00015A89 BD");
  g_assert_cmpstr (five.verdicts->str, ==, "L+");

  /* Even when its signature is right. */
  pak_frame_append (framed, (const guint8 *) "\x90\x01\x0F", 3);
  hear (&three, framed->data, framed->len, framed->len);
  g_assert_cmpstr (three.verdicts->str, ==, "L");
}

static GBytes *
make_frame (gsize body_length)
{
  g_autofree guint8 *body = g_malloc (body_length);

  for (gsize i = 0; i < body_length; i++)
    body[i] = (guint8) (i * 7);
  return pak_frame_new (body, body_length, 1);
}

static void
test_long (void)
{
  g_autoptr (GBytes) longest = make_frame (1008);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (longest, &length);
  g_autoptr (GByteArray) stream = g_byte_array_new ();

  g_byte_array_append (stream, bytes, (guint) length);
  /* One byte more than any frame has, and far more; both end at the next sync byte, where frames go on. */
  for (guint extra = 1; extra <= 3001; extra += 3000)
    {
      for (guint i = 0; i < 1010 + extra; i++)
        g_byte_array_append (stream, (const guint8 *) "x", 1);
      g_byte_array_append (stream, bytes, (guint) length);
    }
  for (gsize cut = 1; cut <= stream->len; cut = cut * 3 + 1)
    {
      g_auto (Heard) heard = { 0 };

      hear (&heard, stream->data, stream->len, cut);
      g_assert_cmpstr (heard.verdicts->str, ==, "+l+l+");
      g_assert_cmpuint (g_bytes_get_size (heard.bodies->pdata[0]), ==, 1008);
      g_assert_cmpuint (g_bytes_get_size (heard.bodies->pdata[1]), ==, 1010);
    }
}

/* A frame may be split in the middle of a quoted pair, and the pair may be the last that there is room for. */
static void
test_quoted_at_limit (void)
{
  guint8 body[1008];
  g_autoptr (GBytes) frame = NULL;
  g_auto (Heard) heard = { 0 };

  memset (body, 0xBD, sizeof body);
  frame = pak_frame_new (body, sizeof body, 6);
  hear (&heard, g_bytes_get_data (frame, NULL), g_bytes_get_size (frame), 3);
  g_assert_cmpstr (heard.verdicts->str, ==, "+");
  g_assert_cmpmem (g_bytes_get_data (heard.bodies->pdata[0], NULL), g_bytes_get_size (heard.bodies->pdata[0]), body,
                   sizeof body);
}

/* No single wrong bit goes unnoticed: with the quote rules the signature finds each. */
static void
test_bit_flips (void)
{
  g_autoptr (GByteArray) frame = pak_vector_bytes ("BDA0014FFE10010FFE171700000000000000000000B2B3BD");

  for (guint bit = 8; bit < (frame->len - 1) * 8; bit++)
    {
      g_auto (Heard) heard = { 0 };

      frame->data[bit / 8] ^= (guint8) (1 << bit % 8);
      hear (&heard, frame->data, frame->len, frame->len);
      g_assert_null (strchr (heard.verdicts->str, '+'));
      frame->data[bit / 8] ^= (guint8) (1 << bit % 8);
    }
}

static void
test_reset (void)
{
  g_auto (Heard) heard = { 0 };
  g_autoptr (PakFrameParser) parser = pak_frame_parser_new (heard_frame_cb, &heard);
  g_autoptr (GByteArray) frame = pak_vector_bytes ("BD90010FFE71D2BD");

  heard_init (&heard);
  pak_frame_parser_push (parser, frame->data, 4);
  pak_frame_parser_reset (parser);
  pak_frame_parser_push (parser, frame->data + 4, frame->len - 4);
  g_assert_cmpstr (heard.verdicts->str, ==, "");
  pak_frame_parser_push (parser, frame->data, frame->len);
  g_assert_cmpstr (heard.verdicts->str, ==, "+");
  g_assert_cmpuint (g_array_index (heard.offsets, guint64, 0), ==, 9);
}

static void
test_leading_sync_bytes (void)
{
  static const guint8 ring[] = { 0x90, 0x01, 0x0F, 0xFE };
  static const guint8 framed[] = { 0xBD, 0xBD, 0xBD, 0x90, 0x01, 0x0F, 0xFE, 0x71, 0xD2, 0xBD };
  g_autoptr (GBytes) bytes = pak_frame_new (ring, sizeof ring, 3);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), framed, sizeof framed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frame/vectors", test_vectors);
  g_test_add_func ("/frame/quote", test_quote);
  g_test_add_func ("/frame/cuts", test_cuts);
  g_test_add_func ("/frame/noise", test_noise);
  g_test_add_func ("/frame/short", test_short);
  g_test_add_func ("/frame/long", test_long);
  g_test_add_func ("/frame/quoted-at-limit", test_quoted_at_limit);
  g_test_add_func ("/frame/bit-flips", test_bit_flips);
  g_test_add_func ("/frame/reset", test_reset);
  g_test_add_func ("/frame/leading-sync-bytes", test_leading_sync_bytes);
  return g_test_run ();
}
