/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/choice-item.h"
#include "app/ui/choose-fields.h"
#include "app/ui/field-item.h"
#include "app/ui/format.h"
#include "app/ui/record-model.h"
#include "app/ui/state-file.h"
#include "tests/engine/fixture.h"

#include <glib/gstdio.h>
#include <math.h>

typedef struct
{
  guint position, removed, added, n_times;
} Change;

static void
on_items_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  Change *change = data;

  *change = (Change) { position, removed, added, change->n_times + 1 };
}

static gboolean
on_watchdog_cb (gpointer data)
{
  g_error ("Nothing happened for 30 s");
  return G_SOURCE_REMOVE;
}

static void
await_row (OpRecordRow *row)
{
  guint watchdog = g_timeout_add_seconds (30, on_watchdog_cb, NULL);

  while (!op_record_row_get_loaded (row))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

/* The row at @place is the record @record, with the values that the logger sent. */
static void
assert_row (OpRecordModel *model, const OpTable *table, guint place, guint32 record)
{
  g_autoptr (OpRecordRow) row = g_list_model_get_item (G_LIST_MODEL (model), place);
  g_autofree char *time = NULL;
  g_autofree char *value = NULL;
  char expected[OP_TIME_TEXT_SIZE];
  gboolean is_nan;

  await_row (row);
  g_assert_cmpuint (op_record_row_get_record (row), ==, record);
  time = op_record_row_dup_time (row);
  op_time_format (make_time (table, record), expected);
  g_assert_cmpstr (time, ==, expected);
  for (guint i = 0; i < table->n_columns; i++)
    {
      g_autofree char *text = op_record_row_dup_value (row, i, &is_nan);

      g_assert_cmpfloat_with_epsilon (g_ascii_strtod (text, NULL), make_number (record, i), 1e-9);
      g_assert_false (is_nan);
    }
}

static OpTableSource *
create_source (Fixture *fixture, OpIncarnation *incarnation)
{
  g_autoptr (OpIncarnation) now = look_up (fixture, incarnation);

  return op_table_source_new_incarnation (fixture->store, now, FALSE);
}

static void
update (Fixture *fixture, OpTableSource *source, OpRecordModel *model)
{
  g_autoptr (OpIncarnation) now = look_up (fixture, op_table_source_get_incarnation (source));

  op_table_source_update (source, now, FALSE);
  op_record_model_update (model);
}

static void
test_blocks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("OneMin", OP_MINUTE, 3, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) begun = begin (fixture, table, FALSE);
  g_autoptr (OpTableSource) source = NULL;
  g_autoptr (OpRecordModel) model = NULL;

  append_records (fixture, begun, 100, 1050, 50);
  append_records (fixture, begun, 5000, 333, 50);
  source = create_source (fixture, begun);
  model = op_record_model_new (source);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 1383);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (model), 1383));

  /* Ends of blocks, and both sides of the jump from 1149 to 5000. */
  static const struct { guint place; guint32 record; } rows[] = {
    { 0, 100 }, { 199, 299 }, { 200, 300 }, { 1049, 1149 }, { 1050, 5000 }, { 1199, 5149 }, { 1200, 5150 }, { 1382, 5332 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_row (model, table, rows[i].place, rows[i].record);
}

static void
test_same_row (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("OneMin", OP_MINUTE, 3, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) begun = begin (fixture, table, FALSE);
  g_autoptr (OpTableSource) source = NULL;
  g_autoptr (OpRecordModel) model = NULL;

  append_records (fixture, begun, 0, 300, 100);
  source = create_source (fixture, begun);
  model = op_record_model_new (source);
  g_autoptr (OpRecordRow) a = g_list_model_get_item (G_LIST_MODEL (model), 42);
  g_autoptr (OpRecordRow) b = g_list_model_get_item (G_LIST_MODEL (model), 42);
  g_assert_true (a == b);

  /* A row outlives its model. */
  await_row (a);
  g_clear_object (&model);
  g_assert_cmpuint (op_record_row_get_record (a), ==, 42);
}

static void
test_growth (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("OneMin", OP_MINUTE, 3, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) begun = begin (fixture, table, FALSE);
  g_autoptr (OpTableSource) source = NULL;
  g_autoptr (OpRecordModel) model = NULL;
  Change change = { 0 };

  append_records (fixture, begun, 0, 250, 50);
  source = create_source (fixture, begun);
  model = op_record_model_new (source);
  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed_cb), &change);
  assert_row (model, table, 249, 249);

  update (fixture, source, model);
  g_assert_cmpuint (change.n_times, ==, 0);

  /* The block that 249 ended goes on. */
  append_records (fixture, begun, 250, 100, 50);
  update (fixture, source, model);
  g_assert_cmpuint (change.n_times, ==, 1);
  g_assert_cmpuint (change.position, ==, 250);
  g_assert_cmpuint (change.removed, ==, 0);
  g_assert_cmpuint (change.added, ==, 100);
  assert_row (model, table, 250, 250);
  assert_row (model, table, 349, 349);
}

