/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/setting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define HEX_PREFIX "hex:"
/* One setting's value, far over what loggers hold. */
#define MAX_VALUE  (64 * 1024)
#define LOW_BYTES  0x00FFFFFF

/* A list's element: the bytes of each of its numbers. */
typedef struct
{
  guint n_numbers;
  guint widths[4];
} ElementShape;

static const ElementShape neighbors_shape = { 2, { 2, 2 } };
static const ElementShape route_filters_shape = { 4, { 2, 2, 2, 2 } };
static const ElementShape routes_shape = { 4, { 1, 2, 2, 2 } };

static PakSettingType
get_type (guint16 id)
{
  const PakSettingInfo *info = pak_setting_info_find (id);

  return info != NULL ? info->type : PAK_SETTING_BYTES;
}

static const ElementShape *
get_shape (PakSettingType type)
{
  switch (type)
    {
    case PAK_SETTING_NEIGHBORS:
      return &neighbors_shape;
    case PAK_SETTING_ROUTE_FILTERS:
      return &route_filters_shape;
    default:
      return &routes_shape;
    }
}

static gsize
get_number_width (PakSettingType type)
{
  switch (type)
    {
    case PAK_SETTING_UINT1:
    case PAK_SETTING_BOOL:
      return 1;
    case PAK_SETTING_UINT2:
      return 2;
    case PAK_SETTING_UINT4:
    case PAK_SETTING_INT4:
    case PAK_SETTING_BAUD:
    case PAK_SETTING_SERIAL_NUMBER:
      return 4;
    default:
      return 0;
    }
}

static guint32
get_most (const PakSettingInfo *info)
{
  return info->max != 0 ? info->max : G_MAXUINT32 >> (32 - 8 * get_number_width (info->type));
}

/* Bytes to text. Each returns NULL when the bytes are not of its type. */

static guint32
read_number (const guint8 *bytes, gsize width)
{
  guint32 number = 0;

  for (gsize i = 0; i < width; i++)
    number = number << 8 | bytes[i];
  return number;
}

static char *
number_to_text (PakSettingType type, guint32 number)
{
  gint64 value = (gint32) number;

  switch (type)
    {
    case PAK_SETTING_BOOL:
      return g_strdup (number != 0 ? "true" : "false");
    case PAK_SETTING_INT4:
      return g_strdup_printf ("%" G_GINT64_FORMAT, value);
    case PAK_SETTING_BAUD:
      return g_strdup_printf ("%s%" G_GINT64_FORMAT, value < 0 ? "auto " : "", ABS (value));
    case PAK_SETTING_SERIAL_NUMBER:
      if (g_ascii_isalpha ((char) (number >> 24)))
        return g_strdup_printf ("%c%u", (char) (number >> 24), number & LOW_BYTES);
      break;
    default:
      break;
    }
  return g_strdup_printf ("%u", number);
}

/* @n_strings texts with a zero each (the last one may do without), separated by commas. */
static char *
strings_to_text (const guint8 *bytes, gsize length, gboolean several)
{
  g_autofree char *text = g_strndup ((const char *) bytes, length);
  gsize content = length > 0 && bytes[length - 1] == 0 ? length - 1 : length;

  if (several && memchr (bytes, ',', content) != NULL)
    return NULL;
  for (gsize i = 0; i < content; i++)
    {
      if (bytes[i] == 0 && !several)
        return NULL;
      text[i] = bytes[i] == 0 ? ',' : (char) bytes[i];
    }
  return g_utf8_validate (text, (gssize) content, NULL) ? g_steal_pointer (&text) : NULL;
}

