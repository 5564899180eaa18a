/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-db.h"

G_BEGIN_DECLS

typedef struct
{
  gint64         incarnation;
  GPtrArray     *chunks;
  OpGap          gap;
  gboolean       has_gap;
  gboolean       move_cursor;
  guint32        next_record;
  OpAppendResult result; /* out */
} OpAppendRequest;
void     op_append_request_free (OpAppendRequest *request);

/** An OpDbFunc on an OpAppendRequest. */
gboolean op_db_append (OpDb *db, gpointer request, GError **error);

G_END_DECLS
