/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/record-writer.h"
#include "protocol/emulator/station-tables.h"
#include "protocol/emulator/weather.h"

/* Public's program measures once a second, Status says how it is at that moment. */
#define SCAN OP_SECOND

/* A CR1000's Status as far as it says something; longer than a packet, as the real one is. */
static const OpFieldSpec status_fields[] = {
  { OP_TYPE_ASCII, TRUE, "OSVersion", "", "", 0, 32 },
  { OP_TYPE_ASCII, TRUE, "OSDate", "", "", 0, 8 },
  { OP_TYPE_INT4, TRUE, "OSSignature", "", "", 0, 0 },
  { OP_TYPE_ASCII, TRUE, "SerialNumber", "", "", 0, 8 },
  { OP_TYPE_ASCII, TRUE, "RevBoard", "", "", 0, 8 },
  { OP_TYPE_ASCII, FALSE, "StationName", "", "", 0, 64 },
  { OP_TYPE_INT4, FALSE, "PakBusAddress", "", "", 0, 0 },
  { OP_TYPE_ASCII, TRUE, "ProgName", "", "", 0, 64 },
  { OP_TYPE_NSEC, TRUE, "StartTime", "", "date", 0, 0 },
  { OP_TYPE_INT4, TRUE, "RunSignature", "", "", 0, 0 },
  { OP_TYPE_INT4, TRUE, "ProgSignature", "", "", 0, 0 },
  { OP_TYPE_IEEE4, TRUE, "Battery", "", "Volts", 0, 0 },
  { OP_TYPE_IEEE4, TRUE, "PanelTemp", "", "DegC", 0, 0 },
  { OP_TYPE_INT4, FALSE, "WatchdogErrors", "", "", 0, 0 },
  { OP_TYPE_IEEE4, TRUE, "LithiumBattery", "", "", 0, 0 },
  { OP_TYPE_INT4, FALSE, "Low12VCount", "", "", 0, 0 },
  { OP_TYPE_INT4, FALSE, "Low5VCount", "", "", 0, 0 },
  { OP_TYPE_ASCII, TRUE, "CompileResults", "", "", 0, 256 },
  { OP_TYPE_INT4, TRUE, "StartUpCode", "", "", 0, 0 },
  { OP_TYPE_INT4, TRUE, "ProgErrors", "", "", 0, 0 },
  { OP_TYPE_INT4, FALSE, "VarOutOfBound", "", "", 0, 0 },
  { OP_TYPE_INT4, FALSE, "SkippedScan", "", "", 0, 0 },
  { OP_TYPE_INT4, FALSE, "SkippedSystemScan", "", "", 0, 0 },
  { OP_TYPE_INT4, TRUE, "MemorySize", "", "bytes", 0, 0 },
  { OP_TYPE_INT4, TRUE, "MemoryFree", "", "bytes", 0, 0 },
  { OP_TYPE_INT4, TRUE, "CPUDriveFree", "", "bytes", 0, 0 },
  { OP_TYPE_INT4, TRUE, "CommsMemFree", "", "", 3, 0 },
  /* The number of rows of these three is that of the data tables. */
  { OP_TYPE_ASCII, TRUE, "DataTableName", "", "", 0, 24 },
  { OP_TYPE_INT4, FALSE, "SkippedRecord", "", "", 0, 0 },
  { OP_TYPE_INT4, TRUE, "DataRecordSize", "", "records", 0, 0 },
  { OP_TYPE_INT4, TRUE, "MeasureTime", "", "usec", 0, 0 },
  { OP_TYPE_INT4, TRUE, "ProcessTime", "", "usec", 0, 0 },
  { OP_TYPE_INT4, FALSE, "MaxProcTime", "", "usec", 0, 0 },
  { OP_TYPE_BOOL4, FALSE, "PortStatus", "", "", 8, 0 },
  { OP_TYPE_ASCII, TRUE, "PortConfig", "", "", 8, 8 },
  { OP_TYPE_BOOL4, FALSE, "SW12Volts", "", "", 0, 0 },
  { OP_TYPE_INT4, FALSE, "BaudrateRS232", "", "", 0, 0 },
  { OP_TYPE_BOOL4, FALSE, "IsRouter", "", "", 0, 0 },
  { OP_TYPE_INT4, FALSE, "MaxPacketSize", "", "", 0, 0 },
  { OP_TYPE_ASCII, TRUE, "IPInfo", "", "", 0, 384 },
  { OP_TYPE_INT4, FALSE, "TCPPort", "", "", 0, 0 },
};

