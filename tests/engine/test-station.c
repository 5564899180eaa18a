/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/fake-logger.h"
#include "tests/engine/fixture.h"

#include "app/engine/station-hold.h"
#include "app/engine/station-list.h"

typedef struct
{
  Fixture     base;
  OpTable    *table;
  FakeLogger *logger;
  OpStation  *station;
} StationFixture;

static void
set_up (StationFixture *fixture, gconstpointer data)
{
  fixture_set_up (&fixture->base, NULL);
  fixture->table = make_table ("OneMin", OP_MINUTE, 3, OP_TYPE_FP2);
  fixture->logger = fake_logger_new (fixture->table);
  fixture->logger->end = 1000;
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  record->name = g_strdup ("Mast");
  record->uri = g_strdup ("demo:cr1000");
  record->simulated = TRUE;
  record->utc_offset_known = TRUE;
  fixture->station = op_station_new (fixture->base.store, record);
  op_station_set_logger (fixture->station, OP_LOGGER (fixture->logger));
}

static void
tear_down (StationFixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->station);
  g_assert_finalize_object (fixture->logger);
  op_table_unref (fixture->table);
  fixture_tear_down (&fixture->base, NULL);
}

static GPtrArray *
try_collect (StationFixture *fixture, const OpCollectOrder *order, GPtrArray **partial, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  op_station_collect_async (fixture->station, order, NULL, keep_result_cb, &result);
  GPtrArray *results = op_station_collect_finish (fixture->station, await (&result), partial, error);
  g_assert_cmpint ((gint) op_station_get_activity (fixture->station), ==, OP_STATION_IDLE);
  return results;
}

static OpTableResult *
collect (StationFixture *fixture, OpCollectOrder order)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) results = try_collect (fixture, &order, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (results->len, ==, 1);
  return g_ptr_array_steal_index (results, 0);
}

static void
assert_result (StationFixture *fixture, OpSelect select, guint32 first, guint32 count, guint64 n_missing)
{
  OpTableResult *result = collect (fixture, (OpCollectOrder){ .select = select });
  g_assert_cmpstr (result->table, ==, "OneMin");
  g_assert_cmpuint (result->n_records, ==, count);
  g_assert_cmpuint (result->n_bytes, ==, 6 * count);
  g_assert_cmpuint (result->n_missing, ==, n_missing);
  g_assert_cmpuint (result->n_gaps, ==, n_missing > 0);
  if (count > 0)
    {
      g_assert_cmpuint (result->first, ==, first);
      g_assert_cmpuint (result->last, ==, first + count - 1);
      g_assert_cmpint (result->first_time, ==, make_time (fixture->table, first) + fixture->logger->offset);
    }
  op_table_result_free (result);
}

/* (element-type OpIncarnation): all of the station, newest generation first. */
static GPtrArray *
list (StationFixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  op_store_list_incarnations_async (fixture->base.store, op_station_get_id (fixture->station), NULL, keep_result_cb,
                                    &result);
  GPtrArray *incarnations = op_store_list_incarnations_finish (fixture->base.store, await (&result), &error);
  g_assert_no_error (error);
  return incarnations;
}

/* The newest generation holds @first to @first + @count in one run, and its cursor is behind them. */
static void
assert_held (StationFixture *fixture, guint n_generations, guint32 first, guint32 count)
{
  g_autoptr (GPtrArray) incarnations = list (fixture);
  g_assert_cmpuint (incarnations->len, ==, n_generations);
  OpIncarnation *newest = g_ptr_array_index (incarnations, 0);
  g_assert_cmpuint (newest->generation, ==, n_generations);
  g_assert_cmpuint (newest->n_records, ==, count);
  g_assert_true (newest->has_cursor);
  g_assert_cmpuint (newest->next_record, ==, first + count);
  if (fixture->logger->offset == 0)
    assert_records (&fixture->base, newest, first, count);
}

static void
test_new (StationFixture *fixture, gconstpointer data)
{
  assert_result (fixture, OP_SELECT_NEW, 0, 1000, 0);
  assert_held (fixture, 1, 0, 1000);
  g_assert_cmpint (fixture->logger->last_range.mode, ==, OP_COLLECT_ALL);
  assert_result (fixture, OP_SELECT_NEW, 0, 0, 0);
  fixture->logger->end = 1003;
  assert_result (fixture, OP_SELECT_NEW, 1000, 3, 0);
  assert_held (fixture, 1, 0, 1003);
  g_assert_cmpint (fixture->logger->last_range.mode, ==, OP_COLLECT_FROM);
  g_assert_cmpuint (fixture->logger->last_range.a, ==, 999);
  assert_result (fixture, OP_SELECT_ALL, 0, 0, 0);
}

