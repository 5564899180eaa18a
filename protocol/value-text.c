/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How numbers read in TOA5; proved on CardConvert's output (file-formats.md, section 1). */
#include "protocol/value.h"

#include <math.h>
#include <string.h>

/* More than seven digits of the smallest number without an exponent, 0.0001. */
static const double float_scales[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11 };

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

/** Rounds to the nearest integer, halves to even; without a branch that is taken every other time. @number: below 2^32. */
static guint32
round_to_even (double number)
{
  guint32 whole = (guint32) number;
  double  rest = number - whole;

  return whole + ((rest > 0.5) | ((rest == 0.5) & (whole & 1)));
}

/** Seven digits, the first of which stands for 10^@exponent (-4 to 6), without trailing zeros behind the point. */
static gsize
put_seven_digits (char *text, guint32 number, gint exponent)
{
  guint32 high = number / 10000, low = number % 10000;
  char   *digits = text + (exponent < 0 ? 1 - exponent : 1);
  gsize   length = digits + 7 - text;

  if (exponent < 0)
    memcpy (text, "0.000", 5);
  /* None of these waits for another one. */
  digits[0] = '0' + high / 100;
  digits[1] = '0' + high / 10 % 10;
  digits[2] = '0' + high % 10;
  digits[3] = '0' + low / 1000;
  digits[4] = '0' + low / 100 % 10;
  digits[5] = '0' + low / 10 % 10;
  digits[6] = '0' + low % 10;
  if (exponent >= 0)
    {
      for (gint i = 0; i <= exponent; i++)
        text[i] = digits[i];
      text[exponent + 1] = '.';
    }
  while (text[length - 1] == '0')
    length--;
  length -= text[length - 1] == '.';
  text[length] = '\0';
  return length;
}

/**
 * "%.7G", spelled out for floats of 24 bits that it writes without an exponent: times 10^11, they are exact as
 * doubles, so that rounding once gives the digits.
 */
static gsize
put_float (char *text, double number)
{
  double magnitude = fabs (number), scaled;
  gint   exponent;
  gsize  sign = signbit (number) ? 1 : 0;

  if (magnitude < 1e-4 || magnitude >= 9999999 || (float) number != number)
    return magnitude == 0 ? put_text (text, sign ? "-0" : "0")
                          : strlen (g_ascii_formatd (text, OP_VALUE_TEXT_SIZE, "%.7G", number));
  exponent = (ilogb (magnitude) * 1233) >> 12; /* times log10 (2), rounded down: at most one too small */
  exponent += magnitude * float_scales[6 - exponent] >= 10000000;
  scaled = magnitude * float_scales[6 - exponent];
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
