/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-db.h"

G_BEGIN_DECLS

/** An empty one, to be filled before it is shared. */
OpIncarnation *op_incarnation_new (void);

typedef struct
{
  gint64     station;
  OpTable   *table;  /* to begin with */
  gboolean   fresh;
  GPtrArray *list;   /* out: OpIncarnation */
} OpIncarnationsRequest;
OpIncarnationsRequest *op_incarnations_request_new  (gint64 station);
void                   op_incarnations_request_free (OpIncarnationsRequest *request);

/* OpDbFuncs on an OpIncarnationsRequest. */
gboolean op_db_list_incarnations (OpDb *db, gpointer request, GError **error);
/** The list then has one element. */
gboolean op_db_begin_incarnation (OpDb *db, gpointer request, GError **error);

/** The definition that decodes an incarnation's records; kept, so that it is parsed once. Owned by @db. */
OpTable *op_db_get_table (OpDb *db, gint64 incarnation, GError **error);

G_END_DECLS
