/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Setting a clock that a test moves: what is done once, what is looked at again, and when it is left alone. */

#include "fixture.h"

#include "app/engine/clock-change.h"

#include <string.h>

/* A logger that has nothing but a clock. */
#define CLOCK_TYPE_LOGGER (clock_logger_get_type ())
G_DECLARE_FINAL_TYPE (ClockLogger, clock_logger, CLOCK, LOGGER, OpLogger)

struct _ClockLogger
{
  OpLogger    parent_instance;
  gint64      offset_us;
  guint       n_readings;
  guint       n_adjustments;
  /* A letter an adjustment: d done, 2 done twice, n not done, u and U uncertain (U: done), x refused. */
  const char *script;
};

G_DEFINE_FINAL_TYPE (ClockLogger, clock_logger, OP_TYPE_LOGGER)

/* Each fifth reading is quick and exact; the others are slow, and wrong as far as slowness allows. */
static void
read_clock_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  ClockLogger *self = CLOCK_LOGGER (logger);
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  OpClockReading *reading = g_new0 (OpClockReading, 1);
  gboolean is_quick = self->n_readings++ % 5 == 2;

  reading->host_unix_us = g_get_real_time ();
  reading->round_trip_us = is_quick ? 2000 : 200000;
  reading->logger_time = op_time_from_unix_us (reading->host_unix_us + self->offset_us + (is_quick ? 0 : 90000), 0);
  g_task_return_pointer (task, reading, g_free);
}

static void
adjust_clock_async (OpLogger *logger, gint64 adjustment, const OpClockReading *before, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer data)
{
  ClockLogger *self = CLOCK_LOGGER (logger);
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  char outcome = self->script[MIN (self->n_adjustments++, strlen (self->script) - 1)];

  if (strchr ("dU2", outcome) != NULL)
    self->offset_us += adjustment / 1000 * (outcome == '2' ? 2 : 1);
  if (outcome == 'n')
    g_task_return_new_error (task, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE, "Not done");
  else if (outcome == 'u' || outcome == 'U')
    g_task_return_new_error (task, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNCERTAIN, "Who knows");
  else if (outcome == 'x')
    g_task_return_new_error (task, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY, "No");
  else
    g_task_return_pointer (task, g_new0 (OpClockAdjustment, 1), g_free);
}

static void
close_link (OpLogger *logger)
{
}

static void
clock_logger_class_init (ClockLoggerClass *klass)
{
  OP_LOGGER_CLASS (klass)->read_clock_async = read_clock_async;
  OP_LOGGER_CLASS (klass)->adjust_clock_async = adjust_clock_async;
  OP_LOGGER_CLASS (klass)->close = close_link;
}

static void
clock_logger_init (ClockLogger *self)
{
}

typedef struct
{
  const char *name;
  gint64      offset_us;
  gint64      threshold_us;
  const char *script;
  gboolean    set;
  guint       n_adjustments;
  gint64      left_us; /* afterwards */
} Case;

#define S G_USEC_PER_SEC

static const Case cases[] = {
  { "once", 40 * S, 0, "d", TRUE, 1, 0 },
  { "slow", -40 * S, 0, "d", TRUE, 1, 0 },
  { "below-threshold", 4 * S, 5 * S, "d", FALSE, 0, 4 * S },
  { "above-threshold", -6 * S, 5 * S, "d", TRUE, 1, 0 },
  { "right", 0, 0, "d", FALSE, 0, 0 },
  { "right-enough", 4000, 0, "d", FALSE, 0, 4000 },
  { "not-done", 40 * S, 0, "nnd", TRUE, 3, 0 },
  { "uncertain-not-done", 40 * S, 0, "ud", TRUE, 2, 0 },
  { "uncertain-done", 40 * S, 0, "U", TRUE, 1, 0 },
  /* The command came twice: then the clock is as wrong as before, the other way. */
  { "twice", 40 * S, 0, "2d", TRUE, 2, 0 },
};

static OpClockChange *
try_change (ClockLogger *logger, gint64 threshold_us, GError **error)
{
  const OpClockOrder order = { .threshold_us = threshold_us };
  g_autoptr (GPtrArray) tables = g_ptr_array_new ();
  g_autoptr (GAsyncResult) result = NULL;

  op_clock_change_async (OP_LOGGER (logger), tables, &order, 0, NULL, NULL, NULL, keep_result_cb, &result);
  return op_clock_change_finish (OP_LOGGER (logger), await (&result), error);
}

static void
test_set (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (ClockLogger) logger = g_object_new (CLOCK_TYPE_LOGGER, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree OpClockChange *change = NULL;

  logger->offset_us = c->offset_us;
  logger->script = c->script;
  change = try_change (logger, c->threshold_us, &error);
  g_assert_no_error (error);
  g_assert_cmpint (change->set, ==, c->set);
  g_assert_cmpuint (logger->n_adjustments, ==, c->n_adjustments);
  g_assert_cmpint (ABS (logger->offset_us - c->left_us), <, 2000);
  g_assert_cmpint (ABS (change->after.offset.offset_us - logger->offset_us), <=, change->after.offset.uncertainty_us);
  g_assert_cmpint (change->after.offset.uncertainty_us, <, 2000);
  g_assert_cmpint (ABS (change->adjusted_us - (c->left_us - c->offset_us)), <, 4000);
  g_assert_cmpint (change->set_unix_us > 0, ==, c->set);
}

static void
assert_fails (const char *script, OpLoggerError code, guint n_adjustments)
{
  g_autoptr (ClockLogger) logger = g_object_new (CLOCK_TYPE_LOGGER, NULL);
  g_autoptr (GError) error = NULL;

  logger->offset_us = 40 * S;
  logger->script = script;
  g_assert_null (try_change (logger, 0, &error));
  g_assert_error (error, OP_LOGGER_ERROR, (gint) code);
  g_assert_cmpuint (logger->n_adjustments, ==, n_adjustments);
  g_assert_cmpint (logger->offset_us, ==, 40 * S);
}

static void
test_fail (void)
{
  assert_fails ("x", OP_LOGGER_ERROR_SECURITY, 1);
  assert_fails ("n", OP_LOGGER_ERROR_NO_ANSWER, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/clock-change/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_set);
    }
  g_test_add_func ("/clock-change/fail", test_fail);
  return g_test_run ();
}
