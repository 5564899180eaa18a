/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/station-model.h"

static const OpStationModel models[] = {
  {
    .name = "CR1000",
    .os = "CR1000.Std.32.05",
    .os_date = "190315",
    .os_signature = 0x6D3A,
    .serial = "21043",
    .program = "CPU:weather.CR1",
    .max_packet = 1000,
    .time_type = OP_TYPE_NSEC,
  },
  {
    .name = "CR200",
    .os = "CR200.v03A",
    .os_date = "2008-06-11",
    .os_signature = 0x2B91,
    .serial = "10417",
    .program = "CPU:weather.bin",
    .max_packet = 100,
    .time_type = OP_TYPE_SEC,
    .is_small = TRUE,
  },
};

const OpStationModel *
op_station_model_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    if (g_ascii_strcasecmp (models[i].name, name) == 0)
      return &models[i];
  return NULL;
}
