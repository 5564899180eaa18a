/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/packet.h"
#include "protocol/logger-time.h"

G_BEGIN_DECLS

/*
 * Messages as data. Every message of the manual's sections 2.2 and 2.3 is described once, in message-table.c, as
 * a table of fields; encoder, bounds-checked decoder, dissector and fuzzer's dictionary come from it.
 */

typedef enum
{
  PAK_FIELD_BYTE,
  PAK_FIELD_UINT2,
  PAK_FIELD_UINT4,
  PAK_FIELD_BOOL,    /* a byte; any non-zero is true */
  PAK_FIELD_NSEC,    /* 8 bytes, as OpTime */
  PAK_FIELD_ASCIIZ,
  PAK_FIELD_BYTES,   /* the rest of the message, or as many as an earlier length field says */
  PAK_FIELD_BITS,    /* bits of a Byte or UInt2 shared with its neighbours, high bits first */
  PAK_FIELD_GROUP,   /* a run of fields that repeats: to the end, or to a terminator */
} PakFieldKind;

/** PakFieldDesc: one field as the manual lists it (message-private.h). Groups get their names in message-table.c. */
typedef struct _PakFieldDesc PakFieldDesc;
/** PakMessageDesc: name ("Collect Data Command"), protocol, type and fields. */
typedef struct _PakMessageDesc PakMessageDesc;

const PakMessageDesc *pak_message_desc_find     (PakProtocol protocol, guint8 type);
/** All of them, for tests, fuzzers and documentation. */
const PakMessageDesc *pak_message_desc_list     (guint *n_descs);
const char           *pak_message_desc_get_name (const PakMessageDesc *desc);
PakProtocol           pak_message_desc_get_protocol (const PakMessageDesc *desc);
guint8                pak_message_desc_get_type (const PakMessageDesc *desc);

/** PakMessage: a message's fields by the manual's names. To build one: new, set, encode. */
typedef struct _PakMessage PakMessage;
PakMessage *pak_message_new     (PakProtocol protocol, guint8 type, guint8 transaction);
void        pak_message_free    (PakMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakMessage, pak_message_free)
const PakMessageDesc *pak_message_get_desc (const PakMessage *message);
guint8      pak_message_get_transaction (const PakMessage *message);
void        pak_message_set_transaction (PakMessage *message, guint8 transaction);

/* Setters take a field's name; a name that the description does not have is a programmer's error. Optional
 * fields are encoded when set (and those before them in the same tail are). */
void pak_message_set_uint  (PakMessage *message, const char *field, guint32 value);
void pak_message_set_time  (PakMessage *message, const char *field, OpTime value);
void pak_message_set_text  (PakMessage *message, const char *field, const char *value);
void pak_message_set_bytes (PakMessage *message, const char *field, const guint8 *bytes, gsize length);
/** Appends an element to a repeating group and returns it, to be filled with the setters; owned by @message. */
PakMessage *pak_message_add_group (PakMessage *message, const char *group);

/* Getters. A field that is absent (an optional tail) gives 0, OP_TIME_UNKNOWN, NULL, 0 groups: ask _has(). */
gboolean    pak_message_has       (const PakMessage *message, const char *field);
guint32     pak_message_get_uint  (const PakMessage *message, const char *field);
OpTime      pak_message_get_time  (const PakMessage *message, const char *field);
const char *pak_message_get_text  (const PakMessage *message, const char *field);
const guint8 *pak_message_get_bytes (const PakMessage *message, const char *field, gsize *length);
guint       pak_message_get_n_groups (const PakMessage *message, const char *group);
const PakMessage *pak_message_get_group (const PakMessage *message, const char *group, guint i);

/** Appends message type, transaction number and body. */
void        pak_message_encode (const PakMessage *message, GByteArray *out);
/**
 * Reads a message (from its type on). Errors: PAK_ERROR_MESSAGE, naming message, field and offset.
 * Bytes left over after the last field are an error too. Byte fields are copied.
 */
PakMessage *pak_message_decode (PakProtocol protocol, const guint8 *bytes, gsize length, GError **error);

G_END_DECLS
