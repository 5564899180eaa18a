/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Setting the clock of the emulator over links that lose and double frames, in virtual time: its records tell
 * afterwards whether one is missing or came twice.
 */

#include "tests/engine/fixture.h"
#include "tests/fault/virtual-time.h"

#include "app/engine/clock-change.h"
#include "protocol/emulator/emulator.h"
#include "protocol/emulator/fault-transport.h"
#include "protocol/pakbus/pak-logger.h"
#include "protocol/transport/memory-transport.h"
#include "protocol/transport/throttle.h"

#define N_RUNS    2000
#define N_HISTORY 20
#define INTERVAL  (30 * OP_SECOND)

static const char *const faults[] = { "", "frame-drop:0.1", "frame-drop:0.2,frame-dup:0.2", "bit-flip:0.0003" };

typedef struct
{
  OpEmulator *emulator;
  OpLogger   *logger;
  OpTable    *table;
  GArray     *times; /* OpTime: of the records collected, in order */
} Run;

/* A call may lose all its tries: a person would try again. */
#define MAX_CALLS 20

static GAsyncResult *
await_virtual (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static gboolean
try_open (Run *run, GRand *rand, const char *spec, GError **error)
{
  g_autoptr (OpTransport) near = NULL;
  g_autoptr (OpTransport) far = NULL;
  g_autoptr (OpTransport) line = NULL;
  g_autoptr (OpTransport) faulty = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  OpFaults parsed = { { 0 } };

  if (*spec != '\0')
    g_assert_true (op_faults_parse (spec, &parsed, NULL));
  op_memory_transport_new_pair (&near, &far);
  line = op_throttle_new (near, 0, g_rand_int_range (rand, 0, 200000));
  faulty = op_fault_transport_new (far, &parsed, g_rand_int (rand));
  op_emulator_serve (run->emulator, faulty);
  run->logger = pak_logger_new (line, 1, 0, 0);
  op_logger_open_async (run->logger, NULL, keep_result_cb, &result);
  return op_logger_open_finish (run->logger, await_virtual (&result), error);
}

static void
open_link (Run *run, GRand *rand)
{
  const char *spec = faults[g_rand_int_range (rand, 0, G_N_ELEMENTS (faults))];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < MAX_CALLS; i++)
    {
      g_clear_error (&error);
      g_clear_object (&run->logger);
      if (try_open (run, rand, spec, &error))
        return;
    }
  g_error ("It never opens: %s", error->message);
}

static GPtrArray *
read_tables (Run *run)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < MAX_CALLS; i++)
    {
      GPtrArray *tables;

      g_clear_object (&result);
      g_clear_error (&error);
      op_logger_read_tables_async (run->logger, NULL, keep_result_cb, &result);
      tables = op_logger_read_tables_finish (run->logger, await_virtual (&result), &error);
      if (tables != NULL)
        return tables;
    }
  g_error ("Its tables cannot be read: %s", error->message);
}

/* Returns: NULL with OP_CLOCK_ERROR_HARM, or what was done. */
static OpClockChange *
set_clock (Run *run, GPtrArray *tables, GError **error)
{
  const OpClockOrder order = { 0 };

  for (guint i = 0; i < MAX_CALLS; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      OpClockChange *change;

      g_clear_error (error);
      op_clock_change_async (run->logger, tables, &order, 0, NULL, NULL, NULL, keep_result_cb, &result);
      change = op_clock_change_finish (run->logger, await_virtual (&result), error);
      if (change != NULL || g_error_matches (*error, OP_CLOCK_ERROR, OP_CLOCK_ERROR_HARM))
        return change;
    }
  g_error ("The clock cannot be set: %s", (*error)->message);
}

static gboolean
on_waited_cb (gpointer is_over)
{
  *(gboolean *) is_over = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_for_records (void)
{
  gboolean is_over = FALSE;

  g_timeout_add (3 * INTERVAL / 1000000, on_waited_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
on_chunk_cb (const OpChunk *chunk, gpointer data, GError **error)
{
  Run *run = data;
  g_autoptr (OpBatch) batch = op_batch_new (run->table, NULL, 0, chunk->count);

  if (!op_batch_append_chunk (batch, chunk, error))
    return FALSE;
  g_array_append_vals (run->times, op_batch_get_times (batch), op_batch_get_n_records (batch));
  return TRUE;
}

static void
collect (Run *run)
{
  const OpCollectRange all = { .mode = OP_COLLECT_ALL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < MAX_CALLS; i++)
    {
      g_clear_object (&result);
      g_clear_error (&error);
      g_array_set_size (run->times, 0);
      op_logger_collect_async (run->logger, run->table, &all, on_chunk_cb, NULL, run, NULL, keep_result_cb, &result);
      if (op_logger_collect_finish (run->logger, await_virtual (&result), &error))
        return;
    }
  g_error ("Its records cannot be collected: %s", error->message);
}

static OpTable *
find_main_table (GPtrArray *tables)
{
  for (guint i = 0; i < tables->len; i++)
    if (((OpTable *) tables->pdata[i])->interval == INTERVAL)
      return tables->pdata[i];
  g_assert_not_reached ();
}

static void
check_records (Run *run)
{
  g_assert_cmpuint (run->times->len, >=, N_HISTORY + 2);
  for (guint i = 1; i < run->times->len; i++)
    g_assert_cmpint (g_array_index (run->times, OpTime, i) - g_array_index (run->times, OpTime, i - 1), ==, INTERVAL);
}

/* Returns: whether the clock was set. */
static gboolean
run_once (guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  OpEmulatorOptions *options = op_emulator_options_new ("cr1000");
  Run run = { .times = g_array_new (FALSE, FALSE, sizeof (OpTime)) };
  g_autoptr (GPtrArray) tables = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree OpClockChange *change = NULL;

  options->history = N_HISTORY;
  options->interval = INTERVAL;
  options->outage = FALSE;
  options->seed = seed;
  options->drift_ppm = g_rand_double_range (rand, -200, 200);
  options->clock_offset_ns = (gint64) g_rand_int_range (rand, -40000, 40000) * 1000000;
  run.emulator = op_emulator_new (options, NULL);
  op_emulator_options_free (options);
  open_link (&run, rand);
  tables = read_tables (&run);
  run.table = find_main_table (tables);
  change = set_clock (&run, tables, &error);
  wait_for_records ();
  collect (&run);
  check_records (&run);
  /* Doubled frames reach the emulator as such; a link that only loses them makes one change at most. */
  g_assert_cmpuint (op_emulator_get_n_applied (run.emulator, "clock"), ==, change != NULL && change->set ? 1 : 0);
  op_logger_close (run.logger);
  g_object_unref (run.logger);
  g_object_unref (run.emulator);
  g_array_unref (run.times);
  return change != NULL && change->set;
}

static void
test_runs (void)
{
  guint n_set = 0;

  for (guint32 seed = 1; seed <= N_RUNS; seed++)
    {
      g_test_message ("seed %u", seed);
      n_set += run_once (seed) ? 1 : 0;
    }
  g_test_message ("%u were set", n_set);
  g_assert_cmpuint (n_set, >, N_RUNS / 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  virtual_time_install ();
  g_test_add_func ("/clock/emulator", test_runs);
  return g_test_run ();
}
