/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpSidebar: the stations and the open data files. Signals:
 * "chosen" (GObject *item): an OpStation or OpOpenFile is selected.
 * "activated": the person wants to go on to what is selected (matters in a narrow window).
 */
#define OP_TYPE_SIDEBAR (op_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (OpSidebar, op_sidebar, OP, SIDEBAR, GtkBox)

/** @stations: (GListModel of OpStation) @files: (GListModel of OpOpenFile) */
void op_sidebar_set_models (OpSidebar *self, GListModel *stations, GListModel *files);
void op_sidebar_set_menu   (OpSidebar *self, GMenuModel *menu);
void op_sidebar_select     (OpSidebar *self, gpointer item);
/** The sidebar stands alone in a narrow window. */
void op_sidebar_set_folded (OpSidebar *self, gboolean folded);
void op_sidebar_search     (OpSidebar *self);

G_END_DECLS
