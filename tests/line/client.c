/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client.h"

#include "protocol/pakbus/pak-logger.h"
#include "protocol/transport/memory-transport.h"

#define WATCHDOG_S 60

#define N_RECORDS 300

static gboolean
on_timeout_cb (gpointer data)
{
  g_error ("Nothing happened for %d s", WATCHDOG_S);
  return G_SOURCE_REMOVE;
}

void
wait_for (const gboolean *flag)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_S, on_timeout_cb, NULL);

  while (!*flag)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

OpEmulator *
new_emulator (guint address, OpEmulatorOptions *given)
{
  g_autoptr (OpEmulatorOptions) options = given != NULL ? given : op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  OpEmulator *emulator;

  options->pakbus_address = address;
  options->seed = address;
  options->history = N_RECORDS;
  /* No record is added while a test runs. */
  options->interval = 86400 * OP_SECOND;
  emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  return emulator;
}

typedef struct
{
  gboolean done;
  GError  *error;
} Opening;

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Opening *opening = data;

  op_logger_open_finish (OP_LOGGER (source), result, &opening->error);
  opening->done = TRUE;
}

GError *
open_logger (OpLogger *logger, GCancellable *cancellable)
{
  Opening opening = { 0 };

  op_logger_open_async (logger, cancellable, on_opened_cb, &opening);
  wait_for (&opening.done);
  return opening.error;
}

static gboolean
take_chunk (const OpChunk *chunk, gpointer data, GError **error)
{
  Collection *collection = data;

  g_byte_array_append (collection->payload, g_bytes_get_data (chunk->payload, NULL),
                       (guint) g_bytes_get_size (chunk->payload));
  collection->n_records += chunk->count;
  return TRUE;
}

static void
on_collected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Collection *collection = data;

  op_logger_collect_finish (OP_LOGGER (source), result, &collection->error);
  collection->done = TRUE;
}

static void
on_tables_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Collection *collection = data;
  g_autoptr (GPtrArray) tables = op_logger_read_tables_finish (OP_LOGGER (source), result, &collection->error);
  const OpCollectRange range = { .mode = OP_COLLECT_ALL };

  for (guint i = 0; tables != NULL && i < tables->len; i++)
    if (g_str_equal (((const OpTable *) tables->pdata[i])->name, "OneMin"))
      {
        op_logger_collect_async (OP_LOGGER (source), tables->pdata[i], &range, take_chunk, NULL, collection, NULL,
                                 on_collected_cb, collection);
        return;
      }
  collection->done = TRUE;
}

static void
on_logger_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Collection *collection = data;

  if (op_logger_open_finish (OP_LOGGER (source), result, &collection->error))
    op_logger_read_tables_async (OP_LOGGER (source), NULL, on_tables_cb, collection);
  else
    collection->done = TRUE;
}

void
collection_start (Collection *collection, OpLogger *logger)
{
  *collection = (Collection) { .logger = g_object_ref (logger), .payload = g_byte_array_new () };
  op_logger_open_async (logger, NULL, on_logger_opened_cb, collection);
}

void
collection_clear (Collection *collection)
{
  g_clear_object (&collection->logger);
  g_clear_pointer (&collection->payload, g_byte_array_unref);
  g_clear_error (&collection->error);
}

GByteArray *
collect_directly (OpEmulator *emulator, guint address)
{
  g_autoptr (OpTransport) near_end = NULL;
  g_autoptr (OpTransport) far_end = NULL;
  g_autoptr (OpLogger) logger = NULL;
  g_auto (Collection) collection = { 0 };

  op_memory_transport_new_pair (&near_end, &far_end);
  op_emulator_serve (emulator, far_end);
  logger = pak_logger_new (near_end, (guint16) address, 0, 0);
  collection_start (&collection, logger);
  wait_for (&collection.done);
  g_assert_no_error (collection.error);
  op_logger_close (logger);
  return g_steal_pointer (&collection.payload);
}

void
collection_assert (Collection *collection, OpEmulator *emulator, guint address)
{
  g_autoptr (GByteArray) expected = collect_directly (emulator, address);

  wait_for (&collection->done);
  g_assert_no_error (collection->error);
  g_assert_cmpuint (collection->n_records, ==, N_RECORDS);
  g_assert_cmpmem (collection->payload->data, collection->payload->len, expected->data, expected->len);
}
