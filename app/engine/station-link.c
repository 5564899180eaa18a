/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/one-way.h"
#include "app/engine/station-private.h"
#include "protocol/families.h"

/* The link of a station to its logger: how it is made, who holds it, what comes over it unasked, how it ends. */

struct _OpStationLink
{
  OpStation     *station;      /* not owned: its owner */
  gint           security;
  char          *trace_path;
  OpLogger      *given_logger; /* by a test */

  OpLogger      *logger;       /* open */
  gboolean       has_ended;    /* while work runs with it, which hears of it by its own calls */
  guint          n_holds;
  gulong         closed_handler;
  gulong         records_handler;
  OpOneWayStore *one_way;
};

static void
drop_logger (OpStationLink *link)
{
  if (link->logger == NULL)
    return;
  g_clear_signal_handler (&link->closed_handler, link->logger);
  g_clear_signal_handler (&link->records_handler, link->logger);
  g_clear_object (&link->logger);
  link->has_ended = FALSE;
  g_object_notify (G_OBJECT (link->station), "connected");
}

static void
on_step_cb (OpLogger *logger, OpLoggerStep step, OpStepState state, const char *detail, OpStation *station)
{
  g_signal_emit_by_name (station, "step", step, state, detail);
}

static void
on_closed_cb (OpLogger *logger, GError *error, OpStationLink *link)
{
  if (!op_station_is_working (link->station))
    drop_logger (link);
  else
    link->has_ended = TRUE;
}

static void
on_records_cb (OpLogger *logger, OpTable *table, const OpChunk *chunk, OpStationLink *link)
{
  op_one_way_store_take (link->one_way, op_station_get_record (link->station), table, chunk);
}

OpStationLink *
op_station_link_new (OpStation *station)
{
  OpStationLink *link = g_new0 (OpStationLink, 1);
  link->station = station;
  link->security = -1;
  link->one_way = op_one_way_store_new (op_station_get_store (station));
  g_signal_connect_object (link->one_way, "stored", G_CALLBACK (op_station_emit_changed), station, G_CONNECT_SWAPPED);
  return link;
}

void
op_station_link_free (OpStationLink *link)
{
  g_assert (link->logger == NULL);
  g_clear_object (&link->given_logger);
  g_clear_object (&link->one_way);
  g_free (link->trace_path);
  g_free (link);
}

void
op_station_set_security (OpStation *self, gint code)
{
  g_return_if_fail (OP_IS_STATION (self));
  op_station_get_link (self)->security = code;
}

gint
op_station_get_security (OpStation *self)
{
  return op_station_get_link (self)->security;
}

void
op_station_set_trace_path (OpStation *self, const char *path)
{
  g_return_if_fail (OP_IS_STATION (self));
  OpStationLink *link = op_station_get_link (self);
  g_free (link->trace_path);
  link->trace_path = g_strdup (path);
}

void
op_station_set_logger (OpStation *self, OpLogger *logger)
{
  g_return_if_fail (OP_IS_STATION (self));
  g_set_object (&op_station_get_link (self)->given_logger, logger);
}

OpLogger *
op_station_get_logger (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), NULL);
  return op_station_get_link (self)->logger;
}

OpLogger *
op_station_make_logger (OpStation *self, gint security, GError **error)
{
  OpStationLink *link = op_station_get_link (self);
  if (link->given_logger != NULL)
    return g_object_ref (link->given_logger);
  g_autoptr (OpAddress) address = op_address_parse (op_station_get_uri (self), error);
  return address != NULL ? op_logger_new (address, security, link->trace_path, error) : NULL;
}

void
op_station_pass_on_steps (OpStation *self, OpLogger *logger)
{
  g_signal_handlers_disconnect_by_func (logger, on_step_cb, self);
  g_signal_connect_object (logger, "step", G_CALLBACK (on_step_cb), self, 0);
}

void
op_station_take_logger (OpStation *self, OpLogger *logger)
{
  OpStationLink *link = op_station_get_link (self);
  link->logger = g_object_ref (logger);
  g_object_notify (G_OBJECT (self), "connected");
  link->closed_handler = g_signal_connect (logger, "closed", G_CALLBACK (on_closed_cb), link);
  link->records_handler = g_signal_connect (logger, "records", G_CALLBACK (on_records_cb), link);
}

void
op_station_disconnect (OpStation *self)
{
  g_return_if_fail (OP_IS_STATION (self));
  OpStationLink *link = op_station_get_link (self);
  if (link->logger == NULL)
    return;
  g_autoptr (OpLogger) logger = g_object_ref (link->logger);
  drop_logger (link);
  op_logger_close (logger);
}

void
op_station_change_holds (OpStation *self, gint change)
{
  OpStationLink *link = op_station_get_link (self);
  g_return_if_fail (change > 0 || link->n_holds > 0);
  link->n_holds += change;
  op_station_disconnect_unless_held (self);
}

void
op_station_disconnect_unless_held (OpStation *self)
{
  if (op_station_get_link (self)->n_holds == 0 && !op_station_is_working (self))
    op_station_disconnect (self);
}

void
op_station_drop_ended_link (OpStation *self)
{
  OpStationLink *link = op_station_get_link (self);
  if (link->has_ended)
    drop_logger (link);
}
