/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/bars.h"
#include "protocol/batch.h"

G_BEGIN_DECLS

/**
 * OpStore: the unit of truth: stations, definitions and records in one SQLite file (WAL). All work runs on two
 * worker threads, one that writes and one that reads; nothing here blocks. The file is opened by the first call,
 * which reports what is wrong with it. A second process may read and write the same file.
 *
 * Records are kept as the bytes that the logger sent, many to a row, beside the definition that decodes them; the
 * cursor that says how far collection came moves in the same transaction.
 */
#define OP_TYPE_STORE (op_store_get_type ())
G_DECLARE_FINAL_TYPE (OpStore, op_store, OP, STORE, GObject)

/** @path: the database file; its folder is created. NULL: $XDG_DATA_HOME/outpost/store.db. */
OpStore *op_store_new (const char *path);
/** Waits until the queue is empty and closes; for the end of the process and for tests. */
void     op_store_close (OpStore *self);

typedef struct
{
  gint64   id;           /* 0: not saved yet */
  char    *name;
  char    *uri;          /* op_address_to_string(): no security code */
  gboolean simulated;
  gint     utc_offset_s; /* of the logger's clock, fixed; 0 when not chosen */
  gboolean utc_offset_known;
  char   **tables;       /* names that are collected; NULL: all but Public and Status */
  char    *identity;     /* the last identity as JSON text, or NULL */
  gint64   last_collected_us; /* µs since 1970 UTC; 0: never */
  gint64   last_offset_us;    /* clock offset at the last reading */
  gboolean last_offset_known;
} OpStationRecord;
OpStationRecord *op_station_record_new  (void);
OpStationRecord *op_station_record_copy (const OpStationRecord *record);
void             op_station_record_free (OpStationRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpStationRecord, op_station_record_free)

