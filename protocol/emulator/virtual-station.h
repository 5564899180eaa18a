/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/emulator.h"
#include "protocol/emulator/station-model.h"
#include "protocol/emulator/virtual-files.h"
#include "protocol/emulator/virtual-settings.h"
#include "protocol/emulator/virtual-table.h"
#include "protocol/formats/toa5.h"

G_BEGIN_DECLS

/* A station's name has room for so many characters, as has its field in the Status table. */
#define OP_STATION_NAME_SIZE 64

/** What a command touches, by the security level that locks it (pakbus-facts I1). */
typedef enum
{
  OP_ACCESS_PROGRAM = 1, /* files, settings, Status */
  OP_ACCESS_CHANGE = 2,  /* clock and Public */
  OP_ACCESS_READ = 3,
} OpAccess;

/** State of the program (manual 2.3.3.5). */
typedef enum
{
  OP_PROGRAM_NONE = 0,
  OP_PROGRAM_RUNNING = 1,
  OP_PROGRAM_FAILED = 2, /* it does not compile */
  OP_PROGRAM_PAUSED = 3,
} OpProgramState;

/** What commands changed, for tests that prove that nothing is done twice. */
typedef enum
{
  OP_APPLIED_CLOCK,
  OP_APPLIED_VALUES,
  OP_APPLIED_FILES,
  OP_APPLIED_SETTINGS,
  OP_APPLIED_TABLES,
  OP_N_APPLIED,
} OpApplied;

/** How the station leaves its links behind the answer that it is giving. */
typedef enum
{
  OP_RESTART_NONE,
  OP_RESTART_PROGRAM, /* for the new program */
  OP_RESTART_REBOOT,
} OpRestart;

/** OpVirtualStation: a logger on a mast: clock, files, program, tables. It knows nothing of links. */
struct _OpVirtualStation
{
  const OpStationModel *model;
  char           *name;
  OpVirtualClock *clock;
  guint32         seed;
  OpTime          interval;
  guint16         address;
  gboolean        is_router; /* a router wants to know its neighbours (pakbus-facts B3) */
  guint16         security[3];
  guint           max_response;
  guint           n_reboots;

  OpVirtualFiles *files;
  GPtrArray      *transfers;        /* OpFileTransfer: files that are being sent to it */
  char           *program;          /* name of the file that runs, or should; "" */
  OpProgramState  program_state;
  guint16         program_signature;
  char           *compile_result;
  OpTime          compiled;         /* may lie ahead */
  gint64          compiles_until_us; /* of the computer's monotonic time, as the station's own may be set */
  OpTime          started;
  gint64          compile_time;     /* ns */
  guint           hold_off;         /* seconds that a client shall leave it alone when the program changes */
  gboolean        drops_link;       /* when the program changes */
  OpRestart       restart;          /* due as soon as the answer is sent */
  OpVirtualSettings *settings;
  guint16         next_address;     /* from the next reboot, or the next answer on; 0: none */
  guint           n_applied[OP_N_APPLIED];

  GPtrArray      *tables;      /* OpVirtualTable; the definition's number is its place from 1 */
  OpVirtualTable *main_table;  /* of those: OneMin */
  OpVirtualTable *public_table;
  GBytes         *definitions; /* the .TDF file */
  guint8         *variables;   /* Public's values as they were set last */
  OpVirtualStation *behind;    /* the logger that it routes to, its own; NULL: none */
  gboolean        is_cut;      /* the link to that one is down */
  GHashTable     *days;        /* Daily's records that were calculated already, by number */
};

/** Errors: G_IO_ERROR_INVALID_ARGUMENT. */
OpVirtualStation *op_virtual_station_new        (const OpEmulatorOptions *options, GError **error);
void              op_virtual_station_free       (OpVirtualStation *station);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpVirtualStation, op_virtual_station_free)
/** Brings all tables to now. */
void              op_virtual_station_update     (OpVirtualStation *station);
/** Loses power for some seconds; records go on counting, the program compiles anew. */
void              op_virtual_station_reboot     (OpVirtualStation *station);
/** Behind an answer: takes a new address that needs no restart. */
void              op_virtual_station_settle     (OpVirtualStation *station);
/** Does what the station's @restart says; its links are gone. */
void              op_virtual_station_restart    (OpVirtualStation *station);
/** Forgets the records of a table and begins to count anew. */
void              op_virtual_station_reset_table (OpVirtualStation *station, OpVirtualTable *table);
/** Lets a table hold @size records; if that is new, it is another table and begins anew. */
void              op_virtual_station_resize_table (OpVirtualStation *station, OpVirtualTable *table, guint32 size);
gboolean          op_virtual_station_allows     (const OpVirtualStation *station, OpAccess access, guint16 code);
/** NULL when there is none; letter case aside. */
OpVirtualTable   *op_virtual_station_find_table (OpVirtualStation *station, const char *name);
/** The table of that number, from 1, or NULL. */
OpVirtualTable   *op_virtual_station_get_table  (OpVirtualStation *station, guint number);
/** Whether now a program is compiling; then *@left_us tells how long it still takes. */
gboolean          op_virtual_station_is_compiling (OpVirtualStation *station, gint64 *left_us);
OpDataOrigin     *op_virtual_station_get_origin (OpVirtualStation *station);

G_END_DECLS
