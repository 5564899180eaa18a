/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/route.h"

#include "protocol/pakbus/packet.h"

#include <glib/gi18n-lib.h>

static gboolean
check_options (const OpVirtualStation *station, const OpEmulatorOptions *options, GError **error)
{
  if (station->model->is_small)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("A %s is no router"), station->model->name);
      return FALSE;
    }
  if (options->pakbus_address + options->hops >= PAK_BROADCAST)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("Behind PakBus address %u there is no room for %u more"), options->pakbus_address, options->hops);
      return FALSE;
    }
  return TRUE;
}

/* All but the last are routers. */
gboolean
op_route_make (OpVirtualStation *station, const OpEmulatorOptions *options, GError **error)
{
  OpVirtualStation *last = station;

  if (options->hops > 0 && !check_options (station, options, error))
    return FALSE;
  for (guint i = 1; i <= options->hops; i++)
    {
      OpEmulatorOptions next = *options;

      next.pakbus_address += i;
      next.seed += i;
      last->is_router = TRUE;
      last->behind = op_virtual_station_new (&next, error);
      if (last->behind == NULL)
        return FALSE;
      last = last->behind;
      g_free (last->name);
      last->name = g_strdup_printf ("Weather %u", i + 1);
    }
  return TRUE;
}

OpRouteResult
op_route_find (OpVirtualStation *router, guint16 address, OpVirtualStation **station, guint *n_hops)
{
  gboolean is_up = TRUE;

  *n_hops = 0;
  for (OpVirtualStation *at = router; at->behind != NULL; at = at->behind)
    {
      is_up = is_up && !at->is_cut;
      ++*n_hops;
      if (at->behind->address != address)
        continue;
      *station = at->behind;
      return is_up ? OP_ROUTE_FOUND : OP_ROUTE_DOWN;
    }
  return OP_ROUTE_UNKNOWN;
}
