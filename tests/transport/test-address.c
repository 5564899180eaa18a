/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/address.h"
#include "protocol/transport/transport.h"

/* Addresses, what they mean and how they are written canonically; facts of design.md, "Command line". */
static const struct
{
  const char *text;
  OpScheme    scheme;
  const char *host;
  guint       port;
  const char *path;
  guint       baud;
  guint       pakbus;
  guint       neighbour;
  gint        security;
  const char *family;
  const char *canonical;
} good[] = {
  { "tcp://10.0.0.5:6785", OP_SCHEME_TCP, "10.0.0.5", 6785, NULL, 0, 0, 0, -1, NULL, "tcp://10.0.0.5:6785" },
  { "tcp://Mast.Example.org", OP_SCHEME_TCP, "mast.example.org", 6785, NULL, 0, 0, 0, -1, NULL,
    "tcp://mast.example.org:6785" },
  { "TCP://h:1", OP_SCHEME_TCP, "h", 1, NULL, 0, 0, 0, -1, NULL, "tcp://h:1" },
  { "h:65535", OP_SCHEME_TCP, "h", 65535, NULL, 0, 0, 0, -1, NULL, "tcp://h:65535" },
  { "  logger_7 ", OP_SCHEME_TCP, "logger_7", 6785, NULL, 0, 0, 0, -1, NULL, "tcp://logger_7:6785" },
  { "tcp", OP_SCHEME_TCP, "tcp", 6785, NULL, 0, 0, 0, -1, NULL, "tcp://tcp:6785" },
  { "tcp://[::1]:7000", OP_SCHEME_TCP, "::1", 7000, NULL, 0, 0, 0, -1, NULL, "tcp://[::1]:7000" },
  { "[2001:DB8::5]", OP_SCHEME_TCP, "2001:db8::5", 6785, NULL, 0, 0, 0, -1, NULL,
    "tcp://[2001:db8::5]:6785" },
  { "fe80::1%eth0", OP_SCHEME_TCP, "fe80::1%eth0", 6785, NULL, 0, 0, 0, -1, NULL,
    "tcp://[fe80::1%eth0]:6785" },
  { "tcp://h?", OP_SCHEME_TCP, "h", 6785, NULL, 0, 0, 0, -1, NULL, "tcp://h:6785" },
  { "tcp://h?pakbus=1&security=0", OP_SCHEME_TCP, "h", 6785, NULL, 0, 1, 0, 0, NULL,
    "tcp://h:6785?pakbus=1" },
  { "h?pakbus=4094&via=20&security=65535&family=pakbus", OP_SCHEME_TCP, "h", 6785, NULL, 0, 4094, 20, 65535,
    "pakbus", "tcp://h:6785?pakbus=4094&via=20&family=pakbus" },
  { "h?security=-1", OP_SCHEME_TCP, "h", 6785, NULL, 0, 0, 0, 65535, NULL, "tcp://h:6785" },
  { "h?security=-32768", OP_SCHEME_TCP, "h", 6785, NULL, 0, 0, 0, 32768, NULL, "tcp://h:6785" },
  { "serial:/dev/ttyUSB0", OP_SCHEME_SERIAL, NULL, 0, "/dev/ttyUSB0", 0, 0, 0, -1, NULL,
    "serial:/dev/ttyUSB0" },
  { "tcp://h?fast=1&pakbus=7", OP_SCHEME_TCP, "h", 6785, NULL, 0, 7, 0, -1, NULL, "tcp://h:6785?pakbus=7&fast=1" },
  { "tcp://h?fast=0", OP_SCHEME_TCP, "h", 6785, NULL, 0, 0, 0, -1, NULL, "tcp://h:6785" },
  { "demo:cr1000?seed=3&fast=1", OP_SCHEME_DEMO, NULL, 0, "cr1000", 0, 0, 0, -1, NULL,
    "demo:cr1000?fast=1&seed=3" },
  { "/dev/ttyS3?family=tfd&baud=1200", OP_SCHEME_SERIAL, NULL, 0, "/dev/ttyS3", 1200, 0, 0, -1, "tfd",
    "serial:/dev/ttyS3?baud=1200&family=tfd" },
  { "serial:/tmp/a%20b%3F?baud=9600", OP_SCHEME_SERIAL, NULL, 0, "/tmp/a b?", 9600, 0, 0, -1, NULL,
    "serial:/tmp/a%20b%3F?baud=9600" },
  { "serial:/dev/serial/by-id/usb-Prolific_x:y-if00", OP_SCHEME_SERIAL, NULL, 0,
    "/dev/serial/by-id/usb-Prolific_x:y-if00", 0, 0, 0, -1, NULL,
    "serial:/dev/serial/by-id/usb-Prolific_x:y-if00" },
  { "replay:traces/first.txt", OP_SCHEME_REPLAY, NULL, 0, "traces/first.txt", 0, 0, 0, -1, NULL,
    "replay:traces/first.txt" },
  { "listen:0.0.0.0:6785?pakbus=12", OP_SCHEME_LISTEN, "0.0.0.0", 6785, NULL, 0, 12, 0, -1, NULL,
    "listen:0.0.0.0:6785?pakbus=12" },
  { "listen://[::]?pakbus=12&via=1&wait=30", OP_SCHEME_LISTEN, "::", 6785, NULL, 0, 12, 1, -1, NULL,
    "listen:[::]:6785?pakbus=12&via=1&wait=30" },
  { "demo:cr1000", OP_SCHEME_DEMO, NULL, 0, "cr1000", 0, 0, 0, -1, NULL, "demo:cr1000" },
  { "demo:cr1000?seed=7&history=20000&interval=60&pakbus=9&baud=9600", OP_SCHEME_DEMO, NULL, 0, "cr1000", 0,
    9, 0, -1, NULL, "demo:cr1000?pakbus=9&baud=9600&history=20000&interval=60&seed=7" },
};

