/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/interval-words.h"

/* The largest unit that leaves no rest. */
static void
test_words (void)
{
  static const struct
  {
    OpTime      interval;
    const char *words;
  } cases[] = {
    { 0, "event" },
    { 20, "20 ns" },
    { OP_SECOND / 4, "250 ms" },
    { 90 * OP_SECOND, "90 s" },
    { OP_MINUTE, "1 min" },
    { 12 * OP_HOUR, "12 h" },
    { OP_DAY, "1 day" },
    { 36 * OP_HOUR, "36 h" },
    { 7 * OP_DAY, "7 days" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = op_interval_dup_words (cases[i].interval);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/interval-words", test_words);
  return g_test_run ();
}
