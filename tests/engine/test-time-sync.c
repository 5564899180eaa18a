/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/time-sync.h"
#include "fixture.h"

/* A service in this process that tells what a test sets, on a bus of its own. */
typedef struct
{
  GTestDBus       *bus;
  GDBusConnection *service, *client;
  gboolean         has_ntp, ntp, has_synchronized, synchronized;
} Host;

static void
answer (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *method,
        GVariant *parameters, GDBusMethodInvocation *invocation, gpointer data)
{
  Host *host = data;
  GVariantBuilder builder;
  const char *wanted;

  g_variant_get (parameters, "(&s)", &wanted);
  g_assert_cmpstr (wanted, ==, "org.freedesktop.timedate1");
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&builder, "{sv}", "Timezone", g_variant_new_string ("Europe/Zurich"));
  if (host->has_ntp)
    g_variant_builder_add (&builder, "{sv}", "NTP", g_variant_new_boolean (host->ntp));
  if (host->has_synchronized)
    g_variant_builder_add (&builder, "{sv}", "NTPSynchronized", g_variant_new_boolean (host->synchronized));
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(a{sv})", &builder));
}

static GDBusConnection *
connect_to (GTestDBus *bus)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static void
set_up (Host *host, gconstpointer data)
{
  host->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (host->bus);
  host->client = connect_to (host->bus);
}

static void
close_connection (GDBusConnection **connection)
{
  if (*connection != NULL)
    g_dbus_connection_close_sync (*connection, NULL, NULL);
  g_clear_object (connection);
}

static void
tear_down (Host *host, gconstpointer data)
{
  close_connection (&host->client);
  close_connection (&host->service);
  g_test_dbus_down (host->bus);
  g_object_unref (host->bus);
}

static void
serve (Host *host)
{
  static const GDBusInterfaceVTable vtable = { answer, NULL, NULL, { NULL } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (
    "<node><interface name='org.freedesktop.DBus.Properties'><method name='GetAll'>"
    "<arg type='s' direction='in'/><arg type='a{sv}' direction='out'/></method></interface></node>", &error);

  g_assert_no_error (error);
  host->service = connect_to (host->bus);
  g_dbus_connection_register_object (host->service, "/org/freedesktop/timedate1", node->interfaces[0], &vtable, host,
                                     NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (host->service, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", "org.freedesktop.timedate1", 0), NULL, 0, -1, NULL,
                                       &error);
  g_assert_no_error (error);
}

static OpTimeSync
read_state (Host *host)
{
  g_autoptr (GAsyncResult) result = NULL;

  op_time_sync_read_async (host->client, NULL, keep_result_cb, &result);
  return op_time_sync_read_finish (await (&result));
}

static void
test_states (Host *host, gconstpointer data)
{
  static const struct
  {
    gboolean   ntp, synchronized;
    OpTimeSync state;
  } cases[] = {
    { FALSE, FALSE, OP_TIME_SYNC_OFF },
    { TRUE, FALSE, OP_TIME_SYNC_WAITING },
    { TRUE, TRUE, OP_TIME_SYNC_ON },
    /* By a service that systemd does not know: the kernel tells that it is. */
    { FALSE, TRUE, OP_TIME_SYNC_ON },
  };

  host->has_ntp = host->has_synchronized = TRUE;
  serve (host);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      host->ntp = cases[i].ntp;
      host->synchronized = cases[i].synchronized;
      g_assert_cmpint (read_state (host), ==, cases[i].state);
    }
}

static void
test_absent (Host *host, gconstpointer data)
{
  g_assert_cmpint (read_state (host), ==, OP_TIME_SYNC_UNKNOWN);
}

/* A service that leaves out what was asked for. */
static void
test_incomplete (Host *host, gconstpointer data)
{
  serve (host);
  host->has_ntp = host->ntp = TRUE;
  g_assert_cmpint (read_state (host), ==, OP_TIME_SYNC_UNKNOWN);
  host->has_ntp = FALSE;
  host->has_synchronized = TRUE;
  g_assert_cmpint (read_state (host), ==, OP_TIME_SYNC_UNKNOWN);
}

static void
test_cancelled (Host *host, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;

  serve (host);
  g_cancellable_cancel (cancellable);
  op_time_sync_read_async (host->client, cancellable, keep_result_cb, &result);
  g_assert_cmpint (op_time_sync_read_finish (await (&result)), ==, OP_TIME_SYNC_UNKNOWN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/time-sync/states", Host, NULL, set_up, test_states, tear_down);
  g_test_add ("/time-sync/absent", Host, NULL, set_up, test_absent, tear_down);
  g_test_add ("/time-sync/incomplete", Host, NULL, set_up, test_incomplete, tear_down);
  g_test_add ("/time-sync/cancelled", Host, NULL, set_up, test_cancelled, tear_down);
  return g_test_run ();
}
