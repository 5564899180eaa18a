/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/virtual-station.h"

G_BEGIN_DECLS

/** What became of looking for a logger behind a router (pakbus-facts K). */
typedef enum
{
  OP_ROUTE_FOUND,
  OP_ROUTE_UNKNOWN,
  OP_ROUTE_DOWN, /* it is known, but a link on the way is not up */
} OpRouteResult;

/** Makes the chain of @options' hops behind @station, which become its own. Errors as for op_virtual_station_new(). */
gboolean      op_route_make (OpVirtualStation *station, const OpEmulatorOptions *options, GError **error);
/** The logger of that address behind @router and, unless it is unknown, through how many routers it is reached. */
OpRouteResult op_route_find (OpVirtualStation *router, guint16 address, OpVirtualStation **station, guint *n_hops);

G_END_DECLS
