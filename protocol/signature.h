/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define OP_SIGNATURE_SEED 0xAAAA

/** CSI signature (BMP5 manual, Appendix B). For a block in pieces pass the last result as @seed. */
guint16 op_signature           (const guint8 *bytes, gsize length, guint16 seed);
/** The two bytes (first in the high byte) that, appended to the block with signature @signature, make it 0. */
guint16 op_signature_nullifier (guint16 signature);

G_END_DECLS
