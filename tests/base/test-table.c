/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/table.h"

#include <string.h>

/* A real CR1000's definitions (tests/fixtures/README.md). */
static GByteArray *
load_definitions (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "cr1000-os24.tdf.hex", NULL);
  g_autofree char *text = NULL;
  GByteArray      *bytes = g_byte_array_new ();

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (const char *at = text; *at != '\0';)
    {
      guint8 byte;

      if (*at == '\n')
        {
          at++;
          continue;
        }
      byte = (guint8) (g_ascii_xdigit_value (at[0]) << 4 | g_ascii_xdigit_value (at[1]));
      g_byte_array_append (bytes, &byte, 1);
      at += 2;
    }
  return bytes;
}

static void
assert_table (const OpTable *table, char **facts)
{
  g_assert_cmpuint (table->number, ==, g_ascii_strtoull (facts[1], NULL, 10));
  g_assert_cmpstr (table->name, ==, facts[2]);
  g_assert_cmpuint (table->size, ==, g_ascii_strtoull (facts[3], NULL, 10));
  g_assert_cmpuint (table->time_type, ==, g_ascii_strtoull (facts[4], NULL, 10));
  g_assert_cmpint (table->interval, ==, g_ascii_strtoll (facts[5], NULL, 10) * OP_SECOND);
  g_assert_cmpuint (table->signature, ==, g_ascii_strtoull (facts[6], NULL, 10));
}

static void
assert_field (const OpField *field, char **facts)
{
  g_auto (GStrv) dims = g_strsplit (facts[8], ",", -1);

  g_assert_cmpstr (field->name, ==, facts[1]);
  g_assert_cmpuint (field->type, ==, g_ascii_strtoull (facts[2], NULL, 10));
  g_assert_cmpint (field->read_only, ==, g_str_equal (facts[3], "1"));
  g_assert_cmpstr (field->processing, ==, facts[4]);
  g_assert_cmpstr (field->units, ==, facts[5]);
  g_assert_cmpuint (field->begin_index, ==, g_ascii_strtoull (facts[6], NULL, 10));
  g_assert_cmpuint (field->dimension, ==, g_ascii_strtoull (facts[7], NULL, 10));
  g_assert_cmpuint (field->n_sub_dims, ==, g_strv_length (dims));
  for (guint i = 0; i < field->n_sub_dims; i++)
    g_assert_cmpuint (field->sub_dims[i], ==, g_ascii_strtoull (dims[i], NULL, 10));
  g_assert_cmpstr (field->description, ==, facts[9]);
}

static void
test_real_definitions (void)
{
  g_autoptr (GByteArray) bytes = load_definitions ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tables = op_table_parse_file (bytes->data, bytes->len, &error);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "cr1000-os24.fields", NULL);
  g_autofree char *facts = NULL;
  g_auto (GStrv) lines = NULL;
  const OpTable *table = NULL;
  guint          n_tables = 0, n_fields = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (bytes->len, ==, 4809);
  g_assert_true (g_file_get_contents (path, &facts, NULL, NULL));
  lines = g_strsplit (g_strchomp (facts), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], "|", -1);

      if (g_str_equal (words[0], "table"))
        {
          g_assert_true (table == NULL || n_fields == table->n_fields);
          table = g_ptr_array_index (tables, n_tables++);
          n_fields = 0;
          assert_table (table, words);
        }
      else
        assert_field (&table->fields[n_fields++], words);
    }
  g_assert_cmpuint (n_tables, ==, 3);
  g_assert_cmpuint (tables->len, ==, 3);
  g_assert_cmpuint (n_fields, ==, table->n_fields);
}

static void
assert_column (const OpTable *table, const char *name, OpType type, gsize size)
{
  gint             column = op_table_find_column (table, name);
  g_autofree char *again = NULL;
  const OpField   *field;

  g_test_message ("%s", name);
  g_assert_cmpint (column, >=, 0);
  again = op_table_dup_column_name (table, (guint) column);
  g_assert_cmpstr (again, ==, name);
  field = op_table_get_column (table, (guint) column, NULL);
  g_assert_cmpint (field->type, ==, type);
  g_assert_cmpuint (field->element_size, ==, size);
}

