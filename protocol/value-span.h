/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/table.h"

G_BEGIN_DECLS

/**
 * OpValueSpan: consecutive elements of one field, to be read or set by name. Their bytes are those of @type, one
 * value behind the other; strings of ASCII take @text_size bytes each, padded with NUL.
 */
typedef struct
{
  char    *table;
  char    *field;      /* the first element, with its index where there is one: "Soil_T(3)" */
  OpType   type;
  guint    count;      /* elements: strings count as one each */
  guint    text_size;  /* characters a string of ASCII; 0 for other types */
  OpTable *definition; /* NULL when not known */
  guint    column;     /* of the first element, in @definition */
} OpValueSpan;

OpValueSpan *op_value_span_new  (const char *table, const char *field, OpType type, guint count, guint text_size);
OpValueSpan *op_value_span_copy (const OpValueSpan *span);
void         op_value_span_free (OpValueSpan *span);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpValueSpan, op_value_span_free)
/**
 * The elements that "Table.Field" or "Table.Field(3)" means in @tables (element-type OpTable). @count 0: the whole
 * array, or the one element whose index is given. Errors: OP_VALUE_ERROR_NAME, OP_VALUE_ERROR_RANGE.
 */
OpValueSpan *op_value_span_resolve (const GPtrArray *tables, const char *name, guint count, GError **error);
/**
 * @count elements of it from the one @first places behind. Errors: OP_VALUE_ERROR_NAME when it cannot be told how
 * the first one is called, as several indices count up in a way that only the definition tells.
 */
OpValueSpan *op_value_span_slice (const OpValueSpan *span, guint first, guint count, GError **error);
/** Bytes an element; 0 for ASCIIZ, whose length is in the data. */
gsize        op_value_span_element_size (const OpValueSpan *span);
/** Whether @bytes are @span's values, no more and no less. Errors: OP_VALUE_ERROR_RANGE. */
gboolean     op_value_span_check (const OpValueSpan *span, GBytes *bytes, GError **error);

/* One element of bytes that were checked. */
/** A number type's value. */
double       op_value_span_get_number (const OpValueSpan *span, GBytes *bytes, guint i);
/** As it is written in TOA5, without quotes. */
char        *op_value_span_dup_text   (const OpValueSpan *span, GBytes *bytes, guint i);
/**
 * Bytes of @count texts: numbers (NAN, INF, true and false too), times, or strings. Errors: OP_VALUE_ERROR_RANGE,
 * naming the text.
 */
GBytes      *op_value_span_parse      (const OpValueSpan *span, const char *const *texts, GError **error);
/**
 * Whether both are the same values. NAN equals NAN; 8-byte floats that are the same as 4-byte ones count as equal,
 * because a field may be narrower than the type it is read in.
 */
gboolean     op_value_span_is_equal   (const OpValueSpan *span, GBytes *a, GBytes *b);

G_END_DECLS
