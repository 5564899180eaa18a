/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/link-private.h"

G_BEGIN_DECLS

/*
 * PakBaudSearch: finds the speed of a serial line by calling at one after the other until a good frame comes (manual
 * 4.2), about a second at each.
 */
typedef struct _PakBaudSearch PakBaudSearch;

typedef struct
{
  void (*trying) (guint baud, gpointer data);
  /* The line has the speed at which someone was heard, or nobody was. The search may be freed in the call. */
  void (*done)   (gboolean found, gpointer data);
} PakBaudSearchFuncs;

/*
 * Begins in the thread-default main context at the speed that @transport has. @neighbour: whom to ring; 0: ask who is
 * there.
 */
PakBaudSearch *pak_baud_search_new  (PakLink *link, OpTransport *transport, guint16 neighbour,
                                     const PakBaudSearchFuncs *funcs, gpointer data);
void           pak_baud_search_free (PakBaudSearch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakBaudSearch, pak_baud_search_free)
/* A good frame came: ends it. */
void           pak_baud_search_take_frame (PakBaudSearch *self);
/* Whether bytes came that made no good frame. */
gboolean       pak_baud_search_heard_noise (PakBaudSearch *self);

G_END_DECLS
