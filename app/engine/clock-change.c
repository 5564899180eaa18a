/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-change.h"

#include "protocol/logger-changes.h"

#include <glib/gi18n-lib.h>

#define MAX_ADJUSTMENTS 5
/* Moments that pass while the logger does not answer. */
#define MAX_MISSED 10
/* After a longer wait the clock is looked at again, this long before the moment. */
#define LONG_WAIT_US  (60 * G_USEC_PER_SEC)
#define LOOK_AHEAD_US (20 * G_USEC_PER_SEC)
/* Round trips that a link which idled takes to answer: it is made ready first. */
#define WAKE_UP       3
/* More than any crystal drifts, this computer's included. */
#define DRIFT_PPM     300

G_DEFINE_QUARK (op-clock-error-quark, op_clock_error)

typedef struct
{
  GPtrArray      *tables;
  OpClockOrder    order;
  gint            utc_offset_s;
  OpClockWaitFunc wait;
  gpointer        wait_data;

  OpClockLook     look;            /* the newest */
  gboolean        has_looked;
  OpClockPlan    *plan;            /* what is waited for, or was tried last; NULL: nothing yet */
  gboolean        is_tried;        /* the plan's adjustment was sent since the last look but one */
  gboolean        is_done;         /* and answered; */
  gboolean        is_uncertain;    /* or whether it was made shows only by looking */
  gint64          tried_unix_us;
  guint           n_adjustments;   /* tried */
  guint           n_missed;        /* moments */
  OpClockReading  fresh;           /* just before the adjustment */
  GSource        *timer;
  gulong          cancelled_handler;
  OpClockChange   change;
} Change;

static void look (GTask *task);

static void
change_free (Change *change)
{
  g_ptr_array_unref (change->tables);
  g_clear_pointer (&change->plan, op_clock_plan_free);
  g_clear_pointer (&change->timer, g_source_unref);
  g_free (change);
}

/* Waiting */

static void
stop_waiting (GTask *task)
{
  Change *change = g_task_get_task_data (task);

  if (change->timer != NULL)
    g_source_destroy (change->timer);
  g_clear_pointer (&change->timer, g_source_unref);
  if (g_task_get_cancellable (task) != NULL)
    g_clear_signal_handler (&change->cancelled_handler, g_task_get_cancellable (task));
}

static void
on_cancelled_cb (GCancellable *cancellable, GTask *waiting)
{
  g_autoptr (GTask) task = g_object_ref (waiting);

  stop_waiting (task);
  g_task_return_error_if_cancelled (task);
}

/* Calls @func with @task at @at_us by this computer's clock. */
static void
wait_until (GTask *task, gint64 at_us, GSourceFunc func)
{
  Change *change = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (g_task_return_error_if_cancelled (task))
    return;
  change->timer = g_timeout_source_new ((guint) (MAX (at_us - g_get_real_time (), 0) / 1000));
  g_source_set_priority (change->timer, G_PRIORITY_HIGH);
  g_source_set_callback (change->timer, func, g_object_ref (task), g_object_unref);
  g_source_attach (change->timer, g_task_get_context (task));
  if (cancellable != NULL)
    change->cancelled_handler = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled_cb), task);
}

/* Adjusting */

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
  Change *change = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree OpClockAdjustment *done = op_logger_adjust_clock_finish (OP_LOGGER (source), result, &error);

  if (done == NULL && !is_unanswered (error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  change->is_done = done != NULL;
  change->is_uncertain = g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNCERTAIN);
  look (task);
}

static gboolean
on_adjust_cb (gpointer data)
{
  GTask *task = data;
  Change *change = g_task_get_task_data (task);

  g_object_ref (task);
  stop_waiting (task);
  change->is_tried = TRUE;
  change->n_adjustments++;
  change->tried_unix_us = g_get_real_time ();
  op_logger_adjust_clock_async (g_task_get_source_object (task), change->plan->adjustment_us * 1000,
                                &change->fresh, g_task_get_cancellable (task), on_adjusted_cb, task);
  return G_SOURCE_REMOVE;
}

static gint64
get_send_time (const Change *change)
{
  return change->plan->at_unix_us - change->look.offset.round_trip_us / 2;
}

static gboolean
is_too_late (const Change *change)
{
  gint64 arrival_us = g_get_real_time () + change->look.offset.round_trip_us / 2;

  return op_clock_look_get_time (&change->look, change->utc_offset_s, arrival_us) > change->plan->until;
}

/* The link was up a moment ago: what is sent now does not wait in a queue while the moment passes. */
static void
on_fresh_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Change *change = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree OpClockReading *reading = op_logger_read_clock_finish (OP_LOGGER (source), result, &error);

  if (reading == NULL && !g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER))
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_error (&error);
  if (reading == NULL || is_too_late (change))
    {
      change->n_missed++;
      look (task);
      return;
    }
  change->fresh = *reading;
  wait_until (task, get_send_time (change), on_adjust_cb);
}

static gboolean
on_ready_cb (gpointer data)
{
  GTask *task = g_object_ref (data);

  stop_waiting (task);
  op_logger_read_clock_async (g_task_get_source_object (task), g_task_get_cancellable (task), on_fresh_cb, task);
  return G_SOURCE_REMOVE;
}

