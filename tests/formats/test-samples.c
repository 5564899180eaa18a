/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of real loggers, read from the folder that OUTPOST_SAMPLES names. */
#include "protocol/formats/toa5.h"

#include <math.h>
#include <string.h>

/* The sample's bytes, or NULL after having skipped the test. */
static char *
load_sample (const char *name, gsize *length)
{
  const char      *root = g_getenv ("OUTPOST_SAMPLES");
  g_autofree char *path = NULL;
  char            *bytes;

  if (root == NULL || *root == '\0')
    {
      g_test_skip ("OUTPOST_SAMPLES is not set");
      return NULL;
    }
  path = g_build_filename (root, "samples", name, NULL);
  g_test_message ("%s", path);
  g_assert_true (g_file_get_contents (path, &bytes, length, NULL));
  return bytes;
}

/* With the line ends that CardConvert writes, which some repositories have changed to LF or cut off at the end. */
static char *
restore_line_ends (const char *text)
{
  GString *restored = g_string_new (text);

  g_string_replace (restored, "\r\n", "\n", 0);
  g_string_replace (restored, "\n", "\r\n", 0);
  if (!g_str_has_suffix (restored->str, "\n"))
    g_string_append (restored, "\r\n");
  return g_string_free (restored, FALSE);
}

/* Line by line, so that a failure shows which one differs. */
static void
assert_same_text (const char *text, const char *expected)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_auto (GStrv) expected_lines = g_strsplit (expected, "\n", -1);

  for (guint i = 0; lines[i] != NULL && expected_lines[i] != NULL; i++)
    g_assert_cmpstr (lines[i], ==, expected_lines[i]);
  g_assert_cmpuint (g_strv_length (lines), ==, g_strv_length (expected_lines));
}

