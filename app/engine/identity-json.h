/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"

G_BEGIN_DECLS

/* An identity as the store keeps it. */
char       *op_identity_to_json   (const OpIdentity *identity);
/** NULL when @json is NULL or no identity; members that are missing become "" and 0. */
OpIdentity *op_identity_from_json (const char *json);

G_END_DECLS
