/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/picture.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static char *
dup_xy (const OpPicture *picture, const char *const *names)
{
  const OpXy *xy = &picture->xy;

  if (isnan (xy->slope))
    return g_strdup_printf (_("%s against %s: no line can be laid through the points."), names[1], names[0]);
  return g_strdup_printf (_("%s against %s: %s = %.4g × %s %+.4g, r² = %.3f."), names[1], names[0], names[1],
                          xy->slope, names[0], xy->intercept, xy->r2);
}

static char *
dup_histogram (const OpPicture *picture, const char *const *names)
{
  const OpHistogram *histogram = &picture->histogram;
  guint most = 0;

  for (guint i = 1; i < histogram->n_bins; i++)
    if (histogram->counts[i] > histogram->counts[most])
      most = i;
  return g_strdup_printf (_("%s lies between %.4g and %.4g, mean %.4g; most often between %.4g and %.4g, %.0f %% of the "
                            "time."),
                          names[0], picture->statistics[0].min, picture->statistics[0].max,
                          picture->statistics[0].mean, histogram->low + most * histogram->width,
                          histogram->low + (most + 1) * histogram->width,
                          100.0 * (double) histogram->counts[most] / (double) picture->n);
}

static char *
dup_rose (const OpPicture *picture, const char *const *names)
{
  static const char *const points[OP_PICTURE_SECTORS] = {
    N_("north"), N_("north-north-east"), N_("north-east"), N_("east-north-east"), N_("east"), N_("east-south-east"),
    N_("south-east"), N_("south-south-east"), N_("south"), N_("south-south-west"), N_("south-west"),
    N_("west-south-west"), N_("west"), N_("west-north-west"), N_("north-west"), N_("north-north-west"),
  };
  guint64 sums[OP_PICTURE_SECTORS] = { 0 };
  guint most = 0;

  for (guint i = 0; i < OP_PICTURE_SECTORS; i++)
    {
      for (guint j = 0; j < OP_PICTURE_CLASSES; j++)
        sums[i] += picture->rose.counts[i][j];
      if (sums[i] > sums[most])
        most = i;
    }
  return g_strdup_printf (_("Most often from %s, %.0f %% of the time; calm %.1f %%; mean of %s %.4g, highest %.4g."),
                          _(points[most]), 100.0 * (double) sums[most] / (double) picture->n,
                          100.0 * (double) picture->rose.n_calm / (double) picture->n, names[1],
                          picture->statistics[1].mean, picture->statistics[1].max);
}

static char *
dup_diurnal (const OpPicture *picture, const char *const *names)
{
  gint lowest = -1, highest = -1;

  for (gint i = 0; i < OP_PICTURE_HOURS; i++)
    {
      if (isnan (picture->hours[i].median))
        continue;
      if (lowest < 0 || picture->hours[i].median < picture->hours[lowest].median)
        lowest = i;
      if (highest < 0 || picture->hours[i].median > picture->hours[highest].median)
        highest = i;
    }
  return g_strdup_printf (_("%s is lowest from %d to %d h, median %.4g, and highest from %d to %d h, median %.4g."),
                          names[0], lowest, lowest + 1, picture->hours[lowest].median, highest, highest + 1,
                          picture->hours[highest].median);
}

char *
op_picture_dup_words (const OpPicture *picture, const char *const *names)
{
  static char *(*const words[OP_N_PICTURES]) (const OpPicture *picture, const char *const *names) = {
    [OP_PICTURE_XY] = dup_xy,
    [OP_PICTURE_HISTOGRAM] = dup_histogram,
    [OP_PICTURE_ROSE] = dup_rose,
    [OP_PICTURE_DIURNAL] = dup_diurnal,
  };
  g_autofree char *said = NULL, *number = NULL, *counted = NULL, *left_out = NULL;

  if (picture->n == 0)
    return g_strdup (_("There are no values in this span."));
  said = words[picture->kind](picture, names);
  number = g_strdup_printf ("%" G_GUINT64_FORMAT, picture->n);
  counted = g_strdup_printf (ngettext ("%s record", "%s records", (gulong) picture->n), number);
  left_out = g_strdup_printf ("%" G_GUINT64_FORMAT, picture->n_left_out);
  if (picture->n_left_out > 0)
    return g_strdup_printf (_("%s %s, %s without a value."), said, counted, left_out);
  return g_strdup_printf ("%s %s.", said, counted);
}
