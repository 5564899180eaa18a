/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/port-list.h"

#include <umockdev.h>

#define USB_SERIAL "ID_BUS", "usb", "ID_MODEL", "FT232R_USB_UART", NULL
/* Two seconds are what a person is promised; the rest is for busy machines. In microseconds. */
#define SOON       (10 * G_USEC_PER_SEC)

typedef struct
{
  UMockdevTestbed *bed;
  OpPortList      *ports;
} Fixture;

static char *
plug (Fixture *fixture, const char *name)
{
  g_autofree char *node = g_strconcat ("/dev/", name, NULL);
  char *device;

  device = umockdev_testbed_add_device (fixture->bed, "tty", name, NULL, NULL, "DEVNAME", node, USB_SERIAL);
  g_assert_nonnull (device);
  return device;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *chipless = NULL, *console = NULL, *port = NULL;

  fixture->bed = umockdev_testbed_new ();
  /* What the kernel makes where there is no chip, and what is no serial port at all. */
  chipless = umockdev_testbed_add_device (fixture->bed, "tty", "ttyS1", NULL, "type", "0", NULL, "DEVNAME", "/dev/ttyS1",
                                          NULL);
  console = umockdev_testbed_add_device (fixture->bed, "tty", "tty1", NULL, NULL, "DEVNAME", "/dev/tty1", NULL);
  g_assert_true (chipless != NULL && console != NULL);
  port = plug (fixture, "ttyUSB1");
  fixture->ports = op_port_list_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->ports);
  g_object_unref (fixture->bed);
}

static void
assert_port (Fixture *fixture, guint position, const char *path)
{
  g_autoptr (OpPort) port = g_list_model_get_item (G_LIST_MODEL (fixture->ports), position);

  g_assert_nonnull (port);
  g_assert_cmpstr (op_port_get_path (port), ==, path);
  g_assert_cmpstr (op_port_get_title (port), ==, "FT232R USB UART");
}

static gboolean
on_late_cb (gpointer data)
{
  g_assert_not_reached ();
}

static void
wait_for_count (Fixture *fixture, guint count)
{
  guint watchdog = g_timeout_add (SOON / 1000, on_late_cb, NULL);

  while (g_list_model_get_n_items (G_LIST_MODEL (fixture->ports)) != count)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

static void
test_present (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->ports)), ==, 1);
  assert_port (fixture, 0, "/dev/ttyUSB1");
}

static void
test_plugged_and_pulled (Fixture *fixture, gconstpointer data)
{
  g_autofree char *device = plug (fixture, "ttyUSB0");

  wait_for_count (fixture, 2);
  assert_port (fixture, 0, "/dev/ttyUSB0");
  assert_port (fixture, 1, "/dev/ttyUSB1");
  umockdev_testbed_uevent (fixture->bed, device, "remove");
  umockdev_testbed_remove_device (fixture->bed, device);
  wait_for_count (fixture, 1);
  assert_port (fixture, 0, "/dev/ttyUSB1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/port-list/present", Fixture, NULL, set_up, test_present, tear_down);
  g_test_add ("/port-list/plugged-and-pulled", Fixture, NULL, set_up, test_plugged_and_pulled, tear_down);
  return g_test_run ();
}
