/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/clock-look.h"

/* Round trips settle after two or three exchanges (pakbus-facts B9). */
#define N_READINGS        5
#define N_COARSE_READINGS 14
#define MAX_FAILURES      5
/* A clock of whole seconds need not be known better than so beside the round trip. */
#define COARSE_ENOUGH_US  (20 * 1000)

typedef struct
{
  gint         utc_offset_s;
  GArray      *readings; /* OpClockReading */
  guint        n_failures;
  OpClockLook  look;
} Look;

static void read_next (GTask *task);

static void
look_free (Look *look)
{
  g_array_unref (look->readings);
  g_free (look);
}

static void
sum_up (Look *look)
{
  const OpClockReading *readings = (const OpClockReading *) (gpointer) look->readings->data;

  look->look.offset = op_clock_offset_combine (readings, look->readings->len, look->utc_offset_s);
  look->look.last = readings[look->readings->len - 1];
  look->look.is_coarse = TRUE;
  for (guint i = 0; i < look->readings->len; i++)
    {
      look->look.longest_round_trip_us = MAX (look->look.longest_round_trip_us, readings[i].round_trip_us);
      look->look.is_coarse &= readings[i].resolution_us > 0;
    }
}

static gboolean
is_enough (const Look *look)
{
  const OpClockOffset *offset = &look->look.offset;

  if (look->readings->len < N_READINGS)
    return FALSE;
  return !look->look.is_coarse || look->readings->len >= N_COARSE_READINGS
         || offset->uncertainty_us <= offset->round_trip_us / 2 + COARSE_ENOUGH_US;
}

static gboolean
on_time_cb (gpointer task)
{
  read_next (task);
  return G_SOURCE_REMOVE;
}

/* Just before the second ticks over, once a first answer tells about when that is. */
static void
wait_and_read (GTask *task)
{
  Look *look = g_task_get_task_data (task);
  gint64 now_us = g_get_real_time ();
  gint64 at_us = op_clock_offset_next_request (&look->look.offset, now_us);

  g_timeout_add_full (G_PRIORITY_HIGH, (guint) ((at_us - now_us) / 1000), on_time_cb, g_object_ref (task),
                      g_object_unref);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Look *look = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree OpClockReading *reading = op_logger_read_clock_finish (OP_LOGGER (source), result, &error);

  if (g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER) && ++look->n_failures <= MAX_FAILURES)
    {
      g_clear_error (&error);
      read_next (task);
      return;
    }
  if (reading == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_array_append_val (look->readings, *reading);
  sum_up (look);
  if (is_enough (look))
    g_task_return_pointer (task, g_memdup2 (&look->look, sizeof look->look), g_free);
  else if (look->look.is_coarse)
    wait_and_read (task);
  else
    read_next (task);
}

static void
read_next (GTask *task)
{
  op_logger_read_clock_async (g_task_get_source_object (task), g_task_get_cancellable (task), on_read_cb,
                              g_object_ref (task));
}

void
op_clock_look_async (OpLogger *logger, gint utc_offset_s, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (logger));

  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  Look *look = g_new0 (Look, 1);

  look->utc_offset_s = utc_offset_s;
  look->readings = g_array_new (FALSE, FALSE, sizeof (OpClockReading));
  g_task_set_task_data (task, look, (GDestroyNotify) look_free);
  read_next (task);
}

OpClockLook *
op_clock_look_finish (OpLogger *logger, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, logger), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

OpTime
op_clock_look_get_time (const OpClockLook *look, gint utc_offset_s, gint64 host_unix_us)
{
  return op_time_from_unix_us (host_unix_us + look->offset.offset_us, utc_offset_s);
}

gint64
op_clock_look_get_host_time (const OpClockLook *look, gint utc_offset_s, OpTime time)
{
  return op_time_to_unix_us (time, utc_offset_s) - look->offset.offset_us;
}
