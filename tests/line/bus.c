/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus.h"

#include "protocol/transport/memory-transport.h"

struct _Bus
{
  GPtrArray *wires; /* OpTransport, the bus's ends of the taps */
};

static void
on_received_cb (OpTransport *from, GBytes *bytes, gpointer data)
{
  Bus *bus = data;

  for (guint i = 0; i < bus->wires->len; i++)
    if (bus->wires->pdata[i] != from)
      op_transport_send (bus->wires->pdata[i], bytes);
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  op_transport_open_finish (OP_TRANSPORT (source), result, NULL);
}

/* The tap may be opened again. */
static void
on_closed_cb (OpTransport *wire, GError *error, gpointer data)
{
  op_transport_open_async (wire, NULL, on_opened_cb, NULL);
}

Bus *
bus_new (void)
{
  Bus *bus = g_new0 (Bus, 1);

  bus->wires = g_ptr_array_new_with_free_func (g_object_unref);
  return bus;
}

void
bus_free (Bus *bus)
{
  for (guint i = 0; i < bus->wires->len; i++)
    {
      g_signal_handlers_disconnect_by_data (bus->wires->pdata[i], bus);
      op_transport_close (bus->wires->pdata[i]);
    }
  g_ptr_array_unref (bus->wires);
  g_free (bus);
}

OpTransport *
bus_new_tap (Bus *bus)
{
  OpTransport *tap, *wire;

  op_memory_transport_new_pair (&tap, &wire);
  g_signal_connect (wire, "received", G_CALLBACK (on_received_cb), bus);
  g_signal_connect (wire, "closed", G_CALLBACK (on_closed_cb), bus);
  op_transport_open_async (wire, NULL, on_opened_cb, NULL);
  g_ptr_array_add (bus->wires, wire);
  return tap;
}
