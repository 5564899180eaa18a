/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/formats/cell.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** What a line, or a value with all the lines that it goes on in, may take; more is a problem of the line. */
#define OP_LINE_MAX_BYTES (1024 * 1024)

/**
 * OpLineReader: takes comma-separated text apart, line by line. Lines end with LF or CR LF. Of a stream it holds but a
 * window, in which the line that was read last lies whole.
 */
typedef struct
{
  const char   *at;
  const char   *end;
  guint         line;      /* number of the line that was read last, from 1 */
  guint         next_line;
  const char   *start;     /* that line as it stands, without its end; valid until the next is read */
  gsize         length;
  GArray       *cells;     /* of OpCell; none of a line that is cut */
  const char   *problem;   /* translated; NULL when the line is sound */
  gboolean      cut;       /* the line is too long; what @start and @length tell is but its beginning */
  /* The window of a stream; all text that is in memory is one. */
  GInputStream *stream;
  GCancellable *cancellable;
  char         *buffer;
  gsize         capacity;
  goffset       offset;    /* of the buffer in the stream */
  gboolean      at_eof;
  gboolean      ran_out;   /* the window ended before the line did */
  GError       *error;     /* the stream's */
} OpLineReader;

/** Reads text in memory, which must live as long. */
void     op_line_reader_init  (OpLineReader *reader, const char *text, gsize length);
/** Reads a stream through a window of @n_bytes, which grows for a line that is longer. Keeps a reference on @stream. */
void     op_line_reader_init_stream (OpLineReader *reader, GInputStream *stream, gsize n_bytes,
                                     GCancellable *cancellable);
void     op_line_reader_clear (OpLineReader *reader);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OpLineReader, op_line_reader_clear)
/** Reads the next line; FALSE at the end or with @error set. A quoted value may go on in the next line. */
gboolean op_line_reader_next  (OpLineReader *reader);
/** Where in the stream the next line begins. */
goffset  op_line_reader_tell  (const OpLineReader *reader);
/** Goes to where, in the stream, the line of number @next_line begins. */
gboolean op_line_reader_seek  (OpLineReader *reader, goffset offset, guint next_line, GError **error);

G_END_DECLS
