/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/batch.h"

#include <math.h>
#include <string.h>

static const char *const weather_names[] = { "Batt_Volt_Avg", "Ref5V_mVolt_Avg", "CurSensor1_mVolt_Avg",
                                             "CurSensor2_mVolt_Avg", "CurSensor3_mVolt_Avg", "CurSensor4_mVolt_Avg",
                                             "CurSensor1_mAmp_Avg", "CurSensor2_mAmp_Avg", "CurSensor3_mAmp_Avg",
                                             "CurSensor4_mAmp_Avg" };

/* Table1 of a real CR1000 and the records of one of its collect responses (PyCampbellCR1000, test_parse_collectdata). */
static OpTable *
create_table1 (void)
{
  OpTableBuilder *builder = op_table_builder_new ("Table1", 191987, OP_TYPE_NSEC, 0, 60 * OP_SECOND);

  for (guint i = 0; i < G_N_ELEMENTS (weather_names); i++)
    op_table_builder_add_field (builder, OP_TYPE_FP2, TRUE, weather_names[i], "Avg", "", NULL, 0);
  return op_table_builder_finish (builder, 2, NULL);
}

static const guint8 table1_records[] = {
  0x45, 0x51, 0x13, 0x90, 0x09, 0xCA, 0x09, 0xB1, 0x09, 0xCB, 0x09, 0xDE, 0xA7, 0xE0, 0xBE, 0xAC, 0x47, 0x74, 0x24, 0xBD,
  0x45, 0x51, 0x13, 0x90, 0x09, 0xCA, 0x09, 0xB1, 0x09, 0xCB, 0x09, 0xDE, 0xA7, 0xDB, 0xBE, 0xA4, 0x47, 0x50, 0x24, 0xC7,
  0x45, 0x51, 0x13, 0x90, 0x09, 0xCA, 0x09, 0xB1, 0x09, 0xCB, 0x09, 0xDE, 0xA7, 0xD5, 0xBE, 0xB0, 0x47, 0x6F, 0x24, 0xBF,
};

static void
assert_text (const OpBatch *batch, guint column, gsize row, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  op_batch_append_value_text (batch, column, row, text);
  g_assert_cmpstr (text->str, ==, expected);
}

static OpChunk *
create_table1_chunk (const OpTable *table)
{
  g_autoptr (GBytes) payload = g_bytes_new_static (table1_records, sizeof table1_records);
  g_autoptr (GError) error = NULL;
  OpChunk *chunk = op_chunk_new (table, 89052, 3, 712158000 * OP_SECOND, payload, &error);

  g_assert_no_error (error);
  return chunk;
}

