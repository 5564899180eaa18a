/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/live-fixture.h"

#define MS 1000

OpStation *
new_station (LiveFixture *f, const char *uri)
{
  g_autoptr (OpStationRecord) record = op_station_record_new ();

  record->name = g_strdup ("Mast");
  record->uri = g_strdup (uri);
  record->simulated = TRUE;
  record->utc_offset_known = TRUE;
  return op_station_new (f->base.store, record);
}

void
live_fixture_set_up (LiveFixture *f, gconstpointer data)
{
  fixture_set_up (&f->base, NULL);
  f->logger = g_object_new (VALUE_TYPE_LOGGER, NULL);
  f->station = new_station (f, "demo:cr1000");
  op_station_set_logger (f->station, OP_LOGGER (f->logger));
  f->values = op_live_values_new (f->station);
  op_live_values_set_interval (f->values, 100 * MS);
}

void
live_fixture_tear_down (LiveFixture *f, gconstpointer data)
{
  op_live_values_stop (f->values);
  /* What was cancelled ends. */
  while (f->logger->n_running > 0 || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, f->logger->n_running > 0);
  g_assert_finalize_object (f->values);
  g_assert_finalize_object (f->station);
  g_assert_finalize_object (f->logger);
  fixture_tear_down (&f->base, NULL);
}

static gboolean
on_watchdog_cb (gpointer data)
{
  g_error ("Nothing happened for 30 s");
  return G_SOURCE_REMOVE;
}

void
await_state (OpLiveValues *values, OpLiveState state)
{
  guint watchdog = g_timeout_add_seconds (30, on_watchdog_cb, NULL);

  while (op_live_values_get_state (values) != state)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

static void
count_cb (gpointer source, guint *count)
{
  (*count)++;
}

void
await_readings (OpLiveValues *values, guint n)
{
  guint watchdog = g_timeout_add_seconds (30, on_watchdog_cb, NULL);
  guint count = 0;
  gulong handler = g_signal_connect (values, "read", G_CALLBACK (count_cb), &count);

  while (count < n)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (values, handler);
  g_source_remove (watchdog);
}

OpLiveField *
get_field (OpLiveValues *values, guint i)
{
  g_autoptr (OpLiveField) field = g_list_model_get_item (op_live_values_get_fields (values), i);

  return field;
}

void
await_field (OpLiveField *field, OpLiveFieldState state)
{
  guint watchdog = g_timeout_add_seconds (30, on_watchdog_cb, NULL);

  while (op_live_field_get_state (field) != state)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

void
set_number (ValueLogger *logger, guint field, double number)
{
  const OpField *place = &logger->table->fields[field];

  g_assert_true (op_value_set_number (place->type, number, logger->values + place->offset, NULL));
}

void
assert_text (OpLiveField *field, guint i, const char *expected)
{
  g_autofree char *text = op_live_field_dup_text (field, i);

  g_assert_cmpstr (text, ==, expected);
}
