/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How numbers read in TOA5; proved on CardConvert's output (file-formats.md, section 1). */
#include "protocol/value.h"

#include <math.h>
#include <string.h>

/* From a tenth, more than seven digits of the smallest number without an exponent, 0.0001. */
static const double float_scales[] = { 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11 };

static gsize
put_text (char *text, const char *source)
{
  gsize length = strlen (source);

  memcpy (text, source, length + 1);
  return length;
}

static gsize
put_unsigned (char *text, guint64 number)
{
  char  digits[20];
  gsize n = 0;

  do
    digits[n++] = '0' + number % 10;
  while ((number /= 10) > 0);
  for (gsize i = 0; i < n; i++)
    text[i] = digits[n - 1 - i];
  text[n] = '\0';
  return n;
}

/** "." and @thousandths without its trailing zeros; nothing for none. */
static gsize
put_thousandths (char *text, guint thousandths)
{
  gsize length = 4;

  if (thousandths == 0)
    return 0;
  text[0] = '.';
  text[1] = '0' + thousandths / 100;
  text[2] = '0' + thousandths / 10 % 10;
  text[3] = '0' + thousandths % 10;
  while (text[length - 1] == '0')
    length--;
  text[length] = '\0';
  return length;
}

/**
 * "%g", spelled out for what FP2 can hold: at most three decimals and, with decimals, below 1000, so that all
 * digits are within %g's six.
 */
static gsize
put_fp2 (char *text, double number)
{
  double magnitude = fabs (number);
  double thousandths = rint (magnitude * 1000);
  gsize  length = 0;
  guint  units;

  if (thousandths / 1000 != magnitude || magnitude >= 100000
      || (magnitude >= 1000 && magnitude != trunc (magnitude)))
    return strlen (g_ascii_formatd (text, OP_VALUE_TEXT_SIZE, "%g", number));
  units = (guint) thousandths;
  if (signbit (number))
    text[length++] = '-';
  length += put_unsigned (text + length, units / 1000);
  return length + put_thousandths (text + length, units % 1000);
}

/** Rounds to the nearest integer, halves to even: at 2^52 doubles have no other digits. @number: below 2^32. */
static guint32
round_to_even (double number)
{
  double moved = number + 0x1p52;
  guint64 bits;

  memcpy (&bits, &moved, sizeof bits);
  return (guint32) bits;
}

/** The eight decimal digits of a number below 10^8, a byte each, the first one lowest. */
static guint64
split_digits (guint32 number)
{
  /* Twice four digits, four times two, eight times one; the factors divide by 100 and by 10. */
  guint64 fours = number / 10000 | (guint64) (number % 10000) << 32;
  guint64 high = (fours * 10486 >> 20) & 0x0000007F0000007F;
  guint64 twos = high | (fours - 100 * high) << 16;
  guint64 tens = (twos * 103 >> 10) & 0x000F000F000F000F;

  return tens | (twos - 10 * tens) << 8;
}

static void
put_eight (char *text, guint64 characters)
{
  characters = GUINT64_TO_LE (characters);
  memcpy (text, &characters, sizeof characters);
}

/**
 * Seven digits, the first of which is not 0 and stands for 10^@exponent (-4 to 6), without trailing zeros behind the
 * point. What is written behind the end is not counted.
 */
static gsize
put_seven_digits (char *text, guint32 number, gint exponent)
{
  guint64 digits = split_digits (number * 10), characters = digits | 0x3030303030303030;
  guint n_digits = 8 - (guint) __builtin_clzll (digits) / 8, n_whole = (guint) exponent + 1;
  gsize length;

  if (exponent < 0)
    {
      memcpy (text, "0.000", 5);
      put_eight (text + 1 - exponent, characters);
      length = n_digits + 1 - exponent;
    }
  else
    {
      put_eight (text, characters);
      text[n_whole] = '.';
      put_eight (text + n_whole + 1, characters >> 8 * n_whole);
      length = n_digits > n_whole ? n_digits + 1 : n_whole;
    }
  text[length] = '\0';
  return length;
}

/** As ilogb() of a normal number, without a call. */
static gint
get_binary_exponent (double magnitude)
{
  guint64 bits;

  memcpy (&bits, &magnitude, sizeof bits);
  return (gint) (bits >> 52) - 1023;
}

/**
 * "%.7G", spelled out for floats of 24 bits that it writes without an exponent: times 10^11, they are exact as
 * doubles, so that rounding once gives the digits.
 */
static gsize
put_float (char *text, double number)
{
  double magnitude = fabs (number), scaled, less;
  gint   exponent;
  gsize  sign = signbit (number) ? 1 : 0;

  if (magnitude < 1e-4 || magnitude >= 9999999 || (float) number != number)
    return magnitude == 0 ? put_text (text, sign ? "-0" : "0")
                          : strlen (g_ascii_formatd (text, OP_VALUE_TEXT_SIZE, "%.7G", number));
  exponent = (get_binary_exponent (magnitude) * 1233) >> 12; /* times log10 (2), rounded down: at most one too small */
  scaled = magnitude * float_scales[7 - exponent];
  less = magnitude * float_scales[6 - exponent];
  exponent += scaled >= 10000000;
  scaled = scaled >= 10000000 ? less : scaled;
  text[0] = '-';
  if (scaled >= 9999999.5)
    return sign + put_seven_digits (text + sign, 1000000, exponent + 1);
  return sign + put_seven_digits (text + sign, round_to_even (scaled), exponent);
}

/** The largest number of any integer type has 10 digits; what is no such number is written as a double. */
static gsize
put_integer (char *text, double number)
{
  gsize length = 0;

  if (number != trunc (number) || fabs (number) > G_MAXUINT32)
    return strlen (g_ascii_formatd (text, OP_VALUE_TEXT_SIZE, "%.15G", number));
  if (number < 0)
    text[length++] = '-';
  return length + put_unsigned (text + length, (guint64) fabs (number));
}

/** Eight flags, bit 0 first. */
static gsize
put_flags (char *text, double number)
{
  guint flags = number >= 0 && number <= G_MAXUINT8 ? (guint) number : 0;

  for (guint bit = 0; bit < 8; bit++)
    text[bit] = flags >> bit & 1 ? '1' : '0';
  text[8] = '\0';
  return 8;
}

gsize
op_value_format_number (OpType type, double number, char text[OP_VALUE_TEXT_SIZE])
{
  if (isnan (number))
    return put_text (text, "NAN");
  if (isinf (number))
    return put_text (text, number > 0 ? "INF" : "-INF");
  switch ((guint) type)
    {
    case OP_TYPE_FP2:
      return put_fp2 (text, number);
    case OP_TYPE_FP3:
    case OP_TYPE_FP4:
    case OP_TYPE_IEEE4:
    case OP_TYPE_IEEE4L:
      return put_float (text, number);
    case OP_TYPE_IEEE8:
    case OP_TYPE_IEEE8L:
      return strlen (g_ascii_formatd (text, OP_VALUE_TEXT_SIZE, "%.15G", number));
    case OP_TYPE_BOOL:
    case OP_TYPE_BOOL2:
    case OP_TYPE_BOOL4:
      return put_text (text, number != 0 ? "-1" : "0");
    case OP_TYPE_BOOL8:
      return put_flags (text, number);
    default:
      return put_integer (text, number);
    }
}
