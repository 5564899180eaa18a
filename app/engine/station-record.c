/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store.h"

OpStationRecord *
op_station_record_new (void)
{
  return g_new0 (OpStationRecord, 1);
}

OpStationRecord *
op_station_record_copy (const OpStationRecord *record)
{
  OpStationRecord *copy = g_memdup2 (record, sizeof *record);
  copy->name = g_strdup (record->name);
  copy->uri = g_strdup (record->uri);
  copy->tables = g_strdupv (record->tables);
  copy->identity = g_strdup (record->identity);
  return copy;
}

void
op_station_record_free (OpStationRecord *record)
{
  g_free (record->name);
  g_free (record->uri);
  g_strfreev (record->tables);
  g_free (record->identity);
  g_free (record);
}
