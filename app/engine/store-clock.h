/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-db.h"

G_BEGIN_DECLS

typedef struct
{
  OpClockEvent *event;   /* in of op_db_add_clock_event() */
  gint64        station; /* in of the other two */
  gint          utc_offset_s; /* in of op_db_set_utc_offset() */
  gint64        shift_us;     /* the same */
  GPtrArray    *list;    /* out of op_db_list_clock_events() */
} OpClockRequest;
void     op_clock_request_free (OpClockRequest *request);

/* OpDbFuncs on an OpClockRequest. */
gboolean op_db_add_clock_event   (OpDb *db, gpointer request, GError **error);
gboolean op_db_list_clock_events (OpDb *db, gpointer request, GError **error);
gboolean op_db_set_utc_offset    (OpDb *db, gpointer request, GError **error);

G_END_DECLS
