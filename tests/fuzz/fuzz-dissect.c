/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/dissect.h"
#include "tests/fuzz/fuzz.h"
#include "tests/pakbus/vectors.h"

/* A frame's body; whatever it holds, it becomes a sound variant and valid text. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GVariant) frame = pak_dissector_frame (dissector, PAK_FRAME_OK, data, size);
  g_autofree char *text = pak_dissector_to_text (frame);

  g_assert_true (g_variant_is_normal_form (frame));
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (text[0], !=, '\0');
  return 0;
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const char *const answers[] = {
    "AFFE00011FFE0001890300 0002 00015BDC 0001 2A72AB30 00000000 4551 FF",
    "AFFE00011FFE0001890300 0002 00000007 800001F4 41 00",
    "AFFE00010FFE0001 8701 B0430D0A00",
  };

  for (guint i = 0; i < pak_n_vectors; i++)
    g_ptr_array_add (seeds, pak_vector_body (&pak_vectors[i]));
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    g_ptr_array_add (seeds, pak_vector_bytes (answers[i]));
}
