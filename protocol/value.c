/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/value.h"

#include <float.h>
#include <math.h>
#include <string.h>

G_DEFINE_QUARK (op-value-error-quark, op_value_error)

/* FP2: sign, two bits of decimal places, 13 of magnitude; three words are not numbers (pakbus-facts F2). */
#define FP2_NAN           0x9FFE
#define FP2_INF           0x1FFF
#define FP2_MINUS_INF     0x9FFF
#define FP2_MAX_MAGNITUDE 7999
/* FP3 by analogy, with eight more bits of magnitude. No public source describes it: unproved. */
#define FP3_NAN           0x9FFFFE
#define FP3_INF           0x1FFFFF
#define FP3_MINUS_INF     0x9FFFFF
#define FP3_MAX_MAGNITUDE 0x1FFFFD
/* What loggers store for NAN (CardConvert pairs; vector toa5_IEEE4_ffffff7f). */
#define IEEE4_NAN         0x7FFFFFFF

static const double powers_of_ten[] = { 1, 10, 100, 1000 };

static const struct
{
  const char *name;
  guint8      size;
  OpKind      kind;
} types[] = {
  [OP_TYPE_BYTE] = { "Byte", 1, OP_KIND_NUMBER },     [OP_TYPE_UINT2] = { "UInt2", 2, OP_KIND_NUMBER },
  [OP_TYPE_UINT4] = { "UInt4", 4, OP_KIND_NUMBER },   [OP_TYPE_INT1] = { "Int1", 1, OP_KIND_NUMBER },
  [OP_TYPE_INT2] = { "Int2", 2, OP_KIND_NUMBER },     [OP_TYPE_INT4] = { "Int4", 4, OP_KIND_NUMBER },
  [OP_TYPE_FP2] = { "FP2", 2, OP_KIND_NUMBER },       [OP_TYPE_FP4] = { "FP4", 4, OP_KIND_NUMBER },
  [OP_TYPE_IEEE4] = { "IEEE4B", 4, OP_KIND_NUMBER },  [OP_TYPE_BOOL] = { "Bool", 1, OP_KIND_NUMBER },
  [OP_TYPE_ASCII] = { "ASCII", 1, OP_KIND_TEXT },     [OP_TYPE_SEC] = { "Sec", 4, OP_KIND_TIME },
  [OP_TYPE_USEC] = { "USec", 6, OP_KIND_TIME },       [OP_TYPE_NSEC] = { "NSec", 8, OP_KIND_TIME },
  [OP_TYPE_FP3] = { "FP3", 3, OP_KIND_NUMBER },       [OP_TYPE_ASCIIZ] = { "ASCIIZ", 0, OP_KIND_TEXT },
  [OP_TYPE_BOOL8] = { "Bool8", 1, OP_KIND_NUMBER },   [OP_TYPE_IEEE8] = { "IEEE8B", 8, OP_KIND_NUMBER },
  [OP_TYPE_SHORT] = { "Short", 2, OP_KIND_NUMBER },   [OP_TYPE_LONG] = { "Long", 4, OP_KIND_NUMBER },
  [OP_TYPE_USHORT] = { "UShort", 2, OP_KIND_NUMBER }, [OP_TYPE_ULONG] = { "ULong", 4, OP_KIND_NUMBER },
  [OP_TYPE_SECNANO] = { "SecNano", 8, OP_KIND_TIME }, [OP_TYPE_IEEE4L] = { "IEEE4L", 4, OP_KIND_NUMBER },
  [OP_TYPE_IEEE8L] = { "IEEE8L", 8, OP_KIND_NUMBER }, [OP_TYPE_BOOL2] = { "Bool2", 2, OP_KIND_NUMBER },
  [OP_TYPE_BOOL4] = { "Bool4", 4, OP_KIND_NUMBER },
};

gboolean
op_type_is_known (guint code)
{
  return code < G_N_ELEMENTS (types) && types[code].name != NULL;
}

static const char *
intern_unknown_name (guint code)
{
  g_autofree char *name = g_strdup_printf ("type %u", code);

  return g_intern_string (name);
}

const char *
op_type_name (OpType type)
{
  return op_type_is_known (type) ? types[type].name : intern_unknown_name (type);
}

gboolean
op_type_find (const char *name, OpType *type)
{
  for (guint code = 0; code < G_N_ELEMENTS (types); code++)
    {
      if (!op_type_is_known (code) || g_ascii_strcasecmp (types[code].name, name) != 0)
        continue;
      *type = code;
      return TRUE;
    }
  return FALSE;
}

gsize
op_type_size (OpType type)
{
  g_return_val_if_fail (op_type_is_known (type), 0);

  return types[type].size;
}

