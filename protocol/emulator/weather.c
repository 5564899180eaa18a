/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/weather.h"

#include <math.h>

#define YEAR_DAYS 365.2425
#define LATITUDE  (47 * G_PI / 180)

#define RAIN_TIP 0.2
/* One sensor fails in one of so many hours. */
#define HOURS_A_FAILURE 900

enum
{
  NOISE_PRESSURE,
  NOISE_TEMPERATURE = 10,
  NOISE_CLOUD = 20,
  NOISE_HUMIDITY = 30,
  NOISE_WIND = 40,
  NOISE_DIRECTION = 50,
  NOISE_RAIN = 60,
  NOISE_BATTERY = 70,
  NOISE_FAILURE = 80,
};

/* When, in the forms that the formulas want. */
typedef struct
{
  guint32 seed;
  OpTime  time;
  double  year; /* angle since new year */
  double  day;  /* angle since midnight */
} Moment;

guint32
op_weather_hash (guint32 seed, guint32 channel, gint64 place)
{
  guint64 x = (guint64) place * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);

  x ^= ((guint64) seed << 32 | channel) * G_GUINT64_CONSTANT (0xD6E8FEB86659FD93);
  x = (x ^ (x >> 32)) * G_GUINT64_CONSTANT (0xD6E8FEB86659FD93);
  x = (x ^ (x >> 29)) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  return x >> 32;
}

double
op_weather_chance (guint32 seed, guint32 channel, gint64 place)
{
  return op_weather_hash (seed, channel, place) / 4294967296.0;
}

/* Smooth noise from -1 to 1 whose features take about @scale. */
static double
get_noise (const Moment *moment, guint32 channel, OpTime scale)
{
  gint64 place = moment->time / scale - (moment->time % scale < 0);
  double fraction = (double) (moment->time - place * scale) / (double) scale;
  double a = op_weather_chance (moment->seed, channel, place);
  double b = op_weather_chance (moment->seed, channel, place + 1);
  double blend = fraction * fraction * (3 - 2 * fraction);

  return 2 * (a + (b - a) * blend) - 1;
}

static double
get_sea_level_pressure (const Moment *moment)
{
  return 1016 + 15 * get_noise (moment, NOISE_PRESSURE, 5 * OP_DAY)
         + 5 * get_noise (moment, NOISE_PRESSURE + 1, 37 * OP_HOUR)
         + 0.5 * get_noise (moment, NOISE_PRESSURE + 2, 3 * OP_HOUR) + 0.4 * sin (2 * moment->day + 2.4);
}

/* Part of the sky that is covered: low pressure brings clouds. */
static double
get_cloud (const Moment *moment, double pressure)
{
  double cloud = 0.45 - 0.028 * (pressure - 1016) + 0.35 * get_noise (moment, NOISE_CLOUD, 5 * OP_HOUR)
                 + 0.25 * get_noise (moment, NOISE_CLOUD + 1, 40 * OP_MINUTE);

  return CLAMP (cloud, 0, 1);
}

/* Sine of the sun's height above the horizon; negative at night. */
static double
get_sun (const Moment *moment)
{
  double declination = 0.4091 * sin (moment->year - 1.39);

  return sin (LATITUDE) * sin (declination) - cos (LATITUDE) * cos (declination) * cos (moment->day);
}

static double
get_solar (const Moment *moment, double sun, double cloud)
{
  double patches = 1 + 0.15 * cloud * get_noise (moment, NOISE_CLOUD + 2, 8 * OP_MINUTE);

  if (sun <= 0)
    return 0;
  return 1050 * sun * pow (sun, 0.2) * (1 - 0.78 * cloud * cloud) * patches;
}

/* The slow part that soil and dew point follow. */
static double
get_day_temperature (const Moment *moment)
{
  return 9.4 - 9.6 * cos (moment->year - 0.36) + 4.5 * get_noise (moment, NOISE_TEMPERATURE, 4 * OP_DAY)
         + 1.8 * get_noise (moment, NOISE_TEMPERATURE + 1, 29 * OP_HOUR);
}

static double
get_air_temperature (const Moment *moment, double day_temperature, double cloud)
{
  double swing = (4.6 - 2.2 * cos (moment->year - 0.2)) * (1 - 0.7 * cloud);

  /* Coldest a little before sunrise, warmest in the afternoon. */
  return day_temperature - swing * cos (moment->day - 0.75) - 0.2 * swing * cos (2 * moment->day - 1.2)
         + 0.5 * get_noise (moment, NOISE_TEMPERATURE + 2, 2 * OP_HOUR)
         + 0.15 * get_noise (moment, NOISE_TEMPERATURE + 3, 6 * OP_MINUTE);
}

/* Saturation vapour pressure, hPa (Magnus). */
static double
get_saturation (double temperature)
{
  return 6.112 * exp (17.62 * temperature / (243.12 + temperature));
}

