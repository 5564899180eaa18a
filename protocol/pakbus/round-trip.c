/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/round-trip-private.h"

#define MIN_TIMEOUT (300 * 1000)
/* A line of unknown speed may be slow behind a fast connection: a long answer shows. */
#define MIN_TIMEOUT_UNTRIED (1500 * 1000)
#define MAX_TIMEOUT (30 * G_USEC_PER_SEC)
#define LONG_ANSWER 256

/* What is waited beyond the smoothed round trip, once requests of the kind have been answered so often. */
#define MIN_MARGIN (50 * 1000)
#define ENOUGH_SAMPLES 3

#define MAX_DOUBLINGS 6
#define MAX_FIRST_DOUBLINGS 3
/* As many time-outs are waited for an answer at least: of who has answered before, a lost one is mere chance. */
#define PATIENT_TRIES       4
#define PATIENT_TRIES_KNOWN 5

void
pak_round_trip_add (PakRoundTrip *self, gint64 sample, gint64 line_time, gsize answer_length)
{
  gint64 net = MAX (sample - line_time, 1);

  if (self->smoothed == 0)
    {
      self->smoothed = net;
      self->variance = net / 2;
      self->shortest = net;
    }
  else
    {
      self->variance += (ABS (self->smoothed - net) - self->variance) / 4;
      self->smoothed = MAX (self->smoothed + (net - self->smoothed) / 8, 1);
    }
  self->shortest = MIN (self->shortest, net);
  if (answer_length >= LONG_ANSWER)
    self->seen_long_answer = TRUE;
  self->n_samples++;
  self->n_unanswered = 0;
}

static gboolean
is_tried (const PakRoundTrip *self, const PakWait *wait)
{
  return wait->line_time > 0 || self->seen_long_answer;
}

static gint64
limit (gint64 timeout, const PakWait *wait)
{
  return MIN (timeout, MAX (MAX_TIMEOUT, wait->line_time));
}

/* One loss is chance: only after two it is the time-out that is too short, most likely. */
static guint
count_doublings (guint n_expired)
{
  return n_expired > 0 ? MIN (n_expired - 1, MAX_DOUBLINGS) : 0;
}

/* Where requests of the kind have not been answered often enough to judge. */
static gint64
get_careful_timeout (const PakRoundTrip *all, const PakWait *wait, guint n_expired)
{
  gint64 floor = MIN (wait->first_timeout, is_tried (all, wait) ? MIN_TIMEOUT : MIN_TIMEOUT_UNTRIED);

  /* Nobody has ever answered: most likely nobody will, and a person waits to hear so. */
  if (all->smoothed == 0)
    return limit ((wait->first_timeout + wait->line_time) * (n_expired == 0 ? 1 : 2), wait);
  return limit ((MAX (all->smoothed + 4 * all->variance, floor) + wait->line_time) << count_doublings (n_expired), wait);
}

gint64
pak_round_trip_get_timeout (const PakRoundTrip *all, const PakRoundTrip *kind, const PakWait *wait)
{
  /* Until a request of the kind is answered, the next one does not begin as short again (Karn). */
  guint n_earlier = MAX (wait->n_expired, MIN (kind->n_unanswered, MAX_FIRST_DOUBLINGS));
  gint64 margin = MAX (4 * kind->variance, MIN (MIN_MARGIN, wait->first_timeout));

  if (kind->n_samples < ENOUGH_SAMPLES || !is_tried (kind, wait))
    return get_careful_timeout (all, wait, wait->n_expired);
  return limit ((kind->smoothed + margin + wait->line_time) << count_doublings (n_earlier), wait);
}

gint64
pak_round_trip_get_patience (const PakRoundTrip *all, const PakWait *wait)
{
  guint n_tries = all->smoothed == 0 ? PATIENT_TRIES : PATIENT_TRIES_KNOWN;
  gint64 patience = 0;

  for (guint i = 0; i < n_tries; i++)
    patience += get_careful_timeout (all, wait, i);
  return patience;
}
