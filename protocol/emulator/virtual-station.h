/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/emulator.h"
#include "protocol/emulator/virtual-table.h"
#include "protocol/formats/toa5.h"

G_BEGIN_DECLS

/* What the station says of itself, by message, Status table and dump alike. */
#define OP_VIRTUAL_STATION_NAME         "Weather"
#define OP_VIRTUAL_STATION_MODEL        "CR1000"
#define OP_VIRTUAL_STATION_OS           "CR1000.Std.32.05"
#define OP_VIRTUAL_STATION_OS_DATE      "190315"
#define OP_VIRTUAL_STATION_OS_SIGNATURE 0x6D3A
#define OP_VIRTUAL_STATION_SERIAL       "21043"
#define OP_VIRTUAL_STATION_PROGRAM      "CPU:weather.CR1"
#define OP_VIRTUAL_STATION_COMPILED     "CPU:weather.CR1 -- Compiled in PipelineMode.\r\n"

/** What a command touches, by the security level that locks it (pakbus-facts I1). */
typedef enum
{
  OP_ACCESS_PROGRAM = 1, /* files, settings, Status */
  OP_ACCESS_CHANGE = 2,  /* clock and Public */
  OP_ACCESS_READ = 3,
} OpAccess;

/** OpVirtualStation: a CR1000 on a mast: clock, program, tables. It knows nothing of links. */
struct _OpVirtualStation
{
  OpVirtualClock *clock;
  guint32         seed;
  OpTime          interval;
  guint16         address;
  gboolean        is_router; /* a router wants to know its neighbours (pakbus-facts B3) */
  guint16         security[3];
  guint           max_response;
  char           *program;
  gsize           program_size;
  guint16         program_signature;
  OpTime          compiled;
  guint           n_reboots;
  GPtrArray      *tables;      /* OpVirtualTable; the definition's number is its place from 1 */
  OpVirtualTable *main_table;  /* of those: OneMin */
  OpVirtualTable *public_table;
  GBytes         *definitions; /* the .TDF file */
  guint8         *variables;   /* Public's values as they were set last */
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
gboolean          op_virtual_station_allows     (const OpVirtualStation *station, OpAccess access, guint16 code);
/** NULL when there is none; letter case aside. */
OpVirtualTable   *op_virtual_station_find_table (OpVirtualStation *station, const char *name);
/** The table of that number, from 1, or NULL. */
OpVirtualTable   *op_virtual_station_get_table  (OpVirtualStation *station, guint number);
/** Whether now a program is compiling; then *@left_us tells how long it still takes. */
gboolean          op_virtual_station_is_compiling (OpVirtualStation *station, gint64 *left_us);
OpDataOrigin     *op_virtual_station_get_origin (OpVirtualStation *station);

G_END_DECLS
