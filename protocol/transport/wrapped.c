/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/wrapped-private.h"

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;

  if (op_transport_open_finish (OP_TRANSPORT (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
op_wrapped_open_async (OpTransport *inner, GTask *task)
{
  /* Who finishes it is to know whether it was this opening that opened @inner. */
  g_task_set_check_cancellable (task, FALSE);
  op_transport_open_async (inner, g_task_get_cancellable (task), on_opened_cb, task);
}

gboolean
op_wrapped_open_finish (OpTransport *inner, GAsyncResult *result, GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (!g_cancellable_set_error_if_cancelled (g_task_get_cancellable (G_TASK (result)), error))
    return TRUE;
  op_transport_close (inner);
  return FALSE;
}
