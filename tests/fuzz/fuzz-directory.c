/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/directory.h"
#include "tests/fuzz/fuzz.h"
#include "tests/pakbus/vectors.h"

/* What is accepted and written is accepted again, and written alike. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GPtrArray) entries = pak_directory_parse (data, size, NULL);
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GByteArray) written = g_byte_array_new ();
  g_autoptr (GByteArray) rewritten = g_byte_array_new ();

  if (entries == NULL)
    return 0;
  pak_directory_append (entries, written);
  again = pak_directory_parse (written->data, written->len, NULL);
  g_assert_nonnull (again);
  g_assert_cmpuint (again->len, ==, entries->len);
  pak_directory_append (again, rewritten);
  g_assert_cmpmem (rewritten->data, rewritten->len, written->data, written->len);
  return 0;
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  g_ptr_array_add (seeds, pak_vector_bytes (pak_directory_hex));
}
