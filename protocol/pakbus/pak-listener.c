/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/pak-listener.h"

#include "protocol/pakbus/incoming-call-private.h"
#include "protocol/pakbus/session.h"
#include "protocol/transport/listen-transport.h"
#include "protocol/transport/listener.h"

#include <glib/gi18n-lib.h>

/* More callers that nobody waits for are not kept: the oldest goes. */
#define MAX_CALLS 256

/* One port that is listened at: referenced by its transports. */
typedef struct
{
  grefcount   ref_count;
  char       *endpoint;
  OpListener *listener;
  GPtrArray  *stations; /* Station, theirs */
  GPtrArray  *calls;    /* PakIncomingCall, the oldest first */
} Listener;

/* What a transport waits for. */
typedef struct
{
  Listener          *listener;
  OpListenTransport *transport;
  guint16            address; /* 0: any */
  guint16            has;     /* the caller it got; 0: none */
} Station;

/* By endpoint; of this thread. Holds no references. */
static GPrivate listeners_of_thread = G_PRIVATE_INIT ((GDestroyNotify) g_hash_table_unref);

static GQuark
get_station_quark (void)
{
  return g_quark_from_static_string ("pak-listener-station");
}

static GHashTable *
get_listeners (void)
{
  GHashTable *listeners = g_private_get (&listeners_of_thread);

  if (listeners == NULL)
    {
      listeners = g_hash_table_new (g_str_hash, g_str_equal);
      g_private_set (&listeners_of_thread, listeners);
    }
  return listeners;
}

/* Matching */

static Station *
find_waiting (Listener *self, guint16 address)
{
  Station *any = NULL;

  for (guint i = 0; i < self->stations->len; i++)
    {
      Station *station = self->stations->pdata[i];

      if (!op_listen_transport_is_waiting (station->transport))
        continue;
      if (station->address == address)
        return station;
      if (station->address == 0 && any == NULL)
        any = station;
    }
  return any;
}

static PakIncomingCall *
find_call (Listener *self, guint16 address)
{
  for (guint i = 0; i < self->calls->len; i++)
    {
      guint16 caller = pak_incoming_call_get_address (self->calls->pdata[i]);

      if (caller != 0 && (address == 0 || caller == address))
        return self->calls->pdata[i];
    }
  return NULL;
}

static void
connect_call (Listener *self, Station *station, PakIncomingCall *call)
{
  g_autoptr (GBytes) received = NULL;
  g_autoptr (OpTransport) connection = NULL;

  station->has = pak_incoming_call_get_address (call);
  connection = pak_incoming_call_take (call, &received);
  g_ptr_array_remove (self->calls, call);
  op_listen_transport_hand_over (station->transport, connection, received);
}

/* What the same node called before is over, whatever it looks like from here. */
static void
drop_earlier_calls (Listener *self, PakIncomingCall *call)
{
  guint16 address = pak_incoming_call_get_address (call);

  for (guint i = self->calls->len; i > 0; i--)
    {
      PakIncomingCall *other = self->calls->pdata[i - 1];

      if (other != call && pak_incoming_call_get_address (other) == address)
        g_ptr_array_remove_index (self->calls, i - 1);
    }
  for (guint i = self->stations->len; i > 0; i--)
    {
      Station *station = i <= self->stations->len ? self->stations->pdata[i - 1] : NULL;

      if (station != NULL && station->has == address)
        op_listen_transport_hang_up (station->transport);
    }
}

/* Lets those who wait for somebody else know, should he not call. */
static void
tell_of_other (Listener *self, guint16 address)
{
  g_autofree char *remark = g_strdup_printf (_ ("The logger with PakBus address %u did call: check the address."),
                                             (guint) address);

  for (guint i = 0; i < self->stations->len; i++)
    op_listen_transport_set_remark (((const Station *) self->stations->pdata[i])->transport, remark);
}

static void listener_unref (Listener *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listener, listener_unref)

