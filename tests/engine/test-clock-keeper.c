/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is kept of looking at and setting a station's clock. */

#include "tests/engine/fixture.h"
#include "tests/engine/simulated-clock.h"

#include "app/engine/clock-keeper.h"
#include "app/engine/station-hold.h"
#include "app/engine/station-private.h"

#include <string.h>

#define S G_USEC_PER_SEC

typedef struct
{
  Fixture         base;
  GRand          *rand;
  GPtrArray      *tables;
  SimulatedClock *logger;
  OpStation      *station;
  OpClockKeeper  *keeper;
} KeeperFixture;

static void
save (KeeperFixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_station_save_async (f->station, NULL, keep_result_cb, &result);
  g_assert_true (op_station_save_finish (f->station, await (&result), &error));
  g_assert_no_error (error);
}

/* A station that is connected to a clock which is 40 s ahead. */
static void
set_up (KeeperFixture *f, gconstpointer data)
{
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  OpConnection *connection = g_new0 (OpConnection, 1);

  fixture_set_up (&f->base, NULL);
  f->rand = g_rand_new_with_seed (1);
  f->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) op_table_unref);
  f->logger = g_object_new (SIMULATED_TYPE_CLOCK, NULL);
  f->logger->rand = f->rand;
  f->logger->tables = f->tables;
  f->logger->link = (SimulatedLink) { .there_us = 1000, .back_us = 1000, .timeout_us = 50000 };
  f->logger->base_us = g_get_monotonic_time ();
  f->logger->base = op_time_from_unix_us (g_get_real_time () + 40 * S, 3600);
  record->name = g_strdup ("Hut");
  record->uri = g_strdup ("tcp://nowhere.invalid:6785");
  record->utc_offset_known = TRUE;
  record->utc_offset_s = 3600;
  f->station = op_station_new (f->base.store, record);
  connection->identity = g_new0 (OpIdentity, 1);
  connection->clock = g_new0 (OpClockReading, 1);
  connection->tables = g_ptr_array_ref (f->tables);
  op_station_take_connection (f->station, OP_LOGGER (f->logger), connection);
  f->keeper = op_clock_keeper_new (f->station);
  /* This logger cannot be opened again. */
  op_station_change_holds (f->station, 1);
}

static void
tear_down (KeeperFixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->keeper);
  op_station_release (f->station);
  g_assert_finalize_object (f->station);
  g_assert_finalize_object (f->logger);
  g_ptr_array_unref (f->tables);
  g_rand_free (f->rand);
  fixture_tear_down (&f->base, NULL);
}

static void
check (KeeperFixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_clock_keeper_check_async (f->keeper, NULL, keep_result_cb, &result);
  g_assert_cmpint ((gint) op_clock_keeper_get_state (f->keeper), ==, OP_CLOCK_CHECKING);
  g_assert_true (op_clock_keeper_check_finish (f->keeper, await (&result), &error));
  g_assert_no_error (error);
  g_assert_cmpint ((gint) op_clock_keeper_get_state (f->keeper), ==, OP_CLOCK_IDLE);
}

/* As another keeper finds it in the store, in letters: c check, s set. */
static char *
dup_history (KeeperFixture *f)
{
  g_autoptr (OpClockKeeper) other = op_clock_keeper_new (f->station);
  g_autoptr (GAsyncResult) result = NULL;
  GPtrArray *events;
  GString *letters = g_string_new (NULL);

  op_clock_keeper_load_async (other, NULL, keep_result_cb, &result);
  g_assert_true (op_clock_keeper_load_finish (other, await (&result), NULL));
  events = op_clock_keeper_get_history (other);
  for (guint i = 0; i < events->len; i++)
    g_string_append_c (letters, ((OpClockEvent *) events->pdata[i])->kind == OP_CLOCK_EVENT_SET ? 's' : 'c');
  return g_string_free (letters, FALSE);
}

static void
assert_history (KeeperFixture *f, const char *letters)
{
  g_autofree char *history = dup_history (f);

  g_assert_cmpstr (history, ==, letters);
}

static void
assert_offset (KeeperFixture *f, gint64 expected_us)
{
  gint64 offset_us, uncertainty_us;

  g_assert_true (op_station_get_clock_offset (f->station, &offset_us, &uncertainty_us));
  g_assert_cmpint (ABS (offset_us - expected_us), <=, uncertainty_us + S / 4);
}

static void
test_check (KeeperFixture *f, gconstpointer data)
{
  const OpClockOrder order = { 0 };

  g_assert_null (op_clock_keeper_get_look (f->keeper));
  g_assert_null (op_clock_keeper_plan (f->keeper, &order));
  check (f);
  assert_offset (f, 40 * S);
  assert_history (f, "");
  save (f);
  check (f);
  check (f);
  assert_history (f, "cc");
  g_assert_cmpuint (op_clock_keeper_get_history (f->keeper)->len, ==, 2);
  g_assert_cmpuint (op_clock_keeper_get_drift (f->keeper)->checks->len, ==, 2);
  g_autoptr (OpClockPlan) plan = op_clock_keeper_plan (f->keeper, &order);
  g_assert_true (plan->is_needed);
  g_assert_cmpint (ABS (plan->adjustment_us + 40 * S), <, S / 4);
  g_assert_cmpuint (plan->harm->len, ==, 0);
}

