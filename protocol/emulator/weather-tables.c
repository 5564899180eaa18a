/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/record-writer.h"
#include "protocol/emulator/station-tables.h"
#include "protocol/emulator/weather.h"

#include <math.h>

/* Calculating one OneMin record costs about this much; an answer should not take longer than the other. */
#define RECORD_COST  (2 * OP_SECOND / 1000000)
#define ANSWER_COST  (OP_SECOND / 2)
#define MAX_DAYS_KEPT 2000

enum
{
  CHANCE_DOOR = 200,
  CHANCE_EVENT,
  CHANCE_PLAIN,
  CHANCE_BIG = 1000,
};

static const OpFieldSpec one_min_fields[] = {
  { OP_TYPE_FP2, TRUE, "AirTC_Avg", "Avg", "Deg C", 0, 0 },
  { OP_TYPE_FP2, TRUE, "RH", "Smp", "%", 0, 0 },
  { OP_TYPE_FP2, TRUE, "WS_ms_Avg", "Avg", "m/s", 0, 0 },
  { OP_TYPE_FP2, TRUE, "WindDir", "Smp", "Deg", 0, 0 },
  { OP_TYPE_IEEE4, TRUE, "BP_hPa", "Smp", "hPa", 0, 0 },
  { OP_TYPE_IEEE4, TRUE, "SlrW_Avg", "Avg", "W/m^2", 0, 0 },
  { OP_TYPE_FP2, TRUE, "Rain_mm_Tot", "Tot", "mm", 0, 0 },
  { OP_TYPE_FP2, TRUE, "Soil_T", "Avg", "Deg C", 4, 0 },
  { OP_TYPE_FP2, TRUE, "BattV_Min", "Min", "V", 0, 0 },
  { OP_TYPE_BOOL, TRUE, "DoorOpen", "Smp", "", 0, 0 },
  { OP_TYPE_ASCII, TRUE, "Quality", "Smp", "", 0, 8 },
};

/* Places in one_min_fields of what Daily is made from. */
enum
{
  FIELD_AIR = 0,
  FIELD_WIND = 2,
  FIELD_SOLAR = 5,
  FIELD_RAIN = 6,
  FIELD_BATTERY = 8,
};

static const OpFieldSpec daily_fields[] = {
  { OP_TYPE_FP2, TRUE, "AirTC_Max", "Max", "Deg C", 0, 0 },
  { OP_TYPE_NSEC, TRUE, "AirTC_TMx", "TMx", "", 0, 0 },
  { OP_TYPE_FP2, TRUE, "AirTC_Min", "Min", "Deg C", 0, 0 },
  { OP_TYPE_NSEC, TRUE, "AirTC_TMn", "TMn", "", 0, 0 },
  { OP_TYPE_FP2, TRUE, "WS_ms_Max", "Max", "m/s", 0, 0 },
  { OP_TYPE_NSEC, TRUE, "WS_ms_TMx", "TMx", "", 0, 0 },
  { OP_TYPE_FP2, TRUE, "Rain_mm_Tot", "Tot", "mm", 0, 0 },
  { OP_TYPE_IEEE4, TRUE, "SlrMJ_Tot", "Tot", "MJ/m^2", 0, 0 },
  { OP_TYPE_FP2, TRUE, "BattV_Min", "Min", "V", 0, 0 },
};

static const OpFieldSpec event_fields[] = {
  { OP_TYPE_UINT2, TRUE, "Code", "Smp", "", 0, 0 },
  { OP_TYPE_ASCII, TRUE, "Event", "Smp", "", 0, 24 },
  { OP_TYPE_IEEE4, TRUE, "Value", "Smp", "", 0, 0 },
  { OP_TYPE_INT4, TRUE, "Duration", "Smp", "s", 0, 0 },
};

/* Somebody is there: for 20 minutes, some 15 times a year, by day. */
static gboolean
is_door_open (OpVirtualStation *station, OpTime time)
{
  gint64 hour = time / OP_HOUR;

  return hour % 24 >= 8 && hour % 24 < 17 && time % OP_HOUR < 20 * OP_MINUTE
         && op_weather_hash (station->seed, CHANCE_DOOR, hour) % 220 == 0;
}

static const char *
get_quality (const OpWeather *weather, gboolean door_open)
{
  if (isnan (weather->air_temperature + weather->humidity + weather->wind_speed + weather->pressure
             + weather->solar + weather->soil[1]))
    return "sensor";
  if (door_open)
    return "service";
  if (weather->rain > 0)
    return "rain";
  return weather->air_temperature < 0 ? "frost" : "good";
}

