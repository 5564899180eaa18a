/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records that a logger sends unasked, stored while the station is connected. */

#include "tests/engine/fake-logger.h"
#include "tests/engine/fixture.h"

#include "app/engine/export.h"
#include "protocol/emulator/emulator.h"
#include "protocol/pakbus/pak-logger.h"
#include "protocol/pakbus/session.h"
#include "protocol/transport/memory-transport.h"

#include <string.h>

typedef struct
{
  Fixture     base;
  OpTable    *table;
  FakeLogger *logger;
  OpStation  *station;
  guint       n_changes;
} StationFixture;

static void
on_changed_cb (OpStation *station, guint *n_changes)
{
  (*n_changes)++;
}

static void
set_up_station (StationFixture *fixture, OpLogger *logger)
{
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  record->name = g_strdup ("Mast");
  record->uri = g_strdup ("demo:cr1000");
  record->simulated = TRUE;
  record->utc_offset_known = TRUE;
  fixture->station = op_station_new (fixture->base.store, record);
  op_station_set_logger (fixture->station, logger);
  g_signal_connect (fixture->station, "changed", G_CALLBACK (on_changed_cb), &fixture->n_changes);
}

static void
set_up (StationFixture *fixture, gconstpointer data)
{
  fixture_set_up (&fixture->base, NULL);
  fixture->table = make_table ("OneMin", GPOINTER_TO_INT (data) * OP_SECOND, 3, OP_TYPE_FP2);
  fixture->logger = fake_logger_new (fixture->table);
  fixture->logger->end = 100;
  set_up_station (fixture, OP_LOGGER (fixture->logger));
}

static void
tear_down (StationFixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->station);
  g_assert_finalize_object (fixture->logger);
  op_table_unref (fixture->table);
  fixture_tear_down (&fixture->base, NULL);
}

static void
save (StationFixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  op_station_save_async (fixture->station, NULL, keep_result_cb, &result);
  g_assert_true (op_station_save_finish (fixture->station, await (&result), NULL));
}

static void
connect_station (StationFixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  op_station_connect_async (fixture->station, NULL, keep_result_cb, &result);
  op_station_connect_finish (fixture->station, await (&result), &error);
  g_assert_no_error (error);
}

static void
collect (StationFixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OpCollectOrder order = { .select = OP_SELECT_NEW };
  op_station_collect_async (fixture->station, &order, NULL, keep_result_cb, &result);
  g_autoptr (GPtrArray) results = op_station_collect_finish (fixture->station, await (&result), NULL, &error);
  g_assert_no_error (error);
}

/* The newest generation of @name, or NULL. */
static OpIncarnation *
find (StationFixture *fixture, const char *name)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  op_store_list_incarnations_async (fixture->base.store, op_station_get_id (fixture->station), NULL, keep_result_cb,
                                    &result);
  g_autoptr (GPtrArray) list = op_store_list_incarnations_finish (fixture->base.store, await (&result), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((OpIncarnation *) g_ptr_array_index (list, i))->table->name, name))
      return op_incarnation_ref (g_ptr_array_index (list, i));
  return NULL;
}

/* Lets the logger send records; the store has done with them when this returns, as it takes its work in order. */
static void
send (StationFixture *fixture, guint32 first, guint32 count, OpTime offset)
{
  g_autoptr (OpChunk) chunk = make_chunk_full (fixture->table, first, count, offset, FALSE);
  op_logger_emit_records (OP_LOGGER (fixture->logger), fixture->table, chunk);
  save (fixture);
  save (fixture);
}

static void
assert_state (StationFixture *fixture, guint64 n_records, guint32 cursor, guint n_runs)
{
  g_autoptr (OpIncarnation) incarnation = find (fixture, "OneMin");
  g_assert_cmpuint (incarnation->generation, ==, 1);
  g_assert_cmpuint (incarnation->n_records, ==, n_records);
  g_assert_true (incarnation->has_cursor);
  g_assert_cmpuint (incarnation->next_record, ==, cursor);
  g_assert_cmpuint (incarnation->runs->len, ==, n_runs);
  g_assert_cmpuint (incarnation->gaps->len, ==, 0);
}