static void
test_overwritten (StationFixture *fixture, gconstpointer data)
{
  assert_result (fixture, OP_SELECT_NEW, 0, 1000, 0);
  fixture->logger->oldest = 1500;
  fixture->logger->end = 2500;
  assert_result (fixture, OP_SELECT_NEW, 1500, 1000, 500);
  g_assert_cmpint ((gint) op_station_get_health (fixture->station), ==, OP_HEALTH_WATCH);
  g_autoptr (GPtrArray) incarnations = list (fixture);
  const OpIncarnation *incarnation = g_ptr_array_index (incarnations, 0);
  g_assert_cmpuint (incarnation->gaps->len, ==, 1);
  OpGap gap = g_array_index (incarnation->gaps, OpGap, 0);
  g_assert_cmpuint (gap.first, ==, 1000);
  g_assert_cmpuint (gap.count, ==, 500);
  g_assert_cmpint (gap.before, ==, make_time (fixture->table, 999));
  g_assert_cmpint (gap.after, ==, make_time (fixture->table, 1500));
}

/* The ring memory runs over while it is read. */
static void
test_overwritten_meanwhile (StationFixture *fixture, gconstpointer data)
{
  fixture->logger->jump_at = 300;
  fixture->logger->jump_to = 410;
  OpTableResult *result = collect (fixture, (OpCollectOrder){ .select = OP_SELECT_NEW });
  g_assert_cmpuint (result->n_records, ==, 890);
  g_assert_cmpuint (result->n_missing, ==, 110);
  op_table_result_free (result);
  g_autoptr (GPtrArray) incarnations = list (fixture);
  const OpIncarnation *incarnation = g_ptr_array_index (incarnations, 0);
  g_assert_cmpuint (incarnation->runs->len, ==, 2);
  g_assert_cmpuint (incarnation->gaps->len, ==, 1);
  g_assert_cmpuint (g_array_index (incarnation->gaps, OpGap, 0).first, ==, 300);
  g_assert_cmpuint (incarnation->next_record, ==, 1000);
}

/* The table was reset: its counter is behind the cursor, or has passed it again. */
static void
test_reset (StationFixture *fixture, gconstpointer data)
{
  guint32 end = GPOINTER_TO_UINT (data);
  assert_result (fixture, OP_SELECT_NEW, 0, 1000, 0);
  fixture->logger->offset = OP_DAY;
  fixture->logger->end = end;
  OpTableResult *result = collect (fixture, (OpCollectOrder){ .select = OP_SELECT_NEW });
  g_assert_cmpuint (result->n_records, ==, end);
  g_assert_cmpuint (result->first, ==, 0);
  g_assert_cmpuint (result->n_gaps, ==, 0);
  g_assert_true (result->new_generation);
  op_table_result_free (result);
  assert_held (fixture, 2, 0, end);
  g_autoptr (GPtrArray) incarnations = list (fixture);
  assert_records (&fixture->base, g_ptr_array_index (incarnations, 1), 0, 1000);
  assert_result (fixture, OP_SELECT_NEW, 0, 0, 0);
}

static void
test_reset_seen_by_all (StationFixture *fixture, gconstpointer data)
{
  assert_result (fixture, OP_SELECT_NEW, 0, 1000, 0);
  fixture->logger->offset = OP_DAY;
  fixture->logger->end = 1200;
  assert_result (fixture, OP_SELECT_ALL, 0, 1200, 0);
  assert_held (fixture, 2, 0, 1200);
}

static void
test_changed_definition (StationFixture *fixture, gconstpointer data)
{
  assert_result (fixture, OP_SELECT_NEW, 0, 1000, 0);
  op_table_unref (fixture->logger->table);
  fixture->logger->table = make_table ("OneMin", OP_MINUTE, 5, OP_TYPE_FP2);
  fixture->logger->end = 300;
  OpTableResult *result = collect (fixture, (OpCollectOrder){ .select = OP_SELECT_NEW });
  g_assert_true (result->new_generation);
  g_assert_cmpuint (result->n_records, ==, 300);
  op_table_result_free (result);
  assert_held (fixture, 2, 0, 300);
}

