/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-db.h"

G_BEGIN_DECLS

typedef struct
{
  OpIncarnation *incarnation;
  guint          column;
  OpTime         from;
  OpTime         to;
  guint          n_bins;
  gboolean       exact;      /* no value beside its bin */
  OpReduction   *reduction; /* out */
} OpReduceRequest;
void     op_reduce_request_free (OpReduceRequest *request);

/** An OpDbFunc on an OpReduceRequest. */
gboolean op_db_reduce (OpDb *db, gpointer request, GError **error);

G_END_DECLS
