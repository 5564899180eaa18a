/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The emulator as a whole: what it can be reached by, and what is the same from one run to the next. */

#include "protocol/transport/serial-transport.h"
#include "protocol/transport/tcp-transport.h"
#include "tests/emulator/peer.h"

#include <glib/gstdio.h>

static void
test_tcp (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = op_emulator_new (options, NULL);
  g_autoptr (GError) error = NULL;
  guint16 port = op_emulator_listen (emulator, "127.0.0.1", 0, &error);
  g_autoptr (OpTransport) transport = op_tcp_transport_new ("127.0.0.1", port, 0);
  g_autoptr (Peer) peer = NULL;
  g_autoptr (GPtrArray) tables = NULL;
  g_autofree char *greeting = NULL;

  g_assert_no_error (error);
  peer = peer_new_for_transport (transport);
  greeting = peer_next_hex (peer);
  g_assert_cmpstr (greeting, ==, "EF FF 10 01 0F FF 00 01 0E 00");
  tables = peer_read_tables (peer);
  g_assert_cmpuint (tables->len, ==, 5);
  g_clear_object (&emulator);
  peer_wait_closed (peer);
}

static void
test_port_taken (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = op_emulator_new (options, NULL);
  g_autoptr (GError) error = NULL;
  guint16 port = op_emulator_listen (emulator, "127.0.0.1", 0, NULL);

  g_assert_cmpuint (op_emulator_listen (emulator, "127.0.0.1", port, &error), ==, 0);
  g_assert_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_BUSY);
}

/* One client after the other, as on a real line. */
static void
test_pty (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = op_emulator_new (options, NULL);
  g_autofree char *folder = g_dir_make_tmp ("outpost-pty-XXXXXX", NULL);
  g_autofree char *link = g_build_filename (folder, "line", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *slave = op_emulator_open_pty (emulator, link, &error);

  g_assert_no_error (error);
  g_assert_nonnull (slave);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (OpTransport) transport = op_serial_transport_new (link, 115200);
      g_autoptr (Peer) peer = peer_new_for_transport (transport);
      g_autoptr (GPtrArray) tables = peer_read_tables (peer);

      g_assert_cmpuint (tables->len, ==, 5);
    }
  g_clear_object (&emulator);
  g_remove (link);
  g_rmdir (folder);
}

static OpBatch *
collect_newest (const OpEmulatorOptions *options)
{
  g_autoptr (OpEmulator) emulator = op_emulator_new (options, NULL);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (GPtrArray) tables = peer_read_tables (peer);

  return peer_collect_all (peer, peer_find_table (tables, "OneMin"));
}

static void
append_row (const OpBatch *batch, gsize row, GString *text)
{
  for (guint column = 0; column < op_batch_get_n_columns (batch); column++)
    op_batch_append_value_text (batch, column, row, text);
}

/* With an epoch, an emulator of another hour has the same records by number, time and value. */
static void
test_epoch (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpBatch) now = NULL;
  g_autoptr (OpBatch) later = NULL;
  gsize shift = 60;

  g_assert_true (op_time_parse ("2020-01-01", &options->epoch));
  options->history = 500;
  options->outage = TRUE;
  now = collect_newest (options);
  options->clock_offset_ns = 3600 * OP_SECOND;
  later = collect_newest (options);

  g_assert_cmpuint (op_batch_get_n_records (now), ==, 500);
  g_assert_cmpuint (op_batch_get_n_records (later), ==, 500);
  shift = op_batch_get_records (later)[0] - op_batch_get_records (now)[0];
  g_assert_cmpuint (shift, >=, 60);
  g_assert_cmpuint (shift, <=, 61);
  g_assert_cmpuint (op_batch_get_records (now)[0], >, 3000000);
  for (gsize i = 0; i + shift < 500; i++)
    {
      g_autoptr (GString) a = g_string_new (NULL);
      g_autoptr (GString) b = g_string_new (NULL);

      g_assert_cmpint (op_batch_get_times (now)[i + shift], ==, op_batch_get_times (later)[i]);
      append_row (now, i + shift, a);
      append_row (later, i, b);
      g_assert_cmpstr (a->str, ==, b->str);
    }
}

