/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values by name: which elements a name means, and how texts become bytes (BMP5 manual, Appendix A). */

#include "protocol/value-span.h"

#include <math.h>
#include <string.h>

static OpTable *
build_table (guint number, const char *name)
{
  static const guint32 four = 4;
  static const guint32 matrix[] = { 2, 3 };
  static const guint32 strings[] = { 3, 8 };
  OpTableBuilder *builder = op_table_builder_new (name, 1, OP_TYPE_NSEC, 0, 0);
  g_autoptr (GError) error = NULL;
  OpTable *table;

  op_table_builder_add_field (builder, OP_TYPE_IEEE4, FALSE, "Temp", "", "", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_FP2, FALSE, "Soil", "", "", &four, 1);
  op_table_builder_add_field (builder, OP_TYPE_INT4, FALSE, "Grid", "", "", matrix, 2);
  op_table_builder_add_field (builder, OP_TYPE_ASCII, FALSE, "Label", "", "", strings, 2);
  op_table_builder_add_field (builder, OP_TYPE_NSEC, FALSE, "Begin", "", "", NULL, 0);
  table = op_table_builder_finish (builder, number, &error);
  g_assert_no_error (error);
  return table;
}

static GPtrArray *
new_tables (void)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func ((GDestroyNotify) op_table_unref);

  g_ptr_array_add (tables, build_table (1, "Status"));
  g_ptr_array_add (tables, build_table (2, "Public"));
  return tables;
}

static void
test_resolve (void)
{
  static const struct
  {
    const char *name;
    guint       count;
    const char *table;
    const char *field;
    OpType      type;
    guint       n_elements;
    guint       text_size;
  } cases[] = {
    { "Public.Temp", 0, "Public", "Temp", OP_TYPE_IEEE4, 1, 0 },
    { "public.TEMP", 0, "Public", "Temp", OP_TYPE_IEEE4, 1, 0 },
    { "Public.Temp(1)", 0, "Public", "Temp", OP_TYPE_IEEE4, 1, 0 },
    { "Status.Soil", 0, "Status", "Soil(1)", OP_TYPE_FP2, 4, 0 },
    { "Public.Soil(3)", 0, "Public", "Soil(3)", OP_TYPE_FP2, 1, 0 },
    { "Public.Soil(3)", 2, "Public", "Soil(3)", OP_TYPE_FP2, 2, 0 },
    { "Public.Grid", 0, "Public", "Grid(1,1)", OP_TYPE_INT4, 6, 0 },
    { "Public.Grid(2,1)", 3, "Public", "Grid(2,1)", OP_TYPE_INT4, 3, 0 },
    { "Public.Label", 0, "Public", "Label(1)", OP_TYPE_ASCII, 3, 8 },
    { "Public.Label(2)", 0, "Public", "Label(2)", OP_TYPE_ASCII, 1, 8 },
  };
  g_autoptr (GPtrArray) tables = new_tables ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (OpValueSpan) span = op_value_span_resolve (tables, cases[i].name, cases[i].count, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (span->table, ==, cases[i].table);
      g_assert_cmpstr (span->field, ==, cases[i].field);
      g_assert_cmpint (span->type, ==, cases[i].type);
      g_assert_cmpuint (span->count, ==, cases[i].n_elements);
      g_assert_cmpuint (span->text_size, ==, cases[i].text_size);
    }
}

static void
test_resolve_nothing (void)
{
  static const struct
  {
    const char *name;
    guint       count;
    gint        error;
  } cases[] = {
    { "Temp", 0, OP_VALUE_ERROR_NAME },         { "Other.Temp", 0, OP_VALUE_ERROR_NAME },
    { "Public.Other", 0, OP_VALUE_ERROR_NAME }, { "Public.Soil(5)", 0, OP_VALUE_ERROR_NAME },
    { "Public.", 0, OP_VALUE_ERROR_NAME },      { ".Temp", 0, OP_VALUE_ERROR_NAME },
    { "Pub.Temp", 0, OP_VALUE_ERROR_NAME },     { "Public.Soil(3)", 3, OP_VALUE_ERROR_RANGE },
    { "Public.Temp", 2, OP_VALUE_ERROR_RANGE },
  };
  g_autoptr (GPtrArray) tables = new_tables ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (op_value_span_resolve (tables, cases[i].name, cases[i].count, &error));
      g_assert_error (error, OP_VALUE_ERROR, cases[i].error);
    }
}

