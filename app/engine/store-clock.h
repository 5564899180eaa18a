/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-db.h"

G_BEGIN_DECLS

typedef struct
{
  OpClockEvent *event;   /* in of op_db_add_clock_event() */
  gint64        station; /* in of op_db_list_clock_events() */
  GPtrArray    *list;    /* out of it */
} OpClockRequest;
void     op_clock_request_free (OpClockRequest *request);

/* OpDbFuncs on an OpClockRequest. */
gboolean op_db_add_clock_event   (OpDb *db, gpointer request, GError **error);
gboolean op_db_list_clock_events (OpDb *db, gpointer request, GError **error);

G_END_DECLS
