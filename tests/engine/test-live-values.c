/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values that somebody looks at and writes: what is read, how often, when it is stale, and what a lost answer does. */

#include "tests/engine/fixture.h"

#include "app/engine/live-field-private.h"
#include "app/engine/live-values.h"
#include "protocol/emulator/emulator.h"

#include <string.h>

#define MS 1000

/* A logger of one table, Public, of 3 floats, an array of 4 UInt2 and a read-only one. */
#define VALUE_TYPE_LOGGER (value_logger_get_type ())
G_DECLARE_FINAL_TYPE (ValueLogger, value_logger, VALUE, LOGGER, OpLogger)

struct _ValueLogger
{
  OpLogger    parent_instance;
  OpTable    *table;
  guint8      values[32];   /* of the record */
  guint32     record;       /* counts up with each reading unless @is_still */
  gboolean    is_still;
  gboolean    is_empty;
  guint       delay_ms;     /* of an answer */
  guint       n_reads;
  guint       n_opened;
  guint       n_running;
  guint       max_running;
  guint       n_sets;
  gint        fail_reads;   /* how many of the next readings fail with @fail_code; -1: all */
  OpLoggerError fail_code;
  gint        fail_opens;
  OpLoggerError open_code;
  /* A letter a set: d done, n not done, u and U uncertain (U: done), x refused, m measured anew at once, r reboots. */
  const char *script;
};

G_DEFINE_FINAL_TYPE (ValueLogger, value_logger, OP_TYPE_LOGGER)

static void
open_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  ValueLogger *self = VALUE_LOGGER (logger);
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);

  self->n_opened++;
  if (self->fail_opens != 0)
    {
      self->fail_opens--;
      g_task_return_new_error (task, OP_LOGGER_ERROR, (gint) self->open_code, "Cannot open");
    }
  else
    g_task_return_boolean (task, TRUE);
}

static void
close_link (OpLogger *logger)
{
}

static void
identify_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  OpIdentity *identity = g_new0 (OpIdentity, 1);

  identity->family = g_strdup ("pakbus");
  identity->model = g_strdup ("CR1000");
  identity->os_version = g_strdup ("");
  identity->serial_number = g_strdup ("");
  identity->station_name = g_strdup ("");
  identity->program = g_strdup ("");
  identity->compile_result = g_strdup ("");
  g_task_return_pointer (task, identity, (GDestroyNotify) op_identity_free);
}

static void
read_tables_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  GPtrArray *tables = g_ptr_array_new_with_free_func ((GDestroyNotify) op_table_unref);

  g_ptr_array_add (tables, op_table_ref (VALUE_LOGGER (logger)->table));
  g_task_return_pointer (task, tables, (GDestroyNotify) g_ptr_array_unref);
}

static void
read_clock_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);

  g_task_return_pointer (task, g_new0 (OpClockReading, 1), g_free);
}

typedef struct
{
  OpCollectFunc func;
  gpointer      data;
} Reading;

static gboolean
on_answer_cb (gpointer data)
{
  GTask *task = data;
  ValueLogger *self = g_task_get_source_object (task);
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GBytes) payload = g_bytes_new (self->values, self->table->record_size);
  g_autoptr (OpChunk) chunk = NULL;

  self->n_running--;
  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (self->fail_reads != 0)
    {
      self->fail_reads -= self->fail_reads > 0;
      g_task_return_new_error (task, OP_LOGGER_ERROR, (gint) self->fail_code, "Nothing to read");
      return G_SOURCE_REMOVE;
    }
  if (!self->is_still)
    self->record++;
  chunk = op_chunk_new (self->table, self->record, 1, self->record * OP_SECOND, payload, NULL);
  if (!self->is_empty)
    g_assert_true (reading->func (chunk, reading->data, NULL));
  g_task_return_boolean (task, TRUE);
  return G_SOURCE_REMOVE;
}

static void
collect_async (OpLogger *logger, OpTable *table, const OpCollectRange *range, OpCollectFunc func,
               OpProgressFunc progress, gpointer func_data, GCancellable *cancellable, GAsyncReadyCallback callback,
               gpointer data)
{
  ValueLogger *self = VALUE_LOGGER (logger);
  GTask *task = g_task_new (logger, cancellable, callback, data);
  Reading *reading = g_new0 (Reading, 1);

  g_assert_cmpint ((gint) range->mode, ==, OP_COLLECT_LAST);
  g_assert_cmpuint (range->a, ==, 1);
  *reading = (Reading) { func, func_data };
  g_task_set_task_data (task, reading, g_free);
  self->n_reads++;
  self->n_running++;
  self->max_running = MAX (self->max_running, self->n_running);
  g_timeout_add_full (G_PRIORITY_DEFAULT, self->delay_ms, on_answer_cb, task, g_object_unref);
}