static void
test_many_blocks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("OneMin", OP_MINUTE, 2, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) begun = begin (fixture, table, FALSE);
  g_autoptr (OpTableSource) source = NULL;
  g_autoptr (OpRecordModel) model = NULL;

  append_records (fixture, begun, 0, 20000, 1000);
  source = create_source (fixture, begun);
  model = op_record_model_new (source);
  /* More blocks than are kept, twice. */
  for (guint round = 0; round < 2; round++)
    for (guint place = 0; place < 20000; place += 199)
      assert_row (model, table, place, place);
}

static void
test_batch (void)
{
  g_autoptr (OpTable) table = make_table ("File", OP_MINUTE, 2, OP_TYPE_IEEE8);
  g_autoptr (OpBatch) batch = op_batch_new (table, NULL, 0, 4);
  g_autoptr (OpTableSource) source = NULL;
  g_autoptr (OpRecordModel) model = NULL;
  g_autofree char *value = NULL;
  gboolean is_nan;

  for (guint32 i = 0; i < 3; i++)
    op_batch_append_row (batch, 7 + i, make_time (table, 7 + i));
  op_batch_set_number (batch, 0, 2, 1.5);
  source = op_table_source_new_batch (batch);
  model = op_record_model_new (source);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 3);

  g_autoptr (OpRecordRow) row = g_list_model_get_item (G_LIST_MODEL (model), 2);
  g_assert_true (op_record_row_get_loaded (row));
  g_assert_cmpuint (op_record_row_get_record (row), ==, 9);
  value = op_record_row_dup_value (row, 0, &is_nan);
  g_assert_cmpstr (value, ==, "1.5");
  g_assert_false (is_nan);
  g_clear_pointer (&value, g_free);
  value = op_record_row_dup_value (row, 1, &is_nan);
  g_assert_cmpstr (value, ==, "NAN");
  g_assert_true (is_nan);
}

static void
test_fields (void)
{
  g_autoptr (GError) error = NULL;
  OpTableBuilder *builder = op_table_builder_new ("Daily", 100, OP_TYPE_NSEC, 0, OP_DAY);
  guint32 four = 4, sixteen = 16;
  g_autoptr (OpTable) table = NULL;
  g_autoptr (OpBatch) batch = NULL;
  g_autoptr (OpTableSource) source = NULL;
  g_autofree guint *chosen = NULL;
  guint n_chosen;

  op_table_builder_add_field (builder, OP_TYPE_ASCII, TRUE, "Remark", "Smp", "", &sixteen, 1);
  op_table_builder_add_field (builder, OP_TYPE_FP2, TRUE, "AirTC_Max", "Max", "Deg C", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_NSEC, TRUE, "AirTC_TMx", "TMx", "", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_FP2, TRUE, "Soil_T", "Avg", "Deg C", &four, 1);
  table = op_table_builder_finish (builder, 1, &error);
  g_assert_no_error (error);
  batch = op_batch_new (table, NULL, 0, 1);
  source = op_table_source_new_batch (batch);

  g_autoptr (OpFieldItem) soil = g_list_model_get_item (op_table_source_get_fields (source), 4);
  g_assert_cmpstr (op_field_item_get_name (soil), ==, "Soil_T(2)");
  g_assert_cmpstr (op_field_item_get_details (soil), ==, "Avg · FP2 · Deg C");
  g_assert_true (op_field_item_matches (soil, "soil"));
  g_assert_true (op_field_item_matches (soil, "DEG"));
  g_assert_false (op_field_item_matches (soil, "wind"));
  g_assert_true (op_table_source_matches (source, "tmx"));
  g_assert_true (op_table_source_matches (source, "dai"));

  /* Texts and times are no numbers. */
  op_table_source_choose_first (source, 3);
  chosen = op_table_source_dup_chosen (source, &n_chosen);
  g_assert_cmpuint (n_chosen, ==, 3);
  g_assert_cmpuint (chosen[0], ==, 1);
  g_assert_cmpuint (chosen[1], ==, 3);
  g_assert_cmpuint (chosen[2], ==, 4);
}

