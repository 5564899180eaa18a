/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/live-field.h"
#include "app/engine/station.h"
#include "app/engine/value-write.h"

G_BEGIN_DECLS

typedef enum
{
  OP_LIVE_STOPPED,
  OP_LIVE_CONNECTING,
  OP_LIVE_RUNNING,
  OP_LIVE_WAITING, /* the last try failed; it tries again by itself */
  OP_LIVE_FAILED,  /* trying again by itself would not help: op_live_values_try_again() */
} OpLiveState;

/**
 * OpLiveValues: reads chosen fields of a station again and again, one request a table, and keeps their newest records.
 * It holds the station's connection while it runs. However short the chosen interval is, the link is left alone for
 * half of the time; after trouble it waits longer from try to try.
 *
 * Properties (read, notify): "state" OpLiveState, "interval" int64 (µs between two readings, as the link lets it be),
 * "tables" boolean: the definitions are known (again), and the fields are those of them.
 * Signal "read": all tables were read once more.
 */
#define OP_TYPE_LIVE_VALUES (op_live_values_get_type ())
G_DECLARE_FINAL_TYPE (OpLiveValues, op_live_values, OP, LIVE_VALUES, GObject)

OpLiveValues *op_live_values_new          (OpStation *station);
OpStation    *op_live_values_get_station  (OpLiveValues *self);
/**
 * Chooses "TABLE.FIELD" (a whole array) or "TABLE.FIELD(3)"; NULL: the first ones of Public, or of the first table,
 * once the definitions are known.
 */
void          op_live_values_set_fields   (OpLiveValues *self, const char *const *names);
/** (GListModel of OpLiveField) */
GListModel   *op_live_values_get_fields   (OpLiveValues *self);
/** The definitions (element-type OpTable), or NULL before they are known. */
GPtrArray    *op_live_values_get_tables   (OpLiveValues *self);
/** µs, at least 100,000. */
void          op_live_values_set_interval (OpLiveValues *self, gint64 interval_us);
gint64        op_live_values_get_interval (OpLiveValues *self);
OpLiveState   op_live_values_get_state    (OpLiveValues *self);
/** Why the last try failed; NULL when it did not. */
const GError *op_live_values_get_error    (OpLiveValues *self);

void          op_live_values_start        (OpLiveValues *self);
/** Nothing is asked from now on. */
void          op_live_values_stop         (OpLiveValues *self);
/** Now, instead of later or never. */
void          op_live_values_try_again    (OpLiveValues *self);

/** As op_value_write_async(), over the held connection; what is read next shows it. Fails when there is none. */
void          op_live_values_write_async  (OpLiveValues *self, const OpValueSpan *span, GBytes *values,
                                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
OpWritten    *op_live_values_write_finish (OpLiveValues *self, GAsyncResult *result, GError **error);

#define OP_TYPE_LIVE_STATE (op_live_state_get_type ())
GType         op_live_state_get_type      (void);

G_END_DECLS