/* pakbus-facts D5 to D7: the shapes that a real Status table has. */
static void
test_real_columns (void)
{
  g_autoptr (GByteArray) bytes = load_definitions ();
  g_autoptr (GPtrArray) tables = op_table_parse_file (bytes->data, bytes->len, NULL);
  const OpTable *status = g_ptr_array_index (tables, 0);
  const OpTable *table1 = g_ptr_array_index (tables, 1);

  assert_column (status, "StationName", OP_TYPE_ASCII, 64);
  assert_column (status, "DataTableName", OP_TYPE_ASCII, 24);
  assert_column (status, "DataRecordSize(1,1)", OP_TYPE_INT4, 4);
  assert_column (status, "DataRecordSize(1,2)", OP_TYPE_INT4, 4);
  assert_column (status, "PortConfig(8)", OP_TYPE_ASCII, 8);
  assert_column (status, "PortStatus(1)", OP_TYPE_BOOL4, 4);
  assert_column (status, "CalGain(18)", OP_TYPE_IEEE4, 4);
  assert_column (status, "StartTime", OP_TYPE_NSEC, 8);
  g_assert_cmpint (op_table_find_column (status, "DataRecordSize(2,1)"), ==, -1);
  g_assert_cmpint (op_table_find_column (status, "PortConfig"), ==, -1);
  g_assert_cmpint (op_table_find_column (status, "portconfig(2)"), ==, op_table_find_column (status, "PortConfig(2)"));
  g_assert_true (op_table_is_event (status));
  g_assert_false (op_table_is_event (table1));
  g_assert_cmpuint (table1->record_size, ==, 20);
  g_assert_cmpuint (table1->stamp_size, ==, 8);
  g_assert_cmpuint (table1->n_columns, ==, 10);
  g_assert_cmpuint (g_bytes_get_size (table1->definition), ==, 4414 - 3919);
}

/* Cut anywhere, the file is refused with an error, unless it was cut between two tables. */
static void
test_truncated (void)
{
  g_autoptr (GByteArray) bytes = load_definitions ();

  for (gsize length = 0; length < bytes->len; length++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree guint8 *part = g_memdup2 (bytes->data, length);
      g_autoptr (GPtrArray) tables = op_table_parse_file (part, length, &error);

      if (length == 1 || length == 3919 || length == 4414)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_null (tables);
      if (length > 0)
        g_assert_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_TRUNCATED);
    }
}

static void
test_damaged_bytes (void)
{
  g_autoptr (GByteArray) bytes = load_definitions ();

  for (guint round = 0; round < 3000; round++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes->data, bytes->len);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) tables = NULL;

      for (guint i = 0; i < 3; i++)
        copy[g_test_rand_int_range (0, (gint32) bytes->len)] = (guint8) g_test_rand_int ();
      tables = op_table_parse_file (copy, bytes->len, &error);
      g_assert_true ((tables == NULL) == (error != NULL));
    }
}

/* Definitions written by hand, byte by byte, as they never come from a builder. */
typedef struct
{
  const char  *name;
  const char  *bytes;
  gsize        length;
  OpTableError code;
  const char  *message;
} BadCase;

#define HEAD     "T\0\0\0\0\12\16" "\0\0\0\0\0\0\0\0" "\0\0\0\1\0\0\0\0"
#define BAD(name, bytes, code, message)                                                                       \
  {                                                                                                           \
    name, bytes, sizeof (bytes) - 1, OP_TABLE_ERROR_##code, message                                           \
  }

static const BadCase bad_cases[] = {
  BAD ("type", HEAD "\32A\0\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\0\0", TYPE,
       "Table definition of “T”, field “A”, byte 26: unknown data type 26"),
  BAD ("time-type", "T\0\0\0\0\12\11" "\0\0\0\0\0\0\0\0" "\0\0\0\1\0\0\0\0" "\0", TYPE,
       "Table definition of “T”, byte 7: data type 9 is no type of time"),
  BAD ("columns", HEAD "\1A\0\0\0\0\0\0\0\0\1\0\1\0\1\0\0\0\0\0", LIMIT,
       "Table definition of “T”, field “A”, byte 42: 65537 elements, more than the 65536 of a whole table"),
  BAD ("record-size", HEAD "\13A\0\0\0\0\0\0\0\0\1\0\20\0\1\0\0\0\0\0", LIMIT,
       "Table definition of “T”, field “A”, byte 42: a record of more than 1048576 bytes"),
  BAD ("strings", HEAD "\13A\0\0\0\0\0\0\0\0\1\0\0\0\12\0\0\0\4\0\0\0\0\0", LIMIT,
       "Table definition of “T”, field “A”, byte 46: 10 characters do not divide into strings of 4"),
  BAD ("interval", "T\0\0\0\0\12\16" "\0\0\0\0\0\0\0\0" "\377\377\377\377\0\0\0\0" "\0", LIMIT,
       "Table definition of “T”, byte 23: the interval is negative"),
  BAD ("dimensions",
       HEAD "\1A\0\0\0\0\0\0\0\0\1\0\0\0\1" "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1" "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1"
            "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1" "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1" "\0\0\0\1\0\0\0\0\0",
       LIMIT, "Table definition of “T”, field “A”, byte 106: more than 16 dimensions"),
  BAD ("list", HEAD "\1A\0\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\0", TRUNCATED,
       "Table definition of “T”, byte 42: the definition ends within the list of fields"),
};

