/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/fixture.h"

static void
add (Fixture *fixture, gint64 station, gint64 host_unix_us, OpClockEventKind kind, gint64 adjusted_us)
{
  char whom[] = "Zoë";
  const OpClockEvent event = { station, host_unix_us, whom, kind, -host_unix_us, 20000, 35000, adjusted_us };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_store_add_clock_event_async (fixture->store, &event, NULL, keep_result_cb, &result);
  g_assert_true (op_store_add_clock_event_finish (fixture->store, await (&result), &error));
  g_assert_no_error (error);
}

static GPtrArray *
list (Fixture *fixture, gint64 station)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  op_store_list_clock_events_async (fixture->store, station, NULL, keep_result_cb, &result);
  GPtrArray *events = op_store_list_clock_events_finish (fixture->store, await (&result), &error);
  g_assert_no_error (error);
  return events;
}

/* By time, one station's only, and still there after the program's end. */
static void
test_history (Fixture *fixture, gconstpointer data)
{
  add (fixture, fixture->station, G_GINT64_CONSTANT (4294967296000000), OP_CLOCK_EVENT_SET, -7);
  add (fixture, fixture->station, 1000, OP_CLOCK_EVENT_CHECK, 0);
  add (fixture, fixture->station + 1, 2000, OP_CLOCK_EVENT_CHECK, 0);
  fixture_reopen (fixture);
  g_autoptr (GPtrArray) events = list (fixture, fixture->station);
  g_assert_cmpuint (events->len, ==, 2);
  const OpClockEvent *check = g_ptr_array_index (events, 0), *set = g_ptr_array_index (events, 1);
  g_assert_cmpint (check->host_unix_us, ==, 1000);
  g_assert_cmpint (check->kind, ==, OP_CLOCK_EVENT_CHECK);
  g_assert_cmpint (set->station, ==, fixture->station);
  g_assert_cmpint (set->host_unix_us, ==, G_GINT64_CONSTANT (4294967296000000));
  g_assert_cmpstr (set->by_whom, ==, "Zoë");
  g_assert_cmpint (set->kind, ==, OP_CLOCK_EVENT_SET);
  g_assert_cmpint (set->offset_us, ==, -G_GINT64_CONSTANT (4294967296000000));
  g_assert_cmpint (set->uncertainty_us, ==, 20000);
  g_assert_cmpint (set->round_trip_us, ==, 35000);
  g_assert_cmpint (set->adjusted_us, ==, -7);
}

static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events = list (fixture, fixture->station);
  g_assert_cmpuint (events->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store-clock/history", Fixture, NULL, fixture_set_up, test_history, fixture_tear_down);
  g_test_add ("/store-clock/nothing", Fixture, NULL, fixture_set_up, test_nothing, fixture_tear_down);
  return g_test_run ();
}
