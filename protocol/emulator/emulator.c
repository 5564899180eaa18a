/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/emulator.h"

#include "protocol/emulator/dump.h"
#include "protocol/emulator/emulator-private.h"
#include "protocol/emulator/fault-transport.h"
#include "protocol/emulator/link.h"
#include "protocol/emulator/route.h"
#include "protocol/emulator/speed-gate.h"
#include "protocol/emulator/virtual-station.h"
#include "protocol/transport/listener.h"
#include "protocol/transport/memory-transport.h"
#include "protocol/transport/serial-transport.h"
#include "protocol/transport/tcp-transport.h"
#include "protocol/transport/throttle.h"

#define DEFAULT_HISTORY      1440
#define DEFAULT_MAX_RESPONSE 512
#define DEFAULT_COMPILE_US   (2 * G_USEC_PER_SEC)
#define DEFAULT_HOLD_OFF     1
/* Manual 2.2.6.5. */
#define DEFAULT_SESSION_US   (40 * G_USEC_PER_SEC)
/* New records are looked after at least so often, for tables of short intervals. */
#define MIN_TICK_MS          100
#define MAX_TICK_MS          1000

struct _OpEmulator
{
  GObject parent_instance;

  OpEmulatorOptions *options;
  OpFaults           faults;
  OpVirtualStation  *station;
  GPtrArray         *dumps; /* OpDump, of all stations or none */
  GSource           *tick_source;
  GPtrArray         *listeners;
  GPtrArray         *ports; /* Port */
  guint32            n_served;
};

G_DEFINE_FINAL_TYPE (OpEmulator, op_emulator, G_TYPE_OBJECT)

/* A transport that is being served, or opened to be. */
typedef struct
{
  OpEmulator   *emulator;
  OpTransport  *transport; /* as it was given; the link has it slowed and damaged */
  gboolean      stays;     /* is served again after it closed */
  GCancellable *opening;
  OpLink       *link;
} Port;

static void serve (OpEmulator *self, OpTransport *transport, gboolean stays);

static void
port_free (Port *port)
{
  g_cancellable_cancel (port->opening);
  g_object_unref (port->opening);
  g_clear_pointer (&port->link, op_link_free);
  g_object_unref (port->transport);
  g_free (port);
}

OpEmulatorOptions *
op_emulator_options_new (const char *model)
{
  OpEmulatorOptions *options = g_new0 (OpEmulatorOptions, 1);

  options->model = g_strdup (model);
  options->pakbus_address = 1;
  options->history = DEFAULT_HISTORY;
  options->interval = OP_MINUTE;
  options->seed = 1;
  options->max_response = DEFAULT_MAX_RESPONSE;
  options->plain_type = OP_TYPE_FP2;
  options->settings_session_us = DEFAULT_SESSION_US;
  options->compile_us = DEFAULT_COMPILE_US;
  options->hold_off = DEFAULT_HOLD_OFF;
  return options;
}

void
op_emulator_options_free (OpEmulatorOptions *options)
{
  g_free (options->model);
  g_free (options->program_text);
  g_free (options->dump_path);
  g_free (options->faults);
  g_free (options);
}

static OpEmulatorOptions *
copy_options (const OpEmulatorOptions *options)
{
  OpEmulatorOptions *copy = g_memdup2 (options, sizeof *options);

  copy->model = g_strdup (options->model);
  copy->program_text = g_strdup (options->program_text);
  copy->dump_path = g_strdup (options->dump_path);
  copy->faults = g_strdup (options->faults);
  return copy;
}

/* The port's link ended: forget it, and wait for the next client where one can come. */
static void
end_port (OpEmulator *self, Port *port)
{
  g_autoptr (OpTransport) transport = g_object_ref (port->transport);
  gboolean stays = port->stays;

  g_ptr_array_remove_fast (self->ports, port);
  if (stays)
    serve (self, transport, TRUE);
}

static void
on_link_asked_cb (gpointer data)
{
  /* Whatever leaves the logger has been dumped before. */
  op_emulator_flush_dump (((Port *) data)->emulator);
}

/* From the end: what is served again comes behind. */
static void
end_ports (OpEmulator *self)
{
  for (guint i = self->ports->len; i > 0; i--)
    {
      Port *port = self->ports->pdata[i - 1];

      if (port->link != NULL)
        end_port (self, port);
    }
}

static void
on_link_restart_cb (gpointer data)
{
  OpEmulator *self = ((Port *) data)->emulator;

  op_virtual_station_restart (self->station);
  end_ports (self);
}

/* What it is to restart for, it restarts for though nobody waits for it any more. */
static void
on_link_closed_cb (OpLink *link, gpointer data)
{
  Port *port = data;

  if (port->emulator->station->restart != OP_RESTART_NONE)
    on_link_restart_cb (port);
  else
    end_port (port->emulator, port);
}

static const OpLinkFuncs link_funcs = { on_link_asked_cb, on_link_closed_cb, on_link_restart_cb };

