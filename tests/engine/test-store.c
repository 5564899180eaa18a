/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/fixture.h"

#include <string.h>

static void
test_append_read (Fixture *fixture, gconstpointer data)
{
  OpTime interval = GPOINTER_TO_INT (data) * OP_SECOND;
  g_autoptr (OpTable) table = make_table ("OneMin", interval, 10, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) new = begin (fixture, table, FALSE);
  g_assert_cmpuint (new->generation, ==, 1);
  g_assert_false (new->has_cursor);
  append_records (fixture, new, 100, 20000, 25);
  append_records (fixture, new, 20100, 7, 1);
  fixture_reopen (fixture);
  g_autoptr (OpIncarnation) held = look_up (fixture, new);
  g_assert_cmpuint (held->n_records, ==, 20007);
  g_assert_cmpuint (held->n_bytes, ==, 20007 * (20 + (interval == 0 ? 8 : 0)));
  g_assert_true (held->has_cursor);
  g_assert_cmpuint (held->next_record, ==, 20107);
  g_assert_cmpint (held->first_time, ==, make_time (table, 100));
  g_assert_cmpint (held->last_time, ==, make_time (table, 20106));
  g_assert_cmpuint (held->runs->len, ==, 1);
  g_assert_cmpuint (g_array_index (held->runs, OpRecordRun, 0).first, ==, 100);
  g_assert_cmpuint (g_array_index (held->runs, OpRecordRun, 0).count, ==, 20007);
  g_assert_true (g_bytes_equal (held->table->definition, table->definition));
  assert_records (fixture, held, 100, 20007);
  assert_records (fixture, held, 3333, 1);
  assert_records (fixture, held, 12345, 678);
}

static GPtrArray *
read_chunks (Fixture *fixture, gint64 incarnation, guint32 first, guint32 count)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  op_store_read_chunks_async (fixture->store, incarnation, first, count, NULL, keep_result_cb, &result);
  GPtrArray *chunks = op_store_read_chunks_finish (fixture->store, await (&result), &error);
  g_assert_no_error (error);
  return chunks;
}

/* Bytes come back as they came, cut to the range. */
static void
test_bytes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 3, OP_TYPE_IEEE4);
  g_autoptr (OpIncarnation) incarnation = begin (fixture, table, FALSE);
  append_records (fixture, incarnation, 0, 5000, 83);
  g_autoptr (GPtrArray) chunks = read_chunks (fixture, incarnation->id, 1700, 2000);
  guint32 next = 1700;
  for (guint i = 0; i < chunks->len; i++)
    {
      const OpChunk *chunk = g_ptr_array_index (chunks, i);
      g_autoptr (OpChunk) expected = make_chunk (table, next, chunk->count);
      g_assert_cmpuint (chunk->first, ==, next);
      g_assert_cmpint (chunk->first_time, ==, expected->first_time);
      g_assert_cmpint (chunk->last_time, ==, expected->last_time);
      g_assert_true (g_bytes_equal (chunk->payload, expected->payload));
      next += chunk->count;
    }
  g_assert_cmpuint (next, ==, 3700);
  g_autoptr (GPtrArray) none = read_chunks (fixture, incarnation->id, 5000, 100);
  g_assert_cmpuint (none->len, ==, 0);
}

/* Records that came before are left out; out of order ones close the hole between the runs. */
static void
test_duplicates_and_fill_in (Fixture *fixture, gconstpointer data)
{
  OpTime interval = GPOINTER_TO_INT (data) * OP_SECOND;
  g_autoptr (GError) error = NULL;
  guint64 n_new;
  g_autoptr (OpTable) table = make_table ("OneMin", interval, 4, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) incarnation = begin (fixture, table, FALSE);
  append_records (fixture, incarnation, 1000, 1000, 30);
  append_records (fixture, incarnation, 5000, 1000, 30);
  g_autoptr (OpIncarnation) two_runs = look_up (fixture, incarnation);
  g_assert_cmpuint (two_runs->runs->len, ==, 2);
  g_assert_true (append_chunk (fixture, incarnation->id, make_chunk (table, 1500, 200), &n_new, &error));
  g_assert_cmpuint (n_new, ==, 0);
  g_assert_true (append_chunk (fixture, incarnation->id, make_chunk (table, 1900, 3200), &n_new, &error));
  g_assert_cmpuint (n_new, ==, 3000);
  g_assert_true (append_chunk (fixture, incarnation->id, make_chunk (table, 0, 1001), &n_new, &error));
  g_assert_cmpuint (n_new, ==, 1000);
  g_autoptr (OpIncarnation) one_run = look_up (fixture, incarnation);
  g_assert_cmpuint (one_run->runs->len, ==, 1);
  g_assert_cmpuint (one_run->n_records, ==, 6000);
  g_assert_cmpint (one_run->first_time, ==, make_time (table, 0));
  g_assert_cmpint (one_run->last_time, ==, make_time (table, 5999));
  assert_records (fixture, one_run, 0, 6000);
}