static void
assert_slice (const OpValueSpan *span, guint first, const char *field)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OpValueSpan) slice = op_value_span_slice (span, first, 1, &error);

  if (field == NULL)
    {
      g_assert_null (slice);
      g_assert_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_NAME);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpstr (slice->field, ==, field);
  g_assert_cmpuint (slice->count, ==, 1);
  g_assert_cmpint (slice->type, ==, span->type);
}

static void
test_slice (void)
{
  g_autoptr (GPtrArray) tables = new_tables ();
  g_autoptr (OpValueSpan) grid = op_value_span_resolve (tables, "Public.Grid", 0, NULL);
  g_autoptr (OpValueSpan) plain = op_value_span_new ("T", "A", OP_TYPE_IEEE4, 10, 0);
  g_autoptr (OpValueSpan) third = op_value_span_new ("T", "A(3)", OP_TYPE_IEEE4, 10, 0);
  g_autoptr (OpValueSpan) unknown = op_value_span_new ("T", "A(1,2)", OP_TYPE_IEEE4, 10, 0);

  assert_slice (grid, 0, "Grid(1,1)");
  assert_slice (grid, 3, "Grid(2,1)");
  assert_slice (plain, 0, "A");
  assert_slice (plain, 4, "A(5)");
  assert_slice (third, 4, "A(7)");
  assert_slice (unknown, 0, "A(1,2)");
  assert_slice (unknown, 1, NULL);
}

/* Texts of @type, as the manual's Appendix A writes them; NULL: they do not fit. */
static const struct
{
  OpType      type;
  guint       text_size;
  const char *text;
  const char *bytes;
  gsize       length;
  const char *back; /* NULL: as @text */
} texts[] = {
  { OP_TYPE_IEEE4, 0, "-12.5", "\xC1\x48\0\0", 4, NULL },
  { OP_TYPE_IEEE4, 0, "INF", "\x7F\x80\0\0", 4, NULL },
  { OP_TYPE_IEEE4, 0, "warm", NULL, 0, NULL },
  { OP_TYPE_IEEE4, 0, "1 ", NULL, 0, NULL },
  { OP_TYPE_IEEE4, 0, "", NULL, 0, NULL },
  { OP_TYPE_UINT2, 0, "65535", "\xFF\xFF", 2, NULL },
  { OP_TYPE_UINT2, 0, "65536", NULL, 0, NULL },
  { OP_TYPE_UINT2, 0, "-1", NULL, 0, NULL },
  { OP_TYPE_UINT2, 0, "NAN", NULL, 0, NULL },
  { OP_TYPE_INT4, 0, "-2", "\xFF\xFF\xFF\xFE", 4, NULL },
  { OP_TYPE_LONG, 0, "-2", "\xFE\xFF\xFF\xFF", 4, NULL },
  { OP_TYPE_BOOL, 0, "true", "\xFF", 1, "-1" },
  { OP_TYPE_BOOL, 0, "False", "\0", 1, "0" },
  { OP_TYPE_BOOL4, 0, "TRUE", "\xFF\xFF\xFF\xFF", 4, "-1" },
  { OP_TYPE_FP2, 0, "NAN", "\x9F\xFE", 2, NULL },
  { OP_TYPE_ASCII, 4, "ab", "ab\0\0", 4, NULL },
  { OP_TYPE_ASCII, 4, "abcd", "abcd", 4, NULL },
  { OP_TYPE_ASCII, 4, "abcde", NULL, 0, NULL },
  { OP_TYPE_ASCIIZ, 0, "ab", "ab", 3, NULL },
  { OP_TYPE_NSEC, 0, "1990-01-02 00:00:01.5", "\0\1\x51\x81\x1D\xCD\x65\0", 8, NULL },
  { OP_TYPE_NSEC, 0, "yesterday", NULL, 0, NULL },
};