static char *
ip_numbers_to_text (const guint8 *bytes, gsize length)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (length % 4 != 0)
    return NULL;
  for (gsize i = 0; i < length; i += 4)
    g_string_append_printf (text, "%s%u.%u.%u.%u", i == 0 ? "" : ",", bytes[i], bytes[i + 1], bytes[i + 2],
                            bytes[i + 3]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
security_to_text (const guint8 *bytes, gsize length)
{
  if (length != 6)
    return NULL;
  return g_strdup_printf ("%u,%u,%u", read_number (bytes, 2), read_number (bytes + 2, 2), read_number (bytes + 4, 2));
}

static char *
list_to_text (const ElementShape *shape, const guint8 *bytes, gsize length)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize offset = 0;

  while (offset < length)
    for (guint i = 0; i < shape->n_numbers; i++)
      {
        if (length - offset < shape->widths[i])
          return NULL;
        g_string_append_printf (text, "%c%u", i == 0 ? '(' : ',', read_number (bytes + offset, shape->widths[i]));
        offset += shape->widths[i];
        if (i + 1 == shape->n_numbers)
          g_string_append_c (text, ')');
      }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
to_text (PakSettingType type, const guint8 *bytes, gsize length)
{
  switch (type)
    {
    case PAK_SETTING_BYTES:
      return NULL;
    case PAK_SETTING_STRING:
    case PAK_SETTING_IP_TEXT:
      return strings_to_text (bytes, length, FALSE);
    case PAK_SETTING_STRINGS:
      return strings_to_text (bytes, length, TRUE);
    case PAK_SETTING_IP_NUMBERS:
      return ip_numbers_to_text (bytes, length);
    case PAK_SETTING_SECURITY:
      return security_to_text (bytes, length);
    case PAK_SETTING_NEIGHBORS:
    case PAK_SETTING_ROUTE_FILTERS:
    case PAK_SETTING_ROUTES:
      return list_to_text (get_shape (type), bytes, length);
    default:
      return length == get_number_width (type) ? number_to_text (type, read_number (bytes, length)) : NULL;
    }
}

static char *
to_hex (const guint8 *bytes, gsize length)
{
  GString *text = g_string_new (HEX_PREFIX);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

char *
pak_setting_to_text (const PakSetting *setting)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (setting->value, &length);
  char *text;

  if (length == 0)
    return g_strdup ("");
  text = to_text (get_type (setting->id), bytes, length);
  if (text != NULL && !g_str_has_prefix (text, HEX_PREFIX))
    return text;
  /* A text that looks like hex would be read as such. */
  g_free (text);
  return to_hex (bytes, length);
}

/* Text to bytes. Each returns FALSE when the text does not say such a value. */

static void
append_number (GByteArray *bytes, guint32 number, gsize width)
{
  for (gsize i = width; i-- > 0;)
    {
      guint8 byte = (guint8) (number >> (8 * i));

      g_byte_array_append (bytes, &byte, 1);
    }
}

static gboolean
parse_hex (const char *text, GByteArray *bytes)
{
  for (; *text != '\0'; text += 2)
    {
      gint high = g_ascii_xdigit_value (text[0]);
      gint low = high >= 0 ? g_ascii_xdigit_value (text[1]) : -1;

      if (low < 0)
        return FALSE;
      append_number (bytes, (guint32) (high << 4 | low), 1);
    }
  return TRUE;
}

static gboolean
parse_unsigned (const PakSettingInfo *info, const char *text, GByteArray *bytes)
{
  gsize width = get_number_width (info->type);
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, info->min, get_most (info), &number, NULL))
    return FALSE;
  append_number (bytes, (guint32) number, width);
  return TRUE;
}

static gboolean
parse_signed (const char *text, GByteArray *bytes)
{
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXINT32, &number, NULL))
    return FALSE;
  append_number (bytes, (guint32) (gint32) number, 4);
  return TRUE;
}

static gboolean
parse_bool (const char *text, GByteArray *bytes)
{
  gboolean is_true = g_ascii_strcasecmp (text, "true") == 0 || strcmp (text, "1") == 0 || strcmp (text, "-1") == 0;

  if (!is_true && g_ascii_strcasecmp (text, "false") != 0 && strcmp (text, "0") != 0)
    return FALSE;
  append_number (bytes, is_true, 1);
  return TRUE;
}