static void
assert_conflict (Fixture *fixture, OpIncarnation *incarnation, OpChunk *chunk)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OpIncarnation) before = look_up (fixture, incarnation);
  g_assert_false (append_chunk (fixture, incarnation->id, chunk, NULL, &error));
  g_assert_error (error, OP_STORE_ERROR, OP_STORE_ERROR_CONFLICT);
  g_autoptr (OpIncarnation) after = look_up (fixture, incarnation);
  g_assert_cmpuint (after->n_records, ==, before->n_records);
  g_assert_cmpuint (after->next_record, ==, before->next_record);
  assert_records (fixture, incarnation, 500, 500);
}

static void
test_conflict (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 4, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) incarnation = begin (fixture, table, FALSE);
  append_records (fixture, incarnation, 500, 500, 20);
  assert_conflict (fixture, incarnation, make_chunk_full (table, 999, 20, 0, TRUE));
  assert_conflict (fixture, incarnation, make_chunk_full (table, 400, 101, 0, TRUE));
  assert_conflict (fixture, incarnation, make_chunk_full (table, 990, 50, OP_SECOND, FALSE));
  /* The next one that is right works. */
  append_records (fixture, incarnation, 1000, 10, 10);
}

/* The number goes from 4294967295 to 0. */
static void
test_wrap (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("Fast", 0, 2, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) incarnation = begin (fixture, table, FALSE);
  append_records (fixture, incarnation, 4294967000u, 500, 60);
  append_records (fixture, incarnation, 204, 1000, 60);
  append_records (fixture, incarnation, 4294966990u, 10, 60);
  g_autoptr (OpIncarnation) held = look_up (fixture, incarnation);
  g_assert_cmpuint (held->runs->len, ==, 2);
  g_assert_cmpuint (g_array_index (held->runs, OpRecordRun, 0).first, ==, 4294966990u);
  g_assert_cmpuint (g_array_index (held->runs, OpRecordRun, 0).count, ==, 306);
  g_assert_cmpuint (g_array_index (held->runs, OpRecordRun, 1).first, ==, 0);
  g_assert_cmpuint (g_array_index (held->runs, OpRecordRun, 1).count, ==, 1204);
  assert_records (fixture, held, 4294966990u, 1510);
  assert_records (fixture, held, 100, 300);
  g_assert_cmpint (op_incarnation_find_record (held, 0), ==, 306);
  g_assert_cmpint (op_incarnation_find_record (held, 4294966989u), ==, -1);
  g_assert_cmpuint (op_incarnation_get_record (held, 305), ==, 4294967295u);
  g_assert_cmpuint (op_incarnation_get_record (held, 306), ==, 0);
}

static void
test_generations (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 4, OP_TYPE_FP2);
  g_autoptr (OpTable) wider = make_table ("OneMin", 60 * OP_SECOND, 5, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) first = begin (fixture, table, FALSE);
  append_records (fixture, first, 0, 100, 20);
  g_autoptr (OpIncarnation) same = begin (fixture, table, FALSE);
  g_assert_cmpint (same->id, ==, first->id);
  g_assert_cmpuint (same->n_records, ==, 100);
  g_autoptr (OpIncarnation) changed = begin (fixture, wider, FALSE);
  g_assert_cmpuint (changed->generation, ==, 2);
  g_autoptr (OpIncarnation) fresh = begin (fixture, wider, TRUE);
  g_assert_cmpuint (fresh->generation, ==, 3);
  append_records (fixture, fresh, 0, 50, 20);
  assert_records (fixture, first, 0, 100);
  assert_records (fixture, fresh, 0, 50);
  g_autoptr (OpIncarnation) empty = look_up (fixture, changed);
  g_assert_cmpuint (empty->n_records, ==, 0);
  g_assert_cmpint (empty->first_time, ==, OP_TIME_UNKNOWN);
}

static void
append_with_gap (Fixture *fixture, OpIncarnation *incarnation, guint32 first, guint32 count, OpGap gap)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) op_chunk_free);
  g_ptr_array_add (chunks, make_chunk (incarnation->table, first, count));
  op_store_append_async (fixture->store, incarnation->id, chunks, &gap, TRUE, first + count, NULL, keep_result_cb,
                         &result);
  g_assert_true (op_store_append_finish (fixture->store, await (&result), NULL, &error));
}