static void
fill_one_min (OpVirtualStation *station, OpVirtualTable *table, guint64 record, OpTime time, guint8 *values)
{
  gboolean door_open = is_door_open (station, time);
  OpWeather weather;

  op_weather_at (station->seed, time, table->slot, &weather);
  op_record_put_number (&values, OP_TYPE_FP2, weather.air_temperature);
  op_record_put_number (&values, OP_TYPE_FP2, weather.humidity);
  op_record_put_number (&values, OP_TYPE_FP2, weather.wind_speed);
  op_record_put_number (&values, OP_TYPE_FP2, weather.wind_direction);
  op_record_put_number (&values, OP_TYPE_IEEE4, weather.pressure);
  op_record_put_number (&values, OP_TYPE_IEEE4, weather.solar);
  op_record_put_number (&values, OP_TYPE_FP2, weather.rain);
  for (guint i = 0; i < G_N_ELEMENTS (weather.soil); i++)
    op_record_put_number (&values, OP_TYPE_FP2, weather.soil[i]);
  op_record_put_number (&values, OP_TYPE_FP2, weather.battery);
  op_record_put_number (&values, OP_TYPE_BOOL, door_open ? -1 : 0);
  op_record_put_text (&values, get_quality (&weather, door_open), 8);
}

OpVirtualTable *
op_virtual_station_make_one_min (OpVirtualStation *station, guint number, guint32 size)
{
  OpTable *definition = op_virtual_station_define ("OneMin", number, size, OP_TYPE_NSEC, station->interval,
                                                   one_min_fields, G_N_ELEMENTS (one_min_fields));

  return op_virtual_table_new (definition, station->interval, fill_one_min);
}

/* Records of one a @slot that last as long as @size OneMin records. */
static guint32
get_size (OpVirtualStation *station, guint32 size, OpTime slot)
{
  double time = (double) size * (double) station->interval;

  return CLAMP (time / (double) slot + 1, 2, G_MAXUINT32);
}

/* A day's statistics as they grow record by record; NAN until there is a value. */
typedef struct
{
  double air_max, air_min, wind_max, rain, energy, battery_min;
  OpTime air_max_time, air_min_time, wind_max_time;
} Day;

static double
get_value (const OpTable *definition, guint field, const guint8 *values)
{
  return op_value_get_number (definition->fields[field].type, values + definition->fields[field].offset);
}

static void
note_maximum (double *maximum, OpTime *maximum_time, double value, OpTime time)
{
  if (isnan (value) || value <= *maximum)
    return;
  *maximum = value;
  *maximum_time = time;
}

static void
note_minimum (double *minimum, OpTime *minimum_time, double value, OpTime time)
{
  if (isnan (value) || value >= *minimum)
    return;
  *minimum = value;
  *minimum_time = time;
}

static void
add_to_day (Day *day, const OpVirtualTable *main_table, OpTime time, const guint8 *values)
{
  const OpTable *definition = main_table->definition;
  double air = get_value (definition, FIELD_AIR, values);
  double solar = get_value (definition, FIELD_SOLAR, values);
  OpTime battery_time;

  note_maximum (&day->air_max, &day->air_max_time, air, time);
  note_minimum (&day->air_min, &day->air_min_time, air, time);
  note_maximum (&day->wind_max, &day->wind_max_time, get_value (definition, FIELD_WIND, values), time);
  note_minimum (&day->battery_min, &battery_time, get_value (definition, FIELD_BATTERY, values), time);
  day->rain += get_value (definition, FIELD_RAIN, values);
  if (!isnan (solar))
    day->energy += solar * ((double) main_table->slot / OP_SECOND) / 1e6;
}

/* The OneMin records of the 24 hours that end at @end, as they were stored in the runs up to @last_run. */
static void
sum_up_day (OpVirtualStation *station, guint last_run, OpTime end, Day *day)
{
  OpVirtualTable *main_table = station->main_table;
  g_autofree guint8 *values = g_malloc (main_table->definition->record_size);

  *day = (Day) { .air_max = -INFINITY, .air_min = INFINITY, .wind_max = -INFINITY, .battery_min = INFINITY,
                 .air_max_time = end, .air_min_time = end, .wind_max_time = end };
  for (guint i = 0; i <= last_run; i++)
    {
      OpRun run = op_virtual_clock_get_run (station->clock, i);
      OpTime from = MAX (run.from, end - OP_DAY);
      OpTime to = MIN (run.to, end);

      for (OpTime time = (from / main_table->slot + 1) * main_table->slot; time <= to; time += main_table->slot)
        {
          main_table->fill (station, main_table, 0, time, values);
          add_to_day (day, main_table, time, values);
        }
    }
}

static double
nan_unless_finite (double value)
{
  return isfinite (value) ? value : NAN;
}

static void
write_day (const Day *day, guint8 *values)
{
  op_record_put_number (&values, OP_TYPE_FP2, nan_unless_finite (day->air_max));
  op_record_put_time (&values, day->air_max_time);
  op_record_put_number (&values, OP_TYPE_FP2, nan_unless_finite (day->air_min));
  op_record_put_time (&values, day->air_min_time);
  op_record_put_number (&values, OP_TYPE_FP2, nan_unless_finite (day->wind_max));
  op_record_put_time (&values, day->wind_max_time);
  op_record_put_number (&values, OP_TYPE_FP2, day->rain);
  op_record_put_number (&values, OP_TYPE_IEEE4, day->energy);
  op_record_put_number (&values, OP_TYPE_FP2, nan_unless_finite (day->battery_min));
}

