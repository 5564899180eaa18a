/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/setting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_QUARK (pak-settings-error-quark, pak_settings_error)

#define MAX_ADDRESS 4094

#define RANGE(least, most) .min = least, .max = most
#define READ_ONLY .read_only = TRUE
#define INFERRED  .inferred = TRUE

/* A setting that each port has, by its number in the order of pakbus-facts J2. */
#define ONE_PORT(id, name, type, unit_name) { id, name, type, .unit = unit_name, INFERRED }
#define PER_PORT(name, type, unit, rs232, me, sdc7, sdc8, sdc10, sdc11, com)                                        \
  ONE_PORT (rs232, name " RS232", type, unit), ONE_PORT (me, name " ME", type, unit),                               \
  ONE_PORT (sdc7, name " SDC7", type, unit), ONE_PORT (sdc8, name " SDC8", type, unit),                             \
  ONE_PORT (sdc10, name " SDC10", type, unit), ONE_PORT (sdc11, name " SDC11", type, unit),                         \
  ONE_PORT (com, name " COM1", type, unit), ONE_PORT (com + 1, name " COM2", type, unit),                           \
  ONE_PORT (com + 2, name " COM3", type, unit), ONE_PORT (com + 3, name " COM4", type, unit)

/*
 * Names and types of the manual's appendix C and section 4.4; those inferred are from the values of a CR1000 with
 * operating system 24 and their order (pakbus-facts J2), with the names of the CRBasic help (J6).
 */
static const PakSettingInfo infos[] = {
  { 0, "OS Version", PAK_SETTING_STRING, .max = 20, READ_ONLY },
  { 1, "Serial Number", PAK_SETTING_SERIAL_NUMBER, READ_ONLY },
  { 2, "Station Name", PAK_SETTING_STRING, .max = 64 },
  { 3, "PakBus Address", PAK_SETTING_UINT2, RANGE (1, MAX_ADDRESS) },
  { 4, "Security", .type = PAK_SETTING_SECURITY },
  { 5, "Is Router", PAK_SETTING_BOOL, INFERRED },
  { 6, "PakBus Nodes Allocation", PAK_SETTING_UINT2, RANGE (2, MAX_ADDRESS) },
  { 7, "Baud Rate RS232", PAK_SETTING_BAUD, .unit = "Bd", INFERRED },
  { 8, "Baud Rate ME", PAK_SETTING_BAUD, .unit = "Bd", INFERRED },
  { 73, "Baud Rate SDC", PAK_SETTING_BAUD, .unit = "Bd", INFERRED },
  { 12, "Baud Rate COM1", PAK_SETTING_BAUD, .unit = "Bd", INFERRED },
  { 13, "Baud Rate COM2", PAK_SETTING_BAUD, .unit = "Bd", INFERRED },
  { 14, "Baud Rate COM3", PAK_SETTING_BAUD, .unit = "Bd", INFERRED },
  { 15, "Baud Rate COM4", PAK_SETTING_BAUD, .unit = "Bd", INFERRED },
  PER_PORT ("Beacon Interval", PAK_SETTING_UINT2, "s", 17, 18, 20, 21, 74, 75, 22),
  PER_PORT ("Verify Interval", PAK_SETTING_UINT2, "s", 27, 28, 30, 31, 77, 78, 32),
  PER_PORT ("Neighbors Allowed", PAK_SETTING_NEIGHBORS, NULL, 37, 38, 40, 41, 80, 81, 42),
  { 47, "Route Filters", PAK_SETTING_ROUTE_FILTERS, INFERRED },
  { 48, "Routes", PAK_SETTING_ROUTES, READ_ONLY, INFERRED },
  { 49, "Max Packet Size", PAK_SETTING_UINT2, RANGE (16, 1000), .unit = "bytes" },
  { 50, "USR: Drive Size", PAK_SETTING_UINT4, RANGE (0, 4000000), .unit = "bytes" },
  { 51, "IP Address", PAK_SETTING_IP_TEXT, INFERRED },
  { 52, "IP Gateway", PAK_SETTING_IP_TEXT, INFERRED },
  { 53, "IP Mask", PAK_SETTING_IP_TEXT, INFERRED },
  { 54, "PakBus/TCP Port", PAK_SETTING_UINT2, INFERRED },
  { 55, NULL, PAK_SETTING_UINT4, INFERRED },
  { 58, "FTP User and Password", PAK_SETTING_STRINGS, INFERRED },
  { 59, NULL, PAK_SETTING_BOOL, READ_ONLY, INFERRED },
  { 60, NULL, PAK_SETTING_UINT1, INFERRED },
  { 63, "HTTP Port", PAK_SETTING_UINT2, INFERRED },
  { 64, "FTP Port", PAK_SETTING_UINT2, INFERRED },
  { 66, "DNS", PAK_SETTING_IP_NUMBERS, INFERRED },
  { 83, "Central Routers", PAK_SETTING_BYTES, INFERRED },
  { 84, NULL, PAK_SETTING_UINT1, INFERRED },
  { 85, NULL, PAK_SETTING_UINT1, INFERRED },
  { 86, "UTC Offset", PAK_SETTING_INT4, .unit = "s", INFERRED },
  { 87, NULL, PAK_SETTING_UINT2, INFERRED },
  { 89, "IP Address 2", PAK_SETTING_IP_TEXT, INFERRED },
  { 90, "IP Gateway 2", PAK_SETTING_IP_TEXT, INFERRED },
  { 91, "IP Mask 2", PAK_SETTING_IP_TEXT, INFERRED },
};

