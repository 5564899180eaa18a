/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a logger tells of itself, and how it is judged. */

#include "tests/engine/fake-logger.h"
#include "tests/engine/fixture.h"

#include "app/engine/health-reader.h"

#include <math.h>
#include <string.h>

static OpTable *
finish (OpTableBuilder *builder)
{
  g_autoptr (GError) error = NULL;
  OpTable *table = op_table_builder_finish (builder, 1, &error);

  g_assert_no_error (error);
  return table;
}

/* A Status table of one field with one number in it. */
static OpBatch *
new_status (const char *field, OpType type, double number)
{
  OpTableBuilder *builder = op_table_builder_new ("Status", 1, OP_TYPE_NSEC, 0, 0);
  g_autoptr (OpTable) table = NULL;
  OpBatch *batch;

  op_table_builder_add_field (builder, OP_TYPE_INT4, TRUE, "SomethingNew", "", "", NULL, 0);
  op_table_builder_add_field (builder, type, TRUE, field, "", "", NULL, 0);
  table = finish (builder);
  batch = op_batch_new (table, NULL, 0, 1);
  op_batch_append_row (batch, 0, 0);
  op_batch_set_number (batch, 0, 0, 99);
  op_batch_set_number (batch, 1, 0, number);
  return batch;
}

static OpBatch *
new_text_status (const char *field, const char *text)
{
  const guint32 size = 32;
  OpTableBuilder *builder = op_table_builder_new ("Status", 1, OP_TYPE_NSEC, 0, 0);
  g_autoptr (OpTable) table = NULL;
  OpBatch *batch;

  op_table_builder_add_field (builder, OP_TYPE_ASCII, TRUE, field, "", "", &size, 1);
  table = finish (builder);
  batch = op_batch_new (table, NULL, 0, 1);
  op_batch_append_row (batch, 0, 0);
  op_batch_set_text (batch, 0, 0, text, -1);
  return batch;
}

static const OpHealthFinding *
find (GPtrArray *findings, const char *id)
{
  for (guint i = 0; i < findings->len; i++)
    if (g_str_equal (((OpHealthFinding *) findings->pdata[i])->id, id))
      return findings->pdata[i];
  return NULL;
}

static GPtrArray *
judge_status (OpBatch *status)
{
  const OpHealthSources sources = { .status = status };

  return op_health_judge (&sources);
}

typedef struct
{
  const char *field;
  double      number;
  const char *id; /* NULL: it says nothing */
  OpJudgement judgement;
} NumberCase;

static const NumberCase number_cases[] = {
  { "Battery", 12.8, "battery", OP_JUDGEMENT_WELL },
  { "BATTERY", 11.2, "battery", OP_JUDGEMENT_WATCH },
  { "Battery", 10.1, "battery", OP_JUDGEMENT_ACT },
  { "Battery", 15.7, "battery", OP_JUDGEMENT_WATCH },
  { "Battery", 17.0, "battery", OP_JUDGEMENT_ACT },
  { "Battery", NAN, "battery", OP_JUDGEMENT_WATCH },
  { "LithiumBattery", 3.5, "lithium-battery", OP_JUDGEMENT_WELL },
  { "LithiumBattery", 2.9, "lithium-battery", OP_JUDGEMENT_WATCH },
  { "LithiumBattery", 2.6, "lithium-battery", OP_JUDGEMENT_ACT },
  { "PanelTemp", 20, "panel-temperature", OP_JUDGEMENT_WELL },
  { "PanelTemp", -40, "panel-temperature", OP_JUDGEMENT_WATCH },
  { "PanelTemp", 90, "panel-temperature", OP_JUDGEMENT_ACT },
  { "WatchdogErrors", 0, "watchdog-errors", OP_JUDGEMENT_WELL },
  { "WatchdogErrors", 2, "watchdog-errors", OP_JUDGEMENT_WATCH },
  { "WatchDog", 2, "watchdog-errors", OP_JUDGEMENT_WATCH },
  { "SkippedScan", 7, "skipped-scans", OP_JUDGEMENT_ACT },
  { "SkippedSystemScan", 7, "skipped-slow-scans", OP_JUDGEMENT_WATCH },
  { "SkippedRecord", 1, "skipped-records", OP_JUDGEMENT_ACT },
  { "Low12VCount", 3, "low-12-v", OP_JUDGEMENT_ACT },
  { "Low5VCount", 0, "low-5-v", OP_JUDGEMENT_WELL },
  { "ProgErrors", 1, "program-errors", OP_JUDGEMENT_ACT },
  { "VarOutOfBound", 1, "out-of-bounds", OP_JUDGEMENT_WATCH },
  { "MemoryFree", 1000000, "memory", OP_JUDGEMENT_WELL },
  { "Novelty", 1, NULL, OP_JUDGEMENT_WELL },
};

