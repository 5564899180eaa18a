/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-time.h"

G_BEGIN_DECLS

/*
 * The weather of an invented place at 47° N, 450 m above the sea: a pure function of a seed and of local standard
 * time, so that a year of it needs no memory. Smooth noise of several scales stands for weather systems, clouds
 * and gusts.
 */
typedef struct
{
  double air_temperature; /* °C */
  double humidity;        /* % */
  double wind_speed;      /* m/s */
  double wind_direction;  /* degrees from north */
  double pressure;        /* hPa at the station */
  double solar;           /* W/m² */
  double rain;            /* mm in the @interval asked for, tips of 0.2 mm */
  double battery;         /* V */
  double soil[4];         /* °C at 5, 10, 20 and 50 cm */
} OpWeather;

/** What the sensors measure at @time; NAN while one of them has failed, which takes an hour now and then. */
void    op_weather_at   (guint32 seed, OpTime time, OpTime interval, OpWeather *weather);
/** A well mixed hash of where one is, for all that must look random and be repeatable. */
guint32 op_weather_hash (guint32 seed, guint32 channel, gint64 place);
/** op_weather_hash() as a number from 0 up to, without, 1. */
double  op_weather_chance (guint32 seed, guint32 channel, gint64 place);

G_END_DECLS