static guint8 *
find_values (ValueLogger *self, const OpValueSpan *span)
{
  guint element;
  const OpField *field = op_table_get_column (self->table, span->column, &element);

  return self->values + field->offset + element * field->element_size;
}

static void
get_values_async (OpLogger *logger, const OpValueSpan *span, GCancellable *cancellable, GAsyncReadyCallback callback,
                  gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  gsize size = span->count * op_value_span_element_size (span);

  g_task_return_pointer (task, g_bytes_new (find_values (VALUE_LOGGER (logger), span), size),
                         (GDestroyNotify) g_bytes_unref);
}

static void
set_values_async (OpLogger *logger, const OpValueSpan *span, GBytes *values, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer data)
{
  ValueLogger *self = VALUE_LOGGER (logger);
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  char outcome = self->script[MIN (self->n_sets++, strlen (self->script) - 1)];
  OpSetOutcome *done = g_new0 (OpSetOutcome, 1);

  if (strchr ("dUr", outcome) != NULL)
    memcpy (find_values (self, span), g_bytes_get_data (values, NULL), g_bytes_get_size (values));
  done->reboots = outcome == 'r';
  if (strchr ("dmr", outcome) != NULL)
    {
      g_task_return_pointer (task, done, g_free);
      return;
    }
  g_free (done);
  g_task_return_new_error (task, OP_LOGGER_ERROR,
                           outcome == 'n'   ? OP_LOGGER_ERROR_NOT_DONE
                           : outcome == 'x' ? OP_LOGGER_ERROR_SECURITY
                                            : OP_LOGGER_ERROR_UNCERTAIN,
                           "Not done");
}

static void
value_logger_finalize (GObject *object)
{
  op_table_unref (VALUE_LOGGER (object)->table);
  G_OBJECT_CLASS (value_logger_parent_class)->finalize (object);
}

static void
value_logger_class_init (ValueLoggerClass *klass)
{
  OpLoggerClass *logger_class = OP_LOGGER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = value_logger_finalize;
  logger_class->open_async = open_async;
  logger_class->close = close_link;
  logger_class->identify_async = identify_async;
  logger_class->read_tables_async = read_tables_async;
  logger_class->read_clock_async = read_clock_async;
  logger_class->collect_async = collect_async;
  logger_class->get_values_async = get_values_async;
  logger_class->set_values_async = set_values_async;
}

static void
value_logger_init (ValueLogger *self)
{
  const guint32 four = 4;
  OpTableBuilder *builder = op_table_builder_new ("Public", 1, OP_TYPE_NSEC, 0, OP_SECOND);

  op_table_builder_add_field (builder, OP_TYPE_IEEE4, FALSE, "AirTC", "", "Deg C", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_IEEE4, TRUE, "RH", "", "%", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_UINT2, FALSE, "Codes", "", "", &four, 1);
  op_table_builder_add_field (builder, OP_TYPE_BOOL, FALSE, "Flag", "", "", NULL, 0);
  self->table = op_table_builder_finish (builder, 1, NULL);
  g_assert_nonnull (self->table);
  g_assert_cmpuint (self->table->record_size, <=, sizeof self->values);
  self->script = "d";
}

typedef struct
{
  Fixture       base;
  ValueLogger  *logger;
  OpStation    *station;
  OpLiveValues *values;
} LiveFixture;

static OpStation *
new_station (LiveFixture *f, const char *uri)
{
  g_autoptr (OpStationRecord) record = op_station_record_new ();

  record->name = g_strdup ("Mast");
  record->uri = g_strdup (uri);
  record->simulated = TRUE;
  record->utc_offset_known = TRUE;
  return op_station_new (f->base.store, record);
}

static void
set_up (LiveFixture *f, gconstpointer data)
{
  fixture_set_up (&f->base, NULL);
  f->logger = g_object_new (VALUE_TYPE_LOGGER, NULL);
  f->station = new_station (f, "demo:cr1000");
  op_station_set_logger (f->station, OP_LOGGER (f->logger));
  f->values = op_live_values_new (f->station);
  op_live_values_set_interval (f->values, 100 * MS);
}

