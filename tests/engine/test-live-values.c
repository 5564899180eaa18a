/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values that somebody looks at: what is read, how often, when it is stale, and what a lost answer does. */

#include "tests/engine/live-fixture.h"

#include "app/engine/live-field-private.h"

#include <string.h>

#define MS 1000

/* Runs the main loop for @ms: for what must not happen. */
static void
pass (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * MS;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

static void
test_default (LiveFixture *f, gconstpointer data)
{
  g_autoptr (OpLiveField) flag = NULL;

  set_number (f->logger, 0, 9.5);
  set_number (f->logger, 3, -1);
  op_live_values_start (f->values);
  g_assert_cmpint ((gint) op_live_values_get_state (f->values), ==, OP_LIVE_CONNECTING);
  await_readings (f->values, 1);
  g_assert_cmpuint (g_list_model_get_n_items (op_live_values_get_fields (f->values)), ==, 4);
  g_assert_cmpstr (op_live_field_get_name (get_field (f->values, 2)), ==, "Public.Codes");
  g_assert_cmpuint (op_live_field_get_span (get_field (f->values, 2))->count, ==, 4);
  assert_text (get_field (f->values, 0), 0, "9.5");
  g_assert_cmpstr (op_live_field_get_units (get_field (f->values, 0)), ==, "Deg C");
  g_assert_cmpint (op_live_field_get_time (get_field (f->values, 0)), ==, OP_SECOND);
  g_assert_true (op_live_field_is_writable (get_field (f->values, 0)));
  g_assert_false (op_live_field_is_writable (get_field (f->values, 1)));
  flag = g_object_ref (get_field (f->values, 3));
  g_assert_true (op_live_field_is_switch (flag));
  g_assert_cmpfloat (op_live_field_get_number (flag, 0), ==, -1);

  /* All fields came with one request. */
  g_assert_cmpuint (f->logger->n_reads, ==, 1);
  set_number (f->logger, 3, 0);
  await_readings (f->values, 1);
  g_assert_cmpuint (f->logger->n_reads, ==, 2);
  g_assert_cmpfloat (op_live_field_get_number (flag, 0), ==, 0);
  g_assert_cmpint ((gint) op_live_field_get_state (flag), ==, OP_LIVE_FIELD_FRESH);
  g_assert_cmpuint (op_batch_get_n_records (op_live_field_get_history (flag)), ==, 2);
}

static void
test_choice (LiveFixture *f, gconstpointer data)
{
  const char *const names[] = { "public.codes(2)", "Public.Nothing", "Public.AirTC", NULL };
  const char *const fewer[] = { "Public.AirTC", NULL };
  OpLiveField *air;

  set_number (f->logger, 0, -3);
  op_live_values_set_fields (f->values, names);
  air = get_field (f->values, 2);
  g_assert_cmpint ((gint) op_live_field_get_state (air), ==, OP_LIVE_FIELD_WAITING);
  op_live_values_start (f->values);
  await_readings (f->values, 1);
  assert_text (get_field (f->values, 0), 0, "0");
  g_assert_cmpint ((gint) op_live_field_get_state (get_field (f->values, 1)), ==, OP_LIVE_FIELD_FAILED);
  g_assert_nonnull (strstr (op_live_field_get_reason (get_field (f->values, 1)), "Public.Nothing"));
  assert_text (air, 0, "-3");

  /* What stays keeps its history. */
  await_readings (f->values, 1);
  op_live_values_set_fields (f->values, fewer);
  g_assert_true (get_field (f->values, 0) == air);
  g_assert_cmpuint (op_batch_get_n_records (op_live_field_get_history (air)), >=, 2);
  g_assert_cmpuint (g_list_model_get_n_items (op_live_values_get_fields (f->values)), ==, 1);
}

/* A slow link is left alone for half of the time. */
static void
test_rate (LiveFixture *f, gconstpointer data)
{
  gint64 begun;

  f->logger->delay_ms = 150;
  op_live_values_start (f->values);
  await_readings (f->values, 1);
  g_assert_cmpint (op_live_values_get_interval (f->values), >=, 300 * MS);
  begun = g_get_monotonic_time ();
  await_readings (f->values, 3);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 3 * 299 * MS);
  g_assert_cmpuint (f->logger->max_running, ==, 1);

  /* Once it is quick again, so are the readings. */
  f->logger->delay_ms = 0;
  while (op_live_values_get_interval (f->values) > 100 * MS)
    await_readings (f->values, 1);
}

