/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/directory.h"
#include "tests/pakbus/vectors.h"

#include <string.h>

static void
assert_entry (const GPtrArray *entries, guint i, const char *name, guint32 size, const char *date)
{
  const PakDirectoryEntry *entry = g_ptr_array_index (entries, i);

  g_assert_cmpstr (entry->name, ==, name);
  g_assert_cmpuint (entry->size, ==, size);
  g_assert_cmpstr (entry->date, ==, date);
}

static GPtrArray *
parse_hex (const char *hex, GError **error)
{
  g_autoptr (GByteArray) bytes = pak_vector_bytes (hex);
  g_autofree guint8 *exact = g_memdup2 (bytes->data, bytes->len);

  return pak_directory_parse (exact, bytes->len, error);
}

/* A real CR1000's directory: its drive and two programs, the second running and run on power-up. */
static void
test_cr1000 (void)
{
  g_autoptr (GByteArray) bytes = pak_vector_bytes (pak_directory_hex);
  g_autoptr (GByteArray) again = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = pak_directory_parse (bytes->data, bytes->len, &error);
  const PakDirectoryEntry *program;

  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 3);
  assert_entry (entries, 0, "CPU:", 486912, "");
  assert_entry (entries, 1, "CPU:templateexample.cr1", 715, "2012-03-16 13:22:42");
  assert_entry (entries, 2, "CPU:CR1000_LABO.CR1", 3166, "2012-05-23 11:25:38");
  program = g_ptr_array_index (entries, 2);
  g_assert_cmpuint (program->n_attributes, ==, 2);
  g_assert_true (pak_directory_entry_has_attribute (program, PAK_FILE_RUNNING));
  g_assert_true (pak_directory_entry_has_attribute (program, PAK_FILE_RUN_ON_POWER_UP));
  g_assert_false (pak_directory_entry_has_attribute (program, PAK_FILE_HIDDEN));
  g_assert_false (pak_directory_entry_is_drive (program));
  g_assert_true (pak_directory_entry_is_drive (g_ptr_array_index (entries, 0)));

  pak_directory_append (entries, again);
  g_assert_cmpmem (again->data, again->len, bytes->data, bytes->len);
}

static void
test_build (void)
{
  g_autoptr (GByteArray) expected = pak_vector_bytes ("01 413A4200 00000102 00 05 00");
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_directory_entry_free);

  g_ptr_array_add (entries, pak_directory_entry_new ("A:B", 258, ""));
  pak_directory_entry_add_attribute (entries->pdata[0], PAK_FILE_PAUSED);
  pak_directory_append (entries, bytes);
  g_assert_cmpmem (bytes->data, bytes->len, expected->data, expected->len);
}

/* It may end at an empty name, hold more attributes than the manual allows, or nothing at all. */
static void
test_tolerance (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ended = parse_hex ("01 413A00 00000001 00 00 00 FFFF", &error);
  g_autoptr (GPtrArray) empty = parse_hex ("01", &error);
  g_autoptr (GPtrArray) many = parse_hex ("01 4100 00000001 00 0101010101010101010101010101 00", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ended->len, ==, 1);
  g_assert_cmpuint (empty->len, ==, 0);
  g_assert_cmpuint (((PakDirectoryEntry *) many->pdata[0])->n_attributes, ==, 12);
}

static void
test_refusals (void)
{
  static const struct
  {
    const char *hex;
    const char *message;
  } cases[] = {
    { "", "Directory: its format is not known" },
    { "02", "Directory: its format is not known" },
    { "01 4142", "Directory: a file's name at byte 1 is cut off" },
    { "01 4100 000001", "Directory: a file's size at byte 3 is cut off" },
    { "01 4100 00000001 32", "Directory: a file's date at byte 7 is cut off" },
    { "01 4100 00000001 00 01", "Directory: a list of attributes at byte 9 is cut off" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_hex (cases[i].hex, &error));
      g_assert_error (error, PAK_ERROR, PAK_ERROR_MESSAGE);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/directory/cr1000", test_cr1000);
  g_test_add_func ("/directory/build", test_build);
  g_test_add_func ("/directory/tolerance", test_tolerance);
  g_test_add_func ("/directory/refusals", test_refusals);
  return g_test_run ();
}
