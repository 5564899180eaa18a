/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/fixture.h"

#include <glib/gstdio.h>

static void
open_store (Fixture *fixture)
{
  fixture->store = op_store_new (fixture->path);
}

static void
save_station (Fixture *fixture)
{
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  record->name = g_strdup ("Ridge");
  record->uri = g_strdup ("tcp://localhost:6785");
  op_store_save_station_async (fixture->store, record, NULL, keep_result_cb, &result);
  fixture->station = op_store_save_station_finish (fixture->store, await (&result), &error);
  g_assert_no_error (error);
}

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("outpost-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  fixture->path = g_build_filename (fixture->folder, "store.db", NULL);
  open_store (fixture);
  save_station (fixture);
}

static void
close_store (Fixture *fixture)
{
  op_store_close (fixture->store);
  g_assert_finalize_object (fixture->store);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  close_store (fixture);
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
      g_remove (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

void
fixture_reopen (Fixture *fixture)
{
  close_store (fixture);
  open_store (fixture);
}

void
keep_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;
  g_assert_null (*place);
  *place = g_object_ref (result);
}

static gboolean
on_watchdog_cb (gpointer data)
{
  g_error ("Nothing happened for 30 s");
  return G_SOURCE_REMOVE;
}

GAsyncResult *
await (GAsyncResult **result)
{
  guint watchdog = g_timeout_add_seconds (30, on_watchdog_cb, NULL);
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
  return *result;
}

OpTable *
make_table (const char *name, OpTime interval, guint n_columns, OpType type)
{
  g_autoptr (GError) error = NULL;
  OpTableBuilder *builder = op_table_builder_new (name, 1000000, OP_TYPE_NSEC, 0, interval);
  for (guint i = 0; i < n_columns; i++)
    {
      g_autofree char *field = g_strdup_printf ("Value%u", i);
      op_table_builder_add_field (builder, type, FALSE, field, "Avg", "mV", NULL, 0);
    }
  OpTable *table = op_table_builder_finish (builder, 1, &error);
  g_assert_no_error (error);
  return table;
}

double
make_number (guint32 record, guint column)
{
  return (double) (gint) ((record * 2654435761u + column * 0x3D4D51CBu) >> 8 & 0x1FFF) - 4000;
}

OpTime
make_time (const OpTable *table, guint32 record)
{
  const OpTime begin = 1000000 * OP_SECOND;
  if (op_table_is_event (table))
    return begin + (gint32) record * OP_SECOND + (record * 7919u) % 1000 * 1000000;
  return begin + (gint32) record * table->interval;
}

static void
append_number (GByteArray *bytes, OpType type, double number)
{
  guint8 value[8];
  g_autoptr (GError) error = NULL;
  op_value_set_number (type, number, value, &error);
  g_assert_no_error (error);
  g_byte_array_append (bytes, value, (guint) op_type_size (type));
}

OpChunk *
make_chunk_full (const OpTable *table, guint32 first, guint32 count, OpTime offset, gboolean negate)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  for (guint32 i = 0; i < count; i++)
    {
      guint8 stamp[8];
      op_value_set_time (table->time_type, make_time (table, first + i) + offset, stamp);
      if (op_table_is_event (table))
        g_byte_array_append (bytes, stamp, sizeof stamp);
      for (guint c = 0; c < table->n_columns; c++)
        append_number (bytes, op_table_get_column (table, c, NULL)->type,
                       negate && c == 0 ? -make_number (first + i, c) : make_number (first + i, c));
    }
  g_autoptr (GBytes) payload = g_bytes_new (bytes->data, bytes->len);
  g_autoptr (GError) error = NULL;
  OpChunk *chunk = op_chunk_new (table, first, count, make_time (table, first) + offset, payload, &error);
  g_assert_no_error (error);
  return chunk;
}

OpChunk *
make_chunk (const OpTable *table, guint32 first, guint32 count)
{
  return make_chunk_full (table, first, count, 0, FALSE);
}

OpIncarnation *
begin (Fixture *fixture, OpTable *table, gboolean fresh)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  op_store_begin_incarnation_async (fixture->store, fixture->station, table, fresh, NULL, keep_result_cb, &result);
  OpIncarnation *incarnation = op_store_begin_incarnation_finish (fixture->store, await (&result), &error);
  g_assert_no_error (error);
  return incarnation;
}

OpIncarnation *
look_up (Fixture *fixture, OpIncarnation *incarnation)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  op_store_list_incarnations_async (fixture->store, fixture->station, NULL, keep_result_cb, &result);
  g_autoptr (GPtrArray) list = op_store_list_incarnations_finish (fixture->store, await (&result), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    {
      OpIncarnation *found = g_ptr_array_index (list, i);
      if (found->id == incarnation->id)
        return op_incarnation_ref (found);
    }
  g_assert_not_reached ();
}

gboolean
append_chunk (Fixture *fixture, gint64 incarnation, OpChunk *chunk, guint64 *n_new, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GPtrArray *chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) op_chunk_free);
  guint32 next = chunk->first + chunk->count;
  g_ptr_array_add (chunks, chunk);
  op_store_append_async (fixture->store, incarnation, chunks, NULL, TRUE, next, NULL, keep_result_cb, &result);
  return op_store_append_finish (fixture->store, await (&result), n_new, error);
}

void
append_records (Fixture *fixture, OpIncarnation *incarnation, guint32 first, guint32 count, guint packet)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint64 n_new;
  GPtrArray *chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) op_chunk_free);
  for (guint32 i = 0; i < count; i += packet)
    g_ptr_array_add (chunks, make_chunk (incarnation->table, first + i, MIN (packet, count - i)));
  op_store_append_async (fixture->store, incarnation->id, chunks, NULL, TRUE, first + count, NULL, keep_result_cb,
                         &result);
  op_store_append_finish (fixture->store, await (&result), &n_new, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_new, ==, count);
}

void
assert_records (Fixture *fixture, OpIncarnation *incarnation, guint32 first, guint32 count)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  op_store_read_async (fixture->store, incarnation, first, count, NULL, 0, NULL, keep_result_cb, &result);
  g_autoptr (OpBatch) batch = op_store_read_finish (fixture->store, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (op_batch_get_n_records (batch), ==, count);
  for (guint32 i = 0; i < count; i++)
    {
      g_assert_cmpuint (op_batch_get_records (batch)[i], ==, first + i);
      g_assert_cmpint (op_batch_get_times (batch)[i], ==, make_time (incarnation->table, first + i));
      for (guint c = 0; c < op_batch_get_n_columns (batch); c++)
        g_assert_cmpfloat (op_batch_get_numbers (batch, c)[i], ==, make_number (first + i, c));
    }
}