/* A gap is kept with its bounds, and goes when its records turn up after all. */
static void
test_gaps (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 4, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) incarnation = begin (fixture, table, FALSE);
  append_records (fixture, incarnation, 0, 100, 20);
  append_with_gap (fixture, incarnation, 300, 50,
                   (OpGap){ 100, 200, make_time (table, 99), make_time (table, 300) });
  g_autoptr (OpIncarnation) held = look_up (fixture, incarnation);
  g_assert_cmpuint (held->gaps->len, ==, 1);
  OpGap gap = g_array_index (held->gaps, OpGap, 0);
  g_assert_cmpuint (gap.first, ==, 100);
  g_assert_cmpuint (gap.count, ==, 200);
  g_assert_cmpint (gap.before, ==, make_time (table, 99));
  g_assert_cmpint (gap.after, ==, make_time (table, 300));

  g_assert_true (append_chunk (fixture, incarnation->id, make_chunk (table, 150, 50), NULL, &error));
  g_autoptr (OpIncarnation) split = look_up (fixture, incarnation);
  g_assert_cmpuint (split->gaps->len, ==, 2);
  g_assert_cmpuint (g_array_index (split->gaps, OpGap, 0).first, ==, 100);
  g_assert_cmpuint (g_array_index (split->gaps, OpGap, 0).count, ==, 50);
  g_assert_cmpuint (g_array_index (split->gaps, OpGap, 1).first, ==, 200);
  g_assert_cmpuint (g_array_index (split->gaps, OpGap, 1).count, ==, 100);
  g_assert_true (append_chunk (fixture, incarnation->id, make_chunk (table, 100, 200), NULL, &error));
  g_autoptr (OpIncarnation) closed = look_up (fixture, incarnation);
  g_assert_cmpuint (closed->gaps->len, ==, 0);
  g_assert_cmpuint (closed->runs->len, ==, 1);
}

static gint64
save (Fixture *fixture, const OpStationRecord *record, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  op_store_save_station_async (fixture->store, record, NULL, keep_result_cb, &result);
  return op_store_save_station_finish (fixture->store, await (&result), error);
}

static GPtrArray *
load (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  op_store_load_stations_async (fixture->store, NULL, keep_result_cb, &result);
  GPtrArray *stations = op_store_load_stations_finish (fixture->store, await (&result), &error);
  g_assert_no_error (error);
  return stations;
}

static void
test_stations (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  record->name = g_strdup ("Glacier");
  record->uri = g_strdup ("serial:/dev/ttyUSB0");
  record->simulated = TRUE;
  record->utc_offset_known = TRUE;
  record->utc_offset_s = -3600;
  record->tables = g_strsplit ("OneMin Daily", " ", -1);
  record->identity = g_strdup ("{}");
  record->last_collected_us = 1234567890123456;
  record->id = save (fixture, record, &error);
  g_assert_no_error (error);
  record->last_offset_known = TRUE;
  record->last_offset_us = -310000;
  g_assert_cmpint (save (fixture, record, &error), ==, record->id);
  fixture_reopen (fixture);
  g_autoptr (GPtrArray) stations = load (fixture);
  g_assert_cmpuint (stations->len, ==, 2);
  const OpStationRecord *loaded = g_ptr_array_index (stations, 0);
  g_assert_cmpstr (loaded->name, ==, "Glacier");
  g_assert_cmpstr (loaded->uri, ==, "serial:/dev/ttyUSB0");
  g_assert_true (loaded->simulated);
  g_assert_true (loaded->utc_offset_known);
  g_assert_cmpint (loaded->utc_offset_s, ==, -3600);
  g_assert_cmpstrv (loaded->tables, record->tables);
  g_assert_cmpstr (loaded->identity, ==, "{}");
  g_assert_cmpint (loaded->last_collected_us, ==, 1234567890123456);
  g_assert_true (loaded->last_offset_known);
  g_assert_cmpint (loaded->last_offset_us, ==, -310000);
  const OpStationRecord *other = g_ptr_array_index (stations, 1);
  g_assert_false (other->utc_offset_known);
  g_assert_false (other->last_offset_known);
  g_assert_null (other->tables);
  g_assert_null (other->identity);

  g_autoptr (OpStationRecord) twin = op_station_record_copy (record);
  twin->id = 0;
  g_free (twin->name);
  twin->name = g_strdup ("GLACIER");
  g_assert_cmpint (save (fixture, twin, &error), ==, 0);
  g_assert_error (error, OP_STORE_ERROR, OP_STORE_ERROR_NAME_TAKEN);
}

