/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/bin.h"

#include <string.h>

/* What the values come to, one by one and as the records have them. */
static OpBin
add_one_by_one (OpType type, const guint8 *bytes, gsize stride, gsize count)
{
  OpBin bin = OP_BIN_EMPTY;

  for (gsize i = 0; i < count; i++)
    {
      double number = op_value_get_number (type, bytes + i * stride);

      if (op_value_is_flag (type, number))
        {
          bin.n_nan++;
          continue;
        }
      if (bin.n_values++ == 0)
        bin.first = number;
      bin.last = number;
      bin.min = fmin (bin.min, number);
      bin.max = fmax (bin.max, number);
      bin.sum += number;
    }
  return bin;
}

static void
assert_same (double a, double b)
{
  if (!isnan (a) || !isnan (b))
    g_assert_cmpfloat (a, ==, b);
}

static void
check (OpType type, const guint8 *bytes, gsize stride, gsize count)
{
  OpBin bin = OP_BIN_EMPTY;
  OpBin expected = add_one_by_one (type, bytes, stride, count);
  double largest;

  op_bin_add_values (&bin, type, bytes, stride, count);
  g_assert_cmpuint (bin.n_values, ==, expected.n_values);
  g_assert_cmpuint (bin.n_nan, ==, expected.n_nan);
  assert_same (bin.min, expected.min);
  assert_same (bin.max, expected.max);
  assert_same (bin.first, expected.first);
  assert_same (bin.last, expected.last);
  /* Sums differ by rounding, as they are made in another order; of the largest doubles there is none. */
  largest = fmax (fabs (expected.min), fabs (expected.max));
  if (largest < 1e300)
    g_assert_cmpfloat (fabs (bin.sum - expected.sum), <=, 1e-12 * (double) count * largest);
}

/* Every word that there is, alone and between others. */
static void
test_fp2 (void)
{
  guint8 bytes[65536 * 2];

  for (guint word = 0; word < 65536; word++)
    {
      bytes[2 * word] = word >> 8;
      bytes[2 * word + 1] = word & 0xFF;
    }
  for (guint word = 0; word < 65536; word++)
    check (OP_TYPE_FP2, bytes + 2 * word, 2, 1);
  for (guint word = 0; word + 300 < 65536; word += 7)
    check (OP_TYPE_FP2, bytes + 2 * word, 2, word % 301);
  check (OP_TYPE_FP2, bytes, 2, 65536);
  check (OP_TYPE_FP2, bytes, 34, 65536 / 17);
}

/* The largest magnitude as often as one looks at together. */
static void
test_fp2_largest (void)
{
  static const guint8 largest[] = { 0x1F, 0x3E }, smallest[] = { 0x9F, 0x3E }; /* ±7998 */
  guint8 bytes[2000];

  for (guint i = 0; i < sizeof bytes; i += 2)
    memcpy (bytes + i, largest, 2);
  check (OP_TYPE_FP2, bytes, 2, sizeof bytes / 2);
  for (guint i = 0; i < sizeof bytes; i += 2)
    memcpy (bytes + i, smallest, 2);
  check (OP_TYPE_FP2, bytes, 2, sizeof bytes / 2);
}

/* Bytes by chance are numbers of every kind, NAN and infinities among them. */
static void
test_types (void)
{
  static const OpType types[] = { OP_TYPE_BYTE, OP_TYPE_UINT2, OP_TYPE_UINT4, OP_TYPE_INT1, OP_TYPE_INT2, OP_TYPE_INT4,
                                  OP_TYPE_FP2, OP_TYPE_FP3, OP_TYPE_FP4, OP_TYPE_BOOL, OP_TYPE_BOOL8, OP_TYPE_BOOL2,
                                  OP_TYPE_BOOL4, OP_TYPE_IEEE4, OP_TYPE_IEEE4L, OP_TYPE_IEEE8, OP_TYPE_IEEE8L };
  guint8 bytes[600 * 11];

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) g_test_rand_int_range (0, 4) == 0 ? 0x7F + g_test_rand_bit () : (guint8) g_test_rand_int ();
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    for (gsize count = 0; count < 600; count += 1 + count / 8)
      check (types[i], bytes + count % 3, 11, count);
}

static void
test_flags (void)
{
  const double numbers[] = { NAN, 99999, 1.5, -99999, INFINITY, -2.5, 99998, NAN, -INFINITY };
  OpBin bin = OP_BIN_EMPTY;

  op_bin_add_numbers (&bin, op_type_get_flags (OP_TYPE_IEEE4), numbers, 2);
  g_assert_cmpuint (bin.n_values, ==, 0);
  g_assert_true (isnan (bin.min));
  op_bin_add_numbers (&bin, op_type_get_flags (OP_TYPE_IEEE4), numbers + 2, G_N_ELEMENTS (numbers) - 2);
  g_assert_cmpuint (bin.n_values, ==, 3);
  g_assert_cmpuint (bin.n_nan, ==, 6);
  g_assert_cmpfloat (bin.min, ==, -2.5);
  g_assert_cmpfloat (bin.max, ==, 99998);
  g_assert_cmpfloat (bin.first, ==, 1.5);
  g_assert_cmpfloat (bin.last, ==, 99998);
  g_assert_cmpfloat (bin.sum, ==, 99997);
}

/* Flags at both ends of runs of all lengths, and between. */
static void
test_float_flags (void)
{
  static const double flags[] = { NAN, 99999, -99999, INFINITY, -INFINITY };
  guint8 bytes[600 * 4];

  for (guint round = 0; round < 20; round++)
    {
      for (guint i = 0; i < sizeof bytes; i += 4)
        {
          gint chance = g_test_rand_int_range (0, 8);

          op_value_set_number (OP_TYPE_IEEE4, chance < 5 ? flags[chance] : g_test_rand_double_range (-1e5, 1e5), bytes + i,
                               NULL);
        }
      for (gsize count = 0; count < 600; count += 1 + count / 8)
        check (OP_TYPE_IEEE4, bytes, 4, count);
    }
}

static void
test_joined (void)
{
  OpBin bin = { 1, 3, 2, 1, 6, 3, 1 };
  const OpBin flags = { NAN, NAN, NAN, NAN, 0, 0, 2 }, later = { -1, 2, 0, -1, 1, 3, 0 };

  op_bin_add (&bin, &flags);
  op_bin_add (&bin, &later);
  g_assert_cmpuint (bin.n_values, ==, 6);
  g_assert_cmpuint (bin.n_nan, ==, 3);
  g_assert_cmpfloat (bin.min, ==, -1);
  g_assert_cmpfloat (bin.max, ==, 3);
  g_assert_cmpfloat (bin.first, ==, 2);
  g_assert_cmpfloat (bin.last, ==, -1);
  g_assert_cmpfloat (bin.sum, ==, 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bin/fp2", test_fp2);
  g_test_add_func ("/bin/fp2/largest", test_fp2_largest);
  g_test_add_func ("/bin/types", test_types);
  g_test_add_func ("/bin/flags", test_flags);
  g_test_add_func ("/bin/float-flags", test_float_flags);
  g_test_add_func ("/bin/joined", test_joined);
  return g_test_run ();
}