/* A program was sent while collecting: the definitions are read again, once. */
static void
test_changed_meanwhile (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->logger->fail_at_once = g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_DEFINITIONS, "Changed");
  fixture->logger->next_table = make_table ("OneMin", OP_MINUTE, 4, OP_TYPE_FP2);
  OpCollectOrder order = { .select = OP_SELECT_NEW };
  g_autoptr (GPtrArray) results = try_collect (fixture, &order, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (results->len, ==, 2);
  g_assert_cmpuint (((OpTableResult *) g_ptr_array_index (results, 0))->n_records, ==, 40);
  g_assert_cmpuint (((OpTableResult *) g_ptr_array_index (results, 1))->n_records, ==, 1000);
  assert_held (fixture, 2, 0, 1000);
}

/* Orders for a part do not make the cursor pass what was not collected. */
static void
test_parts (StationFixture *fixture, gconstpointer data)
{
  OpTableResult *last = collect (fixture, (OpCollectOrder){ .select = OP_SELECT_LAST, .a = 10 });
  g_assert_cmpuint (last->first, ==, 990);
  g_assert_cmpuint (last->n_records, ==, 10);
  op_table_result_free (last);
  g_autoptr (GPtrArray) incarnations = list (fixture);
  g_assert_false (((OpIncarnation *) g_ptr_array_index (incarnations, 0))->has_cursor);
  assert_result (fixture, OP_SELECT_NEW, 0, 990, 0);
  assert_held (fixture, 1, 0, 1000);

  fixture->logger->end = 1100;
  OpTableResult *middle = collect (fixture, (OpCollectOrder){ .select = OP_SELECT_RECORDS, .a = 1050, .b = 1060 });
  g_assert_cmpuint (middle->n_records, ==, 10);
  g_assert_cmpuint (middle->n_gaps, ==, 0);
  op_table_result_free (middle);
  OpTableResult *rest = collect (fixture, (OpCollectOrder){ .select = OP_SELECT_NEW });
  g_assert_cmpuint (rest->n_records, ==, 90);
  g_assert_cmpuint (rest->first, ==, 1000);
  g_assert_cmpuint (rest->last, ==, 1099);
  op_table_result_free (rest);
  assert_held (fixture, 1, 0, 1100);
}

static void
assert_partial (StationFixture *fixture, GPtrArray *partial, guint32 count)
{
  g_assert_nonnull (partial);
  g_assert_cmpuint (partial->len, ==, 1);
  g_assert_cmpuint (((OpTableResult *) g_ptr_array_index (partial, 0))->n_records, ==, count);
  assert_held (fixture, 1, 0, count);
}

/* The link ends: what came is kept, the reason told, and the next try goes on from there. */
static void
test_link_lost (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) partial = NULL;
  OpCollectOrder order = { .select = OP_SELECT_NEW };
  fixture->logger->fail_at_once = g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK, "The cable was pulled");
  g_assert_null (try_collect (fixture, &order, &partial, &error));
  g_assert_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK);
  assert_partial (fixture, partial, 40);
  g_assert_error (op_station_get_error (fixture->station), OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK);
  g_assert_cmpint ((gint) op_station_get_health (fixture->station), ==, OP_HEALTH_TROUBLE);
  g_assert_cmpstr (op_station_get_status (fixture->station), ==, "The cable was pulled");
  assert_result (fixture, OP_SELECT_NEW, 40, 960, 0);
  assert_held (fixture, 1, 0, 1000);
  g_assert_null (op_station_get_error (fixture->station));
  g_assert_cmpstr (op_station_get_status (fixture->station), ==, "Just now · clock +0.31 s");
  g_assert_cmpint ((gint) op_station_get_health (fixture->station), ==, OP_HEALTH_WELL);
}

/* The logger falls silent in the middle, and a person presses Cancel. */
static void
test_cancel (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) partial = NULL;
  OpCollectOrder order = { .select = OP_SELECT_NEW };
  fixture->logger->hang_at = 500;
  op_station_collect_async (fixture->station, &order, NULL, keep_result_cb, &result);
  while (op_station_get_fraction (fixture->station) == 0)
    g_main_context_iteration (NULL, TRUE);
  gint64 cancelled_at = g_get_monotonic_time ();
  op_station_cancel (fixture->station);
  g_assert_null (op_station_collect_finish (fixture->station, await (&result), &partial, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - cancelled_at, <, 200000);
  g_assert_nonnull (partial);
  guint64 n_records = ((OpTableResult *) g_ptr_array_index (partial, 0))->n_records;
  g_assert_cmpuint (n_records, >, 0);
  assert_partial (fixture, partial, (guint32) n_records);
  g_assert_null (op_station_get_error (fixture->station));
  fixture->logger->hang_at = 0;
  assert_result (fixture, OP_SELECT_NEW, (guint32) n_records, 1000 - (guint32) n_records, 0);
  assert_held (fixture, 1, 0, 1000);
}

