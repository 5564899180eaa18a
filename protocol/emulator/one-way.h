/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/virtual-station.h"

G_BEGIN_DECLS

/**
 * OpOneWay: what a program that says so sends unasked over a link (manual 2.3.4.4): new records of OneMin, and of
 * Big, which come in fragments, and now and then their tables' definitions.
 */
typedef struct _OpOneWay OpOneWay;

/** @message: from its type on. */
typedef void (*OpOneWayFunc) (const GByteArray *message, gpointer data);

/** Begins with the records that are stored from now on. */
OpOneWay *op_one_way_new   (OpVirtualStation *station);
void      op_one_way_free  (OpOneWay *self);
/** Hands over what is due. */
void      op_one_way_flush (OpOneWay *self, OpOneWayFunc func, gpointer data);

G_END_DECLS