static double
get_humidity (const Moment *moment, double temperature, double day_temperature, double cloud)
{
  double dew_point = day_temperature - 5.5 + 5 * cloud + 1.5 * get_noise (moment, NOISE_HUMIDITY, 9 * OP_HOUR);
  double humidity = 100 * get_saturation (dew_point) / get_saturation (temperature)
                    + get_noise (moment, NOISE_HUMIDITY + 1, 5 * OP_MINUTE);

  return CLAMP (humidity, 12, 100);
}

static double
get_wind_speed (const Moment *moment, double pressure)
{
  double base = 2.6 - 0.07 * (pressure - 1016) + 1.8 * get_noise (moment, NOISE_WIND, 7 * OP_HOUR)
                - 0.9 * cos (moment->day - 0.6);
  double gust = 1 + 0.3 * get_noise (moment, NOISE_WIND + 1, 15 * OP_MINUTE)
                + 0.25 * get_noise (moment, NOISE_WIND + 2, 70 * OP_SECOND);

  return base <= 0.1 ? 0 : base * gust;
}

static double
get_wind_direction (const Moment *moment)
{
  double direction = 250 + 150 * get_noise (moment, NOISE_DIRECTION, 31 * OP_HOUR)
                     + 45 * get_noise (moment, NOISE_DIRECTION + 1, 2 * OP_HOUR)
                     + 14 * get_noise (moment, NOISE_DIRECTION + 2, 100 * OP_SECOND);

  return direction - 360 * floor (direction / 360);
}

/* Showers fall from thick cloud; what has fallen is counted in tips of the gauge. */
static double
get_rain (const Moment *moment, double cloud, OpTime interval)
{
  double rate = get_noise (moment, NOISE_RAIN, 2 * OP_HOUR)
                + 0.4 * get_noise (moment, NOISE_RAIN + 1, 20 * OP_MINUTE);
  double tips;

  if (cloud < 0.55 || rate < 0.2)
    return 0;
  tips = 9 * (rate - 0.2) * (cloud - 0.35) * ((double) interval / (double) OP_HOUR) / RAIN_TIP;
  return RAIN_TIP * floor (tips + op_weather_chance (moment->seed, NOISE_RAIN + 2, moment->time / OP_SECOND));
}

static double
get_battery (const Moment *moment, double solar, double temperature)
{
  double charge = solar > 20 ? 0.9 * (1 - exp (-solar / 180)) : 0;

  return 12.55 + charge + 0.006 * temperature + 0.04 * get_noise (moment, NOISE_BATTERY, 3 * OP_HOUR)
         - (solar > 0 ? 0 : 0.12 * (0.5 + 0.5 * cos (moment->day - 1.3)));
}

static void
get_soil (const Moment *moment, double soil[4])
{
  static const double depth[] = { 0.05, 0.1, 0.2, 0.5 };

  for (guint i = 0; i < G_N_ELEMENTS (depth); i++)
    {
      double year = depth[i] / 2.2;  /* in damping depths of the yearly and of the daily wave */
      double day = depth[i] / 0.12;

      soil[i] = 10.2 - 9.2 * exp (-year) * cos (moment->year - 0.36 - year)
                - 3.5 * exp (-day) * cos (moment->day - 0.9 - day)
                + 1.5 * exp (-depth[i] / 0.4) * get_noise (moment, NOISE_TEMPERATURE, 4 * OP_DAY);
    }
}

/* In some hours a sensor gives nothing. */
static void
break_sensor (const Moment *moment, OpWeather *weather)
{
  double *sensors[] = { &weather->air_temperature, &weather->humidity, &weather->wind_speed, &weather->pressure,
                        &weather->solar, &weather->soil[1] };
  gint64 hour = moment->time / OP_HOUR;
  guint32 draw = op_weather_hash (moment->seed, NOISE_FAILURE, hour);

  if (draw % HOURS_A_FAILURE == 0)
    *sensors[draw / HOURS_A_FAILURE % G_N_ELEMENTS (sensors)] = NAN;
}

void
op_weather_at (guint32 seed, OpTime time, OpTime interval, OpWeather *weather)
{
  double days = (double) time / (double) OP_DAY;
  Moment moment = { seed, time, 2 * G_PI * fmod (days, YEAR_DAYS) / YEAR_DAYS, 2 * G_PI * (days - floor (days)) };
  double pressure = get_sea_level_pressure (&moment);
  double cloud = get_cloud (&moment, pressure);
  double day_temperature = get_day_temperature (&moment);
  double temperature = get_air_temperature (&moment, day_temperature, cloud);

  weather->air_temperature = temperature;
  weather->humidity = get_humidity (&moment, temperature, day_temperature, cloud);
  weather->wind_speed = get_wind_speed (&moment, pressure);
  weather->wind_direction = get_wind_direction (&moment);
  weather->pressure = pressure * 0.9478;
  weather->solar = get_solar (&moment, get_sun (&moment), cloud);
  weather->rain = get_rain (&moment, cloud, interval);
  weather->battery = get_battery (&moment, weather->solar, temperature);
  get_soil (&moment, weather->soil);
  break_sensor (&moment, weather);
}
