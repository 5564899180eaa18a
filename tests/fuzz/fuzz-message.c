/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/message.h"
#include "tests/fuzz/fuzz.h"
#include "tests/pakbus/vectors.h"

#include <string.h>

/* A byte of the protocol, then the message. What is accepted is encoded again as it was. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (PakMessage) message = NULL;
  g_autoptr (GByteArray) again = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  if (size == 0)
    return 0;
  message = pak_message_decode (data[0] & 1, data + 1, size - 1, &error);
  g_assert_cmpint (message == NULL, ==, error != NULL);
  if (message == NULL)
    return 0;
  pak_message_encode (message, again);
  g_assert_cmpmem (again->data, again->len, data + 1, size - 1);
  return 0;
}

static void
add_seed (GPtrArray *seeds, PakProtocol protocol, const guint8 *bytes, guint length)
{
  GByteArray *seed = g_byte_array_new ();
  guint8 first = (guint8) protocol;

  g_byte_array_append (seed, &first, 1);
  g_byte_array_append (seed, bytes, length);
  g_ptr_array_add (seeds, seed);
}

/* Captured messages, and each that is described with zeros in its fields and some bytes behind. */
void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const guint8 zeros[40] = { 0 };
  guint n;

  for (guint i = 0; i < pak_n_vectors; i++)
    {
      g_autoptr (GByteArray) body = pak_vector_body (&pak_vectors[i]);

      if (pak_vectors[i].packet.length > 0)
        add_seed (seeds, pak_vectors[i].packet.protocol, body->data + 8, body->len - 8);
    }
  pak_message_desc_list (&n);
  for (guint type = 0; type < 512; type++)
    {
      const PakMessageDesc *desc = pak_message_desc_find (type / 256, type % 256);
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (PakMessage) message = NULL;

      if (desc == NULL)
        continue;
      message = pak_message_new (type / 256, type % 256, 1);
      pak_message_encode (message, bytes);
      add_seed (seeds, type / 256, bytes->data, bytes->len);
      g_byte_array_append (bytes, zeros, sizeof zeros);
      add_seed (seeds, type / 256, bytes->data, bytes->len);
      n--;
    }
  g_assert_cmpuint (n, ==, 0);
}