const PakSettingInfo *
pak_setting_info_list (guint *n_infos)
{
  *n_infos = G_N_ELEMENTS (infos);
  return infos;
}

const PakSettingInfo *
pak_setting_info_find (guint16 id)
{
  for (guint i = 0; i < G_N_ELEMENTS (infos); i++)
    if (infos[i].id == id)
      return &infos[i];
  return NULL;
}

char *
pak_setting_dup_name (guint16 id)
{
  const PakSettingInfo *info = pak_setting_info_find (id);

  if (info != NULL && info->name != NULL)
    return g_strdup (info->name);
  return g_strdup_printf ("Setting %u", (guint) id);
}

/* Compares letters and digits only. */
static gboolean
is_same_name (const char *a, const char *b)
{
  for (;; a++, b++)
    {
      while (*a != '\0' && !g_ascii_isalnum (*a))
        a++;
      while (*b != '\0' && !g_ascii_isalnum (*b))
        b++;
      if (g_ascii_tolower (*a) != g_ascii_tolower (*b))
        return FALSE;
      if (*a == '\0')
        return TRUE;
    }
}

gboolean
pak_setting_parse_name (const char *text, guint16 *id, GError **error)
{
  const char *digits = g_str_has_prefix (text, "Setting ") ? text + strlen ("Setting ") : text;
  guint64 number;

  if (g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT16, &number, NULL))
    {
      *id = (guint16) number;
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (infos); i++)
    if (infos[i].name != NULL && is_same_name (infos[i].name, text))
      {
        *id = infos[i].id;
        return TRUE;
      }
  g_set_error (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_UNKNOWN,
               _ ("No setting is known as “%s”; its number can be given instead"), text);
  return FALSE;
}

PakSetting *
pak_setting_new (guint16 id, gboolean read_only, const guint8 *bytes, gsize length)
{
  PakSetting *setting = g_new0 (PakSetting, 1);

  setting->id = id;
  setting->read_only = read_only;
  setting->value = g_bytes_new (bytes, length);
  return setting;
}

PakSetting *
pak_setting_copy (const PakSetting *setting)
{
  PakSetting *copy = g_memdup2 (setting, sizeof *setting);

  g_bytes_ref (copy->value);
  return copy;
}

void
pak_setting_free (PakSetting *setting)
{
  g_bytes_unref (setting->value);
  g_free (setting);
}
