/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/record-writer.h"
#include "protocol/emulator/station-tables.h"
#include "protocol/emulator/weather.h"

#define SCAN OP_SECOND

/* The first four are those of a captured definition, types and lengths (manual 3.9); what followed it does not show. */
static const OpFieldSpec status_fields[] = {
  { OP_TYPE_ASCII, TRUE, "OSversion", "", "", 0, 8 },
  { OP_TYPE_ASCII, TRUE, "OSDate", "", "", 0, 10 },
  { OP_TYPE_ASCII, TRUE, "ProgName", "", "", 0, 16 },
  { OP_TYPE_USHORT, TRUE, "ProgSig", "", "", 0, 0 },
  { OP_TYPE_USHORT, TRUE, "PakBusAddress", "", "", 0, 0 },
  { OP_TYPE_IEEE4L, TRUE, "Battery", "", "Volts", 0, 0 },
  { OP_TYPE_USHORT, TRUE, "WatchDog", "", "", 0, 0 },
  { OP_TYPE_USHORT, TRUE, "TblSize", "", "", 2, 0 },
};

static const OpFieldSpec public_fields[] = {
  { OP_TYPE_IEEE4L, FALSE, "AirTC", "", "", 0, 0 },
  { OP_TYPE_IEEE4L, FALSE, "RH", "", "", 0, 0 },
  { OP_TYPE_IEEE4L, FALSE, "Rain_mm", "", "", 0, 0 },
  { OP_TYPE_IEEE4L, FALSE, "BattV", "", "", 0, 0 },
  /* From here on what was set stays. */
  { OP_TYPE_IEEE4L, FALSE, "Setpoint", "", "", 0, 0 },
  { OP_TYPE_IEEE4L, FALSE, "Coeff", "", "", 3, 0 },
};

static const OpFieldSpec one_min_fields[] = {
  { OP_TYPE_FP2, TRUE, "AirTC_Avg", "Avg", "", 0, 0 },
  { OP_TYPE_FP2, TRUE, "RH", "Smp", "", 0, 0 },
  { OP_TYPE_FP2, TRUE, "Rain_mm_Tot", "Tot", "", 0, 0 },
  { OP_TYPE_FP2, TRUE, "BattV_Min", "Min", "", 0, 0 },
};

static const OpFieldSpec hourly_fields[] = {
  { OP_TYPE_IEEE4L, TRUE, "BP_hPa", "Smp", "", 0, 0 },
  { OP_TYPE_FP2, TRUE, "SlrW", "Smp", "", 0, 0 },
};

static void
fill_status (OpVirtualStation *station, OpVirtualTable *table, guint64 record, OpTime time, guint8 *values)
{
  guint8 *at = values;
  OpWeather weather;

  op_weather_at (station->seed, time, station->interval, &weather);
  /* "CR200.v03A" is known by its last part here. */
  op_record_put_text (&at, strchr (station->model->os, '.') + 1, 8);
  op_record_put_text (&at, station->model->os_date, 10);
  op_record_put_text (&at, station->program, 16);
  op_record_put_number (&at, OP_TYPE_USHORT, station->program_signature);
  op_record_put_number (&at, OP_TYPE_USHORT, station->address);
  op_record_put_number (&at, OP_TYPE_IEEE4L, weather.battery);
  op_record_put_number (&at, OP_TYPE_USHORT, station->n_reboots);
  for (guint i = 0; i < station->tables->len; i++)
    if (((OpVirtualTable *) station->tables->pdata[i])->stored)
      op_record_put_number (&at, OP_TYPE_USHORT, MIN (((OpVirtualTable *) station->tables->pdata[i])->definition->size,
                                                      G_MAXUINT16));
  g_assert (at == values + table->definition->record_size);
}

static void
fill_public (OpVirtualStation *station, OpVirtualTable *table, guint64 record, OpTime time, guint8 *values)
{
  OpWeather weather;

  memcpy (values, station->variables, table->definition->record_size);
  op_weather_at (station->seed, time, station->interval, &weather);
  op_record_put_number (&values, OP_TYPE_IEEE4L, weather.air_temperature);
  op_record_put_number (&values, OP_TYPE_IEEE4L, weather.humidity);
  op_record_put_number (&values, OP_TYPE_IEEE4L, weather.rain);
  op_record_put_number (&values, OP_TYPE_IEEE4L, weather.battery);
}

static void
fill_one_min (OpVirtualStation *station, OpVirtualTable *table, guint64 record, OpTime time, guint8 *values)
{
  OpWeather weather;

  op_weather_at (station->seed, time, table->slot, &weather);
  op_record_put_number (&values, OP_TYPE_FP2, weather.air_temperature);
  op_record_put_number (&values, OP_TYPE_FP2, weather.humidity);
  op_record_put_number (&values, OP_TYPE_FP2, weather.rain);
  op_record_put_number (&values, OP_TYPE_FP2, weather.battery);
}

static void
fill_hourly (OpVirtualStation *station, OpVirtualTable *table, guint64 record, OpTime time, guint8 *values)
{
  OpWeather weather;

  op_weather_at (station->seed, time, table->slot, &weather);
  op_record_put_number (&values, OP_TYPE_IEEE4L, weather.pressure);
  op_record_put_number (&values, OP_TYPE_FP2, weather.solar);
}

#define DEFINE(name, number, size, interval, fields)                                                                \
  op_virtual_station_define (name, number, size, OP_TYPE_SEC, interval, fields, G_N_ELEMENTS (fields))

void
op_virtual_station_make_cr200_tables (OpVirtualStation *station, guint32 size)
{
  OpTime interval = station->interval;
  OpTime hour = MAX (OP_HOUR, interval);
  guint32 n_hours = CLAMP ((double) size * (double) interval / (double) hour + 1, 2, G_MAXUINT32);

  op_virtual_station_add_table (station, op_virtual_table_new (DEFINE ("Status", 1, 1, 0, status_fields), SCAN,
                                                               fill_status), FALSE);
  station->main_table = op_virtual_table_new (DEFINE ("OneMin", 2, size, interval, one_min_fields), interval,
                                              fill_one_min);
  op_virtual_station_add_table (station, station->main_table, TRUE);
  op_virtual_station_add_table (station, op_virtual_table_new (DEFINE ("Hourly", 3, n_hours, hour, hourly_fields), hour,
                                                               fill_hourly), TRUE);
  station->public_table = op_virtual_table_new (DEFINE ("Public", 4, 1, 0, public_fields), SCAN, fill_public);
  op_virtual_station_add_table (station, station->public_table, FALSE);
}