static void
test_refused (void)
{
  g_autoptr (OpEmulatorOptions) unknown = op_emulator_options_new ("cr9999");
  g_autoptr (OpEmulatorOptions) too_long = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulatorOptions) no_interval = op_emulator_options_new ("cr1000");
  g_autoptr (GError) unknown_error = NULL;
  g_autoptr (GError) too_long_error = NULL;
  g_autoptr (GError) no_interval_error = NULL;

  g_assert_null (op_emulator_new (unknown, &unknown_error));
  g_assert_error (unknown_error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (unknown_error->message, "cr9999"));
  too_long->history = G_MAXUINT64 / 3;
  g_assert_null (op_emulator_new (too_long, &too_long_error));
  g_assert_error (too_long_error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  no_interval->interval = 0;
  g_assert_null (op_emulator_new (no_interval, &no_interval_error));
  g_assert_error (no_interval_error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* A year of minutes is there at once. */
static void
test_year (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = NULL;
  gint64 begin = g_get_monotonic_time ();

  options->history = 525600;
  options->outage = TRUE;
  emulator = op_emulator_new (options, NULL);
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), >=, 525600);
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "OneMin"), <=, 525601);
  g_assert_cmpuint (op_emulator_get_n_records (emulator, "Daily"), >=, 364);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 200000);
}

static guint
count_threads (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static gboolean
has_threads (gpointer data)
{
  return count_threads () == GPOINTER_TO_UINT (data);
}

/* Its thread lives as long as the client's end, whatever that was used for. */
static void
test_demo (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  guint n_threads = count_threads ();

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (OpTransport) transport = op_emulator_new_demo_transport (options, NULL);

      g_assert_cmpuint (count_threads (), >, n_threads);
      /* Never opened; opened once; opened again. */
      for (guint j = 0; j < i; j++)
        {
          g_autoptr (Peer) peer = peer_new_for_transport (transport);
          g_autoptr (GPtrArray) tables = peer_read_tables (peer);

          g_assert_cmpuint (tables->len, ==, 5);
        }
      g_clear_object (&transport);
      wait_until (has_threads, GUINT_TO_POINTER (n_threads));
    }
}

static void
test_demo_refused (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("toaster");
  g_autoptr (GError) error = NULL;

  g_assert_null (op_emulator_new_demo_transport (options, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

/* 9600 baud are 960 bytes a second, both ways; a round trip is added once. */
static void
test_slow (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = NULL;
  g_autoptr (Peer) peer = NULL;
  g_autoptr (GByteArray) file = NULL;
  gint64 begin;
  double elapsed;

  options->baud = 9600;
  options->rtt_us = 100000;
  emulator = op_emulator_new (options, NULL);
  peer = peer_new (emulator);
  begin = g_get_monotonic_time ();
  file = peer_read_file (peer, "CPU:weather.CR1", 900);
  elapsed = (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
  g_assert_cmpfloat (elapsed, >, file->len / 960.0 + 0.1);
  g_assert_cmpfloat (elapsed, <, file->len / 960.0 + 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/tcp", test_tcp);
  g_test_add_func ("/emulator/port-taken", test_port_taken);
  g_test_add_func ("/emulator/pty", test_pty);
  g_test_add_func ("/emulator/epoch", test_epoch);
  g_test_add_func ("/emulator/refused", test_refused);
  g_test_add_func ("/emulator/year", test_year);
  g_test_add_func ("/emulator/demo", test_demo);
  g_test_add_func ("/emulator/demo-refused", test_demo_refused);
  g_test_add_func ("/emulator/slow", test_slow);
  return g_test_run ();
}