static void
test_real_records (void)
{
  static const char *const first[] = { "13.61", "5008", "2506", "2481", "2507", "2526", "-201.6", "-785.2", "19.08", "121.3" };
  static const char *const last[] = { "13.61", "5008", "2506", "2481", "2507", "2526", "-200.5", "-785.6", "19.03", "121.5" };
  g_autoptr (OpTable) table = create_table1 ();
  g_autoptr (OpChunk) chunk = create_table1_chunk (table);
  g_autoptr (OpBatch) batch = op_batch_new (table, NULL, 0, 0);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (chunk->last_time, ==, 712158120 * OP_SECOND);
  op_batch_append_chunk (batch, chunk, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (op_batch_get_n_records (batch), ==, 3);
  g_assert_cmpuint (op_batch_get_n_columns (batch), ==, 10);
  g_assert_cmpuint (op_batch_get_records (batch)[2], ==, 89054);
  g_assert_cmpint (op_batch_get_times (batch)[1], ==, 712158060 * OP_SECOND);
  for (guint i = 0; i < 10; i++)
    {
      assert_text (batch, i, 0, first[i]);
      assert_text (batch, i, 2, last[i]);
    }
}

static void
test_chosen_columns (void)
{
  static const guint columns[] = { 9, 0, 9 };
  g_autoptr (OpTable) table = create_table1 ();
  g_autoptr (OpChunk) chunk = create_table1_chunk (table);
  g_autoptr (OpBatch) batch = op_batch_new (table, columns, G_N_ELEMENTS (columns), 1);

  for (guint i = 0; i < 100; i++)
    g_assert_true (op_batch_append_chunk (batch, chunk, NULL));
  g_assert_cmpuint (op_batch_get_n_records (batch), ==, 300);
  g_assert_cmpuint (op_batch_get_table_column (batch, 0), ==, 9);
  g_assert_cmpfloat (op_batch_get_numbers (batch, 0)[297], ==, 121.3);
  g_assert_cmpfloat (op_batch_get_numbers (batch, 1)[298], ==, 13.61);
  g_assert_cmpfloat (op_batch_get_numbers (batch, 2)[299], ==, 121.5);
  op_batch_clear (batch);
  g_assert_cmpuint (op_batch_get_n_records (batch), ==, 0);
}

static void
test_chunk_parts (void)
{
  g_autoptr (OpTable) table = create_table1 ();
  g_autoptr (OpChunk) chunk = create_table1_chunk (table);
  g_autoptr (OpChunk) rest = op_chunk_skip (chunk, table, 1);
  g_autoptr (OpChunk) middle = op_chunk_head (rest, table, 1);

  g_assert_cmpuint (rest->first, ==, 89053);
  g_assert_cmpuint (rest->count, ==, 2);
  g_assert_cmpint (rest->first_time, ==, 712158060 * OP_SECOND);
  g_assert_cmpint (rest->last_time, ==, chunk->last_time);
  g_assert_cmpuint (middle->first, ==, 89053);
  g_assert_cmpuint (middle->count, ==, 1);
  g_assert_cmpint (middle->last_time, ==, middle->first_time);
  g_assert_cmpmem (g_bytes_get_data (middle->payload, NULL), g_bytes_get_size (middle->payload), table1_records + 20, 20);
}

static void
test_exact_fit (void)
{
  static const struct
  {
    guint32     count;
    gsize       length;
    const char *message;
  } cases[] = {
    { 3, 59, "3 records of “Table1” take 20 bytes each, 1 bytes too few came" },
    { 2, 60, "2 records of “Table1” take 20 bytes each, 20 bytes too many came" },
    { 4294967295u, 60, "4294967295 records of “Table1” take 20 bytes each, 85899345840 bytes too few came" },
    { 0, 0, "No records of “Table1”" },
  };
  g_autoptr (OpTable) table = create_table1 ();
  g_autoptr (OpBatch) batch = op_batch_new (table, NULL, 0, 0);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) payload = g_bytes_new_static (table1_records, cases[i].length);
      g_autoptr (GError) error = NULL;

      g_assert_null (op_chunk_new (table, 1, cases[i].count, 0, payload, &error));
      g_assert_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_RECORD);
      g_assert_cmpstr (error->message, ==, cases[i].message);
      if (cases[i].count > 0)
        g_assert_false (op_batch_append_payload (batch, 1, cases[i].count, 0, table1_records, cases[i].length, NULL));
    }
  g_assert_cmpuint (op_batch_get_n_records (batch), ==, 0);
}

static void
test_record_numbers_wrap (void)
{
  g_autoptr (OpTable) table = create_table1 ();
  g_autoptr (OpBatch) batch = op_batch_new (table, NULL, 0, 0);

  g_assert_true (op_batch_append_payload (batch, G_MAXUINT32, 3, 0, table1_records, sizeof table1_records, NULL));
  g_assert_cmpuint (op_batch_get_records (batch)[0], ==, G_MAXUINT32);
  g_assert_cmpuint (op_batch_get_records (batch)[1], ==, 0);
}

/* An event table: a stamp before each record; strings, an array, a time and a boolean. */
static OpTable *
create_event_table (OpType time_type, OpType text_type)
{
  static const guint32 two[] = { 2 }, eight[] = { 8 };
  OpTableBuilder      *builder = op_table_builder_new ("Events", 100, time_type, 0, 0);

  op_table_builder_add_field (builder, OP_TYPE_IEEE4, TRUE, "Level", "Smp", "m", NULL, 0);
  op_table_builder_add_field (builder, text_type, TRUE, "Note", "Smp", "", eight, text_type == OP_TYPE_ASCII);
  op_table_builder_add_field (builder, OP_TYPE_UINT2, TRUE, "Count", "Smp", "", two, 1);
  op_table_builder_add_field (builder, OP_TYPE_NSEC, TRUE, "Level_TMx", "TMx", "", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_BOOL8, TRUE, "Flags", "Smp", "", NULL, 0);
  return op_table_builder_finish (builder, 1, NULL);
}

