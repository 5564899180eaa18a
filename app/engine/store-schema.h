/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-db.h"

G_BEGIN_DECLS

#define OP_DB_APPLICATION_ID 0x4F505354 /* "OPST" */
#define OP_DB_NEWEST_VERSION 4

/** Makes an empty file a store, and a store of an older version one of @version. */
gboolean op_db_migrate (OpDb *db, gint version, GError **error);

G_END_DECLS
