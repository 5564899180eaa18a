/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define N_MUTATIONS 20000
#define MAX_CHANGES 4
#define MAX_SIZE    8192

/* A copy of just its size, so that the sanitizer sees a read beyond it. */
static void
run (const GByteArray *input)
{
  g_autofree guint8 *exact = g_memdup2 (input->data, input->len);

  LLVMFuzzerTestOneInput (exact, input->len);
}

static guint
pick (GRand *rand, guint n)
{
  return n > 0 ? (guint) g_rand_int_range (rand, 0, (gint32) n) : 0;
}

static guint8
pick_byte (GRand *rand)
{
  static const guint8 bytes[] = { 0x00, 0x01, 0x7F, 0x80, 0xFF, 0xBC, 0xBD, 0xDC, 0xDD };
  guint i = pick (rand, 2 * G_N_ELEMENTS (bytes));

  return i < G_N_ELEMENTS (bytes) ? bytes[i] : (guint8) pick (rand, 256);
}

static void
insert (GByteArray *input, guint at, const guint8 *bytes, guint n)
{
  g_autofree guint8 *tail = g_memdup2 (input->data + at, input->len - at);
  guint n_tail = input->len - at;

  g_byte_array_set_size (input, at);
  g_byte_array_append (input, bytes, n);
  if (n_tail > 0)
    g_byte_array_append (input, tail, n_tail);
}

static void
change (GByteArray *input, const GByteArray *other, GRand *rand)
{
  guint at = pick (rand, input->len);
  guint n = pick (rand, MIN (input->len - at, 64) + 1);
  guint8 byte = pick_byte (rand);

  if (input->len == 0)
    {
      g_byte_array_append (input, &byte, 1);
      return;
    }
  switch (pick (rand, 7))
    {
    case 0:
      input->data[at] ^= (guint8) (1 << pick (rand, 8));
      break;
    case 1:
      input->data[at] = byte;
      break;
    case 2:
      insert (input, at, &byte, 1);
      break;
    case 3:
      g_byte_array_remove_range (input, at, n);
      break;
    case 4:
      g_byte_array_set_size (input, at);
      break;
    case 5:
      n = pick (rand, MIN (other->len, 64) + 1);
      insert (input, at, other->data + pick (rand, other->len - n + 1), n);
      break;
    default:
      memset (input->data + at, byte, n);
      break;
    }
}

static void
test_seeds (gconstpointer data)
{
  const GPtrArray *seeds = data;

  for (guint i = 0; i < seeds->len; i++)
    run (seeds->pdata[i]);
}

static void
test_mutations (gconstpointer data)
{
  const GPtrArray *seeds = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261121);

  for (guint i = 0; i < N_MUTATIONS; i++)
    {
      const GByteArray *seed = seeds->pdata[i % seeds->len];
      g_autoptr (GByteArray) input = g_byte_array_new ();

      g_byte_array_append (input, seed->data, seed->len);
      for (guint n = pick (rand, MAX_CHANGES) + 1; n > 0 && input->len < MAX_SIZE; n--)
        change (input, seeds->pdata[pick (rand, seeds->len)], rand);
      run (input);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) seeds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);

  g_test_init (&argc, &argv, NULL);
  fuzz_add_seeds (seeds);
  g_test_add_data_func ("/fuzz/seeds", seeds, test_seeds);
  g_test_add_data_func ("/fuzz/mutations", seeds, test_mutations);
  return g_test_run ();
}
