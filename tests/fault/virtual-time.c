/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fault/virtual-time.h"

#include <poll.h>
#include <sys/time.h>
#include <time.h>

#define STARTED_US (1000 * G_USEC_PER_SEC)

static gint64 now_us = STARTED_US;
/* What the computer's clock is ahead of that; at first it shows 2026-11-21 00:16:40 UTC. */
static gint64 epoch_us = G_GINT64_CONSTANT (1795219200) * G_USEC_PER_SEC;

/* These take the place of the C library's: GLib's clocks read them. */

int
clock_gettime (clockid_t clock, struct timespec *time)
{
  /* Whoever looks at the clock again and again sees it go on. */
  gint64 us = ++now_us;

  if (clock == CLOCK_REALTIME)
    us += epoch_us;
  *time = (struct timespec) { us / G_USEC_PER_SEC, us % G_USEC_PER_SEC * 1000 };
  return 0;
}

int
gettimeofday (struct timeval *time, void *zone)
{
  struct timespec precise;

  clock_gettime (CLOCK_REALTIME, &precise);
  *time = (struct timeval) { precise.tv_sec, precise.tv_nsec / 1000 };
  return 0;
}

static gint
skip_poll (GPollFD *fds, guint n_fds, gint timeout_ms)
{
  gint n_ready = poll ((struct pollfd *) fds, n_fds, 0);

  if (n_ready != 0 || timeout_ms == 0)
    return n_ready;
  if (timeout_ms < 0)
    g_error ("The main loop waits for ever");
  now_us += timeout_ms * G_GINT64_CONSTANT (1000);
  return 0;
}

void
virtual_time_install (void)
{
  G_STATIC_ASSERT (sizeof (GPollFD) == sizeof (struct pollfd));
  g_main_context_set_poll_func (NULL, skip_poll);
}

gint64
virtual_time_get (void)
{
  return now_us - STARTED_US;
}

void
virtual_time_set_clock (gint64 unix_us)
{
  epoch_us = unix_us - now_us;
}
