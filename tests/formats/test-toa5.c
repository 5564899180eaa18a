/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/toa5.h"

#include <math.h>
#include <glib/gstdio.h>
#include <string.h>

#define ENVIRONMENT "\"TOA5\",\"Ridge\",\"CR1000\",\"4668\",\"CR1000.Std.24\",\"CPU:w.CR1\",\"14472\",\"OneMin\"\r\n"
#define HEADER                                                                                                \
  ENVIRONMENT "\"TIMESTAMP\",\"RECORD\",\"A\",\"T_TMx\",\"S\"\r\n"                                            \
              "\"TS\",\"RN\",\"m\",\"\",\"\"\r\n\"\",\"\",\"Avg\",\"TMx\",\"Smp\"\r\n"

static OpDataFile *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  OpDataFile *file = op_toa5_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return file;
}

static OpDataOrigin *
create_origin (const char *station)
{
  OpDataOrigin *origin = g_new0 (OpDataOrigin, 1);

  origin->station = g_strdup (station);
  origin->model = g_strdup ("CR1000");
  origin->serial = g_strdup ("4668");
  origin->os = g_strdup ("CR1000.Std.24");
  origin->program = g_strdup ("CPU:w.CR1");
  origin->program_signature = 14472;
  return origin;
}

static char *
write_all (const OpDataFile *file)
{
  GString *out = g_string_new (NULL);

  op_toa5_append_header (out, file->origin, file->table);
  op_toa5_append_records (out, file->batch, 0, op_batch_get_n_records (file->batch));
  return g_string_free (out, FALSE);
}