/* What goes on from the cursor moves it; what came before counts once. */
static void
test_continues (StationFixture *fixture, gconstpointer data)
{
  collect (fixture);
  connect_station (fixture);
  fixture->n_changes = 0;
  send (fixture, 100, 1, 0);
  assert_state (fixture, 101, 101, 1);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  send (fixture, 100, 1, 0);
  assert_state (fixture, 101, 101, 1);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  send (fixture, 99, 4, 0);
  assert_state (fixture, 103, 103, 1);
  g_autoptr (OpIncarnation) incarnation = find (fixture, "OneMin");
  assert_records (&fixture->base, incarnation, 0, 103);
}

/* Records ahead of the cursor leave it: those between are collected later, and no record twice. */
static void
test_ahead (StationFixture *fixture, gconstpointer data)
{
  collect (fixture);
  connect_station (fixture);
  fixture->n_changes = 0;
  send (fixture, 110, 2, 0);
  assert_state (fixture, 102, 100, 2);
  send (fixture, 112, 1, 0);
  assert_state (fixture, 103, 100, 2);
  g_assert_cmpuint (fixture->n_changes, ==, 2);
  fixture->logger->end = 120;
  collect (fixture);
  assert_state (fixture, 120, 120, 1);
  g_autoptr (OpIncarnation) incarnation = find (fixture, "OneMin");
  assert_records (&fixture->base, incarnation, 0, 120);
}

/* Before the first collection nothing may be taken for collected. */
static void
test_first (StationFixture *fixture, gconstpointer data)
{
  save (fixture);
  connect_station (fixture);
  send (fixture, 98, 1, 0);
  {
    g_autoptr (OpIncarnation) incarnation = find (fixture, "OneMin");
    g_assert_cmpuint (incarnation->n_records, ==, 1);
    g_assert_false (incarnation->has_cursor);
  }
  collect (fixture);
  assert_state (fixture, 100, 100, 1);
}

/* The table was reset: its numbers come again, with later times. That is for the next collection to find out. */
static void
test_reset (StationFixture *fixture, gconstpointer data)
{
  collect (fixture);
  connect_station (fixture);
  send (fixture, 5, 1, 86400 * OP_SECOND);
  assert_state (fixture, 100, 100, 1);
  if (!op_table_is_event (fixture->table))
    {
      send (fixture, 100, 1, 86400 * OP_SECOND);
      send (fixture, 130, 1, 86400 * OP_SECOND);
      assert_state (fixture, 100, 100, 1);
    }
  g_autoptr (OpIncarnation) incarnation = find (fixture, "OneMin");
  assert_records (&fixture->base, incarnation, 0, 100);
}

/* Only what is collected, only of saved stations, and only while connected. */
static void
test_not_wanted (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) public_table = make_table ("Public", 60 * OP_SECOND, 3, OP_TYPE_FP2);
  g_autoptr (OpChunk) chunk = make_chunk (public_table, 5, 1);
  connect_station (fixture);
  op_logger_emit_records (OP_LOGGER (fixture->logger), public_table, chunk);
  op_logger_emit_records (OP_LOGGER (fixture->logger), fixture->table, chunk);
  save (fixture);
  op_logger_emit_records (OP_LOGGER (fixture->logger), public_table, chunk);
  save (fixture);
  op_station_disconnect (fixture->station);
  send (fixture, 5, 1, 0);
  g_assert_null (find (fixture, "Public"));
  g_assert_null (find (fixture, "OneMin"));
  g_assert_cmpuint (fixture->n_changes, ==, 0);
}

/* With the emulator */

static OpLogger *
plug_in (OpEmulator *emulator)
{
  OpTransport *near_end, *far_end;
  op_memory_transport_new_pair (&near_end, &far_end);
  op_emulator_serve (emulator, far_end);
  OpLogger *logger = pak_logger_new (near_end, 1, 0, 0);
  g_object_unref (near_end);
  g_object_unref (far_end);
  return logger;
}

