/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/fixture.h"

#include "app/engine/store-append.h"
#include "app/engine/store-incarnations.h"
#include "app/engine/store-schema.h"
#include "app/engine/store-stations.h"

#include <glib/gstdio.h>
#include <string.h>

/* What can happen to a store's file: other versions, other programs, damage, a full disk, sudden death. */

static const char *program;

static gint64
ask (const char *path, const char *sql)
{
  sqlite3 *handle;
  sqlite3_stmt *stmt;
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  gint64 value = sqlite3_step (stmt) == SQLITE_ROW ? sqlite3_column_int64 (stmt, 0) : -1;
  sqlite3_finalize (stmt);
  sqlite3_close (handle);
  return value;
}

static void
tell (const char *path, const char *sql)
{
  sqlite3 *handle;
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static void
test_new_file (Fixture *fixture, gconstpointer data)
{
  fixture_reopen (fixture);
  g_assert_cmpint (ask (fixture->path, "PRAGMA user_version"), ==, OP_DB_NEWEST_VERSION);
  g_assert_cmpint (ask (fixture->path, "PRAGMA application_id"), ==, 0x4F505354);
  g_assert_cmpint (ask (fixture->path, "PRAGMA page_size"), ==, 16384);
  g_assert_cmpint (ask (fixture->path, "SELECT count (*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), ==, 1);
  g_assert_cmpint (ask (fixture->path, "SELECT count (*) FROM station"), ==, 1);
}

/* Step 0 → 1, once. */
static void
test_migration_1 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "empty.db", NULL);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  OpDb *db = op_db_open (path, &error);
  g_assert_no_error (error);
  op_db_close (db);
  g_assert_cmpint (ask (path, "SELECT count (*) FROM sqlite_schema WHERE type = 'table' AND name IN "
                              "('station', 'incarnation', 'run', 'gap', 'chunk', 'strip')"), ==, 6);
  db = op_db_open (path, &error);
  g_assert_no_error (error);
  op_db_close (db);
}

/* Of a pyramid of the versions before 4 it only matters that there was one. */
#define BACK_TO_VERSION \
  "CREATE TABLE kept AS SELECT * FROM strip;" \
  "DROP TABLE strip;" \
  "CREATE TABLE block (id INTEGER PRIMARY KEY, data BLOB NOT NULL);" \
  "INSERT INTO block SELECT id, x'00' FROM kept;" \
  "PRAGMA user_version = "

/* Step 1 → 2 keeps what a store holds. */
static void
test_migration_2 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  op_store_close (fixture->store);
  tell (fixture->path, "DROP TABLE clock_event; " BACK_TO_VERSION "1; DROP TABLE kept");
  OpDb *db = op_db_open (fixture->path, &error);
  g_assert_no_error (error);
  op_db_close (db);
  g_assert_cmpint (ask (fixture->path, "PRAGMA user_version"), ==, OP_DB_NEWEST_VERSION);
  g_assert_cmpint (ask (fixture->path, "SELECT count (*) FROM clock_event"), ==, 0);
  g_assert_cmpint (ask (fixture->path, "SELECT count (*) FROM station WHERE name = 'Ridge'"), ==, 1);
}

/* Strips of the levels @from up to @to. */
#define COUNT_STRIPS(from, to) \
  "SELECT count (*) FROM strip WHERE 10 - ((id >> 29) & 15) BETWEEN " #from " AND " #to

/* Steps 2 → 3 → 4 give the same pyramid as one that had it from the beginning. */
static void
test_migration_4 (Fixture *fixture, gconstpointer data)
{
  const char *back_to_older = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpTable) long_table = make_table ("Long", OP_SECOND, 2, OP_TYPE_FP2);
  g_autoptr (OpTable) short_table = make_table ("Short", 60 * OP_SECOND, 3, OP_TYPE_IEEE4);
  g_autoptr (OpIncarnation) longer = begin (fixture, long_table, FALSE);
  g_autoptr (OpIncarnation) shorter = begin (fixture, short_table, FALSE);
  /* Past 2^24, where strips of all levels are stored. */
  append_records (fixture, longer, (1 << 24) - 60000, 70000, 700);
  append_records (fixture, longer, (1 << 24) + 20000, 1000, 10);
  append_records (fixture, shorter, 0, 3000, 50);
  op_store_close (fixture->store);
  tell (fixture->path, back_to_older);
  OpDb *db = op_db_open (fixture->path, &error);
  g_assert_no_error (error);
  op_db_close (db);
  g_assert_cmpint (ask (fixture->path, "PRAGMA user_version"), ==, 4);
  g_assert_cmpint (ask (fixture->path, COUNT_STRIPS (0, 0)), >, 15);
  g_assert_cmpint (ask (fixture->path, COUNT_STRIPS (10, 10)), ==, 1);
  g_assert_cmpint (ask (fixture->path, COUNT_STRIPS (0, 10)), ==, ask (fixture->path, "SELECT count (*) FROM strip"));
  g_assert_cmpint (ask (fixture->path, "SELECT count (*) FROM sqlite_schema WHERE name = 'block'"), ==, 0);
  g_assert_cmpint (ask (fixture->path, "SELECT count (*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM strip)"), ==, 0);
  g_assert_cmpint (ask (fixture->path, "SELECT count (*) FROM (SELECT * FROM strip EXCEPT SELECT * FROM kept)"), ==, 0);
}