OpKind
op_type_kind (OpType type)
{
  g_return_val_if_fail (op_type_is_known (type), OP_KIND_NUMBER);

  return types[type].kind;
}

gboolean
op_type_is_boolean (OpType type)
{
  return type == OP_TYPE_BOOL || type == OP_TYPE_BOOL2 || type == OP_TYPE_BOOL4;
}

static inline guint16
get_be16 (const guint8 *b)
{
  return (guint16) (b[0] << 8 | b[1]);
}

static inline guint16
get_le16 (const guint8 *b)
{
  return (guint16) (b[1] << 8 | b[0]);
}

static inline guint32
get_be24 (const guint8 *b)
{
  return (guint32) b[0] << 16 | get_be16 (b + 1);
}

static inline guint32
get_be32 (const guint8 *b)
{
  guint32 bits;

  memcpy (&bits, b, sizeof bits);
  return GUINT32_FROM_BE (bits);
}

static inline guint32
get_le32 (const guint8 *b)
{
  guint32 bits;

  memcpy (&bits, b, sizeof bits);
  return GUINT32_FROM_LE (bits);
}

static inline guint64
get_be64 (const guint8 *b)
{
  return (guint64) get_be32 (b) << 32 | get_be32 (b + 4);
}

static inline guint64
get_le64 (const guint8 *b)
{
  return (guint64) get_le32 (b + 4) << 32 | get_le32 (b);
}

static inline double
float_from_bits (guint32 bits)
{
  float number;

  memcpy (&number, &bits, sizeof number);
  return number;
}

static inline double
double_from_bits (guint64 bits)
{
  double number;

  memcpy (&number, &bits, sizeof number);
  return number;
}

static inline double
fp2_to_double (guint16 word)
{
  double magnitude = (word & 0x1FFF) / powers_of_ten[word >> 13 & 3];

  if (G_UNLIKELY ((word & 0x7FFF) == FP2_INF))
    return word == FP2_INF ? INFINITY : -INFINITY;
  if (G_UNLIKELY (word == FP2_NAN))
    return NAN;
  return word & 0x8000 ? -magnitude : magnitude;
}

static inline double
fp3_to_double (guint32 word)
{
  double magnitude = (word & 0x1FFFFF) / powers_of_ten[word >> 21 & 3];

  if ((word & 0x7FFFFF) == FP3_INF)
    return word == FP3_INF ? INFINITY : -INFINITY;
  if (word == FP3_NAN)
    return NAN;
  return word & 0x800000 ? -magnitude : magnitude;
}

/** FP4: sign, exponent of two in excess of 64, fraction of 24 bits without a hidden one (pakbus-facts F3). */
static inline double
fp4_to_double (guint32 word)
{
  double magnitude = ldexp (word & 0xFFFFFF, (int) (word >> 24 & 0x7F) - 64 - 24);

  return word & 0x80000000 ? -magnitude : magnitude;
}

/* One tight loop a type: the choice of the type stays outside. */
#define DECODE_EACH(expression)                                                                               \
  for (gsize i = 0; i < count; i++, bytes += stride)                                                          \
    numbers[i] = (expression);                                                                                \
  break

void
op_value_get_numbers (OpType type, const guint8 *bytes, gsize stride, gsize count, double *numbers)
{
  switch ((guint) type)
    {
    case OP_TYPE_BYTE:
    case OP_TYPE_BOOL8:
      DECODE_EACH (bytes[0]);
    case OP_TYPE_INT1:
      DECODE_EACH ((gint8) bytes[0]);
    case OP_TYPE_UINT2:
      DECODE_EACH (get_be16 (bytes));
    case OP_TYPE_INT2:
      DECODE_EACH ((gint16) get_be16 (bytes));
    case OP_TYPE_UINT4:
      DECODE_EACH (get_be32 (bytes));
    case OP_TYPE_INT4:
      DECODE_EACH ((gint32) get_be32 (bytes));
    case OP_TYPE_USHORT:
      DECODE_EACH (get_le16 (bytes));
    case OP_TYPE_SHORT:
      DECODE_EACH ((gint16) get_le16 (bytes));
    case OP_TYPE_ULONG:
      DECODE_EACH (get_le32 (bytes));
    case OP_TYPE_LONG:
      DECODE_EACH ((gint32) get_le32 (bytes));
    case OP_TYPE_FP2:
      DECODE_EACH (fp2_to_double (get_be16 (bytes)));
    case OP_TYPE_FP3:
      DECODE_EACH (fp3_to_double (get_be24 (bytes)));
    case OP_TYPE_FP4:
      DECODE_EACH (fp4_to_double (get_be32 (bytes)));
    case OP_TYPE_IEEE4:
      DECODE_EACH (float_from_bits (get_be32 (bytes)));
    case OP_TYPE_IEEE4L:
      DECODE_EACH (float_from_bits (get_le32 (bytes)));
    case OP_TYPE_IEEE8:
      DECODE_EACH (double_from_bits (get_be64 (bytes)));
    case OP_TYPE_IEEE8L:
      DECODE_EACH (double_from_bits (get_le64 (bytes)));
    case OP_TYPE_BOOL:
      DECODE_EACH (bytes[0] != 0 ? -1 : 0);
    case OP_TYPE_BOOL2:
      DECODE_EACH (get_be16 (bytes) != 0 ? -1 : 0);
    case OP_TYPE_BOOL4:
      DECODE_EACH (get_be32 (bytes) != 0 ? -1 : 0);
    default:
      g_return_if_reached ();
    }
}

