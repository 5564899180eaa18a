/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/virtual-station.h"

G_BEGIN_DECLS

/**
 * OpDump: every record that the station ever stored as TOA5, one file a table: the oracle for what is collected.
 * Files are named @path with the table's name before the extension: dump.dat → dump.OneMin.dat.
 */
typedef struct _OpDump OpDump;

/** Writes all records held now. */
OpDump *op_dump_new   (OpVirtualStation *station, const char *path, GError **error);
void    op_dump_free  (OpDump *dump);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpDump, op_dump_free)
/** Appends what was stored since. */
void    op_dump_flush (OpDump *dump);

G_END_DECLS
