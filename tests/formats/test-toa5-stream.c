/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/toa5-reader.h"
#include "protocol/formats/toa5.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define HEADER                                                                                                \
  "\"TOA5\",\"Ridge\",\"CR1000\",\"4668\",\"CR1000.Std.24\",\"CPU:w.CR1\",\"14472\",\"OneMin\"\r\n"           \
  "\"TIMESTAMP\",\"RECORD\",\"A\",\"S\"\r\n\"TS\",\"RN\",\"m\",\"\"\r\n\"\",\"\",\"Avg\",\"Smp\"\r\n"
#define UTF8_MARK "\xEF\xBB\xBF"
#define STAMP     "\"2026-02-19 09:46:00\","
#define LAST      "more than all lines before it, so that it overlaps itself when the window that it lies in is moved on to it"
/* Several windows and several pieces. */
#define N_LONG    60000

static OpDataFile *
read_through (const GString *text, gsize window)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text->str, (gssize) text->len, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (OpToa5Reader) reader = op_toa5_reader_new (stream, (goffset) text->len, window, NULL, &error);
  OpDataFile *file = reader != NULL ? op_toa5_reader_read_all (reader, &error) : NULL;

  g_assert_no_error (error);
  return file;
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
assert_texts (const OpDataFile *file, const char *const *texts)
{
  for (guint i = 0; texts[i] != NULL; i++)
    {
      g_assert_cmpuint (i, <, op_batch_get_n_records (file->batch));
      g_assert_cmpstr (op_batch_get_text (file->batch, 1, i), ==, texts[i]);
    }
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, g_strv_length ((char **) texts));
}

/* Whatever is read at a time, and wherever that ends within a line. */
static void
assert_through_windows (const GString *text, const char *const *problems, const char *const *texts)
{
  for (gsize window = 1; window < text->len + 8; window++)
    {
      g_autoptr (OpDataFile) file = read_through (text, window);

      assert_problems (file, problems);
      assert_texts (file, texts);
    }
}

static void
test_windows (void)
{
  static const char *const problems[] = {
    "line 7: a quote is not closed",
    "line 10: NUL bytes, as a loss of power leaves them",
    "line 17: a quote stands within a value",
    "line 18: a different header begins; the rest of the file was not read",
    NULL,
  };
  static const char *const texts[] = { "a", "two\r\nlines", "", "\"b\", c", NULL };
  static const char begin[] = UTF8_MARK HEADER STAMP "1,1.5,\"a\"\r\n" /* 5 */
                                               "\r\n" STAMP "2,2.5,\"open\r\n" STAMP "3,3.5,\"two\r\nlines\"\r\n";
  static const char nul[] = "\0\0\0\0\0\0\0\n"; /* 10 */
  static const char rest[] = HEADER STAMP "4,4.5,\"\"\n" STAMP "5,5.5,\"\"\"b\"\", c\"\n" STAMP "6,6.5,\"x\"y\n"
                                          "\"TOA5\",\"else\"\r\n" STAMP "8,8.5,\"e\"";
  g_autoptr (GString) text = g_string_new (begin);

  g_string_append_len (text, nul, sizeof nul - 1);
  g_string_append (text, rest);
  assert_through_windows (text, problems, texts);
}

/* Where a record begins is told by bytes that lie in two lines; the last line has no end. */
static void
test_windows_at_end (void)
{
  static const char *const problems[] = { "line 5: a quote is not closed", "line 6: 1 values for 4 columns", NULL };
  static const char *const texts[] = { "b", LAST, NULL };
  g_autoptr (GString) text = g_string_new (HEADER STAMP "1,1.5,\"open\n\"12\n3-\"\n" STAMP "2,2.5,\"b\"\n"
                                                  STAMP "3,3.5,\"" LAST "\"");

  assert_through_windows (text, problems, texts);
}

static void
append_filled (GString *text, const char *begin, char filler, gsize n_bytes, const char *end)
{
  gsize n_fillers = n_bytes - strlen (begin);

  g_string_append (text, begin);
  g_string_set_size (text, text->len + n_fillers);
  memset (text->str + text->len - n_fillers, filler, n_fillers);
  g_string_append (text, end);
}