static void
assert_open_fails (Fixture *fixture, const char *path, OpStoreError code)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OpStore *store = op_store_new (path);
  op_store_load_stations_async (store, NULL, keep_result_cb, &result);
  g_assert_null (op_store_load_stations_finish (store, await (&result), &error));
  g_assert_error (error, OP_STORE_ERROR, (gint) code);
  op_store_close (store);
  g_object_unref (store);
}

static void
test_foreign_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_build_filename (fixture->folder, "text.db", NULL);
  g_autofree char *foreign = g_build_filename (fixture->folder, "foreign.db", NULL);
  g_autofree char *newer = g_build_filename (fixture->folder, "newer.db", NULL);
  g_autofree char *contents = g_strnfill (5000, 'x');
  g_assert_true (g_file_set_contents (text, contents, -1, NULL));
  assert_open_fails (fixture, text, OP_STORE_ERROR_OPEN);
  tell (foreign, "CREATE TABLE birds (name TEXT); PRAGMA user_version = 1");
  assert_open_fails (fixture, foreign, OP_STORE_ERROR_OPEN);
  g_assert_cmpint (ask (foreign, "SELECT count (*) FROM sqlite_schema"), ==, 1);
  g_assert_cmpint (ask (foreign, "SELECT count (*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), ==, 0);
  tell (newer, "PRAGMA application_id = 1330664276; PRAGMA user_version = 99");
  assert_open_fails (fixture, newer, OP_STORE_ERROR_VERSION);
  assert_open_fails (fixture, fixture->folder, OP_STORE_ERROR_OPEN);
}

static void
test_damage (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) read = NULL, loaded = NULL;
  g_autofree char *contents = NULL;
  gsize length;
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 10, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) incarnation = begin (fixture, table, FALSE);
  append_records (fixture, incarnation, 0, 50000, 500);
  fixture_reopen (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  for (gsize page = length / 16384 / 2; page < length / 16384; page++)
    memset (contents + page * 16384, 0xFF, 200);
  g_assert_true (g_file_set_contents (fixture->path, contents, (gssize) length, NULL));

  op_store_read_async (fixture->store, incarnation, 0, 50000, NULL, 0, NULL, keep_result_cb, &read);
  g_assert_null (op_store_read_finish (fixture->store, await (&read), &error));
  g_assert_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED);
  g_clear_error (&error);
  /* What lies in whole pages can still be read, */
  op_store_load_stations_async (fixture->store, NULL, keep_result_cb, &loaded);
  g_autoptr (GPtrArray) stations = op_store_load_stations_finish (fixture->store, await (&loaded), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stations->len, ==, 1);
  assert_records (fixture, incarnation, 0, 1000);
  /* and once writing met the damage, no more is written. */
  g_assert_false (append_chunk (fixture, incarnation->id, make_chunk (table, 50000, 10), NULL, &error));
  g_assert_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED);
}

static gboolean
append (OpDb *db, OpIncarnation *incarnation, guint32 first, guint32 count, GError **error)
{
  OpAppendRequest *request = g_new0 (OpAppendRequest, 1);
  request->incarnation = incarnation->id;
  request->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) op_chunk_free);
  for (guint32 i = 0; i < count; i += 24)
    g_ptr_array_add (request->chunks, make_chunk (incarnation->table, first + i, MIN (24, count - i)));
  request->move_cursor = TRUE;
  request->next_record = first + count;
  gboolean done = op_db_write (db, op_db_append, request, error);
  op_append_request_free (request);
  return done;
}

