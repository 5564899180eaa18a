/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/flow-private.h"

#define SLOW_AT_FIRST (2 * G_USEC_PER_SEC)
#define SLOW_AT_MOST  (5 * 60 * G_USEC_PER_SEC)
/* A set-back so long after the last one is a first one. */
#define FORGOTTEN     (10 * 60 * G_USEC_PER_SEC)

guint
pak_flow_get_room (const PakFlow *self, gint64 now)
{
  return now < self->slow_until ? 1 : self->max;
}

void
pak_flow_set_back (PakFlow *self, gint64 now)
{
  /* What was in flight at the first one fails together. */
  if (now < self->slow_until)
    return;
  if (self->slow_for == 0 || now - self->slow_until > FORGOTTEN)
    self->slow_for = SLOW_AT_FIRST;
  else
    self->slow_for = MIN (self->slow_for * 2, SLOW_AT_MOST);
  self->slow_until = now + self->slow_for;
}