static gboolean
parse_baud (const char *text, GByteArray *bytes)
{
  g_autofree char *negative = NULL;

  if (!g_str_has_prefix (text, "auto "))
    return parse_signed (text, bytes);
  negative = g_strconcat ("-", text + strlen ("auto "), NULL);
  return parse_signed (negative, bytes);
}

static gboolean
parse_serial_number (const char *text, GByteArray *bytes)
{
  guint32 letter = g_ascii_isalpha (text[0]) ? (guint32) text[0] : 0;
  guint64 number;

  if (!g_ascii_string_to_unsigned (letter != 0 ? text + 1 : text, 10, 0, letter != 0 ? LOW_BYTES : G_MAXUINT32,
                                   &number, NULL))
    return FALSE;
  append_number (bytes, letter << 24 | (guint32) number, 4);
  return TRUE;
}

static gboolean
parse_string (const PakSettingInfo *info, const char *text, GByteArray *bytes)
{
  gsize size = strlen (text) + 1;

  if ((info->max != 0 && size > info->max) || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  g_byte_array_append (bytes, (const guint8 *) text, (guint) size);
  return TRUE;
}

static gboolean
parse_strings (const char *text, GByteArray *bytes)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    g_byte_array_append (bytes, (const guint8 *) parts[i], (guint) strlen (parts[i]) + 1);
  return TRUE;
}

static GInetAddress *
parse_ip (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  if (address == NULL || g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV4)
    return NULL;
  return g_steal_pointer (&address);
}

static gboolean
parse_ip_text (const char *text, GByteArray *bytes)
{
  g_autoptr (GInetAddress) address = parse_ip (text);

  if (address == NULL)
    return FALSE;
  g_byte_array_append (bytes, (const guint8 *) text, (guint) strlen (text) + 1);
  return TRUE;
}

static gboolean
parse_ip_numbers (const char *text, GByteArray *bytes)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autoptr (GInetAddress) address = parse_ip (parts[i]);

      if (address == NULL)
        return FALSE;
      g_byte_array_append (bytes, g_inet_address_to_bytes (address), 4);
    }
  return TRUE;
}

/* Numbers of @widths bytes, separated by commas, to the end of @text. */
static gboolean
parse_numbers (const char *text, const guint *widths, guint n_numbers, GByteArray *bytes)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  if (g_strv_length (parts) != n_numbers)
    return FALSE;
  for (guint i = 0; i < n_numbers; i++)
    {
      guint64 number;

      if (!g_ascii_string_to_unsigned (g_strstrip (parts[i]), 10, 0, G_MAXUINT32 >> (32 - 8 * widths[i]), &number,
                                       NULL))
        return FALSE;
      append_number (bytes, (guint32) number, widths[i]);
    }
  return TRUE;
}

static gboolean
parse_security (const char *text, GByteArray *bytes)
{
  static const guint widths[] = { 2, 2, 2 };

  return parse_numbers (text, widths, G_N_ELEMENTS (widths), bytes);
}

static gboolean
parse_list (const ElementShape *shape, const char *text, GByteArray *bytes)
{
  while (*text != '\0')
    {
      const char *end = *text == '(' ? strchr (text, ')') : NULL;
      g_autofree char *element = NULL;

      if (end == NULL)
        return FALSE;
      element = g_strndup (text + 1, (gsize) (end - text - 1));
      if (!parse_numbers (element, shape->widths, shape->n_numbers, bytes))
        return FALSE;
      text = end + 1;
    }
  return TRUE;
}

