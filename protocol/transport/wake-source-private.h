/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * A source that sleeps until someone, in any thread, sets its ready time (g_source_set_ready_time(): 0 for at
 * once); @func then runs once, after which it sleeps again. Attached to the caller's thread-default context;
 * destroy and unref it.
 */
GSource *op_wake_source_attach (GSourceFunc func, gpointer data);

G_END_DECLS