static OpIncarnation *
begin_directly (OpDb *db, gint64 station, OpTable *table)
{
  g_autoptr (GError) error = NULL;
  OpIncarnationsRequest *request = op_incarnations_request_new (station);
  request->table = op_table_ref (table);
  op_db_write (db, op_db_begin_incarnation, request, &error);
  g_assert_no_error (error);
  OpIncarnation *incarnation = op_incarnation_ref (g_ptr_array_index (request->list, 0));
  op_incarnations_request_free (request);
  return incarnation;
}

static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 10, OP_TYPE_FP2);
  g_autoptr (OpDb) db = op_db_open (fixture->path, &error);
  g_autoptr (OpIncarnation) incarnation = begin_directly (db, fixture->station, table);
  g_assert_true (append (db, incarnation, 0, 5000, &error));
  gint64 n_pages;
  g_assert_true (op_db_get_int (db, 0, &n_pages, &error, "PRAGMA page_count", ""));
  g_autofree char *limit = g_strdup_printf ("PRAGMA max_page_count = %" G_GINT64_FORMAT, n_pages + 3);
  g_assert_true (op_db_exec (db, limit, &error));
  g_assert_false (append (db, incarnation, 5000, 20000, &error));
  g_assert_error (error, OP_STORE_ERROR, OP_STORE_ERROR_FULL);
  g_clear_error (&error);
  g_autoptr (OpIncarnation) held = look_up (fixture, incarnation);
  g_assert_cmpuint (held->n_records, ==, 5000);
  g_assert_cmpuint (held->next_record, ==, 5000);
  assert_records (fixture, held, 0, 5000);
  g_assert_true (op_db_exec (db, "PRAGMA max_page_count = 1000000", &error));
  g_assert_true (append (db, incarnation, 5000, 20000, &error));
  assert_records (fixture, held, 0, 25000);
}

static void
test_sweep (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 10, OP_TYPE_FP2);
  g_autoptr (OpDb) db = op_db_open (fixture->path, &error);
  g_autoptr (OpIncarnation) incarnation = begin_directly (db, fixture->station, table);
  g_assert_true (append (db, incarnation, 0, 300000, &error));
  g_assert_true (op_db_run (db, &error, "INSERT INTO clock_event VALUES (1, ?1, 0, 'me', 0, 0, 0, 0, 0)", "i",
                            fixture->station));
  OpStationsRequest *request = op_stations_request_new ();
  request->id = fixture->station;
  g_assert_true (op_db_write (db, op_db_remove_station, request, &error));
  op_stations_request_free (request);
  guint n_slices = 0;
  gint64 longest = 0;
  for (; db->sweep; n_slices++)
    {
      gint64 begun = g_get_monotonic_time ();
      g_assert_true (op_db_write (db, op_db_sweep, NULL, &error));
      longest = MAX (longest, g_get_monotonic_time () - begun);
    }
  g_assert_cmpuint (n_slices, >, 3);
  g_assert_cmpint (longest, <, 500000);
  g_assert_cmpint (ask (fixture->path, "SELECT (SELECT count (*) FROM chunk) + (SELECT count (*) FROM strip)"
                                       " + (SELECT count (*) FROM run) + (SELECT count (*) FROM incarnation)"
                                       " + (SELECT count (*) FROM station)"
                                       " + (SELECT count (*) FROM clock_event)"), ==, 0);
}

/* In a process of its own: appends from the cursor on until killed, or @count records. */
static int
run_appender (const char *path, gint64 station, const char *name, guint32 count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OpTable) table = make_table (name, 60 * OP_SECOND, 10, OP_TYPE_FP2);
  g_autoptr (OpDb) db = op_db_open (path, &error);
  g_assert_no_error (error);
  g_autoptr (OpIncarnation) incarnation = begin_directly (db, station, table);
  guint32 next = incarnation->next_record;
  for (guint32 end = next + count; next != end;)
    {
      guint32 n = (guint32) g_random_int_range (1, 400);
      n = MIN (n, end - next);
      append (db, incarnation, next, n, &error);
      g_assert_no_error (error);
      next += n;
      g_print ("%u\n", next);
    }
  return 0;
}

