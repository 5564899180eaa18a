/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-setter.h"

#include "app/engine/station-clock.h"
#include "app/engine/station-private.h"
#include "protocol/logger-changes.h"

#include <glib/gi18n-lib.h>

/* Round trips settle after two or three exchanges (pakbus-facts B9). */
#define N_READINGS 5
#define MAX_ADJUSTMENTS 5
/* Loggers keep their time no finer: what is off by less is right. */
#define FINEST_US (10 * 1000)

typedef struct
{
  OpLogger       *logger;
  gint64          threshold_us;
  OpClockReading *best; /* of the running measurement */
  guint           n_readings;
  guint           n_adjustments; /* tried */
  gint64          last_offset_us; /* before the last one */
  gboolean        is_uncertain;   /* whether the last one was made shows only by measuring */
  OpClockSetting  setting;
} Setter;

static void read_next (GTask *task);

static void
setter_free (Setter *setter)
{
  g_object_unref (setter->logger);
  g_free (setter->best);
  g_free (setter);
}

static void
finish (GTask *task)
{
  Setter *setter = g_task_get_task_data (task);

  op_station_take_clock (g_task_get_source_object (task), g_steal_pointer (&setter->best));
  g_task_return_pointer (task, g_memdup2 (&setter->setting, sizeof setter->setting), g_free);
}

static void
measure (GTask *task)
{
  Setter *setter = g_task_get_task_data (task);

  setter->n_readings = 0;
  g_clear_pointer (&setter->best, g_free);
  read_next (task);
}

static gboolean
is_unanswered (const GError *error)
{
  return g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE)
         || g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNCERTAIN);
}

static void
on_adjusted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Setter *setter = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree OpClockAdjustment *done = op_logger_adjust_clock_finish (OP_LOGGER (source), result, &error);

  if (done == NULL && !is_unanswered (error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (done != NULL)
    {
      setter->setting.set = TRUE;
      setter->setting.adjusted_us -= setter->last_offset_us;
    }
  setter->is_uncertain = g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNCERTAIN);
  measure (task);
}

/* A clock that is set is not set again for what is left, unless it came out as wrong as it was. */
static gboolean
is_right (const Setter *setter)
{
  const OpClockSetting *setting = &setter->setting;
  gint64 off = ABS (setting->offset_us);

  if (off <= MAX (setter->threshold_us, MAX (setting->uncertainty_us, FINEST_US)))
    return TRUE;
  return setting->set && off < ABS (setter->last_offset_us) / 2;
}

static void
adjust (GTask *task)
{
  Setter *setter = g_task_get_task_data (task);

  if (setter->n_adjustments == MAX_ADJUSTMENTS)
    {
      g_task_return_new_error (task, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER,
                               _("The clock could not be set in %d tries: it is off by %.3f s"), MAX_ADJUSTMENTS,
                               (double) setter->setting.offset_us / G_USEC_PER_SEC);
      return;
    }
  setter->n_adjustments++;
  setter->last_offset_us = setter->setting.offset_us;
  op_logger_adjust_clock_async (setter->logger, -setter->setting.offset_us * 1000, setter->best,
                                g_task_get_cancellable (task), on_adjusted_cb, g_object_ref (task));
}

static void
on_measured (GTask *task)
{
  Setter *setter = g_task_get_task_data (task);
  OpClockSetting *setting = &setter->setting;
  gint64 step;

  setting->offset_us = op_clock_get_offset (setter->best, op_station_get_record (g_task_get_source_object (task)));
  setting->uncertainty_us = op_clock_get_uncertainty (setter->best);
  step = setting->offset_us - setter->last_offset_us;
  if (setter->is_uncertain && ABS (step) > 2 * setting->uncertainty_us)
    {
      setting->set = TRUE;
      setting->adjusted_us += step;
    }
  setter->is_uncertain = FALSE;
  if (is_right (setter))
    finish (task);
  else
    adjust (task);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Setter *setter = g_task_get_task_data (task);
  GError *error = NULL;
  OpClockReading *reading = op_logger_read_clock_finish (OP_LOGGER (source), result, &error);

  if (reading == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (setter->best == NULL || op_clock_get_uncertainty (reading) < op_clock_get_uncertainty (setter->best))
    {
      g_free (setter->best);
      setter->best = reading;
    }
  else
    g_free (reading);
  if (++setter->n_readings < N_READINGS)
    read_next (task);
  else
    on_measured (task);
}

static void
read_next (GTask *task)
{
  Setter *setter = g_task_get_task_data (task);

  op_logger_read_clock_async (setter->logger, g_task_get_cancellable (task), on_read_cb, g_object_ref (task));
}

void
op_station_set_clock_async (OpStation *station, gint64 threshold_us, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STATION (station));
  g_return_if_fail (op_station_get_logger (station) != NULL);

  g_autoptr (GTask) task = g_task_new (station, cancellable, callback, data);
  Setter *setter = g_new0 (Setter, 1);

  setter->logger = g_object_ref (op_station_get_logger (station));
  setter->threshold_us = threshold_us;
  g_task_set_task_data (task, setter, (GDestroyNotify) setter_free);
  measure (task);
}

OpClockSetting *
op_station_set_clock_finish (OpStation *station, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, station), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
