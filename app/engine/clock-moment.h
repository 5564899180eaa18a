/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/table.h"

G_BEGIN_DECLS

/*
 * When a logger's clock can be adjusted without harm to its records. A table stores a record whenever the clock reads
 * a multiple of its interval (plus how far into it). A jump ahead over such an output time skips that record, a jump
 * back makes it twice. Nothing here reads a clock: all follows from the arguments.
 *
 * @tables (element-type OpTable): those whose records matter. Tables without an interval set no bounds, as they
 * store on events. @adjustment: nanoseconds to add to the clock. @uncertainty: nanoseconds by which the moment that
 * the logger adjusts its clock at can differ from the one that was aimed at, either way: what is not known of its
 * clock, and of how long the command takes to get there.
 */

typedef enum
{
  OP_CLOCK_MOMENT_SAFE,
  OP_CLOCK_MOMENT_NEVER,   /* what is crossed is as long as the interval of a table, whenever it is done */
  OP_CLOCK_MOMENT_TOO_FAR, /* there is none as soon as was asked for */
} OpClockMomentState;

/** Logger times, by its clock before the adjustment, at all of which adjusting crosses no output time. */
typedef struct
{
  OpClockMomentState state;
  OpTime             from;
  OpTime             until;    /* the last one; G_MAXINT64: no table sets a bound */
  const OpTable     *obstacle; /* not safe: the table that stands in the way; owned by @tables */
} OpClockMoment;

/** The first safe moment that begins at most @horizon nanoseconds after @now (logger time). */
OpClockMoment op_clock_moment_find (const GPtrArray *tables, OpTime now, gint64 adjustment, gint64 uncertainty,
                                    gint64 horizon);

/** What an adjustment does to the records of one table. */
typedef struct
{
  const OpTable *table;  /* owned by the array of tables */
  guint64        fewest; /* records that are skipped (adjustment ahead) or stored twice (back): */
  guint64        most;   /* between these, as the moment of the adjustment is not known exactly */
} OpClockHarm;

/**
 * What adjusting at @moment does. Returns: (element-type OpClockHarm): of the tables that it can harm, in the order of
 * @tables; empty when the moment is safe.
 */
GArray *op_clock_moment_list_harm (const GPtrArray *tables, OpTime moment, gint64 adjustment, gint64 uncertainty);

G_END_DECLS
