/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/pak-settings.h"

G_BEGIN_DECLS

/* Loggers with a small buffer, settings as strings and no security: the CR200 series (manual, section 3). */

/* Whether a logger of this operating system is worth asking for its settings as strings. */
gboolean pak_os_may_be_small   (const char *os_version);
/* Whether it is one, "CR200", "CR206X": none of the others is called so. */
gboolean pak_model_is_small    (const char *model);
/* The longest packet that it takes, by its settings (element-type PakNamedSetting). */
guint16  pak_small_get_max_packet (GPtrArray *settings);

G_END_DECLS