static void
test_cancelled_before (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  OpCollectOrder order = { .select = OP_SELECT_NEW };
  g_cancellable_cancel (cancellable);
  op_station_collect_async (fixture->station, &order, cancellable, keep_result_cb, &result);
  g_assert_null (op_station_collect_finish (fixture->station, await (&result), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_result (fixture, OP_SELECT_NEW, 0, 1000, 0);
}

/* What a slow link brings is stored long before it is complete. */
static void
test_stored_soon (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  OpCollectOrder order = { .select = OP_SELECT_NEW };
  fixture->logger->hang_at = 500;
  op_station_collect_async (fixture->station, &order, NULL, keep_result_cb, &result);
  guint64 n_records = 0;
  while (n_records < 500)
    {
      g_main_context_iteration (NULL, TRUE);
      if (op_station_get_id (fixture->station) == 0)
        continue;
      g_autoptr (GPtrArray) incarnations = list (fixture);
      n_records = incarnations->len > 0 ? ((OpIncarnation *) g_ptr_array_index (incarnations, 0))->n_records : 0;
    }
  g_assert_null (result);
  op_station_cancel (fixture->station);
  g_assert_null (op_station_collect_finish (fixture->station, await (&result), NULL, NULL));
}

static void
on_step_cb (OpStation *station, OpLoggerStep step, OpStepState state, const char *detail, guint *n_steps)
{
  (*n_steps)++;
}

static void
test_connect (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL, second = NULL;
  g_autoptr (GError) error = NULL;
  guint n_steps = 0;
  gint64 offset_us, uncertainty_us;
  g_signal_connect (fixture->station, "step", G_CALLBACK (on_step_cb), &n_steps);
  g_assert_false (op_station_get_clock_offset (fixture->station, &offset_us, &uncertainty_us));
  op_station_connect_async (fixture->station, NULL, keep_result_cb, &result);
  op_station_connect_async (fixture->station, NULL, keep_result_cb, &second);
  g_assert_false (op_station_connect_finish (fixture->station, await (&second), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_true (op_station_connect_finish (fixture->station, await (&result), NULL));
  g_assert_cmpuint (n_steps, ==, 1);
  g_assert_true (op_station_get_logger (fixture->station) == OP_LOGGER (fixture->logger));
  g_assert_cmpstr (op_station_get_identity (fixture->station)->serial_number, ==, "1234");
  g_assert_cmpuint (op_station_get_tables (fixture->station)->len, ==, 1);
  g_assert_true (op_station_get_clock_offset (fixture->station, &offset_us, &uncertainty_us));
  g_assert_cmpint (offset_us, ==, 310000);
  g_assert_cmpint (uncertainty_us, ==, 20000);
  g_assert_cmpint (op_station_get_id (fixture->station), ==, 0);
  op_station_disconnect (fixture->station);
  g_assert_null (op_station_get_logger (fixture->station));
}

static void
hold (StationFixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  op_station_hold_async (fixture->station, NULL, keep_result_cb, &result);
  g_assert_true (op_station_hold_finish (fixture->station, await (&result), &error));
  g_assert_no_error (error);
  g_assert_nonnull (op_station_get_logger (fixture->station));
}

static void
test_hold (StationFixture *fixture, gconstpointer data)
{
  hold (fixture);
  assert_result (fixture, OP_SELECT_NEW, 0, 1000, 0);
  g_assert_nonnull (op_station_get_logger (fixture->station));
  hold (fixture);
  op_station_release (fixture->station);
  g_assert_nonnull (op_station_get_logger (fixture->station));
  op_station_release (fixture->station);
  g_assert_null (op_station_get_logger (fixture->station));
}

/* One waits for the other's connecting; a third changes its mind while it waits. */
static void
test_hold_together (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) first = NULL, second = NULL, third = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  guint n_steps = 0;
  g_signal_connect (fixture->station, "step", G_CALLBACK (on_step_cb), &n_steps);
  op_station_hold_async (fixture->station, NULL, keep_result_cb, &first);
  op_station_hold_async (fixture->station, NULL, keep_result_cb, &second);
  op_station_hold_async (fixture->station, cancellable, keep_result_cb, &third);
  g_cancellable_cancel (cancellable);
  g_assert_false (op_station_hold_finish (fixture->station, await (&third), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (op_station_hold_finish (fixture->station, await (&first), NULL));
  g_assert_true (op_station_hold_finish (fixture->station, await (&second), NULL));
  g_assert_cmpuint (n_steps, ==, 1);
  op_station_release (fixture->station);
  g_assert_nonnull (op_station_get_logger (fixture->station));
  op_station_release (fixture->station);
  g_assert_null (op_station_get_logger (fixture->station));
}

static void
test_hold_lost (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) lost = g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK, "Pulled out");
  gboolean connected;
  hold (fixture);
  op_logger_emit_closed (OP_LOGGER (fixture->logger), lost);
  g_object_get (fixture->station, "connected", &connected, NULL);
  g_assert_false (connected);
  hold (fixture);
  op_station_release (fixture->station);
  op_station_release (fixture->station);
  g_assert_null (op_station_get_logger (fixture->station));
}

static void
test_hold_fails (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  fixture->logger->fail_open = g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER, "Nothing came");
  op_station_hold_async (fixture->station, NULL, keep_result_cb, &result);
  g_assert_false (op_station_hold_finish (fixture->station, await (&result), &error));
  g_assert_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
  g_clear_error (&fixture->logger->fail_open);
  hold (fixture);
  op_station_release (fixture->station);
  g_assert_null (op_station_get_logger (fixture->station));
}

static void
test_no_answer (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  fixture->logger->fail_open = g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER, "Nothing came");
  op_station_connect_async (fixture->station, NULL, keep_result_cb, &result);
  g_assert_false (op_station_connect_finish (fixture->station, await (&result), &error));
  g_assert_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
  g_assert_cmpstr (op_station_get_status (fixture->station), ==, "No answer");
  g_assert_null (op_station_get_logger (fixture->station));
}

static void
test_unknown_table (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char *tables[] = { (char[]){ "Hourly" }, NULL };
  OpCollectOrder order = { .select = OP_SELECT_NEW, .tables = tables };
  g_assert_null (try_collect (fixture, &order, NULL, &error));
  g_assert_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_REFUSED);
}

