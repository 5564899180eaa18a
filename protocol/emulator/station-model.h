/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/value.h"

G_BEGIN_DECLS

/** OpStationModel: what a model of logger says of itself and in what it differs from others. */
typedef struct
{
  const char *name;
  const char *os;
  const char *os_date;
  guint16     os_signature;
  const char *serial;
  const char *program;    /* the file that runs at first */
  guint       max_packet; /* bytes that it takes, with their header */
  OpType      time_type;  /* of its tables' time stamps */
  /* A CR200 (manual 3): it drops longer packets, does one thing at a time, knows no security, its clock counts
   * whole seconds, its settings are texts, and it has room for one program, which was compiled elsewhere. */
  gboolean    is_small;
} OpStationModel;

/** NULL when there is none of that name; letter case aside. */
const OpStationModel *op_station_model_find (const char *name);

G_END_DECLS
