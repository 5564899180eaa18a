/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/health-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MAX_NAMES 4

/* A measured number and the bounds between which it is well; NAN: no bound on that side. */
typedef struct
{
  const char *id;
  const char *name;
  const char *fields[MAX_NAMES]; /* as the models call it */
  const char *unit;
  guint       n_digits; /* behind the point */
  double      act_below, watch_below, watch_above, act_above;
  const char *low, *high;               /* reasons */
  const char *low_advice, *high_advice;
} Limits;

/*
 * Battery: CR1000 type loggers work from 9.6 V (CR200: 7 V) to 16 V; a lead battery is nearly empty at 11.5 V. Panel:
 * -25 to 50 °C, in the extended range -55 to 85 °C. Lithium battery: 3.6 V when new, to be replaced below 2.7 V.
 * (CR1000 operator's manual, Specifications and Status table.)
 */
static const Limits limits[] = {
  { "battery", N_("Battery"), { "Battery", "BattV", "BattVoltage", NULL }, "V", 2, 10.5, 11.7, 15.5, 16,
    N_("The supply voltage is low"), N_("The supply voltage is high"),
    N_("Check the charger, the solar panel and the age of the battery; below 9.6 V the logger stops."),
    N_("Check the charge regulator; above 16 V the logger can be damaged.") },
  { "lithium-battery", N_("Lithium battery"), { "LithiumBattery", "LithiumBatt", NULL }, "V", 2, 2.7, 3.0, NAN, NAN,
    N_("The battery that keeps the clock and the memory is running down"), "",
    N_("Replace it at the next visit; without it the clock starts anew when the power fails."), "" },
  { "panel-temperature", N_("Panel temperature"), { "PanelTemp", "PTemp", "PanelT", NULL }, "°C", 1, -55, -25, 50, 85,
    N_("It is colder than the standard range of measurements allows"),
    N_("It is hotter than the standard range of measurements allows"),
    N_("Measurements may be less exact; check whether this is an extended-range logger."),
    N_("Measurements may be less exact; shade or ventilate the enclosure.") },
};

/* A counter that stands at zero when all is well. */
typedef struct
{
  const char *id;
  const char *name;
  const char *fields[MAX_NAMES];
  OpJudgement judgement; /* above zero */
  const char *reason;
  const char *advice;
} Counter;

static const Counter counters[] = {
  { "watchdog-errors", N_("Watchdog errors"), { "WatchdogErrors", "WatchDog", "WatchdogErr", NULL }, OP_JUDGEMENT_WATCH,
    N_("The logger has restarted itself"),
    N_("Look for transients, bad grounding or loose cables when it goes on; then set the counter to 0.") },
  { "skipped-scans", N_("Skipped scans"), { "SkippedScan", "SkippedScans", NULL }, OP_JUDGEMENT_ACT,
    N_("The program was not ready in time: measurements are missing"),
    N_("Scan less often, or measure less in a scan; then set the counter to 0.") },
  { "skipped-slow-scans", N_("Skipped background scans"), { "SkippedSystemScan", "SkippedSlowScan", NULL },
    OP_JUDGEMENT_WATCH, N_("Background calibration was not done in time"),
    N_("Leave more time between scans.") },
  { "skipped-records", N_("Skipped records"), { "SkippedRecord", "SkippedRecords", NULL }, OP_JUDGEMENT_ACT,
    N_("Output times passed without a record: a clock that was set ahead, or skipped scans"),
    N_("See the clock's history and skipped scans; then set the counter to 0.") },
  { "low-12-v", N_("Low 12 V"), { "Low12VCount", "Low12V", NULL }, OP_JUDGEMENT_ACT,
    N_("The supply was too low to measure"), N_("Check the battery and its charging; then set the counter to 0.") },
  { "low-5-v", N_("Low 5 V"), { "Low5VCount", "Low5V", NULL }, OP_JUDGEMENT_ACT,
    N_("The logger's own 5 V supply was too low"), N_("Look for a sensor or a device that takes too much current.") },
  { "program-errors", N_("Program errors"), { "ProgErrors", NULL }, OP_JUDGEMENT_ACT,
    N_("The program has errors"), N_("Read the compile result, and send a corrected program.") },
  { "out-of-bounds", N_("Variables out of bounds"), { "VarOutOfBound", "VarOutOfBounds", NULL }, OP_JUDGEMENT_WATCH,
    N_("The program used an array beyond its end"), N_("Check the indices in the program.") },
  { "calibration-errors", N_("Calibration errors"), { "ErrorCalib", "CalErrors", NULL }, OP_JUDGEMENT_WATCH,
    N_("The logger's calibration failed"), N_("Check the wiring; if it goes on, have the logger calibrated.") },
};

