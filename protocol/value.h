/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-time.h"

#include <gio/gio.h>
#include <math.h>

G_BEGIN_DECLS

/** OpType: data types by their wire code (BMP5 manual, Appendix A). */
typedef enum
{
  OP_TYPE_BYTE = 1,
  OP_TYPE_UINT2 = 2,
  OP_TYPE_UINT4 = 3,
  OP_TYPE_INT1 = 4,
  OP_TYPE_INT2 = 5,
  OP_TYPE_INT4 = 6,
  OP_TYPE_FP2 = 7,
  OP_TYPE_FP4 = 8,
  OP_TYPE_IEEE4 = 9,
  OP_TYPE_BOOL = 10,
  OP_TYPE_ASCII = 11,
  OP_TYPE_SEC = 12,
  OP_TYPE_USEC = 13,
  OP_TYPE_NSEC = 14,
  OP_TYPE_FP3 = 15,
  OP_TYPE_ASCIIZ = 16,
  OP_TYPE_BOOL8 = 17,
  OP_TYPE_IEEE8 = 18,
  OP_TYPE_SHORT = 19,
  OP_TYPE_LONG = 20,
  OP_TYPE_USHORT = 21,
  OP_TYPE_ULONG = 22,
  OP_TYPE_SECNANO = 23,
  OP_TYPE_IEEE4L = 24,
  OP_TYPE_IEEE8L = 25,
  OP_TYPE_BOOL2 = 27,
  OP_TYPE_BOOL4 = 28,
} OpType;

/** OpKind: the form in which a type's values travel upward. */
typedef enum
{
  OP_KIND_NUMBER, /* double: exact for every number type */
  OP_KIND_TIME,   /* OpTime */
  OP_KIND_TEXT,   /* UTF-8 (bytes that are not UTF-8 are taken as Windows-1252) */
} OpKind;

#define OP_VALUE_TEXT_SIZE 40

gboolean    op_type_is_known  (guint code);
/** The manual's name: "IEEE4B", "FP2", ... ; "type N" for an unknown code. */
const char *op_type_name      (OpType type);
/** The type of that name, letter case aside. */
gboolean    op_type_find      (const char *name, OpType *type);
/** Bytes a value; 1 for ASCII (a character); 0 for ASCIIZ, whose length is in the data. */
gsize       op_type_size      (OpType type);
OpKind      op_type_kind      (OpType type);
/** Whether its values are true and false; not Bool8, which is eight of them. */
gboolean    op_type_is_boolean (OpType type);

/** Which numbers of a type are none: those of at least that size, and one more of either sign (NAN: no other). */
typedef struct
{
  double from;
  double also;
} OpFlags;
/**
 * What says in a type that there is no number: NAN and infinities; in an FP2 also ±7999 and ±6999, the ends of its
 * range on CR1000 and CR10 type loggers; in a float of 4 or 8 bytes ±99999, that of high resolution (file-formats.md
 * sections 3 and 5; mixed-array-facts.md). Integers have no such values.
 */
OpFlags     op_type_get_flags (OpType type);
/** Whether @number is one of them; for NAN it is, too. */
static inline gboolean
op_flags_contain (OpFlags flags, double number)
{
  double size = number < 0 ? -number : number;

  return !(size < flags.from) || size == flags.also;
}
/** @number, or NAN for a flag. */
static inline double
op_flags_clear (OpFlags flags, double number)
{
  return op_flags_contain (flags, number) ? NAN : number;
}
/** op_flags_contain() of a single number. */
gboolean    op_value_is_flag  (OpType type, double number);
/** Decodes op_type_size() bytes of a number type. FP2's specials become NAN and ±INF; true is -1, false 0. */
double      op_value_get_number (OpType type, const guint8 *bytes);
/**
 * Decodes @count values that lie @stride bytes apart: the fast way for a column (no allocation).
 * @type must be of kind OP_KIND_NUMBER; the caller has checked that all bytes are there.
 */
void        op_value_get_numbers (OpType type, const guint8 *bytes, gsize stride, gsize count, double *numbers);
OpTime      op_value_get_time   (OpType type, const guint8 *bytes);
/**
 * Encodes @number into op_type_size() bytes. Fails with OP_VALUE_ERROR_RANGE when the type cannot hold it
 * (NAN in an integer, 70000 in a UInt2); floating types round to nearest, FP2 picks the most decimals.
 */
gboolean    op_value_set_number (OpType type, double number, guint8 *bytes, GError **error);
void        op_value_set_time   (OpType type, OpTime time, guint8 *bytes);
/**
 * Writes a number as the vendor's converter writes it in TOA5 (file-formats.md, section 1): FP2 %g,
 * IEEE4 %.7G, IEEE8 %.15G, Boolean -1 or 0. NAN, INF and -INF and Bool8 come without the quotes that TOA5
 * puts around them. Returns the length.
 */
gsize       op_value_format_number (OpType type, double number, char text[OP_VALUE_TEXT_SIZE]);

typedef enum
{
  OP_VALUE_ERROR_RANGE,
  OP_VALUE_ERROR_TYPE,
  OP_VALUE_ERROR_NAME,  /* no such table or field */
} OpValueError;
#define OP_VALUE_ERROR (op_value_error_quark ())
GQuark op_value_error_quark (void);

G_END_DECLS