/* Every kind of value, against the text that file-formats.md, section 1, asks for. */
static void
test_write (void)
{
  static const guint32 two[] = { 2 }, ten[] = { 10 };
  g_autoptr (OpDataOrigin) origin = create_origin ("Ridge \"7\"");
  OpTableBuilder *builder = op_table_builder_new ("OneMin", 100, OP_TYPE_NSEC, 0, 60 * OP_SECOND);
  static const guint8 payload[] = "\x60\xD2" "\x9F\xFE" "\x3E\x45\x44\x1F" "\xFF" "\x03" "say \"hi\"\0\0" "\x43\xF8\x3E\x58\0\x4C\x4B\x40"
                                  "\0\x96\x7F\x58" "\x1F\xFF" "\x9F\xFF" "\x4B\x18\x96\x80" "\0" "\0" "it's\0\0\0\0\0\0"
                                  "\0\0\0\0\0\0\0\0" "\xFF\xFF\xFF\xFF";
  static const char expected[] =
    "\"TOA5\",\"Ridge \"\"7\"\"\",\"CR1000\",\"4668\",\"CR1000.Std.24\",\"CPU:w.CR1\",\"14472\",\"OneMin\"\r\n"
    "\"TIMESTAMP\",\"RECORD\",\"F(1)\",\"F(2)\",\"I\",\"B\",\"B8\",\"S\",\"T_TMx\",\"U\"\r\n"
    "\"TS\",\"RN\",\"°C\",\"°C\",\"m\",\"\",\"\",\"\",\"\",\"\"\r\n"
    "\"\",\"\",\"Avg\",\"Avg\",\"Max\",\"Smp\",\"Smp\",\"Smp\",\"TMx\",\"Tot\"\r\n"
    "\"2026-02-19 09:46:00.005\",4294967295,0.21,\"NAN\",0.1926427,-1,\"11000000\",\"say \"\"hi\"\"\","
    "\"2026-02-19 09:46:00.005\",9863000\r\n"
    "\"2026-02-19 09:47:00.005\",0,\"INF\",\"-INF\",1E+07,0,\"00000000\",\"it's\",\"1990-01-01 00:00:00\",4294967295\r\n";
  g_autoptr (OpTable) table = NULL;
  g_autoptr (OpBatch) batch = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  op_table_builder_add_field (builder, OP_TYPE_FP2, TRUE, "F", "Avg", "°C", two, 1);
  op_table_builder_add_field (builder, OP_TYPE_IEEE4, TRUE, "I", "Max", "m", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_BOOL, TRUE, "B", "Smp", "", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_BOOL8, TRUE, "B8", "Smp", "", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_ASCII, TRUE, "S", "Smp", "", ten, 1);
  op_table_builder_add_field (builder, OP_TYPE_NSEC, TRUE, "T_TMx", "TMx", "", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_UINT4, TRUE, "U", "Tot", "", NULL, 0);
  table = op_table_builder_finish (builder, 1, &error);
  g_assert_no_error (error);
  batch = op_batch_new (table, NULL, 0, 0);
  op_batch_append_payload (batch, G_MAXUINT32, 2, op_time_from_parts (1140342360, 5000000), payload, sizeof payload - 1,
                           &error);
  g_assert_no_error (error);
  op_toa5_append_header (out, origin, table);
  op_toa5_append_records (out, batch, 0, 1);
  op_toa5_append_records (out, batch, 1, 1);
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_read (void)
{
  g_autoptr (OpDataFile) file = parse (HEADER "\"2026-02-19 09:46:00.5\",7,.5,\"2026-02-19 09:45:00\",\"x,\"\"y\"\"\"\r\n"
                                              "\"2026-02-19 24:00:00\",8,\"NAN\",\"NAN\",\"line\r\nbreak\"\r\n"
                                              "\"2026-02-20 00:01:00\",9,-1.163385E-05,,12");
  const OpTime *times = op_batch_get_times (file->batch);
  char          text[OP_TIME_TEXT_SIZE];

  g_assert_cmpstr (file->origin->station, ==, "Ridge");
  g_assert_cmpstr (file->origin->program, ==, "CPU:w.CR1");
  g_assert_cmpuint (file->origin->program_signature, ==, 14472);
  g_assert_cmpstr (file->table->name, ==, "OneMin");
  g_assert_cmpstr (file->table->fields[0].units, ==, "m");
  g_assert_cmpstr (file->table->fields[1].processing, ==, "TMx");
  g_assert_cmpuint (file->n_problems, ==, 0);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 3);
  g_assert_cmpuint (op_batch_get_records (file->batch)[2], ==, 9);
  op_time_format (times[1], text);
  g_assert_cmpstr (text, ==, "2026-02-20 00:00:00");
  g_assert_cmpint (op_batch_get_type (file->batch, 0), ==, OP_TYPE_IEEE8);
  g_assert_cmpint (op_batch_get_type (file->batch, 1), ==, OP_TYPE_NSEC);
  g_assert_cmpint (op_batch_get_type (file->batch, 2), ==, OP_TYPE_ASCIIZ);
  g_assert_cmpfloat (op_batch_get_numbers (file->batch, 0)[0], ==, 0.5);
  g_assert_true (isnan (op_batch_get_numbers (file->batch, 0)[1]));
  g_assert_cmpfloat (op_batch_get_numbers (file->batch, 0)[2], ==, -1.163385E-05);
  g_assert_cmpint (op_batch_get_time_values (file->batch, 1)[0], ==, times[0] - 60 * OP_SECOND - OP_SECOND / 2);
  g_assert_cmpint (op_batch_get_time_values (file->batch, 1)[2], ==, OP_TIME_UNKNOWN);
  g_assert_cmpstr (op_batch_get_text (file->batch, 2, 0), ==, "x,\"y\"");
  g_assert_cmpstr (op_batch_get_text (file->batch, 2, 1), ==, "line\r\nbreak");
  g_assert_cmpstr (op_batch_get_text (file->batch, 2, 2), ==, "12");
}

/* What is written reads back, and writing that gives the same bytes. */
static void
test_write_and_read (void)
{
  static const char text[] = HEADER "\"2026-02-19 09:46:00\",1,12.5,\"2026-02-19 09:45:00.25\",\"a \"\"b\"\", c\"\r\n"
                                    "\"2026-02-19 09:47:00\",2,\"NAN\",\"2026-02-19 09:46:00\",\"\"\r\n"
                                    "\"2026-02-19 09:48:00\",3,\"-INF\",\"NAN\",\"two\r\nlines\"\r\n";
  g_autoptr (OpDataFile) file = parse (text);
  g_autofree char *again = write_all (file);

  g_assert_cmpstr (again, ==, text);
}

static void
assert_problems (const OpDataFile *file, const char *const *expected)
{
  g_assert_cmpuint (file->n_problems, ==, g_strv_length ((char **) expected));
  for (guint i = 0; expected[i] != NULL; i++)
    g_assert_cmpstr (g_ptr_array_index (file->problems, i), ==, expected[i]);
}

