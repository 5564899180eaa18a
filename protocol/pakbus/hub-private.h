/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/port-private.h"

G_BEGIN_DECLS

/* The ports that are open in this thread, by the line they are on. Holds no references. */
PakPort *pak_hub_find   (const char *line);
void     pak_hub_add    (const char *line, PakPort *port);
void     pak_hub_remove (const char *line, PakPort *port);

G_END_DECLS
