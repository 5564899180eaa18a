/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/virtual-station.h"

G_BEGIN_DECLS

/** One field as the tables' makers list it; @rows 0: scalar; of ASCII @columns is the string's length. */
typedef struct
{
  OpType      type;
  gboolean    read_only;
  const char *name;
  const char *processing;
  const char *units;
  guint       rows;
  guint       columns;
} OpFieldSpec;

/** Builds a definition; a wrong one is a programmer's error. */
OpTable        *op_virtual_station_define       (const char *name, guint number, guint32 size, OpType time_type,
                                                 OpTime interval, const OpFieldSpec *fields, guint n_fields);

/** Makes what the station's model and the options want, and the file of their definitions. */
void            op_virtual_station_make_tables  (OpVirtualStation *station, const OpEmulatorOptions *options);
/** Takes @table, which @stored says to keep records. */
void            op_virtual_station_add_table    (OpVirtualStation *station, OpVirtualTable *table, gboolean stored);
/** All tables of a CR200, whose main one holds @size records. */
void            op_virtual_station_make_cr200_tables (OpVirtualStation *station, guint32 size);

OpVirtualTable *op_virtual_station_make_status  (OpVirtualStation *station, guint number, guint n_data_tables);
OpVirtualTable *op_virtual_station_make_public  (OpVirtualStation *station, guint number);
OpVirtualTable *op_virtual_station_make_one_min (OpVirtualStation *station, guint number, guint32 size);
/* The memory of these lasts as long as that of @size OneMin records. */
OpVirtualTable *op_virtual_station_make_daily   (OpVirtualStation *station, guint number, guint32 size);
OpVirtualTable *op_virtual_station_make_events  (OpVirtualStation *station, guint number, guint32 size);
/** Cheap values for benchmarks: @columns of @type. */
OpVirtualTable *op_virtual_station_make_plain   (OpVirtualStation *station, guint number, guint32 size, guint columns,
                                                 OpType type);
/** Records that are longer than a packet. */
OpVirtualTable *op_virtual_station_make_big     (OpVirtualStation *station, guint number, guint32 size);

G_END_DECLS
