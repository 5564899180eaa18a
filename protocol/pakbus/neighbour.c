/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/neighbour-private.h"

/* As Campbell's own software does it (pakbus-facts A5). */
#define IDLE_TIME     (1 * G_USEC_PER_SEC)
#define FINISHED_TIME (5 * G_USEC_PER_SEC)

/* Intervals that tell none, and what they then count as (pakbus-facts C1). */
#define VERIFY_WHILE_LINKED 0xFFFE
#define VERIFY_NEVER        0xFFFF
#define DEFAULT_VERIFY      300

PakNeighbour *
pak_neighbour_new (guint16 address, gint64 now)
{
  PakNeighbour *self = g_new0 (PakNeighbour, 1);

  self->address = address;
  self->state = PAK_LINK_OFF_LINE;
  self->heard_at = now;
  self->used_at = now;
  return self;
}

static void
finish (PakNeighbour *self, gint64 now)
{
  self->state = PAK_LINK_FINISHED;
  self->finished_at = now;
}

static void
take_bare_state (PakNeighbour *self, PakLinkState state, gboolean is_busy, gint64 now)
{
  switch (state)
    {
    case PAK_LINK_RING:
      self->state = PAK_LINK_READY;
      break;
    case PAK_LINK_READY:
      self->state = PAK_LINK_READY;
      self->answers_rings = TRUE;
      break;
    case PAK_LINK_FINISHED:
      self->state = is_busy ? PAK_LINK_RING : PAK_LINK_OFF_LINE;
      break;
    case PAK_LINK_PAUSE:
      finish (self, now);
      break;
    case PAK_LINK_OFF_LINE:
      self->state = PAK_LINK_OFF_LINE;
      break;
    case PAK_LINK_CAPABILITIES:
      break;
    }
}

void
pak_neighbour_take_packet (PakNeighbour *self, const PakPacket *packet, gboolean is_busy, gint64 now)
{
  self->heard_at = now;
  self->used_at = now;
  if (packet->message == NULL)
    take_bare_state (self, packet->link_state, is_busy, now);
  else if (packet->link_state == PAK_LINK_FINISHED || packet->link_state == PAK_LINK_PAUSE)
    finish (self, now);
  else
    self->state = PAK_LINK_READY;
}

gboolean
pak_neighbour_must_ring (const PakNeighbour *self)
{
  return self->answers_rings && self->state != PAK_LINK_READY;
}

static gint64
get_verify_time (const PakNeighbour *self)
{
  gboolean is_told = self->verify_interval != 0 && self->verify_interval != VERIFY_WHILE_LINKED
                     && self->verify_interval != VERIFY_NEVER;
  gint64 interval = is_told ? MIN (self->verify_interval, DEFAULT_VERIFY) : DEFAULT_VERIFY;

  return interval * G_USEC_PER_SEC * 5 / 2;
}

PakNeighbourDuty
pak_neighbour_get_duty (PakNeighbour *self, gboolean is_busy, gint64 now, gint64 *next)
{
  gint64 verify_at = self->heard_at + get_verify_time (self);
  gboolean has_link = self->state == PAK_LINK_READY && self->answers_rings;

  *next = G_MAXINT64;
  if (self->state == PAK_LINK_FINISHED && now >= self->finished_at + FINISHED_TIME)
    self->state = PAK_LINK_OFF_LINE;
  if (self->state == PAK_LINK_FINISHED)
    *next = self->finished_at + FINISHED_TIME;
  /* Who asks hears by itself whether the node is there. */
  if (is_busy || self->is_being_verified)
    {
      *next = MIN (*next, now + IDLE_TIME);
      return PAK_NEIGHBOUR_REST;
    }

  if (now >= verify_at)
    {
      self->is_being_verified = TRUE;
      return PAK_NEIGHBOUR_VERIFY;
    }
  *next = MIN (*next, verify_at);
  if (!has_link)
    return PAK_NEIGHBOUR_REST;
  if (now >= self->used_at + IDLE_TIME)
    {
      finish (self, now);
      *next = MIN (*next, now + FINISHED_TIME);
      return PAK_NEIGHBOUR_FINISH;
    }
  *next = MIN (*next, self->used_at + IDLE_TIME);
  return PAK_NEIGHBOUR_REST;
}