static gboolean
parse (const PakSettingInfo *info, const char *text, GByteArray *bytes)
{
  switch (info->type)
    {
    case PAK_SETTING_BYTES:
      return *text == '\0';
    case PAK_SETTING_STRING:
      return parse_string (info, text, bytes);
    case PAK_SETTING_STRINGS:
      return parse_strings (text, bytes);
    case PAK_SETTING_IP_TEXT:
      return parse_ip_text (text, bytes);
    case PAK_SETTING_IP_NUMBERS:
      return parse_ip_numbers (text, bytes);
    case PAK_SETTING_INT4:
      return parse_signed (text, bytes);
    case PAK_SETTING_BOOL:
      return parse_bool (text, bytes);
    case PAK_SETTING_BAUD:
      return parse_baud (text, bytes);
    case PAK_SETTING_SERIAL_NUMBER:
      return parse_serial_number (text, bytes);
    case PAK_SETTING_SECURITY:
      return parse_security (text, bytes);
    case PAK_SETTING_NEIGHBORS:
    case PAK_SETTING_ROUTE_FILTERS:
    case PAK_SETTING_ROUTES:
      return parse_list (get_shape (info->type), text, bytes);
    default:
      return parse_unsigned (info, text, bytes);
    }
}

/* What a value of the type looks like. */
static char *
describe (const PakSettingInfo *info)
{
  switch (info->type)
    {
    case PAK_SETTING_BYTES:
      return g_strdup (_ ("bytes as hex:0102"));
    case PAK_SETTING_STRING:
      return g_strdup_printf (_ ("a text of up to %u bytes"), info->max - 1);
    case PAK_SETTING_STRINGS:
      return g_strdup (_ ("texts with commas between them"));
    case PAK_SETTING_IP_TEXT:
      return g_strdup (_ ("an IP address as 10.0.0.1"));
    case PAK_SETTING_IP_NUMBERS:
      return g_strdup (_ ("IP addresses as 10.0.0.1,10.0.0.2"));
    case PAK_SETTING_INT4:
      return g_strdup_printf (_ ("a number from %d to %d"), G_MININT32, G_MAXINT32);
    case PAK_SETTING_BOOL:
      return g_strdup (_ ("true or false"));
    case PAK_SETTING_BAUD:
      return g_strdup (_ ("a speed as 9600, or auto 9600"));
    case PAK_SETTING_SERIAL_NUMBER:
      return g_strdup (_ ("a serial number as E4668"));
    case PAK_SETTING_SECURITY:
      return g_strdup (_ ("three codes from 0 to 65535 as 1,2,3"));
    case PAK_SETTING_NEIGHBORS:
      return g_strdup (_ ("ranges of addresses as (1,10)(20,20)"));
    case PAK_SETTING_ROUTE_FILTERS:
      return g_strdup (_ ("ranges of senders and receivers as (1,10,20,30)"));
    case PAK_SETTING_ROUTES:
      return g_strdup (_ ("port, next address, address and milliseconds as (1,2,3,1000)"));
    default:
      return g_strdup_printf (_ ("a number from %u to %u"), info->min, get_most (info));
    }
}

PakSetting *
pak_setting_from_text (guint16 id, const char *text, GError **error)
{
  const PakSettingInfo unknown = { .id = id, .type = PAK_SETTING_BYTES };
  const PakSettingInfo *info = pak_setting_info_find (id);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *name = pak_setting_dup_name (id);
  g_autofree char *description = NULL;
  gboolean is_parsed;

  if (info == NULL)
    info = &unknown;
  if (g_str_has_prefix (text, HEX_PREFIX))
    is_parsed = parse_hex (text + strlen (HEX_PREFIX), bytes);
  else
    is_parsed = parse (info, text, bytes);

  if (is_parsed && bytes->len <= MAX_VALUE)
    return pak_setting_new (id, FALSE, bytes->data, bytes->len);
  description = describe (info);
  g_set_error (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_VALUE, _ ("%s (setting %u) cannot be “%s”; it takes %s"),
               name, (guint) id, text, description);
  return NULL;
}
