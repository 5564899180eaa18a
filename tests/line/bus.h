/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/* Bus: one pair of wires with several taps: what one says, all others hear. */
typedef struct _Bus Bus;

Bus         *bus_new     (void);
void         bus_free    (Bus *bus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bus, bus_free)
/* Another tap, to be opened by who uses it. */
OpTransport *bus_new_tap (Bus *bus);

G_END_DECLS
