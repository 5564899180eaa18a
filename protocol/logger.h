/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"
#include "protocol/device-file.h"
#include "protocol/value-span.h"

G_BEGIN_DECLS

/**
 * OpLogger: what the rest of the program knows of a device, whatever its family. A family derives from it;
 * op_logger_new() of families.h makes the right one for an address. One logger is used from one thread (the
 * one that created it), whose main context runs all its callbacks. Calls may overlap.
 *
 * Life: new (no I/O) → open → identify, read_…, collect … → close; after "closed" it may be opened again.
 *
 * Signals:
 * "step" (OpLoggerStep step, OpStepState state, const char *detail): what opening and identifying go through,
 *   for a live check list; detail is a short text in words, translated, may be "".
 * "closed" (GError *error): the link ended by itself.
 * "records" (OpTable *table, const OpChunk *chunk): the logger sent verified records unasked; both are valid only in
 *   the call. What is damaged or missing is not told: collecting brings it.
 */
#define OP_TYPE_LOGGER (op_logger_get_type ())
G_DECLARE_DERIVABLE_TYPE (OpLogger, op_logger, OP, LOGGER, GObject)

typedef enum
{
  OP_STEP_CONNECT,  /* the transport opens */
  OP_STEP_ANSWER,   /* bytes seen, link ready */
  OP_STEP_ADDRESS,  /* PakBus address known */
  OP_STEP_SECURITY, /* code accepted */
  OP_STEP_IDENTITY,
  OP_STEP_CLOCK,
  OP_STEP_TABLES,
} OpLoggerStep;

typedef enum
{
  OP_STEP_RUNNING,
  OP_STEP_DONE,
  OP_STEP_FAILED,
} OpStepState;

/** OpIdentity: who answers. Texts are never NULL ("" when the device does not tell). */
typedef struct
{
  char   *family;            /* "pakbus", "mixedarray", "tfd" */
  char   *model;             /* "CR1000" */
  char   *os_version;
  char   *serial_number;
  char   *station_name;
  guint   pakbus_address;    /* 0 where there is none */
  char   *program;           /* "CPU:weather.CR1" */
  guint16 program_signature;
  guint   compile_state;     /* 0 none, 1 running, 2 cannot compile, 3 paused */
  char   *compile_result;
} OpIdentity;
OpIdentity *op_identity_copy (const OpIdentity *identity);
void        op_identity_free (OpIdentity *identity);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpIdentity, op_identity_free)

/** OpClockReading: one exchange; the logger's time lay somewhere in the round trip around host_unix_us. */
typedef struct
{
  OpTime logger_time;
  gint64 host_unix_us;   /* this computer's clock at the middle of the exchange, µs since 1970 UTC */
  gint64 round_trip_us;  /* half of it bounds the error */
  gint64 resolution_us;  /* of the logger's answer: 1,000,000 for a clock of whole seconds, else 0 */
} OpClockReading;

typedef enum
{
  OP_COLLECT_ALL,     /* oldest to newest */
  OP_COLLECT_FROM,    /* from record a on to newest; from the oldest held when a is gone */
  OP_COLLECT_LAST,    /* the newest a records */
  OP_COLLECT_RECORDS, /* a up to, without, b */
  OP_COLLECT_TIMES,   /* from time_a up to, without, time_b */
} OpCollectMode;

typedef struct
{
  OpCollectMode mode;
  guint32       a;
  guint32       b;
  OpTime        time_a;
  OpTime        time_b;
} OpCollectRange;

/** What the logger holds of a table now. */
typedef struct
{
  gboolean empty;
  guint32  newest;
  OpTime   newest_time;
} OpTableState;

/** What became of an adjustment of the clock that was made. */
typedef struct
{
  OpTime old_time; /* the clock before; OP_TIME_UNKNOWN when the answer was lost and only reading again told */
} OpClockAdjustment;

/** Values that were set. */
typedef struct
{
  gboolean reboots;    /* the logger restarts to use them: the link drops */
  guint    hold_off_s; /* until then */
} OpSetOutcome;

/** By the codes of the BMP5 manual 2.3.4.5. */
typedef enum
{
  OP_TABLE_COMMAND_RESET = 1,     /* delete all its records */
  OP_TABLE_COMMAND_ROLL_OVER = 2, /* begin a new file where tables are kept in files */
} OpTableCommand;

/**
 * Called in order with verified records (each number once, ascending; a jump ahead means that the ring memory
 * overwrote what lay between). @chunk stays the caller's. Returning FALSE ends the collection with @error.
 */
typedef gboolean (*OpCollectFunc) (const OpChunk *chunk, gpointer data, GError **error);

/**
 * Called whenever the number of records still to come is known better: @done of @expected.
 */
typedef void (*OpProgressFunc) (guint64 done, guint64 expected, gpointer data);

struct _OpLoggerClass
{
  GObjectClass parent_class;