static const OpFieldSpec public_fields[] = {
  { OP_TYPE_IEEE4, FALSE, "AirTC", "", "Deg C", 0, 0 },
  { OP_TYPE_IEEE4, FALSE, "RH", "", "%", 0, 0 },
  { OP_TYPE_IEEE4, FALSE, "WS_ms", "", "m/s", 0, 0 },
  { OP_TYPE_IEEE4, FALSE, "WindDir", "", "Deg", 0, 0 },
  { OP_TYPE_IEEE4, FALSE, "BP_hPa", "", "hPa", 0, 0 },
  { OP_TYPE_IEEE4, FALSE, "SlrW", "", "W/m^2", 0, 0 },
  { OP_TYPE_IEEE4, FALSE, "Rain_mm", "", "mm", 0, 0 },
  { OP_TYPE_IEEE4, FALSE, "Soil_T", "", "Deg C", 4, 0 },
  { OP_TYPE_IEEE4, FALSE, "BattV", "", "V", 0, 0 },
  /* From here on what was set stays. */
  { OP_TYPE_BOOL, FALSE, "Flag", "", "", 8, 0 },
  { OP_TYPE_IEEE4, FALSE, "Setpoint", "", "Deg C", 0, 0 },
  { OP_TYPE_ASCII, FALSE, "Note", "", "", 0, 32 },
  { OP_TYPE_INT4, FALSE, "Counter", "", "", 0, 0 },
  { OP_TYPE_IEEE8, FALSE, "Volume", "", "m^3", 0, 0 },
  { OP_TYPE_UINT2, FALSE, "Codes", "", "", 4, 0 },
  { OP_TYPE_IEEE4, FALSE, "Grid", "", "", 2, 3 },
  { OP_TYPE_ASCII, FALSE, "Labels", "", "", 3, 12 },
};

static void
put_software (OpVirtualStation *station, guint8 **at)
{
  op_record_put_text (at, station->model->os, 32);
  op_record_put_text (at, station->model->os_date, 8);
  op_record_put_number (at, OP_TYPE_INT4, station->model->os_signature);
  op_record_put_text (at, station->model->serial, 8);
  op_record_put_text (at, "016.004", 8);
  op_record_put_text (at, station->name, OP_STATION_NAME_SIZE);
  op_record_put_number (at, OP_TYPE_INT4, station->address);
  op_record_put_text (at, station->program, 64);
  op_record_put_time (at, station->started);
  op_record_put_number (at, OP_TYPE_INT4, station->program_signature ^ 0x5A5A);
  op_record_put_number (at, OP_TYPE_INT4, station->program_signature);
}

static void
put_health (OpVirtualStation *station, OpTime time, guint8 **at)
{
  OpWeather weather;

  op_weather_at (station->seed, time, station->interval, &weather);
  op_record_put_number (at, OP_TYPE_IEEE4, weather.battery);
  op_record_put_number (at, OP_TYPE_IEEE4, weather.soil[0] + 3);
  op_record_put_number (at, OP_TYPE_INT4, station->n_reboots); /* WatchdogErrors */
  op_record_put_number (at, OP_TYPE_IEEE4, 3.46);
  op_record_put_number (at, OP_TYPE_INT4, 0); /* Low12VCount, Low5VCount */
  op_record_put_number (at, OP_TYPE_INT4, 0);
  op_record_put_text (at, station->compile_result, 256);
  for (guint i = 0; i < 5; i++) /* StartUpCode to SkippedSystemScan */
    op_record_put_number (at, OP_TYPE_INT4, 0);
}

static void
put_memory (guint8 **at)
{
  static const gint32 numbers[] = { 4194304, 1873412, 486912, 15, 1, 30 };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    op_record_put_number (at, OP_TYPE_INT4, numbers[i]);
}