static void
test_remove_station (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 10, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) incarnation = begin (fixture, table, FALSE);
  append_records (fixture, incarnation, 0, 100000, 1000);
  op_store_remove_station_async (fixture->store, fixture->station, NULL, keep_result_cb, &result);
  g_assert_true (op_store_remove_station_finish (fixture->store, await (&result), &error));
  g_autoptr (GPtrArray) stations = load (fixture);
  g_assert_cmpuint (stations->len, ==, 0);
  /* Its name is free. */
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  record->name = g_strdup ("Ridge");
  record->uri = g_strdup ("demo:cr1000");
  g_assert_cmpint (save (fixture, record, &error), !=, 0);
  g_assert_no_error (error);
}

/* Packets of 500 bytes: at most 1.15 bytes in the file a byte received, also when tables take turns. */
static void
test_size (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contents = NULL;
  const guint32 n_records = 100000;
  /* No numbers: no pyramid. */
  OpTableBuilder *builder = op_table_builder_new ("Text", 1000, OP_TYPE_NSEC, 0, OP_SECOND);
  op_table_builder_add_field (builder, OP_TYPE_ASCII, FALSE, "Name", "", "", (guint32[]){ 20 }, 1);
  g_autoptr (OpTable) table = op_table_builder_finish (builder, 1, NULL);
  builder = op_table_builder_new ("Text2", 1000, OP_TYPE_NSEC, 0, OP_SECOND);
  op_table_builder_add_field (builder, OP_TYPE_ASCII, FALSE, "Name", "", "", (guint32[]){ 20 }, 1);
  g_autoptr (OpTable) table2 = op_table_builder_finish (builder, 2, NULL);
  g_assert_cmpuint (table->record_size, ==, 20);
  OpIncarnation *incarnations[] = { begin (fixture, table, FALSE), begin (fixture, table2, FALSE) };
  g_autofree guint8 *text = g_malloc0 (500);
  memset (text, 'x', 500);
  g_autoptr (GBytes) payload = g_bytes_new (text, 500);
  for (guint32 i = 0; i < n_records; i += 5000)
    for (guint k = 0; k < 2; k++)
      {
        g_autoptr (GAsyncResult) appended = NULL;
        g_autoptr (GError) error = NULL;
        GPtrArray *chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) op_chunk_free);
        for (guint32 j = 0; j < 5000; j += 25)
          g_ptr_array_add (chunks, op_chunk_new (table, i + j, 25, make_time (table, i + j), payload, NULL));
        op_store_append_async (fixture->store, incarnations[k]->id, chunks, NULL, TRUE, i + 5000, NULL,
                               keep_result_cb, &appended);
        g_assert_true (op_store_append_finish (fixture->store, await (&appended), NULL, &error));
      }
  op_incarnation_unref (incarnations[0]);
  op_incarnation_unref (incarnations[1]);
  fixture_reopen (fixture); /* moves everything from the log into the file */
  gsize length;
  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  double ratio = (double) length / (2.0 * n_records * 20);
  g_test_message ("%.3f bytes stored a byte received", ratio);
  g_assert_cmpfloat (ratio, <=, 1.15);
}

static void
test_cancel_queued (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 10, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) incarnation = begin (fixture, table, FALSE);
  append_records (fixture, incarnation, 0, 400000, 1000);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *results[8] = { NULL };
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    op_store_read_async (fixture->store, incarnation, 0, 400000, NULL, 0, cancellable, keep_result_cb, &results[i]);
  gint64 begun = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (op_store_read_finish (fixture->store, await (&results[i]), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_object_unref (results[i]);
    }
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 200000);
  assert_records (fixture, incarnation, 399990, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, data, func) g_test_add (path, Fixture, data, fixture_set_up, func, fixture_tear_down)
  ADD ("/store/append-read/interval", GINT_TO_POINTER (60), test_append_read);
  ADD ("/store/append-read/event", GINT_TO_POINTER (0), test_append_read);
  ADD ("/store/bytes", NULL, test_bytes);
  ADD ("/store/fill-in/interval", GINT_TO_POINTER (60), test_duplicates_and_fill_in);
  ADD ("/store/fill-in/event", GINT_TO_POINTER (0), test_duplicates_and_fill_in);
  ADD ("/store/conflict", NULL, test_conflict);
  ADD ("/store/wrap", NULL, test_wrap);
  ADD ("/store/generations", NULL, test_generations);
  ADD ("/store/gaps", NULL, test_gaps);
  ADD ("/store/stations", NULL, test_stations);
  ADD ("/store/remove-station", NULL, test_remove_station);
  ADD ("/store/size", NULL, test_size);
  ADD ("/store/cancel", NULL, test_cancel_queued);
  return g_test_run ();
}
