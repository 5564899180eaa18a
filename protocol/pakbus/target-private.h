/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/session.h"

G_BEGIN_DECLS

#define PAK_NULLIFIER_SIZE 2

/* PakTarget: whom a job talks to. The session outlives the job, whose task holds it. */
typedef struct
{
  PakSession *session;
  guint16     node;
  guint16     security;
  guint16     max_packet; /* the longest that the node can take, from header to nullifier; 0: no less than any */
} PakTarget;

/* Whether the node is one with a small buffer (manual 3.7.2): it also answers one request at a time only. */
static inline gboolean
pak_target_is_small (const PakTarget *target)
{
  return target->max_packet != 0;
}

/* Bytes that a message to the node may have, its type and number included. */
static inline gsize
pak_target_get_max_message (const PakTarget *target)
{
  return pak_target_is_small (target) ? (gsize) target->max_packet - PAK_HEADER_SIZE - PAK_NULLIFIER_SIZE
                                      : PAK_MESSAGE_MAX;
}

/* Bytes of a file to ask for at once (pakbus-facts B9, G1). */
static inline guint
pak_target_get_swath (const PakTarget *target)
{
  return pak_target_is_small (target) ? 400 : 512;
}

G_END_DECLS
