/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/station-model.h"

const OpStationModel op_station_model_cr1000 = {
  .name = "CR1000",
  .os = "CR1000.Std.32.05",
  .os_date = "190315",
  .os_signature = 0x6D3A,
  .serial = "21043",
  .program = "CPU:weather.CR1",
  .max_packet = 1000,
  .time_type = OP_TYPE_NSEC,
};
