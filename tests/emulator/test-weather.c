/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the station measures is plausible, and the same whenever the seed is. */

#include "protocol/emulator/weather.h"

#include <math.h>

static OpTime
parse_time (const char *text)
{
  OpTime time;

  g_assert_true (op_time_parse (text, &time));
  return time;
}

static void
assert_same (double a, double b)
{
  g_assert_true (a == b || (isnan (a) && isnan (b)));
}

static void
test_repeats (void)
{
  OpTime begin = parse_time ("2025-05-01");
  guint n_other = 0;

  for (OpTime time = begin; time < begin + 3 * OP_DAY; time += 7 * OP_MINUTE)
    {
      OpWeather first, second, other;

      op_weather_at (5, time, 60 * OP_SECOND, &first);
      op_weather_at (5, time, 60 * OP_SECOND, &second);
      op_weather_at (6, time, 60 * OP_SECOND, &other);
      assert_same (first.air_temperature, second.air_temperature);
      assert_same (first.rain, second.rain);
      assert_same (first.battery, second.battery);
      n_other += first.air_temperature != other.air_temperature;
    }
  g_assert_cmpuint (n_other, >, 600);
}

static void
assert_within (double value, double low, double high)
{
  if (isnan (value))
    return;
  g_assert_cmpfloat (value, >=, low);
  g_assert_cmpfloat (value, <=, high);
}

/* Two years, some places: nothing that has not been measured at 47° N. */
static void
test_ranges (void)
{
  OpTime begin = parse_time ("2024-01-01");

  for (guint32 seed = 1; seed <= 5; seed++)
    for (OpTime time = begin; time < begin + 2 * 366 * OP_DAY; time += 17 * OP_MINUTE)
      {
        OpWeather weather;
        double tips;

        op_weather_at (seed, time, 60 * OP_SECOND, &weather);
        assert_within (weather.air_temperature, -25, 42);
        assert_within (weather.humidity, 10, 100);
        assert_within (weather.wind_speed, 0, 25);
        assert_within (weather.wind_direction, 0, 360);
        assert_within (weather.pressure, 930, 1000);
        assert_within (weather.solar, 0, 1200);
        assert_within (weather.rain, 0, 2);
        assert_within (weather.battery, 11.5, 14.6);
        for (guint i = 0; i < 4; i++)
          assert_within (weather.soil[i], -8, 32);
        tips = weather.rain / 0.2;
        g_assert_cmpfloat (fabs (tips - round (tips)), <, 1e-9);
      }
}

typedef struct
{
  double temperature, solar, rain, pressure_min, pressure_max;
  guint  n, n_nan, n_wet;
} Sums;

/* At one hour of the day, or all day long for -1. */
static Sums
sum_up (const char *from, guint days, gint hour)
{
  OpTime begin = parse_time (from);
  Sums sums = { .pressure_min = 2000 };

  for (OpTime time = begin; time < begin + days * OP_DAY; time += 10 * OP_MINUTE)
    {
      OpWeather weather;

      if (hour >= 0 && time / OP_HOUR % 24 != hour)
        continue;
      op_weather_at (1, time, 600 * OP_SECOND, &weather);
      sums.n++;
      sums.n_wet += weather.rain > 0;
      sums.rain += weather.rain;
      if (isnan (weather.air_temperature) || isnan (weather.solar) || isnan (weather.pressure))
        {
          sums.n_nan++;
          continue;
        }
      sums.temperature += weather.air_temperature;
      sums.solar += weather.solar;
      sums.pressure_min = MIN (sums.pressure_min, weather.pressure);
      sums.pressure_max = MAX (sums.pressure_max, weather.pressure);
    }
  sums.temperature /= sums.n - sums.n_nan;
  sums.solar /= sums.n - sums.n_nan;
  return sums;
}

static void
test_course (void)
{
  Sums january = sum_up ("2025-01-01", 31, -1);
  Sums july = sum_up ("2025-07-01", 31, -1);
  Sums july_dawn = sum_up ("2025-07-01", 31, 4);
  Sums july_afternoon = sum_up ("2025-07-01", 31, 15);
  Sums july_noon = sum_up ("2025-07-01", 31, 12);
  Sums midnight = sum_up ("2025-01-01", 365, 0);
  Sums year = sum_up ("2025-01-01", 365, -1);

  g_assert_cmpfloat (july.temperature - january.temperature, >, 12);
  g_assert_cmpfloat (july_afternoon.temperature - july_dawn.temperature, >, 4);
  g_assert_cmpfloat (midnight.solar, ==, 0);
  g_assert_cmpfloat (july_noon.solar, >, 400);
  g_assert_cmpfloat (july.solar, >, 3 * january.solar);
  g_assert_cmpfloat (year.pressure_max - year.pressure_min, >, 20);
  /* A temperate place: 500 to 2,000 mm, in less than a quarter of the time. */
  g_assert_cmpfloat (year.rain, >, 500);
  g_assert_cmpfloat (year.rain, <, 2000);
  g_assert_cmpuint (year.n_wet, <, year.n / 4);
  /* Sensors fail, but seldom. */
  g_assert_cmpuint (year.n_nan, >, 0);
  g_assert_cmpuint (year.n_nan, <, year.n / 100);
}

/* From one minute to the next the air does not jump. */
static void
test_smooth (void)
{
  OpTime begin = parse_time ("2025-04-10");
  OpWeather last, weather;

  op_weather_at (1, begin, 60 * OP_SECOND, &last);
  for (guint i = 1; i < 10000; i++)
    {
      op_weather_at (1, begin + i * 60 * OP_SECOND, 60 * OP_SECOND, &weather);
      if (!isnan (weather.air_temperature) && !isnan (last.air_temperature))
        g_assert_cmpfloat (fabs (weather.air_temperature - last.air_temperature), <, 0.5);
      if (!isnan (weather.pressure) && !isnan (last.pressure))
        g_assert_cmpfloat (fabs (weather.pressure - last.pressure), <, 0.1);
      last = weather;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/weather/repeats", test_repeats);
  g_test_add_func ("/emulator/weather/ranges", test_ranges);
  g_test_add_func ("/emulator/weather/course", test_course);
  g_test_add_func ("/emulator/weather/smooth", test_smooth);
  return g_test_run ();
}
