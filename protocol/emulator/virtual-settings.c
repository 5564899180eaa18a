/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/virtual-settings.h"

#include "protocol/pakbus/packet.h"

#include <string.h>

/* What the memory has for one value: a text that is long, a name or an address, a list. */
#define MAX_LENGTH      4096
#define MAX_TEXT_LENGTH 64
#define MAX_LIST_LENGTH 256

struct _OpVirtualSettings
{
  GPtrArray *settings;
  gint64     session_us;
  guint16    client; /* 0: nobody has a session */
  gint64     expires_us;
};

static void
setting_free (OpVirtualSetting *setting)
{
  g_bytes_unref (setting->value);
  g_clear_pointer (&setting->tagged, g_bytes_unref);
  g_clear_pointer (&setting->parts, g_byte_array_unref);
  g_free (setting);
}

OpVirtualSettings *
op_virtual_settings_new (gint64 session_us)
{
  OpVirtualSettings *settings = g_new0 (OpVirtualSettings, 1);

  settings->settings = g_ptr_array_new_with_free_func ((GDestroyNotify) setting_free);
  settings->session_us = session_us;
  for (guint i = 0; i < op_n_setting_defaults; i++)
    {
      const OpSettingDefault *factory = &op_setting_defaults[i];
      OpVirtualSetting *setting = g_new0 (OpVirtualSetting, 1);

      setting->factory = factory;
      setting->value = g_bytes_new_static (factory->value, factory->length);
      g_ptr_array_add (settings->settings, setting);
    }
  return settings;
}

void
op_virtual_settings_free (OpVirtualSettings *settings)
{
  g_ptr_array_unref (settings->settings);
  g_free (settings);
}

guint
op_virtual_settings_get_n (const OpVirtualSettings *settings)
{
  return settings->settings->len;
}

OpVirtualSetting *
op_virtual_settings_get (const OpVirtualSettings *settings, guint i)
{
  return settings->settings->pdata[i];
}

gint
op_virtual_settings_find (const OpVirtualSettings *settings, guint16 id)
{
  for (guint i = 0; i < settings->settings->len; i++)
    if (op_virtual_settings_get (settings, i)->factory->id == id)
      return (gint) i;
  return -1;
}

static OpVirtualSetting *
find_setting (const OpVirtualSettings *settings, guint16 id)
{
  gint i = op_virtual_settings_find (settings, id);

  return i >= 0 ? op_virtual_settings_get (settings, i) : NULL;
}

void
op_virtual_settings_put (OpVirtualSettings *settings, guint16 id, const void *value, gsize length)
{
  OpVirtualSetting *setting = find_setting (settings, id);

  g_bytes_unref (setting->value);
  setting->value = g_bytes_new (value, length);
}

gboolean
op_virtual_settings_enter (OpVirtualSettings *settings, guint16 client)
{
  gint64 now = g_get_monotonic_time ();

  if (settings->client != 0 && now >= settings->expires_us)
    op_virtual_settings_cancel (settings);
  if (settings->client == client)
    settings->expires_us = now + settings->session_us;
  return settings->client == 0 || settings->client == client;
}

static void
begin_session (OpVirtualSettings *settings, guint16 client)
{
  settings->client = client;
  settings->expires_us = g_get_monotonic_time () + settings->session_us;
}

static gboolean
is_address (const guint8 *value)
{
  guint address = value[0] << 8 | value[1];

  return address >= 1 && address < PAK_BROADCAST;
}

static gsize
get_room (const OpSettingDefault *factory)
{
  if (factory->kind == OP_SETTING_BYTES)
    return MAX_LIST_LENGTH;
  return factory->kind == OP_SETTING_TEXT && factory->length <= MAX_TEXT_LENGTH ? MAX_TEXT_LENGTH : MAX_LENGTH;
}

static gboolean
is_valid (const OpSettingDefault *factory, const guint8 *value, gsize length)
{
  switch (factory->kind)
    {
    case OP_SETTING_FIXED:
      return length == factory->length && (factory->id != OP_SETTING_ADDRESS || is_address (value));
    case OP_SETTING_TEXT:
      return length > 0 && memchr (value, '\0', length) == value + length - 1;
    case OP_SETTING_BYTES:
      return TRUE;
    }
  return FALSE;
}

OpSettingOutcome
op_virtual_settings_tag (OpVirtualSettings *settings, guint16 client, guint16 id, const guint8 *value, gsize length)
{
  OpVirtualSetting *setting = find_setting (settings, id);

  if (setting == NULL)
    return OP_SETTING_UNKNOWN;
  if (setting->factory->read_only)
    return OP_SETTING_READ_ONLY;
  if (length > get_room (setting->factory))
    return OP_SETTING_NO_MEMORY;
  if (!is_valid (setting->factory, value, length))
    return OP_SETTING_MALFORMED;
  g_clear_pointer (&setting->tagged, g_bytes_unref);
  setting->tagged = g_bytes_new (value, length);
  begin_session (settings, client);
  return OP_SETTING_TAGGED;
}

OpSettingOutcome
op_virtual_settings_tag_part (OpVirtualSettings *settings, guint16 client, guint16 id, guint32 offset,
                              const guint8 *value, gsize length, gboolean is_last)
{
  OpVirtualSetting *setting = find_setting (settings, id);

  if (setting == NULL)
    return OP_SETTING_UNKNOWN;
  if (setting->factory->read_only)
    return OP_SETTING_READ_ONLY;
  if (setting->parts == NULL)
    setting->parts = g_byte_array_new ();
  if (offset > setting->parts->len)
    return OP_SETTING_MALFORMED;
  if (offset + length > get_room (setting->factory))
    return OP_SETTING_NO_MEMORY;
  g_byte_array_set_size (setting->parts, offset);
  g_byte_array_append (setting->parts, value, length);
  begin_session (settings, client);
  if (!is_last)
    return OP_SETTING_TAGGED;
  /* They stay, so that the last one may come again. */
  return op_virtual_settings_tag (settings, client, id, setting->parts->data, setting->parts->len);
}

void
op_virtual_settings_revert (OpVirtualSettings *settings, guint16 client)
{
  for (guint i = 0; i < settings->settings->len; i++)
    {
      const OpSettingDefault *factory = op_virtual_settings_get (settings, i)->factory;

      op_virtual_settings_tag (settings, client, factory->id, (const guint8 *) factory->value, factory->length);
    }
}

gboolean
op_virtual_settings_has_changes (const OpVirtualSettings *settings)
{
  for (guint i = 0; i < settings->settings->len; i++)
    if (op_virtual_settings_get (settings, i)->tagged != NULL)
      return TRUE;
  return FALSE;
}

void
op_virtual_settings_commit (OpVirtualSettings *settings)
{
  for (guint i = 0; i < settings->settings->len; i++)
    {
      OpVirtualSetting *setting = op_virtual_settings_get (settings, i);

      if (setting->tagged == NULL)
        continue;
      g_bytes_unref (setting->value);
      setting->value = g_steal_pointer (&setting->tagged);
    }
  op_virtual_settings_cancel (settings);
}

void
op_virtual_settings_cancel (OpVirtualSettings *settings)
{
  for (guint i = 0; i < settings->settings->len; i++)
    {
      OpVirtualSetting *setting = op_virtual_settings_get (settings, i);

      g_clear_pointer (&setting->tagged, g_bytes_unref);
      g_clear_pointer (&setting->parts, g_byte_array_unref);
    }
  settings->client = 0;
}
