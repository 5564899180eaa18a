/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/picture-private.h"

#include <math.h>

guint
op_picture_pick_place (GRand *rand, guint64 seen, guint size)
{
  if (seen < size)
    return (guint) seen;
  /* Algorithm R (Vitter 1985). */
  double place = g_rand_double (rand) * (double) (seen + 1);
  return place < size ? (guint) place : size;
}

/* XY */

void
op_xy_begin (OpPictureMaker *maker)
{
}

void
op_xy_add (OpPictureMaker *maker, OpTime time, const double *values)
{
  OpPicture *picture = maker->picture;
  guint place = op_picture_pick_place (maker->rand, maker->n_seen++, OP_PICTURE_MAX_POINTS);
  double x = values[0] - picture->statistics[0].mean, y = values[1] - picture->statistics[1].mean;
  OpXyPoint point = { values[0], values[1] };

  maker->covariance += x * y;
  maker->variance_x += x * x;
  maker->variance_y += y * y;
  if (place < picture->xy.points->len)
    g_array_index (picture->xy.points, OpXyPoint, place) = point;
  else if (place < OP_PICTURE_MAX_POINTS)
    g_array_append_val (picture->xy.points, point);
}

void
op_xy_finish (OpPictureMaker *maker)
{
  OpXy *xy = &maker->picture->xy;
  gboolean has_line = maker->picture->n > 1 && maker->variance_x > 0;

  xy->slope = has_line ? maker->covariance / maker->variance_x : NAN;
  xy->intercept = maker->picture->statistics[1].mean - xy->slope * maker->picture->statistics[0].mean;
  /* A level line says all there is to be said of values that do not differ. */
  if (!has_line)
    xy->r2 = NAN;
  else if (maker->variance_y > 0)
    xy->r2 = maker->covariance * maker->covariance / (maker->variance_x * maker->variance_y);
  else
    xy->r2 = 1;
}

/* Histogram */

/* 1, 2 or 5 times a power of ten, not below @least. */
static double
round_up (double least)
{
  double power = pow (10, floor (log10 (least)));

  for (guint i = 0; i < 3; i++)
    {
      static const double steps[] = { 1, 2, 5 };

      /* What is a step already, give or take its last digit, stays. */
      if (steps[i] * power >= least * (1 - 1e-9))
        return steps[i] * power;
    }
  return 10 * power;
}

/* About as many bins as the square root of the values, between round numbers. */
void
op_histogram_begin (OpPictureMaker *maker)
{
  const OpStatistics *statistics = &maker->picture->statistics[0];
  OpHistogram *histogram = &maker->picture->histogram;
  double wish = CLAMP (ceil (sqrt ((double) maker->picture->n)), 5, OP_PICTURE_MAX_BINS / 2);
  double range = statistics->max - statistics->min;

  if (maker->picture->n == 0)
    return;
  if (!(range > 0))
    range = fmax (fabs (statistics->max), 1) * 1e-3;
  histogram->width = round_up (range / wish);
  histogram->low = floor (statistics->min / histogram->width) * histogram->width;
  histogram->n_bins = (guint) CLAMP (floor ((statistics->max - histogram->low) / histogram->width) + 1, 1,
                                     OP_PICTURE_MAX_BINS);
}

void
op_histogram_add (OpPictureMaker *maker, OpTime time, const double *values)
{
  OpHistogram *histogram = &maker->picture->histogram;
  double bin = floor ((values[0] - histogram->low) / histogram->width);

  histogram->counts[(guint) CLAMP (bin, 0, histogram->n_bins - 1)]++;
}

/* Wind rose */

/* A speed below zero is an error of the sensor, and no calm. */
gboolean
op_rose_accept (const double *values)
{
  return values[1] >= 0;
}

/* Classes of speed between round numbers, the highest open. */
void
op_rose_begin (OpPictureMaker *maker)
{
  OpRose *rose = &maker->picture->rose;
  double high = maker->picture->statistics[1].max;
  double step = high > 0 ? round_up (high / OP_PICTURE_CLASSES) : 1;

  for (guint i = 0; i < OP_PICTURE_CLASSES - 1; i++)
    rose->bounds[i] = step * (i + 1);
}

void
op_rose_add (OpPictureMaker *maker, OpTime time, const double *values)
{
  OpRose *rose = &maker->picture->rose;
  const double sector = 360.0 / OP_PICTURE_SECTORS;
  double direction = fmod (values[0] + sector / 2, 360);
  guint class = 0;

  if (values[1] == 0)
    {
      rose->n_calm++;
      return;
    }
  if (direction < 0)
    direction += 360;
  while (class < OP_PICTURE_CLASSES - 1 && values[1] >= rose->bounds[class])
    class++;
  rose->counts[MIN ((guint) (direction / sector), OP_PICTURE_SECTORS - 1)][class]++;
}

/* Diurnal course */

void
op_diurnal_begin (OpPictureMaker *maker)
{
  for (guint i = 0; i < OP_PICTURE_HOURS; i++)
    {
      maker->hours[i] = g_array_new (FALSE, FALSE, sizeof (double));
      maker->picture->hours[i] = (OpDiurnalHour) { NAN, NAN, NAN, NAN, NAN, NAN, 0 };
    }
}

/* By the logger's clock; a record stands for the time that ends with it, so that midnight's belongs to the day before. */
static guint
get_hour (OpTime time)
{
  const OpTime hour = OP_HOUR;
  OpTime before = time - 1;
  OpTime hours = before / hour - (before % hour < 0);

  return (guint) ((hours % OP_PICTURE_HOURS + OP_PICTURE_HOURS) % OP_PICTURE_HOURS);
}

void
op_diurnal_add (OpPictureMaker *maker, OpTime time, const double *values)
{
  guint i = get_hour (time);
  OpDiurnalHour *hour = &maker->picture->hours[i];
  GArray *kept = maker->hours[i];
  guint place = op_picture_pick_place (maker->rand, hour->n++, OP_PICTURE_MAX_POINTS);

  hour->low = fmin (hour->low, values[0]);
  hour->high = fmax (hour->high, values[0]);
  hour->mean = hour->n == 1 ? values[0] : hour->mean + (values[0] - hour->mean) / (double) hour->n;
  if (place < kept->len)
    g_array_index (kept, double, place) = values[0];
  else if (place < OP_PICTURE_MAX_POINTS)
    g_array_append_val (kept, values[0]);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

/* Between the two values next to that part of the way from the lowest to the highest. */
static double
get_quantile (const GArray *sorted, double part)
{
  double place = part * (sorted->len - 1);
  guint below = (guint) place;
  double low = g_array_index (sorted, double, below);
  double high = g_array_index (sorted, double, MIN (below + 1, sorted->len - 1));

  return low + (high - low) * (place - below);
}

void
op_diurnal_finish (OpPictureMaker *maker)
{
  for (guint i = 0; i < OP_PICTURE_HOURS; i++)
    {
      OpDiurnalHour *hour = &maker->picture->hours[i];
      GArray *kept = maker->hours[i];

      if (kept->len == 0)
        continue;
      g_array_sort (kept, compare);
      hour->quarter = get_quantile (kept, 0.25);
      hour->median = get_quantile (kept, 0.5);
      hour->three_quarters = get_quantile (kept, 0.75);
    }
}
