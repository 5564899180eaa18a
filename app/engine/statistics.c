/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/statistics.h"

#include <math.h>

/* What is given twice is known to be so as far back as this reaches. */
#define MAX_RUNS 65536

typedef struct
{
  OpRecords   *records;
  guint        column;
  OpTime       from, to;
  OpTime       interval;
  OpTime       latest; /* time of all records so far */
  GArray      *runs;   /* Run, in the order of records; MAX_RUNS at most */
  double       n_covered; /* intervals, by runs that were taken out before */
  OpStatistics statistics;
} Reading;

/* A stretch of time whose intervals all have a value. */
typedef struct
{
  OpTime from, to;
} Run;

static void
reading_free (Reading *reading)
{
  op_records_unref (reading->records);
  g_array_unref (reading->runs);
  g_free (reading);
}

void
op_statistics_init (OpStatistics *statistics)
{
  *statistics = (OpStatistics) { .coverage = NAN, .mean = 0, .deviation = 0, .min = NAN, .max = NAN,
                                 .min_time = OP_TIME_UNKNOWN, .max_time = OP_TIME_UNKNOWN,
                                 .first = NAN, .last = NAN, .first_time = OP_TIME_UNKNOWN,
                                 .last_time = OP_TIME_UNKNOWN, .sum = 0 };
}

/* Until the end, @deviation is the sum of squared differences from the mean (Welford). */
void
op_statistics_add (OpStatistics *statistics, OpTime time, double value)
{
  double difference;

  if (!isfinite (value))
    {
      statistics->n_nan++;
      return;
    }
  if (statistics->n_values++ == 0)
    {
      statistics->first = value;
      statistics->first_time = time;
    }
  statistics->last = value;
  statistics->last_time = time;
  difference = value - statistics->mean;
  statistics->mean += difference / (double) statistics->n_values;
  statistics->deviation += difference * (value - statistics->mean);
  if (!(value >= statistics->min))
    {
      statistics->min = value;
      statistics->min_time = time;
    }
  if (!(value <= statistics->max))
    {
      statistics->max = value;
      statistics->max_time = time;
    }
}

void
op_statistics_finish (OpStatistics *statistics)
{
  double n = (double) statistics->n_values;

  statistics->sum = statistics->mean * n;
  statistics->deviation = statistics->n_values > 1 ? sqrt (statistics->deviation / (n - 1)) : NAN;
  if (statistics->n_values == 0)
    statistics->mean = statistics->sum = NAN;
}

/* Coverage and order: a clock that was set back gives the same minutes twice, which are covered once. */

static void
note_order (Reading *reading, OpTime time)
{
  /* Events may come at the same moment. */
  if (time < reading->latest || (time == reading->latest && reading->interval > 0))
    reading->statistics.n_out_of_order++;
  reading->latest = MAX (reading->latest, time);
}

static gint
compare_runs (gconstpointer a, gconstpointer b)
{
  const Run *left = a, *right = b;

  return (left->from > right->from) - (left->from < right->from);
}

static double
count_intervals (const Reading *reading, OpTime from, OpTime to)
{
  return floor (((double) to - (double) from) / (double) reading->interval + 0.5) + 1;
}

/* The intervals in which the runs lie, each counted once; there are no runs then. */
static double
take_covered (Reading *reading)
{
  double covered = 0;

  g_array_sort (reading->runs, compare_runs);
  for (guint i = 0; i < reading->runs->len;)
    {
      Run run = g_array_index (reading->runs, Run, i);

      for (i++; i < reading->runs->len && g_array_index (reading->runs, Run, i).from <= run.to; i++)
        run.to = MAX (run.to, g_array_index (reading->runs, Run, i).to);
      covered += count_intervals (reading, run.from, run.to);
    }
  g_array_set_size (reading->runs, 0);
  return covered;
}

static void
note_run (Reading *reading, OpTime time)
{
  Run *last = reading->runs->len > 0 ? &g_array_index (reading->runs, Run, reading->runs->len - 1) : NULL;

  if (last != NULL && time >= last->from
      && (time <= last->to || (guint64) time - (guint64) last->to <= (guint64) reading->interval * 3 / 2))
    last->to = MAX (last->to, time);
  else
    {
      Run run = { time, time };

      if (reading->runs->len == MAX_RUNS)
        reading->n_covered += take_covered (reading);
      g_array_append_val (reading->runs, run);
    }
}

static double
find_coverage (Reading *reading)
{
  double expected = floor (((double) reading->to - (double) reading->from) / (double) reading->interval) + 1;

  return fmin ((reading->n_covered + take_covered (reading)) / expected, 1);
}

static void
add_slice (const OpRecordSlice *slice, gpointer data)
{
  Reading *reading = data;

  for (gsize i = 0; i < slice->n; i++)
    {
      op_statistics_add (&reading->statistics, slice->times[i], slice->values[0][i]);
      note_order (reading, slice->times[i]);
      if (reading->interval > 0 && isfinite (slice->values[0][i]))
        note_run (reading, slice->times[i]);
    }
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  GError *error = NULL;

  op_statistics_init (&reading->statistics);
  if (!op_records_scan (reading->records, &reading->column, 1, reading->from, reading->to, add_slice,
                        reading, cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  op_statistics_finish (&reading->statistics);
  if (reading->interval > 0 && reading->to >= reading->from)
    reading->statistics.coverage = find_coverage (reading);
  g_task_return_pointer (task, g_memdup2 (&reading->statistics, sizeof reading->statistics), g_free);
}

void
op_statistics_read_async (OpRecords *records, guint column, OpTime from, OpTime to, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Reading *reading = g_new0 (Reading, 1);

  reading->records = op_records_ref (records);
  reading->column = column;
  reading->from = from;
  reading->to = to;
  reading->interval = op_records_get_interval (records);
  reading->latest = OP_TIME_UNKNOWN;
  reading->runs = g_array_new (FALSE, FALSE, sizeof (Run));
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  g_task_run_in_thread (task, run);
}

OpStatistics *
op_statistics_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
