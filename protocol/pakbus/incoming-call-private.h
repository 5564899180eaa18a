/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/link-private.h"

G_BEGIN_DECLS

/*
 * PakIncomingCall: a connection that a node opened to us, until its PakBus address is known and someone takes it.
 */
typedef struct _PakIncomingCall PakIncomingCall;

typedef struct
{
  /* It told its address. */
  void (*identified) (PakIncomingCall *call, gpointer data);
  /* It hung up, told no address, or was kept long enough: it may be freed now. */
  void (*ended)      (PakIncomingCall *call, gpointer data);
} PakIncomingCallFuncs;

/* Opens @connection. */
PakIncomingCall *pak_incoming_call_new  (OpTransport *connection, guint16 own_address,
                                         const PakIncomingCallFuncs *funcs, gpointer data);
/* Hangs up, unless it was taken. */
void             pak_incoming_call_free (PakIncomingCall *self);

/* 0: not known yet. */
guint16          pak_incoming_call_get_address (PakIncomingCall *self);
const char      *pak_incoming_call_get_name    (PakIncomingCall *self);
gint64           pak_incoming_call_get_time    (PakIncomingCall *self);
/* Its connection, open, and what came from it; the call has nothing more to do with it. */
OpTransport     *pak_incoming_call_take        (PakIncomingCall *self, GBytes **received);

G_END_DECLS