static void
test_bad (gconstpointer data)
{
  const BadCase *bad = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (op_table_parse ((const guint8 *) bad->bytes, bad->length, 1, NULL, &error));
  g_assert_error (error, OP_TABLE_ERROR, (gint) bad->code);
  g_assert_cmpstr (error->message, ==, bad->message);
}

static void
test_version (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (op_table_parse_file ((const guint8 *) "\2", 1, &error));
  g_assert_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_VERSION);
}

static void
test_too_many_fields (void)
{
  g_autoptr (GError) error = NULL;
  OpTableBuilder *builder = op_table_builder_new ("Many", 1, OP_TYPE_NSEC, 0, OP_SECOND);

  for (guint i = 0; i < OP_TABLE_MAX_FIELDS + 1; i++)
    op_table_builder_add_field (builder, OP_TYPE_BYTE, TRUE, "A", "", "", NULL, 0);
  g_assert_null (op_table_builder_finish (builder, 1, &error));
  g_assert_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_LIMIT);
}

/* The real definition of Table1, written by the builder, must come out byte for byte. */
static void
test_builder_writes_as_logger (void)
{
  g_autoptr (GByteArray) bytes = load_definitions ();
  g_autoptr (GPtrArray) tables = op_table_parse_file (bytes->data, bytes->len, NULL);
  const OpTable *real = g_ptr_array_index (tables, 1);
  OpTableBuilder *builder = op_table_builder_new ("Table1", 191987, OP_TYPE_NSEC, 0, 60 * OP_SECOND);
  g_autoptr (OpTable) written = NULL;

  for (guint i = 0; i < real->n_fields; i++)
    op_table_builder_add_field (builder, real->fields[i].type, real->fields[i].read_only, real->fields[i].name,
                                real->fields[i].processing, real->fields[i].units, NULL, 0);
  written = op_table_builder_finish (builder, 2, NULL);
  g_assert_true (g_bytes_equal (written->definition, real->definition));
  g_assert_cmpuint (written->signature, ==, 40615);
}

static void
test_builder_names (void)
{
  static const guint32 three[] = { 3 }, grid[] = { 2, 3 }, texts[] = { 2, 10 }, one[] = { 1 }, none[] = { 0 };
  static const char *const names[] = { "Scalar",    "Three(1)",  "Three(2)",  "Three(3)", "Grid(1,1)", "Grid(1,2)",
                                       "Grid(1,3)", "Grid(2,1)", "Grid(2,2)", "Grid(2,3)", "Texts(1)", "Texts(2)",
                                       "One" };
  OpTableBuilder *builder = op_table_builder_new ("T", 1, OP_TYPE_NSEC, 0, 0);
  g_autoptr (OpTable) table = NULL;
  g_autoptr (GError) error = NULL;

  op_table_builder_add_field (builder, OP_TYPE_FP2, FALSE, "Scalar", "Smp", "V", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_IEEE4, FALSE, "Three", "Avg", "", three, 1);
  op_table_builder_add_field (builder, OP_TYPE_LONG, FALSE, "Grid", "", "", grid, 2);
  op_table_builder_add_field (builder, OP_TYPE_ASCII, FALSE, "Texts", "", "", texts, 2);
  op_table_builder_add_field (builder, OP_TYPE_BOOL, FALSE, "One", "", "", one, 1);
  table = op_table_builder_finish (builder, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (table->n_columns, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < table->n_columns; i++)
    {
      g_autofree char *name = op_table_dup_column_name (table, i);

      g_assert_cmpstr (name, ==, names[i]);
    }
  g_assert_cmpuint (table->record_size, ==, 2 + 12 + 24 + 20 + 1);
  builder = op_table_builder_new ("T", 1, OP_TYPE_NSEC, 0, 0);
  op_table_builder_add_field (builder, OP_TYPE_FP2, FALSE, "None", "", "", none, 1);
  g_assert_null (op_table_builder_finish (builder, 1, &error));
  g_assert_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_LIMIT);
}

