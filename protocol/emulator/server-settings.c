/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/server.h"

#include <string.h>

/* Of a captured answer (pakbus-facts J1). */
#define DEVICE_TYPE_CR1000 12
#define MAJOR_VERSION      5

/* Manual 2.2.6.1: what one packet has room for. */
#define MAX_VALUE      988
/* What an answer with settings holds before them, and each setting before its value. */
#define ANSWER_HEAD    8
#define SETTING_HEAD   4
/* For the beginning of a long value. */
#define LEAST_ROOM     500

enum
{
  OUTCOME_DONE = 1,
  OUTCOME_SECURITY = 2,
  OUTCOME_OTHER_CLIENT = 3, /* of a set */
  OUTCOME_UNSUPPORTED = 3,  /* of a fragment to be got */
};

enum
{
  ACTION_COMMIT = 1,
  ACTION_CANCEL = 2,
  ACTION_REVERT = 3,
  ACTION_REFRESH = 4,
  ACTION_REBOOT = 5,
};

enum
{
  CONTROL_COMMITTED = 1,
  CONTROL_SECURITY = 2,
  CONTROL_NO_CHANGES = 3,
  CONTROL_DISCARDED = 4,
  CONTROL_REVERTED = 5,
  CONTROL_REFRESHED = 6,
  CONTROL_OTHER_CLIENT = 7,
};

static gboolean
check_security (OpVirtualStation *station, OpAccess access, const PakMessage *command, PakMessage *response)
{
  if (op_virtual_station_allows (station, access, pak_message_get_uint (command, "SecurityCode")))
    return TRUE;
  pak_message_set_uint (response, "Outcome", OUTCOME_SECURITY);
  return FALSE;
}

static void
put_uint (OpVirtualSettings *settings, guint16 id, guint32 number, gsize size)
{
  guint32 word = GUINT32_TO_BE (number);

  op_virtual_settings_put (settings, id, (const guint8 *) &word + sizeof word - size, size);
}

/* Settings that other messages change, too. */
static void
update (OpVirtualStation *station)
{
  OpVirtualSettings *settings = station->settings;
  guint16 security[3];

  for (guint i = 0; i < G_N_ELEMENTS (security); i++)
    security[i] = GUINT16_TO_BE (station->security[i]);
  op_virtual_settings_put (settings, OP_SETTING_OS, station->model->os, strlen (station->model->os) + 1);
  put_uint (settings, OP_SETTING_SERIAL, g_ascii_strtoull (station->model->serial, NULL, 10), 4);
  op_virtual_settings_put (settings, OP_SETTING_NAME, station->name, strlen (station->name) + 1);
  put_uint (settings, OP_SETTING_ADDRESS, station->address, 2);
  op_virtual_settings_put (settings, OP_SETTING_SECURITY, security, sizeof security);
  put_uint (settings, OP_SETTING_ROUTER, station->is_router ? 0xFF : 0, 1);
}

static guint16
read_uint2 (const guint8 *bytes)
{
  return bytes[0] << 8 | bytes[1];
}

static void
apply_value (OpVirtualStation *station, guint16 id, const guint8 *value)
{
  switch (id)
    {
    case OP_SETTING_NAME:
      g_free (station->name);
      station->name = g_strdup ((const char *) value);
      break;
    case OP_SETTING_ADDRESS:
      station->next_address = read_uint2 (value);
      break;
    case OP_SETTING_SECURITY:
      for (guint i = 0; i < G_N_ELEMENTS (station->security); i++)
        station->security[i] = read_uint2 (value + 2 * i);
      break;
    case OP_SETTING_ROUTER:
      station->is_router = *value != 0;
      break;
    default:
      break;
    }
}

static void
commit (OpVirtualStation *station)
{
  for (guint i = 0; i < op_virtual_settings_get_n (station->settings); i++)
    {
      const OpVirtualSetting *setting = op_virtual_settings_get (station->settings, i);

      if (setting->tagged != NULL)
        apply_value (station, setting->factory->id, g_bytes_get_data (setting->tagged, NULL));
    }
  op_virtual_settings_commit (station->settings);
  station->n_applied[OP_APPLIED_SETTINGS]++;
}