/* DataTableName of all, SkippedRecord of all, DataRecordSize of all. */
static void
put_data_tables (OpVirtualStation *station, guint8 **at)
{
  g_autoptr (GPtrArray) stored = g_ptr_array_new ();

  for (guint i = 0; i < station->tables->len; i++)
    {
      OpVirtualTable *table = station->tables->pdata[i];

      if (table->stored)
        g_ptr_array_add (stored, table->definition);
    }
  for (guint i = 0; i < stored->len; i++)
    op_record_put_text (at, ((OpTable *) stored->pdata[i])->name, 24);
  for (guint i = 0; i < stored->len; i++)
    op_record_put_number (at, OP_TYPE_INT4, 0);
  for (guint i = 0; i < stored->len; i++)
    op_record_put_number (at, OP_TYPE_INT4, ((OpTable *) stored->pdata[i])->size);
}

static void
put_ports_and_links (OpVirtualStation *station, guint8 **at)
{
  static const gint32 times[] = { 45110, 1822, 3906 };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    op_record_put_number (at, OP_TYPE_INT4, times[i]);
  for (guint i = 0; i < 8; i++)
    op_record_put_number (at, OP_TYPE_BOOL4, i == 2 ? -1 : 0);
  for (guint i = 0; i < 8; i++)
    op_record_put_text (at, i < 4 ? "Input" : "Output", 8);
  op_record_put_number (at, OP_TYPE_BOOL4, -1); /* SW12Volts */
  op_record_put_number (at, OP_TYPE_INT4, -115200); /* negative: finds the speed by itself (pakbus-facts J2) */
  op_record_put_number (at, OP_TYPE_BOOL4, station->is_router ? -1 : 0);
  op_record_put_number (at, OP_TYPE_INT4, 1000);
  op_record_put_text (at, "NL115: 192.168.7.12 255.255.255.0 192.168.7.1\r\n", 384);
  op_record_put_number (at, OP_TYPE_INT4, 6785);
}

static void
fill_status (OpVirtualStation *station, OpVirtualTable *table, guint64 record, OpTime time, guint8 *values)
{
  guint8 *at = values;

  put_software (station, &at);
  put_health (station, time, &at);
  put_memory (&at);
  put_data_tables (station, &at);
  put_ports_and_links (station, &at);
  g_assert (at == values + table->definition->record_size);
}

OpVirtualTable *
op_virtual_station_make_status (OpVirtualStation *station, guint number, guint n_data_tables)
{
  OpFieldSpec fields[G_N_ELEMENTS (status_fields)];

  memcpy (fields, status_fields, sizeof fields);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (strstr (fields[i].name, "Record") != NULL || strcmp (fields[i].name, "DataTableName") == 0)
      fields[i].rows = n_data_tables;
  return op_virtual_table_new (op_virtual_station_define ("Status", number, 1, OP_TYPE_NSEC, 0, fields,
                                                          G_N_ELEMENTS (fields)), SCAN, fill_status);
}

static void
fill_public (OpVirtualStation *station, OpVirtualTable *table, guint64 record, OpTime time, guint8 *values)
{
  guint8 *at = values;
  OpWeather weather;

  memcpy (values, station->variables, table->definition->record_size);
  op_weather_at (station->seed, time, station->interval, &weather);
  op_record_put_number (&at, OP_TYPE_IEEE4, weather.air_temperature);
  op_record_put_number (&at, OP_TYPE_IEEE4, weather.humidity);
  op_record_put_number (&at, OP_TYPE_IEEE4, weather.wind_speed);
  op_record_put_number (&at, OP_TYPE_IEEE4, weather.wind_direction);
  op_record_put_number (&at, OP_TYPE_IEEE4, weather.pressure);
  op_record_put_number (&at, OP_TYPE_IEEE4, weather.solar);
  op_record_put_number (&at, OP_TYPE_IEEE4, weather.rain);
  for (guint i = 0; i < G_N_ELEMENTS (weather.soil); i++)
    op_record_put_number (&at, OP_TYPE_IEEE4, weather.soil[i]);
  op_record_put_number (&at, OP_TYPE_IEEE4, weather.battery);
}

OpVirtualTable *
op_virtual_station_make_public (OpVirtualStation *station, guint number)
{
  OpTable *definition = op_virtual_station_define ("Public", number, 1, OP_TYPE_NSEC, 0, public_fields,
                                                   G_N_ELEMENTS (public_fields));

  return op_virtual_table_new (definition, SCAN, fill_public);
}
