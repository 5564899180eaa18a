/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"
#include "protocol/pakbus/packet.h"

G_BEGIN_DECLS

/*
 * PakOneWay: what one logger sends unasked (manual 2.3.4.4): definitions, and records, which it reads by the
 * definition that their signature names: of those read from the logger, or of those it sent. Nobody can ask for such
 * records again, but they can be collected: what does not fit, or does not go on in time, is passed over.
 */
typedef struct _PakOneWay PakOneWay;

#define PAK_MSG_ONE_WAY_DATA  0x14
#define PAK_MSG_ONE_WAY_TABLE 0x20

/* Gets verified records, of a fragmented one after its last fragment. */
typedef void (*PakOneWayFunc) (OpTable *table, const OpChunk *chunk, gpointer data);

PakOneWay *pak_one_way_new  (PakOneWayFunc func, gpointer data);
void       pak_one_way_free (PakOneWay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakOneWay, pak_one_way_free)
/* Forgets all, as another program may run when the logger is heard again. */
void       pak_one_way_forget     (PakOneWay *self);
/* The definitions (element-type OpTable) that were read from the logger. */
void       pak_one_way_set_tables (PakOneWay *self, const GPtrArray *tables);
/*
 * Takes a message, from its type on. PAK_ERROR_MESSAGE: it cannot be read, or no definition of its signature is known;
 * PAK_ERROR_RECORD: the records do not fit it.
 */
gboolean   pak_one_way_take       (PakOneWay *self, GBytes *message, GError **error);

G_END_DECLS