static void
test_stop (LiveFixture *f, gconstpointer data)
{
  OpLiveField *air;
  guint n_reads;

  op_live_values_start (f->values);
  await_readings (f->values, 2);
  air = get_field (f->values, 0);
  op_live_values_stop (f->values);
  g_assert_null (op_station_get_logger (f->station));
  n_reads = f->logger->n_reads;
  pass (400);
  g_assert_cmpuint (f->logger->n_reads, ==, n_reads);
  g_assert_cmpint ((gint) op_live_field_get_state (air), ==, OP_LIVE_FIELD_STALE);

  /* In the middle of a reading, of connecting, and begun again at once. */
  f->logger->delay_ms = 50;
  op_live_values_start (f->values);
  while (f->logger->n_running == 0)
    g_main_context_iteration (NULL, TRUE);
  op_live_values_stop (f->values);
  op_live_values_start (f->values);
  op_live_values_stop (f->values);
  op_live_values_start (f->values);
  await_readings (f->values, 1);
  g_assert_cmpint ((gint) op_live_field_get_state (air), ==, OP_LIVE_FIELD_FRESH);
}

static void
test_stale (LiveFixture *f, gconstpointer data)
{
  OpLiveField *air;

  op_live_values_start (f->values);
  await_readings (f->values, 1);
  air = get_field (f->values, 0);

  /* The program stands still: there is an answer, but nothing new. */
  f->logger->is_still = TRUE;
  await_field (air, OP_LIVE_FIELD_STALE);
  g_assert_cmpstr (op_live_field_get_reason (air), ==, "The logger stores no newer record");
  g_assert_cmpint ((gint) op_live_values_get_state (f->values), ==, OP_LIVE_RUNNING);
  f->logger->is_still = FALSE;
  await_field (air, OP_LIVE_FIELD_FRESH);

  /* An answer that does not come. */
  f->logger->delay_ms = 3000;
  await_field (air, OP_LIVE_FIELD_STALE);
  g_assert_cmpstr (op_live_field_get_reason (air), ==, "No answer");
}

static void
test_lost (LiveFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK, "Cable pulled");
  OpLiveField *air;

  op_live_values_start (f->values);
  await_readings (f->values, 2);
  air = get_field (f->values, 0);
  f->logger->fail_opens = 1;
  f->logger->open_code = OP_LOGGER_ERROR_NO_ANSWER;
  op_logger_emit_closed (OP_LOGGER (f->logger), error);
  g_assert_cmpint ((gint) op_live_values_get_state (f->values), ==, OP_LIVE_WAITING);
  g_assert_cmpint ((gint) op_live_field_get_state (air), ==, OP_LIVE_FIELD_STALE);
  g_assert_cmpstr (op_live_field_get_reason (air), ==, "No connection");
  assert_text (air, 0, "0");

  /* It goes on by itself, after another failure too, and knows what it knew. */
  await_readings (f->values, 1);
  g_assert_cmpuint (f->logger->n_opened, ==, 3);
  g_assert_null (op_live_values_get_error (f->values));
  g_assert_cmpint ((gint) op_live_field_get_state (air), ==, OP_LIVE_FIELD_FRESH);
  g_assert_cmpuint (op_batch_get_n_records (op_live_field_get_history (air)), >=, 3);
}

