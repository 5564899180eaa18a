/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/signature.h"

#include <string.h>

/* Plain restatement of the BMP5 manual's Appendix B, as slow as it stands there. */
static guint16
sign_by_the_book (const guint8 *bytes, gsize length, guint16 seed)
{
  guint result = seed;

  for (gsize i = 0; i < length; i++)
    {
      guint before = result;

      result = (result << 1) & 0x1FF;
      if (result >= 0x100)
        result++;
      result = (((result + (before >> 8) + bytes[i]) & 0xFF) | (before << 8)) & 0xFFFF;
    }
  return (guint16) result;
}

/* gopak, pakbus_test.go; PyCampbellCR1000, test_compute_signature_nullifier. */
static void
test_vectors (void)
{
  static const guint8 frame[] = { 0xD7, 0x02, 0x10, 0x01, 0x18, 0x02, 0x00, 0x01, 0x9D,
                                  0x05, 0x0D, 0x00, 0x00, 0x00, 0x6C, 0x8E, 0x14 };
  static const guint8 byte[] = { 0xAA };

  g_assert_cmphex (op_signature ((const guint8 *) "message", 7, OP_SIGNATURE_SEED), ==, 0x1A17);
  g_assert_cmphex (op_signature (byte, sizeof byte, OP_SIGNATURE_SEED), ==, 0xAAA9);
  g_assert_cmphex (op_signature (frame, sizeof frame, OP_SIGNATURE_SEED), ==, 0x9D98);
  g_assert_cmphex (op_signature_nullifier (0x1A17), ==, 0xB8E9);
  g_assert_cmphex (op_signature_nullifier (0x9D98), ==, 0x3268);
  g_assert_cmphex (op_signature (NULL, 0, 0x1234), ==, 0x1234);
}

static void
test_random_blocks (void)
{
  for (guint round = 0; round < 200; round++)
    {
      guint8  bytes[300];
      gsize   length = (gsize) g_test_rand_int_range (0, sizeof bytes - 2);
      gsize   cut = (gsize) g_test_rand_int_range (0, (gint32) length + 1);
      guint16 seed = (guint16) g_test_rand_int ();
      guint16 signature, nullifier;

      for (gsize i = 0; i < length; i++)
        bytes[i] = (guint8) g_test_rand_int ();
      signature = op_signature (bytes, length, seed);
      g_assert_cmphex (signature, ==, sign_by_the_book (bytes, length, seed));
      g_assert_cmphex (op_signature (bytes + cut, length - cut, op_signature (bytes, cut, seed)), ==, signature);
      nullifier = op_signature_nullifier (signature);
      bytes[length] = nullifier >> 8;
      bytes[length + 1] = nullifier & 0xFF;
      g_assert_cmphex (sign_by_the_book (bytes, length + 2, seed), ==, 0);
    }
}

static void
test_speed (void)
{
  gsize              size = 64 * 1024 * 1024;
  g_autofree guint8 *bytes = NULL;
  double             seconds;

  if (!g_test_perf ())
    {
      g_test_skip ("runs with -m perf");
      return;
    }
  bytes = g_malloc (size);
  memset (bytes, 0x5A, size);
  g_test_timer_start ();
  g_assert_cmphex (op_signature (bytes, size, OP_SIGNATURE_SEED), !=, 0x10000);
  seconds = g_test_timer_elapsed ();
  g_test_maximized_result (size / seconds / 1e6, "signature: %.0f MB/s", size / seconds / 1e6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signature/vectors", test_vectors);
  g_test_add_func ("/signature/random-blocks", test_random_blocks);
  g_test_add_func ("/signature/speed", test_speed);
  return g_test_run ();
}