static const guint8 fixed_events[] = "\0\0\0\012\0\0\0\0" "\077\300\0\0" "r\366d\0xxxx" "\0\1\0\2" "\0\0\0\1\0\0\0\0" "\1"
                                     "\0\0\0\015\035\315\145\000" "\177\377\377\377" "\0xxxxxxx" "\0\3\0\4"
                                     "\0\0\0\2\0\0\0\0" "\200";
static const guint8 variable_events[] = "\0\0\0\012" "\077\300\0\0" "r\366d\0" "\0\1\0\2" "\0\0\0\1\0\0\0\0" "\1"
                                        "\0\0\0\015" "\177\377\377\377" "\0" "\0\3\0\4" "\0\0\0\2\0\0\0\0" "\200";

static void
assert_events (const OpBatch *batch, const char *second_time)
{
  char text[OP_TIME_TEXT_SIZE];

  g_assert_cmpuint (op_batch_get_n_records (batch), ==, 2);
  g_assert_cmpint (op_batch_get_times (batch)[0], ==, 10 * OP_SECOND);
  op_time_format (op_batch_get_times (batch)[1], text);
  g_assert_cmpstr (text, ==, second_time);
  assert_text (batch, 0, 0, "1.5");
  assert_text (batch, 0, 1, "NAN");
  g_assert_cmpstr (op_batch_get_text (batch, 1, 0), ==, "röd");
  g_assert_cmpstr (op_batch_get_text (batch, 1, 1), ==, "");
  assert_text (batch, 3, 0, "2");
  assert_text (batch, 2, 1, "3");
  g_assert_cmpint (op_batch_get_time_values (batch, 4)[1], ==, 2 * OP_SECOND);
  assert_text (batch, 4, 0, "1990-01-01 00:00:01");
  assert_text (batch, 5, 0, "10000000");
  assert_text (batch, 5, 1, "00000001");
}

static void
assert_event_parts (OpTable *table, const guint8 *bytes, gsize length, gsize second)
{
  g_autoptr (GBytes) payload = g_bytes_new_static (bytes, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (OpChunk) chunk = op_chunk_new (table, 5, 2, 0, payload, &error);
  g_autoptr (OpChunk) rest = NULL, head = NULL;

  g_assert_no_error (error);
  rest = op_chunk_skip (chunk, table, 1);
  head = op_chunk_head (chunk, table, 1);
  g_assert_cmpint (chunk->first_time, ==, 10 * OP_SECOND);
  g_assert_cmpint (chunk->last_time / OP_SECOND, ==, 13);
  g_assert_cmpint (rest->first_time, ==, chunk->last_time);
  g_assert_cmpint (head->last_time, ==, chunk->first_time);
  g_assert_cmpuint (g_bytes_get_size (head->payload), ==, second);
  g_assert_cmpuint (g_bytes_get_size (rest->payload), ==, length - second);
}

static void
test_events (void)
{
  g_autoptr (OpTable) table = create_event_table (OP_TYPE_NSEC, OP_TYPE_ASCII);
  g_autoptr (OpBatch) batch = op_batch_new (table, NULL, 0, 0);
  g_autoptr (GError) error = NULL;

  op_batch_append_payload (batch, 5, 2, OP_TIME_UNKNOWN, fixed_events, sizeof fixed_events - 1, &error);
  g_assert_no_error (error);
  assert_events (batch, "1990-01-01 00:00:13.5");
  assert_event_parts (table, fixed_events, sizeof fixed_events - 1, 33);
}

static void
test_variable_records (void)
{
  g_autoptr (OpTable) table = create_event_table (OP_TYPE_SEC, OP_TYPE_ASCIIZ);
  g_autoptr (OpBatch) batch = op_batch_new (table, NULL, 0, 0);
  g_autoptr (GError) error = NULL;

  op_batch_append_payload (batch, 5, 2, OP_TIME_UNKNOWN, variable_events, sizeof variable_events - 1, &error);
  g_assert_no_error (error);
  assert_events (batch, "1990-01-01 00:00:13");
  assert_event_parts (table, variable_events, sizeof variable_events - 1, 25);
  for (gsize length = 0; length < sizeof variable_events - 1; length++)
    {
      g_autoptr (GError) refused = NULL;

      g_assert_false (op_batch_append_payload (batch, 5, 2, 0, variable_events, length, &refused));
      g_assert_error (refused, OP_TABLE_ERROR, OP_TABLE_ERROR_RECORD);
    }
  g_assert_false (op_batch_append_payload (batch, 5, 1, 0, variable_events, sizeof variable_events - 1, &error));
  g_assert_cmpstr (error->message, ==, "22 bytes too many behind 1 records of “Events”");
  g_assert_cmpuint (op_batch_get_n_records (batch), ==, 2);
}

static void
test_table_without_values (void)
{
  g_autoptr (OpTable) table = op_table_builder_finish (op_table_builder_new ("None", 1, OP_TYPE_NSEC, 0, OP_SECOND), 1, NULL);
  g_autoptr (OpBatch) batch = op_batch_new (table, NULL, 0, 0);
  g_autoptr (GError) error = NULL;

  g_assert_false (op_batch_append_payload (batch, 0, G_MAXUINT32, 0, table1_records, 0, &error));
  g_assert_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_RECORD);
}