static void
fill_daily (OpVirtualStation *station, OpVirtualTable *table, guint64 record, OpTime time, guint8 *values)
{
  gsize size = table->definition->record_size;
  const guint8 *kept = g_hash_table_lookup (station->days, &record);
  Day day;

  if (kept != NULL)
    {
      memcpy (values, kept, size);
      return;
    }
  sum_up_day (station, op_virtual_table_get_clock_run (table, record), time, &day);
  write_day (&day, values);
  if (g_hash_table_size (station->days) >= MAX_DAYS_KEPT)
    g_hash_table_remove_all (station->days);
  g_hash_table_insert (station->days, g_memdup2 (&record, sizeof record), g_memdup2 (values, size));
}

OpVirtualTable *
op_virtual_station_make_daily (OpVirtualStation *station, guint number, guint32 size)
{
  OpTable *definition = op_virtual_station_define ("Daily", number, get_size (station, size, OP_DAY), OP_TYPE_NSEC,
                                                   OP_DAY,
                                                   daily_fields, G_N_ELEMENTS (daily_fields));
  OpVirtualTable *table = op_virtual_table_new (definition, OP_DAY, fill_daily);

  table->max_records = CLAMP (ANSWER_COST / (OP_DAY / station->interval * RECORD_COST + 1), 1, 1000);
  return table;
}

static void
fill_event (OpVirtualStation *station, OpVirtualTable *table, guint64 record, OpTime time, guint8 *values)
{
  static const char *const names[] = { "Gust", "Lightning", "Battery low", "Frost", "Mast vibrates" };
  guint32 draw = op_weather_hash (station->seed, CHANCE_EVENT, time / OP_SECOND);
  guint kind = draw % G_N_ELEMENTS (names);

  op_record_put_number (&values, OP_TYPE_UINT2, 100 + kind);
  op_record_put_text (&values, names[kind], 24);
  op_record_put_number (&values, OP_TYPE_IEEE4, draw / 64 % 1000 / 10.0);
  op_record_put_number (&values, OP_TYPE_INT4, draw / 8192 % 600);
}

OpVirtualTable *
op_virtual_station_make_events (OpVirtualStation *station, guint number, guint32 size)
{
  OpTime slot = 90 * station->interval;
  OpTable *definition = op_virtual_station_define ("Events", number, get_size (station, size, slot), OP_TYPE_NSEC, 0,
                                                   event_fields, G_N_ELEMENTS (event_fields));
  OpVirtualTable *table = op_virtual_table_new (definition, slot, fill_event);

  table->scattered = TRUE;
  table->in_files = TRUE;
  return table;
}

/* FP2: a word with a random locator and mantissa; IEEE4: a count, which costs nothing to encode. */
static void
fill_plain (OpVirtualStation *station, OpVirtualTable *table, guint64 record, OpTime time, guint8 *values)
{
  const OpField *field = &table->definition->fields[0];
  guint32 draw = op_weather_hash (station->seed, CHANCE_PLAIN, record);

  for (guint32 i = 0; i < field->dimension; i++)
    {
      guint32 value = (draw + i * 7919) % 8000;
      guint16 fp2 = GUINT16_TO_BE ((draw >> i % 16 & 3) << 13 | value);

      if (field->type == OP_TYPE_FP2)
        memcpy (values, &fp2, sizeof fp2);
      else
        op_value_set_number (field->type, value, values, NULL);
      values += field->element_size;
    }
}

OpVirtualTable *
op_virtual_station_make_plain (OpVirtualStation *station, guint number, guint32 size, guint columns, OpType type)
{
  OpFieldSpec field = { type, TRUE, "Value", "Smp", "", columns, 0 };
  OpTime slot = MIN (station->interval, OP_SECOND);

  return op_virtual_table_new (op_virtual_station_define ("Plain", number, size, OP_TYPE_NSEC, slot, &field, 1), slot,
                               fill_plain);
}

static void
fill_big (OpVirtualStation *station, OpVirtualTable *table, guint64 record, OpTime time, guint8 *values)
{
  for (guint i = 0; i < table->definition->n_columns; i++)
    op_record_put_number (&values, OP_TYPE_IEEE4, op_weather_chance (station->seed, CHANCE_BIG + i, record));
}

OpVirtualTable *
op_virtual_station_make_big (OpVirtualStation *station, guint number, guint32 size)
{
  static const OpFieldSpec field = { OP_TYPE_IEEE4, TRUE, "Spectrum", "Smp", "", 400, 0 };
  OpTime slot = 60 * station->interval;

  OpTable *definition = op_virtual_station_define ("Big", number, get_size (station, size, slot), OP_TYPE_NSEC, slot,
                                                   &field, 1);

  return op_virtual_table_new (definition, slot, fill_big);
}
