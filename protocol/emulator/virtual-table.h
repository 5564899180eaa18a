/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/clock.h"
#include "protocol/table.h"

G_BEGIN_DECLS

typedef struct _OpVirtualTable OpVirtualTable;
typedef struct _OpVirtualStation OpVirtualStation;

/** Writes the values of the record @record, stored at @time, to @values: definition->record_size bytes. */
typedef void (*OpFillFunc) (OpVirtualStation *station, OpVirtualTable *table, guint64 record, OpTime time,
                            guint8 *values);

/**
 * OpVirtualTable: a table whose records are calculated when they are asked for, so that any history is free.
 * Time is cut into slots; each slot that ends while the logger runs brings a record. Interval tables store at
 * the slot's end, scattered ones somewhere in the slot after it.
 */
struct _OpVirtualTable
{
  OpTable   *definition;
  OpTime     slot;
  gboolean   scattered;
  gboolean   stored;    /* keeps records, as opposed to Status and Public, which show what is now */
  guint      max_records; /* of an answer, as more would take the logger too long; 0: any */
  guint32    seed;
  guint64    skipped;   /* slots before the one that record 0 stands for */
  guint      n_resets;  /* how often record numbers began anew */
  guint32    default_size; /* records, when the program does not say */
  gboolean   in_files;   /* is managed in files on the card, which can be rolled over */
  guint64    file_first; /* the first record of the file that is open */
  guint      n_files;    /* that were closed */
  OpFillFunc fill;

  /*< private >*/
  GArray    *segments;
};

/** Takes @definition. */
OpVirtualTable *op_virtual_table_new      (OpTable *definition, OpTime slot, OpFillFunc fill);
void            op_virtual_table_free     (OpVirtualTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpVirtualTable, op_virtual_table_free)
/** Brings the table to @clock's now: the other functions speak of the last update. */
void            op_virtual_table_update   (OpVirtualTable *table, const OpVirtualClock *clock);
/** Forgets all records; numbers begin with 0 again. */
void            op_virtual_table_reset    (OpVirtualTable *table, const OpVirtualClock *clock);
/** The records held: from @oldest up to, without, @next, which is the number that will be stored next. */
void            op_virtual_table_get_span (const OpVirtualTable *table, guint64 *oldest, guint64 *next);
OpTime          op_virtual_table_get_time (const OpVirtualTable *table, guint64 record);
/** The run of the clock in which the record was stored. */
guint           op_virtual_table_get_clock_run (const OpVirtualTable *table, guint64 record);
/** How many records from @record on, at most @max, lie one interval apart. */
guint64         op_virtual_table_get_run  (const OpVirtualTable *table, guint64 record, guint64 max);
/**
 * The first records held of the times from @begin up to, without, @end: a run of @count from *@first on.
 * Returns: whether others of those times stand behind them (a clock that was set back brings a time twice).
 */
gboolean        op_virtual_table_find     (const OpVirtualTable *table, OpTime begin, OpTime end, guint64 *first,
                                           guint64 *count);

G_END_DECLS