static GSubprocess *
start_appender (Fixture *fixture, const char *name, guint32 count)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *station = g_strdup_printf ("%" G_GINT64_FORMAT, fixture->station);
  g_autofree char *count_text = g_strdup_printf ("%u", count);
  GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--append",
                                           fixture->path, station, name, count_text, NULL);
  g_assert_no_error (error);
  return process;
}

static gboolean
on_kill_cb (gpointer data)
{
  g_subprocess_force_exit (data);
  return G_SOURCE_REMOVE;
}

/* Returns the last number that the process told. */
static guint32
kill_in_a_while (GSubprocess *process)
{
  g_autoptr (GDataInputStream) stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  guint32 told = 0;
  gboolean armed = FALSE;
  for (;;)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_data_input_stream_read_line_async (stream, G_PRIORITY_DEFAULT, NULL, keep_result_cb, &result);
      g_autofree char *line = g_data_input_stream_read_line_finish (stream, await (&result), NULL, NULL);
      if (line == NULL)
        break;
      told = (guint32) g_ascii_strtoull (line, NULL, 10);
      if (!armed)
        g_timeout_add ((guint) g_test_rand_int_range (1, 60), on_kill_cb, process);
      armed = TRUE;
    }
  g_assert_true (armed);
  g_subprocess_wait (process, NULL, NULL);
  return told;
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GSubprocess) process = start_appender (fixture, "OneMin", 10000000);
      guint32 told = kill_in_a_while (process);
      fixture_reopen (fixture);
      g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 10, OP_TYPE_FP2);
      g_autoptr (OpIncarnation) held = begin (fixture, table, FALSE);
      g_assert_cmpuint (held->generation, ==, 1);
      g_assert_cmpuint (held->n_records, >=, told);
      g_assert_cmpuint (held->next_record, ==, held->n_records);
      g_assert_cmpuint (held->runs->len, ==, 1);
      assert_records (fixture, held, 0, (guint32) held->n_records);
      g_autoptr (GAsyncResult) result = NULL;
      op_store_reduce_async (fixture->store, held, 0, held->first_time, held->last_time, 1, NULL, keep_result_cb,
                             &result);
      g_autoptr (OpReduction) reduction = op_store_reduce_finish (fixture->store, await (&result), NULL);
      g_assert_cmpuint (reduction->n_records, ==, held->n_records);
    }
}

static void
test_two_processes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("Mine", 60 * OP_SECOND, 10, OP_TYPE_FP2);
  g_autoptr (OpTable) other_table = make_table ("Theirs", 60 * OP_SECOND, 10, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) mine = begin (fixture, table, FALSE);
  g_autoptr (GSubprocess) process = start_appender (fixture, "Theirs", 30000);
  for (guint32 i = 0; i < 30000; i += 300)
    append_records (fixture, mine, i, 300, 50);
  g_autoptr (GAsyncResult) result = NULL;
  g_subprocess_wait_check_async (process, NULL, keep_result_cb, &result);
  g_autoptr (GError) error = NULL;
  g_subprocess_wait_check_finish (process, await (&result), &error);
  g_assert_no_error (error);
  g_autoptr (OpIncarnation) theirs = begin (fixture, other_table, FALSE);
  g_assert_cmpuint (theirs->n_records, ==, 30000);
  assert_records (fixture, theirs, 0, 30000);
  assert_records (fixture, mine, 0, 30000);
}

int
main (int argc, char **argv)
{
  if (argc == 6 && g_str_equal (argv[1], "--append"))
    return run_appender (argv[2], g_ascii_strtoll (argv[3], NULL, 10), argv[4],
                         (guint32) g_ascii_strtoull (argv[5], NULL, 10));
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/store-file/new", test_new_file);
  ADD ("/store-file/migration/1", test_migration_1);
  ADD ("/store-file/migration/2", test_migration_2);
  g_test_add ("/store-file/migration/3", Fixture, BACK_TO_VERSION "2", fixture_set_up, test_migration_4,
              fixture_tear_down);
  g_test_add ("/store-file/migration/4", Fixture, BACK_TO_VERSION "3", fixture_set_up, test_migration_4,
              fixture_tear_down);
  ADD ("/store-file/foreign", test_foreign_files);
  ADD ("/store-file/damage", test_damage);
  ADD ("/store-file/full-disk", test_full_disk);
  ADD ("/store-file/sweep", test_sweep);
  ADD ("/store-file/killed", test_killed);
  ADD ("/store-file/two-processes", test_two_processes);
  return g_test_run ();
}
