/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/toa5.h"
#include "tests/formats/tob1-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define ORIGIN "\"TOB1\",\"Ridge\",\"CR1000X\",\"4668\",\"CR1000X.Std.08.01\",\"CPU:w.CR1X\",\"14472\",\"Fast\""

static OpDataFile *
read_sound (const GByteArray *bytes)
{
  g_autoptr (GError) error = NULL;
  OpDataFile *file = tob1_fixture_read (bytes, &error);

  g_assert_no_error (error);
  return file;
}

/* The records are those of the numbers from @first on, @n of them, from row @row on. */
static void
assert_records (const OpDataFile *file, gsize row, guint32 first, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);

  g_assert_cmpuint (op_batch_get_n_records (file->batch), >=, row + n);
  op_toa5_append_records (text, file->batch, row, n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *line = tob1_fixture_dup_text (first + i);

      g_string_append_printf (expected, "%s\r\n", line);
    }
  g_assert_cmpstr (text->str, ==, expected->str);
}

static void
assert_problems (const OpDataFile *file, const char *const *problems)
{
  for (guint i = 0; problems[i] != NULL; i++)
    {
      g_assert_cmpuint (i, <, file->problems->len);
      g_assert_cmpstr (file->problems->pdata[i], ==, problems[i]);
    }
  g_assert_cmpuint (file->n_problems, ==, g_strv_length ((char **) problems));
}

static void
assert_problem (const OpDataFile *file, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
assert_problem (const OpDataFile *file, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  assert_problems (file, (const char *const[]){ text, NULL });
}

static gsize
get_header_size (void)
{
  g_autoptr (GByteArray) bytes = tob1_fixture_new (0, 0);

  return bytes->len;
}

static void
test_read (void)
{
  g_autoptr (GByteArray) bytes = tob1_fixture_new (0, 25);
  g_autoptr (OpDataFile) file = read_sound (bytes);
  g_autoptr (GString) header = g_string_new (NULL);

  op_toa5_append_header (header, file->origin, file->table);
  g_assert_cmpstr (header->str, ==,
                   "\"TOA5\",\"Ridge\",\"CR1000X\",\"4668\",\"CR1000X.Std.08.01\",\"CPU:w.CR1X\",\"14472\",\"Fast\"\r\n"
                   "\"TIMESTAMP\",\"RECORD\",\"F\",\"I\",\"D\",\"U2\",\"U4\",\"L\",\"B\",\"B8\",\"S\",\"T_TMx\"\r\n"
                   "\"TS\",\"RN\",\"°C\",\"m\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\r\n"
                   "\"\",\"\",\"Avg\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"Smp\",\"TMx\"\r\n");
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 25);
  assert_records (file, 0, 0, 25);
  g_assert_cmpuint (file->n_problems, ==, 0);
}

static void
test_header_only (void)
{
  g_autoptr (GByteArray) bytes = tob1_fixture_new (0, 0);
  g_autoptr (OpDataFile) file = read_sound (bytes);

  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 0);
  g_assert_cmpuint (file->n_problems, ==, 0);
}

static void
test_few_records (void)
{
  for (guint n = 1; n < 5; n++)
    {
      g_autoptr (GByteArray) bytes = tob1_fixture_new (7, n);
      g_autoptr (OpDataFile) file = read_sound (bytes);

      g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, n);
      assert_records (file, 0, 7, n);
      g_assert_cmpuint (file->n_problems, ==, 0);
    }
}

static void
test_cut_off (void)
{
  g_autoptr (GByteArray) bytes = tob1_fixture_new (5, 3);
  gsize at = bytes->len - TOB1_RECORD_SIZE;
  g_autoptr (OpDataFile) file = NULL;

  g_byte_array_set_size (bytes, (guint) at + 12);
  file = read_sound (bytes);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 2);
  assert_records (file, 0, 5, 2);
  assert_problem (file, "byte %lu: the last record is cut off: 12 of 52 bytes", (gulong) at);
}

static void
test_nul_bytes (void)
{
  g_autoptr (GByteArray) bytes = tob1_fixture_new (100, 10);
  gsize at = bytes->len;
  g_autoptr (OpDataFile) file = NULL;

  g_byte_array_set_size (bytes, (guint) at + 4 * TOB1_RECORD_SIZE);
  memset (bytes->data + at, 0, 4 * TOB1_RECORD_SIZE);
  for (guint i = 0; i < 10; i++)
    tob1_fixture_add_record (bytes, 200 + i);
  file = read_sound (bytes);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 20);
  assert_records (file, 0, 100, 10);
  assert_records (file, 10, 200, 10);
  assert_problem (file, "byte %lu: 208 NUL bytes, as a loss of power leaves them", (gulong) at);
}

