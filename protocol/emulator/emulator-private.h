/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/emulator.h"

G_BEGIN_DECLS

/** As op_emulator_serve(), but serves @transport again whenever it was closed. */
void op_emulator_keep_serving (OpEmulator *self, OpTransport *transport);

G_END_DECLS
