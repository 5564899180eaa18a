/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store.h"
#include "protocol/logger.h"

G_BEGIN_DECLS

typedef enum
{
  OP_STATION_IDLE,
  OP_STATION_CONNECTING,
  OP_STATION_COLLECTING,
} OpStationActivity;

typedef enum
{
  OP_HEALTH_UNKNOWN, /* never collected */
  OP_HEALTH_WELL,
  OP_HEALTH_WATCH,   /* a gap, or clock off by more than its threshold */
  OP_HEALTH_TROUBLE, /* the last try failed */
} OpHealth;

/**
 * OpTableProgress: one table of a running collection. Properties (read, notify): "name" string, "done" uint64,
 * "expected" uint64 (0: not known yet), "finished" boolean, "rate" double (records a second).
 */
#define OP_TYPE_TABLE_PROGRESS (op_table_progress_get_type ())
G_DECLARE_FINAL_TYPE (OpTableProgress, op_table_progress, OP, TABLE_PROGRESS, GObject)
const char *op_table_progress_get_name     (OpTableProgress *self);
guint64     op_table_progress_get_done     (OpTableProgress *self);
guint64     op_table_progress_get_expected (OpTableProgress *self);
double      op_table_progress_get_rate     (OpTableProgress *self);

/** What a finished collection states, a table. */
typedef struct
{
  char   *table;
  guint64 n_records; /* new ones */
  guint32 first, last; /* record numbers; valid when n_records > 0 */
  OpTime  first_time, last_time;
  guint64 n_missing; /* records that the ring memory overwrote before */
  guint   n_gaps;
  guint64 n_bytes;   /* of records */
  double  seconds;
  gboolean new_generation; /* an incarnation began although older records of that name are held */
  gint64  incarnation;
} OpTableResult;
void op_table_result_free (OpTableResult *result);

typedef enum
{
  OP_SELECT_NEW,     /* from the cursor on */
  OP_SELECT_ALL,     /* everything that the logger holds; what is held already is checked, not doubled */
  OP_SELECT_LAST,    /* the newest a */
  OP_SELECT_RECORDS, /* a up to, without, b */
  OP_SELECT_TIMES,
} OpSelect;

typedef struct
{
  OpSelect select;
  guint32  a, b;
  OpTime   time_a, time_b;
  char   **tables; /* NULL: the station's own choice */
} OpCollectOrder;

/**
 * OpStation: a station of the store (or, for the command line, one of an address that is not saved).
 *
 * Properties (read, notify): "name", "uri", "simulated", "activity" OpStationActivity, "health" OpHealth,
 * "status" string (one line for people: "2 min ago · clock +0.31 s", "No answer since 06:10"),
 * "fraction" double of the running collection.
 * "error" (boxed GError, NULL when the last try went well), "connected" whether a logger is open.
 * Signal "changed": its tables in the store changed; while collecting some twice a second.
 * Signal "step" (OpLoggerStep step, OpStepState state, const char *detail): the logger's own, while connecting.
 */
#define OP_TYPE_STATION (op_station_get_type ())
G_DECLARE_FINAL_TYPE (OpStation, op_station, OP, STATION, GObject)

/** @record is copied. With id 0 the station is saved by the first op_station_save_async() or collection. */
OpStation   *op_station_new         (OpStore *store, const OpStationRecord *record);
OpStore     *op_station_get_store   (OpStation *self);
gint64       op_station_get_id      (OpStation *self);
const char  *op_station_get_name    (OpStation *self);
const char  *op_station_get_uri     (OpStation *self);
gboolean     op_station_get_simulated (OpStation *self);
OpStationActivity op_station_get_activity (OpStation *self);
OpHealth     op_station_get_health  (OpStation *self);
const char  *op_station_get_status  (OpStation *self);
double       op_station_get_fraction (OpStation *self);
const GError *op_station_get_error  (OpStation *self);
/** The last known identity; NULL when it never answered. */
const OpIdentity *op_station_get_identity (OpStation *self);
/** (GListModel of OpTableProgress): of the running or last collection. */
GListModel  *op_station_get_progress (OpStation *self);
/** A copy of what the store keeps of it. */
OpStationRecord *op_station_dup_record (OpStation *self);
/** The security code for this run of the program; -1: look into the keyring. */
void         op_station_set_security (OpStation *self, gint code);
/** All traffic of coming connections goes to this file; NULL: none. */
void         op_station_set_trace_path (OpStation *self, const char *path);

/** For tests: this logger serves all connections instead of one made for the address. */
void         op_station_set_logger   (OpStation *self, OpLogger *logger);

/**
 * Connects, reads identity, clock and definitions, and keeps them. One connection at a time: fails with
 * G_IO_ERROR_BUSY while another call runs. On success the logger stays open until op_station_disconnect() or
 * the next collection's end, unless it is held (station-hold.h).
 */
void         op_station_connect_async   (OpStation *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean     op_station_connect_finish  (OpStation *self, GAsyncResult *result, GError **error);
void         op_station_disconnect      (OpStation *self);
/** Open logger, or NULL. */
OpLogger    *op_station_get_logger      (OpStation *self);
/** Definitions read by the last connection (element-type OpTable), or NULL. */
GPtrArray   *op_station_get_tables      (OpStation *self);
/** The last clock reading, or NULL. */
const OpClockReading *op_station_get_clock (OpStation *self);
/** Its offset: logger time minus this computer's time in the station's zone, µs. FALSE when never read. */
gboolean     op_station_get_clock_offset (OpStation *self, gint64 *offset_us, gint64 *uncertainty_us);

/** Connects if need be, collects, stores, takes leave. */
void         op_station_collect_async   (OpStation *self, const OpCollectOrder *order, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer data);
/** Returns: (element-type OpTableResult): also what was stored before an error, through @partial if not NULL */
GPtrArray   *op_station_collect_finish  (OpStation *self, GAsyncResult *result, GPtrArray **partial, GError **error);
/** Cancels what runs; it ends within 200 ms. */
void         op_station_cancel          (OpStation *self);

void         op_station_save_async      (OpStation *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean     op_station_save_finish     (OpStation *self, GAsyncResult *result, GError **error);

/** Saves it under another name; fails with G_IO_ERROR_BUSY while it connects or collects. */
void         op_station_rename_async    (OpStation *self, const char *name, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer data);
gboolean     op_station_rename_finish   (OpStation *self, GAsyncResult *result, GError **error);
/** Fast collection: several requests under way at a time, where the logger keeps up. Kept in the address. */
gboolean     op_station_get_fast        (OpStation *self);
void         op_station_set_fast_async  (OpStation *self, gboolean fast, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer data);
gboolean     op_station_set_fast_finish (OpStation *self, GAsyncResult *result, GError **error);
/**
 * What the station's clock is set to, seconds east of UTC, for good: daylight saving never moves it. The offsets that
 * are known of the clock change with it.
 */
void         op_station_set_utc_offset_async  (OpStation *self, gint utc_offset_s, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer data);
gboolean     op_station_set_utc_offset_finish (OpStation *self, GAsyncResult *result, GError **error);

#define OP_TYPE_STATION_ACTIVITY (op_station_activity_get_type ())
#define OP_TYPE_HEALTH           (op_health_get_type ())
GType        op_station_activity_get_type (void);
GType        op_health_get_type           (void);

G_END_DECLS
