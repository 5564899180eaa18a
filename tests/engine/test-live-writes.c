/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values that somebody looks at and writes: what is written, and what a lost answer does. */

#include "tests/engine/live-fixture.h"

#include "protocol/emulator/emulator.h"

#define MS 1000

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

#define ADD(name, data, test)                                                                                       \
  g_test_add ("/live-values/" name, LiveFixture, data, live_fixture_set_up, test, live_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("undo", NULL, test_undo);
  ADD ("write-alone", NULL, test_write_alone);
  for (guint i = 0; i < G_N_ELEMENTS (write_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/live-values/write/", write_cases[i].script, NULL);

      g_test_add (path, LiveFixture, &write_cases[i], live_fixture_set_up, test_write, live_fixture_tear_down);
    }
  g_test_add_func ("/live-values/expected", test_expected);
  ADD ("emulator", "frame-drop:0", test_emulator);
  ADD ("emulator/lossy", "frame-drop:0.1,frame-dup:0.1,bit-flip:0.0002", test_emulator);
  return g_test_run ();
}