static void
test_round_trip (gconstpointer name)
{
  gsize            length;
  g_autofree char *text = load_sample (name, &length);
  g_autofree char *expected = NULL;
  g_autoptr (GString) written = g_string_new (NULL);
  g_autoptr (OpDataFile) file = NULL;
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    return;
  file = op_toa5_parse (text, length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (file->n_problems, ==, 0);
  op_toa5_append_header (written, file->origin, file->table);
  op_toa5_append_records (written, file->batch, 0, op_batch_get_n_records (file->batch));
  expected = restore_line_ends (text);
  assert_same_text (written->str, expected);
}

/* Malformed headers of pytoa5's tests. */
static void
test_bad (gconstpointer name)
{
  gsize            length;
  g_autofree char *text = load_sample (name, &length);
  gboolean         blank = strstr (name, "Bad01") != NULL || strstr (name, "Bad03") != NULL;
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    return;
  g_assert_null (op_toa5_parse (text, length, &error));
  g_assert_error (error, OP_FORMAT_ERROR, blank ? OP_FORMAT_ERROR_UNKNOWN : OP_FORMAT_ERROR_HEADER);
}

static void
test_toaci1 (void)
{
  gsize            length;
  g_autofree char *text = load_sample ("toa5/Pisces_Site56_Hourly_TOACI1.dat", &length);
  g_autoptr (OpDataFile) file = NULL;
  g_autoptr (GError) error = NULL;
  OpTime first;

  if (text == NULL)
    return;
  file = op_toa5_parse (text, length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (file->n_problems, ==, 0);
  g_assert_cmpstr (file->origin->station, ==, "Site 56");
  g_assert_cmpstr (file->origin->model, ==, "");
  g_assert_cmpstr (file->table->name, ==, "Hourly");
  g_assert_cmpuint (file->table->n_columns, ==, 3);
  g_assert_true (op_time_parse ("2016-04-21 13:00:00", &first));
  g_assert_cmpint (op_batch_get_times (file->batch)[0], ==, first);
  g_assert_cmpuint (op_batch_get_records (file->batch)[0], ==, 146);
  g_assert_cmpfloat (op_batch_get_numbers (file->batch, 2)[1], ==, 4.186);
  g_assert_cmpuint (op_batch_get_records (file->batch)[op_batch_get_n_records (file->batch) - 1], ==, 239);
}

/* One header line's values; quotes hold no commas in these files. */
static char **
split_header_line (const char *line)
{
  g_auto (GStrv) quoted = g_strsplit (line, ",", -1);
  GStrvBuilder *values = g_strv_builder_new ();
  char        **list;

  for (guint i = 0; quoted[i] != NULL; i++)
    {
      g_autofree char *value = g_strndup (quoted[i] + 1, strlen (quoted[i]) - 2);

      g_strv_builder_add (values, value);
    }
  list = g_strv_builder_end (values);
  g_strv_builder_unref (values);
  return list;
}

/* TOB1 stores little-endian what it names like the types of other files (file-formats.md, section 3). */
static OpType
find_tob1_type (const char *name, guint32 *length)
{
  static const struct
  {
    const char *name;
    OpType      type;
  } types[] = {
    { "FP2", OP_TYPE_FP2 },      { "IEEE4", OP_TYPE_IEEE4L }, { "IEEE8", OP_TYPE_IEEE8L }, { "SecNano", OP_TYPE_SECNANO },
    { "UINT2", OP_TYPE_UINT2 },  { "UINT4", OP_TYPE_UINT4 },  { "LONG", OP_TYPE_LONG },    { "ULONG", OP_TYPE_ULONG },
    { "BOOL8", OP_TYPE_BOOL8 },  { "BOOL", OP_TYPE_BOOL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (g_str_equal (name, types[i].name))
        return types[i].type;
    }
  g_assert_true (g_str_has_prefix (name, "ASCII("));
  *length = (guint32) g_ascii_strtoull (name + strlen ("ASCII("), NULL, 10);
  return OP_TYPE_ASCII;
}

static OpTable *
build_tob1_table (char **lines, const char *name)
{
  g_auto (GStrv) names = split_header_line (lines[1]);
  g_auto (GStrv) units = split_header_line (lines[2]);
  g_auto (GStrv) processing = split_header_line (lines[3]);
  g_auto (GStrv) types = split_header_line (lines[4]);
  OpTableBuilder *builder = op_table_builder_new (name, 0, OP_TYPE_NSEC, 0, OP_SECOND);
  OpTable        *table;

  for (guint i = 3; types[i] != NULL; i++) /* behind SECONDS, NANOSECONDS and RECORD */
    {
      guint32 length = 0;
      OpType  type = find_tob1_type (types[i], &length);

      op_table_builder_add_field (builder, type, TRUE, names[i], processing[i], units[i], &length, length > 0);
    }
  table = op_table_builder_finish (builder, 1, NULL);
  g_assert_nonnull (table);
  return table;
}

/* Decodes raw TOB1 records and writes them as TOA5. */
static char *
convert_tob1 (const char *bytes, gsize length)
{
  g_auto (GStrv) lines = g_strsplit (bytes, "\r\n", 6);
  g_auto (GStrv) first = split_header_line (lines[0]);
  gsize       offset = 0;
  g_autoptr (OpDataOrigin) origin = g_new0 (OpDataOrigin, 1);
  g_autoptr (OpTable) table = build_tob1_table (lines, first[7]);
  g_autoptr (OpBatch) batch = op_batch_new (table, NULL, 0, 0);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < 5; i++)
    offset += strlen (lines[i]) + 2;
  for (; offset + 12 + table->record_size <= length; offset += 12 + table->record_size)
    {
      const guint8 *record = (const guint8 *) bytes + offset;
      guint32       number = (guint32) op_value_get_number (OP_TYPE_ULONG, record + 8);

      g_assert_true (op_batch_append_payload (batch, number, 1, op_value_get_time (OP_TYPE_SECNANO, record), record + 12,
                                              table->record_size, NULL));
    }
  origin->station = g_strdup (first[1]);
  origin->model = g_strdup (first[2]);
  origin->serial = g_strdup (first[3]);
  origin->os = g_strdup (first[4]);
  origin->program = g_strdup (first[5]);
  origin->program_signature = (guint16) g_ascii_strtoull (first[6], NULL, 10);
  op_toa5_append_header (text, origin, table);
  op_toa5_append_records (text, batch, 0, op_batch_get_n_records (batch));
  return g_string_free (text, FALSE);
}

/* Raw records of a CR1000X must become, byte for byte, what CardConvert made of them. */
static void
test_card_convert (gconstpointer data)
{
  const char      *number = data;
  g_autofree char *raw_name = g_strdup_printf ("tob1/TOB1_full%s.dat", number);
  g_autofree char *text_name = g_strdup_printf ("tob1/TOA5_TOB1_full%s_2026_02_19_%s.dat", number,
                                                g_str_equal (number, "9") ? "0945" : "0946");
  gsize            raw_length, text_length;
  g_autofree char *raw = load_sample (raw_name, &raw_length);
  g_autofree char *text = NULL, *expected = NULL, *converted = NULL;

  if (raw == NULL)
    return;
  text = load_sample (text_name, &text_length);
  expected = restore_line_ends (text);
  converted = convert_tob1 (raw, raw_length);
  assert_same_text (converted, expected);
}

static void
add_tests (const char *prefix, const char *const *names, GTestDataFunc func)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (prefix, names[i], NULL);

      g_test_add_data_func (path, names[i], func);
    }
}

int
main (int argc, char **argv)
{
  static const char *const round_trips[] = {
    "toa5/CR3000_Table213_4.dat",
    "toa5/TestLogger_Daily_1.dat",
    "toa5/TestLogger_Hourly_1.dat",
    "multi/Station_Daily.dat",
    "tob1/TOA5_TOB1_full10_2026_02_19_0946.dat",
    "tob3/TOA5_TOB3_long19_2026_02_19_0946.dat",
    "tob3/TOA5_TOB3_partial3_2026_02_20_1307.dat",
    NULL,
  };
  static const char *const bad[] = {
    "toa5/TestLogger_Hourly_Bad01.dat", "toa5/TestLogger_Hourly_Bad03.dat", "toa5/TestLogger_Hourly_Bad05.dat",
    "toa5/TestLogger_Hourly_Bad07.dat", "toa5/TestLogger_Hourly_Bad09.dat", "toa5/TestLogger_Hourly_Bad11.dat",
    NULL,
  };
  static const char *const pairs[] = { "9", "10", "11", "12", "13", "14", "15", "18", "19", "20", "21", "22", "27", NULL };

  g_test_init (&argc, &argv, NULL);
  add_tests ("/samples/round-trip/", round_trips, test_round_trip);
  add_tests ("/samples/bad/", bad, test_bad);
  g_test_add_func ("/samples/toaci1", test_toaci1);
  add_tests ("/samples/card-convert/", pairs, test_card_convert);
  return g_test_run ();
}