/* Bytes that were lost or came in between make one record unreadable, and none of the others. */
static void
test_shifted (void)
{
  gsize in_record = get_header_size () + 10 * TOB1_RECORD_SIZE + 20;

  for (guint n = 1; n < TOB1_RECORD_SIZE; n++)
    {
      g_autoptr (GByteArray) lost = tob1_fixture_new (40, 30);
      g_autoptr (GByteArray) more = g_byte_array_new ();
      g_autoptr (OpDataFile) file = NULL;
      g_autoptr (OpDataFile) other = NULL;

      g_byte_array_append (more, lost->data, (guint) in_record);
      for (guint i = 0; i < n; i++)
        g_byte_array_append (more, (const guint8 *) "\xA5", 1);
      g_byte_array_append (more, lost->data + in_record, lost->len - (guint) in_record);
      other = read_sound (more);
      assert_records (other, 0, 40, 10);
      assert_records (other, op_batch_get_n_records (other->batch) - 19, 51, 19);
      g_assert_cmpuint (other->n_problems, ==, 1);

      g_byte_array_remove_range (lost, (guint) in_record, n);
      file = read_sound (lost);
      assert_records (file, 0, 40, 10);
      assert_records (file, op_batch_get_n_records (file->batch) - 18, 52, 18);
    }
}

static void
test_garbage (void)
{
  g_autoptr (GByteArray) bytes = tob1_fixture_new (0, 10);
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autoptr (OpDataFile) file = NULL;
  gsize at = bytes->len;

  /* Longer than a record is sought for in one go. */
  for (guint i = 0; i < 100001; i++)
    {
      guint8 byte = (guint8) g_rand_int_range (rand, 0, 256);

      g_byte_array_append (bytes, &byte, 1);
    }
  for (guint i = 0; i < 50; i++)
    tob1_fixture_add_record (bytes, 1000 + i);
  file = read_sound (bytes);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 60);
  assert_records (file, 0, 0, 10);
  assert_records (file, 10, 1000, 50);
  assert_problem (file, "byte %lu: 100001 bytes belong to no record", (gulong) at);
}

static void
test_begins_damaged (void)
{
  g_autoptr (GByteArray) bytes = tob1_fixture_new (0, 0);
  g_autoptr (OpDataFile) file = NULL;
  gsize at = bytes->len;

  g_byte_array_append (bytes, (const guint8 *) "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 11);
  for (guint i = 0; i < 5; i++)
    tob1_fixture_add_record (bytes, 30 + i);
  file = read_sound (bytes);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 5);
  assert_records (file, 0, 30, 5);
  assert_problem (file, "byte %lu: 11 bytes belong to no record", (gulong) at);
}

/* Records that the logger did not keep are none that the file has lost. */
static void
test_gaps (void)
{
  static const guint32 numbers[] = { 1, 2, 3, 7, 9, 10, 11, 12, 500, 502, 504, 505, 506, 90000, 90001, 90002 };
  g_autoptr (GByteArray) bytes = tob1_fixture_new (0, 0);
  g_autoptr (OpDataFile) file = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    tob1_fixture_add_record (bytes, numbers[i]);
  file = read_sound (bytes);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, G_N_ELEMENTS (numbers));
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    assert_records (file, i, numbers[i], 1);
  g_assert_cmpuint (file->n_problems, ==, 0);
}

/* Numbers in steps of three, as somebody's program may leave them. */
static void
test_steps (void)
{
  g_autoptr (GByteArray) bytes = tob1_fixture_new (0, 0);
  g_autoptr (OpDataFile) file = NULL;

  for (guint i = 0; i < 2000; i++)
    tob1_fixture_add_record (bytes, 3 * i + 1);
  file = read_sound (bytes);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 2000);
  for (guint i = 0; i < 2000; i++)
    assert_records (file, i, 3 * i + 1, 1);
  g_assert_cmpuint (file->n_problems, ==, 0);
}

