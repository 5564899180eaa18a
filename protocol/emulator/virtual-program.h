/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/virtual-station.h"

G_BEGIN_DECLS

/* The program of a station (manual 2.3.3.4 and 2.3.3.5): it is not executed, but compiled, run, stopped and paused. */

/**
 * Compiles the file's text, from @after ns on, and runs it. All tables begin anew unless @keeps_data. The size
 * of a table that a DataTable statement gives becomes that of the station's table of that name. A CR200 takes what
 * begins with its operating system's version, "v03A", for a program compiled for it.
 */
void  op_virtual_station_run_program    (OpVirtualStation *station, OpVirtualFile *file, gint64 after,
                                         gboolean keeps_data);
/** Puts in force the sizes of tables that @text gives; a table whose size changes begins anew. */
void  op_virtual_station_size_tables    (OpVirtualStation *station, const char *text);
/** From @after ns on it takes its time to compile. */
void  op_virtual_station_compile        (OpVirtualStation *station, gint64 after);
void  op_virtual_station_stop_program   (OpVirtualStation *station);
void  op_virtual_station_pause_program  (OpVirtualStation *station);
/** Goes on with a program that was paused. */
void  op_virtual_station_resume_program (OpVirtualStation *station);

G_END_DECLS
