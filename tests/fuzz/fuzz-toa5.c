/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/toa5-reader.h"
#include "protocol/formats/toa5.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static char *
write_all (const OpDataFile *file)
{
  GString *text = g_string_new (NULL);

  op_toa5_append_header (text, file->origin, file->table);
  op_toa5_append_records (text, file->batch, 0, op_batch_get_n_records (file->batch));
  return g_string_free (text, FALSE);
}

/* The lines of hostile bytes end anywhere in a small window. */
static OpDataFile *
read_through_window (const uint8_t *data, size_t size)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, (gssize) size, NULL);
  g_autoptr (OpToa5Reader) reader = op_toa5_reader_new (stream, (goffset) size, 1 + size % 64, NULL, NULL);

  return reader != NULL ? op_toa5_reader_read_all (reader, NULL) : NULL;
}

/*
 * A data file. What could be read of it, once written, reads and writes again without any change; and it is the same
 * however much of it is read at a time.
 */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OpDataFile) file = op_toa5_parse ((const char *) data, size, &error);
  g_autoptr (OpDataFile) windowed = read_through_window (data, size);
  g_autoptr (OpDataFile) again = NULL;
  g_autofree char *text = NULL, *windowed_text = NULL, *second_text = NULL;

  g_assert_cmpint (file == NULL, ==, error != NULL);
  g_assert_cmpint (file == NULL, ==, windowed == NULL);
  if (file == NULL)
    return 0;
  text = write_all (file);
  windowed_text = write_all (windowed);
  g_assert_cmpstr (windowed_text, ==, text);
  g_assert_cmpuint (windowed->n_problems, ==, file->n_problems);
  again = op_toa5_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (op_batch_get_n_records (again->batch), ==, op_batch_get_n_records (file->batch));
  second_text = write_all (again);
  g_assert_cmpstr (second_text, ==, text);
  return 0;
}

static void
add_seed (GPtrArray *seeds, const char *text)
{
  GByteArray *seed = g_byte_array_new ();

  g_byte_array_append (seed, (const guint8 *) text, (guint) strlen (text));
  g_ptr_array_add (seeds, seed);
}

#define TOA5_HEADER                                                                                           \
  "\"TOA5\",\"Ridge\",\"CR1000\",\"4668\",\"CR1000.Std.24\",\"CPU:w.CR1\",\"14472\",\"OneMin\"\r\n"           \
  "\"TIMESTAMP\",\"RECORD\",\"A\",\"T_TMx\",\"S(1)\"\r\n"                                                     \
  "\"TS\",\"RN\",\"m\",\"\",\"\"\r\n\"\",\"\",\"Avg\",\"TMx\",\"Smp\"\r\n"

void
fuzz_add_seeds (GPtrArray *seeds)
{
  add_seed (seeds, TOA5_HEADER "\"2026-02-19 09:46:00\",1,12.5,\"2026-02-19 09:45:00.25\",\"a \"\"b\"\", c\"\r\n" TOA5_HEADER
                               "\"2026-02-19 24:00:00\",2,\"NAN\",\"NAN\",\"two\r\nlines\"\r\n"
                               "\"2026-02-20 00:01:00\",3,-1.163385E-05,,\xB0");
  add_seed (seeds, "\"TOACI1\",\"Site 56\",\"Hourly\"\n\"TMSTAMP\",\"RECNBR\",\"Bat\"\n"
                   "\"2016-04-21 13:00:00\",146,13.48\n\"2016-04-21 14:00:00\",147,\"-INF\"\n");
}
