/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-db.h"

G_BEGIN_DECLS

/*
 * Record numbers wrap at 2^32. Inside the store an ordinal stands for them: the record number with the wraps
 * counted, so that ordinals order an incarnation's records for ever. An ordinal's low 32 bits are the record
 * number; it is below 0 for records before a wrap that were collected after those behind it.
 */
#define OP_ORDINAL_MIN (-(G_GINT64_CONSTANT (1) << 39))
#define OP_ORDINAL_MAX (G_GINT64_CONSTANT (1) << 39)

/*
 * Levels of the pyramid. The lower three are four apart, as each costs room; the upper ones two, so that a picture of
 * many records reads one to two blocks a pixel, however many there are.
 */
#define OP_PYRAMID_LEVELS 11

/**
 * Neighbouring blocks of a level that are stored as one row, a strip: once the incarnation's end has passed them all;
 * until then what is below them stands for them, down to the records. So a few new records write no strip at all, and
 * one that is written is done.
 */
#define OP_STRIP_BLOCKS 16

/** The bits of an ordinal that a level's blocks span: 8, 10, 12, then one more a level. */
static inline guint
op_pyramid_shift (guint level)
{
  return level < 2 ? 8 + 2 * level : 10 + level;
}

static inline gint64
op_chunk_key (gint64 incarnation, gint64 ordinal)
{
  return (incarnation << 40) + (ordinal - OP_ORDINAL_MIN);
}

static inline gint64
op_chunk_key_get_ordinal (gint64 key)
{
  return (key & ((G_GINT64_CONSTANT (1) << 40) - 1)) + OP_ORDINAL_MIN;
}

/**
 * Key of a strip, counted from OP_ORDINAL_MIN; the lowest level has 2^28. It comes last, as it grows most: SQLite adds
 * a row behind all others at the least cost.
 */
static inline gint64
op_strip_key (gint64 incarnation, guint level, gint64 strip)
{
  return (incarnation << 33) + ((gint64) (OP_PYRAMID_LEVELS - 1 - level) << 29) + strip;
}

static inline gint64
op_block_at (guint level, gint64 ordinal)
{
  return (ordinal - OP_ORDINAL_MIN) >> op_pyramid_shift (level);
}

/** Number of the first block of @level - 1 within a block of @level. */
static inline gint64
op_block_below (guint level, gint64 block)
{
  return block << (op_pyramid_shift (level) - op_pyramid_shift (level - 1));
}

/** Number of the block of @level in which block @below of @level - 1 lies. */
static inline gint64
op_block_above (guint level, gint64 below)
{
  return below >> (op_pyramid_shift (level) - op_pyramid_shift (level - 1));
}

/**
 * Strips above the lowest level wait until the incarnation's end passes a multiple of two to the power of this, so
 * that several of a level go into the same page of the file.
 */
static inline guint
op_pyramid_step (guint level)
{
  return level == 0 ? 0 : level < 3 ? 16 + level : 20;
}

/** Number behind the strips of a level that are stored when the incarnation ends at the ordinal @end. */
static inline gint64
op_strips_stored_end (guint level, gint64 end)
{
  guint step = op_pyramid_step (level);
  return ((end - OP_ORDINAL_MIN) >> step << step >> op_pyramid_shift (level)) / OP_STRIP_BLOCKS;
}

/** First ordinal of a block. */
static inline gint64
op_block_get_ordinal (guint level, gint64 block)
{
  return (block << op_pyramid_shift (level)) + OP_ORDINAL_MIN;
}

/** A row of stored records, as it lies in the file; valid during a call. */
typedef struct
{
  gint64        ordinal;
  guint32       count;
  OpTime        first_time;
  const guint8 *payload;
  gsize         length;
} OpStoredRow;
typedef gboolean (*OpStoredRowFunc) (const OpStoredRow *row, gpointer data, GError **error);

/** Calls @func with every row that holds records from @first up to, without, @end; rows may reach beyond both. */
gboolean   op_db_foreach_row (OpDb *db, gint64 incarnation, gint64 first, gint64 end, OpStoredRowFunc func,
                              gpointer data, GError **error);
typedef struct
{
  gint64 first;
  gint64 end;
} OpOrdinalRange;
/** Where records numbered @first to @first + @count can lie: a range a wrap. (element-type OpOrdinalRange) */
GArray    *op_db_find_ranges (OpDb *db, gint64 incarnation, guint32 first, guint32 count, GError **error);
/** The stored records @first up to, without, @end as chunks, cut to size. (element-type OpChunk) */
GPtrArray *op_db_read_ordinals (OpDb *db, gint64 incarnation, gint64 first, gint64 end, GError **error);

typedef struct
{
  gint64         incarnation;
  guint32        first;
  guint32        count;
  OpIncarnation *snapshot; /* for decoding; or NULL */
  guint         *columns;
  guint          n_columns;
  GPtrArray     *chunks;   /* out */
  OpBatch       *batch;    /* out */
} OpReadRequest;
void     op_read_request_free (OpReadRequest *request);
/* OpDbFuncs on an OpReadRequest. */
gboolean op_db_read_chunks (OpDb *db, gpointer request, GError **error);
gboolean op_db_read_batch  (OpDb *db, gpointer request, GError **error);

G_END_DECLS