static void
test_repeated_header (void)
{
  g_autoptr (GByteArray) bytes = tob1_fixture_new (0, 10);
  g_autoptr (OpDataFile) file = NULL;
  g_autoptr (OpDataFile) ended = NULL;
  gsize at;

  tob1_fixture_add_header (bytes);
  for (guint i = 0; i < 10; i++)
    tob1_fixture_add_record (bytes, 10 + i);
  file = read_sound (bytes);
  assert_records (file, 0, 0, 20);
  g_assert_cmpuint (file->n_problems, ==, 0);

  at = bytes->len;
  tob1_fixture_add_lines (bytes, (const char *const[]){ ORIGIN, "\"RECORD\",\"X\"", "\"RN\",\"\"", "\"\",\"\"",
                                                        "\"ULONG\",\"FP2\"", NULL });
  g_byte_array_append (bytes, (const guint8 *) "\1\0\0\0\0\1", 6);
  ended = read_sound (bytes);
  g_assert_cmpuint (op_batch_get_n_records (ended->batch), ==, 20);
  assert_problem (ended, "byte %lu: a different header begins; the rest of the file was not read", (gulong) at);
}

/* Columns of the stamp may be missing, and then nothing tells where a record begins. */
static void
test_without_stamps (void)
{
  g_autoptr (GByteArray) numbered = g_byte_array_new ();
  g_autoptr (GByteArray) bare = g_byte_array_new ();
  g_autoptr (OpDataFile) file = NULL;
  g_autoptr (OpDataFile) other = NULL;

  tob1_fixture_add_lines (numbered, (const char *const[]){ ORIGIN, "\"RECORD\",\"X\"", "\"RN\",\"\"", "\"\",\"\"",
                                                           "\"ULONG\",\"FP2\"", NULL });
  g_byte_array_append (numbered, (const guint8 *) "\x05\0\0\0\0\1" "\x02\0\0\0\x20\x0F", 12);
  file = read_sound (numbered);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 2);
  g_assert_cmpuint (op_batch_get_records (file->batch)[0], ==, 5);
  g_assert_cmpuint (op_batch_get_records (file->batch)[1], ==, 2);
  g_assert_true (op_batch_get_times (file->batch)[0] == OP_TIME_UNKNOWN);
  g_assert_cmpfloat (op_batch_get_numbers (file->batch, 0)[1], ==, 1.5);

  tob1_fixture_add_lines (bare, (const char *const[]){ ORIGIN, "\"X\",\"Y\"", "\"\",\"\"", "\"\",\"\"",
                                                       "\"UINT2\",\"FP2\"", NULL });
  g_byte_array_append (bare, (const guint8 *) "\0\0\0\0" "\0\1\x20\x0F", 8);
  other = read_sound (bare);
  g_assert_cmpuint (op_batch_get_n_records (other->batch), ==, 2);
  g_assert_cmpuint (op_batch_get_records (other->batch)[1], ==, 1);
  g_assert_cmpfloat (op_batch_get_numbers (other->batch, 0)[1], ==, 1);
  g_assert_cmpuint (other->n_problems, ==, 0);
}

/* What type a name in the fifth line means, and so in which order its bytes come. */
static void
test_types (void)
{
  static const struct
  {
    const char *name;
    const char *bytes;
    gsize       size;
    double      number;
  } types[] = {
    { "ULONG", "\x04\x03\x02\x81", 4, 2164392708.0 },
    { "LONG", "\xFC\xFF\xFF\xFF", 4, -4 },
    { "IEEE4", "\x00\x00\x20\xC1", 4, -10 },
    { "IEEE4B", "\xC1\x20\x00\x00", 4, -10 },
    { "IEEE8", "\x00\x00\x00\x00\x00\x00\x24\xC0", 8, -10 },
    { "IEEE8B", "\xC0\x24\x00\x00\x00\x00\x00\x00", 8, -10 },
    { "FP2", "\xC0\x55", 2, -0.85 },
    { "USHORT", "\x02\x01", 2, 258 },
    { "SHORT", "\xFE\xFF", 2, -2 },
    { "UINT2", "\x01\x02", 2, 258 },
    { "UINT4", "\x00\x00\x01\x02", 4, 258 },
    { "INT4", "\xFF\xFF\xFF\xFE", 4, -2 },
    { "BOOL", "\xFF", 1, -1 },
    { "BOOL8", "\x05", 1, 5 },
    { "BOOL4", "\xFF\xFF\xFF\xFF", 4, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autofree char *line = g_strdup_printf ("\"%s\"", types[i].name);
      g_autoptr (OpDataFile) file = NULL;

      tob1_fixture_add_lines (bytes, (const char *const[]){ ORIGIN, "\"X\"", "\"\"", "\"\"", line, NULL });
      g_byte_array_append (bytes, (const guint8 *) types[i].bytes, (guint) types[i].size);
      file = read_sound (bytes);
      g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 1);
      g_assert_cmpfloat (op_batch_get_numbers (file->batch, 0)[0], ==, types[i].number);
      g_assert_cmpuint (file->n_problems, ==, 0);
    }
}

