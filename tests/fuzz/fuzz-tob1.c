/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/toa5.h"
#include "tests/formats/tob1-fixture.h"
#include "tests/fuzz/fuzz.h"

/* A data file of binary records. What could be read of it can be written, and reads again as so many records. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  GByteArray bytes = { .data = (guint8 *) data, .len = (guint) size };
  g_autoptr (GError) error = NULL;
  g_autoptr (OpDataFile) file = tob1_fixture_read (&bytes, &error);
  g_autoptr (OpDataFile) again = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_cmpint (file == NULL, ==, error != NULL);
  if (file == NULL)
    return 0;
  g_assert_cmpuint (op_batch_get_n_records (file->batch), <=, size);
  op_toa5_append_header (text, file->origin, file->table);
  op_toa5_append_records (text, file->batch, 0, op_batch_get_n_records (file->batch));
  again = op_toa5_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (op_batch_get_n_records (again->batch), ==, op_batch_get_n_records (file->batch));
  return 0;
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  GByteArray *gap = tob1_fixture_new (0, 6);
  GByteArray *bare = g_byte_array_new ();

  g_ptr_array_add (seeds, tob1_fixture_new (5, 12));
  for (guint i = 0; i < 6; i++)
    tob1_fixture_add_record (gap, 100 + i);
  tob1_fixture_add_header (gap);
  tob1_fixture_add_record (gap, 110);
  g_ptr_array_add (seeds, gap);
  tob1_fixture_add_lines (bare, (const char *const[]){ "\"TOB1\",\"\",\"\",\"\",\"\",\"\",\"1\",\"T\"", "\"X\",\"S\"",
                                                       "\"\",\"\"", "\"\",\"\"", "\"FP2\",\"ASCII(3)\"", NULL });
  g_byte_array_append (bare, (const guint8 *) "\1\2abc\3\4d\0\0", 10);
  g_ptr_array_add (seeds, bare);
}
