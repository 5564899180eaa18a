/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/formats/cell.h"

G_BEGIN_DECLS

/** OpLineReader: takes comma-separated text apart, line by line, without copying it. Lines end with LF or CR LF. */
typedef struct
{
  const char *at;
  const char *end;
  guint       line;      /* number of the line that was read last, from 1 */
  guint       next_line;
  const char *start;     /* that line as it stands, without its end */
  gsize       length;
  GArray     *cells;     /* of OpCell */
  const char *problem;   /* translated; NULL when the line is sound */
} OpLineReader;

void     op_line_reader_init  (OpLineReader *reader, const char *text, gsize length);
void     op_line_reader_clear (OpLineReader *reader);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OpLineReader, op_line_reader_clear)
/** Reads the next line; FALSE at the end. A quoted value may go on in the next line. */
gboolean op_line_reader_next  (OpLineReader *reader);

G_END_DECLS