static Listener *
listener_ref (Listener *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

static void
on_identified_cb (PakIncomingCall *call, gpointer data)
{
  g_autoptr (Listener) self = listener_ref (data);
  guint16 address = pak_incoming_call_get_address (call);
  Station *station;

  drop_earlier_calls (self, call);
  /* Whoever lost an earlier call may have asked for this one already. */
  station = g_ptr_array_find (self->calls, call, NULL) ? find_waiting (self, address) : NULL;
  if (station != NULL)
    connect_call (self, station, call);
  else
    tell_of_other (self, address);
}

static void
on_ended_cb (PakIncomingCall *call, gpointer data)
{
  g_ptr_array_remove (((Listener *) data)->calls, call);
}

static void
on_incoming_cb (OpListener *listener, OpTransport *connection, gpointer data)
{
  static const PakIncomingCallFuncs funcs = { on_identified_cb, on_ended_cb };
  Listener *self = data;

  if (self->calls->len >= MAX_CALLS)
    g_ptr_array_remove_index (self->calls, 0);
  g_ptr_array_add (self->calls, pak_incoming_call_new (connection, PAK_DEFAULT_ADDRESS, &funcs, self));
}

static void
on_wanted_cb (OpListenTransport *transport, gpointer data)
{
  Station *station = data;
  Listener *self = station->listener;
  PakIncomingCall *call;
  g_autoptr (GError) error = NULL;

  if (!op_listener_start (self->listener, &error))
    {
      op_listen_transport_fail (transport, error);
      return;
    }
  call = find_call (self, station->address);
  if (call != NULL)
    connect_call (self, station, call);
}

static void
on_unwanted_cb (OpListenTransport *transport, gpointer data)
{
  ((Station *) data)->has = 0;
}

static Listener *
get_listener (const char *host, guint16 port)
{
  g_autofree char *endpoint = g_strdup_printf ("%s %u", host, (guint) port);
  Listener *self = port != 0 ? g_hash_table_lookup (get_listeners (), endpoint) : NULL;

  if (self != NULL)
    return listener_ref (self);
  self = g_new0 (Listener, 1);
  g_ref_count_init (&self->ref_count);
  self->endpoint = g_steal_pointer (&endpoint);
  self->listener = op_listener_new (host, port);
  self->stations = g_ptr_array_new ();
  self->calls = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_incoming_call_free);
  g_signal_connect (self->listener, "incoming", G_CALLBACK (on_incoming_cb), self);
  if (port != 0)
    g_hash_table_insert (get_listeners (), self->endpoint, self);
  return self;
}

static void
listener_unref (Listener *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  if (g_hash_table_lookup (get_listeners (), self->endpoint) == self)
    g_hash_table_remove (get_listeners (), self->endpoint);
  g_signal_handlers_disconnect_by_data (self->listener, self);
  g_object_unref (self->listener);
  g_ptr_array_unref (self->calls);
  g_ptr_array_unref (self->stations);
  g_free (self->endpoint);
  g_free (self);
}

static void
station_free (Station *station)
{
  g_ptr_array_remove (station->listener->stations, station);
  listener_unref (station->listener);
  g_free (station);
}

OpTransport *
pak_listener_new_transport (const char *host, guint16 port, guint16 address, guint wait_s)
{
  g_autofree char *name = g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, (guint) port);
  OpTransport *transport = op_listen_transport_new (name, wait_s);
  Station *station = g_new0 (Station, 1);

  station->listener = get_listener (host, port);
  station->transport = OP_LISTEN_TRANSPORT (transport);
  station->address = address;
  g_ptr_array_add (station->listener->stations, station);
  g_signal_connect (transport, "wanted", G_CALLBACK (on_wanted_cb), station);
  g_signal_connect (transport, "unwanted", G_CALLBACK (on_unwanted_cb), station);
  g_object_set_qdata_full (G_OBJECT (transport), get_station_quark (), station, (GDestroyNotify) station_free);
  return transport;
}

void
pak_listener_caller_free (PakListenerCaller *caller)
{
  g_free (caller->name);
  g_free (caller);
}

static Listener *
get_listener_of (OpTransport *transport)
{
  const Station *station = g_object_get_qdata (G_OBJECT (transport), get_station_quark ());

  return station != NULL ? station->listener : NULL;
}

GPtrArray *
pak_listener_list_callers (OpTransport *transport)
{
  GPtrArray *callers = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_listener_caller_free);
  const Listener *self = get_listener_of (transport);

  g_return_val_if_fail (self != NULL, callers);

  for (guint i = 0; i < self->calls->len; i++)
    {
      PakIncomingCall *call = self->calls->pdata[i];
      PakListenerCaller *caller;

      if (pak_incoming_call_get_address (call) == 0)
        continue;
      caller = g_new (PakListenerCaller, 1);
      *caller = (PakListenerCaller) { pak_incoming_call_get_address (call),
                                      g_strdup (pak_incoming_call_get_name (call)),
                                      pak_incoming_call_get_time (call) };
      g_ptr_array_add (callers, caller);
    }
  return callers;
}

guint16
pak_listener_get_port (OpTransport *transport)
{
  const Listener *self = get_listener_of (transport);

  g_return_val_if_fail (self != NULL, 0);

  return op_listener_get_port (self->listener);
}