static void
on_reboot_cb (OpFaultTransport *transport, OpEmulator *self)
{
  op_virtual_station_reboot (self->station);
  end_ports (self);
}

static gboolean
greets (const OpEmulator *self, OpTransport *transport)
{
  /* A CR200 has a serial port, whatever is on the other end of its cable. */
  if (self->station->model->is_small)
    return FALSE;
  return OP_IS_TCP_TRANSPORT (transport) || OP_IS_MEMORY_TRANSPORT (transport);
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean opened = op_transport_open_finish (OP_TRANSPORT (source), result, &error);
  Port *port = data;

  /* Cancelled: the port is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (opened)
    port->link = op_link_new (port->emulator->station, OP_TRANSPORT (source), greets (port->emulator, port->transport),
                              port->emulator->options->turnaround_us, &link_funcs, port);
  else
    g_ptr_array_remove_fast (port->emulator->ports, port);
}

/* Takes @around, which has a reference to what it is around. */
static void
put_around (OpTransport **transport, OpTransport *around)
{
  g_object_unref (*transport);
  *transport = around;
}

/* Garbled and slowed next to the line, damaged next to the logger, so that faults hit whole frames. */
static OpTransport *
wrap_transport (OpEmulator *self, OpTransport *transport)
{
  g_autoptr (OpTransport) wrapped = g_object_ref (transport);

  /* Only a pty can tell the other side's speed. */
  if (self->options->strict_baud && !OP_IS_TCP_TRANSPORT (transport) && !OP_IS_MEMORY_TRANSPORT (transport))
    put_around (&wrapped, op_speed_gate_new (wrapped, self->options->baud));
  if (self->options->baud > 0 || self->options->rtt_us > 0)
    put_around (&wrapped, op_throttle_new (wrapped, self->options->baud, self->options->rtt_us / 2));
  if (self->options->faults != NULL)
    {
      put_around (&wrapped,
                  op_fault_transport_new (wrapped, &self->faults, self->options->seed + self->n_served++));
      g_signal_connect_object (wrapped, "reboot", G_CALLBACK (on_reboot_cb), self, 0);
    }
  return g_steal_pointer (&wrapped);
}

static void
serve (OpEmulator *self, OpTransport *transport, gboolean stays)
{
  g_autoptr (OpTransport) wrapped = wrap_transport (self, transport);
  Port *port = g_new0 (Port, 1);

  port->emulator = self;
  port->transport = g_object_ref (transport);
  port->stays = stays;
  port->opening = g_cancellable_new ();
  g_ptr_array_add (self->ports, port);
  op_transport_open_async (wrapped, port->opening, on_opened_cb, port);
}

static void
on_incoming_cb (OpListener *listener, OpTransport *connection, OpEmulator *self)
{
  serve (self, connection, FALSE);
}

static gboolean
on_tick_cb (gpointer data)
{
  OpEmulator *self = data;

  op_emulator_flush_dump (self);
  for (guint i = 0; self->options->one_way != 0 && i < self->ports->len; i++)
    {
      Port *port = self->ports->pdata[i];

      if (port->link != NULL)
        op_link_send_one_way (port->link, self->options->one_way);
    }
  return G_SOURCE_CONTINUE;
}

static void
schedule_ticks (OpEmulator *self)
{
  guint period_ms = CLAMP (self->options->interval / 1000000, MIN_TICK_MS, MAX_TICK_MS);

  self->tick_source = g_timeout_source_new (period_ms);
  g_source_set_callback (self->tick_source, on_tick_cb, self, NULL);
  g_source_attach (self->tick_source, g_main_context_get_thread_default ());
}

/* "/x/dump.dat" becomes "/x/dump.2.dat" for the logger with address 2, behind the first. */
static char *
make_dump_path (const OpEmulator *self, const OpVirtualStation *station)
{
  const char *path = self->options->dump_path;
  const char *slash = strrchr (path, G_DIR_SEPARATOR);
  const char *dot = strrchr (path, '.');
  gsize stem = dot != NULL && (slash == NULL || dot > slash + 1) ? (gsize) (dot - path) : strlen (path);

  if (station == self->station)
    return g_strdup (path);
  return g_strdup_printf ("%.*s.%u%s", (int) stem, path, station->address, path + stem);
}

static gboolean
open_dumps (OpEmulator *self, GError **error)
{
  for (OpVirtualStation *at = self->station; at != NULL && self->options->dump_path != NULL; at = at->behind)
    {
      g_autofree char *path = make_dump_path (self, at);
      OpDump *dump = op_dump_new (at, path, error);

      if (dump == NULL)
        return FALSE;
      g_ptr_array_add (self->dumps, dump);
    }
  return TRUE;
}

static void
op_emulator_dispose (GObject *object)
{
  OpEmulator *self = OP_EMULATOR (object);

  g_ptr_array_set_size (self->listeners, 0);
  if (self->tick_source != NULL)
    g_source_destroy (self->tick_source);
  g_clear_pointer (&self->tick_source, g_source_unref);
  g_ptr_array_set_size (self->ports, 0);
  G_OBJECT_CLASS (op_emulator_parent_class)->dispose (object);
}

static void
op_emulator_finalize (GObject *object)
{
  OpEmulator *self = OP_EMULATOR (object);

  g_clear_pointer (&self->listeners, g_ptr_array_unref);
  g_clear_pointer (&self->ports, g_ptr_array_unref);
  g_clear_pointer (&self->dumps, g_ptr_array_unref);
  g_clear_pointer (&self->station, op_virtual_station_free);
  g_clear_pointer (&self->options, op_emulator_options_free);
  G_OBJECT_CLASS (op_emulator_parent_class)->finalize (object);
}

static void
op_emulator_class_init (OpEmulatorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = op_emulator_dispose;
  object_class->finalize = op_emulator_finalize;
}

static void
op_emulator_init (OpEmulator *self)
{
  self->listeners = g_ptr_array_new_with_free_func (g_object_unref);
  self->ports = g_ptr_array_new_with_free_func ((GDestroyNotify) port_free);
  self->dumps = g_ptr_array_new_with_free_func ((GDestroyNotify) op_dump_free);
}

OpEmulator *
op_emulator_new (const OpEmulatorOptions *options, GError **error)
{
  g_autoptr (OpEmulator) self = g_object_new (OP_TYPE_EMULATOR, NULL);

  self->options = copy_options (options);
  if (options->faults != NULL && !op_faults_parse (options->faults, &self->faults, error))
    return NULL;
  self->station = op_virtual_station_new (options, error);
  if (self->station == NULL || !op_route_make (self->station, options, error) || !open_dumps (self, error))
    return NULL;
  if (self->dumps->len > 0 || options->one_way != 0)
    schedule_ticks (self);
  return g_steal_pointer (&self);
}

void
op_emulator_serve (OpEmulator *self, OpTransport *transport)
{
  g_return_if_fail (OP_IS_EMULATOR (self));
  g_return_if_fail (OP_IS_TRANSPORT (transport));

  serve (self, transport, FALSE);
}

void
op_emulator_keep_serving (OpEmulator *self, OpTransport *transport)
{
  g_return_if_fail (OP_IS_EMULATOR (self));
  g_return_if_fail (OP_IS_TRANSPORT (transport));

  serve (self, transport, TRUE);
}

guint16
op_emulator_listen (OpEmulator *self, const char *host, guint16 port, GError **error)
{
  g_autoptr (OpListener) listener = op_listener_new (host, port);
  guint16 effective_port;

  g_return_val_if_fail (OP_IS_EMULATOR (self), 0);

  if (!op_listener_start (listener, error))
    return 0;
  g_signal_connect (listener, "incoming", G_CALLBACK (on_incoming_cb), self);
  effective_port = op_listener_get_port (listener);
  g_ptr_array_add (self->listeners, g_steal_pointer (&listener));
  return effective_port;
}

char *
op_emulator_open_pty (OpEmulator *self, const char *link_path, GError **error)
{
  g_autofree char *slave_path = NULL;
  g_autoptr (OpTransport) transport = op_serial_transport_new_pty (link_path, &slave_path, error);

  g_return_val_if_fail (OP_IS_EMULATOR (self), NULL);

  if (transport == NULL)
    return NULL;
  serve (self, transport, TRUE);
  return g_steal_pointer (&slave_path);
}

void
op_emulator_flush_dump (OpEmulator *self)
{
  g_return_if_fail (OP_IS_EMULATOR (self));

  for (guint i = 0; i < self->dumps->len; i++)
    op_dump_flush (self->dumps->pdata[i]);
}

guint64
op_emulator_get_n_records (OpEmulator *self, const char *table)
{
  OpVirtualTable *virtual_table = op_virtual_station_find_table (self->station, table);
  guint64 oldest, next;

  g_return_val_if_fail (virtual_table != NULL, 0);

  op_virtual_station_update (self->station);
  op_virtual_table_get_span (virtual_table, &oldest, &next);
  return next;
}

void
op_emulator_cut_hop (OpEmulator *self, guint hop, gboolean is_cut)
{
  OpVirtualStation *station = self->station;

  for (guint i = 1; i < hop && station != NULL; i++)
    station = station->behind;
  g_return_if_fail (station != NULL && station->behind != NULL);
  station->is_cut = is_cut;
}

guint
op_emulator_get_n_applied (OpEmulator *self, const char *what)
{
  static const char *const names[OP_N_APPLIED] = { "clock", "values", "files", "settings", "tables" };

  g_return_val_if_fail (OP_IS_EMULATOR (self), 0);

  for (guint i = 0; i < OP_N_APPLIED; i++)
    if (g_str_equal (names[i], what))
      return self->station->n_applied[i];
  g_return_val_if_reached (0);
}