/* A CR1000X writes IEEE8 big-endian, though the type says otherwise (file-formats.md, section 3). */
static void
test_reversed (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (OpDataFile) file = NULL;

  tob1_fixture_add_lines (bytes, (const char *const[]){ ORIGIN, "\"X\",\"Y\"", "\"\",\"\"", "\"\",\"\"",
                                                        "\"IEEE8\",\"IEEE8\"", NULL });
  g_byte_array_append (bytes, (const guint8 *) "\x3F\xF4\0\0\0\0\0\0" "\0\0\0\0\0\0\xF4\x3F", 16);
  g_byte_array_append (bytes, (const guint8 *) "\x7F\xFF\xFF\xFF\xC0\0\0\0" "\0\0\0\0\0\0\0\0", 16);
  file = read_sound (bytes);
  g_assert_cmpfloat (op_batch_get_numbers (file->batch, 0)[0], ==, 1.25);
  g_assert_true (op_batch_get_numbers (file->batch, 0)[1] != op_batch_get_numbers (file->batch, 0)[1]);
  g_assert_cmpfloat (op_batch_get_numbers (file->batch, 1)[0], ==, 1.25);
  assert_problem (file, "“X”: the bytes of its numbers are in reverse order; they are shown as they were meant");
}

typedef struct
{
  const char *name;
  const char *text;
  const char *message;
} Bad;

#define NAMES "\r\n\"RECORD\",\"X\"\r\n\"RN\",\"\"\r\n\"\",\"\"\r\n"

static const Bad bad_cases[] = {
  { "empty", "", "This is no TOA5, TOACI1 or TOB1 file" },
  { "one-line", ORIGIN "\r\n", "The header is damaged: the file ends before its line 2" },
  { "no-types", ORIGIN NAMES, "The header is damaged: the file ends before its line 5" },
  { "short-origin", "\"TOB1\",\"Ridge\"" NAMES "\"ULONG\",\"FP2\"\r\n",
    "The header is damaged: line 1: 2 values, not 8" },
  { "few-types", ORIGIN NAMES "\"ULONG\"\r\n", "The header is damaged: line 5: 1 values, not 2" },
  { "unknown-type", ORIGIN NAMES "\"ULONG\",\"FP9\"\r\n",
    "The header is damaged: line 5, value 2: “FP9” is no type of data" },
  { "bare-ascii", ORIGIN NAMES "\"ULONG\",\"ASCII\"\r\n",
    "The header is damaged: line 5, value 2: “ASCII” is no type of data" },
  { "empty-ascii", ORIGIN NAMES "\"ULONG\",\"ASCII(0)\"\r\n",
    "The header is damaged: line 5, value 2: “ASCII(0)” is no type of data" },
  { "huge-ascii", ORIGIN NAMES "\"ULONG\",\"ASCII(4294967295)\"\r\n",
    "The header is damaged: line 5, value 2: “ASCII(4294967295)” is no type of data" },
  { "variable-size", ORIGIN NAMES "\"ULONG\",\"ASCIIZ\"\r\n",
    "The header is damaged: line 5, value 2: “ASCIIZ” is no type of data" },
  { "lost-quote", ORIGIN NAMES "\"ULONG\",\"FP2\r\n\1\2\3\4\5\6", "The header is damaged: line 5: a quote is not closed" },
  { "no-values", ORIGIN "\r\n\"RECORD\"\r\n\"RN\"\r\n\"\"\r\n\"ULONG\"\r\n", "The header is damaged: it names no values" },
};

