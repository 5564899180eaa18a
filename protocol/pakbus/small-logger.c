/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/small-logger-private.h"

#include "protocol/pakbus/packet.h"

/* Manual 3.7.2, for one that does not tell; and what the shortest useful commands need. */
#define MAX_PACKET      100
#define LEAST_PACKET    64
#define LONGEST_PACKET  (PAK_HEADER_SIZE + PAK_MESSAGE_MAX)

gboolean
pak_model_is_small (const char *model)
{
  /* "CR23X" has no second digit behind its 2. */
  return g_ascii_strncasecmp (model, "CR2", 3) == 0 && g_ascii_isdigit (model[3]) && g_ascii_isdigit (model[4]);
}

gboolean
pak_os_may_be_small (const char *os_version)
{
  /* The manual's example is "v03A" (3.7.1), where others say "CR1000.Std.24". */
  return pak_model_is_small (os_version)
         || ((os_version[0] == 'v' || os_version[0] == 'V') && g_ascii_isdigit (os_version[1]));
}

guint16
pak_small_get_max_packet (GPtrArray *settings)
{
  const char *text = pak_named_settings_find (settings, "MaxPktSize");
  guint64 size;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, LEAST_PACKET, LONGEST_PACKET, &size, NULL))
    return MAX_PACKET;
  return (guint16) size;
}
