/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Several loggers on one line, and loggers behind a logger. */

#include "bus.h"
#include "client.h"

#include "protocol/emulator/emulator-private.h"
#include "protocol/families.h"
#include "protocol/pakbus/pak-logger.h"
#include "protocol/transport/memory-transport.h"

#define N 3

static OpLogger *
new_logger (OpTransport *transport, guint16 address, guint16 via)
{
  OpLogger *logger = pak_logger_new (transport, address, via, 0);

  pak_logger_share (PAK_LOGGER (logger), "bus");
  return logger;
}

/* @data: faults, or NULL */
static void
test_three_at_once (gconstpointer data)
{
  g_autoptr (Bus) bus = bus_new ();
  g_autoptr (OpTransport) line = bus_new_tap (bus);
  OpEmulator *emulators[N];
  Collection collections[N];
  GByteArray *first;

  for (guint i = 0; i < N; i++)
    {
      g_autoptr (OpTransport) tap = bus_new_tap (bus);
      OpEmulatorOptions *options = op_emulator_options_new ("cr1000");

      options->faults = g_strdup (data);
      options->turnaround_us = 1000;
      emulators[i] = new_emulator (i + 1, options);
      op_emulator_serve (emulators[i], tap);
    }
  for (guint i = 0; i < N; i++)
    {
      g_autoptr (OpLogger) logger = new_logger (line, (guint16) (i + 1), 0);

      collection_start (&collections[i], logger);
    }
  for (guint i = 0; i < N; i++)
    collection_assert (&collections[i], emulators[i], i + 1);

  first = collections[0].payload;
  g_assert_false (first->len == collections[1].payload->len
                  && memcmp (first->data, collections[1].payload->data, first->len) == 0);
  for (guint i = 0; i < N; i++)
    {
      op_logger_close (collections[i].logger);
      g_assert_cmpint (op_transport_is_open (line), ==, i + 1 < N);
      collection_clear (&collections[i]);
      g_object_unref (emulators[i]);
    }
}

static OpEmulator *
new_chain (void)
{
  OpEmulatorOptions *options = op_emulator_options_new ("cr1000");

  options->hops = 2;
  return new_emulator (1, options);
}

static void
test_chain_at_once (void)
{
  g_autoptr (OpEmulator) emulator = new_chain ();
  g_autoptr (OpTransport) line = NULL;
  g_autoptr (OpTransport) far_end = NULL;
  Collection alone[N], together[N];

  op_memory_transport_new_pair (&line, &far_end);
  op_emulator_keep_serving (emulator, far_end);
  for (guint i = 0; i < N; i++)
    {
      g_autoptr (OpLogger) logger = new_logger (line, (guint16) (i + 1), i > 0 ? 1 : 0);

      collection_start (&alone[i], logger);
      wait_for (&alone[i].done);
      g_assert_no_error (alone[i].error);
      g_assert_cmpuint (alone[i].n_records, ==, 300);
      op_logger_close (logger);
    }
  for (guint i = 0; i < N; i++)
    {
      g_autoptr (OpLogger) logger = new_logger (line, (guint16) (i + 1), i > 0 ? 1 : 0);

      collection_start (&together[i], logger);
    }
  for (guint i = 0; i < N; i++)
    {
      wait_for (&together[i].done);
      g_assert_no_error (together[i].error);
      g_assert_cmpmem (together[i].payload->data, together[i].payload->len, alone[i].payload->data,
                       alone[i].payload->len);
    }
  for (guint i = 0; i < N; i++)
    {
      op_logger_close (together[i].logger);
      collection_clear (&together[i]);
      collection_clear (&alone[i]);
    }
}

/* Nobody said that there is a router. */
static void
test_router_found (void)
{
  g_autoptr (OpEmulator) emulator = new_chain ();
  g_autoptr (OpTransport) line = NULL;
  g_autoptr (OpTransport) far_end = NULL;
  g_autoptr (OpLogger) logger = NULL;
  g_auto (Collection) collection = { 0 };

  op_memory_transport_new_pair (&line, &far_end);
  op_emulator_serve (emulator, far_end);
  logger = pak_logger_new (line, 3, 0, 0);
  pak_logger_set_first_timeout (PAK_LOGGER (logger), 100 * 1000);
  collection_start (&collection, logger);
  wait_for (&collection.done);
  g_assert_no_error (collection.error);
  g_assert_cmpuint (collection.n_records, ==, 300);
  op_logger_close (logger);
}

static void
on_identified_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GError **error = data;
  g_autoptr (OpIdentity) identity = op_logger_identify_finish (OP_LOGGER (source), result, error);

  g_assert_null (identity);
}

static gboolean
has_failed (GError **error)
{
  while (*error == NULL)
    g_main_context_iteration (NULL, TRUE);
  return TRUE;
}

static void
test_no_way (void)
{
  g_autoptr (OpEmulator) emulator = new_chain ();
  g_autoptr (OpTransport) line = NULL;
  g_autoptr (OpTransport) far_end = NULL;
  g_autoptr (OpLogger) logger = NULL;
  g_autoptr (GError) error = NULL;

  op_memory_transport_new_pair (&line, &far_end);
  op_emulator_serve (emulator, far_end);
  logger = pak_logger_new (line, 77, 1, 0);
  g_assert_no_error (open_logger (logger, NULL));
  op_logger_identify_async (logger, NULL, on_identified_cb, &error);
  g_assert_true (has_failed (&error));
  g_assert_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_NODE);
  op_logger_close (logger);
}

/* Loggers made for addresses share without being told to. */
static void
test_shared_by_address (void)
{
  g_autoptr (OpEmulator) emulator = new_chain ();
  guint16 port = op_emulator_listen (emulator, "127.0.0.1", 0, NULL);
  OpLogger *loggers[N];

  g_assert_cmpuint (port, !=, 0);
  for (guint i = 0; i < N; i++)
    {
      g_autofree char *uri = g_strdup_printf ("tcp://127.0.0.1:%u?pakbus=%u%s", (guint) port, i + 1,
                                              i > 0 ? "&via=1" : "");
      g_autoptr (OpAddress) address = op_address_parse (uri, NULL);

      loggers[i] = op_logger_new (address, -1, NULL, NULL);
      g_assert_no_error (open_logger (loggers[i], NULL));
    }
  /* What was said on the line before does not count. */
  g_assert_cmpuint (op_logger_get_traffic (loggers[N - 1]), <, op_logger_get_traffic (loggers[0]));
  for (guint i = 0; i < N; i++)
    {
      op_logger_close (loggers[i]);
      g_object_unref (loggers[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/line/bus/three", NULL, test_three_at_once);
  g_test_add_data_func ("/line/bus/three/faults", "frame-drop:0.03,bit-flip:0.00003", test_three_at_once);
  g_test_add_func ("/line/chain/at-once", test_chain_at_once);
  g_test_add_func ("/line/chain/router-found", test_router_found);
  g_test_add_func ("/line/chain/no-way", test_no_way);
  g_test_add_func ("/line/chain/by-address", test_shared_by_address);
  return g_test_run ();
}