/* What is refused, and what the error has to name. */
static const struct
{
  const char *text;
  const char *named;
} bad[] = {
  { "", "empty" },
  { "   ", "empty" },
  { "http://10.0.0.5:80", "http" },
  { "tcp:10.0.0.5", "tcp://HOST:PORT" },
  { "tcp://", "host is missing" },
  { "tcp://:6785", "host is missing" },
  { "h:", "port" },
  { "h:0", "port" },
  { "h:65536", "65536" },
  { "h:-1", "port" },
  { "h:+80", "+80" },
  { "h: 80", "port" },
  { "h:80x", "80x" },
  { "h:99999999999999999999", "port" },
  { "tcp://h:6785/", "port" },
  { "tcp://h/path", "h/path" },
  { "tcp://me@h", "me@h" },
  { "-h", "-h" },
  { "a b", "a b" },
  { "\xff\xfe", "UTF-8" },
  { "[::1", "bracket" },
  { "[::1]6785", "bracket" },
  { "[10.0.0.5]", "IPv6" },
  { "[]", "IPv6" },
  { "1:2:3", "2:3" },
  { "h?pakbus=0", "1 to 4094" },
  { "h?pakbus=4095", "4095" },
  { "h?pakbus=x", "PakBus address" },
  { "h?pakbus=", "PakBus address" },
  { "h?via=4095", "4095" },
  { "h?security=65536", "65535" },
  { "h?security=-32769", "-32769" },
  { "h?security=1.5", "security code" },
  { "h?family=cr1000", "mixedarray" },
  { "h?fast=yes", "fast" },
  { "h?baud=9600", "baud" },
  { "h?pakbuss=1", "pakbuss" },
  { "h?pakbus", "NAME=VALUE" },
  { "h?pakbus=1&pakbus=2", "twice" },
  { "h?pakbus=%zz", "NAME=VALUE" },
  { "serial:", "serial port" },
  { "serial:ttyUSB0", "whole path" },
  { "serial:/dev/tty%", "percent" },
  { "serial:/dev/tty%ff", "UTF-8" },
  { "serial:/dev/ttyS0?baud=1000", "115200" },
  { "serial:/dev/ttyS0?baud=0", "baud" },
  { "serial:/dev/ttyS0?baud=-9600", "-9600" },
  { "serial:/dev/ttyS0?baud=230400", "230400" },
  { "listen:", "listen:0.0.0.0:PORT" },
  { "listen::6785", "listen:0.0.0.0:PORT" },
  { "listen:0.0.0.0:6785?wait=0", "seconds" },
  { "tcp://h?wait=10", "wait" },
  { "replay:", "replay:FILE" },
  { "demo:", "demo:MODEL" },
  { "demo:cr1000?history=-1", "history" },
  { "demo:cr1000?interval=0", "interval" },
  { "demo:cr1000?seed=many", "seed" },
};

static void
assert_is (const OpAddress *address, guint i)
{
  g_assert_cmpint (address->scheme, ==, good[i].scheme);
  g_assert_cmpstr (address->host, ==, good[i].host);
  g_assert_cmpuint (address->port, ==, good[i].port);
  g_assert_cmpstr (address->path, ==, good[i].path);
  g_assert_cmpuint (address->baud, ==, good[i].baud);
  g_assert_cmpuint (address->pakbus, ==, good[i].pakbus);
  g_assert_cmpuint (address->neighbour, ==, good[i].neighbour);
  g_assert_cmpstr (address->family, ==, good[i].family);
}

static void
test_good (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (OpAddress) address = op_address_parse (good[i].text, &error);
  g_autoptr (OpAddress) again = NULL;
  g_autofree char *canonical = NULL;

  g_assert_no_error (error);
  assert_is (address, i);
  g_assert_cmpint (address->security, ==, good[i].security);
  canonical = op_address_to_string (address);
  g_assert_cmpstr (canonical, ==, good[i].canonical);

  again = op_address_parse (canonical, &error);
  g_assert_no_error (error);
  assert_is (again, i);
  g_assert_cmpint (again->security, ==, -1);
}

static void
test_bad (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (OpAddress) address = op_address_parse (bad[i].text, &error);

  g_assert_null (address);
  g_assert_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_ADDRESS);
  if (strstr (error->message, bad[i].named) == NULL)
    g_error ("“%s” is not named in: %s", bad[i].named, error->message);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_options (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OpAddress) address
      = op_address_parse ("demo:cr1000?history=100&fault=bit-flip%3A0.1&security=5", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (address->options), ==, 3);
  g_assert_cmpstr (g_hash_table_lookup (address->options, "history"), ==, "100");
  g_assert_cmpstr (g_hash_table_lookup (address->options, "fault"), ==, "bit-flip:0.1");
  g_assert_cmpstr (g_hash_table_lookup (address->options, "security"), ==, "5");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *path = g_strdup_printf ("/transport/address/good/%u", i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_good);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strdup_printf ("/transport/address/bad/%u", i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_bad);
    }
  g_test_add_func ("/transport/address/options", test_options);

  return g_test_run ();
}
