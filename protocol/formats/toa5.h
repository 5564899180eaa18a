/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/formats/data-file.h"

G_BEGIN_DECLS

/** Appends the four header lines, lines ended by CR LF as the vendor's converter does. */
void op_toa5_append_header (GString *out, const OpDataOrigin *origin, const OpTable *table);
/** Appends rows @first to @first + @count of @batch, which must hold all columns of its table. */
void op_toa5_append_records (GString *out, const OpBatch *batch, gsize first, gsize count);
/** Appends the two header lines of TOACI1 (file-formats.md, section 2); its records are those of TOA5. */
void op_toaci1_append_header (GString *out, const OpDataOrigin *origin, const OpTable *table);

/** Reads text that is all in memory. Errors: OP_FORMAT_ERROR. Damaged lines are listed, not fatal. */
OpDataFile *op_toa5_parse (const char *text, gsize length, GError **error);

G_END_DECLS
