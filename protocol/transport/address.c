/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/address.h"

#include "protocol/transport/serial-transport.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#define MAX_PAKBUS   4094 /* 4095 is the broadcast address */
#define MAX_SECURITY 65535

static const char *const scheme_names[] = {
  [OP_SCHEME_TCP] = "tcp",
  [OP_SCHEME_SERIAL] = "serial",
  [OP_SCHEME_REPLAY] = "replay",
  [OP_SCHEME_DEMO] = "demo",
  [OP_SCHEME_LISTEN] = "listen",
};

static const char *const families[] = { "pakbus", "mixedarray", "tfd", NULL };

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error,
                     g_error_new_valist (OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_ADDRESS, format, args));
  va_end (args);
  return FALSE;
}

static gboolean
parse_number (const char *name, const char *text, gint64 min, gint64 max, gint64 *number, GError **error)
{
  /* g_ascii_string_to_signed() takes a leading plus sign, which is none of ours. */
  if (*text == '+' || !g_ascii_string_to_signed (text, 10, min, max, number, NULL))
    return refuse (error, _ ("“%s” is no valid %s: it must be a whole number from %lld to %lld."), text, name,
                   (long long) min, (long long) max);
  return TRUE;
}

static gboolean
parse_port (OpAddress *address, const char *text, GError **error)
{
  gint64 port;

  if (!parse_number (_ ("port"), text, 1, 65535, &port, error))
    return FALSE;
  address->port = port;
  return TRUE;
}

static gboolean
host_is_valid (const char *host)
{
  if (*host == '\0' || *host == '-' || strlen (host) > 253 || !g_utf8_validate (host, -1, NULL))
    return FALSE;

  for (const char *p = host; *p != '\0'; p++)
    if ((guchar) *p < 0x80 && !g_ascii_isalnum (*p) && strchr ("-._", *p) == NULL)
      return FALSE;
  return TRUE;
}

/* "::1", with or without a zone ("fe80::1%eth0"). */
static gboolean
host_is_ipv6 (const char *host)
{
  g_autoptr (GInetAddress) inet = NULL;
  const char *zone = strchr (host, '%');
  g_autofree char *number = zone != NULL ? g_strndup (host, zone - host) : g_strdup (host);

  if (zone != NULL && !host_is_valid (zone + 1))
    return FALSE;
  inet = g_inet_address_new_from_string (number);
  return inet != NULL && g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV6;
}

static gboolean
parse_bracketed (OpAddress *address, const char *text, GError **error)
{
  const char *end = strchr (text, ']');
  g_autofree char *host = NULL;

  if (end == NULL)
    return refuse (error, _ ("“%s” has an opening bracket without a closing one."), text);

  host = g_strndup (text + 1, end - text - 1);
  if (!host_is_ipv6 (host))
    return refuse (error, _ ("“%s” is no IPv6 address."), host);
  address->host = g_ascii_strdown (host, -1);
  if (end[1] == '\0')
    return TRUE;
  if (end[1] != ':')
    return refuse (error, _ ("“%s”: after the bracket only a colon and the port may follow."), text);
  return parse_port (address, end + 2, error);
}

static gboolean
parse_host (OpAddress *address, const char *text, GError **error)
{
  const char *colon = strchr (text, ':');
  g_autofree char *host = NULL;

  address->port = OP_DEFAULT_TCP_PORT;
  if (*text == '[')
    return parse_bracketed (address, text, error);
  if (host_is_ipv6 (text))
    {
      address->host = g_ascii_strdown (text, -1);
      return TRUE;
    }

  host = colon != NULL ? g_strndup (text, colon - text) : g_strdup (text);
  if (*host == '\0' && address->scheme == OP_SCHEME_LISTEN)
    return refuse (error, _ ("The address to listen at is missing: write listen:0.0.0.0:PORT."));
  if (*host == '\0')
    return refuse (error, _ ("The host is missing: write tcp://HOST or tcp://HOST:PORT."));
  if (!host_is_valid (host))
    return refuse (error, _ ("“%s” is no valid host name."), host);
  address->host = g_ascii_strdown (host, -1);
  return colon == NULL || parse_port (address, colon + 1, error);
}

