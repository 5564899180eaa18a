/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/round-trip-private.h"

#define MIN_TIMEOUT (300 * 1000)
/* A line of unknown speed may be slow behind a fast connection: a long answer shows. */
#define MIN_TIMEOUT_UNTRIED (1500 * 1000)
#define MAX_TIMEOUT (30 * G_USEC_PER_SEC)
#define LONG_ANSWER 256

void
pak_round_trip_add (PakRoundTrip *self, gint64 sample, gint64 line_time, gsize answer_length)
{
  gint64 net = MAX (sample - line_time, 1);

  if (self->smoothed == 0)
    {
      self->smoothed = net;
      self->variance = net / 2;
    }
  else
    {
      self->variance += (ABS (self->smoothed - net) - self->variance) / 4;
      self->smoothed = MAX (self->smoothed + (net - self->smoothed) / 8, 1);
    }
  if (answer_length >= LONG_ANSWER)
    self->seen_long_answer = TRUE;
}

gint64
pak_round_trip_get_timeout (const PakRoundTrip *self, gint64 first_timeout, gint64 line_time, guint n_earlier_tries)
{
  gboolean is_tried = line_time > 0 || self->seen_long_answer;
  gint64 floor = MIN (first_timeout, is_tried ? MIN_TIMEOUT : MIN_TIMEOUT_UNTRIED);
  gint64 timeout;

  if (self->smoothed == 0)
    {
      /* Nobody has ever answered: most likely nobody will, and a person waits to hear so. */
      timeout = (first_timeout + line_time) * (n_earlier_tries == 0 ? 1 : 2);
    }
  else
    {
      timeout = (MAX (self->smoothed + 4 * self->variance, floor) + line_time) << n_earlier_tries;
    }
  return MIN (timeout, MAX (MAX_TIMEOUT, line_time));
}