/* The first and last place that the command asks for; the order is that of the display, not of numbers. */
static gboolean
find_range (const OpVirtualSettings *settings, const PakMessage *command, guint *first, guint *last)
{
  gint begin = 0, end = -1;

  if (pak_message_has (command, "BeginSettingId"))
    begin = op_virtual_settings_find (settings, pak_message_get_uint (command, "BeginSettingId"));
  if (pak_message_has (command, "EndSettingId"))
    end = op_virtual_settings_find (settings, pak_message_get_uint (command, "EndSettingId"));
  *first = MAX (begin, 0);
  *last = end >= 0 ? (guint) end : op_virtual_settings_get_n (settings) - 1;
  return begin >= 0;
}

/*
 * Bytes of the value that are to go into an answer with so much @room. Of one that no packet can hold as many as fit,
 * unless that is little: else who goes on from the setting before it, which is then given again, would never get there.
 */
static gsize
get_share (const OpVirtualSetting *setting, gsize room)
{
  gsize length = g_bytes_get_size (setting->value);

  if (length <= MAX_VALUE)
    return length;
  return room < LEAST_ROOM ? MAX_VALUE : MIN (room - SETTING_HEAD, MAX_VALUE);
}

static void
add_setting (PakMessage *response, const OpVirtualSetting *setting, gsize share)
{
  PakMessage *group = pak_message_add_group (response, "Settings");
  gsize length;
  const guint8 *value = g_bytes_get_data (setting->value, &length);

  pak_message_set_uint (group, "SettingId", setting->factory->id);
  pak_message_set_uint (group, "LargeValue", length > share);
  pak_message_set_uint (group, "ReadOnly", setting->factory->read_only);
  pak_message_set_bytes (group, "SettingValue", value, share);
}

gint64
op_server_get_settings (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                        PakMessage *response)
{
  gsize room = PAK_MESSAGE_MAX - ANSWER_HEAD;
  gboolean more = FALSE;
  guint first, last;

  if (!check_security (station, OP_ACCESS_READ, command, response))
    return 0;
  op_virtual_settings_enter (station->settings, packet->src_node);
  update (station);
  pak_message_set_uint (response, "Outcome", OUTCOME_DONE);
  pak_message_set_uint (response, "DeviceType", DEVICE_TYPE_CR1000);
  pak_message_set_uint (response, "MajorVersion", MAJOR_VERSION);
  pak_message_set_uint (response, "MinorVersion", 0);
  if (find_range (station->settings, command, &first, &last))
    for (guint i = first; i <= last && !more; i++)
      {
        const OpVirtualSetting *setting = op_virtual_settings_get (station->settings, i);
        gsize share = get_share (setting, room);

        more = SETTING_HEAD + share > room;
        if (more)
          break;
        add_setting (response, setting, share);
        room -= SETTING_HEAD + share;
      }
  pak_message_set_uint (response, "MoreSettings", more);
  return 0;
}

gint64
op_server_set_settings (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                        PakMessage *response)
{
  if (!check_security (station, OP_ACCESS_PROGRAM, command, response))
    return 0;
  if (!op_virtual_settings_enter (station->settings, packet->src_node))
    {
      pak_message_set_uint (response, "Outcome", OUTCOME_OTHER_CLIENT);
      return 0;
    }
  pak_message_set_uint (response, "Outcome", OUTCOME_DONE);
  for (guint i = 0; i < pak_message_get_n_groups (command, "Settings"); i++)
    {
      const PakMessage *setting = pak_message_get_group (command, "Settings", i);
      PakMessage *group = pak_message_add_group (response, "Settings");
      guint16 id = pak_message_get_uint (setting, "SettingId");
      gsize length = 0;
      const guint8 *value = pak_message_get_bytes (setting, "SettingValue", &length);

      pak_message_set_uint (group, "SettingId", id);
      pak_message_set_uint (group, "SettingsOutcome",
                            op_virtual_settings_tag (station->settings, packet->src_node, id, value, length));
    }
  return 0;
}

