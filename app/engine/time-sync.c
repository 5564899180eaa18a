/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/time-sync.h"

#define SERVICE "org.freedesktop.timedate1"
/* It may have to be started. */
#define TIMEOUT_MS 5000

static OpTimeSync
judge (GVariant *properties)
{
  gboolean is_wanted, is_reached;

  if (!g_variant_lookup (properties, "NTPSynchronized", "b", &is_reached))
    return OP_TIME_SYNC_UNKNOWN;
  if (is_reached)
    return OP_TIME_SYNC_ON;
  if (!g_variant_lookup (properties, "NTP", "b", &is_wanted))
    return OP_TIME_SYNC_UNKNOWN;
  return is_wanted ? OP_TIME_SYNC_WAITING : OP_TIME_SYNC_OFF;
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) properties = NULL;

  if (reply == NULL)
    {
      g_debug ("The computer's time synchronisation is not known: %s", error->message);
      g_task_return_int (task, OP_TIME_SYNC_UNKNOWN);
      return;
    }
  properties = g_variant_get_child_value (reply, 0);
  g_task_return_int (task, judge (properties));
}

static void
read_properties (GDBusConnection *bus, GTask *task)
{
  g_dbus_connection_call (bus, SERVICE, "/org/freedesktop/timedate1", "org.freedesktop.DBus.Properties", "GetAll",
                          g_variant_new ("(s)", SERVICE), G_VARIANT_TYPE ("(a{sv})"), G_DBUS_CALL_FLAGS_NONE,
                          TIMEOUT_MS, g_task_get_cancellable (task), on_read_cb, g_object_ref (task));
}

static void
on_bus_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus != NULL)
    {
      read_properties (bus, task);
      return;
    }
  g_debug ("There is no system bus: %s", error->message);
  g_task_return_int (task, OP_TIME_SYNC_UNKNOWN);
}

void
op_time_sync_read_async (GDBusConnection *bus, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (bus, cancellable, callback, data);

  if (bus != NULL)
    read_properties (bus, task);
  else
    g_bus_get (G_BUS_TYPE_SYSTEM, cancellable, on_bus_cb, g_object_ref (task));
}

OpTimeSync
op_time_sync_read_finish (GAsyncResult *result)
{
  g_return_val_if_fail (G_IS_TASK (result), OP_TIME_SYNC_UNKNOWN);

  gssize state = g_task_propagate_int (G_TASK (result), NULL);
  return state >= 0 ? (OpTimeSync) state : OP_TIME_SYNC_UNKNOWN;
}