static void
test_long_lines (void)
{
  static const char *const problems[] = {
    "line 6: the line is too long",
    "line 7: NUL bytes, as a loss of power leaves them",
    "line 9: a quote is not closed",
    "line 10: 1 values for 4 columns",
    "line 11: the line is too long",
    "line 12: 2 values for 4 columns",
    "line 13: the line is too long",
    NULL,
  };
  g_autoptr (GString) text = g_string_new (HEADER);
  g_autoptr (OpDataFile) file = NULL;

  append_filled (text, STAMP "1,1,", 'x', OP_LINE_MAX_BYTES, "\n"); /* 5 */
  append_filled (text, STAMP "2,1,", 'x', OP_LINE_MAX_BYTES + 1, "\n");
  append_filled (text, STAMP "3,1,\"", '\0', 3 * OP_LINE_MAX_BYTES + 12345, "\n");
  append_filled (text, STAMP "4,1,", 'y', 100, "\n");
  /* Of several lines, none of which is too long. */
  append_filled (text, STAMP "5,1,\"", 'x', OP_LINE_MAX_BYTES / 2, "\n");
  append_filled (text, "", 'x', OP_LINE_MAX_BYTES / 2, "\"\n"); /* 10 */
  append_filled (text, STAMP "6,\"two\nlines\",", 'x', OP_LINE_MAX_BYTES + 1, "\n");
  append_filled (text, STAMP "7,1", ',', 2 * OP_LINE_MAX_BYTES, "");
  file = read_through (text, OP_TOA5_WINDOW_BYTES);
  assert_problems (file, problems);
  g_assert_cmpuint (op_batch_get_n_records (file->batch), ==, 2);
  g_assert_cmpuint (strlen (op_batch_get_text (file->batch, 1, 0)), ==, OP_LINE_MAX_BYTES - strlen (STAMP "1,1,"));
  g_assert_cmpuint (op_batch_get_records (file->batch)[1], ==, 4);
}

