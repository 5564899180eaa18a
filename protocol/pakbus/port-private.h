/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/exchange-private.h"

G_BEGIN_DECLS

/*
 * PakPort: a transport and the nodes on it, for all sessions that share it: opened for the first, closed after the
 * last. It answers what other nodes want of us, keeps the state of each link, and finds a serial line's speed.
 */
typedef struct _PakPort PakPort;

/* What a user hears of its port. Each may leave in the call. */
typedef struct
{
  /* The transport is open. */
  void (*connected)   (gpointer data);
  /* The search for the line's speed is at @baud. */
  void (*trying_baud) (guint baud, gpointer data);
  /* @for_us: or for all; else for another node. */
  void (*packet)      (const PakPacket *packet, gboolean for_us, gpointer data);
  /* The line ended, or the user's neighbour does not answer any more. */
  void (*closed)      (const GError *error, gpointer data);
} PakPortFuncs;

typedef struct
{
  const PakPortFuncs *funcs;
  gpointer            data;
  PakCaller           caller;
  guint16             wanted; /* whom it opens the port for; 0: whoever is there */
} PakPortUser;

/* Lives in the thread-default main context. */
PakPort *pak_port_new   (OpTransport *transport, guint16 own_address);
PakPort *pak_port_ref   (PakPort *self);
void     pak_port_unref (PakPort *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakPort, pak_port_unref)

/*
 * The port that sessions share for @line in this thread: the one that is open, or else @own, which becomes the shared
 * one until it closes.
 */
PakPort *pak_port_share (PakPort *own, const char *line);

/* Looks for the line's speed each time it is opened, beginning with the one it has. */
void     pak_port_set_find_baud (PakPort *self, gboolean find_baud);

/* Makes @user one of the port's; completes when bytes can be sent and their speed is known. */
void     pak_port_open_async  (PakPort *self, PakPortUser *user, GAsyncReadyCallback callback, gpointer data);
gboolean pak_port_open_finish (PakPort *self, GAsyncResult *result, GError **error);
gboolean pak_port_is_open     (PakPort *self);
/* Ends all that @user has open with @why, and the port after its last user. Idempotent. */
void     pak_port_leave       (PakPort *self, PakPortUser *user, const char *why);

PakExchange *pak_port_get_exchange  (PakPort *self);
PakLink     *pak_port_get_link      (PakPort *self);
OpTransport *pak_port_get_transport (PakPort *self);

G_END_DECLS
