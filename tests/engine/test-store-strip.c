/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-strip.h"

#include <math.h>
#include <string.h>

static OpTable *
make_table (const OpType *types, guint n_types)
{
  g_autoptr (GError) error = NULL;
  OpTableBuilder *builder = op_table_builder_new ("Strips", 100, OP_TYPE_NSEC, 0, 60 * OP_SECOND);

  for (guint i = 0; i < n_types; i++)
    {
      g_autofree char *name = g_strdup_printf ("F%u", i);

      op_table_builder_add_field (builder, types[i], TRUE, name, "", "", NULL, 0);
    }
  OpTable *table = op_table_builder_finish (builder, 1, &error);
  g_assert_no_error (error);
  return table;
}

static double
make_number (OpType type)
{
  guint8 bytes[8];
  double number;

  do
    {
      for (guint i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8) g_test_rand_int ();
      number = op_value_get_number (type, bytes);
    }
  while (op_value_is_flag (type, number));
  return number;
}

static OpBin
make_bin (OpType type)
{
  double a = make_number (type), b = make_number (type), c = make_number (type);

  if (g_test_rand_int_range (0, 4) == 0)
    {
      OpBin bin = OP_BIN_EMPTY;

      bin.n_nan = 256;
      return bin;
    }
  return (OpBin){ fmin (fmin (a, b), c), fmax (fmax (a, b), c), a, c, a + b + c, 3, 253 };
}

static void
make_heads (OpBlockHead heads[OP_STRIP_BLOCKS])
{
  for (gint i = 0; i < OP_STRIP_BLOCKS; i++)
    heads[i] = (OpBlockHead){ i * 256, i * 256 + 255, 256, i, i + 1, i - 1, i + 2 };
}

/* What is stored comes back, to the last bit. */
static void
test_types (void)
{
  static const OpType types[] = { OP_TYPE_BYTE, OP_TYPE_UINT2, OP_TYPE_UINT4, OP_TYPE_INT1, OP_TYPE_INT2, OP_TYPE_INT4,
                                  OP_TYPE_ASCIIZ, OP_TYPE_FP2, OP_TYPE_FP3, OP_TYPE_FP4, OP_TYPE_BOOL, OP_TYPE_IEEE4,
                                  OP_TYPE_IEEE4L, OP_TYPE_IEEE8, OP_TYPE_IEEE8L };
  const guint n_numbers = G_N_ELEMENTS (types) - 1;
  g_autoptr (OpTable) table = make_table (types, G_N_ELEMENTS (types));
  g_autoptr (OpStripLayout) layout = op_strip_layout_new (table);
  g_autofree guint8 *bytes = g_malloc (op_strip_layout_get_size (layout));
  g_autofree OpBin *bins = g_new (OpBin, n_numbers * OP_STRIP_BLOCKS);
  OpBlockHead heads[OP_STRIP_BLOCKS], loaded_heads[OP_STRIP_BLOCKS];
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (op_strip_layout_get_n_columns (layout), ==, n_numbers);
  make_heads (heads);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      gint place = op_strip_layout_find (layout, i);

      g_assert_true ((place < 0) == (types[i] == OP_TYPE_ASCIIZ));
      for (guint k = 0; place >= 0 && k < OP_STRIP_BLOCKS; k++)
        bins[(guint) place * OP_STRIP_BLOCKS + k] = make_bin (types[i]);
    }
  op_strip_store (layout, heads, bins, bytes);
  g_assert_true (op_strip_load_heads (layout, bytes, op_strip_layout_get_size (layout), loaded_heads, &error));
  g_assert_cmpmem (loaded_heads, sizeof loaded_heads, heads, sizeof heads);
  for (guint place = 0; place < n_numbers; place++)
    {
      OpBin loaded[OP_STRIP_BLOCKS];

      g_assert_true (op_strip_load_bins (layout, bytes, place, heads, loaded, &error));
      g_assert_cmpmem (loaded, sizeof loaded, bins + place * OP_STRIP_BLOCKS, sizeof loaded);
    }
}

static void
test_every_fp2 (void)
{
  const OpType type = OP_TYPE_FP2;
  g_autoptr (OpTable) table = make_table (&type, 1);
  g_autoptr (OpStripLayout) layout = op_strip_layout_new (table);
  g_autofree guint8 *bytes = g_malloc (op_strip_layout_get_size (layout));
  OpBlockHead heads[OP_STRIP_BLOCKS];
  OpBin bins[OP_STRIP_BLOCKS], loaded[OP_STRIP_BLOCKS];

  make_heads (heads);
  for (guint word = 0; word < 65536; word++)
    {
      guint8 pair[2] = { (guint8) (word >> 8), (guint8) word };
      double number = op_value_get_number (type, pair);

      if (op_value_is_flag (type, number))
        continue;
      for (guint i = 0; i < OP_STRIP_BLOCKS; i++)
        bins[i] = (OpBin){ number, number, number, number, number, 1, 0 };
      op_strip_store (layout, heads, bins, bytes);
      g_assert_true (op_strip_load_bins (layout, bytes, 0, heads, loaded, NULL));
      g_assert_cmpfloat (loaded[0].min, ==, number);
      g_assert_cmpfloat (loaded[OP_STRIP_BLOCKS - 1].last, ==, number);
    }
}

static void
test_damaged (void)
{
  const OpType type = OP_TYPE_IEEE4;
  g_autoptr (OpTable) table = make_table (&type, 1);
  g_autoptr (OpStripLayout) layout = op_strip_layout_new (table);
  gsize size = op_strip_layout_get_size (layout);
  g_autofree guint8 *bytes = g_malloc0 (size);
  OpBlockHead heads[OP_STRIP_BLOCKS];
  OpBin bins[OP_STRIP_BLOCKS];
  g_autoptr (GError) error = NULL;

  g_assert_false (op_strip_load_heads (layout, bytes, size - 1, heads, &error));
  g_assert_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED);
  g_clear_error (&error);
  /* More numbers than records. */
  g_assert_true (op_strip_load_heads (layout, bytes, size, heads, &error));
  memset (bytes + sizeof heads, 1, size - sizeof heads);
  g_assert_false (op_strip_load_bins (layout, bytes, 0, heads, bins, &error));
  g_assert_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-strip/types", test_types);
  g_test_add_func ("/store-strip/every-fp2", test_every_fp2);
  g_test_add_func ("/store-strip/damaged", test_damaged);
  return g_test_run ();
}