static void
test_long_header (void)
{
  static const struct
  {
    const char *begin, *message;
  } cases[] = {
    { "\"TOA5\",", "This is no TOA5, TOACI1 or TOB1 file" },
    { "\"TOACI1\",\"Ridge\",\"OneMin\"\n", "The header is damaged: line 2: the line is too long" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      append_filled (text, cases[i].begin, 'x', 2 * OP_LINE_MAX_BYTES, "\n");
      g_assert_null (op_toa5_parse (text->str, text->len, &error));
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

typedef struct
{
  char         *folder;
  char         *path;
  GString      *text;  /* of the file */
  GString      *taken; /* what the pieces write */
  guint         n_pieces;
  gsize         largest;
  goffset       position;
  guint         n_told;
  guint         cancel_at;
  GCancellable *cancellable;
  OpReadWatch   watch;
} Long;

static void
write_file (Long *self)
{
  g_assert_true (g_file_set_contents (self->path, self->text->str, (gssize) self->text->len, NULL));
}

static void
on_progress_cb (goffset position, goffset size, gpointer data)
{
  Long *self = data;

  g_assert_cmpint (position, >=, self->position);
  g_assert_cmpint (size, ==, self->text->len);
  g_assert_cmpint (position, <=, size);
  self->position = position;
  if (++self->n_told == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
}

static void
set_up (Long *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("outpost-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "long.dat", NULL);
  self->text = g_string_new (HEADER);
  self->taken = g_string_new (NULL);
  self->cancellable = g_cancellable_new ();
  self->watch = (OpReadWatch){ on_progress_cb, self, self->cancellable };
  for (guint i = 0; i < N_LONG; i++)
    g_string_append_printf (self->text, "\"2026-02-19 %02u:%02u:%02u\",%u,%u.5,\"%s %u\"\r\n", i / 3600, i / 60 % 60,
                            i % 60, i, i % 1000, i % 7 == 0 ? "\"\"quoted\"\"\r\n," : "state", i % 1013);
  write_file (self);
}

static void
tear_down (Long *self, gconstpointer data)
{
  g_assert_cmpint (g_unlink (self->path), ==, 0);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_string_free (self->text, TRUE);
  g_string_free (self->taken, TRUE);
  g_object_unref (self->cancellable);
  g_free (self->path);
  g_free (self->folder);
}

static gboolean
take_piece (const OpDataFile *file, const OpBatch *batch, gpointer data, GError **error)
{
  Long *self = data;

  if (self->n_pieces++ == 0)
    op_toa5_append_header (self->taken, file->origin, file->table);
  self->largest = MAX (self->largest, op_batch_get_n_records (batch));
  op_toa5_append_records (self->taken, batch, 0, op_batch_get_n_records (batch));
  return TRUE;
}

/* What is handed on in pieces is, written again, the file. */
static void
test_pieces (Long *self, gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  g_autoptr (GError) error = NULL;
  g_autoptr (OpDataFile) content = op_data_file_stream (file, &self->watch, take_piece, self, &error);

  g_assert_no_error (error);
  g_assert_null (content->batch);
  g_assert_cmpuint (content->n_problems, ==, 0);
  g_assert_true (g_string_equal (self->taken, self->text));
  g_assert_cmpuint (self->n_pieces, >, 2);
  g_assert_cmpuint (self->largest, <, N_LONG / 2);
  g_assert_cmpint (self->position, >, self->text->len * 9 / 10);
}

/* In either walk. */
static void
test_cancel (Long *self, gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  g_autoptr (GError) error = NULL;

  self->cancel_at = GPOINTER_TO_UINT (data);
  g_assert_null (op_data_file_stream (file, &self->watch, take_piece, self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self->n_told, ==, self->cancel_at);
}

/* The reader of the file, which has learnt its types. */
static OpToa5Reader *
open_reader (Long *self)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autoptr (GError) error = NULL;
  OpToa5Reader *reader = op_toa5_reader_new (G_INPUT_STREAM (stream), (goffset) self->text->len, OP_TOA5_WINDOW_BYTES,
                                             NULL, &error);

  g_assert_no_error (error);
  return reader;
}

static void
test_cut_short (Long *self, gconstpointer data)
{
  g_autoptr (OpToa5Reader) reader = open_reader (self);
  g_autoptr (OpDataFile) content = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;
  gsize n;

  g_assert_cmpint (truncate (self->path, (off_t) self->text->len / 2), ==, 0);
  content = op_toa5_reader_read_all (reader, &error);
  g_assert_no_error (error);
  n = op_batch_get_n_records (content->batch);
  g_assert_cmpuint (n, >, N_LONG / 3);
  g_assert_cmpuint (n, <, N_LONG * 2 / 3);
  problem = g_strdup_printf ("the file was changed while it was read: %lu of %d records are left", (gulong) n, N_LONG);
  assert_problems (content, (const char *const[]){ problem, NULL });
}

/* Values of another kind than the first walk found, and more of them. */
static void
test_changed (Long *self, gconstpointer data)
{
  g_autoptr (OpToa5Reader) reader = open_reader (self);
  g_autoptr (OpDataFile) content = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_open (self->path, O_WRONLY | O_TRUNC, 0);

  g_string_assign (self->text, HEADER);
  for (guint i = 0; i < 2 * N_LONG; i++)
    g_string_append_printf (self->text, STAMP "%u," STAMP "5\n", i);
  g_assert_cmpint (write (fd, self->text->str, self->text->len), ==, self->text->len);
  g_assert_true (g_close (fd, NULL));
  content = op_toa5_reader_read_all (reader, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (op_batch_get_n_records (content->batch), ==, N_LONG);
  g_assert_cmpint (op_batch_get_kind (content->batch, 0), ==, OP_KIND_NUMBER);
  g_assert_true (isnan (op_batch_get_numbers (content->batch, 0)[N_LONG - 1]));
  g_assert_cmpstr (op_batch_get_text (content->batch, 1, N_LONG - 1), ==, "5");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/toa5-stream/windows", test_windows);
  g_test_add_func ("/toa5-stream/windows-at-end", test_windows_at_end);
  g_test_add_func ("/toa5-stream/long-lines", test_long_lines);
  g_test_add_func ("/toa5-stream/long-header", test_long_header);
  g_test_add ("/toa5-stream/pieces", Long, NULL, set_up, test_pieces, tear_down);
  g_test_add ("/toa5-stream/cancel/first-walk", Long, GUINT_TO_POINTER (2), set_up, test_cancel, tear_down);
  g_test_add ("/toa5-stream/cancel/second-walk", Long, GUINT_TO_POINTER (N_LONG * 3 / 2 / 1024), set_up, test_cancel,
              tear_down);
  g_test_add ("/toa5-stream/cut-short", Long, NULL, set_up, test_cut_short, tear_down);
  g_test_add ("/toa5-stream/changed", Long, NULL, set_up, test_changed, tear_down);
  return g_test_run ();
}
