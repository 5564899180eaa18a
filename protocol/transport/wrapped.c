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
  op_transport_open_async (inner, g_task_get_cancellable (task), on_opened_cb, task);
}

gboolean
op_wrapped_open_finish (OpTransport *inner, GAsyncResult *result, GError **error)
{
  if (g_task_propagate_boolean (G_TASK (result), error))
    return TRUE;

  /* Only what this opening left: a later one, still under way, is not to be ended. */
  if (op_transport_is_open (inner))
    op_transport_close (inner);
  return FALSE;
}
