/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/station-clock.h"

#define HALF_YEAR_S (183 * OP_DAY / OP_SECOND)

gint
op_clock_get_standard_offset (gint64 unix_s)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  gint now = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, unix_s);
  /* Daylight saving is over half a year from any of its days. */
  gint then = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, unix_s + HALF_YEAR_S);
  gboolean saves = g_time_zone_is_dst (zone, now) && !g_time_zone_is_dst (zone, then);
  return g_time_zone_get_offset (zone, saves ? then : now);
}

gint
op_clock_get_zone (const OpStationRecord *record, gint64 unix_us)
{
  return record->utc_offset_known ? record->utc_offset_s : op_clock_get_standard_offset (unix_us / G_USEC_PER_SEC);
}

gint64
op_clock_get_offset (const OpClockReading *reading, const OpStationRecord *record)
{
  gint zone = op_clock_get_zone (record, reading->host_unix_us);

  return (reading->logger_time - op_time_from_unix_us (reading->host_unix_us, zone)) / 1000;
}

gint64
op_clock_get_uncertainty (const OpClockReading *reading)
{
  return reading->round_trip_us / 2 + reading->resolution_us;
}