gint64
op_server_get_fragment (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                        PakMessage *response)
{
  guint32 offset = pak_message_get_uint (command, "Offset");
  const guint8 *value;
  gsize length, count;
  gint i;

  if (!check_security (station, OP_ACCESS_READ, command, response))
    return 0;
  op_virtual_settings_enter (station->settings, packet->src_node);
  update (station);
  i = op_virtual_settings_find (station->settings, pak_message_get_uint (command, "SettingId"));
  pak_message_set_uint (response, "Outcome", i >= 0 ? OUTCOME_DONE : OUTCOME_UNSUPPORTED);
  if (i < 0)
    return 0;
  value = g_bytes_get_data (op_virtual_settings_get (station->settings, i)->value, &length);
  offset = MIN (offset, length);
  count = MIN (length - offset, MAX_VALUE);
  pak_message_set_uint (response, "MoreFragments", offset + count < length);
  pak_message_set_uint (response, "FragmentSize", count);
  pak_message_set_bytes (response, "FragmentData", count > 0 ? value + offset : NULL, count);
  return 0;
}

/* Its outcomes have no number for another client's session: to it, this one may not set. */
gint64
op_server_set_fragment (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                        PakMessage *response)
{
  OpSettingOutcome outcome;
  const guint8 *value;
  gsize length = 0;

  if (!check_security (station, OP_ACCESS_PROGRAM, command, response))
    return 0;
  pak_message_set_uint (response, "Outcome", OUTCOME_SECURITY);
  if (!op_virtual_settings_enter (station->settings, packet->src_node))
    return 0;
  value = pak_message_get_bytes (command, "FragmentData", &length);
  outcome = op_virtual_settings_tag_part (station->settings, packet->src_node,
                                          pak_message_get_uint (command, "SettingId"),
                                          pak_message_get_uint (command, "FragmentOffset"), value, length,
                                          pak_message_get_uint (command, "MoreFragments") == 0);
  /* The refusals have the next number here (manual 2.2.6.4). */
  pak_message_set_uint (response, "Outcome", outcome == OP_SETTING_TAGGED ? OUTCOME_DONE : outcome + 1);
  return 0;
}

static guint
control (OpVirtualStation *station, guint action, guint16 client)
{
  switch (action)
    {
    case ACTION_COMMIT:
      if (!op_virtual_settings_has_changes (station->settings))
        {
          op_virtual_settings_cancel (station->settings);
          return CONTROL_NO_CHANGES;
        }
      commit (station);
      station->restart = OP_RESTART_REBOOT;
      return CONTROL_COMMITTED;
    case ACTION_CANCEL:
      op_virtual_settings_cancel (station->settings);
      return CONTROL_NO_CHANGES;
    case ACTION_REVERT:
      op_virtual_settings_revert (station->settings, client);
      return CONTROL_REVERTED;
    case ACTION_REFRESH:
      return CONTROL_REFRESHED;
    default:
      op_virtual_settings_cancel (station->settings);
      station->restart = OP_RESTART_REBOOT;
      return CONTROL_DISCARDED;
    }
}

gint64
op_server_control_settings (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                            PakMessage *response)
{
  guint action = pak_message_get_uint (command, "Action");
  guint outcome;

  if (action < ACTION_COMMIT || action > ACTION_REBOOT)
    return OP_SERVER_MALFORMED;
  if (!op_virtual_station_allows (station, OP_ACCESS_PROGRAM, pak_message_get_uint (command, "SecurityCode")))
    outcome = CONTROL_SECURITY;
  else if (!op_virtual_settings_enter (station->settings, packet->src_node))
    outcome = CONTROL_OTHER_CLIENT;
  else
    outcome = control (station, action, packet->src_node);
  pak_message_set_uint (response, "Outcome", outcome);
  return 0;
}
