/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/table.h"
#include "tests/fuzz/fuzz.h"
#include "tests/pakbus/vectors.h"

/* Few enough to be quick, enough to meet first, last and between. */
#define MAX_NAMES 300

static void
check_table (const OpTable *table)
{
  guint n = 0;

  for (guint i = 0; i < table->n_fields; i++)
    {
      g_assert_cmpuint (table->fields[i].first_column, ==, n);
      n += table->fields[i].n_elements;
    }
  g_assert_cmpuint (table->n_columns, ==, n);
  g_assert_cmpuint (n, <=, OP_TABLE_MAX_COLUMNS);
  g_assert_cmpuint (table->record_size, <=, OP_TABLE_MAX_RECORD_SIZE);
  for (guint column = 0; column < MIN (n, MAX_NAMES); column++)
    {
      g_autofree char *name = op_table_dup_column_name (table, column);
      guint element;
      const OpField *field = op_table_get_column (table, column, &element);

      g_assert_nonnull (name);
      g_assert_cmpuint (field->first_column + element, ==, column);
    }
}

/* A .TDF file. The tables that are accepted account for each of its bytes. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tables = op_table_parse_file (data, size, &error);
  gsize offset = 1;

  g_assert_cmpint (tables == NULL, ==, error != NULL);
  for (guint i = 0; tables != NULL && i < tables->len; i++)
    {
      const OpTable *table = tables->pdata[i];
      gsize length;
      const guint8 *definition = g_bytes_get_data (table->definition, &length);

      g_assert_cmpuint (table->number, ==, i + 1);
      g_assert_cmpmem (data + offset, MIN (length, size - offset), definition, length);
      offset += length;
      check_table (table);
    }
  return 0;
}

static void
append_built (GByteArray *file)
{
  OpTableBuilder *builder = op_table_builder_new ("Ev", 50, OP_TYPE_SEC, 0, 0);
  g_autoptr (OpTable) table = NULL;
  gsize length;
  const guint8 *definition;

  op_table_builder_add_field (builder, OP_TYPE_ASCII, FALSE, "Text", "", "", (guint32[]) { 3, 8 }, 2);
  op_table_builder_add_field (builder, OP_TYPE_ASCIIZ, FALSE, "Z", "", "", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_BOOL4, FALSE, "B", "Smp", "V", (guint32[]) { 2, 3, 4 }, 3);
  table = op_table_builder_finish (builder, 1, NULL);
  definition = g_bytes_get_data (table->definition, &length);
  g_byte_array_append (file, definition, (guint) length);
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  g_autoptr (GByteArray) real = pak_vector_bytes (pak_table1_definition_hex);
  GByteArray *one = pak_vector_bytes ("01");
  GByteArray *two = pak_vector_bytes ("01");

  g_byte_array_append (one, real->data, real->len);
  g_byte_array_append (two, real->data, real->len);
  append_built (two);
  g_ptr_array_add (seeds, one);
  g_ptr_array_add (seeds, two);
}
