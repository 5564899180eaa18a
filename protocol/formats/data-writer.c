/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/data-writer.h"

#include "protocol/formats/toa5.h"

/* A format more is a row more. */
static const OpDataWriter writers[] = {
  { "toa5", "TOA5", op_toa5_append_header, op_toa5_append_records },
  { "toaci1", "TOACI1", op_toaci1_append_header, op_toa5_append_records },
};

const OpDataWriter *
op_data_writer_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (writers); i++)
    {
      if (g_ascii_strcasecmp (writers[i].name, name) == 0)
        return &writers[i];
    }
  return NULL;
}

char *
op_data_writer_dup_names (void)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (writers); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", writers[i].name);
  return g_string_free (names, FALSE);
}
