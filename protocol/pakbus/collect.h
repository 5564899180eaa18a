/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"
#include "protocol/pakbus/error.h"

G_BEGIN_DECLS

/*
 * Bodies of the Collect Data response (0x89), the hot path, and of one-way data (manual 2.3.4.3, 2.3.4.4;
 * pakbus-facts E): they need the table definition, so they are read here and not by the field tables.
 */

/** One block of a response: a view into the message. */
typedef struct
{
  guint16       table_number;
  guint32       first;        /* first record number */
  gboolean      is_offset;    /* a fragment of one record */
  guint32       count;        /* records; 0 for an empty block, 1 for a fragment */
  guint32       byte_offset;  /* of a fragment, from the beginning of its time stamp */
  OpTime        first_time;   /* OP_TIME_UNKNOWN for later fragments and empty blocks */
  const guint8 *payload;      /* as OpChunk's payload; of a fragment: its bytes, stamp included */
  gsize         length;
} PakCollectBlock;

/**
 * Reads the body after the response code: exactly one block of @table (the number must fit) and MoreRecsExist.
 * Every byte must be accounted for. Errors: PAK_ERROR_RECORD, saying what did not fit.
 */
gboolean pak_collect_parse  (const OpTable *table, const guint8 *body, gsize length, PakCollectBlock *block,
                             gboolean *more, GError **error);
/** As pak_collect_parse(), of the body of One-Way Data, which has the definition's signature and no MoreRecsExist. */
gboolean pak_collect_parse_one_way (const OpTable *table, const guint8 *body, gsize length, PakCollectBlock *block,
                                    GError **error);
/** Appends a block as the logger sends it (the emulator's side); MoreRecsExist comes behind. */
void     pak_collect_append (const OpTable *table, const PakCollectBlock *block, GByteArray *out);

G_END_DECLS
