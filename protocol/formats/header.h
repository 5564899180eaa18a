/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/formats/line-reader.h"

G_BEGIN_DECLS

/** What a data file's first line says of its origin (file-formats.md, section 1). Never NULL. */
typedef struct
{
  char   *station;
  char   *model;
  char   *serial;
  char   *os;
  char   *program;
  guint16 program_signature;
} OpDataOrigin;
void op_data_origin_free (OpDataOrigin *origin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpDataOrigin, op_data_origin_free)
OpDataOrigin *op_data_origin_copy (const OpDataOrigin *origin);

/** OpHeaderForm: how the header of a format is laid out (file-formats.md, sections 1 to 3). */
typedef struct
{
  const char *tag;     /* the first value */
  guint       n_lines;
  guint       n_cells; /* of the first line */
  gboolean    is_text; /* whether the records behind it are lines of text */
} OpHeaderForm;

/** The form whose tag is the first value of the line that was read last, or NULL. */
const OpHeaderForm *op_header_form_find (const OpLineReader *lines);

/* The lines of a header by their place; a form of fewer lines has but the first ones. */
enum
{
  OP_HEADER_ORIGIN,
  OP_HEADER_NAMES,
  OP_HEADER_UNITS,
  OP_HEADER_PROCESSING,
  OP_HEADER_TYPES,
  OP_HEADER_MAX_LINES,
};

/** OpHeader: the lines of text that a data file begins with. Those that describe columns have equally many values. */
typedef struct
{
  const OpHeaderForm *form;
  OpDataOrigin       *origin;
  char               *table_name;
  GPtrArray          *texts[OP_HEADER_MAX_LINES]; /* (element-type utf8) of each column; NULL for a line that is none */
  GBytes             *lines[OP_HEADER_MAX_LINES]; /* as they stand in the text that was read */
} OpHeader;

void     op_header_clear (OpHeader *header);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OpHeader, op_header_clear)
/** Reads a header into @header, which is zero. Errors: OP_FORMAT_ERROR, which name the line; those of the stream. */
gboolean op_header_read  (OpHeader *header, OpLineReader *lines, GError **error);
/** The text of column @column in one of the lines; "" where the form has no such line. */
const char *op_header_get_text (const OpHeader *header, guint line, guint column);

typedef enum
{
  OP_FORMAT_ERROR_UNKNOWN, /* not a file of a known format */
  OP_FORMAT_ERROR_HEADER,  /* the header is damaged; the message says where */
  OP_FORMAT_ERROR_SIZE,    /* too large to be held in memory */
} OpFormatError;
#define OP_FORMAT_ERROR (op_format_error_quark ())
GQuark op_format_error_quark (void);

G_END_DECLS
