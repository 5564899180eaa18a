/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

/** OpWindow: the list of stations at the left, the chosen one at the right; alone when narrow. */
#define OP_TYPE_WINDOW (op_window_get_type ())
G_DECLARE_FINAL_TYPE (OpWindow, op_window, OP, WINDOW, AdwApplicationWindow)

GtkWidget *op_window_new       (AdwApplication *application, OpStore *store, OpStationList *stations);
/** Reads a data file and shows it. */
void       op_window_open_file (OpWindow *self, GFile *file);

G_END_DECLS
