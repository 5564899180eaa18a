/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/reading.h"

#include <math.h>

static guint64
distance (OpTime a, OpTime b)
{
  return a > b ? (guint64) a - (guint64) b : (guint64) b - (guint64) a;
}

/* Records may be out of order where the logger's clock was set back: all are looked at. */
static gboolean
find_point (const OpReduction *reduction, OpTime time, OpReading *reading)
{
  guint64 least = G_MAXUINT64;

  for (gsize i = 0; i < reduction->n_points; i++)
    {
      if (distance (reduction->times[i], time) >= least)
        continue;
      least = distance (reduction->times[i], time);
      *reading = (OpReading) { reduction->times[i], reduction->values[i], reduction->values[i], TRUE };
    }
  return reduction->n_points > 0;
}

static OpTime
middle_of_bin (const OpReduction *reduction, guint i)
{
  double width = (double) ((guint64) reduction->to - (guint64) reduction->from) / reduction->n_bins;

  return (OpTime) ((guint64) reduction->from + (guint64) ((i + 0.5) * width));
}

static gboolean
find_bin (const OpReduction *reduction, OpTime time, OpReading *reading)
{
  guint64 least = G_MAXUINT64;

  for (guint i = 0; i < reduction->n_bins; i++)
    {
      const OpBin *bin = &reduction->bins[i];
      OpTime middle = middle_of_bin (reduction, i);

      if (bin->n_values + bin->n_nan == 0 || distance (middle, time) >= least)
        continue;
      least = distance (middle, time);
      *reading = (OpReading) { middle, bin->min, bin->max, FALSE };
    }
  return least < G_MAXUINT64;
}

gboolean
op_reading_find (const OpReduction *reduction, OpTime time, OpTime reach, OpReading *reading)
{
  gboolean found;

  /* A sum is of the time before it: read in the middle of its bar. */
  time += reduction->step / 2;
  reach = MAX (reach, reduction->step / 2 + 1);
  found = reduction->bins != NULL ? find_bin (reduction, time, reading) : find_point (reduction, time, reading);
  return found && distance (reading->time, time) <= (guint64) MAX (reach, 0);
}
