/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/fake-logger.h"
#include "tests/engine/fixture.h"

#include "app/engine/export.h"
#include "protocol/emulator/emulator.h"
#include "protocol/pakbus/pak-logger.h"
#include "protocol/transport/memory-transport.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

static OpStation *
make_station (Fixture *fixture, OpLogger *logger)
{
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  record->name = g_strdup ("Mast");
  record->uri = g_strdup ("demo:cr1000");
  record->simulated = TRUE;
  OpStation *station = op_station_new (fixture->store, record);
  op_station_set_logger (station, logger);
  return station;
}

/* (element-type OpTableResult) */
static GPtrArray *
collect (OpStation *station)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OpCollectOrder order = { .select = OP_SELECT_NEW };
  op_station_collect_async (station, &order, NULL, keep_result_cb, &result);
  GPtrArray *results = op_station_collect_finish (station, await (&result), NULL, &error);
  g_assert_no_error (error);
  return results;
}

static OpIncarnation *
find_incarnation (Fixture *fixture, OpStation *station, gint64 id)
{
  g_autoptr (GAsyncResult) result = NULL;
  op_store_list_incarnations_async (fixture->store, op_station_get_id (station), NULL, keep_result_cb, &result);
  g_autoptr (GPtrArray) list = op_store_list_incarnations_finish (fixture->store, await (&result), NULL);
  for (guint i = 0; i < list->len; i++)
    if (((OpIncarnation *) g_ptr_array_index (list, i))->id == id)
      return op_incarnation_ref (g_ptr_array_index (list, i));
  g_assert_not_reached ();
}

static char *
export (Fixture *fixture, OpStation *station, OpIncarnation *incarnation, guint64 *n_records)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "out.dat", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  char *contents;
  op_export_toa5_async (station, incarnation, file, NULL, keep_result_cb, &result);
  g_assert_true (op_export_toa5_finish (await (&result), n_records, &error));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  return contents;
}

/* Written down by hand after file-formats.md, section 1. */
static const char golden[] =
  "\"TOA5\",\"Ridge \"\"North\"\"\",\"CR1000\",\"1234\",\"CR1000.Std.32\",\"CPU:w.CR1\",\"4711\",\"OneMin\"\r\n"
  "\"TIMESTAMP\",\"RECORD\",\"Value0\",\"Value1\"\r\n"
  "\"TS\",\"RN\",\"mV\",\"mV\"\r\n"
  "\"\",\"\",\"Avg\",\"Avg\"\r\n";

static void
test_golden (Fixture *fixture, gconstpointer data)
{
  guint64 n_records;
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 2, OP_TYPE_FP2);
  g_autoptr (FakeLogger) logger = fake_logger_new (table);
  logger->end = 40000;
  g_autoptr (OpStation) station = make_station (fixture, OP_LOGGER (logger));
  g_autoptr (GPtrArray) results = collect (station);
  g_autoptr (OpIncarnation) incarnation
      = find_incarnation (fixture, station, ((OpTableResult *) g_ptr_array_index (results, 0))->incarnation);
  g_autofree char *text = export (fixture, station, incarnation, &n_records);
  g_assert_cmpuint (n_records, ==, 40000);
  g_autoptr (GString) expected = g_string_new (golden);
  for (guint32 i = 0; i < 40000; i++)
    {
      time_t seconds = OP_UNIX_OF_1990 + 1000000 + 60 * (time_t) i;
      char stamp[32];
      strftime (stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S", gmtime (&seconds));
      g_string_append_printf (expected, "\"%s\",%u,%g,%g\r\n", stamp, i, make_number (i, 0), make_number (i, 1));
    }
  g_assert_cmpuint (strlen (text), ==, expected->len);
  g_assert_true (g_str_equal (text, expected->str));
}

static guint
count_files (const char *folder, const char *part)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;
  while ((name = g_dir_read_name (dir)) != NULL)
    n += strstr (name, part) != NULL;
  return n;
}

