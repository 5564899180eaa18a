/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/message.h"

G_BEGIN_DECLS

/** When a field is there. */
typedef enum
{
  PAK_PRESENT_ALWAYS,
  PAK_PRESENT_OPTIONAL, /* the message may end here: "{" in the manual */
  PAK_PRESENT_IF,       /* if an earlier field, the selector, has one of the values, and else not */
  PAK_PRESENT_DONE,     /* as IF; but else the message may end here or go on */
} PakPresence;

/** One row of the manual's tables: name, type and, in braces there, when it is there and how it repeats. */
struct _PakFieldDesc
{
  const char  *name;
  PakFieldKind kind;
  PakPresence  presence;
  const char  *selector;       /* IF, DONE: name of a number field before this one, here or in the parent */
  guint32      values;         /* IF, DONE: bit n set: value n (0 to 31) */
  guint        width;          /* BITS */
  gboolean     is_span;        /* NSEC: a length of time and no date */
  const char  *length_field;   /* BYTES: the number field before this one that counts them; NULL: to the end */
  const PakFieldDesc *fields;  /* GROUP: the fields of one element */
  guint        n_fields;
  guint        terminator;     /* GROUP: zero bytes that end it; 0: it goes on to the message's end */
};

struct _PakMessageDesc
{
  const char         *name;
  PakProtocol         protocol;
  guint8              type;
  const PakFieldDesc *fields;
  guint               n_fields;
};

extern const PakMessageDesc pak_message_descs[];
extern const guint          pak_n_message_descs;
/** A block of a Collect Data response, with all behind its head as RecFrag. */
extern const PakMessageDesc pak_collect_block_desc;

typedef struct
{
  gboolean is_set;
  union
  {
    guint32    number; /* BYTE, UINT2, UINT4, BOOL, BITS */
    struct
    {
      gint32 sec;
      gint32 nsec; /* as it came, nonsense included */
    } time;            /* NSEC */
    char      *text;   /* ASCIIZ */
    GBytes    *bytes;  /* BYTES */
    GPtrArray *groups; /* GROUP: of PakMessage */
  };
} PakValue;

struct _PakMessage
{
  const PakMessageDesc *desc;
  const PakMessage     *parent; /* of a group's element */
  guint8                transaction;
  const PakFieldDesc   *fields;
  guint                 n_fields;
  PakValue              values[]; /* one a field */
};

/* Message or part of one, all fields unset. */
PakMessage *pak_message_alloc     (const PakMessageDesc *desc);
PakMessage *pak_message_add_child (PakMessage *message, guint field);
/** Whether the field at @i has to be there, can be, or is not, as the fields before it say. */
gboolean    pak_message_wants_field (const PakMessage *message, guint i);
gboolean    pak_message_may_end_at  (const PakMessage *message, guint i);
/**
 * Reads the fields of @part, which is no whole message but a piece of one, without type and number. Errors are
 * as those of pak_message_decode().
 */
PakMessage *pak_message_decode_part (const PakMessageDesc *part, const guint8 *bytes, gsize length, GError **error);

static inline guint
pak_field_get_width (const PakFieldDesc *field)
{
  switch (field->kind)
    {
    case PAK_FIELD_BYTE:
    case PAK_FIELD_BOOL:
      return 8;
    case PAK_FIELD_UINT2:
      return 16;
    case PAK_FIELD_UINT4:
      return 32;
    case PAK_FIELD_BITS:
      return field->width;
    default:
      return 0;
    }
}

G_END_DECLS