static void
test_damaged_lines (void)
{
  static const char *const problems[] = {
    "line 6: 3 values for 5 columns",         "line 7: the time stamp is none",
    "line 8: the record number is none",      "line 9: a quote is not closed",
    "line 11: a quote stands within a value", "line 13: the record number is none",
    "line 14: 1 values for 5 columns",        "line 17: 2 values for 5 columns",
    NULL,
  };
  g_autoptr (OpDataFile) file = parse (HEADER "\"2026-02-19 09:46:00\",1,1,,\"a\"\n" /* 5 */
                                              "\"2026-02-19 09:47:00\",2,1\n"
                                              "\"2026-02-39 09:47:00\",2,1,,\"a\"\n"
                                              "\"2026-02-19 09:47:00\",x,1,,\"a\"\n"
                                              "\"2026-02-19 09:47:00\",2,1,,\"a\n"
                                              "\"2026-02-19 09:48:00\",3,1,,\"b\"\n" /* 10 */
                                              "\"2026-02-19 09:49:00\",4,1,,\"b\"c\n"
                                              "\n"
                                              "\"2026-02-19 09:49:00\",5000000000,1,,\"b\"\n"
                                              "@@@@\n"
                                              "\r\n" /* 15 */
                                              "\"2026-02-19 09:50:00\",5,1,,\"c\"\r\n"
                                              "\"2026-02-19 09:51:00\",6");

  assert_problems (file, problems);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 3);
  g_assert_cmpstr (op_batch_get_text (file->batch, 2, 1), ==, "b");
  g_assert_cmpstr (op_batch_get_text (file->batch, 2, 2), ==, "c");
}

/* A lost quote must not take the lines behind it along. */
static void
test_lost_quote (void)
{
  static const char *const problems[] = { "line 5: a quote stands within a value", NULL };
  g_autoptr (OpDataFile) file = parse (ENVIRONMENT "\"RECORD\",\"A\",\"S\"\n\"RN\",\"\",\"\"\n\"\",\"\",\"\"\n"
                                                   "1,4,\"a\n2,5,\"b\"\n3,6,\"c\"\n");

  assert_problems (file, problems);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 2);
  g_assert_cmpstr (op_batch_get_text (file->batch, 1, 0), ==, "b");
}

static void
test_nul_bytes (void)
{
  static const char        text[] = HEADER "\"2026-02-19 09:46:00\",1,1,,\"a\"\r\n\0\0\0\0\r\n\"2026-02-19 09:47:00\",2,1,,\"b\"\r\n";
  static const char *const problems[] = { "line 6: NUL bytes, as a loss of power leaves them", NULL };
  g_autoptr (OpDataFile) file = op_toa5_parse (text, sizeof text - 1, NULL);

  assert_problems (file, problems);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 2);
}

/* Empty texts alone make a column of texts; among others they are missing values. */
static void
test_empty_texts (void)
{
  g_autoptr (OpDataFile) file = parse (HEADER "\"2026-02-19 09:46:00\",1,\"\",\"\",\"\"\n"
                                              "\"2026-02-19 09:47:00\",2,5,2026-02-19 09:47:00,\"\"\n");

  g_assert_cmpint (op_batch_get_kind (file->batch, 0), ==, OP_KIND_NUMBER);
  g_assert_true (isnan (op_batch_get_numbers (file->batch, 0)[0]));
  g_assert_cmpint (op_batch_get_kind (file->batch, 1), ==, OP_KIND_TIME);
  g_assert_cmpint (op_batch_get_time_values (file->batch, 1)[1], ==, op_batch_get_times (file->batch)[1]);
  g_assert_cmpint (op_batch_get_kind (file->batch, 2), ==, OP_KIND_TEXT);
}

static void
test_many_problems (void)
{
  g_autoptr (GString) text = g_string_new (HEADER);
  g_autoptr (OpDataFile) file = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (text, "nonsense\n");
  file = parse (text->str);
  g_assert_cmpuint (file->n_problems, ==, 1000);
  g_assert_cmpuint (file->problems->len, ==, 100);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 0);
}