/* pakbus-facts D4: a large array comes as pieces; each goes on counting where the one before it ended. */
static void
test_pieces (void)
{
  static const char bytes[] = HEAD "\11A\0\0\0\0\0" "\0\0\0\1" "\0\0\0\2" "\0\0\0\3\0\0\0\0"
                                   "\11A\0\0\0\0\0" "\0\0\0\3" "\0\0\0\1" "\0\0\0\3\0\0\0\0"
                                   "\11G\0\0\0\0\0" "\0\0\0\4" "\0\0\0\1" "\0\0\0\2\0\0\0\3\0\0\0\0";
  static const char *const names[] = { "A(1)", "A(2)", "A(3)", "G(2,1)" };
  gsize consumed;
  g_autoptr (OpTable) table = op_table_parse ((const guint8 *) bytes, sizeof bytes, 1, &consumed, NULL);

  g_assert_cmpuint (consumed, ==, sizeof bytes);
  g_assert_cmpuint (table->n_fields, ==, 3);
  g_assert_cmpuint (table->n_columns, ==, 4);
  for (guint i = 0; i < table->n_columns; i++)
    {
      g_autofree char *name = op_table_dup_column_name (table, i);

      g_assert_cmpstr (name, ==, names[i]);
    }
  g_assert_cmpuint (table->fields[1].offset, ==, 8);
  g_assert_cmpuint (table->fields[2].first_column, ==, 3);
}

/* Tables of empty name count (pakbus-facts D8); units that are no UTF-8 are taken as Windows-1252. */
static void
test_names (void)
{
  static const char bytes[] = "\1" "\0\0\0\0\1\16" "\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0" "\0" HEAD
                              "\11T\0alias\0\0Avg\0\260C\0\200\0" "\0\0\0\1\0\0\0\1\0\0\0\0";
  g_autoptr (GPtrArray) tables = op_table_parse_file ((const guint8 *) bytes, sizeof bytes, NULL);
  const OpTable *table;

  g_assert_cmpuint (tables->len, ==, 2);
  g_assert_cmpstr (((OpTable *) g_ptr_array_index (tables, 0))->name, ==, "");
  table = g_ptr_array_index (tables, 1);
  g_assert_cmpuint (table->number, ==, 2);
  g_assert_cmpstr (table->fields[0].processing, ==, "Avg");
  g_assert_cmpstr (table->fields[0].units, ==, "°C");
  g_assert_cmpstr (table->fields[0].description, ==, "€");
}

static void
test_record_length (void)
{
  static const guint8 bytes[] = "\0\0\0\0\0\0\0\0" "\1\2" "hi\0" "\3";
  OpTableBuilder *builder = op_table_builder_new ("T", 1, OP_TYPE_NSEC, 0, 0);
  g_autoptr (OpTable) table = NULL;

  op_table_builder_add_field (builder, OP_TYPE_FP2, FALSE, "A", "", "", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_ASCIIZ, FALSE, "S", "", "", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_BYTE, FALSE, "B", "", "", NULL, 0);
  table = op_table_builder_finish (builder, 1, NULL);
  g_assert_cmpuint (table->record_size, ==, 0);
  g_assert_cmpuint (op_table_record_length (table, TRUE, bytes, sizeof bytes), ==, 14);
  g_assert_cmpuint (op_table_record_length (table, FALSE, bytes + 8, 6), ==, 6);
  for (gsize length = 0; length < 14; length++)
    g_assert_cmpuint (op_table_record_length (table, TRUE, bytes, length), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/real-definitions", test_real_definitions);
  g_test_add_func ("/table/real-columns", test_real_columns);
  g_test_add_func ("/table/truncated", test_truncated);
  g_test_add_func ("/table/damaged-bytes", test_damaged_bytes);
  for (guint i = 0; i < G_N_ELEMENTS (bad_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/table/bad/", bad_cases[i].name, NULL);

      g_test_add_data_func (path, &bad_cases[i], test_bad);
    }
  g_test_add_func ("/table/version", test_version);
  g_test_add_func ("/table/too-many-fields", test_too_many_fields);
  g_test_add_func ("/table/builder-writes-as-logger", test_builder_writes_as_logger);
  g_test_add_func ("/table/builder-names", test_builder_names);
  g_test_add_func ("/table/pieces", test_pieces);
  g_test_add_func ("/table/names", test_names);
  g_test_add_func ("/table/record-length", test_record_length);
  return g_test_run ();
}