  void (*open_async)  (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
  void (*close)       (OpLogger *self);
  void (*identify_async)    (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
  void (*read_tables_async) (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
  void (*read_clock_async)  (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
  void (*read_table_state_async) (OpLogger *self, OpTable *table, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer data);
  void (*collect_async) (OpLogger *self, OpTable *table, const OpCollectRange *range, OpCollectFunc func,
                         OpProgressFunc progress, gpointer func_data, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data);
  guint64 (*get_traffic) (OpLogger *self);

  /* Changes, called through logger-changes.h; NULL where the family cannot do it. */
  void (*adjust_clock_async)  (OpLogger *self, gint64 adjustment, const OpClockReading *before,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
  void (*read_program_async)  (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
  void (*list_files_async)    (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
  void (*get_file_async)      (OpLogger *self, const char *name, GByteArray *content, guint64 expected,
                               OpProgressFunc progress, gpointer func_data, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
  void (*put_file_async)      (OpLogger *self, const char *name, GBytes *content, OpProgressFunc progress,
                               gpointer func_data, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer data);
  void (*control_file_async)  (OpLogger *self, const char *name, OpFileCommand command, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
  void (*get_values_async)    (OpLogger *self, const OpValueSpan *span, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
  void (*set_values_async)    (OpLogger *self, const OpValueSpan *span, GBytes *values, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
  void (*control_table_async) (OpLogger *self, OpTable *table, OpTableCommand command, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
};
/* Implementations complete each with a GTask whose source is the logger, propagating: open: boolean; identify:
 * OpIdentity; read_tables: GPtrArray of OpTable; read_clock: OpClockReading (g_free); read_table_state:
 * OpTableState (g_free); collect: boolean; adjust_clock: OpClockAdjustment (g_free); read_program: OpProgramState;
 * list_files: GPtrArray of OpDeviceFile; get_file: boolean; put_file: int, 1 when verified, else 0; control_file: int,
 * seconds to hold off; get_values: GBytes; set_values: OpSetOutcome (g_free); control_table: boolean. */

void            op_logger_open_async   (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean        op_logger_open_finish  (OpLogger *self, GAsyncResult *result, GError **error);
/** Takes leave politely and ends the link; never waits. */
void            op_logger_close        (OpLogger *self);
void            op_logger_identify_async   (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
OpIdentity     *op_logger_identify_finish  (OpLogger *self, GAsyncResult *result, GError **error);
void            op_logger_read_tables_async   (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/** Returns: (element-type OpTable) (transfer full) */
GPtrArray      *op_logger_read_tables_finish  (OpLogger *self, GAsyncResult *result, GError **error);
void            op_logger_read_clock_async    (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
OpClockReading *op_logger_read_clock_finish   (OpLogger *self, GAsyncResult *result, GError **error);
void            op_logger_read_table_state_async  (OpLogger *self, OpTable *table, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback, gpointer data);
OpTableState   *op_logger_read_table_state_finish (OpLogger *self, GAsyncResult *result, GError **error);
/** Records go to @func as they come; what was handed over before an error stays valid. @progress may be NULL. */
void            op_logger_collect_async  (OpLogger *self, OpTable *table, const OpCollectRange *range, OpCollectFunc func,
                                          OpProgressFunc progress, gpointer func_data, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer data);
gboolean        op_logger_collect_finish (OpLogger *self, GAsyncResult *result, GError **error);
/** Bytes both ways since opening. */
guint64         op_logger_get_traffic    (OpLogger *self);
/* For implementations. */
void            op_logger_emit_step   (OpLogger *self, OpLoggerStep step, OpStepState state, const char *detail);
void            op_logger_emit_closed (OpLogger *self, const GError *error);
void            op_logger_emit_records (OpLogger *self, OpTable *table, const OpChunk *chunk);

/* What the device or the talk with it failed at, for every family. Transport errors pass through as they are. */
typedef enum
{
  OP_LOGGER_ERROR_NO_ANSWER,   /* time-out: nothing, or only garbage, came */
  OP_LOGGER_ERROR_LINK,        /* the link ended in the middle */
  OP_LOGGER_ERROR_NO_NODE,     /* something answers, but not this PakBus address */
  OP_LOGGER_ERROR_SECURITY,    /* the security code is wrong or missing */
  OP_LOGGER_ERROR_DEFINITIONS, /* the tables changed, or the definitions are damaged */
  OP_LOGGER_ERROR_DATA,        /* records that do not fit their definition */
  OP_LOGGER_ERROR_REFUSED,     /* the device said no */
  OP_LOGGER_ERROR_UNSUPPORTED, /* the family or model cannot do it */
  OP_LOGGER_ERROR_NAME,        /* the device has no file, table or field of this name */
  OP_LOGGER_ERROR_IN_USE,      /* the file is */
  OP_LOGGER_ERROR_NO_ROOM,     /* the drive or the memory is full */
  OP_LOGGER_ERROR_NOT_DONE,    /* a change was not answered; looking again shows that it was not made */
  OP_LOGGER_ERROR_UNCERTAIN,   /* a change was not answered; looking again does not tell whether it was made */
} OpLoggerError;
#define OP_LOGGER_ERROR (op_logger_error_quark ())
GQuark op_logger_error_quark (void);

G_END_DECLS
