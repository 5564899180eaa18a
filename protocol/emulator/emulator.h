/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"
#include "protocol/transport/transport.h"

G_BEGIN_DECLS

typedef struct
{
  char     *model;          /* "cr1000" or "cr200" */
  guint     pakbus_address; /* 1 */
  guint16   security[3];    /* Security(1..3); 0: not set (pakbus-facts I1) */
  guint64   history;        /* records of the main table that exist at the start */
  guint32   ring_size;      /* records that the main table's memory holds; 0: a million */
  OpTime    interval;       /* of the main table, ns */
  guint32   seed;
  gint64    clock_offset_ns; /* of the logger's clock at the start against this computer's local standard time */
  double    drift_ppm;
  char     *program_text;    /* of the running program; NULL: one of its own */
  OpTime    epoch;           /* when record 0 fell; 0: so that history ends now. With an epoch the ring memory holds
                              * the last @history records, and the same seed gives the same records in every run. */
  gboolean  outage;          /* whether the history has a power failure of some hours */
  guint     max_response;    /* bytes of records a response: 512 or up to 990 */
  char     *dump_path;       /* NULL: none */
  char     *faults;          /* "KIND:RATE,..." or NULL */
  guint     baud;            /* 0: not slowed */
  gboolean  strict_baud;     /* a pty understands only what comes at this speed */
  gint64    rtt_us;          /* added round trip */
  gint64    turnaround_us;   /* before each answer */
  guint     plain_columns;   /* above 0: adds a table "Plain" of so many values, for benchmarks */
  OpType    plain_type;      /* of those: FP2 or IEEE4 */
  guint     hops;            /* loggers one behind the other behind this one, with the addresses that follow its own */
  guint     one_way;         /* PakBus address that records are sent to unasked; 0: none */
  gint64    settings_session_us; /* after which changes of settings are forgotten; 40 s */
  gint64    compile_us;      /* that a program takes to compile; 2 s */
  guint     hold_off;       /* seconds that a client is to wait after file control changed the program; 1 */
  gboolean  drops_link;      /* the logger restarts for a new program: links end, and it is deaf during the hold-off */
} OpEmulatorOptions;
OpEmulatorOptions *op_emulator_options_new  (const char *model);
void               op_emulator_options_free (OpEmulatorOptions *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpEmulatorOptions, op_emulator_options_free)

/** OpEmulator: a virtual logger with its own clock and memory; serves any number of links at once. */
#define OP_TYPE_EMULATOR (op_emulator_get_type ())
G_DECLARE_FINAL_TYPE (OpEmulator, op_emulator, OP, EMULATOR, GObject)

/** Copies @options. Errors: unknown model, unknown fault kind, dump file not writable. */
OpEmulator *op_emulator_new    (const OpEmulatorOptions *options, GError **error);
/**
 * Opens @transport and serves it until it closes, in the caller's main context, slowed and damaged as the
 * options say. Takes a reference.
 */
void        op_emulator_serve  (OpEmulator *self, OpTransport *transport);
/** Serves TCP connections, several at once. Errors as of op_listener_start(). Returns: the port, chosen for @port 0. */
guint16     op_emulator_listen (OpEmulator *self, const char *host, guint16 port, GError **error);
/** Serves a pty; @link_path becomes a symbolic link to it. Returns the slave's path. */
char       *op_emulator_open_pty (OpEmulator *self, const char *link_path, GError **error);
/** Writes records stored since the last call to the dump; called by itself as records are stored. */
void        op_emulator_flush_dump (OpEmulator *self);
/** Number of the table's next record, for tests. */
guint64     op_emulator_get_n_records (OpEmulator *self, const char *table);

/** Cuts or mends the link to the logger @hop places behind, from 1 on. */
void        op_emulator_cut_hop    (OpEmulator *self, guint hop, gboolean is_cut);
/** How often what a command changed was changed: of "clock", "values", "files", "settings", "tables". For tests. */
guint       op_emulator_get_n_applied (OpEmulator *self, const char *what);

/**
 * The client's end of an in-process link to a new emulator that runs in a thread of its own, for demo: addresses.
 * The thread ends when the link is closed and the transport freed.
 */
OpTransport *op_emulator_new_demo_transport (const OpEmulatorOptions *options, GError **error);

G_END_DECLS
