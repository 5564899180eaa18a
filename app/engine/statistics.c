/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/statistics.h"

#include <math.h>

typedef struct
{
  OpRecords   *records;
  guint        column;
  OpTime       from, to;
  OpStatistics statistics;
} Reading;

static void
reading_free (Reading *reading)
{
  op_records_unref (reading->records);
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
op_statistics_finish (OpStatistics *statistics, OpTime interval, OpTime from, OpTime to)
{
  double n = (double) statistics->n_values;

  statistics->sum = statistics->mean * n;
  statistics->deviation = statistics->n_values > 1 ? sqrt (statistics->deviation / (n - 1)) : NAN;
  if (statistics->n_values == 0)
    statistics->mean = statistics->sum = NAN;
  if (interval > 0 && to >= from)
    {
      double expected = floor (((double) to - (double) from) / (double) interval) + 1;
      statistics->coverage = fmin (n / expected, 1);
    }
}

static void
add_slice (const OpRecordSlice *slice, gpointer data)
{
  OpStatistics *statistics = data;

  for (gsize i = 0; i < slice->n; i++)
    op_statistics_add (statistics, slice->times[i], slice->values[0][i]);
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  GError *error = NULL;

  op_statistics_init (&reading->statistics);
  if (!op_records_scan (reading->records, &reading->column, 1, reading->from, reading->to, add_slice,
                        &reading->statistics, cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  op_statistics_finish (&reading->statistics, op_records_get_interval (reading->records), reading->from, reading->to);
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
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  g_task_run_in_thread (task, run);
}

OpStatistics *
op_statistics_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