static void
on_items_changed_cb (GListModel *model, guint position, guint removed, guint added, guint *n_changes)
{
  (*n_changes)++;
}

static OpStationList *
load_stations (StationFixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OpStationList *stations = op_station_list_new (fixture->base.store);
  op_station_list_load_async (stations, NULL, keep_result_cb, &result);
  g_assert_true (op_station_list_load_finish (stations, await (&result), &error));
  return stations;
}

static gboolean
try_rename (StationFixture *fixture, const char *name, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  op_station_rename_async (fixture->station, name, NULL, keep_result_cb, &result);
  return op_station_rename_finish (fixture->station, await (&result), error);
}

static void
set_fast (StationFixture *fixture, gboolean fast)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  op_station_set_fast_async (fixture->station, fast, NULL, keep_result_cb, &result);
  op_station_set_fast_finish (fixture->station, await (&result), &error);
  g_assert_no_error (error);
}

static void
test_fast (StationFixture *fixture, gconstpointer data)
{
  g_assert_false (op_station_get_fast (fixture->station));
  set_fast (fixture, TRUE);
  g_assert_true (op_station_get_fast (fixture->station));
  g_assert_nonnull (strstr (op_station_get_uri (fixture->station), "fast=1"));
  g_autoptr (OpStationList) stations = load_stations (fixture);
  g_assert_true (op_station_get_fast (op_station_list_find (stations, op_station_get_name (fixture->station))));
  set_fast (fixture, FALSE);
  g_assert_null (strstr (op_station_get_uri (fixture->station), "fast"));
}

static void
on_name_notify_cb (OpStation *station, GParamSpec *pspec, guint *n_notified)
{
  (*n_notified)++;
}