static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_formats (void)
{
  assert_text (op_format_count (0), "0");
  assert_text (op_format_count (999), "999");
  assert_text (op_format_count (1204), "1,204");
  assert_text (op_format_count (G_MAXUINT64), "18,446,744,073,709,551,615");
  assert_text (op_format_duration (12.4), "12 s");
  assert_text (op_format_duration (61), "2 min");
  assert_text (op_format_duration (7800), "2 h 10 min");
  assert_text (op_format_duration (7 * 86400), "7 d");
  assert_text (op_format_duration (2.5 * 86400), "2 d 12 h");
  assert_text (op_format_offset (310000, 5000), "+0.31 s");
  assert_text (op_format_offset (-2100000, 600000), "−2 s");
  assert_text (op_format_offset (-185000000, 5000), "−3 min 5 s");
  assert_text (op_format_offset (-3599999700, 5000), "−1 h 0 min");
  assert_text (op_format_offset (5399700000, 5000), "+1 h 30 min");
  assert_text (op_format_offset (59700000, 5000), "+1 min 0 s");
  assert_text (op_format_offset (-4000, 5000), "0.00 s");
  assert_text (op_format_offset_bounds (310000, 15100), "+0.31 s ± 0.02 s");
  assert_text (op_format_offset_bounds (310000, 1), "+0.31 s ± 0.01 s");
  assert_text (op_format_offset_bounds (-2100000, 600000), "−2 s ± 1 s");
  assert_text (op_format_utc_offset (0), "UTC");
  assert_text (op_format_utc_offset (3600), "UTC+1");
  assert_text (op_format_utc_offset (-12600), "UTC−3:30");
  assert_text (op_format_time (0, "%F %T"), "1990-01-01 00:00:00");
}

/* Four digits are what people read; whole numbers lose none. */
static void
test_values (void)
{
  assert_text (op_format_value (OP_TYPE_IEEE4, 9.4217), "9.422");
  assert_text (op_format_value (OP_TYPE_IEEE4, -0.051234), "-0.05123");
  assert_text (op_format_value (OP_TYPE_IEEE8, 1013.26), "1013");
  assert_text (op_format_value (OP_TYPE_IEEE4, 12.5), "12.50");
  assert_text (op_format_value (OP_TYPE_INT4, 2147483647), "2147483647");
  assert_text (op_format_value (OP_TYPE_IEEE8, 123456.7), "123457");
  assert_text (op_format_value (OP_TYPE_IEEE4, 0), "0");
  assert_text (op_format_value (OP_TYPE_FP2, NAN), "NAN");
  assert_text (op_format_value (OP_TYPE_IEEE4, 1.5e-7), "1.5e-07");
}

static void
assert_choice (GListModel *list, guint i, const char *name, const char *note, gboolean chosen)
{
  g_autoptr (OpChoiceItem) item = g_list_model_get_item (list, i);

  g_assert_cmpstr (op_choice_item_get_name (item), ==, name);
  g_assert_cmpstr (op_choice_item_get_note (item), ==, note);
  g_assert_cmpint (op_choice_item_get_chosen (item), ==, chosen);
}

static void
test_choice (void)
{
  const char *const names[] = { "public.value1", "OneMin.Value0", "Gone.Value0", NULL };
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func ((GDestroyNotify) op_table_unref);
  g_autoptr (GListModel) list = NULL;

  g_ptr_array_add (tables, make_table ("OneMin", OP_MINUTE, 1, OP_TYPE_FP2));
  g_ptr_array_add (tables, make_table ("Public", OP_SECOND, 2, OP_TYPE_IEEE4));
  list = op_choose_fields_list (tables, names);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 3);
  assert_choice (list, 0, "Public.Value0", "mV IEEE4B", FALSE);
  assert_choice (list, 1, "Public.Value1", "mV IEEE4B", TRUE);
  assert_choice (list, 2, "OneMin.Value0", "mV FP2", TRUE);
}

/* What is remembered of a station is that station's only, and nothing is when it goes. */
static void
test_state (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_state_dir (), "outpost", NULL);
  g_autofree char *file = g_build_filename (folder, "window.ini", NULL);
  const char *const texts[] = { "Public.AirTC", "a;b\nc\\", "°C", NULL };
  g_auto (GStrv) kept = NULL;

  g_assert_null (op_state_dup_station_texts (7, "live-fields"));
  op_state_save_station_texts (7, "live-fields", texts);
  kept = op_state_dup_station_texts (7, "live-fields");
  g_assert_cmpstrv (kept, texts);
  g_assert_null (op_state_dup_station_texts (7, "page"));
  g_assert_null (op_state_dup_station_texts (8, "live-fields"));
  op_state_forget_station (8);
  op_state_forget_station (7);
  g_assert_null (op_state_dup_station_texts (7, "live-fields"));
  g_assert_cmpint (g_remove (file), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *state = g_dir_make_tmp ("outpost-XXXXXX", NULL);
  int result;

  /* Before GLib asks for it. */
  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/models/formats", test_formats);
  g_test_add_func ("/models/values", test_values);
  g_test_add_func ("/models/choice", test_choice);
  g_test_add_func ("/models/state", test_state);
  g_test_add_func ("/models/fields", test_fields);
  g_test_add_func ("/models/batch", test_batch);
  g_test_add ("/models/blocks", Fixture, NULL, fixture_set_up, test_blocks, fixture_tear_down);
  g_test_add ("/models/same-row", Fixture, NULL, fixture_set_up, test_same_row, fixture_tear_down);
  g_test_add ("/models/growth", Fixture, NULL, fixture_set_up, test_growth, fixture_tear_down);
  g_test_add ("/models/many-blocks", Fixture, NULL, fixture_set_up, test_many_blocks, fixture_tear_down);
  result = g_test_run ();
  g_rmdir (state);
  return result;
}
