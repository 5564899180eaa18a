/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include "app/engine/station.h"
#include "protocol/emulator/emulator.h"
#include "protocol/pakbus/pak-logger.h"
#include "protocol/transport/memory-transport.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#define N_RECORDS 1000000

static double
query_number (const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  double value = 0;

  if (sqlite3_open (path, &db) != SQLITE_OK || sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK
      || sqlite3_step (statement) != SQLITE_ROW)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  value = sqlite3_column_double (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return value;
}

static OpTransport *
start_emulator (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  OpTransport *transport;

  options->history = N_RECORDS;
  options->ring_size = N_RECORDS + 1000;
  options->plain_columns = 10;
  options->plain_type = OP_TYPE_FP2;
  options->max_response = 990;
  transport = op_emulator_new_demo_transport (options, &error);
  if (transport == NULL)
    g_error ("%s", error->message);
  return transport;
}

static double
collect (OpStation *station, guint64 *n_bytes)
{
  char *tables[] = { (char *) "Plain", NULL };
  OpCollectOrder order = { .select = OP_SELECT_ALL, .tables = tables };
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GError) error = NULL;
  double start = bench_now ();
  const OpTableResult *result;

  op_station_collect_async (station, &order, NULL, bench_keep_cb, &done);
  results = op_station_collect_finish (station, bench_await (&done), NULL, &error);
  if (results == NULL)
    g_error ("%s", error->message);
  result = g_ptr_array_index (results, 0);
  *n_bytes = result->n_bytes;
  return result->n_records / (bench_now () - start);
}

void
bench_collect (void)
{
  g_autofree char *dir = g_dir_make_tmp ("outpost-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "store.db", NULL);
  g_autoptr (OpStore) store = op_store_new (path);
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  g_autoptr (OpStation) station = NULL;
  g_autoptr (OpTransport) transport = start_emulator ();
  g_autoptr (OpLogger) logger = pak_logger_new (transport, 1, 0, 0);
  guint64 n_bytes;
  double rate;

  record->name = g_strdup ("Bench");
  record->uri = g_strdup ("demo:cr1000");
  station = op_station_new (store, record);
  op_station_set_logger (station, logger);
  rate = collect (station, &n_bytes);
  op_store_close (store);

  bench_say ("In-process collection, decoded, stored, ten FP2", rate / 1e3, "k rec/s", 300, TRUE);
  bench_say ("  bytes stored a byte received, pyramid aside",
             query_number (path, "SELECT sum(pgsize) FROM dbstat WHERE name <> 'block'") / n_bytes, "", 1.15,
             FALSE);

  g_unlink (path);
  g_rmdir (dir);
}
