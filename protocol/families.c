/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/families.h"

#include "protocol/emulator/emulator.h"
#include "protocol/pakbus/pak-listener.h"
#include "protocol/pakbus/pak-logger.h"
#include "protocol/transport/serial-transport.h"
#include "protocol/transport/tcp-transport.h"
#include "protocol/transport/trace.h"

#include <glib/gi18n-lib.h>

/* What a demo station has to show: a year of minutes, a power failure, a clock that goes wrong. */
#define DEMO_HISTORY         (365 * 24 * 60)
#define DEMO_MAX_HISTORY     (100 * 1000 * 1000)
#define DEMO_INTERVAL_S      60
#define DEMO_MAX_INTERVAL_S  (24 * 60 * 60)
#define DEMO_CLOCK_OFFSET_NS (-7 * OP_SECOND)
#define DEMO_DRIFT_PPM       11.0
#define DEMO_MAX_RESPONSE    990
/* 2020-01-01: since then the demo station measures, so that each start of the program finds the same one. */
#define DEMO_EPOCH           (946684800 * OP_SECOND)

/* A number of the query; unchanged when it is not given. */
static gboolean
read_option (const OpAddress *address, const char *name, guint64 min, guint64 max, guint64 *value, GError **error)
{
  const char *text = g_hash_table_lookup (address->options, name);
  g_autoptr (GError) cause = NULL;

  if (text == NULL || g_ascii_string_to_unsigned (text, 10, min, max, value, &cause))
    return TRUE;
  g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_ADDRESS, _ ("The address has %s=%s: %s"), name, text,
               cause->message);
  return FALSE;
}

static OpTransport *
new_demo_transport (const OpAddress *address, GError **error)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new (address->path);
  guint64 history = DEMO_HISTORY;
  guint64 interval = DEMO_INTERVAL_S;
  guint64 seed = options->seed;

  if (!read_option (address, "history", 0, DEMO_MAX_HISTORY, &history, error)
      || !read_option (address, "interval", 1, DEMO_MAX_INTERVAL_S, &interval, error)
      || !read_option (address, "seed", 0, G_MAXUINT32, &seed, error))
    return NULL;
  options->history = history;
  options->interval = (OpTime) interval * OP_SECOND;
  options->seed = (guint32) seed;
  options->epoch = DEMO_EPOCH;
  options->outage = TRUE;
  options->max_response = DEMO_MAX_RESPONSE;
  options->clock_offset_ns = DEMO_CLOCK_OFFSET_NS;
  options->drift_ppm = DEMO_DRIFT_PPM;
  if (address->pakbus != 0)
    options->pakbus_address = address->pakbus;
  return op_emulator_new_demo_transport (options, error);
}

/* Who calls in, or is next on the line: the router, where there is one. */
static guint
get_first_hop (const OpAddress *address)
{
  return address->neighbour != 0 ? address->neighbour : address->pakbus;
}

static OpTransport *
new_listen_transport (const OpAddress *address, GError **error)
{
  guint64 wait = OP_DEFAULT_WAIT_S;

  if (!read_option (address, "wait", 1, G_MAXINT, &wait, error))
    return NULL;
  return pak_listener_new_transport (address->host, address->port, (guint16) get_first_hop (address), (guint) wait);
}

OpTransport *
op_transport_new_for_address (const OpAddress *address, GError **error)
{
  switch (address->scheme)
    {
    case OP_SCHEME_TCP:
      return op_tcp_transport_new (address->host, address->port, 0);
    case OP_SCHEME_SERIAL:
      return op_serial_transport_new (address->path, address->baud != 0 ? address->baud : OP_DEFAULT_BAUD);
    case OP_SCHEME_REPLAY:
      return op_replay_new_for_file (address->path);
    case OP_SCHEME_DEMO:
      return new_demo_transport (address, error);
    case OP_SCHEME_LISTEN:
      return new_listen_transport (address, error);
    default:
      g_return_val_if_reached (NULL);
    }
}

/* What loggers share that are on one line; NULL where each has its own. */
static char *
dup_line (const OpAddress *address)
{
  switch (address->scheme)
    {
    case OP_SCHEME_TCP:
      return g_strdup_printf ("tcp %s %u", address->host, (guint) address->port);
    case OP_SCHEME_SERIAL:
      return g_strdup_printf ("serial %s", address->path);
    case OP_SCHEME_LISTEN:
      /* Who calls without an address being asked for may be any. */
      if (get_first_hop (address) != 0)
        return g_strdup_printf ("listen %s %u %u", address->host, (guint) address->port, get_first_hop (address));
      return NULL;
    default:
      return NULL;
    }
}

OpLogger *
op_logger_new (const OpAddress *address, gint security, const char *trace_path, GError **error)
{
  g_autoptr (OpTransport) transport = NULL;
  g_autofree char *line = dup_line (address);
  gint code = security >= 0 ? security : address->security;
  OpLogger *logger;

  if (address->family != NULL && !g_str_equal (address->family, "pakbus"))
    {
      g_set_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNSUPPORTED,
                   _ ("Loggers of the family “%s” cannot be reached yet; only PakBus loggers can."), address->family);
      return NULL;
    }
  transport = op_transport_new_for_address (address, error);
  if (transport == NULL)
    return NULL;
  if (trace_path != NULL)
    {
      OpTransport *recorder = op_recorder_new (transport, trace_path);

      g_object_unref (transport);
      transport = recorder;
    }
  logger = pak_logger_new (transport, (guint16) address->pakbus, (guint16) address->neighbour,
                           (guint16) MAX (code, 0));
  if (line != NULL)
    pak_logger_share (PAK_LOGGER (logger), line);
  pak_logger_set_find_baud (PAK_LOGGER (logger), address->scheme == OP_SCHEME_SERIAL && address->baud == 0);
  /* The emulator in this process is known to keep up. */
  pak_logger_set_fast (PAK_LOGGER (logger), address->fast || address->scheme == OP_SCHEME_DEMO);
  return logger;
}