static void
test_repeated_header (void)
{
  static const char *const problems[] = { "line 11: a different header begins; the rest of the file was not read", NULL };
  g_autoptr (OpDataFile) file = parse (HEADER "\"2026-02-19 09:46:00\",1,1,,\"a\"\r\n" HEADER
                                              "\"2026-02-19 09:47:00\",2,1,,\"b\"\r\n" ENVIRONMENT
                                              "\"TIMESTAMP\",\"RECORD\",\"A\",\"B\",\"S\"\r\n"
                                              "\"2026-02-19 09:48:00\",3,1,,\"c\"\r\n");

  assert_problems (file, problems);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 2);
}

static void
test_columns_left_out (void)
{
  g_autoptr (OpDataFile) no_record = parse (ENVIRONMENT "\"TIMESTAMP\",\"A\"\n\"TS\",\"\"\n\"\",\"\"\n"
                                                        "\"2026-02-19 09:46:00\",4\n\"2026-02-19 09:47:00\",5\n");
  g_autoptr (OpDataFile) no_time = parse (ENVIRONMENT "\"RECORD\",\"A\"\n\"RN\",\"\"\n\"\",\"\"\n17,4\n18,5\n");
  g_autoptr (OpDataFile) neither = parse (ENVIRONMENT "\"A\"\n\"\"\n\"\"\n4\n5");

  g_assert_cmpuint (op_batch_get_n_columns (no_record->batch), ==, 1);
  g_assert_cmpuint (op_batch_get_records (no_record->batch)[0], ==, 0);
  g_assert_cmpuint (op_batch_get_records (no_record->batch)[1], ==, 1);
  g_assert_cmpuint (op_batch_get_n_columns (no_time->batch), ==, 1);
  g_assert_cmpuint (op_batch_get_records (no_time->batch)[1], ==, 18);
  g_assert_cmpint (op_batch_get_times (no_time->batch)[0], ==, OP_TIME_UNKNOWN);
  g_assert_cmpuint (op_batch_get_n_records (neither->batch), ==, 2);
  g_assert_cmpfloat (op_batch_get_numbers (neither->batch, 0)[1], ==, 5);
}

static void
test_windows_1252 (void)
{
  g_autoptr (OpDataFile) old = parse (ENVIRONMENT "\"TIMESTAMP\",\"RECORD\",\"A\"\n\"TS\",\"RN\",\"\xB0" "C\"\n\"\",\"\",\"\"\n"
                                                  "\"2026-02-19 09:46:00\",1,\"5 \x80\"\n");
  g_autoptr (OpDataFile) new = parse ("\xEF\xBB\xBF" ENVIRONMENT "\"TIMESTAMP\",\"RECORD\",\"A\"\n\"TS\",\"RN\",\"°C\"\n\"\",\"\",\"\"\n"
                                                  "\"2026-02-19 09:46:00\",1,\"5 €\"\n");

  g_assert_cmpstr (old->table->fields[0].units, ==, "°C");
  g_assert_cmpstr (new->table->fields[0].units, ==, "°C");
  g_assert_cmpstr (op_batch_get_text (old->batch, 0, 0), ==, "5 €");
  g_assert_cmpstr (op_batch_get_text (new->batch, 0, 0), ==, "5 €");
}

static void
test_double_names (void)
{
  static const char *const problems[] = { "line 2: two columns are named “A”", NULL };
  g_autoptr (OpDataFile) file = parse (ENVIRONMENT "\"TIMESTAMP\",\"RECORD\",\"A\",\"A\"\n\"TS\",\"RN\",\"\",\"\"\n"
                                                   "\"\",\"\",\"\",\"\"\n\"2026-02-19 09:46:00\",1,2,3\n");

  assert_problems (file, problems);
  g_assert_cmpfloat (op_batch_get_numbers (file->batch, 1)[0], ==, 3);
}

/* Numbers are taken over exactly, whatever the shortcut for the plain ones does. */
static void
test_numbers (void)
{
  static const char *const numbers[] = {
    "0.052", "-0.851", "7.999", "0.1", "123456789012345", "1234567890123456789", "0.000000000000001", "-.05844", "1e300",
    "+5", "3.14159265358979", "0.30000000000000004", "-1.163385E-05", "4.09545187592563E-312", "5.", "-0",
  };
  g_autoptr (GString) text = g_string_new (ENVIRONMENT "\"RECORD\",\"A\"\n\"RN\",\"\"\n\"\",\"\"\n");
  g_autoptr (OpDataFile) file = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_string_append_printf (text, "%u,%s\n", i, numbers[i]);
  file = parse (text->str);
  g_assert_cmpint (op_batch_get_type (file->batch, 0), ==, OP_TYPE_IEEE8);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_cmpfloat (op_batch_get_numbers (file->batch, 0)[i], ==, g_ascii_strtod (numbers[i], NULL));
}

