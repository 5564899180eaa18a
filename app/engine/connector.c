/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/connector.h"

void
op_connection_free (OpConnection *connection)
{
  g_clear_pointer (&connection->identity, op_identity_free);
  g_clear_pointer (&connection->clock, g_free);
  g_clear_pointer (&connection->tables, g_ptr_array_unref);
  g_free (connection);
}

static void
fail (GTask *task, GError *error)
{
  op_logger_close (g_task_get_source_object (task));
  g_task_return_error (task, error);
}

static void
on_tables_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpConnection *connection = g_task_get_task_data (task);
  GError *error = NULL;
  connection->tables = op_logger_read_tables_finish (OP_LOGGER (source), result, &error);
  if (connection->tables == NULL)
    {
      fail (task, error);
      return;
    }
  OpConnection *done = g_new (OpConnection, 1);
  *done = *connection;
  *connection = (OpConnection){ NULL };
  g_task_return_pointer (task, done, (GDestroyNotify) op_connection_free);
}

static void
on_clock_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpConnection *connection = g_task_get_task_data (task);
  GError *error = NULL;
  connection->clock = op_logger_read_clock_finish (OP_LOGGER (source), result, &error);
  if (connection->clock == NULL)
    fail (task, error);
  else
    op_logger_read_tables_async (OP_LOGGER (source), g_task_get_cancellable (task), on_tables_cb, g_object_ref (task));
}

static void
on_identity_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpConnection *connection = g_task_get_task_data (task);
  GError *error = NULL;
  connection->identity = op_logger_identify_finish (OP_LOGGER (source), result, &error);
  if (connection->identity == NULL)
    fail (task, error);
  else
    op_logger_read_clock_async (OP_LOGGER (source), g_task_get_cancellable (task), on_clock_cb, g_object_ref (task));
}

static void
on_open_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  if (!op_logger_open_finish (OP_LOGGER (source), result, &error))
    fail (task, error);
  else
    op_logger_identify_async (OP_LOGGER (source), g_task_get_cancellable (task), on_identity_cb, g_object_ref (task));
}

void
op_connect_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  g_task_set_task_data (task, g_new0 (OpConnection, 1), (GDestroyNotify) op_connection_free);
  op_logger_open_async (logger, cancellable, on_open_cb, g_object_ref (task));
}

OpConnection *
op_connect_finish (OpLogger *logger, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, logger), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