static void
test_rows (void)
{
  g_autoptr (OpTable) table = create_event_table (OP_TYPE_NSEC, OP_TYPE_ASCIIZ);
  g_autoptr (OpBatch) batch = op_batch_new (table, NULL, 0, 0);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *note = g_strdup_printf ("note %u", i / 3);

      g_assert_cmpuint (op_batch_append_row (batch, i, i * OP_SECOND), ==, i);
      if (i == 500)
        continue;
      op_batch_set_number (batch, 0, i, i / 4.0);
      op_batch_set_text (batch, 1, i, note, -1);
      op_batch_set_time (batch, 4, i, i);
    }
  g_assert_cmpfloat (op_batch_get_numbers (batch, 0)[999], ==, 249.75);
  g_assert_cmpstr (op_batch_get_text (batch, 1, 998), ==, "note 332");
  g_assert_cmpint (op_batch_get_time_values (batch, 4)[999], ==, 999);
  g_assert_true (isnan (op_batch_get_numbers (batch, 0)[500]));
  g_assert_cmpstr (op_batch_get_text (batch, 1, 500), ==, "");
  assert_text (batch, 4, 500, "NAN");
  op_batch_set_text (batch, 1, 0, "cut here", 3);
  g_assert_cmpstr (op_batch_get_text (batch, 1, 0), ==, "cut");
}

static void
test_speed (void)
{
  static const guint32 ten[] = { 10 };
  OpTableBuilder      *builder;
  g_autoptr (OpTable) table = NULL;
  g_autoptr (OpBatch) batch = NULL;
  g_autofree guint8 *payload = g_malloc0 (24 * 40);
  guint              n_records = 24 * 100000;
  double             seconds;

  if (!g_test_perf ())
    {
      g_test_skip ("runs with -m perf");
      return;
    }
  builder = op_table_builder_new ("Fast", 1, OP_TYPE_NSEC, 0, OP_SECOND);
  op_table_builder_add_field (builder, OP_TYPE_IEEE4, TRUE, "A", "", "", ten, 1);
  table = op_table_builder_finish (builder, 1, NULL);
  batch = op_batch_new (table, NULL, 0, 0);
  g_test_timer_start ();
  for (guint i = 0; i < n_records; i += 24)
    op_batch_append_payload (batch, i, 24, i, payload, 24 * 40, NULL);
  seconds = g_test_timer_elapsed ();
  g_test_maximized_result (n_records / seconds / 1e6, "batch: %.1f million records/s", n_records / seconds / 1e6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/batch/real-records", test_real_records);
  g_test_add_func ("/batch/chosen-columns", test_chosen_columns);
  g_test_add_func ("/batch/chunk-parts", test_chunk_parts);
  g_test_add_func ("/batch/exact-fit", test_exact_fit);
  g_test_add_func ("/batch/record-numbers-wrap", test_record_numbers_wrap);
  g_test_add_func ("/batch/events", test_events);
  g_test_add_func ("/batch/variable-records", test_variable_records);
  g_test_add_func ("/batch/table-without-values", test_table_without_values);
  g_test_add_func ("/batch/rows", test_rows);
  g_test_add_func ("/batch/speed", test_speed);
  return g_test_run ();
}