static void
test_texts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (OpValueSpan) span = op_value_span_new ("T", "A", texts[i].type, 1, texts[i].text_size);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = op_value_span_parse (span, &texts[i].text, &error);
      g_autofree char *back = NULL;

      if (texts[i].bytes == NULL)
        {
          g_assert_null (bytes);
          g_assert_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_RANGE);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), texts[i].bytes, texts[i].length);
      g_assert_true (op_value_span_check (span, bytes, &error));
      back = op_value_span_dup_text (span, bytes, 0);
      g_assert_cmpstr (back, ==, texts[i].back != NULL ? texts[i].back : texts[i].text);
    }
}

static void
test_lengths (void)
{
  static const struct
  {
    OpType      type;
    guint       count;
    const char *bytes;
    gsize       length;
    gboolean    fits;
  } cases[] = {
    { OP_TYPE_UINT2, 2, "abcd", 4, TRUE },      { OP_TYPE_UINT2, 2, "abc", 3, FALSE },
    { OP_TYPE_UINT2, 2, "abcdef", 5, FALSE },   { OP_TYPE_ASCIIZ, 2, "a\0b", 4, TRUE },
    { OP_TYPE_ASCIIZ, 2, "a\0b", 3, FALSE },    { OP_TYPE_ASCIIZ, 2, "a\0b\0c", 6, FALSE },
    { OP_TYPE_ASCIIZ, 2, "ab", 3, FALSE },      { OP_TYPE_ASCIIZ, 1, "", 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (OpValueSpan) span = op_value_span_new ("T", "A", cases[i].type, cases[i].count, 0);
      g_autoptr (GBytes) bytes = g_bytes_new (cases[i].bytes, cases[i].length);

      g_assert_cmpint (op_value_span_check (span, bytes, NULL), ==, cases[i].fits);
    }
}

static gboolean
is_equal (OpType type, guint text_size, const char *a, const char *b)
{
  g_autoptr (OpValueSpan) span = op_value_span_new ("T", "A", type, 1, text_size);
  g_autoptr (GBytes) bytes_a = op_value_span_parse (span, &a, NULL);
  g_autoptr (GBytes) bytes_b = op_value_span_parse (span, &b, NULL);

  return op_value_span_is_equal (span, bytes_a, bytes_b);
}

static void
test_equal (void)
{
  g_assert_true (is_equal (OP_TYPE_IEEE4, 0, "NAN", "NAN"));
  g_assert_false (is_equal (OP_TYPE_IEEE4, 0, "NAN", "0"));
  g_assert_true (is_equal (OP_TYPE_IEEE4, 0, "0", "-0"));
  g_assert_true (is_equal (OP_TYPE_IEEE8, 0, "0.1", "0.10000000149011612"));
  g_assert_false (is_equal (OP_TYPE_IEEE8, 0, "0.1", "0.1001"));
  g_assert_true (is_equal (OP_TYPE_ASCII, 8, "abc", "abc"));
  g_assert_false (is_equal (OP_TYPE_ASCII, 8, "abc", "abd"));
  g_assert_true (is_equal (OP_TYPE_NSEC, 0, "2026-01-01", "2026-01-01 00:00:00"));
  g_assert_false (is_equal (OP_TYPE_INT4, 0, "16777216", "16777217"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/value-span/resolve", test_resolve);
  g_test_add_func ("/value-span/resolve-nothing", test_resolve_nothing);
  g_test_add_func ("/value-span/slice", test_slice);
  g_test_add_func ("/value-span/texts", test_texts);
  g_test_add_func ("/value-span/lengths", test_lengths);
  g_test_add_func ("/value-span/equal", test_equal);
  return g_test_run ();
}