static OpClockChange *
set_clock (KeeperFixture *f, const OpClockOrder *order, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  op_clock_keeper_set_async (f->keeper, order, FALSE, NULL, keep_result_cb, &result);
  return op_clock_keeper_set_finish (f->keeper, await (&result), error);
}

static void
test_set (KeeperFixture *f, gconstpointer data)
{
  const OpClockOrder order = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree OpClockChange *change = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *csv = NULL;

  save (f);
  change = set_clock (f, &order, &error);
  g_assert_no_error (error);
  g_assert_true (change->set);
  g_assert_cmpuint (f->logger->n_applied, ==, 1);
  assert_offset (f, 0);
  assert_history (f, "sc");
  csv = op_clock_keeper_dup_csv (f->keeper);
  lines = g_strsplit (csv, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_true (g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z,set,(39|40)\\.\\d{6},"
                                       "0\\.\\d{6},0\\.\\d{6},-(39|40)\\.\\d{6},\".*\"$", lines[1], 0, 0));
}

/* A minute's records would be doubled: it says so, does nothing, and is not kept as a set. */
static void
test_harm (KeeperFixture *f, gconstpointer data)
{
  OpClockOrder order = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree OpClockChange *change = NULL;

  save (f);
  g_ptr_array_add (f->tables, make_table ("TenSec", 10 * OP_SECOND, 1, OP_TYPE_FP2));
  g_assert_null (set_clock (f, &order, &error));
  g_assert_error (error, OP_CLOCK_ERROR, OP_CLOCK_ERROR_HARM);
  g_assert_nonnull (strstr (error->message, "TenSec stores 4"));
  g_assert_cmpuint (f->logger->n_applied, ==, 0);
  assert_history (f, "");
  order.accept_harm = TRUE;
  change = set_clock (f, &order, NULL);
  g_assert_true (change->set);
  assert_history (f, "sc");
}

static void
test_busy (KeeperFixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) first = NULL, second = NULL;
  g_autoptr (GError) error = NULL;

  op_clock_keeper_check_async (f->keeper, NULL, keep_result_cb, &first);
  op_clock_keeper_check_async (f->keeper, NULL, keep_result_cb, &second);
  g_assert_false (op_clock_keeper_check_finish (f->keeper, await (&second), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_true (op_clock_keeper_check_finish (f->keeper, await (&first), NULL));
}

/* What the clock is set to moves all that is known of it, and is kept. */
static void
test_utc_offset (KeeperFixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean chosen;
  gint proposed;
  const OpClockEvent *event;

  save (f);
  g_assert_false (op_clock_keeper_propose_utc_offset (f->keeper, &proposed));
  check (f);
  g_assert_true (op_clock_keeper_propose_utc_offset (f->keeper, &proposed));
  g_assert_cmpint (proposed, ==, 3600);
  op_clock_keeper_set_utc_offset_async (f->keeper, 2700, NULL, keep_result_cb, &result);
  g_assert_true (op_clock_keeper_set_utc_offset_finish (f->keeper, await (&result), &error));
  g_assert_no_error (error);
  g_assert_cmpint (op_clock_keeper_get_utc_offset (f->keeper, &chosen), ==, 2700);
  g_assert_true (chosen);
  event = g_ptr_array_index (op_clock_keeper_get_history (f->keeper), 0);
  g_assert_cmpint (ABS (event->offset_us - 940 * S), <, S / 4);
  g_assert_cmpint (ABS (op_clock_keeper_get_look (f->keeper)->offset.offset_us - 940 * S), <, S / 4);
  check (f);
  assert_offset (f, 940 * S);
}

static void
test_cancel (KeeperFixture *f, gconstpointer data)
{
  const OpClockOrder order = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  /* Now no moment is safe for at least 25 s. */
  f->logger->base = op_time_from_unix_us (g_get_real_time () + 40 * S, 3600) / (60 * OP_SECOND) * (60 * OP_SECOND)
                    + 25 * OP_SECOND;
  f->logger->base_us = g_get_monotonic_time ();
  g_ptr_array_add (f->tables, make_table ("OneMin", 60 * OP_SECOND, 1, OP_TYPE_FP2));
  op_clock_keeper_set_async (f->keeper, &(OpClockOrder) { .goal_us = 0 }, FALSE, cancellable, keep_result_cb, &result);
  while (op_clock_keeper_get_moment (f->keeper) == 0 && result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  g_assert_null (op_clock_keeper_set_finish (f->keeper, await (&result), &error));
  if (!g_error_matches (error, OP_CLOCK_ERROR, OP_CLOCK_ERROR_HARM))
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (f->logger->n_applied, ==, 0);
  g_clear_object (&result);
  g_clear_error (&error);
  op_clock_keeper_set_async (f->keeper, &order, FALSE, cancellable, keep_result_cb, &result);
  g_assert_null (op_clock_keeper_set_finish (f->keeper, await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(path, test) g_test_add (path, KeeperFixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/clock-keeper/check", test_check);
  ADD ("/clock-keeper/set", test_set);
  ADD ("/clock-keeper/harm", test_harm);
  ADD ("/clock-keeper/busy", test_busy);
  ADD ("/clock-keeper/utc-offset", test_utc_offset);
  ADD ("/clock-keeper/cancel", test_cancel);
  return g_test_run ();
}