double
op_value_get_number (OpType type, const guint8 *bytes)
{
  double number = NAN;

  op_value_get_numbers (type, bytes, 0, 1, &number);
  return number;
}

OpTime
op_value_get_time (OpType type, const guint8 *bytes)
{
  guint64 tens_of_us;

  switch ((guint) type)
    {
    case OP_TYPE_SEC:
      return op_time_from_parts ((gint32) get_be32 (bytes), 0);
    case OP_TYPE_USEC: /* counts 10 µs, whatever the manual says (pakbus-facts F4) */
      tens_of_us = (guint64) get_be16 (bytes) << 32 | get_be32 (bytes + 2);
      return (OpTime) tens_of_us * 10000;
    case OP_TYPE_NSEC:
      return op_time_from_parts ((gint32) get_be32 (bytes), (gint32) get_be32 (bytes + 4));
    case OP_TYPE_SECNANO:
      return op_time_from_parts ((gint32) get_le32 (bytes), (gint32) get_le32 (bytes + 4));
    default:
      g_return_val_if_reached (OP_TIME_UNKNOWN);
    }
}

static void
put_be (guint8 *bytes, guint64 bits, gsize size)
{
  for (gsize i = size; i-- > 0; bits >>= 8)
    bytes[i] = bits & 0xFF;
}

static void
put_le (guint8 *bytes, guint64 bits, gsize size)
{
  for (gsize i = 0; i < size; i++, bits >>= 8)
    bytes[i] = bits & 0xFF;
}

static gboolean
fail_range (OpType type, double number, GError **error)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_set_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_RANGE, "%s cannot hold %s", op_type_name (type),
               g_ascii_dtostr (text, sizeof text, number));
  return FALSE;
}

static gboolean
integer_to_bits (OpType type, double number, double min, double max, guint64 *bits, GError **error)
{
  if (!(number >= min && number <= max) || number != trunc (number))
    return fail_range (type, number, error);
  *bits = (guint64) (gint64) number;
  return TRUE;
}

/**
 * Finds the most decimal places with which @number, rounded, keeps within @max_magnitude. @top is the weight of
 * the sign bit; below it lie the two bits of decimal places.
 */
static gboolean
decimal_to_bits (OpType type, double number, double max_magnitude, guint32 top, guint64 *bits, GError **error)
{
  for (guint places = G_N_ELEMENTS (powers_of_ten); places-- > 0;)
    {
      double magnitude = rint (fabs (number) * powers_of_ten[places]);

      if (magnitude > max_magnitude)
        continue;
      *bits = (guint64) magnitude | places * (guint64) (top / 4) | (number < 0 && magnitude > 0 ? top : 0);
      return TRUE;
    }
  return fail_range (type, number, error);
}

static gboolean
fp2_to_bits (double number, guint64 *bits, GError **error)
{
  if (isnan (number))
    *bits = FP2_NAN;
  else if (isinf (number))
    *bits = number > 0 ? FP2_INF : FP2_MINUS_INF;
  else
    return decimal_to_bits (OP_TYPE_FP2, number, FP2_MAX_MAGNITUDE, 0x8000, bits, error);
  return TRUE;
}

static gboolean
fp3_to_bits (double number, guint64 *bits, GError **error)
{
  if (isnan (number))
    *bits = FP3_NAN;
  else if (isinf (number))
    *bits = number > 0 ? FP3_INF : FP3_MINUS_INF;
  else
    return decimal_to_bits (OP_TYPE_FP3, number, FP3_MAX_MAGNITUDE, 0x800000, bits, error);
  return TRUE;
}

static gboolean
fp4_to_bits (double number, guint64 *bits, GError **error)
{
  int    exponent;
  double fraction;

  if (!isfinite (number))
    return fail_range (OP_TYPE_FP4, number, error);
  fraction = rint (ldexp (frexp (fabs (number), &exponent), 24));
  if (fraction == 0x1000000) /* rounded up to one */
    {
      fraction /= 2;
      exponent++;
    }
  if (exponent > 63)
    return fail_range (OP_TYPE_FP4, number, error);
  if (fraction == 0 || exponent < -64)
    *bits = 0;
  else
    *bits = (guint64) fraction | (guint64) (exponent + 64) << 24 | (number < 0 ? 0x80000000 : 0);
  return TRUE;
}

