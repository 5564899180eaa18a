/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/station-hold.h"

#include "app/engine/station-private.h"

/* The data of a task that waits for somebody else's connecting. */
typedef struct
{
  gulong activity_handler;
  gulong cancelled_handler;
} Wait;

static void try_hold (GTask *task);

static void
stop_waiting (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);

  g_clear_signal_handler (&wait->activity_handler, g_task_get_source_object (task));
  if (g_task_get_cancellable (task) != NULL)
    g_clear_signal_handler (&wait->cancelled_handler, g_task_get_cancellable (task));
}

static void
on_connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpStation *self = OP_STATION (source);
  GError *error = NULL;

  if (op_station_connect_finish (self, result, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  op_station_release (self);
  g_task_return_error (task, error);
}

static void
on_activity_cb (OpStation *self, GParamSpec *pspec, GTask *waiting)
{
  g_autoptr (GTask) task = waiting;

  if (op_station_get_activity (self) == OP_STATION_CONNECTING)
    {
      g_steal_pointer (&task);
      return;
    }
  stop_waiting (task);
  try_hold (task);
}

static void
on_cancelled_cb (GCancellable *cancellable, GTask *waiting)
{
  g_autoptr (GTask) task = waiting;

  stop_waiting (task);
  op_station_release (g_task_get_source_object (task));
  g_task_return_error_if_cancelled (task);
}

static void
try_hold (GTask *task)
{
  OpStation *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Wait *wait = g_task_get_task_data (task);

  if (op_station_get_logger (self) != NULL)
    g_task_return_boolean (task, TRUE);
  else if (op_station_get_activity (self) == OP_STATION_IDLE)
    op_station_connect_async (self, cancellable, on_connected_cb, g_object_ref (task));
  else
    {
      /* One of the two handlers takes over this reference. */
      g_object_ref (task);
      wait->activity_handler = g_signal_connect (self, "notify::activity", G_CALLBACK (on_activity_cb), task);
      if (cancellable != NULL)
        wait->cancelled_handler = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled_cb), task);
    }
}

void
op_station_hold_async (OpStation *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STATION (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  /* A hold that was got is told of, so that it can be released. */
  g_task_set_check_cancellable (task, FALSE);
  if (g_task_return_error_if_cancelled (task))
    return;
  g_task_set_task_data (task, g_new0 (Wait, 1), g_free);
  op_station_change_holds (self, 1);
  try_hold (task);
}

gboolean
op_station_hold_finish (OpStation *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
op_station_release (OpStation *self)
{
  g_return_if_fail (OP_IS_STATION (self));

  op_station_change_holds (self, -1);
}