static void
test_numbers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (number_cases); i++)
    {
      const NumberCase *c = &number_cases[i];
      g_autoptr (OpBatch) status = new_status (c->field, OP_TYPE_IEEE4, c->number);
      g_autoptr (GPtrArray) findings = judge_status (status);
      const OpHealthFinding *finding = c->id != NULL ? find (findings, c->id) : NULL;

      g_test_message ("%s %g", c->field, c->number);
      /* Only that, and that the program could not be read. */
      g_assert_cmpuint (findings->len, ==, c->id != NULL ? 2 : 1);
      g_assert_nonnull (find (findings, "program"));
      if (c->id == NULL)
        continue;
      g_assert_nonnull (finding);
      g_assert_cmpint ((gint) finding->judgement, ==, (gint) c->judgement);
      g_assert_cmpint (*finding->reason == '\0', ==, c->judgement == OP_JUDGEMENT_WELL);
    }
}

/* A text where a number is expected, and the other way round, say nothing. */
static void
test_other_types (void)
{
  g_autoptr (OpBatch) text = new_text_status ("Battery", "low");
  g_autoptr (OpBatch) number = new_status ("CardStatus", OP_TYPE_IEEE4, 1);
  g_autoptr (GPtrArray) of_text = judge_status (text);
  g_autoptr (GPtrArray) of_number = judge_status (number);

  g_assert_null (find (of_text, "battery"));
  g_assert_null (find (of_number, "card"));
}

