# SPDX-License-Identifier: GPL-3.0-or-later
"""A service in the place of systemd's that tells whether this computer's clock is synchronised."""
import os
import subprocess
import sys

SERVICE = """
import sys
from gi.repository import Gio, GLib
node = Gio.DBusNodeInfo.new_for_xml('''<node><interface name="org.freedesktop.timedate1">
  <property name="NTP" type="b" access="read"/><property name="NTPSynchronized" type="b" access="read"/>
</interface></node>''')
def get(connection, sender, path, interface, name):
    return GLib.Variant("b", name in sys.argv[1:])
def on_bus(connection, name):
    connection.register_object("/org/freedesktop/timedate1", node.interfaces[0], None, get, None)
def on_name(connection, name):
    print("ready", flush=True)
Gio.bus_own_name(Gio.BusType.SESSION, "org.freedesktop.timedate1", Gio.BusNameOwnerFlags.NONE, on_bus, on_name, None)
GLib.MainLoop().run()
"""


def serve(case, *properties):
    """The named properties are true. Returns what a window's environment needs to see the service."""
    service = subprocess.Popen([sys.executable, "-c", SERVICE, *properties], stdout=subprocess.PIPE)
    case.addCleanup(service.communicate)
    case.addCleanup(service.terminate)
    case.assertEqual(service.stdout.readline(), b"ready\n")
    return {"DBUS_SYSTEM_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"]}