static void
test_no_numbers (void)
{
  static const char *const texts[] = { "0x10", "infinity", "1.2.3", "-", ".", "1e999", "1 2", "--1", "1,5" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = g_strdup_printf (ENVIRONMENT "\"RECORD\",\"A\"\n\"RN\",\"\"\n\"\",\"\"\n1,2\n2,%s\n", texts[i]);
      g_autoptr (OpDataFile) file = parse (text);

      if (strchr (texts[i], ',') != NULL)
        g_assert_cmpuint (file->n_problems, ==, 1);
      else
        g_assert_cmpstr (op_batch_get_text (file->batch, 0, 1), ==, texts[i]);
    }
}

typedef struct
{
  const char   *name;
  const char   *text;
  OpFormatError code;
  const char   *message;
} BadCase;

static const BadCase bad_cases[] = {
  { "empty", "", OP_FORMAT_ERROR_UNKNOWN, "This is no TOA5, TOACI1 or TOB1 file" },
  { "blank", "\n\n", OP_FORMAT_ERROR_UNKNOWN, "This is no TOA5, TOACI1 or TOB1 file" },
  { "other-tag", "\"TOB3\",\"a\"\n", OP_FORMAT_ERROR_UNKNOWN, "This is no TOA5, TOACI1 or TOB1 file" },
  { "long-first-line", "\"TOA5\",\"a\",\"b\",\"c\",\"d\",\"e\",\"1\",\"T\",\"foo\"\n", OP_FORMAT_ERROR_HEADER,
    "The header is damaged: line 1: 9 values, not 8" },
  { "short-first-line", "\"TOA5\",\"a\"\n", OP_FORMAT_ERROR_HEADER, "The header is damaged: line 1: 2 values, not 8" },
  { "no-names", ENVIRONMENT, OP_FORMAT_ERROR_HEADER, "The header is damaged: the file ends before its line 2" },
  { "no-units", ENVIRONMENT "\"A\"", OP_FORMAT_ERROR_HEADER, "The header is damaged: the file ends before its line 3" },
  { "no-processing", ENVIRONMENT "\"A\"\n\"\"\n", OP_FORMAT_ERROR_HEADER,
    "The header is damaged: the file ends before its line 4" },
  { "cut", ENVIRONMENT "\"A\"\n\"De", OP_FORMAT_ERROR_HEADER, "The header is damaged: line 3: a quote is not closed" },
  { "few-units", ENVIRONMENT "\"A\",\"B\"\n\"\"\n\"\",\"\"\n", OP_FORMAT_ERROR_HEADER,
    "The header is damaged: line 3: 1 values, not 2" },
};

static void
test_bad (gconstpointer data)
{
  const BadCase *bad = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (op_toa5_parse (bad->text, strlen (bad->text), &error));
  g_assert_error (error, OP_FORMAT_ERROR, (gint) bad->code);
  g_assert_cmpstr (error->message, ==, bad->message);
}