static gboolean
parse_path (OpAddress *address, const char *text, GError **error)
{
  address->path = g_uri_unescape_string (text, NULL);
  if (address->path == NULL || !g_utf8_validate (address->path, -1, NULL))
    return refuse (error, _ ("“%s” has a percent sign that does not begin an escaped character of UTF-8."),
                   text);

  switch (address->scheme)
    {
    case OP_SCHEME_SERIAL:
      if (!g_path_is_absolute (address->path))
        return refuse (
            error, _ ("“%s” is no serial port: write its whole path, such as serial:/dev/ttyUSB0."), text);
      break;
    case OP_SCHEME_REPLAY:
      if (*text == '\0')
        return refuse (error, _ ("The trace is missing: write replay:FILE."));
      break;
    default:
      if (*text == '\0')
        return refuse (error, _ ("The model is missing: write demo:MODEL, such as demo:cr1000."));
      break;
    }
  return TRUE;
}

static gboolean
parse_baud (OpAddress *address, const char *text, GError **error)
{
  guint64 baud;

  if (*text == '+' || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &baud, NULL)
      || !op_serial_baud_is_valid (baud))
    return refuse (error,
                   _ ("“%s” is no valid baud rate: it must be 1200, 2400, 4800, 9600, 19200, 38400, 57600 or "
                      "115200."),
                   text);
  address->baud = baud;
  return TRUE;
}

static gboolean
parse_family (OpAddress *address, const char *text, GError **error)
{
  if (!g_strv_contains (families, text))
    return refuse (error, _ ("“%s” is no family of devices: it must be pakbus, mixedarray or tfd."), text);
  address->family = g_strdup (text);
  return TRUE;
}

static gboolean
parse_security (OpAddress *address, const char *text, GError **error)
{
  gint64 code;

  if (!parse_number (_ ("security code"), text, G_MININT16, MAX_SECURITY, &code, error))
    return FALSE;
  /* Loggers show codes above 32767 as negative numbers of 16 bits. */
  address->security = code < 0 ? 65536 + code : code;
  return TRUE;
}

static gboolean
parse_fast (OpAddress *address, const char *text, GError **error)
{
  if (!g_str_equal (text, "0") && !g_str_equal (text, "1"))
    return refuse (error, _ ("The parameter “fast” must be 1 for several requests at a time, or 0."));
  address->fast = *text == '1';
  return TRUE;
}

/* The numbers of demo: stations are kept as text for the emulator; here they are only checked. */
static gboolean
check_demo_option (const char *name, const char *text, GError **error)
{
  gint64 number;

  if (g_str_equal (name, "history") || g_str_equal (name, "seed"))
    return parse_number (name, text, 0, G_MAXUINT32, &number, error);
  if (g_str_equal (name, "interval"))
    return parse_number (name, text, 1, G_MAXUINT32, &number, error);
  return TRUE;
}

static gboolean
has_host (const OpAddress *address)
{
  return address->scheme == OP_SCHEME_TCP || address->scheme == OP_SCHEME_LISTEN;
}

static gboolean
parse_option (OpAddress *address, const char *name, const char *text, GError **error)
{
  gint64 number;

  if (g_str_equal (name, "pakbus") || g_str_equal (name, "via"))
    {
      if (!parse_number (_ ("PakBus address"), text, 1, MAX_PAKBUS, &number, error))
        return FALSE;
      if (g_str_equal (name, "via"))
        address->neighbour = number;
      else
        address->pakbus = number;
      return TRUE;
    }
  if (g_str_equal (name, "security"))
    return parse_security (address, text, error);
  if (g_str_equal (name, "family"))
    return parse_family (address, text, error);
  if (g_str_equal (name, "fast"))
    return parse_fast (address, text, error);
  if (g_str_equal (name, "baud") && address->scheme == OP_SCHEME_SERIAL)
    return parse_baud (address, text, error);
  if (g_str_equal (name, "wait") && address->scheme == OP_SCHEME_LISTEN)
    return parse_number (_ ("number of seconds"), text, 1, G_MAXINT, &number, error);
  if (address->scheme == OP_SCHEME_DEMO)
    return check_demo_option (name, text, error);
  return refuse (error, _ ("A %s address has no parameter “%s”."), scheme_names[address->scheme], name);
}

static gboolean
parse_options (OpAddress *address, const char *query, GError **error)
{
  GUriParamsIter iter;
  char *name, *text;
  g_autoptr (GError) uri_error = NULL;

  g_uri_params_iter_init (&iter, query, -1, "&", G_URI_PARAMS_NONE);
  while (g_uri_params_iter_next (&iter, &name, &text, &uri_error))
    {
      g_autofree char *owned_name = name;
      g_autofree char *owned_text = text;

      if (g_hash_table_contains (address->options, name))
        return refuse (error, _ ("The parameter “%s” is given twice."), name);
      if (!parse_option (address, name, text, error))
        return FALSE;
      g_hash_table_insert (address->options, g_steal_pointer (&owned_name), g_steal_pointer (&owned_text));
    }

  if (uri_error != NULL)
    return refuse (error, _ ("“%s” is no list of parameters: write ?NAME=VALUE&NAME=VALUE."), query);
  return TRUE;
}