static void
test_bad (gconstpointer data)
{
  const Bad *bad = data;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  g_byte_array_append (bytes, (const guint8 *) bad->text, (guint) strlen (bad->text));
  g_assert_null (tob1_fixture_read (bytes, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==, bad->message);
}

/* A long file with a wound at which two blocks meet, read in pieces. */

#define N_LONG 70000

typedef struct
{
  char    *folder;
  GFile   *file;
  GString *text;
  guint    n_pieces;
  gsize    largest;
  goffset  position;
  guint    cancel_at; /* pieces; 0 never */
  GCancellable *cancellable;
} Long;

static void
set_up (Long *self, gconstpointer data)
{
  g_autoptr (GByteArray) bytes = tob1_fixture_new (0, N_LONG);
  g_autofree char *path = NULL;

  self->folder = g_dir_make_tmp ("outpost-XXXXXX", NULL);
  path = g_build_filename (self->folder, "long.dat", NULL);
  g_byte_array_remove_range (bytes, 1024 * 1024 - 7, 3);
  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
  self->file = g_file_new_for_path (path);
  self->text = g_string_new (NULL);
  self->cancellable = g_cancellable_new ();
}

static void
tear_down (Long *self, gconstpointer data)
{
  g_assert_true (g_file_delete (self->file, NULL, NULL));
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_object_unref (self->file);
  g_string_free (self->text, TRUE);
  g_object_unref (self->cancellable);
  g_free (self->folder);
}

static gboolean
take_piece (const OpDataFile *file, const OpBatch *batch, gpointer data, GError **error)
{
  Long *self = data;

  self->largest = MAX (self->largest, op_batch_get_n_records (batch));
  op_toa5_append_records (self->text, batch, 0, op_batch_get_n_records (batch));
  if (++self->n_pieces == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
  return TRUE;
}

static void
on_progress_cb (goffset position, goffset size, gpointer data)
{
  Long *self = data;

  g_assert_cmpint (position, >, self->position);
  g_assert_cmpint (position, <=, size);
  self->position = position;
}

static void
test_pieces (Long *self, gconstpointer data)
{
  const OpReadWatch watch = { on_progress_cb, self, self->cancellable };
  g_autoptr (GError) error = NULL;
  g_autoptr (OpDataFile) file = op_data_file_stream (self->file, &watch, take_piece, self, &error);
  g_autoptr (GString) expected = g_string_new (NULL);
  guint wounded = (guint) ((1024 * 1024 - 7 - get_header_size ()) / TOB1_RECORD_SIZE);

  g_assert_no_error (error);
  g_assert_null (file->batch);
  g_assert_cmpuint (self->n_pieces, >, 3);
  g_assert_cmpuint (self->largest, <, N_LONG / 3);
  g_assert_cmpint (self->position, ==, get_header_size () + N_LONG * TOB1_RECORD_SIZE - 3);
  assert_problem (file, "byte %lu: 49 bytes belong to no record",
                  (gulong) (get_header_size () + wounded * TOB1_RECORD_SIZE));
  for (guint i = 0; i < N_LONG; i++)
    {
      g_autofree char *line = tob1_fixture_dup_text (i);

      if (i != wounded)
        g_string_append_printf (expected, "%s\r\n", line);
    }
  g_assert_true (g_string_equal (self->text, expected));
}

static void
test_cancel (Long *self, gconstpointer data)
{
  const OpReadWatch watch = { NULL, NULL, self->cancellable };
  g_autoptr (GError) error = NULL;

  self->cancel_at = 2;
  g_assert_null (op_data_file_stream (self->file, &watch, take_piece, self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self->n_pieces, ==, 2);
}

static void
keep_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
test_read_async (Long *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpDataFile) file = NULL;

  op_data_file_read_async (self->file, NULL, on_progress_cb, self, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  file = op_data_file_read_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, N_LONG - 1);
  assert_records (file, N_LONG - 11, N_LONG - 10, 10);
  g_assert_cmpint (self->position, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tob1/read", test_read);
  g_test_add_func ("/tob1/header-only", test_header_only);
  g_test_add_func ("/tob1/few-records", test_few_records);
  g_test_add_func ("/tob1/cut-off", test_cut_off);
  g_test_add_func ("/tob1/nul-bytes", test_nul_bytes);
  g_test_add_func ("/tob1/shifted", test_shifted);
  g_test_add_func ("/tob1/garbage", test_garbage);
  g_test_add_func ("/tob1/begins-damaged", test_begins_damaged);
  g_test_add_func ("/tob1/gaps", test_gaps);
  g_test_add_func ("/tob1/steps", test_steps);
  g_test_add_func ("/tob1/repeated-header", test_repeated_header);
  g_test_add_func ("/tob1/without-stamps", test_without_stamps);
  g_test_add_func ("/tob1/types", test_types);
  g_test_add_func ("/tob1/reversed", test_reversed);
  for (guint i = 0; i < G_N_ELEMENTS (bad_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/tob1/bad/", bad_cases[i].name, NULL);

      g_test_add_data_func (path, &bad_cases[i], test_bad);
    }
  g_test_add ("/tob1/pieces", Long, NULL, set_up, test_pieces, tear_down);
  g_test_add ("/tob1/cancel", Long, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/tob1/read-async", Long, NULL, set_up, test_read_async, tear_down);
  return g_test_run ();
}
