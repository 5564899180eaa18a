/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/server.h"

#include <string.h>

/* Codes of Set Settings (manual 2.2.5). */
enum
{
  NAMED_COMPLETE = 0,
  NAMED_READ_ONLY = 1,
  NAMED_NO_SPACE = 2,
  NAMED_SYNTAX = 3,
  NAMED_DENIED = 4,
};

typedef struct
{
  const char *name;
  char     *(*get) (const OpVirtualStation *station);
  guint     (*set) (OpVirtualStation *station, const char *value); /* NULL: read only */
} NamedSetting;

static char *
get_model (const OpVirtualStation *station)
{
  return g_strdup (station->model->name);
}

static char *
get_version (const OpVirtualStation *station)
{
  return g_strdup (station->model->os);
}

static char *
get_serial (const OpVirtualStation *station)
{
  return g_strdup (station->model->serial);
}

static char *
get_address (const OpVirtualStation *station)
{
  return g_strdup_printf ("%u", station->address);
}

static guint
set_address (OpVirtualStation *station, const char *value)
{
  guint64 address;

  if (!g_ascii_string_to_unsigned (value, 10, 1, PAK_BROADCAST - 1, &address, NULL))
    return NAMED_SYNTAX;
  station->next_address = address;
  return NAMED_COMPLETE;
}

static char *
get_max_packet (const OpVirtualStation *station)
{
  return g_strdup_printf ("%u", station->model->max_packet);
}

static char *
get_name (const OpVirtualStation *station)
{
  return g_strdup (station->name);
}

static guint
set_name (OpVirtualStation *station, const char *value)
{
  if (strlen (value) >= OP_STATION_NAME_SIZE)
    return NAMED_NO_SPACE;
  g_free (station->name);
  station->name = g_strdup (value);
  return NAMED_COMPLETE;
}

static const NamedSetting named_settings[] = {
  { "Model", get_model, NULL },
  { "Version", get_version, NULL },
  { "SerialNbr", get_serial, NULL },
  { "PakBusAddress", get_address, set_address },
  { "MaxPktSize", get_max_packet, NULL },
  { "StationName", get_name, set_name },
};

static const NamedSetting *
find_named (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (named_settings); i++)
    if (g_ascii_strcasecmp (named_settings[i].name, name) == 0)
      return &named_settings[i];
  return NULL;
}

static void
append (OpVirtualStation *station, const NamedSetting *setting, GString *text)
{
  g_autofree char *value = setting->get (station);

  g_string_append_printf (text, "%s=%s;", setting->name, value);
}

/* An empty list asks for all; names that the station does not have are left out. */
gint64
op_server_get_named_settings (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                              PakMessage *response)
{
  const char *list = pak_message_get_text (command, "NameList");
  g_auto (GStrv) names = g_strsplit (list, ";", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  if (*list == '\0')
    for (guint i = 0; i < G_N_ELEMENTS (named_settings); i++)
      append (station, &named_settings[i], text);
  for (guint i = 0; names[i] != NULL; i++)
    {
      const NamedSetting *setting = find_named (names[i]);

      /* A name may come more than once; the packet ends all the same. */
      if (setting != NULL && text->len + 100 < PAK_MESSAGE_MAX)
        append (station, setting, text);
    }
  pak_message_set_text (response, "Settings", text->str);
  return 0;
}

static guint
set_named (OpVirtualStation *station, const char *pair)
{
  const char *equals = strchr (pair, '=');
  g_autofree char *name = equals != NULL ? g_strndup (pair, equals - pair) : NULL;
  const NamedSetting *setting = name != NULL ? find_named (name) : NULL;

  if (setting == NULL)
    return NAMED_SYNTAX;
  return setting->set != NULL ? setting->set (station, equals + 1) : NAMED_READ_ONLY;
}

/* One after the other until one is refused; those before it are in force. The message has no security code. */
gint64
op_server_set_named_settings (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                              PakMessage *response)
{
  const char *text = pak_message_get_text (command, "Settings");
  g_auto (GStrv) pairs = g_strsplit (text, ";", -1);
  gsize offset = 0;
  guint code = NAMED_COMPLETE;

  if (!op_virtual_station_allows (station, OP_ACCESS_PROGRAM, 0))
    code = NAMED_DENIED;
  for (guint i = 0; pairs[i] != NULL && code == NAMED_COMPLETE; i++)
    {
      if (*pairs[i] != '\0')
        code = set_named (station, pairs[i]);
      if (*pairs[i] != '\0' && code == NAMED_COMPLETE)
        station->n_applied[OP_APPLIED_SETTINGS]++;
      if (code == NAMED_COMPLETE)
        offset += strlen (pairs[i]) + 1;
    }
  pak_message_set_uint (response, "RespCode", code);
  if (code != NAMED_COMPLETE)
    pak_message_set_uint (response, "FailOffset", offset);
  return 0;
}