gint
op_health_find_column (const OpBatch *status, const char *const *names)
{
  const OpTable *table = op_batch_get_table (status);

  for (guint i = 0; names[i] != NULL; i++)
    {
      gint column = op_table_find_column (table, names[i]);

      /* The first of an array. */
      for (guint j = 0; column < 0 && j < table->n_fields; j++)
        if (g_ascii_strcasecmp (table->fields[j].name, names[i]) == 0)
          column = (gint) table->fields[j].first_column;
      if (column >= 0)
        return column;
    }
  return -1;
}

/* The last record's number there; FALSE when it is none. */
static gboolean
get_number (const OpBatch *status, gint column, double *number)
{
  gsize n = op_batch_get_n_records (status);

  if (column < 0 || n == 0 || op_batch_get_kind (status, (guint) column) != OP_KIND_NUMBER)
    return FALSE;
  *number = op_batch_get_numbers (status, (guint) column)[n - 1];
  return TRUE;
}

static char *
dup_value (const Limits *rule, double number)
{
  return g_strdup_printf ("%.*f %s", (gint) rule->n_digits, number, rule->unit);
}

static void
judge_limits (GPtrArray *findings, const Limits *rule, double number)
{
  gboolean is_low = number < rule->watch_below, is_high = number > rule->watch_above;
  gboolean is_bad = number < rule->act_below || number > rule->act_above;
  OpJudgement judgement = is_bad ? OP_JUDGEMENT_ACT : OP_JUDGEMENT_WATCH;

  if (!isfinite (number))
    op_health_add (findings, rule->id, _(rule->name), g_strdup ("NAN"), OP_JUDGEMENT_WATCH,
                   _("The logger tells no number"), "");
  else if (is_low)
    op_health_add (findings, rule->id, _(rule->name), dup_value (rule, number), judgement, _(rule->low),
                   _(rule->low_advice));
  else if (is_high)
    op_health_add (findings, rule->id, _(rule->name), dup_value (rule, number), judgement, _(rule->high),
                   _(rule->high_advice));
  else
    op_health_add (findings, rule->id, _(rule->name), dup_value (rule, number), OP_JUDGEMENT_WELL, "", "");
}

/* A field may be an array, a number a data table. */
static double
sum_up (const OpBatch *status, gint column)
{
  const OpField *field = op_table_get_column (op_batch_get_table (status), (guint) column, NULL);
  double sum = 0, number;

  for (guint i = 0; i < field->n_elements; i++)
    if (get_number (status, (gint) (field->first_column + i), &number) && number > 0)
      sum += number;
  return sum;
}

static void
judge_counter (GPtrArray *findings, const Counter *rule, double count)
{
  char *value = g_strdup_printf ("%.0f", count);

  if (count > 0)
    op_health_add (findings, rule->id, _(rule->name), value, rule->judgement, _(rule->reason), _(rule->advice));
  else
    op_health_add (findings, rule->id, _(rule->name), value, OP_JUDGEMENT_WELL, "", "");
}

/* A tenth is left to programs that grow, and to buffers. */
static void
judge_memory (GPtrArray *findings, const OpBatch *status)
{
  static const char *const free_names[] = { "MemoryFree", NULL };
  static const char *const size_names[] = { "MemorySize", NULL };
  double n_free, size;

  if (!get_number (status, op_health_find_column (status, free_names), &n_free) || !isfinite (n_free))
    return;
  char *value = g_format_size ((guint64) MAX (n_free, 0));
  if (get_number (status, op_health_find_column (status, size_names), &size) && n_free < size / 10)
    op_health_add (findings, "memory", _("Memory free"), value, OP_JUDGEMENT_WATCH, _("Little memory is left"),
                   _("Make tables of fixed size smaller, or take out what the program does not need."));
  else
    op_health_add (findings, "memory", _("Memory free"), value, OP_JUDGEMENT_WELL, "", "");
}

void
op_health_judge_numbers (GPtrArray *findings, const OpBatch *status)
{
  double number;

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    if (get_number (status, op_health_find_column (status, limits[i].fields), &number))
      judge_limits (findings, &limits[i], number);
  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    {
      gint column = op_health_find_column (status, counters[i].fields);

      if (get_number (status, column, &number))
        judge_counter (findings, &counters[i], sum_up (status, column));
    }
  judge_memory (findings, status);
}
