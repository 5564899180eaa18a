/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of real loggers, read from the folder that OUTPOST_SAMPLES names. */
#include "protocol/formats/toa5.h"
#include "protocol/formats/tob1-reader.h"

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

typedef struct
{
  const char *raw;
  const char *text;
} Pair;

static gboolean
append_text (const OpDataFile *file, const OpBatch *batch, gpointer data, GError **error)
{
  GString *text = data;

  if (text->len == 0)
    op_toa5_append_header (text, file->origin, file->table);
  op_toa5_append_records (text, batch, 0, op_batch_get_n_records (batch));
  return TRUE;
}

/* Raw records must become, byte for byte, what CardConvert made of them. */
static void
test_card_convert (gconstpointer data)
{
  const Pair      *pair = data;
  gsize            length;
  g_autofree char *expected_text = load_sample (pair->text, &length);
  g_autofree char *path = NULL, *expected = NULL;
  g_autoptr (GFile) raw = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (OpDataFile) file = NULL;
  g_autoptr (GError) error = NULL;
  const OpReadWatch watch = { 0 };

  if (expected_text == NULL)
    return;
  path = g_build_filename (g_getenv ("OUTPOST_SAMPLES"), "samples", pair->raw, NULL);
  raw = g_file_new_for_path (path);
  file = op_data_file_stream (raw, &watch, append_text, text, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (file->n_problems, ==, 0);
  expected = restore_line_ends (expected_text);
  assert_same_text (text->str, expected);
}

static void
test_header_only (void)
{
  gsize            length;
  g_autofree char *bytes = load_sample ("tob1/mattjbr_header_only_tob1.dat", &length);
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (OpTob1Reader) reader = NULL;
  g_autoptr (OpDataFile) file = NULL;
  const OpReadWatch watch = { 0 };

  if (bytes == NULL)
    return;
  stream = g_memory_input_stream_new_from_data (bytes, (gssize) length, NULL);
  reader = op_tob1_reader_new (stream, (goffset) length, NULL, NULL);
  file = op_tob1_reader_read_all (reader, &watch, NULL);
  g_assert_cmpstr (file->table->name, ==, "FluxRaw");
  g_assert_cmpuint (file->table->n_columns, ==, 4);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 0);
  g_assert_cmpuint (file->n_problems, ==, 0);
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
#define PAIR(number, time) { "tob1/TOB1_full" number ".dat", "tob1/TOA5_TOB1_full" number "_2026_02_19_" time ".dat" }
  static const Pair pairs[] = {
    PAIR ("9", "0945"),  PAIR ("10", "0946"), PAIR ("11", "0946"), PAIR ("12", "0946"), PAIR ("13", "0946"),
    PAIR ("14", "0946"), PAIR ("15", "0946"), PAIR ("18", "0946"), PAIR ("19", "0946"), PAIR ("20", "0946"),
    PAIR ("21", "0946"), PAIR ("22", "0946"), PAIR ("27", "0946"),
    { "multi/TOB1_Station_Daily.dat", "multi/Station_Daily.dat" },
  };

  g_test_init (&argc, &argv, NULL);
  add_tests ("/samples/round-trip/", round_trips, test_round_trip);
  add_tests ("/samples/bad/", bad, test_bad);
  g_test_add_func ("/samples/toaci1", test_toaci1);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *path = g_strconcat ("/samples/card-convert/", pairs[i].raw, NULL);

      g_test_add_data_func (path, &pairs[i], test_card_convert);
    }
  g_test_add_func ("/samples/header-only", test_header_only);
  return g_test_run ();
}
