/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/clock-job-private.h"

#include "protocol/pakbus/answer-private.h"

#define MSG_CLOCK 0x17

/* What two clocks may drift apart, and a busy computer be late, between two readings. */
#define DRIFT_PPM 500
#define LATENESS_US (20 * 1000)

typedef struct
{
  PakTarget      target;
  gint64         adjustment;
  OpClockReading before;
  GError        *lost; /* why no answer came; NULL: one did */
} AdjustJob;

static void
adjust_job_free (AdjustJob *job)
{
  g_clear_error (&job->lost);
  g_free (job);
}

static PakMessage *
new_command (const PakTarget *target, gint64 adjustment)
{
  PakMessage *command = pak_message_new (PAK_PROTOCOL_BMP5, MSG_CLOCK, 0);

  pak_message_set_uint (command, "SecurityCode", target->security);
  pak_message_set_time (command, "Adjustment", adjustment);
  return command;
}

static OpClockReading *
parse_clock (GBytes *answer, gint64 round_trip, gboolean is_small, GError **error)
{
  g_autoptr (PakMessage) response = pak_answer_accept (answer, "Clock Command", error);
  OpClockReading *reading;

  if (response == NULL)
    return NULL;
  reading = g_new0 (OpClockReading, 1);
  reading->logger_time = pak_message_get_time (response, "OldTime");
  reading->host_unix_us = g_get_real_time () - round_trip / 2;
  reading->round_trip_us = round_trip;
  /* Clocks of whole seconds send zero or nonsense as nanoseconds (pakbus-facts F5). */
  if (is_small)
    reading->logger_time -= (reading->logger_time % OP_SECOND + OP_SECOND) % OP_SECOND;
  if (reading->logger_time % OP_SECOND == 0)
    reading->resolution_us = G_USEC_PER_SEC;
  return reading;
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gint64 round_trip;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, &round_trip, &error);
  gboolean is_small = GPOINTER_TO_INT (g_task_get_task_data (task));
  OpClockReading *reading = answer != NULL ? parse_clock (answer, round_trip, is_small, &error) : NULL;

  if (reading != NULL)
    g_task_return_pointer (task, reading, g_free);
  else
    g_task_return_error (task, error);
}

void
pak_read_clock_async (const PakTarget *target, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);

  g_task_set_task_data (task, GINT_TO_POINTER (pak_target_is_small (target)), NULL);
  pak_session_transact_async (target->session, target->node, new_command (target, 0), PAK_REPEAT_NEW_NUMBER,
                              cancellable, on_read_cb, task);
}

OpClockReading *
pak_read_clock_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Adjusting */

static gint64
get_uncertainty (const OpClockReading *reading)
{
  return reading->round_trip_us / 2 + reading->resolution_us;
}

/* By how much the clock has moved beside this computer's between two readings, ns, and how far that is certain. */
static gint64
measure_step (const OpClockReading *before, const OpClockReading *after, gint64 *uncertainty)
{
  gint64 elapsed_us = after->host_unix_us - before->host_unix_us;

  *uncertainty = (get_uncertainty (before) + get_uncertainty (after) + LATENESS_US
                  + ABS (elapsed_us) * DRIFT_PPM / 1000000) * 1000;
  return after->logger_time - before->logger_time - elapsed_us * 1000;
}

/* Expected against observed: with the adjustment, without it, or something that is neither. */
static void
decide (GTask *task, const OpClockReading *after)
{
  AdjustJob *job = g_task_get_task_data (task);
  gint64 uncertainty;
  gint64 step = measure_step (&job->before, after, &uncertainty);
  gboolean fits_applied = ABS (step - job->adjustment) <= uncertainty;
  gboolean fits_unchanged = ABS (step) <= uncertainty;
  OpClockAdjustment *done;

  if (fits_applied == fits_unchanged)
    {
      g_task_return_error (task, pak_answer_uncertain (g_steal_pointer (&job->lost)));
      return;
    }
  if (fits_unchanged)
    {
      g_task_return_error (task, pak_answer_not_done (g_steal_pointer (&job->lost)));
      return;
    }
  done = g_new (OpClockAdjustment, 1);
  done->old_time = OP_TIME_UNKNOWN;
  g_task_return_pointer (task, done, g_free);
}

static void
on_read_again_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  AdjustJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree OpClockReading *after = pak_read_clock_finish (PAK_SESSION (source), result, &error);

  if (after != NULL)
    decide (task, after);
  else
    g_task_return_error (task, pak_answer_unseen (error, g_steal_pointer (&job->lost)));
}

static void
on_adjusted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  AdjustJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);
  g_autoptr (PakMessage) response = answer != NULL ? pak_answer_accept (answer, "Clock Command", &error) : NULL;

  if (response != NULL)
    {
      OpClockAdjustment *done = g_new (OpClockAdjustment, 1);

      done->old_time = pak_message_get_time (response, "OldTime");
      g_task_return_pointer (task, done, g_free);
    }
  else if (pak_answer_is_lost (error))
    {
      job->lost = error;
      pak_read_clock_async (&job->target, g_task_get_cancellable (task), on_read_again_cb, g_object_ref (task));
    }
  else
    g_task_return_error (task, error);
}

void
pak_adjust_clock_async (const PakTarget *target, gint64 adjustment, const OpClockReading *before,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  AdjustJob *job = g_new0 (AdjustJob, 1);

  job->target = *target;
  job->adjustment = adjustment;
  job->before = *before;
  g_task_set_task_data (task, job, (GDestroyNotify) adjust_job_free);
  pak_session_transact_async (target->session, target->node, new_command (target, adjustment), PAK_REPEAT_NEVER,
                              cancellable, on_adjusted_cb, task);
}

OpClockAdjustment *
pak_adjust_clock_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
