/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/packet.h"

/** A frame and what it means; see vectors.c. */
typedef struct
{
  const char *name;
  const char *source;
  const char *hex;           /* with or without its sync bytes */
  gboolean    has_nullifier; /* hex ends with it; else it was worked out by the source */
  guint16     nullifier;
  PakPacket   packet;        /* message aside */
  const char *fields;        /* NULL: no message, or one that the manual does not have */
} PakVector;

extern const PakVector pak_vectors[];
extern const guint     pak_n_vectors;

extern const char pak_collect_body_hex[];
extern const char pak_cr10x_collect_body_hex[];
extern const char pak_directory_hex[];
extern const char pak_table1_definition_hex[];

/** Bytes of hex text; spaces do not count. */
GByteArray *pak_vector_bytes (const char *hex);
/** The frame's inside, still quoted: without sync bytes, with its nullifier if it has one. */
GByteArray *pak_vector_inside (const PakVector *vector);
/** The frame's body: unquoted, without nullifier. */
GByteArray *pak_vector_body (const PakVector *vector);