/** Returns: (element-type OpStationRecord): by name */
void       op_store_load_stations_async  (OpStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GPtrArray *op_store_load_stations_finish (OpStore *self, GAsyncResult *result, GError **error);
/** Inserts (id 0) or updates. Returns the id, or 0 with OP_STORE_ERROR_NAME_TAKEN or another error. */
void       op_store_save_station_async   (OpStore *self, const OpStationRecord *record, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer data);
gint64     op_store_save_station_finish  (OpStore *self, GAsyncResult *result, GError **error);
/** Removes a station with all its records. */
void       op_store_remove_station_async  (OpStore *self, gint64 station, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer data);
gboolean   op_store_remove_station_finish (OpStore *self, GAsyncResult *result, GError **error);

/** As kept in the file. */
typedef enum
{
  OP_CLOCK_EVENT_CHECK = 0,
  OP_CLOCK_EVENT_SET = 1,
} OpClockEventKind;

/** One look at a station's clock, and what was done about it. */
typedef struct
{
  gint64           station;
  gint64           host_unix_us;   /* µs since 1970 UTC */
  char            *by_whom;        /* a person or a task, as shown; not NULL */
  OpClockEventKind kind;
  gint64           offset_us;      /* before an adjustment */
  gint64           uncertainty_us;
  gint64           round_trip_us;  /* the shortest */
  gint64           adjusted_us;    /* added to the clock; 0 for a check */
} OpClockEvent;
OpClockEvent *op_clock_event_copy (const OpClockEvent *event);
void          op_clock_event_free (OpClockEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpClockEvent, op_clock_event_free)

void       op_store_add_clock_event_async    (OpStore *self, const OpClockEvent *event, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
gboolean   op_store_add_clock_event_finish   (OpStore *self, GAsyncResult *result, GError **error);
/** Returns: (element-type OpClockEvent): all of a station, by time */
void       op_store_list_clock_events_async  (OpStore *self, gint64 station, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
GPtrArray *op_store_list_clock_events_finish (OpStore *self, GAsyncResult *result, GError **error);

/** Keeps the UTC offset of a station's clock; @shift_us is added to all offsets that are known of it. */
void       op_store_set_utc_offset_async  (OpStore *self, gint64 station, gint utc_offset_s, gint64 shift_us,
                                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean   op_store_set_utc_offset_finish (OpStore *self, GAsyncResult *result, GError **error);

/** A run of consecutive record numbers that are held. */
typedef struct
{
  guint32 first;
  guint32 count;
} OpRecordRun;

/** Records that the logger overwrote before they were collected. */
typedef struct
{
  guint32 first;
  guint32 count;
  OpTime  before; /* time of the last record held before it; OP_TIME_UNKNOWN when there is none */
  OpTime  after;  /* time of the first record held after it */
} OpGap;

/**
 * OpIncarnation: one generation of a table of a station. A new one begins when the definition's signature
 * changes or the logger's record counter went back; old data stays. A snapshot: counted references, immutable.
 */
typedef struct
{
  gint64   id;
  gint64   station;
  guint    generation; /* from 1 */
  OpTable *table;
  guint64  n_records;
  guint64  n_bytes;
  guint32  next_record; /* the cursor: what collection of new records asks for */
  gboolean has_cursor;
  OpTime   first_time;  /* OP_TIME_UNKNOWN when there are no records */
  OpTime   last_time;
  GArray  *runs;        /* OpRecordRun, ascending in the order collected */
  GArray  *gaps;        /* OpGap, ascending */

  /*< private >*/
  gatomicrefcount ref_count;
} OpIncarnation;
OpIncarnation *op_incarnation_ref   (OpIncarnation *incarnation);
void           op_incarnation_unref (OpIncarnation *incarnation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpIncarnation, op_incarnation_unref)
/** Place (from 0) of a record among those held, or -1; and the reverse. */
gint64         op_incarnation_find_record (const OpIncarnation *incarnation, guint32 record);
guint32        op_incarnation_get_record  (const OpIncarnation *incarnation, guint64 place);

/** Returns: (element-type OpIncarnation): by table number, newest generation first */
void       op_store_list_incarnations_async  (OpStore *self, gint64 station, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
GPtrArray *op_store_list_incarnations_finish (OpStore *self, GAsyncResult *result, GError **error);
/** The newest generation of @table's name; a new one when there is none, the signature differs or @fresh. */
void           op_store_begin_incarnation_async  (OpStore *self, gint64 station, OpTable *table, gboolean fresh,
                                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
OpIncarnation *op_store_begin_incarnation_finish (OpStore *self, GAsyncResult *result, GError **error);

/**
 * Appends @chunks (element-type OpChunk), records @gap if not NULL (which lies just before the first chunk) and moves
 * the cursor to @next_record (if @move_cursor), in one transaction. Records already held with the same bytes
 * are left out; held with other bytes: OP_STORE_ERROR_CONFLICT, and nothing is changed. @chunks is taken over.
 */
void     op_store_append_async  (OpStore *self, gint64 incarnation, GPtrArray *chunks, const OpGap *gap,
                                 gboolean move_cursor, guint32 next_record, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer data);
/** Returns FALSE on error; @n_new: records that were not yet held. */
gboolean op_store_append_finish (OpStore *self, GAsyncResult *result, guint64 *n_new, GError **error);
/** What an append added; all but @n_new and @n_bytes is valid only when @n_new > 0. */
typedef struct
{
  guint64 n_new;
  guint64 n_bytes;
  guint32 first, last;
  OpTime  first_time, last_time;
} OpAppendResult;
/** As op_store_append_finish(), telling more. */
gboolean op_store_append_finish_full (OpStore *self, GAsyncResult *result, OpAppendResult *added, GError **error);

/** The stored bytes of the records @first to @first + @count as far as held. (element-type OpChunk) */
void       op_store_read_chunks_async  (OpStore *self, gint64 incarnation, guint32 first, guint32 count,
                                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GPtrArray *op_store_read_chunks_finish (OpStore *self, GAsyncResult *result, GError **error);
/** The same, decoded: all columns (@columns NULL) or those listed. */
void       op_store_read_async  (OpStore *self, OpIncarnation *incarnation, guint32 first, guint32 count,
                                 const guint *columns, guint n_columns, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer data);
OpBatch   *op_store_read_finish (OpStore *self, GAsyncResult *result, GError **error);
/**
 * What a plot of @column between two times, @n_bins pixels wide, needs: from the pyramid where there are many
 * records, from the records themselves where there are few.
 */
void         op_store_reduce_async  (OpStore *self, OpIncarnation *incarnation, guint column, OpTime from, OpTime to,
                                     guint n_bins, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/** What op_bars_sum() takes: exact bins of those bars. op_store_reduce_finish() ends it. */
void         op_store_sum_async     (OpStore *self, OpIncarnation *incarnation, guint column, const OpBars *bars,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
OpReduction *op_store_reduce_finish (OpStore *self, GAsyncResult *result, GError **error);

typedef enum
{
  OP_STORE_ERROR_OPEN,       /* the file cannot be opened, is locked or is no store */
  OP_STORE_ERROR_DAMAGED,
  OP_STORE_ERROR_FULL,       /* disk full: nothing was changed */
  OP_STORE_ERROR_VERSION,    /* written by a newer Outpost */
  OP_STORE_ERROR_NAME_TAKEN,
  OP_STORE_ERROR_CONFLICT,
  OP_STORE_ERROR_FAILED,
} OpStoreError;
#define OP_STORE_ERROR (op_store_error_quark ())
GQuark op_store_error_quark (void);

G_END_DECLS
