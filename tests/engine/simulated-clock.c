/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/simulated-clock.h"

#define MAX_TRIES 4

G_DEFINE_FINAL_TYPE (SimulatedClock, simulated_clock, OP_TYPE_LOGGER)

/* One request under way: the data of its task. */
typedef struct
{
  gint64   adjustment;  /* 0: the clock is read */
  guint    n_tries;
  gint64   sent_us;     /* monotonic */
  OpTime   told;
  gboolean is_applied;
} Request;

OpTime
simulated_clock_get_time (SimulatedClock *self, gint64 monotonic_us)
{
  gint64 passed_us = monotonic_us - self->base_us;

  return self->base + passed_us * 1000 + (gint64) ((double) passed_us * self->ppm / 1000);
}

static gint64
draw_way (SimulatedClock *self, gint64 shortest_us)
{
  double jitter = g_rand_double (self->rand);

  return shortest_us + (gint64) (jitter * jitter * (double) self->link.jitter_us);
}

static gboolean
is_lost (SimulatedClock *self)
{
  return g_rand_double (self->rand) < self->link.loss;
}

static void
call_later (GTask *task, gint64 us, GSourceFunc func)
{
  /* Timers count milliseconds: what they cannot is part of the way. */
  g_timeout_add_full (G_PRIORITY_DEFAULT, (guint) (us / 1000), func, task, NULL);
}

static gint64
floor_divide (gint64 dividend, gint64 divisor)
{
  return dividend / divisor - (dividend % divisor < 0);
}

/* How many output times lie between two readings of the clock, one after the other at one moment. */
static void
count_harm (SimulatedClock *self, OpTime before, OpTime after)
{
  for (guint i = 0; i < self->tables->len; i++)
    {
      const OpTable *table = g_ptr_array_index (self->tables, i);

      if (table->interval > 0)
        self->n_harmed += (guint64) ABS (floor_divide (after - table->into, table->interval)
                                         - floor_divide (before - table->into, table->interval));
    }
}

static void
apply (SimulatedClock *self, Request *request)
{
  OpTime now = simulated_clock_get_time (self, g_get_monotonic_time ());
  gint64 adjustment = self->is_coarse ? request->adjustment / OP_SECOND * OP_SECOND : request->adjustment;

  count_harm (self, now, now + adjustment);
  self->base += adjustment;
  self->applied += adjustment;
  self->n_applied++;
  request->is_applied = TRUE;
}

static void
answer (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  gint64 now_us = g_get_monotonic_time ();
  OpClockReading *reading;

  if (request->adjustment != 0)
    {
      OpClockAdjustment *done = g_new (OpClockAdjustment, 1);
      done->old_time = request->told;
      g_task_return_pointer (task, done, g_free);
      return;
    }
  reading = g_new0 (OpClockReading, 1);
  reading->logger_time = request->told;
  reading->round_trip_us = now_us - request->sent_us;
  reading->host_unix_us = g_get_real_time () - reading->round_trip_us / 2;
  reading->resolution_us = request->told % OP_SECOND == 0 ? G_USEC_PER_SEC : 0;
  g_task_return_pointer (task, reading, g_free);
}

static void send (GTask *task);

/* Reads are repeated; a change is looked at, which tells mostly, but not always, whether it was made. */
static gboolean
on_timeout_cb (gpointer data)
{
  g_autoptr (GTask) task = data;
  SimulatedClock *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);

  if (request->adjustment == 0 && ++request->n_tries < MAX_TRIES)
    send (g_steal_pointer (&task));
  else if (request->adjustment == 0)
    g_task_return_new_error (task, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER, "Nothing came");
  else if (g_rand_int_range (self->rand, 0, 3) == 0)
    g_task_return_new_error (task, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNCERTAIN, "Who knows");
  else if (!request->is_applied)
    g_task_return_new_error (task, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE, "It was not made");
  else
    {
      request->told = OP_TIME_UNKNOWN;
      answer (task);
    }
  return G_SOURCE_REMOVE;
}

static gboolean
on_back_cb (gpointer data)
{
  g_autoptr (GTask) task = data;

  answer (task);
  return G_SOURCE_REMOVE;
}

static gboolean
on_there_cb (gpointer data)
{
  g_autoptr (GTask) task = data;
  SimulatedClock *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);

  request->told = simulated_clock_get_time (self, g_get_monotonic_time ());
  if (self->is_coarse)
    request->told = floor_divide (request->told, OP_SECOND) * OP_SECOND;
  if (request->adjustment != 0)
    apply (self, request);
  if (is_lost (self))
    call_later (g_steal_pointer (&task), self->link.timeout_us, on_timeout_cb);
  else
    call_later (g_steal_pointer (&task), draw_way (self, self->link.back_us), on_back_cb);
  return G_SOURCE_REMOVE;
}

/* Takes @task. */
static void
send (GTask *task)
{
  SimulatedClock *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);

  request->sent_us = g_get_monotonic_time ();
  if (is_lost (self))
    call_later (task, self->link.timeout_us, on_timeout_cb);
  else
    call_later (task, draw_way (self, self->link.there_us), on_there_cb);
}

static void
request (OpLogger *logger, gint64 adjustment, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (logger, cancellable, callback, data);
  Request *request = g_new0 (Request, 1);

  request->adjustment = adjustment;
  g_task_set_task_data (task, request, g_free);
  send (task);
}

static void
read_clock_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  request (logger, 0, cancellable, callback, data);
}

static void
adjust_clock_async (OpLogger *logger, gint64 adjustment, const OpClockReading *before, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer data)
{
  g_assert_cmpint (adjustment, !=, 0);
  request (logger, adjustment, cancellable, callback, data);
}

static void
close_link (OpLogger *logger)
{
}

static void
simulated_clock_class_init (SimulatedClockClass *klass)
{
  OP_LOGGER_CLASS (klass)->close = close_link;
  OP_LOGGER_CLASS (klass)->read_clock_async = read_clock_async;
  OP_LOGGER_CLASS (klass)->adjust_clock_async = adjust_clock_async;
}

static void
simulated_clock_init (SimulatedClock *self)
{
}
