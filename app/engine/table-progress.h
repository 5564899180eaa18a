/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station.h"

G_BEGIN_DECLS

/* For the collector, which fills in what OpTableProgress shows. */
OpTableProgress *op_table_progress_new    (const char *name);
/** Listeners hear of it some ten times a second at most. */
void             op_table_progress_set    (OpTableProgress *self, guint64 done, guint64 expected);
void             op_table_progress_finish (OpTableProgress *self);
/** How much of the table is done: 0 to 1. */
double           op_table_progress_get_fraction (OpTableProgress *self);

G_END_DECLS
