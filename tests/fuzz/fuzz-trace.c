/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/trace.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static char *
write_events (const GPtrArray *events)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < events->len; i++)
    op_trace_event_append (g_ptr_array_index (events, i), text);
  return g_string_free (text, FALSE);
}

/* What is read and written is read again, and written alike. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = op_trace_parse ((const char *) data, size, &error);
  g_autoptr (GPtrArray) again = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;

  g_assert_cmpint (events == NULL, ==, error != NULL);
  if (events == NULL)
    return 0;
  written = write_events (events);
  again = op_trace_parse (written, strlen (written), &error);
  g_assert_no_error (error);
  rewritten = write_events (again);
  g_assert_cmpstr (rewritten, ==, written);
  return 0;
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const char text[] = "# a conversation\n0.000000 open tcp://127.0.0.1:6785\n"
                             "0.012345 > BD 90 01 0F FE 71 D2 BD      (sent by us)\n"
                             "0.020011 < BD AF FE 00 01 5A 89 BD\n1.500000 closed The connection was reset\n"
                             "2 open\n3.5 closed\n";
  GByteArray *seed = g_byte_array_new ();

  g_byte_array_append (seed, (const guint8 *) text, sizeof text - 1);
  g_ptr_array_add (seeds, seed);
}