static char *
export (StationFixture *fixture, OpIncarnation *incarnation)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->base.folder, "out.dat", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  char *text;
  op_export_toa5_async (fixture->station, incarnation, file, NULL, keep_result_cb, &result);
  g_assert_true (op_export_toa5_finish (await (&result), NULL, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static char *
read_dump (StationFixture *fixture, OpEmulator *emulator)
{
  g_autofree char *path = g_build_filename (fixture->base.folder, "dump.OneMin.dat", NULL);
  char *text;
  op_emulator_flush_dump (emulator);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* Behind the four lines of the header. */
static const char *
find_rows (const char *text)
{
  for (guint i = 0; i < 4; i++)
    text = strchr (text, '\n') + 1;
  return text;
}

/* Export's thread and what is on its way to the store let go of them a little later. */
static void
wait_until_alone (gpointer object)
{
  while (g_atomic_int_get ((gint *) &G_OBJECT (object)->ref_count) > 1)
    g_main_context_iteration (NULL, FALSE);
}

/* Unasked, records come as the emulator says that it stored them; the next collection brings those before. */
static void
test_emulator (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  fixture_set_up (&fixture->base, NULL);
  options->history = 200;
  options->interval = OP_SECOND / 10;
  options->one_way = PAK_DEFAULT_ADDRESS;
  options->dump_path = g_build_filename (fixture->base.folder, "dump.dat", NULL);
  OpEmulator *emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  OpLogger *logger = plug_in (emulator);
  set_up_station (fixture, logger);
  save (fixture);
  connect_station (fixture);
  fixture->n_changes = 0;
  while (fixture->n_changes < 12)
    g_main_context_iteration (NULL, TRUE);
  op_station_disconnect (fixture->station);
  save (fixture);
  save (fixture);

  g_autoptr (OpIncarnation) unasked = find (fixture, "OneMin");
  g_assert_cmpuint (unasked->n_records, >=, 10);
  g_assert_false (unasked->has_cursor);
  g_assert_cmpuint (g_array_index (unasked->runs, OpRecordRun, 0).first, >=, 200);
  g_autofree char *some = export (fixture, unasked);
  g_autofree char *dump = read_dump (fixture, emulator);
  g_assert_true (strncmp (some, dump, (gsize) (find_rows (some) - some)) == 0);
  g_assert_nonnull (strstr (dump, find_rows (some)));

  OpLogger *again = plug_in (emulator);
  op_station_set_logger (fixture->station, again);
  collect (fixture);
  save (fixture);
  save (fixture);
  g_autoptr (OpIncarnation) whole = find (fixture, "OneMin");
  g_assert_cmpuint (whole->generation, ==, 1);
  g_assert_cmpuint (whole->runs->len, ==, 1);
  g_autofree char *all = export (fixture, whole);
  g_autofree char *later_dump = read_dump (fixture, emulator);
  g_assert_true (g_str_has_prefix (later_dump, all));
  g_assert_cmpuint (strlen (all), >, strlen (some));

  wait_until_alone (fixture->station);
  g_assert_finalize_object (fixture->station);
  /* Records that are on their way are stored all the same. */
  wait_until_alone (fixture->base.store);
  g_object_unref (logger);
  g_object_unref (again);
  g_object_unref (emulator);
  fixture_tear_down (&fixture->base, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, seconds, func)                                                                                    \
  g_test_add (path, StationFixture, GINT_TO_POINTER (seconds), set_up, func, tear_down)
  ADD ("/one-way/continues", 60, test_continues);
  ADD ("/one-way/continues-event", 0, test_continues);
  ADD ("/one-way/ahead", 60, test_ahead);
  ADD ("/one-way/ahead-event", 0, test_ahead);
  ADD ("/one-way/first", 60, test_first);
  ADD ("/one-way/reset", 60, test_reset);
  ADD ("/one-way/reset-event", 0, test_reset);
  ADD ("/one-way/not-wanted", 60, test_not_wanted);
  g_test_add ("/one-way/emulator", StationFixture, NULL, NULL, test_emulator, NULL);
  return g_test_run ();
}
