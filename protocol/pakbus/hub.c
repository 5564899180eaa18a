/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/hub-private.h"

static GPrivate ports_of_thread = G_PRIVATE_INIT ((GDestroyNotify) g_hash_table_unref);

static GHashTable *
get_ports (void)
{
  GHashTable *ports = g_private_get (&ports_of_thread);

  if (ports == NULL)
    {
      ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_private_set (&ports_of_thread, ports);
    }
  return ports;
}

PakPort *
pak_hub_find (const char *line)
{
  return g_hash_table_lookup (get_ports (), line);
}

void
pak_hub_add (const char *line, PakPort *port)
{
  g_hash_table_insert (get_ports (), g_strdup (line), port);
}

void
pak_hub_remove (const char *line, PakPort *port)
{
  if (pak_hub_find (line) == port)
    g_hash_table_remove (get_ports (), line);
}
