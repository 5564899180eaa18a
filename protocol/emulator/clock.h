/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-time.h"

G_BEGIN_DECLS

/**
 * OpRun: a time during which the logger measured and its clock went on without being set, as a half-open span of
 * its own time: what falls after @from and not after @to was stored.
 */
typedef struct
{
  OpTime from;
  OpTime to;
} OpRun;

/**
 * OpVirtualClock: a logger's clock, which runs on this computer's monotonic time, and what became of it: setting
 * it, a reboot, a power failure or a program that stops ends a run; another begins the next.
 */
typedef struct _OpVirtualClock OpVirtualClock;

/** It runs from now on, @offset_ns ahead of this computer's local standard time (without daylight saving). */
OpVirtualClock *op_virtual_clock_new        (gint64 offset_ns, double drift_ppm);
void            op_virtual_clock_free       (OpVirtualClock *clock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpVirtualClock, op_virtual_clock_free)
OpTime          op_virtual_clock_now        (const OpVirtualClock *clock);
/** Adds @adjustment, which ends the run. */
void            op_virtual_clock_adjust     (OpVirtualClock *clock, gint64 adjustment);
/** Loses power: ends the run; the next one begins @off later. */
void            op_virtual_clock_interrupt  (OpVirtualClock *clock, gint64 off);
/** Ends the run: the clock goes on, but nothing is measured until it is started. */
void            op_virtual_clock_stop       (OpVirtualClock *clock);
/** Ends the run, if one goes on; the next one begins @after from now. */
void            op_virtual_clock_start      (OpVirtualClock *clock, gint64 after);
/** Whether the logger has power. */
gboolean        op_virtual_clock_is_running (const OpVirtualClock *clock);

/** The last run has no end yet: its @to is now. */
guint           op_virtual_clock_get_n_runs (const OpVirtualClock *clock);
OpRun           op_virtual_clock_get_run    (const OpVirtualClock *clock, guint i);
/** Gives the clock a past: runs in order, the last of which still goes on and is the one that there was. */
void            op_virtual_clock_set_past   (OpVirtualClock *clock, const OpRun *runs, guint n_runs);

G_END_DECLS
