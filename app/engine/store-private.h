/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store.h"

G_BEGIN_DECLS

/** The file, for long reading through a connection of one's own. */
const char *op_store_get_path (OpStore *self);

G_END_DECLS