/* No bytes may make the reader read beyond them. */
static void
test_cut_and_damaged (void)
{
  static const char text[] = HEADER "\"2026-02-19 09:46:00\",1,12.5,\"2026-02-19 09:45:00.25\",\"a \"\"b\"\", c\"\r\n" HEADER
                                    "\"2026-02-19 09:47:00\",2,\"NAN\",\"2026-02-19 09:46:00\",\"two\r\nlines\"\r\n";

  for (gsize length = 0; length < sizeof text; length++)
    {
      g_autofree char *part = g_memdup2 (text, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (OpDataFile) file = op_toa5_parse (part, length, &error);

      g_assert_true ((file == NULL) == (error != NULL));
    }
  for (guint round = 0; round < 5000; round++)
    {
      g_autofree char *copy = g_memdup2 (text, sizeof text - 1);
      g_autoptr (OpDataFile) file = NULL;

      for (guint i = 0; i < 4; i++)
        copy[g_test_rand_int_range (0, sizeof text - 1)] = "\",\r\n\0A9-\xFF"[g_test_rand_int_range (0, 9)];
      file = op_toa5_parse (copy, sizeof text - 1, NULL);
    }
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
  g_main_context_wakeup (NULL);
}

static OpDataFile *
read_file (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;

  op_data_file_read_async (file, cancellable, NULL, NULL, on_read_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return op_data_file_read_finish (result, error);
}

static void
test_read_async (void)
{
  g_autofree char *folder = g_dir_make_tmp ("outpost-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.dat", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (OpDataFile) file = NULL;

  g_assert_true (g_file_set_contents (path, HEADER "\"2026-02-19 09:46:00\",1,1,,\"a\"\r\n", -1, NULL));
  file = read_file (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 1);
  g_cancellable_cancel (cancellable);
  g_assert_null (read_file (path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_null (read_file (path, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_speed (void)
{
  OpTableBuilder *builder;
  g_autoptr (OpTable) table = NULL;
  g_autoptr (OpBatch) batch = NULL;
  g_autoptr (GString) out = g_string_new (HEADER);
  g_autoptr (OpDataFile) file = NULL;
  g_autoptr (OpDataOrigin) origin = create_origin ("Ridge");
  guint  n_records = 200000;
  double seconds;

  if (!g_test_perf ())
    {
      g_test_skip ("runs with -m perf");
      return;
    }
  builder = op_table_builder_new ("OneMin", 1, OP_TYPE_NSEC, 0, OP_SECOND);
  for (guint i = 0; i < 10; i++)
    op_table_builder_add_field (builder, i < 5 ? OP_TYPE_FP2 : OP_TYPE_IEEE4, TRUE, "A", "", "", NULL, 0);
  table = op_table_builder_finish (builder, 1, NULL);
  batch = op_batch_new (table, NULL, 0, n_records);
  for (guint i = 0; i < n_records; i++)
    {
      op_batch_append_row (batch, i, i * OP_SECOND);
      for (guint j = 0; j < 10; j++)
        op_batch_set_number (batch, j, i, j < 5 ? (i * (j + 1)) % 7999 / 100.0 : (float) sin (i * (j + 1)));
    }
  g_string_truncate (out, 0);
  g_test_timer_start ();
  op_toa5_append_header (out, origin, table);
  op_toa5_append_records (out, batch, 0, n_records);
  seconds = g_test_timer_elapsed ();
  g_test_maximized_result (n_records / seconds, "writer: %.0f rows/s of 5 FP2 and 5 IEEE4", n_records / seconds);
  g_test_timer_start ();
  file = parse (out->str);
  seconds = g_test_timer_elapsed ();
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, n_records);
  g_test_maximized_result (out->len / seconds / 1e6, "reader: %.0f MB/s", out->len / seconds / 1e6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/toa5/write", test_write);
  g_test_add_func ("/toa5/read", test_read);
  g_test_add_func ("/toa5/write-and-read", test_write_and_read);
  g_test_add_func ("/toa5/damaged-lines", test_damaged_lines);
  g_test_add_func ("/toa5/lost-quote", test_lost_quote);
  g_test_add_func ("/toa5/nul-bytes", test_nul_bytes);
  g_test_add_func ("/toa5/empty-texts", test_empty_texts);
  g_test_add_func ("/toa5/many-problems", test_many_problems);
  g_test_add_func ("/toa5/repeated-header", test_repeated_header);
  g_test_add_func ("/toa5/columns-left-out", test_columns_left_out);
  g_test_add_func ("/toa5/windows-1252", test_windows_1252);
  g_test_add_func ("/toa5/double-names", test_double_names);
  g_test_add_func ("/toa5/numbers", test_numbers);
  g_test_add_func ("/toa5/no-numbers", test_no_numbers);
  for (guint i = 0; i < G_N_ELEMENTS (bad_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/toa5/bad/", bad_cases[i].name, NULL);

      g_test_add_data_func (path, &bad_cases[i], test_bad);
    }
  g_test_add_func ("/toa5/cut-and-damaged", test_cut_and_damaged);
  g_test_add_func ("/toa5/read-async", test_read_async);
  g_test_add_func ("/toa5/speed", test_speed);
  return g_test_run ();
}
