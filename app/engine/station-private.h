/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/connector.h"
#include "app/engine/station.h"

G_BEGIN_DECLS

/* How station-work.c, which connects and collects, changes what a station shows. */

OpStationRecord *op_station_get_record    (OpStation *self);
/** FALSE when something runs already. Otherwise returns, in @cancellable, what op_station_cancel() cancels. */
gboolean         op_station_begin_work    (OpStation *self, GCancellable **cancellable);
/** @error: why it failed, NULL when it went well; being cancelled says nothing of the station. */
void             op_station_end_work      (OpStation *self, const GError *error);
void             op_station_set_activity  (OpStation *self, OpStationActivity activity);
gboolean         op_station_is_working    (OpStation *self);
/** Takes a copy of what was saved. */
void             op_station_take_record   (OpStation *self, const OpStationRecord *record);
/** Takes over what a connection learned; the logger is then open. */
void             op_station_take_connection (OpStation *self, OpLogger *logger, OpConnection *connection);
/** Takes over a later reading of the clock. */
void             op_station_take_clock    (OpStation *self, OpClockReading *clock);
void             op_station_set_tables    (OpStation *self, GPtrArray *tables);
GListStore      *op_station_get_progress_store (OpStation *self);
void             op_station_set_fraction  (OpStation *self, double fraction);
void             op_station_set_has_gap   (OpStation *self, gboolean has_gap);
void             op_station_emit_changed  (OpStation *self);

/* Its link to the logger (station-link.c). */

typedef struct _OpStationLink OpStationLink;
OpStationLink   *op_station_link_new      (OpStation *station);
/** Only when nothing is open any more. */
void             op_station_link_free     (OpStationLink *link);
OpStationLink   *op_station_get_link      (OpStation *self);
gint             op_station_get_security  (OpStation *self);
/** A logger for a new connection. */
OpLogger        *op_station_make_logger   (OpStation *self, gint security, GError **error);
void             op_station_pass_on_steps (OpStation *self, OpLogger *logger);
/** The logger is open now. */
void             op_station_take_logger   (OpStation *self, OpLogger *logger);
/** Counts who holds the connection (station-hold.h). */
void             op_station_change_holds  (OpStation *self, gint change);
/** Takes leave when nobody holds the connection and no work runs. */
void             op_station_disconnect_unless_held (OpStation *self);
/** Lets go of a logger that ended while work ran. */
void             op_station_drop_ended_link (OpStation *self);

G_END_DECLS
