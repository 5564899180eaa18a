/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/clock-change.h"
#include "app/engine/clock-drift.h"
#include "app/engine/station.h"

G_BEGIN_DECLS

/** What the events of a history (element-type OpClockEvent, by time) say. */
OpClockDrift *op_clock_history_get_drift (GPtrArray *events);
/** "set by somebody else": a step in words for people. */
const char   *op_clock_step_get_words    (OpClockStepKind kind);
/** As op_clock_keeper_dup_csv(). */
char         *op_clock_history_dup_csv   (GPtrArray *events);

/**
 * Keeps a look, or a set with the looks before and after it, by this person, in the history of @station, and saves
 * what the station knows of its clock. Of a station that is not saved nothing is kept.
 */
void          op_clock_history_add_async  (OpStation *station, const OpClockChange *change,
                                           GAsyncReadyCallback callback, gpointer data);
/** Returns: (element-type OpClockEvent) (transfer full): the history */
GPtrArray    *op_clock_history_add_finish (OpStation *station, GAsyncResult *result, GError **error);

/** Keeps a single reading, as connecting makes one. Not being able to is no harm. */
void          op_clock_history_add_reading (OpStation *station, const OpClockReading *reading);

G_END_DECLS
