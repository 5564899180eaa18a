/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/clock-change.h"
#include "app/engine/clock-drift.h"
#include "app/engine/station.h"

G_BEGIN_DECLS

typedef enum
{
  OP_CLOCK_IDLE,
  OP_CLOCK_CHECKING,   /* connecting and looking */
  OP_CLOCK_COLLECTING, /* before the clock is set */
  OP_CLOCK_SETTING,    /* looking, waiting for the moment, adjusting, looking again */
} OpClockState;

/**
 * OpClockKeeper: looks at and sets the clock of one station, and keeps the history of it in the store.
 *
 * Properties (read, notify): "state" OpClockState, "moment" int64: while the clock is being set, when it will be
 * adjusted, µs since 1970 UTC by this computer; 0: not known yet.
 * Signal "changed": there is another look, history or UTC offset.
 *
 * The offset of a clock is its time minus this computer's in the station's zone, which never follows daylight saving.
 */
#define OP_TYPE_CLOCK_KEEPER (op_clock_keeper_get_type ())
G_DECLARE_FINAL_TYPE (OpClockKeeper, op_clock_keeper, OP, CLOCK_KEEPER, GObject)
#define OP_TYPE_CLOCK_STATE  (op_clock_state_get_type ())
GType op_clock_state_get_type (void);

OpClockKeeper      *op_clock_keeper_new        (OpStation *station);
OpStation          *op_clock_keeper_get_station (OpClockKeeper *self);
OpClockState        op_clock_keeper_get_state  (OpClockKeeper *self);
gint64              op_clock_keeper_get_moment (OpClockKeeper *self);
/** The last look, or NULL. */
const OpClockLook  *op_clock_keeper_get_look   (OpClockKeeper *self);
/** Seconds east of UTC of the station's clock. @chosen (may be NULL): FALSE when it is this computer's standard one. */
gint                op_clock_keeper_get_utc_offset (OpClockKeeper *self, gboolean *chosen);
/** The quarter of an hour nearest to what the clock shows; FALSE when it shows none, or there was no look. */
gboolean            op_clock_keeper_propose_utc_offset (OpClockKeeper *self, gint *utc_offset_s);
/** Keeps the UTC offset for good; the history's offsets change with it. */
void                op_clock_keeper_set_utc_offset_async  (OpClockKeeper *self, gint utc_offset_s,
                                                           GCancellable *cancellable, GAsyncReadyCallback callback,
                                                           gpointer data);
gboolean            op_clock_keeper_set_utc_offset_finish (OpClockKeeper *self, GAsyncResult *result, GError **error);

/** What following @order now would do, by the last look; NULL when there was none. */
OpClockPlan        *op_clock_keeper_plan       (OpClockKeeper *self, const OpClockOrder *order);

/** Connects if need be, looks, and keeps that. One call at a time: another one fails with G_IO_ERROR_BUSY. */
void                op_clock_keeper_check_async  (OpClockKeeper *self, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer data);
gboolean            op_clock_keeper_check_finish (OpClockKeeper *self, GAsyncResult *result, GError **error);
/**
 * As op_clock_change_async(), after new records were collected when @collect_first. What was done is in the history
 * before it is told.
 */
void                op_clock_keeper_set_async    (OpClockKeeper *self, const OpClockOrder *order,
                                                  gboolean collect_first, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer data);
/** Free it with g_free(). */
OpClockChange      *op_clock_keeper_set_finish   (OpClockKeeper *self, GAsyncResult *result, GError **error);

/** Reads the history from the store. */
void                op_clock_keeper_load_async   (OpClockKeeper *self, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer data);
gboolean            op_clock_keeper_load_finish  (OpClockKeeper *self, GAsyncResult *result, GError **error);
/** (element-type OpClockEvent): by time; empty until it is loaded. */
GPtrArray          *op_clock_keeper_get_history  (OpClockKeeper *self);
/** What the history says; NULL while there is none. Its checks are the history's events, in order. */
const OpClockDrift *op_clock_keeper_get_drift    (OpClockKeeper *self);
/** The history as CSV with a heading, times in UTC, lines ended by LF. Free it. */
char               *op_clock_keeper_dup_csv      (OpClockKeeper *self);

G_END_DECLS
