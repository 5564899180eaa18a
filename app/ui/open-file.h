/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/formats/toa5.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** OpOpenFile: a data file that was read. */
#define OP_TYPE_OPEN_FILE (op_open_file_get_type ())
G_DECLARE_FINAL_TYPE (OpOpenFile, op_open_file, OP, OPEN_FILE, GObject)

/** @content is taken over. */
OpOpenFile       *op_open_file_new         (GFile *file, OpDataFile *content);
GFile            *op_open_file_get_file    (OpOpenFile *self);
const char       *op_open_file_get_name    (OpOpenFile *self);
const OpDataFile *op_open_file_get_content (OpOpenFile *self);

G_END_DECLS
