/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/clock-plan.h"

G_BEGIN_DECLS

/** What became of a clock. */
typedef struct
{
  OpClockLook before;
  OpClockLook after;        /* as @before when nothing was done */
  gboolean    set;
  gint64      adjusted_us;  /* what was added in all; 0 when it was not set */
  gint64      set_unix_us;  /* when, by this computer */
} OpClockChange;

/** Called when the moment that is waited for is known, µs since 1970 UTC by this computer. */
typedef void (*OpClockWaitFunc) (gint64 at_unix_us, gpointer data);

/**
 * Sets the clock of an open logger as @order wants it: looks, waits for the moment of its plan, adjusts once by the
 * difference, and looks again. An adjustment whose answer was lost is never sent again before another look shows
 * that it was not made. Fails with OP_CLOCK_ERROR_HARM before it adjusts anything when records would be skipped or
 * stored twice and the order does not accept that.
 * @tables (element-type OpTable): the logger's definitions. @wait: may be NULL.
 */
void           op_clock_change_async  (OpLogger *logger, GPtrArray *tables, const OpClockOrder *order,
                                       gint utc_offset_s, OpClockWaitFunc wait, gpointer wait_data,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/** Free it with g_free(). */
OpClockChange *op_clock_change_finish (OpLogger *logger, GAsyncResult *result, GError **error);

typedef enum
{
  OP_CLOCK_ERROR_HARM,
} OpClockError;
#define OP_CLOCK_ERROR (op_clock_error_quark ())
GQuark op_clock_error_quark (void);

G_END_DECLS
