/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * PakFlow: how many requests may wait for their answers at a time. After a set-back (a queue that was full, a logger
 * that asks to wait, an answer that did not come) one, for a while that grows from one set-back to the next. Times
 * are monotonic µs.
 */
typedef struct
{
  guint  max;
  gint64 slow_until;
  gint64 slow_for;
} PakFlow;

guint pak_flow_get_room (const PakFlow *self, gint64 now);
void  pak_flow_set_back (PakFlow *self, gint64 now);

G_END_DECLS