/* Tells the scheme and steps over it. */
static gboolean
parse_scheme (OpAddress *address, const char **text, GError **error)
{
  const char *colon = strchr (*text, ':');
  g_autofree char *name = colon != NULL ? g_ascii_strdown (*text, colon - *text) : NULL;

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (scheme_names); i++)
    if (g_str_equal (name, scheme_names[i]))
      {
        gboolean has_slashes = g_str_has_prefix (colon + 1, "//");

        if (i == OP_SCHEME_TCP && !has_slashes)
          return refuse (error, _ ("“%s” is incomplete: write tcp://HOST:PORT."), *text);
        address->scheme = i;
        *text = colon + (i == OP_SCHEME_TCP || (i == OP_SCHEME_LISTEN && has_slashes) ? 3 : 1);
        return TRUE;
      }

  if (name != NULL && g_str_has_prefix (colon + 1, "//"))
    return refuse (error, _ ("“%s” is an unknown kind of link: it must be tcp, listen, serial, replay or demo."),
                   name);
  address->scheme = **text == '/' ? OP_SCHEME_SERIAL : OP_SCHEME_TCP;
  return TRUE;
}

OpAddress *
op_address_parse (const char *text, GError **error)
{
  g_autoptr (OpAddress) address = g_new0 (OpAddress, 1);
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  const char *rest = stripped;
  char *query = strchr (stripped, '?');

  address->security = -1;
  address->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (*stripped == '\0')
    {
      refuse (error, _ ("The address is empty."));
      return NULL;
    }
  if (!g_utf8_validate (stripped, -1, NULL))
    {
      refuse (error, _ ("The address is not valid UTF-8."));
      return NULL;
    }
  if (query != NULL)
    *query++ = '\0';

  if (!parse_scheme (address, &rest, error)
      || !(has_host (address) ? parse_host : parse_path) (address, rest, error)
      || (query != NULL && !parse_options (address, query, error)))
    return NULL;
  return g_steal_pointer (&address);
}

static void
append_option (GString *uri, const char *name, const char *text)
{
  g_string_append_c (uri, strchr (uri->str, '?') == NULL ? '?' : '&');
  g_string_append_uri_escaped (uri, name, NULL, TRUE);
  g_string_append_c (uri, '=');
  g_string_append_uri_escaped (uri, text, "/:", TRUE);
}

static void
append_number (GString *uri, const char *name, guint number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  if (number != 0)
    append_option (uri, name, text);
}

/* What the structure has no field for, in the order of the alphabet. */
static void
append_other_options (GString *uri, const OpAddress *address)
{
  static const char *const with_fields[] = { "pakbus", "via", "security", "family", "fast", NULL };
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (address->options), (GCompareFunc) strcmp);

  for (GList *l = names; l != NULL; l = l->next)
    {
      /* For an emulator, baud is a number as any other. */
      gboolean has_field = g_strv_contains (with_fields, l->data)
                           || (address->scheme == OP_SCHEME_SERIAL && g_str_equal (l->data, "baud"));

      if (!has_field)
        append_option (uri, l->data, g_hash_table_lookup (address->options, l->data));
    }
}

char *
op_address_to_string (const OpAddress *address)
{
  GString *uri = g_string_new (scheme_names[address->scheme]);

  if (has_host (address))
    {
      g_string_append (uri, address->scheme == OP_SCHEME_TCP ? "://" : ":");
      g_string_append_printf (uri, strchr (address->host, ':') != NULL ? "[%s]:%u" : "%s:%u", address->host,
                              (guint) address->port);
    }
  else
    {
      g_string_append_c (uri, ':');
      g_string_append_uri_escaped (uri, address->path, "/:", TRUE);
    }

  append_number (uri, "baud", address->baud);
  append_number (uri, "pakbus", address->pakbus);
  append_number (uri, "via", address->neighbour);
  if (address->family != NULL)
    append_option (uri, "family", address->family);
  append_number (uri, "fast", address->fast);
  append_other_options (uri, address);
  return g_string_free (uri, FALSE);
}

void
op_address_free (OpAddress *address)
{
  g_free (address->host);
  g_free (address->path);
  g_free (address->family);
  g_hash_table_unref (address->options);
  g_free (address);
}