static void
test_card (void)
{
  static const struct
  {
    const char *text;
    gboolean    is_well;
  } cases[] = { { "Card OK.", TRUE }, { "No Card Present.", TRUE }, { "Card Error!", FALSE } };
  g_autoptr (OpBatch) empty = new_text_status ("CardStatus", "");
  g_autoptr (GPtrArray) of_empty = judge_status (empty);

  g_assert_null (find (of_empty, "card"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (OpBatch) status = new_text_status ("CardStatus", cases[i].text);
      g_autoptr (GPtrArray) findings = judge_status (status);
      const OpHealthFinding *finding = find (findings, "card");

      g_assert_cmpstr (finding->value, ==, cases[i].text);
      g_assert_cmpint ((gint) finding->judgement, ==, cases[i].is_well ? OP_JUDGEMENT_WELL : OP_JUDGEMENT_ACT);
    }
}

static void
assert_program (guint state, const char *program, const char *power_up, const char *result, OpJudgement running,
                OpJudgement at_power_up)
{
  char *texts[] = { g_strdup (program), g_strdup (power_up), g_strdup (result) };
  const OpProgramState held = { .compile_state = state, .program = texts[0], .power_up_program = texts[1],
                                .compile_result = texts[2], .program_signature = 17 };
  const OpHealthSources sources = { .program = &held };
  g_autoptr (GPtrArray) findings = op_health_judge (&sources);

  g_assert_cmpint ((gint) find (findings, "program")->judgement, ==, (gint) running);
  g_assert_cmpint ((gint) find (findings, "power-up-program")->judgement, ==, (gint) at_power_up);
  if (running != OP_JUDGEMENT_WELL && *result != '\0')
    g_assert_nonnull (strstr (find (findings, "program")->reason, "line 3"));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
}

static void
test_program (void)
{
  assert_program (1, "CPU:a.CR1", "CPU:a.CR1", "CPU:a.CR1 -- Compiled.", OP_JUDGEMENT_WELL, OP_JUDGEMENT_WELL);
  assert_program (1, "CPU:a.CR1", "a.CR1", "", OP_JUDGEMENT_WELL, OP_JUDGEMENT_WELL);
  assert_program (1, "CPU:a.CR1", "CPU:b.CR1", "", OP_JUDGEMENT_WELL, OP_JUDGEMENT_WATCH);
  assert_program (1, "CPU:a.CR1", "", "Warning: line 3\r\n", OP_JUDGEMENT_WATCH, OP_JUDGEMENT_ACT);
  assert_program (2, "CPU:a.CR1", "CPU:a.CR1", "line 3: Undeclared variable", OP_JUDGEMENT_ACT, OP_JUDGEMENT_WELL);
  assert_program (0, "", "", "", OP_JUDGEMENT_ACT, OP_JUDGEMENT_ACT);
}

static void
test_clock (void)
{
  static const struct
  {
    gint64      offset_s, uncertainty_s;
    OpJudgement judgement;
  } cases[] = {
    { 4, 0, OP_JUDGEMENT_WELL }, { -6, 0, OP_JUDGEMENT_WATCH }, { -6, 2, OP_JUDGEMENT_WELL },
    { 3600, 0, OP_JUDGEMENT_ACT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const OpHealthSources sources = { .clock_is_known = TRUE, .clock_offset_us = cases[i].offset_s * G_USEC_PER_SEC,
                                        .clock_uncertainty_us = cases[i].uncertainty_s * G_USEC_PER_SEC };
      g_autoptr (GPtrArray) findings = op_health_judge (&sources);

      g_assert_cmpint ((gint) find (findings, "clock")->judgement, ==, (gint) cases[i].judgement);
    }
}

/* Worst first; what could not be read is said, with the logger's reason. */
static void
test_order (void)
{
  g_autoptr (GError) error = g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY, "The code is wrong");
  const OpHealthSources sources = { .status_error = error, .clock_is_known = TRUE,
                                    .clock_offset_us = 7200 * G_GINT64_CONSTANT (1000000) };
  g_autoptr (GPtrArray) findings = op_health_judge (&sources);

  g_assert_cmpuint (findings->len, ==, 3);
  g_assert_cmpstr (((OpHealthFinding *) findings->pdata[0])->id, ==, "clock");
  g_assert_cmpstr (((OpHealthFinding *) findings->pdata[1])->id, ==, "program");
  g_assert_cmpstr (((OpHealthFinding *) findings->pdata[2])->id, ==, "status");
  g_assert_cmpstr (((OpHealthFinding *) findings->pdata[2])->reason, ==, "The code is wrong");
}

static OpStation *
new_station (Fixture *fixture, OpLogger *logger)
{
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  OpStation *station;

  record->name = g_strdup ("Hut");
  record->uri = g_strdup ("demo:cr1000");
  record->utc_offset_known = TRUE;
  station = op_station_new (fixture->store, record);
  if (logger != NULL)
    op_station_set_logger (station, logger);
  return station;
}

static GPtrArray *
read_health (OpStation *station, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  op_health_read_async (station, NULL, keep_result_cb, &result);
  return op_health_read_finish (station, await (&result), error);
}

static void
test_read_emulator (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpStation) station = new_station (fixture, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = read_health (station, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (find (findings, "program")->value, ==, "CPU:weather.CR1 (45529)");
  g_assert_cmpstr (find (findings, "lithium-battery")->value, ==, "3.46 V");
  g_assert_nonnull (find (findings, "skipped-records"));
  g_assert_nonnull (find (findings, "clock"));
  g_assert_null (op_station_get_logger (station));
}

/* It has neither a Status table nor programming statistics. */
static void
test_read_little (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 1, OP_TYPE_FP2);
  g_autoptr (FakeLogger) logger = fake_logger_new (table);
  g_autoptr (OpStation) station = new_station (fixture, OP_LOGGER (logger));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = read_health (station, &error);

  g_assert_no_error (error);
  g_assert_cmpint ((gint) find (findings, "status")->judgement, ==, OP_JUDGEMENT_WATCH);
  g_assert_cmpint ((gint) find (findings, "program")->judgement, ==, OP_JUDGEMENT_WATCH);
  g_assert_cmpint ((gint) find (findings, "clock")->judgement, ==, OP_JUDGEMENT_WELL);
}

static void
test_read_nobody (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OpTable) table = make_table ("OneMin", 60 * OP_SECOND, 1, OP_TYPE_FP2);
  g_autoptr (FakeLogger) logger = fake_logger_new (table);
  g_autoptr (OpStation) station = new_station (fixture, OP_LOGGER (logger));
  g_autoptr (GError) error = NULL;

  logger->fail_open = g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER, "Nothing came");
  g_assert_null (read_health (station, &error));
  g_assert_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/health/numbers", test_numbers);
  g_test_add_func ("/health/other-types", test_other_types);
  g_test_add_func ("/health/card", test_card);
  g_test_add_func ("/health/program", test_program);
  g_test_add_func ("/health/clock", test_clock);
  g_test_add_func ("/health/order", test_order);
  ADD ("/health/read/emulator", test_read_emulator);
  ADD ("/health/read/little", test_read_little);
  ADD ("/health/read/nobody", test_read_nobody);
  return g_test_run ();
}
