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
  const char *program;     /* the file that runs at first */
  guint       max_packet;  /* bytes that it takes */
  OpType      time_type;   /* of its tables' time stamps; whole seconds also mean a clock of whole seconds */
} OpStationModel;

extern const OpStationModel op_station_model_cr1000;

G_END_DECLS
