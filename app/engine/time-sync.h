/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** Whether this computer's own clock can be trusted. */
typedef enum
{
  OP_TIME_SYNC_UNKNOWN, /* nobody here tells */
  OP_TIME_SYNC_OFF,
  OP_TIME_SYNC_WAITING, /* it is to be synchronised, but is not yet */
  OP_TIME_SYNC_ON,
} OpTimeSync;

/**
 * Asks org.freedesktop.timedate1 for its properties NTP and NTPSynchronized (its D-Bus interface: man
 * org.freedesktop.timedate1). @bus: NULL for the system's.
 */
void       op_time_sync_read_async  (GDBusConnection *bus, GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer data);
OpTimeSync op_time_sync_read_finish (GAsyncResult *result);

G_END_DECLS
