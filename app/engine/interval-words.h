/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-time.h"

G_BEGIN_DECLS

/** "1 min", "7 days", "250 ms", in the largest unit of which it is a whole number; "event" for 0. */
char *op_interval_dup_words (OpTime interval);

G_END_DECLS
