/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the program remembers of its looks from one run to the next, in $XDG_STATE_HOME/outpost/window.ini. */

void  op_state_restore_window (GtkWindow *window);
void  op_state_save_window    (GtkWindow *window);
/** "follow", "light" or "dark". */
char *op_state_dup_style      (void);
void  op_state_save_style     (const char *style);
/** Seconds by which a clock may be off, more than 0. */
double op_state_get_clock_threshold  (void);
void   op_state_save_clock_threshold (double seconds);

/* What a person chose to see of a station. */
/** NULL when nothing is kept. */
char **op_state_dup_station_texts  (gint64 station, const char *key);
void   op_state_save_station_texts (gint64 station, const char *key, const char *const *texts);
void   op_state_forget_station     (gint64 station);

G_END_DECLS