/* Answers that fail while the link is up are asked for again without connecting anew. */
static void
test_no_answer (LiveFixture *f, gconstpointer data)
{
  op_live_values_start (f->values);
  await_readings (f->values, 1);
  f->logger->fail_reads = 1;
  f->logger->fail_code = OP_LOGGER_ERROR_NO_ANSWER;
  await_state (f->values, OP_LIVE_WAITING);
  g_assert_error (op_live_values_get_error (f->values), OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
  g_assert_cmpstr (op_live_field_get_reason (get_field (f->values, 0)), ==, "No answer");
  await_readings (f->values, 1);
  g_assert_cmpuint (f->logger->n_opened, ==, 1);
}

static void
test_refused (LiveFixture *f, gconstpointer data)
{
  OpLiveField *air;

  f->logger->fail_reads = -1;
  f->logger->fail_code = OP_LOGGER_ERROR_REFUSED;
  op_live_values_start (f->values);
  await_readings (f->values, 2);
  air = get_field (f->values, 0);
  g_assert_cmpint ((gint) op_live_field_get_state (air), ==, OP_LIVE_FIELD_FAILED);
  g_assert_cmpstr (op_live_field_get_reason (air), ==, "Nothing to read");
  f->logger->fail_reads = 0;
  await_field (air, OP_LIVE_FIELD_FRESH);
  f->logger->is_empty = TRUE;
  await_field (air, OP_LIVE_FIELD_WAITING);
  g_assert_false (op_live_field_has_value (air));
}

/* A wrong code is not tried again until somebody says so. */
static void
test_security (LiveFixture *f, gconstpointer data)
{
  f->logger->fail_opens = 1;
  f->logger->open_code = OP_LOGGER_ERROR_SECURITY;
  op_live_values_start (f->values);
  await_state (f->values, OP_LIVE_FAILED);
  g_assert_error (op_live_values_get_error (f->values), OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY);
  pass (1500);
  g_assert_cmpuint (f->logger->n_opened, ==, 1);
  op_live_values_try_again (f->values);
  await_readings (f->values, 1);
}

static void
test_definitions (LiveFixture *f, gconstpointer data)
{
  OpTableBuilder *builder = op_table_builder_new ("Public", 1, OP_TYPE_NSEC, 0, OP_SECOND);
  const char *const names[] = { "Public.AirTC", "Public.RH", NULL };
  OpLiveField *air, *rh;

  op_live_values_set_fields (f->values, names);
  op_live_values_start (f->values);
  await_readings (f->values, 1);
  air = get_field (f->values, 0);
  rh = get_field (f->values, 1);
  op_table_builder_add_field (builder, OP_TYPE_UINT2, FALSE, "AirTC", "", "K", NULL, 0);
  op_table_unref (f->logger->table);
  f->logger->table = op_table_builder_finish (builder, 1, NULL);
  set_number (f->logger, 0, 280);
  f->logger->fail_reads = 1;
  f->logger->fail_code = OP_LOGGER_ERROR_DEFINITIONS;
  await_field (rh, OP_LIVE_FIELD_FAILED);
  await_field (air, OP_LIVE_FIELD_FRESH);
  assert_text (air, 0, "280");
  g_assert_cmpstr (op_live_field_get_units (air), ==, "K");
}

static void
test_bound (LiveFixture *f, gconstpointer data)
{
  OpLiveField *air;
  const OpTime *times;
  gsize n;

  op_live_values_start (f->values);
  await_readings (f->values, 1);
  air = get_field (f->values, 0);
  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (GBytes) payload = g_bytes_new (f->logger->values, f->logger->table->record_size);
      g_autoptr (OpChunk) chunk = op_chunk_new (f->logger->table, 100 + i, 1, (100 + i) * OP_SECOND, payload, NULL);
      OpLiveTable *table = op_live_field_get_table (air);

      g_assert_true (op_live_table_take (table, chunk, 1, NULL));
    }
  n = op_batch_get_n_records (op_live_field_get_history (air));
  times = op_batch_get_times (op_live_field_get_history (air));
  g_assert_cmpuint (n, <=, 1200);
  g_assert_cmpuint (n, >=, 600);
  g_assert_cmpint (times[n - 1], ==, 3099 * OP_SECOND);
  g_assert_cmpint (times[0], ==, (3100 - (gint64) n) * OP_SECOND);
}

int
main (int argc, char **argv)
{
  static const struct { const char *name; void (*func) (LiveFixture *, gconstpointer); } tests[] = {
    { "default", test_default }, { "choice", test_choice }, { "rate", test_rate }, { "stop", test_stop },
    { "stale", test_stale }, { "lost", test_lost }, { "no-answer", test_no_answer }, { "refused", test_refused },
    { "security", test_security }, { "definitions", test_definitions }, { "bound", test_bound },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/live-values/", tests[i].name, NULL);

      g_test_add (path, LiveFixture, NULL, live_fixture_set_up, tests[i].func, live_fixture_tear_down);
    }
  return g_test_run ();
}