static void
tear_down (LiveFixture *f, gconstpointer data)
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

static void
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

static void
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

static OpLiveField *
get_field (OpLiveValues *values, guint i)
{
  g_autoptr (OpLiveField) field = g_list_model_get_item (op_live_values_get_fields (values), i);

  return field;
}

static void
await_field (OpLiveField *field, OpLiveFieldState state)
{
  guint watchdog = g_timeout_add_seconds (30, on_watchdog_cb, NULL);

  while (op_live_field_get_state (field) != state)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

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
set_number (ValueLogger *logger, guint field, double number)
{
  const OpField *place = &logger->table->fields[field];

  g_assert_true (op_value_set_number (place->type, number, logger->values + place->offset, NULL));
}

static void
assert_text (OpLiveField *field, guint i, const char *expected)
{
  g_autofree char *text = op_live_field_dup_text (field, i);

  g_assert_cmpstr (text, ==, expected);
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

static OpWritten *
write_text (LiveFixture *f, const char *name, const char *const *texts, GError **error)
{
  g_autoptr (OpValueSpan) span
    = op_value_span_resolve (op_live_values_get_tables (f->values), name, g_strv_length ((char **) texts), NULL);
  g_autoptr (GBytes) values = op_value_span_parse (span, texts, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_nonnull (values);
  op_live_values_write_async (f->values, span, values, NULL, keep_result_cb, &result);
  return op_live_values_write_finish (f->values, await (&result), error);
}

typedef struct
{
  const char   *script;
  guint         n_sets;
  gint          error;   /* OpLoggerError, or -1 */
  gboolean      is_set, is_kept;
} WriteCase;

static const WriteCase write_cases[] = {
  { "d", 1, -1, TRUE, TRUE },
  { "nnd", 3, -1, TRUE, TRUE },
  { "U", 1, -1, TRUE, TRUE },  /* done, but nobody knew: looking tells */
  { "ud", 2, -1, TRUE, TRUE }, /* not done: looking tells that too */
  { "n", 5, OP_LOGGER_ERROR_NOT_DONE, FALSE, FALSE },
  { "u", 5, OP_LOGGER_ERROR_UNCERTAIN, FALSE, FALSE },
  { "x", 1, OP_LOGGER_ERROR_SECURITY, FALSE, FALSE },
  { "m", 1, -1, FALSE, FALSE }, /* the program measures it anew */
  { "r", 1, -1, TRUE, TRUE },
};

static void
test_write (LiveFixture *f, gconstpointer data)
{
  const WriteCase *c = data;
  const char *const texts[] = { "12.5", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (OpWritten) written = NULL;
  double number;

  f->logger->script = c->script;
  set_number (f->logger, 0, 3.25);
  op_live_values_start (f->values);
  await_readings (f->values, 1);
  written = write_text (f, "Public.AirTC", texts, &error);
  g_assert_cmpuint (f->logger->n_sets, ==, c->n_sets);
  if (c->error >= 0)
    g_assert_error (error, OP_LOGGER_ERROR, c->error);
  else
    {
      g_assert_no_error (error);
      g_assert_cmpint (written->is_kept, ==, c->is_kept);
      g_assert_cmpint (written->after == NULL, ==, written->reboots);
      number = op_value_get_number (OP_TYPE_IEEE4, g_bytes_get_data (written->before, NULL));
      g_assert_cmpfloat (number, ==, 3.25);
    }
  await_readings (f->values, 1);
  assert_text (get_field (f->values, 0), 0, c->is_set ? "12.5" : "3.25");
}

static void
test_undo (LiveFixture *f, gconstpointer data)
{
  const char *const texts[] = { "7", "65535", NULL };
  g_autoptr (OpValueSpan) span = NULL;
  g_autoptr (OpWritten) written = NULL, undone = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  OpLiveField *codes;

  op_live_values_start (f->values);
  await_readings (f->values, 1);
  codes = get_field (f->values, 2);
  written = write_text (f, "Public.Codes(2)", texts, NULL);
  await_readings (f->values, 1);
  assert_text (codes, 1, "7");
  assert_text (codes, 2, "65535");
  assert_text (codes, 3, "0");
  span = op_value_span_resolve (op_live_values_get_tables (f->values), "Public.Codes(2)", 2, NULL);
  op_live_values_write_async (f->values, span, written->before, NULL, keep_result_cb, &result);
  undone = op_live_values_write_finish (f->values, await (&result), NULL);
  g_assert_true (undone->is_kept);
  await_readings (f->values, 1);
  assert_text (codes, 1, "0");
  assert_text (codes, 2, "0");
}

static void
test_write_alone (LiveFixture *f, gconstpointer data)
{
  const char *const texts[] = { "1", NULL };
  g_autoptr (GError) error = NULL;

  op_live_values_start (f->values);
  await_readings (f->values, 1);
  op_live_values_stop (f->values);
  g_assert_null (write_text (f, "Public.AirTC", texts, &error));
  g_assert_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK);
  g_assert_cmpuint (f->logger->n_sets, ==, 0);
}

static void
assert_expected (OpType type, const char *expected)
{
  g_autoptr (OpValueSpan) span = op_value_span_new ("Public", "X", type, 1, 12);
  g_autofree char *text = op_value_dup_expected (span);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_expected (void)
{
  assert_expected (OP_TYPE_UINT2, "A whole number from 0 to 65535");
  assert_expected (OP_TYPE_INT4, "A whole number from −2147483648 to 2147483647");
  assert_expected (OP_TYPE_IEEE4, "A number, NAN or INF");
  assert_expected (OP_TYPE_BOOL, "true or false");
  assert_expected (OP_TYPE_ASCII, "A text of up to 12 bytes");
}

/* The emulated logger over a link that loses, doubles and damages frames. */
static void
test_emulator (LiveFixture *f, gconstpointer data)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  g_autoptr (OpEmulator) emulator = NULL;
  g_autofree char *uri = NULL;
  g_autoptr (OpStation) station = NULL;
  const char *const names[] = { "Public.Setpoint", "Public.Flag", "OneMin.AirTC_Avg", "Status.StationName", NULL };

  options->faults = g_strdup (data);
  options->seed = 7;
  emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  uri = g_strdup_printf ("tcp://127.0.0.1:%u", op_emulator_listen (emulator, "127.0.0.1", 0, NULL));
  station = new_station (f, uri);
  g_object_unref (f->values);
  f->values = op_live_values_new (station);
  op_live_values_set_interval (f->values, 100 * MS);
  op_live_values_set_fields (f->values, names);
  op_live_values_start (f->values);
  for (guint i = 1; i <= 4; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u.5", i);
      const char *const texts[] = { text, NULL };
      g_autoptr (OpWritten) written = NULL;

      await_readings (f->values, 1);
      written = write_text (f, "Public.Setpoint", texts, &error);
      g_assert_no_error (error);
      g_assert_true (written->is_kept);
      await_readings (f->values, 2);
      assert_text (get_field (f->values, 0), 0, text);
      assert_text (get_field (f->values, 3), 0, "Weather");
    }
  g_assert_cmpuint (op_live_field_get_span (get_field (f->values, 1))->count, ==, 8);
  op_live_values_stop (f->values);
  g_assert_null (op_station_get_logger (station));
}

int
main (int argc, char **argv)
{
  static const struct { const char *name; void (*func) (LiveFixture *, gconstpointer); } tests[] = {
    { "default", test_default }, { "choice", test_choice }, { "rate", test_rate }, { "stop", test_stop },
    { "stale", test_stale }, { "lost", test_lost }, { "no-answer", test_no_answer }, { "refused", test_refused },
    { "security", test_security }, { "definitions", test_definitions }, { "bound", test_bound },
    { "undo", test_undo }, { "write-alone", test_write_alone },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/live-values/", tests[i].name, NULL);

      g_test_add (path, LiveFixture, NULL, set_up, tests[i].func, tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (write_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/live-values/write/", write_cases[i].script, NULL);

      g_test_add (path, LiveFixture, &write_cases[i], set_up, test_write, tear_down);
    }
  g_test_add_func ("/live-values/expected", test_expected);
  g_test_add ("/live-values/emulator", LiveFixture, "frame-drop:0", set_up, test_emulator, tear_down);
  g_test_add ("/live-values/emulator/lossy", LiveFixture, "frame-drop:0.1,frame-dup:0.1,bit-flip:0.0002", set_up,
              test_emulator, tear_down);
  return g_test_run ();
}