/* Ended early, the file is what it was, and nothing is left beside it. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 2, OP_TYPE_FP2);
  g_autoptr (FakeLogger) logger = fake_logger_new (table);
  logger->end = 20000;
  g_autoptr (OpStation) station = make_station (fixture, OP_LOGGER (logger));
  g_autoptr (GPtrArray) results = collect (station);
  g_autoptr (OpIncarnation) incarnation
      = find_incarnation (fixture, station, ((OpTableResult *) g_ptr_array_index (results, 0))->incarnation);
  g_autofree char *path = g_build_filename (fixture->folder, "out.dat", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_assert_true (g_file_set_contents (path, "before", -1, NULL));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  op_export_toa5_async (station, incarnation, file, cancellable, keep_result_cb, &result);
  g_assert_false (op_export_toa5_finish (await (&result), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "before");
  g_assert_cmpuint (count_files (fixture->folder, "out.dat"), ==, 1);
}

static void
test_range (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 2, OP_TYPE_FP2);
  g_autoptr (FakeLogger) logger = fake_logger_new (table);
  logger->oldest = 4294967000u;
  logger->end = 500;
  g_autoptr (OpStation) station = make_station (fixture, OP_LOGGER (logger));
  g_autoptr (GPtrArray) results = collect (station);
  g_autoptr (OpIncarnation) incarnation
      = find_incarnation (fixture, station, ((OpTableResult *) g_ptr_array_index (results, 0))->incarnation);
  g_autofree char *path = g_build_filename (fixture->folder, "out.dat", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  guint64 n_records;
  op_export_toa5_range_async (station, incarnation, 4294967290u, 3, file, NULL, keep_result_cb, &result);
  g_assert_true (op_export_toa5_finish (await (&result), &n_records, NULL));
  g_assert_cmpuint (n_records, ==, 9);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_auto (GStrv) rows = g_strsplit (contents + strlen (golden), "\r\n", -1);
  g_assert_cmpuint (g_strv_length (rows), ==, 10);
  g_assert_nonnull (strstr (rows[0], ",4294967290,"));
  g_assert_nonnull (strstr (rows[5], ",4294967295,"));
  g_assert_nonnull (strstr (rows[6], ",0,"));
  g_assert_nonnull (strstr (rows[8], ",2,"));
}

static void
test_file_name (void)
{
  g_autofree char *plain = op_export_dup_file_name ("Ridge Mast", "OneMin", ".dat");
  g_autofree char *odd = op_export_dup_file_name ("../a/b\\c", "T:1", ".csv");
  g_assert_cmpstr (plain, ==, "Ridge_Mast_OneMin.dat");
  g_assert_null (strpbrk (odd, "/\\: "));
  g_assert_cmpint (odd[0], !=, '.');
}

/* All tables of the emulator, collected and exported, are byte for byte what it says that it stored. */
static void
test_emulator (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  OpTransport *near_end, *far_end;
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  options->history = 5000;
  options->interval = 3600 * OP_SECOND;
  options->dump_path = g_build_filename (fixture->folder, "dump.dat", NULL);
  OpEmulator *emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  op_memory_transport_new_pair (&near_end, &far_end);
  op_emulator_serve (emulator, far_end);
  g_autoptr (OpLogger) logger = pak_logger_new (near_end, 1, 0, 0);
  g_autoptr (OpStation) station = make_station (fixture, logger);
  g_autoptr (GPtrArray) results = collect (station);
  op_emulator_flush_dump (emulator);
  g_assert_cmpuint (results->len, >=, 2);
  for (guint i = 0; i < results->len; i++)
    {
      const OpTableResult *result = g_ptr_array_index (results, i);
      g_autoptr (OpIncarnation) incarnation = find_incarnation (fixture, station, result->incarnation);
      g_autofree char *name = g_strdup_printf ("dump.%s.dat", result->table);
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
      g_autofree char *text = export (fixture, station, incarnation, NULL);
      g_autofree char *dump = NULL;
      g_assert_true (g_file_get_contents (path, &dump, NULL, &error));
      g_assert_true (g_str_equal (text, dump));
      g_assert_cmpuint (strlen (text), >, 1000);
    }
  g_object_unref (near_end);
  g_object_unref (far_end);
  g_object_unref (emulator);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/export/golden", test_golden);
  ADD ("/export/cancelled", test_cancelled);
  ADD ("/export/range", test_range);
  ADD ("/export/emulator", test_emulator);
  g_test_add_func ("/export/file-name", test_file_name);
  return g_test_run ();
}