static gboolean
ieee4_to_bits (OpType type, double number, guint64 *bits, GError **error)
{
  float   narrow;
  guint32 word;

  if (isfinite (number) && fabs (number) > FLT_MAX)
    return fail_range (type, number, error);
  narrow = (float) number;
  memcpy (&word, &narrow, sizeof word);
  *bits = isnan (number) ? IEEE4_NAN : word;
  return TRUE;
}

static gboolean
number_to_bits (OpType type, double number, guint64 *bits, GError **error)
{
  switch ((guint) type)
    {
    case OP_TYPE_BYTE:
    case OP_TYPE_BOOL8:
      return integer_to_bits (type, number, 0, G_MAXUINT8, bits, error);
    case OP_TYPE_INT1:
      return integer_to_bits (type, number, G_MININT8, G_MAXINT8, bits, error);
    case OP_TYPE_UINT2:
    case OP_TYPE_USHORT:
      return integer_to_bits (type, number, 0, G_MAXUINT16, bits, error);
    case OP_TYPE_INT2:
    case OP_TYPE_SHORT:
      return integer_to_bits (type, number, G_MININT16, G_MAXINT16, bits, error);
    case OP_TYPE_UINT4:
    case OP_TYPE_ULONG:
      return integer_to_bits (type, number, 0, G_MAXUINT32, bits, error);
    case OP_TYPE_INT4:
    case OP_TYPE_LONG:
      return integer_to_bits (type, number, G_MININT32, G_MAXINT32, bits, error);
    case OP_TYPE_FP2:
      return fp2_to_bits (number, bits, error);
    case OP_TYPE_FP3:
      return fp3_to_bits (number, bits, error);
    case OP_TYPE_FP4:
      return fp4_to_bits (number, bits, error);
    case OP_TYPE_IEEE4:
    case OP_TYPE_IEEE4L:
      return ieee4_to_bits (type, number, bits, error);
    case OP_TYPE_IEEE8:
    case OP_TYPE_IEEE8L:
      memcpy (bits, &number, sizeof *bits);
      return TRUE;
    case OP_TYPE_BOOL:
    case OP_TYPE_BOOL2:
    case OP_TYPE_BOOL4:
      *bits = number != 0 ? G_MAXUINT64 : 0; /* true is all ones (pakbus-facts F6) */
      return isnan (number) ? fail_range (type, number, error) : TRUE;
    default:
      g_set_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_TYPE, "%s holds no numbers", op_type_name (type));
      return FALSE;
    }
}

static gboolean
is_lsb_first (OpType type)
{
  return type >= OP_TYPE_SHORT && type <= OP_TYPE_IEEE8L;
}

gboolean
op_value_set_number (OpType type, double number, guint8 *bytes, GError **error)
{
  guint64 bits;

  if (!number_to_bits (type, number, &bits, error))
    return FALSE;
  if (is_lsb_first (type))
    put_le (bytes, bits, op_type_size (type));
  else
    put_be (bytes, bits, op_type_size (type));
  return TRUE;
}

void
op_value_set_time (OpType type, OpTime time, guint8 *bytes)
{
  gint32 sec, nsec;

  op_time_to_parts (time, &sec, &nsec);
  switch ((guint) type)
    {
    case OP_TYPE_SEC:
      put_be (bytes, (guint32) sec, 4);
      break;
    case OP_TYPE_USEC:
      put_be (bytes, (guint64) MAX (time, 0) / 10000, 6);
      break;
    case OP_TYPE_NSEC:
      put_be (bytes, (guint32) sec, 4);
      put_be (bytes + 4, (guint32) nsec, 4);
      break;
    case OP_TYPE_SECNANO:
      put_le (bytes, (guint32) sec, 4);
      put_le (bytes + 4, (guint32) nsec, 4);
      break;
    default:
      g_return_if_reached ();
    }
}

OpFlags
op_type_get_flags (OpType type)
{
  switch ((guint) type)
    {
    case OP_TYPE_FP2:
      return (OpFlags) { 7999, 6999 };
    case OP_TYPE_IEEE4:
    case OP_TYPE_IEEE4L:
    case OP_TYPE_IEEE8:
    case OP_TYPE_IEEE8L:
      return (OpFlags) { INFINITY, 99999 };
    default:
      return (OpFlags) { INFINITY, NAN };
    }
}

gboolean
op_value_is_flag (OpType type, double number)
{
  return op_flags_contain (op_type_get_flags (type), number);
}