static gboolean
on_look_again_cb (gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);

  stop_waiting (task);
  look (task);
  return G_SOURCE_REMOVE;
}

static void
fail_for_harm (GTask *task)
{
  Change *change = g_task_get_task_data (task);
  g_autofree char *harm = op_clock_plan_dup_harm (change->plan);

  g_task_return_new_error (task, OP_CLOCK_ERROR, OP_CLOCK_ERROR_HARM,
                           _("No moment within an hour is safe for all records: setting the clock by %+.3f s, %s"),
                           (double) change->plan->adjustment_us / G_USEC_PER_SEC, harm);
}

static void
follow_plan (GTask *task)
{
  Change *change = g_task_get_task_data (task);
  gint64 ready_us, now_us = g_get_real_time ();

  g_clear_pointer (&change->plan, op_clock_plan_free);
  change->plan = op_clock_plan_new (&change->look, change->tables, &change->order, change->utc_offset_s, now_us);
  ready_us = get_send_time (change) - WAKE_UP * change->look.longest_round_trip_us;
  if (change->plan->harm->len > 0 && !change->order.accept_harm)
    {
      fail_for_harm (task);
      return;
    }
  if (change->wait != NULL)
    change->wait (change->plan->at_unix_us, change->wait_data);
  if (ready_us - now_us > LONG_WAIT_US)
    wait_until (task, ready_us - LOOK_AHEAD_US, on_look_again_cb);
  else
    wait_until (task, ready_us, on_ready_cb);
}

/* Looking */

/* A clock that is set is not set again for what was not known of it then, only when it shows that the adjustment came
   out as something else. */
static gboolean
is_right (const Change *change, const OpClockLook *before)
{
  const OpClockOffset *offset = &change->look.offset;
  gint64 off_us = ABS (offset->offset_us - change->order.goal_us);
  gint64 drift_us = (offset->host_unix_us - before->offset.host_unix_us) * DRIFT_PPM / 1000000;
  gint64 rest_us = change->look.is_coarse ? G_USEC_PER_SEC / 2 : 0;

  return op_clock_order_is_met (&change->order, &change->look)
         || (change->is_tried && change->change.set
             && off_us <= offset->uncertainty_us + before->offset.uncertainty_us + drift_us + rest_us);
}

/* What was added to the clock is what was meant, unless it shows more clearly that it is something else. */
static void
keep_adjustment (Change *change, const OpClockLook *before)
{
  gint64 step_us = change->look.offset.offset_us - before->offset.offset_us;
  gint64 amiss_us = ABS (step_us - change->plan->adjustment_us);
  gint64 unknown_us = change->look.offset.uncertainty_us + before->offset.uncertainty_us;

  if (!change->is_done && (!change->is_uncertain || amiss_us >= ABS (step_us)))
    return;
  change->change.set = TRUE;
  change->change.adjusted_us += amiss_us > ABS (change->plan->adjustment_us) / 2 + unknown_us
                                  ? step_us : change->plan->adjustment_us;
  change->change.set_unix_us = change->tried_unix_us;
}

static void
on_looked (GTask *task, const OpClockLook *before)
{
  Change *change = g_task_get_task_data (task);

  if (change->is_tried)
    keep_adjustment (change, before);
  if (is_right (change, before))
    {
      change->change.after = change->look;
      g_task_return_pointer (task, g_memdup2 (&change->change, sizeof change->change), g_free);
    }
  else if (change->n_adjustments == MAX_ADJUSTMENTS || change->n_missed == MAX_MISSED)
    g_task_return_new_error (task, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER,
                             _("The clock could not be set in %u tries: it is off by %.3f s"),
                             change->n_adjustments + change->n_missed,
                             (double) change->look.offset.offset_us / G_USEC_PER_SEC);
  else
    {
      change->is_tried = FALSE;
      follow_plan (task);
    }
}

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Change *change = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree OpClockLook *look = op_clock_look_finish (OP_LOGGER (source), result, &error);
  OpClockLook before = change->look;

  if (look == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  change->look = *look;
  if (!change->has_looked)
    {
      change->has_looked = TRUE;
      change->change.before = *look;
      before = *look;
    }
  on_looked (task, &before);
}

static void
look (GTask *task)
{
  Change *change = g_task_get_task_data (task);

  op_clock_look_async (g_task_get_source_object (task), change->utc_offset_s, g_task_get_cancellable (task),
                       on_looked_cb, g_object_ref (task));
}

void
op_clock_change_async (OpLogger *logger, GPtrArray *tables, const OpClockOrder *order, gint utc_offset_s,
                       OpClockWaitFunc wait, gpointer wait_data, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (logger) && tables != NULL && order != NULL);

  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  Change *change = g_new0 (Change, 1);

  change->tables = g_ptr_array_ref (tables);
  change->order = *order;
  change->utc_offset_s = utc_offset_s;
  change->wait = wait;
  change->wait_data = wait_data;
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);
  look (task);
}

OpClockChange *
op_clock_change_finish (OpLogger *logger, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, logger), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