static void
test_rename (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) collected = NULL;
  g_autoptr (GError) busy = NULL, taken = NULL, error = NULL;
  OpCollectOrder order = { .select = OP_SELECT_NEW };
  guint n_notified = 0;
  g_signal_connect (fixture->station, "notify::name", G_CALLBACK (on_name_notify_cb), &n_notified);
  op_station_collect_async (fixture->station, &order, NULL, keep_result_cb, &collected);
  g_assert_false (try_rename (fixture, "Hill", &busy));
  g_assert_error (busy, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_ptr_array_unref (op_station_collect_finish (fixture->station, await (&collected), NULL, &error));
  g_assert_no_error (error);

  g_assert_false (try_rename (fixture, "Ridge", &taken));
  g_assert_error (taken, OP_STORE_ERROR, OP_STORE_ERROR_NAME_TAKEN);
  g_assert_cmpstr (op_station_get_name (fixture->station), ==, "Mast");
  g_assert_cmpuint (n_notified, ==, 0);

  g_assert_true (try_rename (fixture, "Hill", &error));
  g_assert_cmpstr (op_station_get_name (fixture->station), ==, "Hill");
  g_assert_cmpuint (n_notified, ==, 1);
  assert_result (fixture, OP_SELECT_NEW, 0, 0, 0);
  g_autoptr (OpStationList) stations = load_stations (fixture);
  g_assert_null (op_station_list_find (stations, "Mast"));
  g_assert_cmpint (op_station_get_id (op_station_list_find (stations, "Hill")), ==,
                   op_station_get_id (fixture->station));
}

static void
test_list (StationFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) loaded = NULL, added = NULL, removed = NULL;
  g_autoptr (GError) error = NULL;
  guint n_changes = 0;
  g_autoptr (OpStationList) stations = op_station_list_new (fixture->base.store);
  g_signal_connect (stations, "items-changed", G_CALLBACK (on_items_changed_cb), &n_changes);
  op_station_list_load_async (stations, NULL, keep_result_cb, &loaded);
  g_assert_true (op_station_list_load_finish (stations, await (&loaded), &error));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (stations)), ==, 1);
  op_station_list_add_async (stations, fixture->station, -1, NULL, keep_result_cb, &added);
  g_assert_true (op_station_list_add_finish (stations, await (&added), &error));
  g_assert_true (op_station_list_find (stations, "MAST") == fixture->station);
  g_autofree char *free_name = op_station_list_dup_free_name (stations, "Mast");
  g_assert_cmpstr (free_name, ==, "Mast 2");
  assert_result (fixture, OP_SELECT_NEW, 0, 1000, 0);

  g_autoptr (OpStationList) again = load_stations (fixture);
  OpStation *same = op_station_list_find (again, "Mast");
  g_assert_cmpint (op_station_get_id (same), ==, op_station_get_id (fixture->station));
  g_assert_cmpstr (op_station_get_identity (same)->station_name, ==, "Ridge \"North\"");
  g_assert_cmpstr (op_station_get_status (same), ==, "Just now · clock +0.31 s");

  op_station_list_remove_async (stations, fixture->station, NULL, keep_result_cb, &removed);
  g_assert_true (op_station_list_remove_finish (stations, await (&removed), &error));
  g_assert_null (op_station_list_find (stations, "Mast"));
  g_assert_cmpuint (n_changes, ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, data, func) g_test_add (path, StationFixture, data, set_up, func, tear_down)
  ADD ("/station/new", NULL, test_new);
  ADD ("/station/overwritten/before", NULL, test_overwritten);
  ADD ("/station/overwritten/meanwhile", NULL, test_overwritten_meanwhile);
  ADD ("/station/reset/behind", GUINT_TO_POINTER (400), test_reset);
  ADD ("/station/reset/same", GUINT_TO_POINTER (1000), test_reset);
  ADD ("/station/reset/passed", GUINT_TO_POINTER (1500), test_reset);
  ADD ("/station/reset/all", NULL, test_reset_seen_by_all);
  ADD ("/station/definition/before", NULL, test_changed_definition);
  ADD ("/station/definition/meanwhile", NULL, test_changed_meanwhile);
  ADD ("/station/parts", NULL, test_parts);
  ADD ("/station/link-lost", NULL, test_link_lost);
  ADD ("/station/cancel/middle", NULL, test_cancel);
  ADD ("/station/cancel/before", NULL, test_cancelled_before);
  ADD ("/station/stored-soon", NULL, test_stored_soon);
  ADD ("/station/connect", NULL, test_connect);
  ADD ("/station/hold/collect", NULL, test_hold);
  ADD ("/station/hold/together", NULL, test_hold_together);
  ADD ("/station/hold/lost", NULL, test_hold_lost);
  ADD ("/station/hold/fails", NULL, test_hold_fails);
  ADD ("/station/no-answer", NULL, test_no_answer);
  ADD ("/station/unknown-table", NULL, test_unknown_table);
  ADD ("/station/fast", NULL, test_fast);
  ADD ("/station/rename", NULL, test_rename);
  ADD ("/station/list", NULL, test_list);
  return g_test_run ();
}
